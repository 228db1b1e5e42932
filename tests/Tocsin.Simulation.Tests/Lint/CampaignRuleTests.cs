using Tocsin.Simulation.Lint;

namespace Tocsin.Simulation.Tests.Lint;

/// <summary>The boundary of the project: no search for raids that beat a defence.</summary>
public sealed class CampaignRuleTests
{
    [Theory]
    [InlineData("$.salvos[0].count")]
    [InlineData("$.salvos")]
    [InlineData("$['salvos'][0]['speedMps']")]
    [InlineData("salvos[0].aim.centre")]
    [InlineData("/salvos/0/launchArea")]
    [InlineData("$..salvos")]
    [InlineData("$..count")]
    [InlineData("$.*")]
    [InlineData("$")]
    [InlineData("")]
    [InlineData("$.birds[0].count")]
    [InlineData("$.aircraft[0].speedMps")]
    [InlineData("$.gunfire")]
    [InlineData("$.seed")]
    [InlineData("$.durationS")]
    [InlineData("$.sitesalvos")]
    [InlineData("$.Salvos[0]")]
    public void TheRaidAndWhatIsUnknownAreRefused(string path)
    {
        LintFinding finding = Assert.Single(CampaignRule.Check("a.json", [(path, "$.campaign.factors[3]")]));
        Assert.Equal((LintSeverity.Error, "campaign", "$.campaign.factors[3]", "a.json"), (finding.Severity, finding.Rule, finding.Place, finding.File));
        Assert.Contains("vary site, weather", finding.Message, StringComparison.Ordinal);
        Assert.Equal(path.Contains("salvos", StringComparison.Ordinal) && !path.Contains("site", StringComparison.Ordinal), finding.Message.Contains("nuisance draws", StringComparison.Ordinal)
            && !path.Contains("birds", StringComparison.Ordinal) && !path.Contains("aircraft", StringComparison.Ordinal) && !path.Contains("gunfire", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("$.weather.unmodelled.sigmaMps")]
    [InlineData("$.radars[0].scanPeriodS")]
    [InlineData("site.tocsin.warning.silenceToNeedlessHarmRatio")]
    [InlineData("$.site")]
    [InlineData("$.defence.guns[0].rate")]
    [InlineData("$.people.reactionS")]
    public void DefenceSiteWeatherAndPolicyMayBeVaried(string path) => Assert.Empty(CampaignRule.Check("a.json", [(path, "$.campaign.factors[0]")]));

    [Fact]
    public void EveryFactorIsJudged() =>
        Assert.Equal(["b", "d"], CampaignRule.Check("a.json", [("$.weather", "a"), ("$.salvos", "b"), ("$.radars", "c"), ("$.name", "d")]).Select(f => f.Place));
}
