using System.Text.Json.Serialization;

namespace Tocsin.Simulation.Scenarios;

/// <summary>A raid, or a night without one, as its scenario file describes it: who said what, what was chosen, and what is simulated.</summary>
/// <remarks>Its members are the file's own, in the file's units (degrees, metres, seconds); <c>scenarios/scenario.schema.json</c>
/// describes each. One that <see cref="ScenarioFile"/> has read is already checked. A scenario is an exercise always. Members that may be
/// left out have setters because generated readers overwrite the defaults of others; nothing changes a scenario once it is read.</remarks>
public sealed record Scenario
{
    /// <summary>The schema that editors complete by; the program does not follow it.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; set; }

    /// <summary>Where people are, in the site's frame, where that is not evenly over its zones: the zones of the site file, when a campaign cuts them anew. Empty for the zones themselves.</summary>
    /// <remarks>No member of the file. A zone drawn otherwise moves nobody: alternatives must find the same people at the same places.</remarks>
    internal IReadOnlyList<ZoneDefinition> Homes { get; init; } = [];

    /// <summary>Its name, as reports print it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about, in a few sentences.</summary>
    public required string Summary { get; init; }

    /// <summary>What its output is marked as; <see cref="ExerciseStatus"/> is the one value there is.</summary>
    public required string Status { get; init; }

    /// <summary>What is known, each with where it was read and how good that is.</summary>
    public required IReadOnlyList<SourcedStatement> Sources { get; init; }

    /// <summary>What each side said: listed, and not used by the simulation.</summary>
    public IReadOnlyList<Claim> Claims { get; set; } = [];

    /// <summary>Pieces of ground that claims are about; a campaign counts the rounds that come down in each.</summary>
    public IReadOnlyList<ClaimedGround> Grounds { get; set; } = [];

    /// <summary>What is not known and was chosen, one sentence each.</summary>
    public required IReadOnlyList<string> Chosen { get; init; }

    /// <summary>The site's file, relative to the scenario's own.</summary>
    public required string Site { get; init; }

    /// <summary>When the simulation begins, UTC; every <c>…S</c> member counts from here.</summary>
    public required Instant StartTime { get; init; }

    /// <summary>How long the radars run, in seconds. Rounds still flying then are in the truth to their impact.</summary>
    public required double DurationS { get; init; }

    /// <summary>The seed that is used where the caller gives none.</summary>
    public required long Seed { get; init; }

    /// <summary>The air that the rounds fly through; calm where left out.</summary>
    public Weather Weather { get; set; } = new();

    /// <summary>The rounds.</summary>
    public IReadOnlyList<Salvo> Salvos { get; set; } = [];

    /// <summary>The radars at work, by the ids of the site's sensors.</summary>
    public required IReadOnlyList<RadarSettings> Radars { get; init; }

    /// <summary>Birds, by flocks.</summary>
    public IReadOnlyList<Flock> Birds { get; set; } = [];

    /// <summary>Aircraft, by routes.</summary>
    public IReadOnlyList<AircraftRoute> Aircraft { get; set; } = [];

    /// <summary>Heavy machine-gun fire: a known cause of false alarms.</summary>
    public IReadOnlyList<Gunfire> Gunfire { get; set; } = [];

    /// <summary>Who is on the ground, how warnings reach them and what hurts them; the defaults where left out.</summary>
    public PeopleSettings People { get; set; } = new();

    /// <summary>A simulated defence; none where left out, and then nothing about a run changes.</summary>
    public DefenceSettings? Defence { get; set; }

    /// <summary>Who confirms warnings before they leave; nobody where left out.</summary>
    public OperatorSettings? Operator { get; set; }

    /// <summary>What a campaign over this scenario asks and varies; null where it only repeats the scenario.</summary>
    public CampaignSettings? Campaign { get; set; }

    /// <summary>The value of <see cref="Status"/>.</summary>
    public const string ExerciseStatus = "exercise";
}

/// <summary>How good a source is.</summary>
public enum SourceGrade
{
    /// <summary>Primary or peer-reviewed.</summary>
    A,
    /// <summary>Press or trade press.</summary>
    B,
    /// <summary>A blog, a post or a partisan page: good for "someone claimed" and nothing else.</summary>
    C,
}

/// <summary>A statement with where it was read.</summary>
public sealed record SourcedStatement
{
    /// <summary>What it says.</summary>
    public required string Claim { get; init; }

    /// <summary>Who published it.</summary>
    public required string Source { get; init; }

    /// <summary>How good that is.</summary>
    public required SourceGrade Grade { get; init; }
}

/// <summary>What one side said. The simulation does not use it; a campaign's report says where it lies among the runs.</summary>
public sealed record Claim
{
    /// <summary>Who said it.</summary>
    public required string By { get; init; }

    /// <summary>What they said.</summary>
    public required string Says { get; init; }

    /// <summary>How good the source is in which it was read.</summary>
    public required SourceGrade Grade { get; init; }

    /// <summary>The column of a campaign's results that the claim is about; null where it is about none.</summary>
    public string? About { get; set; }

    /// <summary>The figure claimed of it.</summary>
    public double? Value { get; set; }

    /// <summary>The upper end, where a range is claimed.</summary>
    public double? UpTo { get; set; }

    /// <summary>Whether more than <see cref="Value"/> agrees with the claim too.</summary>
    public bool AtLeast { get; set; }
}

/// <summary>A piece of ground that claims are about, such as a compound without its neighbours: rounds that come down there are counted in a column of their own.</summary>
public sealed record ClaimedGround
{
    /// <summary>Its id, in small letters: the column is <c>rounds_landed_in_</c> and this.</summary>
    public required string Id { get; init; }

    /// <summary>What it is, in words.</summary>
    public required string Name { get; init; }

    /// <summary>Its corners, the first not repeated at the end.</summary>
    public required IReadOnlyList<LonLat> Polygon { get; init; }
}

/// <summary>The air of the truth. What the predictions believe of the wind is the site's own matter.</summary>
public sealed record Weather
{
    /// <summary>Mean wind by height, lowest first; calm where empty.</summary>
    public IReadOnlyList<WindAtHeight> Wind { get; set; } = [];

    /// <summary>Wind that no report told of, drawn anew for every run; none where left out.</summary>
    public UnmodelledWind? Unmodelled { get; set; }
}

/// <summary>Mean wind at one height.</summary>
public sealed record WindAtHeight
{
    /// <summary>Height above the WGS-84 ellipsoid in metres.</summary>
    public required double HeightM { get; init; }

    /// <summary>Where the wind blows from, clockwise from true north, in degrees.</summary>
    public required double FromDeg { get; init; }

    /// <summary>Its speed in m/s.</summary>
    public required double SpeedMps { get; init; }
}

/// <summary>A random departure from the mean wind, steady over a run and correlated in height.</summary>
public sealed record UnmodelledWind
{
    /// <summary>Sigma of each horizontal component in m/s.</summary>
    public required double SigmaMps { get; init; }

    /// <summary>Height over which its correlation falls to 1/e, in metres.</summary>
    public double CorrelationHeightM { get; set; } = 1000;
}
