using Tocsin.Geodesy;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Tests.Scenarios;

/// <summary>The shipped scenarios say what the sources say (../shared/FACTS.md), and no more.</summary>
public sealed class ShippedScenarioTests
{
    public static TheoryData<string> Scenarios => [.. Shipped.Names];

    [Theory]
    [InlineData("green-zone", "2020-12-20T17:", 21, 3)]
    [InlineData("green-zone-gun", "2020-12-20T17:", 21, 3)]
    [InlineData("kidal", "2017-06-08T", 6, 0)]
    [InlineData("camp-taji", "2020-03-11T", 33, 3)]
    [InlineData("false-alarm-2018", "2018-03-25T", 0, 0)]
    public void RoundsAndDatesAreThoseOfTheIncident(string name, string day, int rounds, int failed)
    {
        SimulationRun run = Shipped.Run(name);
        Assert.StartsWith(day, run.Scenario.StartTime.ToString(), StringComparison.Ordinal);
        Assert.Equal(rounds, run.Truth.Rounds.Count);
        Assert.Equal(failed, run.Truth.Rounds.Count(r => r.Impact is null && r.ImpactTime is null));
        Assert.Equal(rounds - failed, run.Truth.States.Select(s => s.Round).Distinct().Count());
        Assert.NotEmpty(run.Scenario.Sources);
        Assert.NotEmpty(run.Scenario.Chosen);
    }

    [Fact]
    public void TheClaimsOfGreenZoneAreListedAsClaims()
    {
        Scenario scenario = Shipped.Read("green-zone");
        foreach (string said in (string[])["at least 3", "8 rockets", "10 rockets", "21 rockets", "more than 22", "none", "intercepted: 1", "intercepted: 4", "most"])
            Assert.Contains(scenario.Claims, c => c.Says.Contains(said, StringComparison.Ordinal));
        Assert.Contains(scenario.Chosen, c => c.Contains("distance", StringComparison.Ordinal));
    }

    /// <summary>Half of the rounds of Green Zone in the compound; a third to half of those of Taji in the camp; over many runs, four sigmas of room.</summary>
    [Theory]
    [InlineData("green-zone", "C", 21, 0.4, 0.6)]
    [InlineData("camp-taji", "T", 30, 0.33, 0.5)]
    public void TheShareThatLandsInsideIsWhatTheSourcesSay(string name, string zones, int rounds, double least, double most)
    {
        const int runs = 4;
        int inside = 0, flown = 0;
        for (int run = 0; run < runs; run++)
        {
            SimulationRun raid = Shipped.Run(name, run: run);
            foreach (TruthRound round in raid.Truth.Rounds)
            {
                if (round.Impact is not { } impact) continue;
                flown++;
                Enu p = raid.Site.Frame.ToEnu(impact);
                if (raid.Site.Zones.Any(z => z.Id.StartsWith(zones, StringComparison.Ordinal) && z.Area.Contains(p.East, p.North))) inside++;
            }
        }
        double share = inside / (double)flown, sigma = Math.Sqrt(share * (1 - share) / flown);
        Assert.True(flown <= rounds * runs);
        Assert.InRange(share, least - sigma, most + sigma);
    }

    [Fact]
    public void NoRoundFliesInTheFalseAlarm()
    {
        SimulationRun run = Shipped.Run("false-alarm-2018");
        Assert.Empty(run.Truth.Rounds);
        Assert.Empty(run.Truth.States);
        Assert.True(run.Truth.Others.Count(o => o.Cause == TruthCause.Gunfire) > 200);
        // The radar sees shots, each for a short time, or the night would be no test at all.
        var seen = run.Plots.Where(p => p.Source?.StartsWith("gun", StringComparison.Ordinal) == true).GroupBy(p => p.Source!).ToList();
        Assert.True(seen.Count > 100);
        Assert.All(seen, shot => Assert.True(shot.Count() <= 17));
    }

    /// <summary>What the contract says of a site file, as far as a scenario needs it.</summary>
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void SitesAreWhole(string name)
    {
        SiteDefinition site = Shipped.Run(name).Site;
        Assert.InRange(site.Zones.Length, 16, 42);
        Assert.Single(site.Sensors);
        Assert.All(site.Zones, z => Assert.InRange(z.TimeToShelterS, 5, 20));
        Assert.Equal(site.Zones.Length, site.Zones.Select(z => z.Id).Distinct(StringComparer.Ordinal).Count());
        // Each zone has one siren, each siren serves zones that exist and that hear it.
        Assert.Equal(site.Zones.Select(z => z.Id).Order(StringComparer.Ordinal), site.Sirens.SelectMany(s => s.Zones).Order(StringComparer.Ordinal));
        foreach (SirenDefinition siren in site.Sirens)
        {
            Enu at = site.Frame.ToEnu(siren.Position);
            Assert.All(siren.Zones, id => Assert.True(site.Zones.First(z => z.Id == id).Area.DistanceM(at.East, at.North) < siren.AudibleRangeM));
        }
        Assert.True(site.Shelters.Sum(s => s.Capacity) > 0);
        // Zones meet at their edges and do not overlap.
        double total = site.Zones.Sum(z => Area(z.Area)), box = (site.Zones.Max(z => z.Area.MaxEastM) - site.Zones.Min(z => z.Area.MinEastM)) * (site.Zones.Max(z => z.Area.MaxNorthM) - site.Zones.Min(z => z.Area.MinNorthM));
        Assert.InRange(total / box, 0.99, 1.0);
    }

    [Fact]
    public void LaunchAreasAreCoarseAndNobodys()
    {
        foreach (string name in Shipped.Names)
            foreach (Salvo salvo in Shipped.Read(name).Salvos)
                Assert.True(salvo.LaunchArea.RadiusM is >= 250 || salvo.LaunchArea.Polygon is not null);
    }

    private static double Area(GroundPolygon polygon)
    {
        var ring = polygon.Rings[0];
        double twice = 0;
        for (int i = 0; i < ring.Length; i++)
        {
            (double e0, double n0) = ring[i];
            (double e1, double n1) = ring[(i + 1) % ring.Length];
            twice += e0 * n1 - e1 * n0;
        }
        return Math.Abs(twice) / 2;
    }
}
