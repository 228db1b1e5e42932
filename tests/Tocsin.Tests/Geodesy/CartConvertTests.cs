using System.Diagnostics;
using System.Globalization;
using Tocsin.Geodesy;

namespace Tocsin.Tests.Geodesy;

/// <summary>Against CartConvert of Debian's package geographiclib-tools, an independent program.</summary>
public sealed class CartConvertTests
{
    private static readonly Geodetic[] Origins =
    [
        new(Radians(33.3), Radians(44.4), 40), new(0, 0, 0), new(Radians(-54.8), Radians(-179.99), 1_500), new(Radians(78.2), Radians(15.6), 200),
        new(Radians(89.9), Radians(120), 10),
    ];

    public static TheoryData<int> OriginNumbers => [.. Enumerable.Range(0, Origins.Length)];

    [Theory, MemberData(nameof(OriginNumbers))]
    public void Local_frames_agree_to_a_millimetre_within_100_km_and_20_km_of_height(int number)
    {
        Geodetic origin = Origins[number];
        var frame = new LocalFrame(origin);
        List<Enu> points = [new(0, 0, 0)];
        for (int i = 0; i < 60; i++)
        {
            double distance = 100_000 * ((i * 7 + 3) % 60 / 59.0), azimuth = i * 2.4, up = -500 + 20_500 * ((i * 11 + 5) % 60 / 59.0);
            points.Add(new(distance * Math.Sin(azimuth), distance * Math.Cos(azimuth), up));
        }
        // Local to geodetic by their program, and back by ours: a millimetre in the frame.
        string[] lines = CartConvert(origin, points.Select(p => Join(p.East, p.North, p.Up)), "-r");
        Assert.Equal(points.Count, lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            double[] g = [.. lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => double.Parse(f, CultureInfo.InvariantCulture))];
            Enu back = frame.ToEnu(new Geodetic(Radians(g[0]), Radians(g[1]), g[2]));
            Assert.InRange(Distance(points[i], back), 0, 0.001);
            Geodetic own = frame.ToGeodetic(points[i]);
            Assert.Equal(g[2], own.HeightM, 0.001);
            Assert.InRange(Distance(points[i], frame.ToEnu(own)), 0, 1e-6);
        }
    }

    [Fact]
    public void Earth_fixed_positions_agree_to_a_millimetre()
    {
        Geodetic[] places = [.. Origins, new(Radians(90), 0, 5), new(Radians(-90), 0, 20_000), new(Radians(45), Radians(180), 86_000)];
        string[] lines = CartConvert(null, places.Select(p => Join(Degrees(p.LatitudeRad), Degrees(p.LongitudeRad), p.HeightM)));
        for (int i = 0; i < places.Length; i++)
        {
            double[] e = [.. lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => double.Parse(f, CultureInfo.InvariantCulture))];
            Ecef own = Wgs84.ToEcef(places[i]);
            Assert.InRange(Distance(new(e[0], e[1], e[2]), new(own.X, own.Y, own.Z)), 0, 0.001);
        }
    }

    private static string[] CartConvert(Geodetic? origin, IEnumerable<string> input, params string[] options)
    {
        const string program = "/usr/bin/CartConvert";
        Assert.SkipUnless(File.Exists(program), "CartConvert (Debian geographiclib-tools) is not here");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        if (origin is { } o)
        {
            start.ArgumentList.Add("-l");
            foreach (string part in Join(Degrees(o.LatitudeRad), Degrees(o.LongitudeRad), o.HeightM).Split(' ')) start.ArgumentList.Add(part);
        }
        foreach (string option in options) start.ArgumentList.Add(option);
        start.ArgumentList.Add("-p");
        start.ArgumentList.Add("6");
        using var process = Process.Start(start)!;
        process.StandardInput.Write(string.Join('\n', input) + "\n");
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Join(double a, double b, double c) => string.Create(CultureInfo.InvariantCulture, $"{a:F12} {b:F12} {c:F6}");

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static double Degrees(double radians) => radians * 180 / Math.PI;

    private static double Distance(Enu a, Enu b) =>
        Math.Sqrt((a.East - b.East) * (a.East - b.East) + (a.North - b.North) * (a.North - b.North) + (a.Up - b.Up) * (a.Up - b.Up));
}
