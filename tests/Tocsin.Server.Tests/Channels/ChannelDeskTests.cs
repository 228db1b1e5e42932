using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Channels;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Tests.Channels;

public sealed class ChannelDeskTests
{
    private readonly FakeTimeProvider _clock = new();

    private (ChannelDesk Desk, string[] Problems) Read(string json)
    {
        (ChannelDesk desk, List<ConfigProblem> problems) = ChannelSamples.Read(json, top =>
        {
            ChannelDesk desk = ChannelDesk.Read(top.Sections("channels"), ChannelSamples.Context(_clock), new FakeChannelLog(_clock));
            top.End();
            return desk;
        });
        return (desk, [.. problems.Select(p => p.ToString())]);
    }

    [Fact]
    public void An_unknown_kind_is_a_problem_that_names_the_kinds_there_are()
    {
        (ChannelDesk desk, string[] problems) = Read("""{"channels":[{"kind":"mqt","host":"localhost"}]}""");
        Assert.Empty(desk.Runners);
        string problem = Assert.Single(problems);
        Assert.StartsWith("channels[0].kind: \"mqt\"", problem, StringComparison.Ordinal);
        Assert.Contains("\"mqtt\", \"webhook\"", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_given_once_and_is_the_kind_where_none_is_given()
    {
        (ChannelDesk desk, string[] problems) = Read("""{"channels":[{"kind":"mqtt","host":"a"},{"kind":"mqtt","host":"b"},{"kind":"mqtt","host":"c","name":"sirens","enabled":false,"exercises":true}]}""");
        Assert.Equal(["mqtt", "sirens"], desk.Runners.Select(r => r.Name));
        Assert.Equal("channels[1].name: \"mqtt\", which another channel has is not right; give each channel a name of its own", Assert.Single(problems));
        Assert.Equal(["mqtt"], desk.Channels.Select(c => c.Name));
        Assert.Equal((ChannelHealth.Off, "off by its configuration"), (desk.States[1].State, desk.States[1].Note));
        Assert.True(desk.Runners[1].Options.Exercises);
    }

    [Theory]
    [InlineData("""{"kind":"mqtt"}""", "channels[0].host")]
    [InlineData("""{"kind":"mqtt","host":"a","hots":"b"}""", "channels[0].hots")]
    [InlineData("""{"kind":"mqtt","host":"a","caFile":"/nowhere.pem","tls":true}""", "channels[0].caFile")]
    [InlineData("""{"kind":"mqtt","host":"a","password":"p"}""", "channels[0].user")]
    [InlineData("""{"kind":"mqtt","host":"a","baseTopic":"a/#"}""", "channels[0].baseTopic")]
    [InlineData("""{"kind":"mqtt","host":"a","selfTestAt":"25:00"}""", "channels[0].selfTestAt")]
    [InlineData("""{"kind":"mqtt","host":"a","protocol":"4"}""", "channels[0].protocol")]
    [InlineData("""{"kind":"mqtt","host":"a","queue":1}""", "channels[0].queue")]
    [InlineData("""{"kind":"webhook","url":"http://example.org/x","secret":"0123456789abcdef0123456789abcdef"}""", "channels[0].url")]
    [InlineData("""{"kind":"webhook","url":"ftp://example.org/x","secret":"0123456789abcdef0123456789abcdef"}""", "channels[0].url")]
    [InlineData("""{"kind":"webhook","url":"https://u:p@example.org/x","secret":"0123456789abcdef0123456789abcdef"}""", "channels[0].url")]
    [InlineData("""{"kind":"webhook","url":"https://example.org/x","secret":"hunter2"}""", "channels[0].secret")]
    [InlineData("""{"kind":"webhook","url":"https://example.org/x"}""", "channels[0].secret")]
    public void What_is_wrong_is_named_by_its_key_and_shows_no_secret(string section, string key)
    {
        (_, string[] problems) = Read($$"""{"channels":[{{section}}]}""");
        Assert.StartsWith(key + ": ", Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problems[0], StringComparison.Ordinal);
        Assert.DoesNotContain("u:p", problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beats_and_pictures_come_as_often_as_each_channel_wants_and_no_end_of_a_track_is_lost()
    {
        var slow = new FakeChannel(_clock, name: "slow") { Pictures = TimeSpan.FromSeconds(3) };
        var quick = new FakeChannel(_clock, name: "quick") { Pictures = TimeSpan.FromSeconds(1) };
        var none = new FakeChannel(_clock, name: "none");
        var log = new FakeChannelLog(_clock);
        ChannelRunner[] runners = [.. new[] { slow, quick, none }.Select(c => new ChannelRunner(c, "fake", new(), _clock, log))];
        await using var desk = new ChannelDesk(runners, _clock, ChannelSamples.Context(_clock).Log);
        int pictures = 0;
        desk.Start(() => new Beat(ChannelSamples.Start, OperationStatus.Actual, []), () => new Picture(ChannelSamples.Start, OperationStatus.Actual, "Camp", [], [$"{pictures++}"]));
        for (int i = 0; i < 120; i++)
        {
            foreach (ChannelRunner r in runners) await r.WhenParkedAsync();
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }
        foreach (ChannelRunner r in runners) await r.WhenParkedAsync();
        Assert.Equal(2, none.Names.Length);
        Assert.InRange(quick.Shown.Count, 12, 13);
        Assert.InRange(slow.Shown.Count, 4, 5);
        string[] ended = [.. slow.Shown.SelectMany(p => p.Ended)];
        Assert.Equal(ended.Distinct(), ended);
        Assert.Equal(Enumerable.Range(0, ended.Length).Select(n => $"{n}"), ended);
    }
}
