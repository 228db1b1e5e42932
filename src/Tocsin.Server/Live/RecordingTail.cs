using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tocsin.Formats.Events;
using Tocsin.Formats.Text;

namespace Tocsin.Server.Live;

/// <summary>The end of a recording whose server was killed: what came after the last snapshot.</summary>
public sealed class RecordingTail
{
    private readonly string _path;
    private readonly byte[] _header;
    private readonly byte[] _lines;
    private readonly string? _previous;

    private RecordingTail(string path, byte[] header, byte[] lines, string? previous) => (_path, _header, _lines, _previous) = (path, header, lines, previous);

    /// <summary>Opens the end of a recording; null where the file is not there, shorter than the snapshot says, or without a first line. A last line that is not
    /// whole is cut off.</summary>
    /// <param name="path">The recording; one that was packed since is found too.</param>
    /// <param name="from">Bytes of it that the snapshot has seen; 0 where it was taken before the first line.</param>
    /// <param name="previous">The seal of the recording before it.</param>
    public static RecordingTail? Open(string path, long from, string? previous)
    {
        byte[] header, lines;
        if (File.Exists(path))
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            if (stream.Length < from) return null;
            header = HeaderOf(stream);
            if (header.Length == 0) return null;
            stream.Position = from = Math.Max(from, header.Length);
            lines = new byte[stream.Length - from];
            stream.ReadExactly(lines);
            int whole = Array.LastIndexOf(lines, (byte)'\n') + 1;
            stream.SetLength(from + whole);
            lines = lines[..whole];
        }
        else
        {
            // The server ended in good order, or died just after it had begun the next recording: this one is sealed and packed.
            if (!File.Exists(path + ".gz")) return null;
            using var packed = new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
            using var end = new MemoryStream();
            header = HeaderOf(packed, end, from);
            if (header.Length == 0) return null;
            lines = end.ToArray();
        }
        return new(path, header, lines, previous);
    }

    /// <summary>The seal's hash; null where the recording was cut short before it.</summary>
    private string? Sealed
    {
        get
        {
            if (_lines.Length == 0) return null;
            int start = _lines.AsSpan(0, _lines.Length - 1).LastIndexOf((byte)'\n') + 1;
            ReadOnlySpan<byte> last = _lines.AsSpan(start);
            if (!last.StartsWith("{\"type\":\"recording.sealed\""u8)) return null;
            using JsonDocument seal = JsonDocument.Parse(_lines.AsMemory(start));
            return seal.RootElement.GetProperty("sha256").GetString();
        }
    }

    /// <summary>The time of the last line: the Site had come as far as that.</summary>
    public Instant? LastTime
    {
        get
        {
            if (_lines.Length == 0) return null;
            int start = _lines.AsSpan(0, _lines.Length - 1).LastIndexOf((byte)'\n') + 1;
            ReadOnlySpan<byte> last = _lines.AsSpan(start), key = "\"time\":\""u8;
            int at = last.IndexOf(key);
            if (at < 0) return null;
            last = last[(at + key.Length)..];
            int end = last.IndexOf((byte)'"');
            return end > 0 && InstantText.TryParse(last[..end], out Instant time) ? time : null;
        }
    }

    /// <summary>Lines that the Site itself made: not plots, nor what feeds, channels and operators did.</summary>
    public int SiteLines
    {
        get
        {
            int count = 0;
            foreach (string line in Encoding.UTF8.GetString(_lines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                bool made = line.StartsWith("{\"type\":\"track.", StringComparison.Ordinal) || line.StartsWith("{\"type\":\"impact.", StringComparison.Ordinal)
                    || line.StartsWith("{\"type\":\"warning.", StringComparison.Ordinal) || line.StartsWith("{\"type\":\"sensor.", StringComparison.Ordinal)
                    || line.StartsWith("{\"type\":\"input.", StringComparison.Ordinal);
                if (made && !line.EndsWith(",\"feed\":true}", StringComparison.Ordinal)) count++;
            }
            return count;
        }
    }

    /// <summary>Feeds a Site what it was fed then.</summary>
    /// <exception cref="InvalidDataException">The recording's first line cannot be read.</exception>
    public void Replay(IClockedSink sink)
    {
        Formats.InputResult<EventReader> opened = EventReader.Open(new MemoryStream([.. _header, .. _lines]), Path.GetFileName(_path));
        if (!opened.Ok) throw new InvalidDataException(opened.Error.ToString());
        using EventReader reader = opened.Value;
        while (reader.ReplayNext(sink))
        {
            // Each line is passed on as it is read.
        }
    }

    /// <summary>Adds lines that were made and not written before the end came, and seals the recording.</summary>
    /// <returns>The seal; that which it has where it was sealed before.</returns>
    public string Seal(IEnumerable<byte[]> missing, Instant now)
    {
        if (Sealed is { } already) return already;
        using var stream = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite);
        stream.Seek(0, SeekOrigin.End);
        foreach (byte[] line in missing)
        {
            stream.Write(line);
            stream.WriteByte((byte)'\n');
        }
        stream.Position = 0;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        long lines = 0;
        for (int n; (n = stream.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, n);
            lines += buffer.AsSpan(0, n).Count((byte)'\n');
        }
        string sha = Convert.ToHexStringLower(hash.GetHashAndReset());
        stream.Write(Encoding.UTF8.GetBytes($"{{\"type\":\"recording.sealed\",\"time\":\"{now}\",\"lines\":{lines},\"sha256\":\"{sha}\",\"previous\":{(_previous is null ? "null" : $"\"{_previous}\"")},\"continued\":true}}\n"));
        return sha;
    }

    /// <summary>The first line; nothing where it is not whole.</summary>
    private static byte[] HeaderOf(FileStream stream)
    {
        using var header = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int n; (n = stream.Read(buffer)) > 0;)
        {
            int end = buffer.AsSpan(0, n).IndexOf((byte)'\n');
            header.Write(buffer, 0, end < 0 ? n : end + 1);
            if (end >= 0) return header.ToArray();
        }
        return [];
    }

    /// <summary>The first line of a packed recording, and what comes after it and after <paramref name="from"/> bytes.</summary>
    private static byte[] HeaderOf(Stream packed, MemoryStream end, long from)
    {
        using var header = new MemoryStream();
        byte[] buffer = new byte[1 << 16], first = [];
        long at = 0;
        for (int n; (n = packed.Read(buffer)) > 0; at += n)
        {
            int start = 0;
            if (first.Length == 0)
            {
                int line = buffer.AsSpan(0, n).IndexOf((byte)'\n');
                header.Write(buffer, 0, line < 0 ? n : line + 1);
                if (line < 0) continue;
                first = header.ToArray();
                start = line + 1;
            }
            start = (int)Math.Clamp(from - at, start, n);
            end.Write(buffer, start, n - start);
        }
        return first;
    }
}
