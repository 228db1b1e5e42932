using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.People;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Measures;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.People;

/// <summary>People on the small site of <see cref="TestRun"/>: times in seconds from its epoch, places in metres.</summary>
internal static class PeopleBench
{
    private static readonly Scenario s_plain = Shipped.Must(ScenarioText.Parse(ScenarioText.Minimal())) with { StartTime = TestRun.Epoch, Weather = new() };

    /// <summary>A scenario whose people are these.</summary>
    public static Scenario Scenario(PeopleSettings people, params WindAtHeight[] wind) => s_plain with { People = people, Weather = new() { Wind = wind } };

    /// <summary>Everybody in one place of the three.</summary>
    public static IReadOnlyList<PeopleHour> All(double indoors, double outdoors) => [new() { FromHour = 0, Indoors = indoors, Outdoors = outdoors }];

    public static RunStreams Streams(int seed = 1) => new((ulong)seed, 0);

    public static GroundStrike Burst(double timeS, double eastM, double northM, Kind kind = Kind.Rocket) =>
        new(TestRun.At(timeS), TestRun.Ground(eastM, northM), StrikeKind.Round, kind, 0, "R");

    public static GroundStrike Piece(double timeS, double eastM, double northM, double energyJ) =>
        new(TestRun.At(timeS), TestRun.Ground(eastM, northM), StrikeKind.SpentRound, Kind.Unknown, energyJ, "G");

    /// <summary>A log with one warning of a zone.</summary>
    public static RunLog Warned(int zone, double raisedS, double impactS, double clearedS)
    {
        var log = new RunLog();
        log.Raise(raisedS, 1, zone, impactS);
        log.Clear(clearedS, 1, zone);
        return log;
    }

    public static PeopleSummary Judge(PeopleSettings people, RunLog log, IReadOnlyList<GroundStrike> strikes, int seed = 1, SiteDefinition? site = null) =>
        PeopleModel.Judge(Scenario(people), site ?? TestRun.Site(), log, strikes, Streams(seed));

    /// <summary>A burst anywhere on or near the site's zones.</summary>
    public static CsCheck.Gen<(double East, double North)> Place { get; } =
        CsCheck.Gen.Select(CsCheck.Gen.Double[-50, 1650], CsCheck.Gen.Double[-50, 450]);
}
