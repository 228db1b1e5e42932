using Tocsin.Geodesy;

namespace Tocsin.Simulation.Scenarios;

/// <summary>A range that a figure is drawn from, uniformly; one number where both ends are the same.</summary>
/// <param name="Min">The lower end.</param>
/// <param name="Max">The upper end.</param>
public sealed record Interval(double Min, double Max)
{
    /// <summary>Nothing but 0.</summary>
    public static Interval Zero { get; } = new(0, 0);

    /// <summary>The value at <paramref name="share"/> of the way, share in [0, 1].</summary>
    public double At(double share) => Min + share * (Max - Min);

    /// <summary>The middle.</summary>
    public double Middle => At(0.5);
}

/// <summary>A place on the ground, degrees.</summary>
/// <param name="LongitudeDeg">Longitude, east positive.</param>
/// <param name="LatitudeDeg">Latitude, north positive.</param>
public sealed record LonLat(double LongitudeDeg, double LatitudeDeg)
{
    /// <summary>The position at a height above the ellipsoid.</summary>
    public Geodetic At(double heightM) => new(Degrees.ToRad(LatitudeDeg), Degrees.ToRad(LongitudeDeg), heightM);
}

/// <summary>A position in degrees and metres.</summary>
/// <param name="Ground">Longitude and latitude.</param>
/// <param name="HeightM">Height above the ellipsoid in metres.</param>
public sealed record LonLatHeight(LonLat Ground, double HeightM)
{
    /// <summary>The position in radians.</summary>
    public Geodetic Position => Ground.At(HeightM);
}

/// <summary>Degrees of the scenario and truth files, radians of everything else.</summary>
internal static class Degrees
{
    public static double ToRad(double deg) => deg * (Math.PI / 180);

    public static double FromRad(double rad) => rad * (180 / Math.PI);
}

/// <summary>What a scenario may ask for at most: a slip of the pen must not fill the machine's memory.</summary>
public static class ScenarioLimits
{
    /// <summary>Length of a scenario in seconds: a day.</summary>
    public const double DurationS = 86_400;

    /// <summary>Rounds of a scenario, those that never fly included.</summary>
    public const int Rounds = 5_000;

    /// <summary>Birds of a scenario.</summary>
    public const int Birds = 2_000;

    /// <summary>Aircraft of a scenario.</summary>
    public const int Aircraft = 500;

    /// <summary>Machine-gun shots of a scenario.</summary>
    public const int Shots = 20_000;

    /// <summary>Mean clutter plots of one radar in one scan.</summary>
    public const double ClutterPerScan = 10_000;

    /// <summary>Scans of one radar.</summary>
    public const int Scans = 1_000_000;

    /// <summary>Persons of the sample that stands for the people.</summary>
    public const int PeopleSamples = 50_000;

    /// <summary>Pieces of ground that claims are about.</summary>
    public const int Grounds = 20;

    /// <summary>Corners of all that nobody walks through.</summary>
    public const int ObstacleCorners = 5_000;

    /// <summary>Guns and interceptor launchers of a scenario.</summary>
    public const int Effectors = 64;

    /// <summary>Assets of a scenario's defence.</summary>
    public const int Assets = 1_000;

    /// <summary>Size of a scenario file in bytes.</summary>
    public const long FileBytes = 16 * 1024 * 1024;
}
