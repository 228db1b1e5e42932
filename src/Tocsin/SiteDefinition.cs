using System.Collections.Immutable;
using Tocsin.Ballistics;
using Tocsin.Geodesy;

namespace Tocsin;

/// <summary>One defended place as its site file describes it: sensors, zones, sirens and shelters.</summary>
/// <remarks>Immutable and already checked; angles in radians, zones already projected into <see cref="Frame"/>.</remarks>
public sealed record SiteDefinition
{
    /// <summary>The site's name.</summary>
    public required string Name { get; init; }

    /// <summary>Height of the ground above the WGS-84 ellipsoid in metres; taken as level.</summary>
    public required double GroundElevationM { get; init; }

    /// <summary>The local east-north-up frame in which the Site works.</summary>
    public required LocalFrame Frame { get; init; }

    /// <summary>The sensors, in the order of the file.</summary>
    public required ImmutableArray<SensorDefinition> Sensors { get; init; }

    /// <summary>The zones, in the order of the file.</summary>
    public ImmutableArray<ZoneDefinition> Zones { get; init; } = [];

    /// <summary>The sirens, in the order of the file.</summary>
    public ImmutableArray<SirenDefinition> Sirens { get; init; } = [];

    /// <summary>The shelters, in the order of the file.</summary>
    public ImmutableArray<ShelterDefinition> Shelters { get; init; } = [];

    /// <summary>How the site decides to warn.</summary>
    public WarningPolicy Policy { get; init; } = new();

    /// <summary>Wind by height that the predictions use; calm where the site does not say.</summary>
    public WindProfile Wind { get; init; } = WindProfile.Calm;

    /// <summary>How long the reorder buffer holds a plot for others to overtake it, in seconds.</summary>
    public double LatenessS { get; init; } = 0.2;
}

/// <summary>One radar of a site.</summary>
public sealed record SensorDefinition
{
    /// <summary>Its id, as plots name it.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required Geodetic Position { get; init; }

    /// <summary>Sigma of range in metres.</summary>
    public required double RangeSigmaM { get; init; }

    /// <summary>Sigma of azimuth in radians.</summary>
    public required double AzimuthSigmaRad { get; init; }

    /// <summary>Sigma of elevation in radians.</summary>
    public required double ElevationSigmaRad { get; init; }

    /// <summary>Sigma of range rate in m/s; NaN where the sensor measures none.</summary>
    public double RangeRateSigmaMps { get; init; } = double.NaN;

    /// <summary>Time between two looks at the same place, in seconds.</summary>
    public required double ScanPeriodS { get; init; }

    /// <summary>Farthest range in metres.</summary>
    public required double MaxRangeM { get; init; }

    /// <summary>Lowest elevation in radians.</summary>
    public required double MinElevationRad { get; init; }

    /// <summary>Probability that an object in coverage gives a plot in one scan.</summary>
    public required double DetectionProbability { get; init; }

    /// <summary>How its ASTERIX messages name it; null where it sends none.</summary>
    public AsterixSource? Asterix { get; init; }
}

/// <summary>The ASTERIX identity of a sensor.</summary>
/// <param name="Sac">System area code.</param>
/// <param name="Sic">System identification code.</param>
/// <param name="Edition">Edition of the category's specification, such as "1.32"; null for the newest known.</param>
public sealed record AsterixSource(byte Sac, byte Sic, string? Edition);

/// <summary>A polygon where people are warned together.</summary>
public sealed record ZoneDefinition
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>How many people are in it.</summary>
    public required double Population { get; init; }

    /// <summary>Seconds of lead that its people need.</summary>
    public double TimeToShelterS { get; init; } = 10;

    /// <summary>Id of the zone that this one is part of; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>Its ground, in the site's local frame.</summary>
    public required GroundPolygon Area { get; init; }
}

/// <summary>A siren.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Position">Where it stands.</param>
/// <param name="Zones">Ids of the zones it serves.</param>
/// <param name="AudibleRangeM">How far it is heard, in metres.</param>
public sealed record SirenDefinition(string Id, Geodetic Position, ImmutableArray<string> Zones, double AudibleRangeM);

/// <summary>A shelter.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Position">Where it is.</param>
/// <param name="Capacity">How many people it holds.</param>
public sealed record ShelterDefinition(string Id, Geodetic Position, int Capacity);
