using Tocsin.Simulation.Engagement;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.People;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Runs;

/// <summary>One run, flown, tracked, warned and judged: what a campaign makes thousands of.</summary>
public sealed class RunResult
{
    private RunResult(RaidInMotion raid, RunLog log, ScoreSummary score, PeopleSummary people) => (Raid, Log, Score, People) = (raid, log, score, people);

    /// <summary>The run at its end.</summary>
    public RaidInMotion Raid { get; }

    /// <summary>The run as it would be without a defence.</summary>
    public SimulationRun Run => Raid.Run;

    /// <summary>What really happened.</summary>
    public Truth Truth => Raid.Truth;

    /// <summary>Everything that came down, the raid's own rounds and what a defence let fall, in the order of time.</summary>
    public IReadOnlyList<GroundStrike> Strikes => Raid.Strikes;

    /// <summary>What the Site said.</summary>
    public RunLog Log { get; }

    /// <summary>What was said against what was true.</summary>
    public ScoreSummary Score { get; }

    /// <summary>What the warnings did to the people.</summary>
    public PeopleSummary People { get; }

    /// <summary>What a simulated defence did; <see cref="EngagementSummary.None"/> without one, with the same columns.</summary>
    public EngagementSummary Engagement => Raid.Engagement;

    /// <summary>Its figures: a row of a campaign's table. The same columns in the same order for every run of one scenario's make.</summary>
    /// <remarks>The one place where measures join the table. A column that two of them give stands once, as the first one gives it.</remarks>
    public IReadOnlyList<RunMeasure> Measures =>
    [
        .. ((IEnumerable<RunMeasure>)
        [
            .. ScoreMeasures.Of(Score),
            .. GroundMeasures.Of(Run, Truth),
            .. SpreadMeasures.Of(Run.Site, Run.Scenario.Homes, Log, Truth),
            .. People.Measures(),
            .. Engagement.Measures(),
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
        RaidInMotion raid = drawn.Play(drawn.Heard(log));
        return Loaded<RunResult>.Of(new(raid, log, Simulation.Measures.Score.Compute(site, log, raid.Truth, raid.Engagement), PeopleModel.Judge(drawn, log, raid.Strikes)));
    }
}
