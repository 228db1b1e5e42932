using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.Mqtt;

namespace Tocsin.Server.Tests.Channels.Mqtt;

/// <summary>A siren played by the test at a real broker: what it is told, and what is said of it when it answers, fails or is silent.</summary>
public sealed class SirenTests : IAsyncLifetime
{
    private const string Command = "tocsin/camp/siren/S1/command", State = "tocsin/camp/siren/S1/state";
    private static readonly CancellationToken s_stop = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 1, 15, 2, 59, 0, TimeSpan.Zero));
    private readonly List<string> _told = [];
    private Broker? _broker;
    private Listener? _siren;
    private MqttChannel? _channel;

    public async ValueTask InitializeAsync()
    {
        _broker = await Broker.StartAsync();
        _siren = await Listener.OpenAsync(_broker.Port, "tocsin/camp/siren/S1/command");
        Make(new TimeOnly(3, 0));
    }

    private void Make(TimeOnly? selfTestAt)
    {
        MqttSettings settings = new() { Host = "127.0.0.1", Port = _broker!.Port, ClientId = "tocsin-camp", BaseTopic = "tocsin/camp", SelfTestAt = selfTestAt };
        _channel = new MqttChannel("mqtt", settings, ChannelSamples.Context(_clock));
        _channel.Listen(what =>
        {
            lock (_told) _told.Add(what);
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null) await _channel.DisposeAsync();
        if (_siren is not null) await _siren.DisposeAsync();
        _broker?.Dispose();
    }

    private static WarningMessage M(int revision, WarningAct act, string zone = "Z1", int warning = 1) => ChannelSamples.Message(warning, revision, act, zone);

    private Task BeatAsync(params WarningMessage[] open) => _channel!.BeatAsync(new Beat(ChannelSamples.Start.AddSeconds(30), OperationStatus.Actual, [.. open]), s_stop);

    private async Task<JsonElement[]> CommandsAsync(int count)
    {
        await Eventually.TrueAsync(() => _siren!.Heard.Count >= count, $"{count} commands");
        return [.. _siren!.Heard.Select(h =>
        {
            using JsonDocument d = JsonDocument.Parse(h.Text);
            return d.RootElement.Clone();
        })];
    }

    private static string[] Sounds(JsonElement[] commands) => [.. commands.Select(c => $"{c.GetProperty("sound")} {c.GetProperty("identity").GetString()!.Split('.')[^1]}.{c.GetProperty("revision")}")];

    private async Task SayAsync(string text)
    {
        double? before = _channel!.Sirens[0].HeardS;
        await _siren!.SayAsync(State, text);
        await Eventually.TrueAsync(() => _channel.Sirens[0].HeardS is 0 && before is not 0, "the siren is heard");
        _clock.Advance(TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task It_is_told_to_warn_at_the_raise_and_over_when_the_last_of_its_zones_is()
    {
        await _channel!.SendAsync(M(1, WarningAct.Raised), s_stop);
        await _channel.SendAsync(M(2, WarningAct.Updated), s_stop);
        await _channel.SendAsync(M(1, WarningAct.Raised, "Z/2", 2), s_stop);
        await _channel.SendAsync(M(3, WarningAct.Over), s_stop);
        await _channel.SendAsync(M(2, WarningAct.Over, "Z/2", 2), s_stop);
        JsonElement[] commands = await CommandsAsync(3);
        Assert.Equal(["warn W1.1", "warn W2.1", "over W2.2"], Sounds(commands));
        Assert.Equal(("Z1", "shelter", "actual"), (commands[0].GetProperty("zone").GetString(), commands[0].GetProperty("advice").GetString(), commands[0].GetProperty("status").GetString()));
        Assert.DoesNotContain(_siren!.Heard, h => h.Retained);
    }

    [Fact]
    public async Task A_command_that_nobody_acknowledges_is_repeated_and_reported_and_an_acknowledgement_ends_that()
    {
        WarningMessage open = M(1, WarningAct.Raised);
        await _channel!.SendAsync(open, s_stop);
        for (int i = 0; i < 2; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            await BeatAsync(open);
        }
        Assert.Equal(["warn W1.1", "warn W1.1", "warn W1.1"], Sounds(await CommandsAsync(3)));
        Assert.Equal("siren S1 has not acknowledged \"warn\" of camp.20270115T0800Z.W1", _channel.Note);
        await SayAsync("""{"sound":"warn","identity":"camp.20270115T0800Z.W1","revision":1}""");
        Assert.Equal("", _channel.Note);
        Assert.Equal(["siren S1 has not acknowledged \"warn\" of camp.20270115T0800Z.W1", "siren S1 is well again"], _told);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await BeatAsync(open);
        Assert.Equal(3, (await CommandsAsync(3)).Length);
    }

    [Fact]
    public async Task A_self_test_ends_with_what_the_siren_says()
    {
        await BeatAsync();
        Task<SelfTestResult> test = _channel!.SelfTestAsync("S1", s_stop);
        JsonElement command = Assert.Single(await CommandsAsync(1));
        Assert.Equal("selftest", command.GetProperty("sound").GetString());
        await SayAsync($$"""{"selfTest":"pass","identity":"{{command.GetProperty("identity")}}"}""");
        Assert.Equal(SelfTestResult.Passed, await test);

        test = _channel.SelfTestAsync("S1", s_stop);
        await CommandsAsync(2);
        await SayAsync("""{"selfTest":"fail"}""");
        Assert.Equal(SelfTestResult.Failed, await test);
        Assert.Equal("siren S1 failed its self-test", _channel.Note);

        test = _channel.SelfTestAsync("S1", s_stop);
        await CommandsAsync(3);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(SelfTestResult.NoAnswer, await test);
        Assert.Equal("siren S1 gave no result of its self-test", _channel.Note);
        Assert.Equal(SelfTestResult.Refused, await _channel.SelfTestAsync("S9", s_stop));
    }

    [Fact]
    public async Task A_siren_that_warns_is_not_tested_and_can_be_silenced()
    {
        await _channel!.SendAsync(M(1, WarningAct.Raised), s_stop);
        Assert.Equal(SelfTestResult.Refused, await _channel.SelfTestAsync("S1", s_stop));
        _clock.Advance(TimeSpan.FromMinutes(2));
        await BeatAsync(M(1, WarningAct.Raised));
        Assert.DoesNotContain("selftest", (await CommandsAsync(1)).Select(c => c.GetProperty("sound").GetString()));
        Assert.True(await _channel.SirenOffAsync("S1", s_stop));
        await Eventually.TrueAsync(() => _siren!.Heard.Last().Text.Contains("\"off\"", StringComparison.Ordinal), "it is silenced");
    }

    [Fact]
    public async Task The_daily_self_test_comes_once_a_day_at_its_time()
    {
        await BeatAsync();
        Assert.Empty(_siren!.Heard);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await BeatAsync();
        await BeatAsync();
        Assert.Equal("selftest", Assert.Single(await CommandsAsync(1)).GetProperty("sound").GetString());
        _clock.Advance(TimeSpan.FromDays(1));
        await BeatAsync();
        Assert.Equal(2, (await CommandsAsync(2)).Length);
    }

    [Fact]
    public async Task A_silent_siren_is_reported_by_its_own_period_and_rubbish_from_it_harms_nothing()
    {
        Make(selfTestAt: null);
        await BeatAsync();
        Assert.Equal("", _channel!.Note);
        _clock.Advance(TimeSpan.FromSeconds(181));
        await BeatAsync();
        Assert.Equal("siren S1 has never been heard", _channel.Note);
        await SayAsync("""{"reportEveryS":10}""");
        Assert.Equal("", _channel.Note);
        _clock.Advance(TimeSpan.FromSeconds(31));
        await BeatAsync();
        Assert.Equal("siren S1 has not been heard for more than 30 s", _channel.Note);
        foreach (string rubbish in new[] { "", "[1,2]", "{\"identity\":7,\"revision\":\"x\",\"reportEveryS\":-1,\"fault\":null}", "{\"a\":" + new string('[', 100), "hello" }) await SayAsync(rubbish);
        Assert.Equal("", _channel.Note);
        await SayAsync("{\"fault\":\"battery\\u0007 low" + new string('!', 500) + "\"}");
        Assert.StartsWith("siren S1 reports a fault: battery low!", _channel.Note, StringComparison.Ordinal);
        Assert.InRange(_channel.Note.Length, 100, 160);
        await SayAsync("""{"fault":null}""");
        Assert.Equal("", _channel.Note);
    }
}
