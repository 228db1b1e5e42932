using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tocsin.Server.Page;

/// <summary>What operators see, as one stream of events, and the picture that it adds up to.</summary>
/// <remarks>The newest event of each subject (a track, a warning, a feed, …) is kept: together they are the snapshot that a new viewer gets. Events are collected
/// and sent ten times a second, but for those that cannot wait: warnings.</remarks>
public sealed class OperatorStream
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _standing = new(StringComparer.Ordinal);
    private ArrayBufferWriter<byte> _collected = new(), _leaving = new();
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
            if (subject is not null) Stand(subject, json);
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
                found.AddRange(_standing.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new ShownEvent(s.Key, s.Value.Json.ToArray())));
            return [.. found];
        }
    }

    /// <summary>Changes words in a subject's newest event, for viewers to come: those who are here were told in another way.</summary>
    public void Amend(string subject, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        lock (_gate)
        {
            if (!_standing.TryGetValue(subject, out Line? line)) return;
            int at = line.Json.LastIndexOf(from);
            if (at >= 0) line.Set([.. line.Json[..at], .. to, .. line.Json[(at + from.Length)..]]);
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
            lock (_gate)
            {
                if (_collected.WrittenCount == 0) return;
                _collected.Write("]"u8);
                (_collected, _leaving) = (_leaving, _collected);
                _collected.ResetWrittenCount();
            }
            _broadcaster.Send("events", _leaving.WrittenSpan);
        }
    }

    /// <summary>The site's clock, once a second: the sign of life.</summary>
    public void Beat(Instant now, double speed)
    {
        byte[] clock = JsonSerializer.SerializeToUtf8Bytes(new ClockEvent("clock", now.ToString(), speed), PageJson.Default.ClockEvent);
        lock (_gate)
        {
            Stand("0clock", clock);
            Collect(clock);
        }
        Flush();
    }

    private void Stand(string subject, ReadOnlySpan<byte> json)
    {
        ref Line? line = ref CollectionsMarshal.GetValueRefOrAddDefault(_standing, subject, out _);
        (line ??= new()).Set(json);
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
            foreach ((string _, Line line) in _standing.OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                if (all.Length > 1) all.WriteByte((byte)',');
                all.Write(line.Json);
            }
            all.WriteByte((byte)']');
            return all.ToArray();
        }
    }

    /// <summary>The newest event of a subject, in memory that serves for the next one: a track's changes ten times a second.</summary>
    private sealed class Line
    {
        private byte[] _bytes = [];
        private int _count;

        public ReadOnlySpan<byte> Json => _bytes.AsSpan(0, _count);

        public void Set(ReadOnlySpan<byte> json)
        {
            // Some room for the next, which has a digit more.
            if (_bytes.Length < json.Length) _bytes = new byte[json.Length + 32];
            json.CopyTo(_bytes);
            _count = json.Length;
        }
    }
}

/// <summary>The newest event of one subject.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Json">The event, one line.</param>
public sealed record ShownEvent(string Subject, byte[] Json);
