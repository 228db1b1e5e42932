using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Report;

/// <summary>What a report says beside the figures of its run.</summary>
public sealed record ReportContext
{
    /// <summary>The heading, such as "Green Zone, 20 December 2020".</summary>
    public required string Title { get; init; }

    /// <summary>What the run was marked as; said at the top of the page. An actual run is marked as not for publication, for it shows where rounds fell.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>The scenario's name; null where the run had none.</summary>
    public string? ScenarioName { get; init; }

    /// <summary>What the scenario is about, in a sentence or two; null where nothing is said.</summary>
    public string? Description { get; init; }

    /// <summary>The run's seed; null where the run was not simulated.</summary>
    public long? Seed { get; init; }

    /// <summary>The product and its version, such as "Tocsin 0.1.0".</summary>
    public required string Product { get; init; }

    /// <summary>What is claimed about the incident: listed as claims, by who makes them.</summary>
    public IReadOnlyList<ReportNote> Claims { get; init; } = [];

    /// <summary>What is not known and was chosen for the scenario.</summary>
    public IReadOnlyList<ReportNote> Chosen { get; init; } = [];

    /// <summary>The scenario's sources.</summary>
    public IReadOnlyList<ReportNote> Sources { get; init; } = [];

    /// <summary>What a scenario says beside its runs.</summary>
    public static ReportContext Of(Scenario scenario, long seed, string product)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return new()
        {
            Title = scenario.Name,
            Status = OperationStatus.Exercise,
            ScenarioName = scenario.Name,
            Description = scenario.Summary,
            Seed = seed,
            Product = product,
            Claims = [.. scenario.Claims.Select(c => new ReportNote($"{c.By}: {c.Says}", Grade(c.Grade)))],
            Chosen = [.. scenario.Chosen.Select(c => new ReportNote(c))],
            Sources = [.. scenario.Sources.Select(s => new ReportNote(s.Claim, $"{s.Source}; {Grade(s.Grade)}"))],
        };
    }

    /// <summary>How good a source is, in words.</summary>
    internal static string Grade(SourceGrade grade) => grade switch
    {
        SourceGrade.A => "primary or peer-reviewed",
        SourceGrade.B => "press",
        _ => "blog, post or partisan page",
    };
}

/// <summary>One sentence of a scenario and where it comes from.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Source">Where it comes from; null where the sentence says so itself.</param>
public sealed record ReportNote(string Text, string? Source = null);
