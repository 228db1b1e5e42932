using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tocsin.Server.Channels;
using Tocsin.Server.Control;
using Tocsin.Server.Page;

namespace Tocsin.Server.Live;

/// <summary>Everything that a Site needs to go on after the process was killed.</summary>
/// <param name="SiteSha256">The site that it is of.</param>
/// <param name="Status">Actual, exercise or test.</param>
/// <param name="Prefix">What comes before the Site's own ids in identities.</param>
/// <param name="Recording">The recording that goes on from here.</param>
/// <param name="Bytes">How much of the recording this state has seen.</param>
/// <param name="Plots">Plots that the Site had.</param>
/// <param name="Time">The Site's clock.</param>
/// <param name="Incident">The incident under way; null where all is quiet.</param>
/// <param name="Rounds">Rounds of that incident so far.</param>
/// <param name="Previous">The seal of the recording before <paramref name="Recording"/>; null for none.</param>
/// <param name="Shown">The tracks and warnings that operators see.</param>
/// <param name="Desk">What lay on the desk.</param>
/// <param name="Pending">What channels had not acknowledged.</param>
/// <param name="State">The Site's own state, released when the snapshot is written.</param>
public sealed record Snapshot(string SiteSha256, OperationStatus Status, string Prefix, string Recording, long Bytes, long Plots, Instant Time,
    string? Incident, int Rounds, string? Previous, ImmutableArray<ShownEvent> Shown, ImmutableArray<DeskEntry> Desk, ImmutableArray<PendingMessage> Pending, SavedState State);

/// <summary>Keeps the newest snapshot in a file, whole or not at all, and the one before it beside it.</summary>
/// <remarks>The file is a line of JSON, the state's bytes, and the SHA-256 of both. It takes the old one's place by a rename, after the recording that it refers to
/// has been written. File and folder are flushed to the disk, so that a snapshot outlasts a loss of power; the recording's end may not, and the Site then begins from the
/// snapshot alone. Should the newest be damaged all the same, the one before it is taken.</remarks>
public sealed class SnapshotFile(string path, Func<ImmutableArray<PendingMessage>> pending, ILogger log)
{
    private const string Schema = "tocsin.snapshot/4";
    private const int HashBytes = 32, MostBytes = 256 << 20;

    // The thread's that writes snapshots, one after another.
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Writes a snapshot when the recording before it is on its way to the disk, and says in it how long the recording is then. Does not wait: it is encoded and written
    /// beside everything else, and gives way to a newer one that comes before that.</summary>
    public void Write(LiveRecorder recorder, Snapshot snapshot)
    {
        snapshot = snapshot with { Pending = pending() };
        recorder.WhenWritten(ok =>
        {
            if (!ok) return;
            Snapshot standing = snapshot with { Bytes = recorder.Bytes, Previous = recorder.PreviousSeal };
            // A warning may wait for what is written after this.
            recorder.Aside(this, () =>
            {
                Save(standing);
                standing.State.Release();
            });
        });
    }

    private void Save(Snapshot snapshot)
    {
        try
        {
            string part = path + ".part", folder = Path.GetDirectoryName(path)!;
            Directory.CreateDirectory(folder);
            using (FileStream stream = File.Create(part))
            {
                Encode(snapshot, stream);
                // Else the power may go when the name is there already and the bytes are not: an empty snapshot in the place of a good one.
                stream.Flush(flushToDisk: true);
            }
            if (File.Exists(path)) File.Move(path, Older, overwrite: true);
            File.Move(part, path, overwrite: true);
            FolderSync.Flush(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SnapshotLog.NotWritten(log, e.Message);
        }
    }

    /// <summary>Reads the newest snapshot; null where there is none, with a problem where there is one that cannot be used.</summary>
    /// <param name="problem">What is wrong with the newest; null where nothing is.</param>
    /// <param name="isOlder">Whether it is the one before, as the newest cannot be used or was lost between two renames.</param>
    public Snapshot? Read(out string? problem, out bool isOlder)
    {
        Snapshot? newest = Read(path, out problem);
        isOlder = newest is null;
        return newest ?? Read(Older, out _);
    }

    private string Older => path + ".old";

    private static Snapshot? Read(string path, out string? problem)
    {
        problem = null;
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) return null;
            if (info.Length > MostBytes)
            {
                problem = $"{path} is larger than any snapshot";
                return null;
            }
            Snapshot? snapshot = Decode(File.ReadAllBytes(path), out string? fault);
            if (snapshot is null) problem = $"{path} {fault}";
            return snapshot;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            problem = $"{path} cannot be read: {e.Message}";
            return null;
        }
    }

    private void Encode(Snapshot s, FileStream to)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteString("siteSha256", s.SiteSha256);
            json.WriteNumber("status", (int)s.Status);
            json.WriteString("prefix", s.Prefix);
            json.WriteString("recording", s.Recording);
            json.WriteNumber("bytes", s.Bytes);
            json.WriteNumber("plots", s.Plots);
            json.WriteNumber("time", s.Time.Ticks);
            json.WriteString("incident", s.Incident);
            json.WriteNumber("rounds", s.Rounds);
            json.WriteString("previous", s.Previous);
            json.WriteStartArray("shown");
            foreach (ShownEvent shown in s.Shown)
            {
                json.WriteStartObject();
                json.WriteString("subject", shown.Subject);
                json.WritePropertyName("event");
                json.WriteRawValue(shown.Json, skipInputValidation: true);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("desk");
            foreach (DeskEntry d in s.Desk)
            {
                json.WriteStartObject();
                json.WritePropertyName("message");
                WarningMessageJson.Write(json, d.Message);
                json.WriteBoolean("held", d.Held);
                json.WriteNumber("sendsAt", d.SendsAt.Ticks);
                json.WriteNumber("limit", d.Limit.Ticks);
                json.WriteString("acknowledgedBy", d.AcknowledgedBy);
                json.WriteNumber("life", d.Life);
                json.WriteStartArray("rounds");
                foreach ((TrackId track, Instant since) in d.Rounds)
                {
                    json.WriteNumberValue(track.Number);
                    json.WriteNumberValue(since.Ticks);
                }
                json.WriteEndArray();
                if (d.Dismissed is { } dismissed)
                {
                    json.WriteStartArray("dismissed");
                    foreach ((TrackId track, double countsFrom) in dismissed)
                    {
                        json.WriteNumberValue(track.Number);
                        json.WriteNumberValue(countsFrom);
                    }
                    json.WriteEndArray();
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("pending");
            foreach (PendingMessage p in s.Pending)
            {
                json.WriteStartObject();
                json.WriteString("channel", p.Channel);
                json.WritePropertyName("message");
                WarningMessageJson.Write(json, p.Message);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        _line.Write("\n"u8);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<byte> part in (ReadOnlySpan<ReadOnlyMemory<byte>>)[_line.WrittenMemory, s.State.Bytes])
        {
            hash.AppendData(part.Span);
            to.Write(part.Span);
        }
        to.Write(hash.GetHashAndReset());
    }

    private static Snapshot? Decode(byte[] bytes, out string? fault)
    {
        fault = "is damaged";
        int end = bytes.Length - HashBytes, line = bytes.AsSpan().IndexOf((byte)'\n');
        if (end <= 0 || line < 0 || line >= end || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end))) return null;
        using JsonDocument document = JsonDocument.Parse(bytes.AsMemory(0, line));
        JsonElement e = document.RootElement;
        if (e.GetProperty("schema").GetString() is var schema && schema != Schema)
        {
            fault = $"is a {schema}, and this program reads {Schema}";
            return null;
        }
        fault = null;
        return new(e.GetProperty("siteSha256").GetString()!, (OperationStatus)e.GetProperty("status").GetInt32(), e.GetProperty("prefix").GetString()!,
            e.GetProperty("recording").GetString()!, e.GetProperty("bytes").GetInt64(), e.GetProperty("plots").GetInt64(), new(e.GetProperty("time").GetInt64()),
            e.GetProperty("incident").GetString(), e.GetProperty("rounds").GetInt32(), e.GetProperty("previous").GetString(),
            [.. e.GetProperty("shown").EnumerateArray().Select(s => new ShownEvent(s.GetProperty("subject").GetString()!, System.Text.Encoding.UTF8.GetBytes(s.GetProperty("event").GetRawText())))],
            [.. e.GetProperty("desk").EnumerateArray().Select(DeskOf)],
            [.. e.GetProperty("pending").EnumerateArray().Select(p => new PendingMessage(p.GetProperty("channel").GetString()!, MessageOf(p)))],
            SavedState.Of(bytes[(line + 1)..end]));
    }

    private static DeskEntry DeskOf(JsonElement d)
    {
        long[] rounds = [.. d.GetProperty("rounds").EnumerateArray().Select(r => r.GetInt64())];
        return new(MessageOf(d), d.GetProperty("held").GetBoolean(), new(d.GetProperty("sendsAt").GetInt64()), new(d.GetProperty("limit").GetInt64()), d.GetProperty("acknowledgedBy").GetString())
        {
            Life = d.GetProperty("life").GetInt32(),
            Rounds = [.. Enumerable.Range(0, rounds.Length / 2).Select(i => (new TrackId((int)rounds[2 * i]), new Instant(rounds[2 * i + 1])))],
            Dismissed = d.TryGetProperty("dismissed", out JsonElement dismissed) ? [.. dismissed.EnumerateArray().Chunk(2).Select(r => (new TrackId(r[0].GetInt32()), r[1].GetDouble()))] : null,
        };
    }

    private static WarningMessage MessageOf(JsonElement holder) =>
        WarningMessageJson.Read(System.Text.Encoding.UTF8.GetBytes(holder.GetProperty("message").GetRawText()), out string reason) ?? throw new FormatException(reason);
}

internal static partial class SnapshotLog
{
    [LoggerMessage(20, LogLevel.Error, "The snapshot cannot be written: {Reason}. After a crash the site would begin from an older one.")]
    public static partial void NotWritten(ILogger log, string reason);
}
