namespace Tocsin.Simulation.Scenarios;

/// <summary>Birds that wander about a place, each by itself.</summary>
public sealed record Flock
{
    /// <summary>Its id; its birds are <c>id-01</c>, <c>id-02</c> and so on.</summary>
    public required string Id { get; init; }

    /// <summary>How many birds.</summary>
    public required int Count { get; init; }

    /// <summary>The middle of their place [longitude, latitude] in degrees.</summary>
    public required LonLat Centre { get; init; }

    /// <summary>They begin within this distance in metres, and turn back beyond it.</summary>
    public required double RadiusM { get; init; }

    /// <summary>Height above the site's ground in metres.</summary>
    public required Interval HeightAboveGroundM { get; init; }

    /// <summary>Speed in m/s.</summary>
    public required Interval SpeedMps { get; init; }

    /// <summary>How restlessly they turn: sigma of the heading's change in one second, degrees.</summary>
    public double TurnSigmaDegPerS { get; set; } = 10;

    /// <summary>Radar cross-section in dB relative to the object for which the radars' detection figures hold.</summary>
    public double CrossSectionDb { get; set; } = -10;
}

/// <summary>One aircraft or drone on a route.</summary>
public sealed record AircraftRoute
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>When it is at the first way point, in seconds from the scenario's start.</summary>
    public double StartS { get; set; }

    /// <summary>The way points [longitude, latitude, height above the ellipsoid in metres]; it climbs and descends evenly between them.</summary>
    public required IReadOnlyList<LonLatHeight> Route { get; init; }

    /// <summary>Its speed over the ground in m/s.</summary>
    public required double SpeedMps { get; init; }

    /// <summary>How fast it turns, degrees a second.</summary>
    public double TurnRateDegPerS { get; set; } = 3;

    /// <summary>Radar cross-section in dB relative to the object for which the radars' detection figures hold.</summary>
    public double CrossSectionDb { get; set; } = 10;
}

/// <summary>Bursts from one heavy machine gun: small, fast, ballistic, soon gone. They are in the truth as objects, not as rounds.</summary>
public sealed record Gunfire
{
    /// <summary>Its id; what it fires is <c>id-001</c>, <c>id-002</c> and so on.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands, coarse and chosen [longitude, latitude] in degrees.</summary>
    public required LonLat Position { get; init; }

    /// <summary>When the first burst begins, in seconds from the scenario's start.</summary>
    public required double StartS { get; init; }

    /// <summary>How many bursts.</summary>
    public required int Bursts { get; init; }

    /// <summary>How many shots in a burst.</summary>
    public required int ShotsPerBurst { get; init; }

    /// <summary>Shots a second within a burst.</summary>
    public required double ShotsPerS { get; init; }

    /// <summary>Seconds from the end of a burst to the next one, drawn uniformly.</summary>
    public required Interval PauseS { get; init; }

    /// <summary>Azimuth of a burst, clockwise from true north, degrees; drawn uniformly for each burst.</summary>
    public required Interval AzimuthDeg { get; init; }

    /// <summary>Elevation of a burst in degrees; drawn uniformly for each burst.</summary>
    public required Interval ElevationDeg { get; init; }

    /// <summary>Sigma of a shot's direction about its burst's, in degrees.</summary>
    public double SpreadSigmaDeg { get; set; } = 0.3;

    /// <summary>Speed at the muzzle in m/s.</summary>
    public required Interval SpeedMps { get; init; }

    /// <summary>Mass over the product of reference area and low-speed drag coefficient, in kg/m2.</summary>
    public required Interval BallisticCoefficientKgPerM2 { get; init; }

    /// <summary>Seconds after which a shot is no longer seen: it burns out or tumbles.</summary>
    public double LifeS { get; set; } = 8;

    /// <summary>Radar cross-section in dB relative to the object for which the radars' detection figures hold.</summary>
    public double CrossSectionDb { get; set; } = -12;
}
