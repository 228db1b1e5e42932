using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;

namespace Tocsin.Server.Page;

/// <summary>What operators see, as one stream of events, and the picture that it adds up to.</summary>
/// <remarks>The newest event of each subject (a track, a warning, a feed, …) is kept: together they are the snapshot that a new viewer gets. Events are collected
/// and sent ten times a second, but for those that cannot wait: warnings.</remarks>
public sealed class OperatorStream
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _standing = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _collected = new();
    private readonly Lock _sending = new();
    private readonly Broadcaster _broadcaster;

    /// <summary>Makes a stream with nothing in it.</summary>
    public OperatorStream(string epoch) => _broadcaster = new(epoch, "snapshot", Snapshot);

    /// <summary>Who listens.</summary>
    public Broadcaster Broadcaster => _broadcaster;

    /// <summary>Adds an event that is the newest of its subject.</summary>
    /// <param name="subject">What it is about; events of one subject replace one another in the snapshot. Null for one that leaves no trace there.</param>
    /// <param name="json">The event, one line.</param>
    public void Add(string? subject, ReadOnlySpan<byte> json)
    {
        lock (_gate)
        {
            if (subject is not null) _standing[subject] = json.ToArray();
            Collect(json);
        }
    }

    /// <inheritdoc cref="Add(string?, ReadOnlySpan{byte})"/>
    public void Add<T>(string? subject, T what, JsonTypeInfo<T> info) => Add(subject, JsonSerializer.SerializeToUtf8Bytes(what, info));

    /// <summary>Adds an event that ends subjects.</summary>
    public void End(ReadOnlySpan<byte> json, params ReadOnlySpan<string> subjects)
    {
        lock (_gate)
        {
            foreach (string s in subjects) _standing.Remove(s);
            Collect(json);
        }
    }

    /// <summary>The newest events of the subjects whose names begin so, in the order of a snapshot.</summary>
    public ImmutableArray<ShownEvent> Standing(params ReadOnlySpan<string> prefixes)
    {
        lock (_gate)
        {
            List<ShownEvent> found = [];
            foreach (string prefix in prefixes)
                found.AddRange(_standing.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new ShownEvent(s.Key, s.Value)));
            return [.. found];
        }
    }

    /// <summary>Changes words in a subject's newest event, for viewers to come: those who are here were told in another way.</summary>
    public void Amend(string subject, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        lock (_gate)
        {
            if (!_standing.TryGetValue(subject, out byte[]? json)) return;
            int at = json.AsSpan().LastIndexOf(from);
            if (at >= 0) _standing[subject] = [.. json.AsSpan(0, at), .. to, .. json.AsSpan(at + from.Length)];
        }
    }

    /// <summary>Forgets every subject whose name begins so: what a drill leaves behind.</summary>
    public void Forget(string prefix)
    {
        lock (_gate)
            foreach (string s in _standing.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToArray()) _standing.Remove(s);
    }

    /// <summary>Sends what was collected.</summary>
    public void Flush()
    {
        // One at a time, so that frames leave in the order of their events; and without the gate, as the broadcaster asks for snapshots under its own.
        lock (_sending)
        {
            byte[] events;
            lock (_gate)
            {
                if (_collected.WrittenCount == 0) return;
                _collected.Write("]"u8);
                events = _collected.WrittenSpan.ToArray();
                _collected.Clear();
            }
            _broadcaster.Send("events", events);
        }
    }

    /// <summary>The site's clock, once a second: the sign of life.</summary>
    public void Beat(Instant now, double speed)
    {
        byte[] clock = JsonSerializer.SerializeToUtf8Bytes(new ClockEvent("clock", now.ToString(), speed), PageJson.Default.ClockEvent);
        lock (_gate)
        {
            _standing["0clock"] = clock;
            Collect(clock);
        }
        Flush();
    }

    private void Collect(ReadOnlySpan<byte> json)
    {
        _collected.Write(_collected.WrittenCount == 0 ? "["u8 : ","u8);
        _collected.Write(json);
    }

    private byte[] Snapshot()
    {
        lock (_gate)
        {
            using var all = new MemoryStream();
            all.WriteByte((byte)'[');
            // The clock first, then tracks before what refers to them: subjects begin with the digit of their rank.
            foreach ((string _, byte[] json) in _standing.OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                if (all.Length > 1) all.WriteByte((byte)',');
                all.Write(json);
            }
            all.WriteByte((byte)']');
            return all.ToArray();
        }
    }
}

/// <summary>The newest event of one subject.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Json">The event, one line.</param>
public sealed record ShownEvent(string Subject, byte[] Json);

/// <summary>Turns what a Site says into the lines of an events file, one at a time, for the operator's stream.</summary>
internal sealed class EventLine : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly EventWriter _writer;
    private readonly string? _drill;

    /// <summary>Makes a formatter; <paramref name="drill"/> is the drill's id, which comes before every id, or null.</summary>
    public EventLine(SiteFile site, OperationStatus status, string? drill)
    {
        _drill = drill;
        _writer = new(_bytes, new RecordingHeader(site, status));
    }

    /// <summary>The line that <paramref name="write"/> writes, without its end.</summary>
    /// <param name="write">Writes one line.</param>
    /// <param name="more">Members to add at its end, each with a comma before it.</param>
    public byte[] Of<T>(Action<EventWriter, T> write, T what, string more = "")
    {
        _bytes.SetLength(0);
        write(_writer, what);
        _writer.Flush();
        ReadOnlySpan<byte> lines = _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length);
        // The first line ever opens the recording that this is not.
        lines = lines.TrimEnd((byte)'\n');
        ReadOnlySpan<byte> line = lines[(lines.LastIndexOf((byte)'\n') + 1)..];
        if (_drill is null && more.Length == 0) return line.ToArray();
        string text = Encoding.UTF8.GetString(line[..^1]);
        if (_drill is not null)
        {
            text = text.Replace("\"track\":\"T", $"\"track\":\"{_drill}.T", StringComparison.Ordinal).Replace("\"warning\":\"W", $"\"warning\":\"{_drill}.W", StringComparison.Ordinal);
            int tracks = text.IndexOf("\"tracks\":[", StringComparison.Ordinal);
            if (tracks >= 0) text = text[..tracks] + text[tracks..].Replace("\"T", $"\"{_drill}.T", StringComparison.Ordinal);
            more += ",\"drill\":true";
        }
        return Encoding.UTF8.GetBytes(text + more + "}");
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
