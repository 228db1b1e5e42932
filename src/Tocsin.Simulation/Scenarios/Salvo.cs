namespace Tocsin.Simulation.Scenarios;

/// <summary>Rounds of one make, launched together: generic by kind, speed and drag, never a named weapon.</summary>
/// <remarks>What differs from round to round is drawn uniformly from its range, the fall points from a Gaussian about the aim.
/// These are nuisance draws: nothing ranks or searches them.</remarks>
public sealed record Salvo
{
    /// <summary>Its id; its rounds are <c>id-01</c>, <c>id-02</c> and so on.</summary>
    public required string Id { get; init; }

    /// <summary>Rocket, artillery or mortar.</summary>
    public required Kind Kind { get; init; }

    /// <summary>How many rounds were meant to fly.</summary>
    public required int Count { get; init; }

    /// <summary>How many of them never leave the ground; which ones is drawn.</summary>
    public int FailToLaunch { get; set; }

    /// <summary>When they are launched.</summary>
    public required LaunchTimes LaunchTimes { get; init; }

    /// <summary>Where they come from: coarse, and chosen.</summary>
    public required GroundArea LaunchArea { get; init; }

    /// <summary>Where they fall; left out where <see cref="AzimuthDeg"/> gives the direction instead.</summary>
    public Aim? Aim { get; set; }

    /// <summary>Launch azimuth, clockwise from true north, where there is no <see cref="Aim"/>.</summary>
    public Interval? AzimuthDeg { get; set; }

    /// <summary>Launch elevation in degrees: drawn from here, or solved within it.</summary>
    public required Interval ElevationDeg { get; init; }

    /// <summary>Speed at launch in m/s: drawn from here, or solved within it.</summary>
    public required Interval SpeedMps { get; init; }

    /// <summary>The rocket motor; none where left out.</summary>
    public BoostSettings? Boost { get; set; }

    /// <summary>Which of the launch's figures is solved so that the round falls where it was drawn to.</summary>
    public SolveFor SolveFor { get; set; } = SolveFor.Elevation;

    /// <summary>Mass over the product of reference area and low-speed drag coefficient, in kg/m2.</summary>
    public required Interval BallisticCoefficientKgPerM2 { get; init; }

    /// <summary>The shape of the drag coefficient over Mach number.</summary>
    public required DragShape Drag { get; init; }

    /// <summary>Radar cross-section in dB relative to the object for which the radars' detection figures hold.</summary>
    public double CrossSectionDb { get; set; }
}

/// <summary>The figure of a launch that is solved for the fall point; the others are drawn.</summary>
public enum SolveFor
{
    /// <summary>The elevation, within its range: give a range on one side of the greatest reach.</summary>
    Elevation,
    /// <summary>The launch speed within its range or, with a motor, the motor's acceleration within its.</summary>
    Speed,
}

/// <summary>Generic drag: the shape of the coefficient over Mach number, by how fast a body of its make flies.</summary>
public enum DragShape
{
    /// <summary>A finned body meant to stay below the speed of sound.</summary>
    Subsonic,
    /// <summary>A long finned body that crosses the speed of sound.</summary>
    Transonic,
    /// <summary>A slender spinning body that flies faster than sound.</summary>
    Supersonic,
}

/// <summary>When the rounds of a salvo are launched: one after the other, or anywhere in a window.</summary>
public sealed record LaunchTimes
{
    /// <summary>The first launch, or the window's beginning, in seconds from the scenario's start.</summary>
    public required double StartS { get; init; }

    /// <summary>Seconds from each launch to the next, drawn uniformly.</summary>
    public Interval? IntervalS { get; set; }

    /// <summary>Length in seconds of the window in which each launch is drawn uniformly.</summary>
    public double? WindowS { get; set; }
}

/// <summary>An area on the ground: a polygon, or a centre and a radius; points are drawn uniformly.</summary>
public sealed record GroundArea
{
    /// <summary>Corners [longitude, latitude] in degrees, the first not repeated at the end.</summary>
    public IReadOnlyList<LonLat>? Polygon { get; set; }

    /// <summary>Centre [longitude, latitude] in degrees.</summary>
    public LonLat? Centre { get; set; }

    /// <summary>Radius in metres.</summary>
    public double? RadiusM { get; set; }

    /// <summary>Height above the ellipsoid in metres; the site's ground where left out.</summary>
    public double? HeightM { get; set; }
}

/// <summary>Where a salvo falls: a Gaussian about a point.</summary>
public sealed record Aim
{
    /// <summary>Mean fall point [longitude, latitude] in degrees.</summary>
    public required LonLat Centre { get; init; }

    /// <summary>Sigma along the line from the launch area in metres.</summary>
    public required double SigmaAlongM { get; init; }

    /// <summary>Sigma across that line in metres.</summary>
    public required double SigmaAcrossM { get; init; }
}

/// <summary>A rocket motor: steady thrust along the flight path.</summary>
public sealed record BoostSettings
{
    /// <summary>How long it burns, in seconds.</summary>
    public required Interval DurationS { get; init; }

    /// <summary>The acceleration that it gives, in m/s2.</summary>
    public required Interval AccelerationMps2 { get; init; }
}
