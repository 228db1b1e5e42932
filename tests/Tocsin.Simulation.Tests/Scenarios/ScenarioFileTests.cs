using System.Text;
using CsCheck;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Tests.Scenarios;

public sealed class ScenarioFileTests
{
    [Fact]
    public void TheMinimalScenarioReads()
    {
        Scenario scenario = Shipped.Must(ScenarioText.Parse(ScenarioText.Minimal()));
        Assert.Equal(new Interval(46, 75), scenario.Salvos[0].ElevationDeg);
        Assert.Equal(new Interval(260, 260), scenario.Salvos[0].SpeedMps);
        Assert.Equal(new LonLat(8.04, 46.02), scenario.Salvos[0].LaunchArea.Centre);
        Assert.Equal("2024-01-01T00:00:00.000Z", scenario.StartTime.ToString());
        // Defaults survive the reader that is generated.
        Assert.Equal(90, scenario.Radars[0].MaxElevationDeg);
        Assert.Equal(8, scenario.Gunfire[0].LifeS);
        Assert.Empty(scenario.Claims);
    }

    [Theory]
    [InlineData("\"count\": 3", "\"cuont\": 3", "line 6", "$.salvos[0].cuont", "did you mean 'count'?")]
    [InlineData("\"count\": 3, ", "", "line 6", "$.salvos[0].count", "is missing")]
    [InlineData("\"count\": 3", "\"count\": 3, \"count\": 4", "line 6", "$.salvos[0].count", "stands twice")]
    [InlineData("\"count\": 3", "\"count\": 3.5", "line 6", "$.salvos[0].count", "whole number")]
    [InlineData("\"count\": 3", "\"count\": 3, \"failToLaunch\": 4", "line 6", "$.salvos[0].failToLaunch", "0 to 3")]
    [InlineData("\"count\": 3", "\"count\": 6000", "line 6", "$.salvos[0].count", "5000")]
    [InlineData("\"windowS\": 5", "\"windowS\": 5, \"intervalS\": 1", "line 6", "$.salvos[0].launchTimes", "either intervalS or windowS")]
    [InlineData("\"radiusM\": 100", "\"polygon\": [[8,46],[8,47],[9,46]]", "line 7", "$.salvos[0].launchArea", "either polygon, or centre and radiusM")]
    [InlineData("\"mortar\"", "\"howitzer\"", "line 6", "$.salvos[0].kind", "'howitzer' is not one of: rocket, artillery, mortar")]
    [InlineData("\"mortar\"", "\"aircraft\"", "line 6", "$.salvos[0].kind", "is not one of")]
    [InlineData("\"exercise\"", "\"actual\"", "line 2", "$.status", "a scenario is never actual")]
    [InlineData("00:00Z", "00:00+01:00", "line 3", "$.startTime", "UTC")]
    [InlineData("[46, 75]", "[75, 46]", "line 8", "$.salvos[0].elevationDeg", "[least, most]")]
    [InlineData("[46, 75]", "[46, 75, 80]", "line 8", "$.salvos[0].elevationDeg", "[least, most]")]
    [InlineData("[46, 75]", "95", "line 8", "$.salvos[0].elevationDeg", "1 to 89")]
    [InlineData("[8.04, 46.02]", "[46.02, 98.04]", "line 7", "$.salvos[0].launchArea.centre", "[longitude, latitude]")]
    [InlineData("\"durationS\": 30", "\"durationS\": \"30\"", "line 3", "$.durationS", "is not a number")]
    [InlineData("\"durationS\": 30", "\"durationS\": 1e999", "line 3", "$.durationS", "is not a finite number")]
    [InlineData("\"durationS\": 30", "\"durationS\": null", "line 3", "$.durationS", "is null")]
    [InlineData("[8.04, 46.02]", "null", "line 7", "$.salvos[0].launchArea.centre", "leave it out")]
    [InlineData("[8, 46, 800], ", "null, ", "line 12", "$.aircraft[0].route[0]", "is null")]
    [InlineData("\"id\": \"B\"", "\"id\": \"A\"", "line 11", "$.birds[0].id", "'A' stands twice")]
    [InlineData("\"bias\": {}", "\"bias\": []", "line 10", "$.radars[0].bias", "is not an object")]
    [InlineData("\"doctrine\": \"salvo\"", "\"doctrine\": \"pray\"", "line 18", "$.defence.doctrine", "is not one of: shootLookShoot, salvo")]
    [InlineData("{\"fromDeg\": 10", "{\"fromDeg\": 400", "line 19", "$.defence.guns[0].noFireSectors[0].fromDeg", "0 to 360")]
    [InlineData("\"id\": \"K\"", "\"id\": \"K\", \"magazineRounds\": 50", "line 19", "$.defence.guns[0].burstRounds", "more than magazineRounds")]
    [InlineData("\"distanceM\": 3000}", "\"distanceM\": 3000}, {\"timeS\": 4, \"distanceM\": 3500}", "line 20", "$.defence.interceptors[0].flyOut[1]", "does not rise")]
    [InlineData("\"id\": \"J\"", "\"id\": \"K\"", "line 20", "$.defence.interceptors[0].id", "'K' stands twice")]
    [InlineData("\"weather\": {", "\"weather\": {{", "line 4", "is not JSON", "")]
    public void WhatCannotBeUsedIsNamedWithItsLineAndItsMend(string good, string bad, string line, string path, string mend)
    {
        string text = ScenarioText.Minimal();
        int at = text.IndexOf(good, StringComparison.Ordinal);
        Assert.True(at >= 0, "the test changes something");
        Loaded<Scenario> loaded = ScenarioText.Parse(text[..at] + bad + text[(at + good.Length)..]);
        Assert.False(loaded.Succeeded(out _, out string? problem));
        Assert.StartsWith($"test.json {line}:", problem, StringComparison.Ordinal);
        Assert.Contains(path, problem, StringComparison.Ordinal);
        Assert.Contains(mend, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"name\":")]
    [InlineData("{\"\\ud800\": 1}")]
    [InlineData("{\"name\": \"\\ud800\"}")]
    public void EmptyAndOtherTextsAreProblemsNotExceptions(string text)
    {
        Assert.False(ScenarioText.Parse(text).Succeeded(out _, out string? problem));
        Assert.StartsWith("test.json", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileIsAProblem()
    {
        Assert.False(ScenarioFile.Read("/no/such/scenario.json").Succeeded(out _, out string? problem));
        Assert.Contains("no such file", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void CommentsTrailingCommasAndAByteOrderMarkArePassedOver() =>
        Shipped.Must(ScenarioText.Parse("\uFEFF// a comment\n" + ScenarioText.Minimal().Replace("\"seed\": 1,", "\"seed\": 1, /* why */", StringComparison.Ordinal)));

    private static ReadOnlySpan<byte> Damage => "{}[],:\"\\-9e.tn \u00e9"u8;

    /// <summary>Whatever the bytes, reading ends in a value or in one line.</summary>
    [Fact]
    public void DamagedTextsNeverThrow()
    {
        byte[] text = Encoding.UTF8.GetBytes(ScenarioText.Minimal());
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Int[0, Damage.Length - 1], Gen.Int[0, 12])
            .Sample((at, damage, cut) =>
            {
                byte[] damaged = [.. text[..at], Damage[damage], .. text[Math.Min(text.Length, at + cut)..]];
                Loaded<Scenario> loaded = ScenarioFile.Parse(damaged, "test.json");
                return loaded.Succeeded(out _, out string? problem) || !problem!.Contains('\n', StringComparison.Ordinal);
            }, iter: 3_000);
    }
}
