using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Channels.Mqtt;

/// <summary>Warnings on an MQTT broker: the retained state of each zone, an alarm for simple sirens, commands for those that answer, and Home Assistant's discovery.</summary>
/// <remarks>Everything goes out with QoS 1 (OASIS MQTT 5.0, 4.3.2; MQTT 3.1.1 alike) and counts as sent when the broker has acknowledged it. A new connection is made by the next
/// message or beat, whichever comes first; then all retained states are published again, the warned zones first.</remarks>
public sealed class MqttChannel : Channel, ITellingChannel
{
    private readonly MqttSettings _settings;
    private readonly ChannelContext _context;
    private readonly MqttTopics _topics;
    private readonly ZoneTable _zones;
    private readonly SirenDesk _sirens;
    private readonly Queue<MqttPublication> _discovery = new();
    private MqttConnection? _connection;

    /// <summary>Makes the channel; it connects at its first message or beat.</summary>
    public MqttChannel(string name, MqttSettings settings, ChannelContext context) : base(name)
    {
        (_settings, _context) = (settings, context);
        _topics = new MqttTopics(settings.BaseTopic, settings.ExerciseOnRealTopics);
        (_zones, _sirens) = (NewZones(), NewSirens());
    }

    /// <inheritdoc/>
    public override TimeSpan BeatEvery => TimeSpan.FromSeconds(_settings.HeartbeatS);

    /// <summary>The site's sirens, in the order of their ids; none where the configuration has them off.</summary>
    public ImmutableArray<SirenState> Sirens => _sirens.States;

    /// <inheritdoc/>
    public string Note => _sirens.Note;

    /// <summary>Reads the keys of <see cref="MqttSettings"/>.</summary>
    public static Channel? Read(ConfigSection section, ChannelContext context)
    {
        string name = ChannelKinds.NameIn(section, "mqtt");
        return MqttSettings.Read(section, context.SiteKey) is { } settings ? new MqttChannel(name, settings, context) : null;
    }

    /// <inheritdoc/>
    public void Listen(Action<string> tell) => _sirens.Listen(tell);

    /// <inheritdoc/>
    public override int Together => MqttLimits.InFlight;

    /// <inheritdoc/>
    public override Task SendAsync(WarningMessage message, CancellationToken stop) => SendTogetherAsync([message], stop);

    /// <inheritdoc/>
    public override Task SendTogetherAsync(ImmutableArray<WarningMessage> messages, CancellationToken stop) =>
        WithConnectionAsync(connection => SayAsync(messages, _zones, _sirens, p => connection.PublishAsync(p, stop)), stop);

    /// <inheritdoc/>
    public override void Rehearse(WarningMessage message, Picture picture) => SayAsync([message], NewZones(), NewSirens(), publications =>
    {
        foreach (MqttPublication p in publications) MqttConnection.MessageOf(p, _settings);
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override Task BeatAsync(Beat beat, CancellationToken stop) => WithConnectionAsync(async connection =>
    {
        _zones.Beat(beat);
        await PublishZonesAsync(connection, warnedOnly: false, beat.Time, stop).ConfigureAwait(false);
        await connection.PublishAsync([Heartbeat(beat), .. _sirens.Beat(_zones.IsWarned)], stop).ConfigureAwait(false);
        while (_discovery.Count > 0)
        {
            await connection.PublishAsync(_discovery.Take(MqttLimits.InFlight), stop).ConfigureAwait(false);
            for (int i = 0; i < MqttLimits.InFlight && _discovery.Count > 0; i++) _discovery.Dequeue();
        }
    }, stop);

    /// <summary>Has one siren test itself without a sound, and waits for its result. Any thread may ask.</summary>
    public async Task<SelfTestResult> SelfTestAsync(string sirenId, CancellationToken stop)
    {
        if (_sirens.SelfTest(sirenId) is not { } test) return SelfTestResult.Refused;
        try
        {
            if (_connection is not { IsOpen: true } connection) throw new ChannelException("no connection");
            await connection.PublishAsync([test.Publication], stop).ConfigureAwait(false);
            return await test.Result.WaitAsync(TimeSpan.FromSeconds(_settings.SirenAnswerS), _context.Clock, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChannelException or TimeoutException)
        {
            _sirens.NoAnswer(sirenId);
            return SelfTestResult.NoAnswer;
        }
    }

    /// <summary>Silences one siren, whatever it was told. Any thread may ask.</summary>
    /// <returns>Whether the broker has the command.</returns>
    public async Task<bool> SirenOffAsync(string sirenId, CancellationToken stop)
    {
        if (_connection is not { IsOpen: true } connection || _sirens.Off(sirenId) is not { } off) return false;
        try
        {
            await connection.PublishAsync([off], stop).ConfigureAwait(false);
            return true;
        }
        catch (ChannelException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_connection is { IsOpen: true } connection)
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(ChannelLimits.CloseS / 2), _context.Clock);
            try
            {
                await connection.PublishAsync([Availability("offline")], stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ChannelException or OperationCanceledException)
            {
                // Then the broker says so, by the last will.
            }
            await connection.CloseAsync(stop.Token).ConfigureAwait(false);
        }
        await DropAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task SayAsync(ImmutableArray<WarningMessage> messages, ZoneTable table, SirenDesk sirens, Func<IEnumerable<MqttPublication>, Task> publish)
    {
        // A message that is older than what stands has nothing to say; it counts as delivered, since the newer one was.
        WarningMessage[] news = [.. messages.Where(table.Take)];
        ZoneTable.ZonePublications[] zones = [.. news.Select(table.DueFor)];
        // What makes a noise goes first, and together. What is read comes after its acknowledgement, so that this one is not held back (see MqttConnection).
        await publish([.. zones.Select(z => z.Alarm), .. news.SelectMany(m => sirens.Commands(m, id => table.IsWarned(m.Status, id)))]).ConfigureAwait(false);
        await publish(zones.Select(z => z.State)).ConfigureAwait(false);
        foreach (ZoneTable.ZonePublications z in zones) ZoneTable.Published(z.Zone);
    }

    private ZoneTable NewZones() => new(_context.Zones, _context.Status, _topics, _context.Clock, _settings.HeartbeatS);

    private SirenDesk NewSirens() => new(_context.Site.Definition.Sirens, _context.Status, _topics, _settings, _context.Clock);

    private async Task WithConnectionAsync(Func<MqttConnection, Task> what, CancellationToken stop)
    {
        try
        {
            if (_connection is not { IsOpen: true }) await ConnectAsync(stop).ConfigureAwait(false);
            await what(_connection!).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // What the broker has of a broken exchange is not known: the next try begins with a new connection.
            await DropAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task ConnectAsync(CancellationToken stop)
    {
        await DropAsync().ConfigureAwait(false);
        MqttConnection connection = await MqttConnection.OpenAsync(_settings, Availability("offline"), _sirens.Filters, _sirens.Hear, stop).ConfigureAwait(false);
        _connection = connection;
        _zones.ForgetPublished();
        _discovery.Clear();
        if (_settings.DiscoveryPrefix is { } prefix)
            foreach (MqttPublication p in HomeAssistant.Discovery(prefix, _context.SiteKey, _context.Site.Definition.Name, _context.Status, _context.Zones, _topics, _settings.HeartbeatS)) _discovery.Enqueue(p);
        await PublishZonesAsync(connection, warnedOnly: true, null, stop).ConfigureAwait(false);
        await connection.PublishAsync([Availability("online")], stop).ConfigureAwait(false);
    }

    private async Task PublishZonesAsync(MqttConnection connection, bool warnedOnly, Instant? time, CancellationToken stop)
    {
        // In portions, so that a try that is cut short by its time-out leaves less for the next one.
        foreach (ZoneTable.ZonePublications[] portion in _zones.Due(warnedOnly, time).Chunk(MqttLimits.InFlight))
        {
            await connection.PublishAsync(portion.SelectMany(z => new[] { z.Alarm, z.State }), stop).ConfigureAwait(false);
            foreach (ZoneTable.ZonePublications zone in portion) ZoneTable.Published(zone.Zone);
        }
    }

    private async ValueTask DropAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } old) await old.DisposeAsync().ConfigureAwait(false);
    }

    private MqttPublication Availability(string text) => new(_topics.Availability(_context.Status), Encoding.ASCII.GetBytes(text), Retain: true, Json: false);

    private MqttPublication Heartbeat(Beat beat)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WarningMessageJson.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("site", _context.Site.Definition.Name);
            json.WriteString("time", beat.Time.ToString());
            json.WriteString("status", MqttNames.Of(beat.Status));
            json.WriteNumber("everyS", _settings.HeartbeatS);
            json.WriteBoolean("protected", true);
            json.WriteEndObject();
        }
        return new MqttPublication(_topics.Heartbeat(beat.Status), buffer.WrittenSpan.ToArray(), Retain: false, (uint)Math.Ceiling(MqttLimits.MissedBeats * _settings.HeartbeatS));
    }
}
