using Tocsin.Simulation.Lint;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Radar;

namespace Tocsin.Simulation.Tests.Lint;

public sealed class RaidRulesTests
{
    [Fact]
    public void RoundsThatFallAfterTheRadarsStopAreTold()
    {
        double flight = LintSample.Check().Salvos[0].FlightS;
        // In a window of 10 s from 2 s on the last may be launched at 12 s.
        Scenario In(double durationS) => LintSample.WithSalvo(s => s with { LaunchTimes = new() { StartS = 2, WindowS = 10 } }) with { DurationS = durationS };
        LintSample.Warns(LintSample.Check(In(flight + 11.9)), "raid", "$.durationS", "radars stop", "make durationS");
        LintSample.FindsNothing(LintSample.Check(In(flight + 12.1)));
    }

    [Fact]
    public void TheLastImpactIsSeldomLaterThanItIsSaidToBe()
    {
        // The advice of the finding, followed, is enough for nearly all seeds: two sigmas of the sum of the intervals.
        Scenario scenario = LintSample.WithSalvo(s => s with { Count = 30 }) with { DurationS = 20 };
        string message = LintSample.Check(scenario).Findings.Single(f => f.Place == "$.durationS").Message;
        double advised = double.Parse(message.Split("make durationS ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        int late = 0;
        for (int run = 0; run < 20; run++)
            if (Bench.Run(scenario, LintSample.Site(), run: run).Truth.Rounds.Max(r => r.ImpactTime!.Value.SecondsSince(Bench.Start)) > advised) late++;
        Assert.InRange(late, 0, 2);
    }

    [Fact]
    public void AirWithoutUnreportedWindIsIdeal()
    {
        LintSample.Warns(LintSample.Check(LintSample.Scenario() with { Weather = new() }), "weather", "$.weather.unmodelled", "ideal");
        // Where nothing flies there is nothing to predict.
        LintSample.FindsNothing(LintSample.Check(LintSample.Scenario() with { Weather = new(), Salvos = [] }));
    }

    [Fact]
    public void AnAimOutOfReachIsAnErrorAsItIsInARun()
    {
        Scenario scenario = LintSample.WithSalvo(s => s with { SpeedMps = new(100, 110) });
        LintSample.Finds(LintSample.Check(scenario), LintSeverity.Error, "raid", "$.salvos[0]", "salvo 'A' cannot reach its aim");
        Assert.False(SimulationRun.Prepare(scenario, LintSample.Site()).Succeeded(out _, out _));
    }

    [Fact]
    public void ASalvoThatFallsOnNobodyIsTold() =>
        LintSample.Warns(LintSample.Check(LintSample.WithSalvo(s => s with { Aim = s.Aim! with { Centre = new(8.02, 46) } })), "raid", "$.salvos", "no salvo falls on any zone");

    [Fact]
    public void ASalvoOfNoRoundsIsNoRaid() => Assert.Empty(LintSample.Check(LintSample.WithSalvo(s => s with { Count = 0 })).Salvos);
}
