using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Tocsin.Simulation.Campaigns;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.Campaigns;

public sealed class DesignTests
{
    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static CampaignFactor Factor(string name, params string[] values) => new() { Name = name, Path = "$.weather.x", Values = [.. values.Select(Json)] };

    private static CampaignSettings Campaign(CampaignDesign design, params CampaignFactor[] factors) => new() { Question = "?", Measure = "m", Design = design, Factors = factors };

    [Fact]
    public void AFactorialHasEveryCombinationOnce()
    {
        var rows = DesignMatrix.Of(Campaign(CampaignDesign.Factorial, Factor("a", "1", "2", "3"), Factor("b", "true", "\"x\"")), 0);
        Assert.Equal(["1 true", "1 x", "2 true", "2 x", "3 true", "3 x"], rows.Select(r => string.Join(' ', r.Select(l => l.Label))));
        Assert.Equal([1, 1, 2, 2, 3, 3], rows.Select(r => r[0].Number!.Value));
    }

    [Fact]
    public void AListGoesThroughItsFactorsTogether() =>
        Assert.Equal(["1 5", "2 6"], DesignMatrix.Of(Campaign(CampaignDesign.List, Factor("a", "1", "2"), Factor("b", "5", "6")), 0).Select(r => string.Join(' ', r.Select(l => l.Label))));

    [Fact]
    public void WithoutFactorsThereIsOneAlternative() => Assert.Empty(Assert.Single(DesignMatrix.Of(null, 0)));

    /// <summary>The property that makes it one: every stratum of every factor is taken once.</summary>
    [Fact]
    public void ALatinHypercubeTakesEveryStratumOnce() => Gen.Select(Gen.Int[2, 200], Gen.Long).Sample((points, seed) =>
    {
        CampaignFactor[] factors = [.. Enumerable.Range(0, 3).Select(i => new CampaignFactor { Name = $"f{i}", Path = "$.weather.x", Range = new(-3 + i, 5.5) })];
        var rows = DesignMatrix.Of(Campaign(CampaignDesign.LatinHypercube, factors) with { Points = points }, seed);
        for (int f = 0; f < 3; f++)
        {
            double least = -3 + f, step = (5.5 - least) / points;
            Assert.Equal(Enumerable.Range(0, points), rows.Select(r => (int)Math.Floor((r[f].Number!.Value - least) / step)).Order());
        }
        Assert.Equal(rows.SelectMany(r => r.Select(l => l.Label)), DesignMatrix.Of(Campaign(CampaignDesign.LatinHypercube, factors) with { Points = points }, seed).SelectMany(r => r.Select(l => l.Label)));
    }, iter: 50);

    [Theory]
    [InlineData("$.salvos[0].count")]
    [InlineData("$.salvos[id=A].aim.sigmaAlongM")]
    [InlineData("$.salvos[+]")]
    [InlineData("$.salvos")]
    [InlineData("$.gunfire[0].bursts")]
    [InlineData("$.startTime")]
    [InlineData("$.seed")]
    public void ARaidIsNeverVaried(string path)
    {
        Assert.False(CampaignPath.Parse(path).Succeeded(out _, out string? problem));
        Assert.Contains("the raid's", problem, StringComparison.Ordinal);
        Assert.Contains("never ranked or searched", problem, StringComparison.Ordinal);
        string scenario = ScenarioText.WithCampaign().Replace("""{"name": "f", "levels": [{"label": "l"}]}""", $$"""{"name": "f", "path": "{{path}}", "values": [1, 2]}""", StringComparison.Ordinal);
        Assert.False(ScenarioText.Parse(scenario).Succeeded(out _, out problem));
        Assert.Contains("$.campaign.factors[0].path", problem, StringComparison.Ordinal);
        string level = ScenarioText.WithCampaign().Replace("""{"label": "l"}""", $$"""{"label": "l", "set": [{"path": "{{path}}", "value": 1}]}""", StringComparison.Ordinal);
        Assert.False(ScenarioText.Parse(level).Succeeded(out _, out problem));
        Assert.Contains("$.campaign.factors[0].levels[0].set[0].path", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData("radars")]
    [InlineData("$.")]
    [InlineData("$.radars[")]
    [InlineData("$.radars[]")]
    [InlineData("$[0]")]
    [InlineData("$.radars..x")]
    [InlineData("$['salvos']")]
    [InlineData("site:")]
    [InlineData("$.name")]
    public void WhatIsNoPathIsRefused(string path) => Assert.False(CampaignPath.Parse(path).Succeeded(out _, out _));

    [Theory]
    [InlineData("$.radars[0].scanPeriodS", """{"radars":[{"sensor":"R1","scanPeriodS":7}]}""")]
    [InlineData("$.radars[sensor=R1].detection.probability", """{"radars":[{"sensor":"R1","detection":{"probability":7}}]}""")]
    [InlineData("$.radars[+].x", """{"radars":[{"sensor":"R1"},{"x":7}]}""")]
    [InlineData("$.radars[+]", """{"radars":[{"sensor":"R1"},7]}""")]
    [InlineData("$.defence.guns[+]", """{"radars":[{"sensor":"R1"}],"defence":{"guns":[7]}}""")]
    [InlineData("$.operator.confirmDelayS", """{"radars":[{"sensor":"R1"}],"operator":{"confirmDelayS":7}}""")]
    public void AValueGoesWhereThePathLeads(string path, string expected)
    {
        JsonNode document = JsonNode.Parse("""{"radars":[{"sensor":"R1"}]}""")!;
        Assert.True(CampaignPath.Parse(path).Succeeded(out CampaignPath? parsed, out _));
        Assert.Null(parsed.Apply(document, Json("7")));
        Assert.Equal(expected, document.ToJsonString());
    }

    [Theory]
    [InlineData("$.radars[1].x")]
    [InlineData("$.radars[sensor=R2].x")]
    [InlineData("$.radars.x")]
    [InlineData("$.radars[0].sensor.deep")]
    public void APathThatLeadsNowhereSaysSo(string path)
    {
        JsonNode document = JsonNode.Parse("""{"radars":[{"sensor":"R1"}]}""")!;
        Assert.True(CampaignPath.Parse(path).Succeeded(out CampaignPath? parsed, out _));
        Assert.Contains(path, parsed.Apply(document, Json("7")), StringComparison.Ordinal);
    }

    /// <summary>Cut anew, the zones hold the same people, and a point of the old zones lies in a new one.</summary>
    [Theory]
    [InlineData("100")]
    [InlineData("300")]
    [InlineData("1000")]
    [InlineData("\"whole\"")]
    public void ZonesCutAnewHoldTheSamePeople(string size)
    {
        byte[] text = File.ReadAllBytes(Path.Combine(Shipped.Folder, "green-zone.site.geojson"));
        JsonNode site = JsonNode.Parse(text)!;
        Assert.Null(ZoneGrid.Cut(site, Json(size)));
        SiteDefinition before = Shipped.ParseSite(text), after = Shipped.ParseSite(Encoding.UTF8.GetBytes(site.ToJsonString()));
        double people = before.Zones.Sum(z => z.Population);
        Assert.Equal(people, after.Zones.Sum(z => z.Population), people * 2e-3);
        Assert.Equal(before.Sensors.Length, after.Sensors.Length);
        Assert.All(after.Sirens, s => Assert.NotEmpty(s.Zones));
        if (size == "\"whole\"") Assert.Single(after.Zones);
        else Assert.All(after.Zones, z => Assert.InRange(z.Area.MaxEastM - z.Area.MinEastM, 1, double.Parse(size) + 1));
        double area = before.Zones.Sum(z => (z.Area.MaxEastM - z.Area.MinEastM) * (z.Area.MaxNorthM - z.Area.MinNorthM));
        // They end where the old zones end: ground where nobody is would be alarmed for nothing.
        Assert.InRange(after.Zones.Sum(z => (z.Area.MaxEastM - z.Area.MinEastM) * (z.Area.MaxNorthM - z.Area.MinNorthM)), 0.99 * area, 1.01 * area);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("\"half\"")]
    [InlineData("true")]
    public void ASizeThatMakesNoSenseIsRefused(string size) =>
        Assert.Contains("site:zones.gridM", ZoneGrid.Cut(JsonNode.Parse("""{"features":[]}""")!, Json(size)), StringComparison.Ordinal);
}
