using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Runs;

/// <summary>One run, flown, tracked, warned and judged: what a campaign makes thousands of.</summary>
public sealed class RunResult
{
    private RunResult(SimulationRun run, RunLog log, ScoreSummary score) => (Run, Log, Score) = (run, log, score);

    /// <summary>The run: its truth and its plots.</summary>
    public SimulationRun Run { get; }

    /// <summary>What the Site said.</summary>
    public RunLog Log { get; }

    /// <summary>What was said against what was true.</summary>
    public ScoreSummary Score { get; }

    /// <summary>Its figures: a row of a campaign's table. The same columns in the same order for every run of one scenario's make.</summary>
    /// <remarks>The one place where measures join the table. A column that two of them give stands once, as the first one gives it.</remarks>
    public IReadOnlyList<RunMeasure> Measures =>
    [
        .. ((IEnumerable<RunMeasure>)
        [
            .. ScoreMeasures.Of(Score),
            .. SpreadMeasures.Of(Run.Site, Log, Run.Truth),
        ]).DistinctBy(m => m.Column),
    ];

    /// <summary>Makes a run of a scenario, from its seed and number alone: nothing in it depends on where or beside what it runs.</summary>
    /// <param name="scenario">A scenario that <see cref="ScenarioFile"/> has read.</param>
    /// <param name="site">The site that it names.</param>
    /// <param name="seed">The seed; the scenario's own where left out.</param>
    /// <param name="run">The run's number among those of the seed.</param>
    /// <returns>The run, or why the scenario cannot be flown at this site.</returns>
    public static Loaded<RunResult> Of(Scenario scenario, SiteDefinition site, long? seed = null, int run = 0)
    {
        if (!SimulationRun.Prepare(scenario, site, seed, run).Succeeded(out SimulationRun? drawn, out string? problem)) return Loaded<RunResult>.Failed(problem);
        var log = new RunLog { Status = OperationStatus.Exercise };
        drawn.Play(drawn.Heard(log));
        return Loaded<RunResult>.Of(new(drawn, log, Simulation.Measures.Score.Compute(site, log, drawn.Truth)));
    }
}
