using System.Text.Json;
using Tocsin.Simulation.Lint;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.Lint;

/// <summary>The scenarios that the project ships: no error, and no warning that docs/scenarios.md does not explain.</summary>
public sealed class ShippedLintTests
{
    [Theory]
    [InlineData("green-zone", "shelter", "shelter")]
    [InlineData("kidal", "shelter", "shelter")]
    [InlineData("camp-taji", "zone", "shelter", "shelter")]
    [InlineData("false-alarm-2018", "zone", "shelter", "shelter")]
    public void ShippedScenariosHaveNoErrorsAndOnlyWarningsThatAreExplained(string name, params string[] rules)
    {
        (LintReport report, LintFiles files) = Lint(name);
        Assert.Null(report.FirstError);
        Assert.Equal(rules, report.Findings.Select(f => f.Rule));
        Assert.All(report.Findings, f => Assert.StartsWith(f.File == files.Site ? "$.features[" : "$.", f.Place, StringComparison.Ordinal));
        // What is explained: empty ground, and people whose cover is the building that they are in.
        Assert.All(report.Findings, f => Assert.True(f.Message.Contains("population of 0", StringComparison.Ordinal) || f.Message.Contains("shelter", StringComparison.Ordinal), f.Line));
    }

    [Fact]
    public void TheTypicalRoundOfKidalWarnsAsEarlyAsTheSourcesSay()
    {
        // "About 15 s before the impact": the track of a typical round is there by then.
        SalvoOutlook outlook = Assert.Single(Lint("kidal").Report.Salvos);
        Assert.InRange(outlook.ConfirmedBeforeImpactS!.Value, 15, outlook.FlightS - 1);
    }

    [Fact]
    public void TheReportIsOneJsonObject()
    {
        (LintReport report, LintFiles files) = Lint("camp-taji");
        using var document = JsonDocument.Parse(LintJson.Of(report, files));
        JsonElement root = document.RootElement;
        Assert.Equal((0, report.Findings.Count), (root.GetProperty("errors").GetInt32(), root.GetProperty("warnings").GetInt32()));
        Assert.Equal(report.Findings.Select(f => f.Message), root.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("message").GetString()!));
        Assert.Equal(42, root.GetProperty("coverage").GetArrayLength());
        Assert.True(root.GetProperty("coverage")[0].GetProperty("byRadar").GetProperty("R1").GetDouble() > 0);
        Assert.True(root.GetProperty("salvos")[0].GetProperty("confirmedBeforeImpactS").GetDouble() > 10);
    }

    [Fact]
    public void TheSameInputGivesTheSameReport()
    {
        (LintReport report, LintFiles files) = Lint("green-zone");
        Assert.Equal(LintJson.Of(report, files), LintJson.Of(Lint("green-zone").Report, files));
    }

    private static (LintReport Report, LintFiles Files) Lint(string name)
    {
        Scenario scenario = Shipped.Read(name);
        string path = ScenarioFile.SitePath(Shipped.PathOf(name), scenario);
        var files = new LintFiles { Scenario = name + ".json", Site = scenario.Site, SiteJson = File.ReadAllBytes(path) };
        return (ScenarioLinter.Check(scenario, Shipped.ReadSite(path), files), files);
    }
}
