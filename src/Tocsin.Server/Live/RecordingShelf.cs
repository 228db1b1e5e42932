using System.IO.Compression;
using Tocsin.Formats.Text;

namespace Tocsin.Server.Live;

/// <summary>The recordings of a server, plain or packed, by their names.</summary>
public sealed class RecordingShelf(string folder)
{
    /// <summary>Stands for the last line of an incident that ended in a later recording than it began in.</summary>
    public const long InALaterRecording = -1;

    private const int LineBytes = 1 << 16, DateCharacters = 10;

    /// <summary>Opens a recording; null where there is none of that name.</summary>
    public Stream? Open(string name)
    {
        // A name comes from the journal, which is kept for years; it must still never lead out of the folder.
        if (name.Length == 0 || Path.GetFileName(name) != name) return null;
        string path = Path.Combine(folder, name);
        try
        {
            if (File.Exists(path)) return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return File.Exists(path + ".gz") ? new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Deletes recordings that were last written before a moment, but for the present one; gives their number.</summary>
    public int DeleteBefore(DateTimeOffset moment, string present)
    {
        int gone = 0;
        try
        {
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*.events.jsonl*"))
            {
                if (file.LastWriteTimeUtc >= moment.UtcDateTime || file.Name == present) continue;
                file.Delete();
                gone++;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next hour tries again.
        }
        return gone;
    }

    /// <summary>Whether there is a recording of that name, plain or packed.</summary>
    public bool Has(string name)
    {
        using Stream? recording = Open(name);
        return recording is not null;
    }

    /// <summary>Copies what a page shows of an incident. Where it did not end in the recording in which it began, since that was full or the server was started again, it goes on
    /// through those that came after.</summary>
    /// <param name="recording">The recording in which it began.</param>
    /// <param name="to">Takes the lines.</param>
    /// <param name="first">Index of the first line, counted from 0.</param>
    /// <param name="last">Index of the last line; null while the incident goes on, <see cref="InALaterRecording"/> where it ended in another recording.</param>
    /// <param name="closed">When it ended; null while it goes on.</param>
    /// <param name="stop">Stops the copying.</param>
    public async Task CopyIncidentAsync(string recording, Stream to, long first, long? last, Instant? closed, CancellationToken stop)
    {
        using (Stream? begin = Open(recording))
        {
            if (begin is null) return;
            if (last >= first)
            {
                await CopyAsync(begin, to, first, last, stop).ConfigureAwait(false);
                return;
            }
            if (!await CopyLinesAsync(begin, to, i => i == 0 || i >= first, closed, stop).ConfigureAwait(false)) return;
        }
        foreach (string next in After(recording))
        {
            using Stream? more = Open(next);
            if (more is not null && !await CopyLinesAsync(more, to, i => i > 0, closed, stop).ConfigureAwait(false)) return;
        }
    }

    /// <summary>The recordings of the same Site that were begun after one, by their names, which bear the time.</summary>
    private IEnumerable<string> After(string name)
    {
        int time = name.LastIndexOf('T');
        if (time < DateCharacters) return [];
        string own = name[..(time - DateCharacters)];
        try
        {
            // Of the site's own and its drills' recordings alike: what comes after the common beginning is a date.
            return [.. new DirectoryInfo(folder).EnumerateFiles(own + "*.events.jsonl*")
                .Select(f => f.Name.EndsWith(".gz", StringComparison.Ordinal) ? f.Name[..^3] : f.Name)
                .Where(n => n.EndsWith(".events.jsonl", StringComparison.Ordinal) && n.Length > own.Length && char.IsAsciiDigit(n[own.Length]) && string.CompareOrdinal(n, name) > 0)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Copies what a page shows of a part of a recording: its first line, then every line that is no plot.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="to">Takes the lines.</param>
    /// <param name="first">Index of the first line, counted from 0.</param>
    /// <param name="last">Index of the last line; null for the end.</param>
    /// <param name="stop">Stops the copying.</param>
    public static Task CopyAsync(Stream recording, Stream to, long first, long? last, CancellationToken stop) =>
        CopyAsync(recording, to, (i, _) => i > last ? Use.End : i == 0 || i >= first ? Use.Take : Use.Pass, stop);

    private enum Use
    {
        Take,
        Pass,
        End,
    }

    /// <summary>Copies the lines wanted, up to a time and without the seal; false where that time has come.</summary>
    private static async Task<bool> CopyLinesAsync(Stream recording, Stream to, Func<long, bool> wanted, Instant? until, CancellationToken stop)
    {
        bool ended = false;
        await CopyAsync(recording, to, (i, line) =>
        {
            if (i > 0 && until is { } end && TimeOf(line) is { } time && time > end) ended = true;
            if (ended) return Use.End;
            return wanted(i) && !line.StartsWith("{\"type\":\"recording.sealed\""u8) ? Use.Take : Use.Pass;
        }, stop).ConfigureAwait(false);
        return !ended;
    }

    private delegate Use Judge(long index, ReadOnlySpan<byte> line);

    private static async Task CopyAsync(Stream recording, Stream to, Judge judge, CancellationToken stop)
    {
        byte[] buffer = new byte[LineBytes];
        using var line = new MemoryStream();
        long index = 0;
        for (int n; (n = await recording.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0;)
        {
            int start = 0;
            while (start < n)
            {
                int end = Array.IndexOf(buffer, (byte)'\n', start, n - start);
                line.Write(buffer, start, (end < 0 ? n : end + 1) - start);
                if (end < 0) break;
                start = end + 1;
                ReadOnlyMemory<byte> whole = line.GetBuffer().AsMemory(0, (int)line.Length);
                Use use = judge(index, whole.Span);
                if (use == Use.End) return;
                if (use == Use.Take && index == 0) await to.WriteAsync(WithoutState(whole), stop).ConfigureAwait(false);
                else if (use == Use.Take && !whole.Span.StartsWith("{\"type\":\"plot\""u8)) await to.WriteAsync(whole, stop).ConfigureAwait(false);
                line.SetLength(0);
                index++;
            }
        }
    }

    /// <summary>The time of a line, which stands after its type; null where there is none.</summary>
    private static Instant? TimeOf(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> key = "\"time\":\""u8;
        int at = line.IndexOf(key);
        if (at < 0) return null;
        line = line[(at + key.Length)..];
        int end = line.IndexOf((byte)'"');
        return end > 0 && InstantText.TryParse(line[..end], out Instant time) ? time : null;
    }

    /// <summary>The first line without the Site's state, which is long and says nothing to a page.</summary>
    private static ReadOnlyMemory<byte> WithoutState(ReadOnlyMemory<byte> line)
    {
        ReadOnlySpan<byte> head = ",\"state\":\""u8;
        int at = line.Span.IndexOf(head);
        if (at < 0) return line;
        int end = line.Span[(at + head.Length)..].IndexOf((byte)'"');
        return end < 0 ? line : (byte[])[.. line.Span[..at], .. line.Span[(at + head.Length + end + 1)..]];
    }
}
