using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Tocsin.Server.Channels.Mqtt;

/// <summary>What stands in each zone, by the messages sent so far, and the retained publications that say so. For one task.</summary>
/// <remarks>Real and other warnings of a zone stand apart where they have topics of their own; where a site has them share topics, the real one is shown.
/// A publication holds a zone and its state, and nothing that was measured.</remarks>
internal sealed class ZoneTable
{
    // Five languages take some three thousand.
    private const int StateBytes = 4_096;

    private sealed class Entry(ZonePlace zone, string root, OperationStatus status)
    {
        public ZonePlace Zone => zone;
        public string Root => root;
        public OperationStatus Status = status;
        public readonly Dictionary<string, WarningMessage> Open = new(StringComparer.Ordinal);
        public WarningMessage? End;
        public long EndedAt, RefreshAt = long.MaxValue;
        public bool Stale = true;
    }

    private readonly MqttTopics _topics;
    private readonly TimeProvider _clock;
    private readonly double _leastExpiryS;
    private readonly Dictionary<(string Root, string Zone), Entry> _entries = [];
    private readonly HashSet<(string Identity, OperationStatus Status)> _ended = [];
    private readonly Queue<(string Identity, OperationStatus Status)> _endedOrder = new();

    /// <summary>Makes a table in which every zone is clear.</summary>
    public ZoneTable(IEnumerable<ZonePlace> zones, OperationStatus status, MqttTopics topics, TimeProvider clock, double heartbeatS)
    {
        (_topics, _clock, _leastExpiryS) = (topics, clock, MqttLimits.MissedBeats * heartbeatS);
        foreach (ZonePlace zone in zones) _entries.Add((topics.Root(status), zone.Id), new Entry(zone, topics.Root(status), status));
    }

    /// <summary>Whether a zone is warned on the topics of a status.</summary>
    public bool IsWarned(OperationStatus status, string zone) => IsWarned(_topics.Root(status), zone);

    /// <summary>Whether a zone is warned on the topics that begin so.</summary>
    public bool IsWarned(string root, string zone) => _entries.TryGetValue((root, zone), out Entry? e) && e.Open.Count > 0;

    /// <summary>Takes a message; false where a newer one of its warning has been taken.</summary>
    public bool Take(WarningMessage message)
    {
        Entry entry = Of(message);
        if (entry.Open.TryGetValue(message.Identity, out WarningMessage? known) && known.Revision > message.Revision) return false;
        if (!message.IsEnd && _ended.Contains((message.Identity, message.Status))) return false;
        entry.Stale = true;
        if (!message.IsEnd)
        {
            entry.Open[message.Identity] = message;
            return true;
        }
        entry.Open.Remove(message.Identity);
        (entry.End, entry.EndedAt) = (message, _clock.GetTimestamp());
        Remember((message.Identity, message.Status));
        return true;
    }

    /// <summary>Brings the table to what a beat says stands open, lets 'over' become clear, and finds what the broker would soon forget.</summary>
    public void Beat(Beat beat)
    {
        foreach (WarningMessage m in beat.Open)
            if (!Of(m).Open.TryGetValue(m.Identity, out WarningMessage? known) || known.Revision < m.Revision) Take(m);
        HashSet<string> open = new(beat.Open.Select(m => m.Identity), StringComparer.Ordinal);
        long now = _clock.GetTimestamp();
        foreach (Entry entry in _entries.Values)
        {
            foreach (WarningMessage m in entry.Open.Values.Where(m => m.Status == beat.Status && m.Time < beat.Time && !open.Contains(m.Identity)).ToArray())
            {
                // Its end was given up: the beat is what still tells of it.
                entry.Open.Remove(m.Identity);
                entry.Stale = true;
            }
            if (entry.End is not null && _clock.GetElapsedTime(entry.EndedAt, now).TotalSeconds >= MqttLimits.OverS) (entry.End, entry.Stale) = (null, true);
            if (entry.Open.Count > 0 && now >= entry.RefreshAt) entry.Stale = true;
        }
    }

    /// <summary>Everything is to be published again: the broker may have forgotten it.</summary>
    public void ForgetPublished()
    {
        foreach (Entry entry in _entries.Values) entry.Stale = true;
    }

    /// <summary>Publications of the zones that are not right at the broker, the warned ones first.</summary>
    /// <param name="warnedOnly">Whether the others can wait.</param>
    /// <param name="time">The site's clock; null where it is not known.</param>
    public IEnumerable<ZonePublications> Due(bool warnedOnly, Instant? time) => _entries.Values.Where(e => e.Stale && (!warnedOnly || e.Open.Count > 0))
        .OrderByDescending(e => e.Open.Count > 0).ToArray().Select(e => Publications(e, time));

    /// <summary>Publications of the zone that a message is about.</summary>
    public ZonePublications DueFor(WarningMessage message) => Publications(Of(message), message.Time);

    /// <summary>A zone's publications, and what to give to <see cref="Published"/> when the broker has them.</summary>
    public readonly record struct ZonePublications(object Zone, MqttPublication Alarm, MqttPublication State);

    private ZonePublications Publications(Entry entry, Instant? time)
    {
        WarningMessage? shown = Shown(entry);
        uint expiryS = 0;
        if (entry.Open.Count > 0 && shown is not null)
        {
            expiryS = (uint)Math.Ceiling(Math.Clamp(shown.Expires.SecondsSince(time is { } t && t > shown.Time ? t : shown.Time), _leastExpiryS, 86_400));
            entry.RefreshAt = _clock.GetTimestamp() + (long)(expiryS * 0.5 * _clock.TimestampFrequency);
        }
        string begin = $"{entry.Root}/zone/{MqttTopics.Level(entry.Zone.Id)}/";
        return new ZonePublications(entry,
            new MqttPublication(begin + "alarm", Encoding.ASCII.GetBytes(entry.Open.Count > 0 ? "ON" : "OFF"), Retain: true, expiryS, shown, Json: false),
            new MqttPublication(begin + "state", Json(entry, shown), Retain: true, expiryS, shown));
    }

    /// <summary>Notes that what <see cref="Due"/> gave for a zone is at the broker.</summary>
    public static void Published(object zone) => ((Entry)zone).Stale = false;

    private Entry Of(WarningMessage message)
    {
        string root = _topics.Root(message.Status);
        if (!_entries.TryGetValue((root, message.Zone.Id), out Entry? entry)) _entries.Add((root, message.Zone.Id), entry = new Entry(message.Zone, root, message.Status));
        return entry;
    }

    /// <summary>The message that a zone's state is told from: of the open ones a real one before others, then the one with the earliest impact; else the last end.</summary>
    private static WarningMessage? Shown(Entry entry) =>
        entry.Open.Values.OrderBy(m => m.Status == OperationStatus.Actual ? 0 : 1).ThenBy(m => m.ImpactTime).ThenBy(m => m.Identity, StringComparer.Ordinal).FirstOrDefault() ?? entry.End;

    private void Remember((string, OperationStatus) ended)
    {
        if (!_ended.Add(ended)) return;
        _endedOrder.Enqueue(ended);
        if (_endedOrder.Count > MqttLimits.EndedWarnings) _ended.Remove(_endedOrder.Dequeue());
    }

    private static byte[] Json(Entry entry, WarningMessage? shown)
    {
        bool warned = entry.Open.Count > 0;
        OperationStatus status = shown?.Status ?? entry.Status;
        var buffer = new ArrayBufferWriter<byte>(StateBytes);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WarningMessageJson.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("zone", entry.Zone.Id);
            json.WriteString("name", entry.Zone.Name);
            json.WriteString("state", warned ? "warned" : shown is null ? "clear" : "over");
            json.WriteString("status", MqttNames.Of(status));
            json.WriteBoolean("drill", status != OperationStatus.Actual);
            json.WriteString("identity", shown?.Identity);
            if (shown is null) json.WriteNull("revision");
            else json.WriteNumber("revision", shown.Revision);
            json.WriteString("advice", warned ? MqttNames.Of(shown!.Advice) : null);
            json.WriteString("impactTime", warned ? shown!.ImpactTime.ToString() : null);
            json.WriteString("expires", warned ? shown!.Expires.ToString() : null);
            json.WriteBoolean("retracted", shown?.Act == WarningAct.Retracted);
            json.WriteString("time", shown?.Time.ToString());
            json.WriteStartObject("texts");
            foreach (WarningText text in shown?.Texts ?? [])
            {
                json.WriteStartObject(text.Language);
                json.WriteString("headline", text.Headline);
                json.WriteString("instruction", text.Instruction);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
