using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.Mqtt;

namespace Tocsin.Server.Tests.Channels.Mqtt;

public sealed class MqttChannelTests
{
    private static readonly CancellationToken s_stop = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 1, 15, 2, 59, 0, TimeSpan.Zero));

    private MqttChannel Channel(Broker broker, Func<MqttSettings, MqttSettings>? with = null, OperationStatus status = OperationStatus.Actual)
    {
        MqttSettings settings = new() { Host = "127.0.0.1", Port = broker.Port, ClientId = "tocsin-camp", BaseTopic = "tocsin/camp", DiscoveryPrefix = "homeassistant" };
        return new MqttChannel("mqtt", with?.Invoke(settings) ?? settings, ChannelSamples.Context(_clock, status));
    }

    private static Beat Beat(params WarningMessage[] open) => new(ChannelSamples.Start.AddSeconds(30), OperationStatus.Actual, [.. open]);

    private static WarningMessage M(int revision, WarningAct act, string zone = "Z1", OperationStatus status = OperationStatus.Actual, int warning = 1) => ChannelSamples.Message(warning, revision, act, zone, status);

    /// <summary>What a newcomer is given at once, by topic: what the broker retains.</summary>
    private static async Task<Dictionary<string, string>> RetainedAsync(Broker broker)
    {
        await using Listener newcomer = await Listener.OpenAsync(broker.Port);
        await newcomer.SayAsync("test/end", "");
        await Eventually.TrueAsync(() => newcomer.Heard.Any(h => h.Topic == "test/end"), "the broker answers");
        return newcomer.Heard.Where(h => h.Retained).ToDictionary(h => h.Topic, h => h.Text, StringComparer.Ordinal);
    }

    private static JsonElement Json(string text)
    {
        using JsonDocument d = JsonDocument.Parse(text);
        return d.RootElement.Clone();
    }

    [Fact]
    public async Task What_was_rehearsed_is_news_when_it_comes()
    {
        using Broker broker = await Broker.StartAsync();
        await using MqttChannel channel = Channel(broker);
        var nothing = new Picture(ChannelSamples.Start, OperationStatus.Actual, "Camp", [], []);
        channel.Rehearse(M(1, WarningAct.Raised), nothing);
        channel.Rehearse(M(2, WarningAct.Over), nothing);
        await channel.BeatAsync(Beat(), s_stop);
        Assert.Equal("OFF", (await RetainedAsync(broker))["tocsin/camp/zone/Z1/alarm"]);
        await channel.SendAsync(M(1, WarningAct.Raised), s_stop);
        Assert.Equal("ON", (await RetainedAsync(broker))["tocsin/camp/zone/Z1/alarm"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_zone_is_clear_then_warned_then_over_then_clear_and_the_broker_retains_each(bool version5)
    {
        using Broker broker = await Broker.StartAsync();
        await using MqttChannel channel = Channel(broker, s => s with { Version5 = version5 });
        await channel.BeatAsync(Beat(), s_stop);
        Dictionary<string, string> retained = await RetainedAsync(broker);
        Assert.Equal(("online", "OFF", "OFF"), (retained["tocsin/camp/status"], retained["tocsin/camp/zone/Z1/alarm"], retained["tocsin/camp/zone/Z%2F2/alarm"]));
        Assert.Equal("clear", Json(retained["tocsin/camp/zone/Z1/state"]).GetProperty("state").GetString());

        await channel.SendAsync(M(1, WarningAct.Raised), s_stop);
        await channel.SendAsync(M(2, WarningAct.Updated), s_stop);
        retained = await RetainedAsync(broker);
        Assert.Equal(("ON", "OFF"), (retained["tocsin/camp/zone/Z1/alarm"], retained["tocsin/camp/zone/Z%2F2/alarm"]));
        JsonElement state = Json(retained["tocsin/camp/zone/Z1/state"]);
        Assert.Equal(("warned", "actual", "shelter", 2), (state.GetProperty("state").GetString(), state.GetProperty("status").GetString(), state.GetProperty("advice").GetString(), state.GetProperty("revision").GetInt32()));
        Assert.Equal("camp.20270115T0800Z.W1", state.GetProperty("identity").GetString());
        Assert.Equal("2027-01-15T08:00:20.000Z", state.GetProperty("impactTime").GetString());
        Assert.Equal("إلى الملجأ", state.GetProperty("texts").GetProperty("ar").GetProperty("instruction").GetString());
        // A zone and its state: nothing of tracks, points or probabilities.
        Assert.DoesNotContain(retained.Where(r => r.Key.StartsWith("tocsin/", StringComparison.Ordinal)), r => r.Value.Contains("T7", StringComparison.Ordinal) || r.Value.Contains("0.75", StringComparison.Ordinal) || r.Value.Contains("44.1", StringComparison.Ordinal));

        await channel.SendAsync(M(3, WarningAct.Retracted), s_stop);
        retained = await RetainedAsync(broker);
        state = Json(retained["tocsin/camp/zone/Z1/state"]);
        Assert.Equal(("OFF", "over", true), (retained["tocsin/camp/zone/Z1/alarm"], state.GetProperty("state").GetString(), state.GetProperty("retracted").GetBoolean()));

        // A repeat of the raise after the end, as at-least-once delivery may bring it, sets nothing off.
        await channel.SendAsync(M(1, WarningAct.Raised), s_stop);
        _clock.Advance(TimeSpan.FromSeconds(601));
        await channel.BeatAsync(Beat(), s_stop);
        retained = await RetainedAsync(broker);
        Assert.Equal(("OFF", "clear"), (retained["tocsin/camp/zone/Z1/alarm"], Json(retained["tocsin/camp/zone/Z1/state"]).GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Mqtt_5_messages_expire_and_name_their_warning()
    {
        using Broker broker = await Broker.StartAsync();
        await using Listener listener = await Listener.OpenAsync(broker.Port);
        await using MqttChannel channel = Channel(broker);
        await channel.SendAsync(M(1, WarningAct.Raised), s_stop);
        await Eventually.TrueAsync(() => listener.Last("tocsin/camp/zone/Z1/state") is not null, "the state arrives");
        MqttApplicationMessage alarm = listener.Heard.First(h => h.Topic == "tocsin/camp/zone/Z1/alarm").Message;
        Assert.InRange(alarm.MessageExpiryInterval, 59u, 60u);
        Assert.Equal(["identity=camp.20270115T0800Z.W1", "revision=1", "status=actual"], alarm.UserProperties.Select(p => p.Name + "=" + Encoding.UTF8.GetString(p.ValueBuffer.Span)));
        Assert.Equal(1, (int)alarm.QualityOfServiceLevel);
        // The alarm goes before everything else that the message brings.
        Assert.Equal("tocsin/camp/zone/Z1/alarm", listener.Heard.First(h => h.Message.UserProperties?.Count > 0).Topic);
    }

    [Fact]
    public async Task What_the_broker_would_soon_forget_is_told_again_while_the_warning_stands()
    {
        using Broker broker = await Broker.StartAsync();
        await using Listener listener = await Listener.OpenAsync(broker.Port, "tocsin/camp/zone/Z1/alarm");
        await using MqttChannel channel = Channel(broker);
        WarningMessage open = M(1, WarningAct.Raised);
        await channel.SendAsync(open, s_stop);
        for (int i = 0; i < 12; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            await channel.BeatAsync(Beat(open), s_stop);
        }
        await Eventually.TrueAsync(() => listener.Heard.Count(h => h.Text == "ON") >= 3, "the alarm is told again");
        Assert.DoesNotContain(listener.Heard, h => h.Text == "OFF");
        // A beat without it is the last word where the end itself was given up.
        await channel.BeatAsync(Beat(), s_stop);
        await Eventually.TrueAsync(() => listener.Heard.Any(h => h.Text == "OFF"), "the beat clears it");
    }

    [Fact]
    public async Task A_drill_never_touches_the_real_topics_unless_the_configuration_says_so()
    {
        using Broker broker = await Broker.StartAsync();
        await using Listener listener = await Listener.OpenAsync(broker.Port, "tocsin/#");
        await using (MqttChannel channel = Channel(broker))
        {
            await channel.SendAsync(M(1, WarningAct.Raised, status: OperationStatus.Exercise), s_stop);
            await channel.SendAsync(M(1, WarningAct.Raised, "Z/2", OperationStatus.Test, warning: 2), s_stop);
            await channel.SendAsync(M(2, WarningAct.Over, status: OperationStatus.Exercise), s_stop);
        }
        await Eventually.TrueAsync(() => listener.Last("tocsin/camp/status") == "offline", "the channel takes leave");
        Assert.Equal(["tocsin/camp/status"], listener.Heard.Select(h => h.Topic).Where(t => !t.StartsWith("tocsin/camp/exercise/", StringComparison.Ordinal)).Distinct());
        Assert.Equal("OFF", listener.Last("tocsin/camp/exercise/zone/Z1/alarm"));
        JsonElement state = Json(listener.Last("tocsin/camp/exercise/zone/Z%2F2/state")!);
        Assert.Equal(("test", true), (state.GetProperty("status").GetString(), state.GetProperty("drill").GetBoolean()));
        Assert.Equal("warn", Json(listener.Heard.First(h => h.Topic == "tocsin/camp/exercise/siren/S1/command").Text).GetProperty("sound").GetString());

        await using MqttChannel allowed = Channel(broker, s => s with { ExerciseOnRealTopics = true });
        await allowed.SendAsync(M(1, WarningAct.Raised, status: OperationStatus.Exercise), s_stop);
        await Eventually.TrueAsync(() => listener.Last("tocsin/camp/zone/Z1/alarm") == "ON", "the drill sounds where that is wanted");
        await Eventually.TrueAsync(() => listener.Last("tocsin/camp/zone/Z1/state") is { } s && Json(s).GetProperty("drill").GetBoolean(), "and is marked");
    }

    [Fact]
    public async Task A_server_that_dies_is_offline_by_its_last_will()
    {
        using Broker broker = await Broker.StartAsync();
        await using Listener listener = await Listener.OpenAsync(broker.Port, "tocsin/camp/status");
        MqttSettings settings = new() { Host = "127.0.0.1", Port = broker.Port, ClientId = "tocsin-camp", BaseTopic = "tocsin/camp" };
        MqttConnection dying = await MqttConnection.OpenAsync(settings, new MqttPublication("tocsin/camp/status", Encoding.ASCII.GetBytes("offline"), Retain: true, Json: false), [], (_, _, _) => { }, s_stop);
        await dying.PublishAsync([new MqttPublication("tocsin/camp/status", Encoding.ASCII.GetBytes("online"), Retain: true, Json: false)], s_stop);
        await Eventually.TrueAsync(() => listener.Last("tocsin/camp/status") == "online", "birth");
        // Its socket is closed without a word, as the kernel does for a killed process.
        await dying.DisposeAsync();
        await Eventually.TrueAsync(() => listener.Last("tocsin/camp/status") == "offline", "last will");
        Assert.Equal("offline", (await RetainedAsync(broker))["tocsin/camp/status"]);
    }

    [Fact]
    public async Task A_warning_offered_while_the_broker_is_down_arrives_when_it_is_back_and_the_retained_state_is_right_again()
    {
        using Broker broker = await Broker.StartAsync();
        var log = new FakeChannelLog(_clock);
        await using var runner = new ChannelRunner(Channel(broker), "mqtt", new(), _clock, log);
        runner.Start();
        runner.Offer(M(1, WarningAct.Raised));
        await log.Waits.UntilAsync(() => log.Lines.Length == 1);
        broker.Kill();
        runner.Offer(M(1, WarningAct.Raised, "Z/2", warning: 2));
        await log.Waits.UntilAsync(() => log.States.Any(s => s.State.State == ChannelHealth.Failing));
        Assert.Contains("127.0.0.1:" + broker.Port, runner.State.Note, StringComparison.Ordinal);
        Assert.Equal("camp.20270115T0800Z.W2", Assert.Single(runner.Pending).Identity);
        await broker.StartAgainAsync();
        await using Listener listener = await Listener.OpenAsync(broker.Port, "tocsin/#");
        while (!log.Lines.Any(l => l.StartsWith("mqtt sent W2.1", StringComparison.Ordinal)))
        {
            await runner.WhenParkedAsync().WaitAsync(TimeSpan.FromSeconds(60), s_stop);
            _clock.Advance(TimeSpan.FromSeconds(0.5));
        }
        Assert.Equal("camp.20270115T0800Z.W2", Json((await RetainedAsync(broker))["tocsin/camp/zone/Z%2F2/state"]).GetProperty("identity").GetString());
        // The broker had kept nothing; the other zone's alarm is back all the same.
        Assert.Equal("ON", (await RetainedAsync(broker))["tocsin/camp/zone/Z1/alarm"]);
    }

    [Fact]
    public async Task Home_Assistant_is_told_what_its_documents_ask_for()
    {
        using Broker broker = await Broker.StartAsync();
        await using MqttChannel channel = Channel(broker);
        await channel.BeatAsync(Beat(), s_stop);
        Dictionary<string, JsonElement> configs = (await RetainedAsync(broker)).Where(r => r.Key.StartsWith("homeassistant/", StringComparison.Ordinal)).ToDictionary(r => r.Key, r => Json(r.Value), StringComparer.Ordinal);
        Assert.Equal(7, configs.Count);
        foreach ((string topic, JsonElement c) in configs)
        {
            string[] levels = topic.Split('/');
            Assert.Equal((4, "config"), (levels.Length, levels[3]));
            Assert.Contains(levels[1], (string[])["binary_sensor", "sensor"]);
            // The object id is the unique id, of the characters that discovery topics allow.
            Assert.Equal(levels[2], c.GetProperty("unique_id").GetString());
            Assert.Matches("^[a-zA-Z0-9_-]+$", levels[2]);
            Assert.Equal("tocsin/camp/status", c.GetProperty("availability")[0].GetProperty("topic").GetString());
            Assert.Equal("tocsin_camp", c.GetProperty("device").GetProperty("identifiers")[0].GetString());
            Assert.Equal("Tocsin", c.GetProperty("origin").GetProperty("name").GetString());
        }
        JsonElement alarm = configs["homeassistant/binary_sensor/tocsin_camp_Z_2f2_alarm/config"];
        Assert.Equal(("safety", "tocsin/camp/zone/Z%2F2/alarm", "ON", "OFF"), (alarm.GetProperty("device_class").GetString(), alarm.GetProperty("state_topic").GetString(), alarm.GetProperty("payload_on").GetString(), alarm.GetProperty("payload_off").GetString()));
        Assert.Equal("timestamp", configs["homeassistant/sensor/tocsin_camp_Z1_impact/config"].GetProperty("device_class").GetString());
        Assert.Equal(15, configs["homeassistant/binary_sensor/tocsin_camp_heard/config"].GetProperty("expire_after").GetInt32());
    }

    [Fact]
    public async Task The_heartbeat_says_how_often_it_comes_and_is_not_retained()
    {
        using Broker broker = await Broker.StartAsync();
        await using Listener listener = await Listener.OpenAsync(broker.Port, "tocsin/camp/heartbeat");
        await using MqttChannel channel = Channel(broker);
        await channel.BeatAsync(Beat(), s_stop);
        await Eventually.TrueAsync(() => !listener.Heard.IsEmpty, "a heartbeat");
        JsonElement beat = Json(listener.Heard.First().Text);
        Assert.Equal((5.0, true, "actual"), (beat.GetProperty("everyS").GetDouble(), beat.GetProperty("protected").GetBoolean(), beat.GetProperty("status").GetString()));
        Assert.DoesNotContain("tocsin/camp/heartbeat", (await RetainedAsync(broker)).Keys);
        Assert.Equal(channel.BeatEvery, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task An_exercise_site_has_topics_of_its_own_for_everything()
    {
        using Broker broker = await Broker.StartAsync();
        await using Listener listener = await Listener.OpenAsync(broker.Port, "#");
        await using MqttChannel channel = Channel(broker, status: OperationStatus.Exercise);
        await channel.BeatAsync(Beat() with { Status = OperationStatus.Exercise }, s_stop);
        await Eventually.TrueAsync(() => listener.Heard.Any(h => h.Topic == "tocsin/camp/exercise/heartbeat"), "a heartbeat");
        Assert.All(listener.Heard.Where(h => h.Topic.StartsWith("tocsin/", StringComparison.Ordinal)), h => Assert.StartsWith("tocsin/camp/exercise/", h.Topic, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tls_with_an_authority_of_ones_own_and_a_client_certificate()
    {
        using Broker broker = await Broker.StartAsync(folder =>
        {
            TestAuthority.Write(folder);
            return $"cafile {folder}/ca.pem\ncertfile {folder}/server.pem\nkeyfile {folder}/server.key\nrequire_certificate true\nuse_identity_as_username true\n";
        });
        string folder = broker.Folder;
        string Section(string host, string ca, bool certificate = true) => JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["host"] = host,
            ["port"] = broker.Port,
            ["tls"] = true,
            ["caFile"] = $"{folder}/{ca}",
            ["certificateFile"] = certificate ? $"{folder}/client.pem" : null,
            ["keyFile"] = certificate ? $"{folder}/client.key" : null,
            ["sirens"] = false,
        });
        async Task<Exception?> TryAsync(string json)
        {
            (MqttSettings? settings, _) = ChannelSamples.Read(json, s => MqttSettings.Read(s, "camp"));
            await using MqttChannel channel = new("mqtt", settings!, ChannelSamples.Context(_clock));
            return await Record.ExceptionAsync(() => channel.SendAsync(M(1, WarningAct.Raised), s_stop));
        }
        Assert.Null(await TryAsync(Section("localhost", "ca.pem")));
        Assert.Contains("certificate is not trusted", (await TryAsync(Section("localhost", "other.pem")))!.Message, StringComparison.Ordinal);
        // The certificate is of localhost, not of the address.
        Assert.Contains("certificate is not trusted", (await TryAsync(Section("127.0.0.1", "ca.pem")))!.Message, StringComparison.Ordinal);
        Assert.IsType<ChannelException>(await TryAsync(Section("localhost", "ca.pem", certificate: false)));
    }

    [Fact]
    public async Task A_wrong_password_is_said_without_the_password()
    {
        using Broker broker = await Broker.StartAsync(_ => "allow_anonymous false");
        await using MqttChannel channel = Channel(broker, s => s with { User = "tocsin", Password = "hunter2hunter2" });
        ChannelException e = await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(M(1, WarningAct.Raised), s_stop));
        Assert.Contains("refuses us", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mosquittos_own_client_reads_it()
    {
        using Broker broker = await Broker.StartAsync();
        await using MqttChannel channel = Channel(broker, s => s with { Version5 = false });
        await channel.SendAsync(M(1, WarningAct.Raised), s_stop);
        Assert.SkipUnless(File.Exists("/usr/bin/mosquitto_sub"), "mosquitto_sub is not here");
        using Process client = Process.Start(new ProcessStartInfo("/usr/bin/mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-V", "311", "-t", "tocsin/camp/zone/+/alarm", "-C", "1", "-W", "10", "-v"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string text = await client.StandardOutput.ReadToEndAsync(s_stop);
        await client.WaitForExitAsync(s_stop);
        Assert.Equal("tocsin/camp/zone/Z1/alarm ON", text.Trim());
    }
}
