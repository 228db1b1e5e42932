using Tocsin.Simulation.Campaigns;

namespace Tocsin.Simulation.Tests.Campaigns;

/// <summary>The boundary of the project: no search for raids that beat a defence.</summary>
public sealed class CampaignPathTests
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
    [InlineData("$.claims[0].value")]
    [InlineData("$.memberOfTomorrow")]
    public void The_raid_and_what_is_unknown_are_refused(string path)
    {
        Assert.False(CampaignPath.Parse(path).Succeeded(out _, out string? problem));
        Assert.Contains($"'{path}'", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$.weather.unmodelled.sigmaMps")]
    [InlineData("$.radars[0].scanPeriodS")]
    [InlineData("site:$.tocsin.warning.silenceToNeedlessHarmRatio")]
    [InlineData("site:zones.gridM")]
    [InlineData("$.site")]
    [InlineData("$.defence.guns[0].burstRounds")]
    [InlineData("$.people.reaction.medianS")]
    [InlineData("$.operator.confirmDelayS")]
    public void Defence_site_weather_and_policy_may_be_varied(string path) => Assert.True(CampaignPath.Parse(path).Succeeded(out _, out _));
}
