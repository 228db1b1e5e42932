using System.IO.Compression;

namespace Tocsin.Server.Live;

/// <summary>The recordings of a server, plain or packed, by their names.</summary>
public sealed class RecordingShelf(string folder)
{
    private const int LineBytes = 1 << 16;

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

    /// <summary>Copies what a page shows of a part of a recording: its first line, then every line that is no plot.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="to">Takes the lines.</param>
    /// <param name="first">Index of the first line, counted from 0.</param>
    /// <param name="last">Index of the last line; null for the end.</param>
    /// <param name="stop">Stops the copying.</param>
    public static async Task CopyAsync(Stream recording, Stream to, long first, long? last, CancellationToken stop)
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
                bool wanted = index == 0 || (index >= first && (last is null || index <= last));
                ReadOnlyMemory<byte> whole = line.GetBuffer().AsMemory(0, (int)line.Length);
                if (wanted && index == 0) await to.WriteAsync(WithoutState(whole), stop).ConfigureAwait(false);
                else if (wanted && !whole.Span.StartsWith("{\"type\":\"plot\""u8)) await to.WriteAsync(whole, stop).ConfigureAwait(false);
                line.SetLength(0);
                if (index++ >= last) return;
            }
        }
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
