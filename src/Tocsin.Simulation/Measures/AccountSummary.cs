namespace Tocsin.Simulation.Measures;

/// <summary>What a Site said in one run, without any truth: the figures of an incident's account.</summary>
public sealed record AccountSummary
{
    /// <summary>The make of this object.</summary>
    public string Schema => "tocsin.account/1";

    /// <summary>The Site's clock at the first line; null where nothing was said. RFC 3339.</summary>
    public required string? FirstTime { get; init; }

    /// <summary>The Site's clock at the last line. RFC 3339.</summary>
    public required string? LastTime { get; init; }

    /// <summary>Plots received.</summary>
    public required long Plots { get; init; }

    /// <summary>Plots received by sensor, in the site's order; those of unknown sensors come last, where there are any, with a null sensor.</summary>
    public required IReadOnlyList<SensorPlots> PlotsBySensor { get; init; }

    /// <summary>Pieces of input rejected.</summary>
    public required long RejectedInput { get; init; }

    /// <summary>Rejections by source and reason.</summary>
    public required IReadOnlyList<RejectedInput> Rejections { get; init; }

    /// <summary>Confirmed tracks.</summary>
    public required int Tracks { get; init; }

    /// <summary>Confirmed tracks for which an impact was predicted.</summary>
    public required int TracksPredicted { get; init; }

    /// <summary>Impact predictions given.</summary>
    public required int Predictions { get; init; }

    /// <summary>The warnings.</summary>
    public required WarningCounts Warnings { get; init; }

    /// <summary>Lines left out because a limit was reached.</summary>
    public required long Dropped { get; init; }
}

/// <summary>Plots of one sensor.</summary>
/// <param name="Sensor">Its id; null for sensors that the site does not know.</param>
/// <param name="Plots">How many.</param>
public sealed record SensorPlots(string? Sensor, long Plots);

/// <summary>Input that could not be used.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many pieces.</param>
public sealed record RejectedInput(string Source, string Reason, long Count);

/// <summary>The warnings of a run, by their ends.</summary>
/// <param name="Raised">All.</param>
/// <param name="Over">Cleared as over.</param>
/// <param name="Retracted">Retracted.</param>
/// <param name="Standing">Still standing at the last line.</param>
/// <param name="Zones">Different zones warned.</param>
/// <param name="People">People of those zones; a part of a zone that is counted is not counted again.</param>
/// <param name="DurationMedianS">Median duration of those that ended.</param>
/// <param name="DurationMaxS">Longest duration of those that ended.</param>
/// <param name="PredictedLeadMedianS">Median of the leads that the warnings gave when they were raised.</param>
public sealed record WarningCounts(int Raised, int Over, int Retracted, int Standing, int Zones, double People, double? DurationMedianS,
    double? DurationMaxS, double? PredictedLeadMedianS);
