using System.Globalization;
using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.TestSupport;

namespace Tocsin.Tests.Ballistics;

/// <summary>NASA's atmospheric check-cases 6 to 9 (NASA/TM-2015-218675, volume II): a sphere with constant drag, dropped from
/// 30,000 ft without wind (6), in a steady wind of 20 ft/s towards the east (7), in one that grows from -20 ft/s at the ground to
/// 70 ft/s at 30,000 ft (8), and launched from the ground with 1,000 ft/s eastward and 1,000 ft/s upward (9).</summary>
public sealed record CheckCase(int Number, double StartHeightM, Enu VelocityMps, WindProfile Wind)
{
    public const double FootM = 0.3048, SlugKg = 14.593902937206364;
    public const double DurationS = 30;

    /// <summary>One slug, 0.1963495 square feet, a drag coefficient of 0.1.</summary>
    public static Round Sphere { get; } = new(SlugKg / (0.1963495 * FootM * FootM * 0.1), DragCurve.Constant);

    public static CheckCase[] All { get; } =
    [
        new(6, 30_000 * FootM, new(0, 0, 0), WindProfile.Calm),
        new(7, 30_000 * FootM, new(0, 0, 0), new WindProfile([new(0, 20 * FootM, 0)])),
        new(8, 30_000 * FootM, new(0, 0, 0), new WindProfile([new(0, -20 * FootM, 0), new(30_000 * FootM, 70 * FootM, 0)])),
        new(9, 0, new(1_000 * FootM, 0, 1_000 * FootM), WindProfile.Calm),
    ];

    public Trajectory Fly() =>
        Flight.Fly(Sphere, new(0, 0, StartHeightM), VelocityMps, -1_000, new FlightEnvironment(Wind), DurationS);

    public Trajectory FlyFixedStep(double stepS) =>
        Flight.FlyFixedStep(Sphere, new(0, 0, StartHeightM), VelocityMps, -1_000, new FlightEnvironment(Wind), stepS, DurationS);

    public override string ToString() => $"case {Number}";

    /// <summary>NASA's simulation 4 of this case, in SI units; skips the test where the data is absent.</summary>
    public IReadOnlyList<Row> Published()
    {
        string[] lines = File.ReadAllLines(SharedData.PathOrSkip($"nesc/Atmos_0{Number}_sim_04.csv"));
        string[] names = lines[0].Split(',');
        return lines.Skip(1).Select(line =>
        {
            double[] v = line.Split(',').Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
            double Of(string name) => v[Array.IndexOf(names, name)];
            return new Row(Of("time"),
                new(Of("eiPosition_ft_X") * FootM, Of("eiPosition_ft_Y") * FootM, Of("eiPosition_ft_Z") * FootM),
                new(Of("latitude_deg") * Math.PI / 180, Of("longitude_deg") * Math.PI / 180, Of("altitudeMsl_ft") * FootM),
                new(Of("feVelocity_ft_s_Y") * FootM, Of("feVelocity_ft_s_X") * FootM, -Of("feVelocity_ft_s_Z") * FootM),
                Of("localGravity_ft_s2") * FootM, Of("airDensity_slug_ft3") * SlugKg / (FootM * FootM * FootM), Of("speedOfSound_ft_s") * FootM,
                Of("ambientPressure_lbf_ft2") * SlugKg / FootM, Of("ambientTemperature_dgR") * 5 / 9);
        }).ToList();
    }

    public readonly record struct Row(double TimeS, Ecef InertialM, Geodetic Position, Enu VelocityMps, double GravityMps2, double DensityKgM3,
        double SpeedOfSoundMps, double PressurePa, double TemperatureK);
}
