using System.Collections.Immutable;
using System.Text;
using Tocsin.Geodesy;
using Tocsin.Simulation.Lint;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Radar;

namespace Tocsin.Simulation.Tests.Lint;

/// <summary>A scenario and a site with which nothing is the matter, to be spoilt one thing at a time.</summary>
internal static class LintSample
{
    /// <summary>Two zones side by side under the aim, each with a siren and a shelter.</summary>
    public static SiteDefinition Site(params string[] sensors) => Bench.Site(sensors.Length == 0 ? ["R1"] : sensors) with
    {
        Zones = [Zone("Z1", -200, -100, 0, 100), Zone("Z2", 0, -100, 200, 100)],
        Sirens = [new("S1", At(-100, 0), ["Z1"], 300), new("S2", At(100, 0), ["Z2"], 300)],
        Shelters = [new("B1", At(-100, 0), 100), new("B2", At(100, 0), 100)],
    };

    public static Scenario Scenario(params RadarSettings[] radars) => Bench.Empty(60, radars.Length == 0 ? [new() { Sensor = "R1" }] : radars) with
    {
        Salvos = [Bench.Salvo(3, 100, 100)],
        Weather = new() { Unmodelled = new() { SigmaMps = 1.5 } },
    };

    public static ZoneDefinition Zone(string id, double west, double south, double east, double north, string? parent = null) => new()
    {
        Id = id,
        Name = id,
        Population = 100,
        TimeToShelterS = 10,
        Parent = parent,
        Area = Box(west, south, east, north),
    };

    public static GroundPolygon Box(double west, double south, double east, double north) => new([[(west, south), (east, south), (east, north), (west, north)]]);

    /// <summary>A place on the ground, east and north of the site's origin in metres.</summary>
    public static Geodetic At(double east, double north) => Bench.Site("R1").Frame.ToGeodetic(new(east, north, 0)) with { HeightM = Bench.GroundM };

    public static SiteDefinition WithZone(SiteDefinition site, int index, Func<ZoneDefinition, ZoneDefinition> change) =>
        site with { Zones = site.Zones.SetItem(index, change(site.Zones[index])) };

    public static Scenario WithSalvo(Func<Salvo, Salvo> change) => Scenario() with { Salvos = [change(Scenario().Salvos[0])] };

    public static LintReport Check(Scenario? scenario = null, SiteDefinition? site = null, string? siteJson = null) =>
        ScenarioLinter.Check(scenario ?? Scenario(), site ?? Site(), new() { Scenario = "a.json", Site = "a.site.geojson", SiteJson = Encoding.UTF8.GetBytes(siteJson ?? "") });

    /// <summary>The one finding there is: its rule, its place, and words that its message must hold.</summary>
    public static void Finds(LintReport report, LintSeverity severity, string rule, string place, params string[] words)
    {
        LintFinding finding = Assert.Single(report.Findings);
        Assert.Equal((severity, rule, place), (finding.Severity, finding.Rule, finding.Place));
        Assert.All(words, w => Assert.Contains(w, finding.Message, StringComparison.Ordinal));
        Assert.Contains(';', finding.Message);
        Assert.DoesNotContain('\n', finding.Line);
    }

    public static void Warns(LintReport report, string rule, string place, params string[] words) => Finds(report, LintSeverity.Warning, rule, place, words);

    public static void FindsNothing(LintReport report) => Assert.Empty(report.Findings.Select(f => f.Line));
}
