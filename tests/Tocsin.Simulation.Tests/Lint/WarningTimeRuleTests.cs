using Tocsin.Simulation.Lint;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Radar;

namespace Tocsin.Simulation.Tests.Lint;

public sealed class WarningTimeRuleTests
{
    // Sees all from the launch on: looks at 0, 0.5, 1 s, ...
    private static RadarSettings AllSeeing(double probability) => new() { Sensor = "R1", MinElevationDeg = -5, MinRangeM = 0, Detection = new() { Probability = probability } };

    [Theory]
    [InlineData(1, 2, 0)]
    [InlineData(0.5, 5, 0)]
    [InlineData(0.25, 11, 1)]
    public void ConfirmationTakesAsManyLooksAsGiveThreePlots(double probability, int periodsToConfirm, int periodsToSee)
    {
        LintReport report = LintSample.Check(LintSample.Scenario(AllSeeing(probability)));
        SalvoOutlook outlook = Assert.Single(report.Salvos);
        Assert.Equal(outlook.FlightS - 0.5 * periodsToConfirm, outlook.ConfirmedBeforeImpactS!.Value, 6);
        Assert.Equal(outlook.FlightS - 0.5 * periodsToSee, outlook.SeenBeforeImpactS!.Value, 6);
    }

    [Fact]
    public void TheTypicalFlightIsOneOfTheRun()
    {
        // Rounds that are drawn fly between the ends of the same ranges: the typical one is among them.
        SalvoOutlook outlook = Assert.Single(LintSample.Check().Salvos);
        SimulationRun run = Bench.Run(LintSample.Scenario() with { Salvos = [Bench.Salvo(40, 100, 100)], DurationS = 200 }, LintSample.Site());
        double[] flights = [.. run.Truth.Rounds.Select(r => r.ImpactTime!.Value.SecondsSince(r.LaunchTime))];
        Assert.InRange(outlook.FlightS, flights.Min(), flights.Max());
        Assert.InRange(outlook.HeightAt5SM, 50, outlook.HeightAt10SM);
    }

    [Fact]
    public void AZoneThatNeedsMoreThanThereIsIsTold()
    {
        SiteDefinition site = LintSample.WithZone(LintSample.Site(), 1, z => z with { TimeToShelterS = 40 });
        LintSample.Warns(LintSample.Check(site: site), "warning-time", "$.salvos[0]", "zone Z2 needs 40 s to shelter and 2 s for the slowest channel", "salvo A", "its track confirmed", "shelter nearer");
    }

    [Fact]
    public void TheNeedIsJustMetOrJustNot()
    {
        double confirmed = LintSample.Check(LintSample.Scenario(AllSeeing(1))).Salvos[0].ConfirmedBeforeImpactS!.Value;
        LintReport With(double needS) => LintSample.Check(LintSample.Scenario(AllSeeing(1)), LintSample.WithZone(LintSample.Site(), 0, z => z with { TimeToShelterS = needS }));
        // The channel's delay is the policy's 2 s.
        LintSample.FindsNothing(With(confirmed - 2.01));
        Assert.Single(With(confirmed - 1.99).Findings);
    }

    [Fact]
    public void ARoundThatNobodySeesIsTold()
    {
        SiteDefinition site = LintSample.Site();
        LintReport report = LintSample.Check(LintSample.Scenario(new RadarSettings { Sensor = "R1", Sectors = [new() { FromDeg = 200, ToDeg = 210 }] }), site);
        Assert.Contains(report.Findings, f => f.Rule == "warning-time" && f.Message.Contains("is not seen at all", StringComparison.Ordinal));
    }

    [Fact]
    public void AZoneOutOfTheSalvosReachNeedsNothingOfIt()
    {
        SiteDefinition site = LintSample.Site();
        site = site with
        {
            Zones = [.. site.Zones, LintSample.Zone("Z3", 2_000, -100, 2_200, 100) with { TimeToShelterS = 60 }],
            Sirens = [.. site.Sirens, new("S3", LintSample.At(2_100, 0), ["Z3"], 300)],
            Shelters = [.. site.Shelters, new("B3", LintSample.At(2_100, 0), 100)],
        };
        LintSample.FindsNothing(LintSample.Check(site: site));
        // Spread wider, the same salvo reaches it.
        Assert.Single(LintSample.Check(LintSample.WithSalvo(s => s with { Aim = s.Aim! with { SigmaAlongM = 1_500, SigmaAcrossM = 1_500 } }), site).Findings);
    }

    [Fact]
    public void ASalvoWithoutAnAimReachesWhereItsFiguresTakeIt()
    {
        // Towards the zones, from 7.1 km, with figures that fall short of and beyond them.
        Scenario towards = LintSample.WithSalvo(s => s with { Aim = null, AzimuthDeg = new(215, 227), ElevationDeg = new(20, 42) });
        Assert.DoesNotContain(LintSample.Check(towards).Findings, f => f.Message.Contains("no salvo falls on any zone", StringComparison.Ordinal));
        Scenario away = LintSample.WithSalvo(s => s with { Aim = null, AzimuthDeg = new(35, 47), ElevationDeg = new(20, 42) });
        Assert.Contains(LintSample.Check(away).Findings, f => f.Message.Contains("no salvo falls on any zone", StringComparison.Ordinal));
    }
}
