using System.Globalization;
using System.Text;

namespace Tocsin.Cli.Tests;

/// <summary>A small site and a small raid on it, made here and not by the simulator.</summary>
internal static class Samples
{
    /// <summary>The first line of a plot file.</summary>
    public const string Header = "time_s,sensor,range_m,azimuth_deg,elevation_deg\n";

    private const double StartS = 1_700_000_000;

    /// <summary>One radar amid a square of nine zones of 400 m.</summary>
    public static string Site(string zones = "") =>
        $$"""
        {"type":"FeatureCollection","tocsin":{"name":"sample","groundElevationM":0},"features":[
        {"type":"Feature","geometry":{"type":"Point","coordinates":[0,0,0]},"properties":{"kind":"sensor","id":"R1","rangeSigmaM":10,
        "azimuthSigmaDeg":0.1,"elevationSigmaDeg":0.1,"scanPeriodS":0.5,"maxRangeM":20000,"minElevationDeg":0.5,"detectionProbability":0.95,
        "asterix":{"sac":1,"sic":2} } }{{(zones.Length > 0 ? "," + zones : "")}}]}
        """;

    /// <summary>The nine zones.</summary>
    public static string Zones()
    {
        var features = new List<string>();
        for (int i = 0; i < 9; i++)
        {
            double west = (i % 3 - 1.5) * 0.0036, south = (i / 3 - 1.5) * 0.0036;
            features.Add(Zone($"Z{i}", [(west, south), (west + 0.0036, south), (west + 0.0036, south + 0.0036), (west, south + 0.0036)]));
        }
        return string.Join(',', features);
    }

    /// <summary>One zone with these corners.</summary>
    public static string Zone(string id, IReadOnlyList<(double Lon, double Lat)> corners)
    {
        string ring = string.Join(',', corners.Append(corners[0]).Select(c => string.Create(CultureInfo.InvariantCulture, $"[{c.Lon:0.#######},{c.Lat:0.#######}]")));
        return $$$"""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[{{{ring}}}]]},"properties":{"kind":"zone","id":"{{{id}}}","name":"Zone {{{id}}}","population":100}}""";
    }

    /// <summary>Four mortar bombs in a vacuum over flat ground, 2 plots a second each, with noise, late ones and a repeated one.</summary>
    public static string Plots()
    {
        var lines = new List<(double ArrivalS, string Line)>();
        uint state = 12345;
        double Noise()
        {
            double sum = -6;
            for (int i = 0; i < 12; i++)
            {
                state = state * 1_664_525 + 1_013_904_223;
                sum += state / 4_294_967_296.0;
            }
            return sum;
        }
        for (int round = 0; round < 4; round++)
        {
            const double Gravity = 9.8, FlightS = 30;
            double launchS = round * 1.7, east0 = -3000 + 200 * round, north0 = 2500 - 150 * round;
            double speedEast = -(east0 - 100 * round) / FlightS, speedNorth = -(north0 + 90 * round) / FlightS;
            for (double t = 2 + 0.1 * round; t < FlightS - 1; t += 0.5)
            {
                double e = east0 + speedEast * t, n = north0 + speedNorth * t, u = Gravity * t * (FlightS - t) / 2;
                double ground = Math.Sqrt(e * e + n * n), range = Math.Sqrt(ground * ground + u * u);
                double azimuth = (Math.Atan2(e, n) * 180 / Math.PI + 360) % 360, elevation = Math.Atan2(u, ground) * 180 / Math.PI;
                string line = string.Create(CultureInfo.InvariantCulture,
                    $"{StartS + launchS + t:0.000},R1,{range + 10 * Noise():0.00},{azimuth + 0.1 * Noise():0.00000},{elevation + 0.1 * Noise():0.00000}\n");
                lines.Add((launchS + t + (lines.Count % 13 == 5 ? 0.3 : 0), line));
                if (lines.Count % 31 == 7) lines.Add((launchS + t + 0.1, line));
            }
        }
        var text = new StringBuilder(Header);
        foreach ((double _, string line) in lines.OrderBy(l => l.ArrivalS)) text.Append(line);
        return text.ToString();
    }

    /// <summary>One good line.</summary>
    public static string Plot(double timeS = 0, string sensor = "R1") =>
        string.Create(CultureInfo.InvariantCulture, $"{StartS + timeS:0.000},{sensor},5000.00,45.00000,30.00000\n");
}
