using System.Security.Cryptography;
using System.Text;
using Tocsin.Formats.Events;

namespace Tocsin.Server.Live;

/// <summary>The end of a recording whose server was killed: what came after the last snapshot.</summary>
public sealed class RecordingTail
{
    private readonly string _path;
    private readonly byte[] _header;
    private readonly byte[] _lines;

    private RecordingTail(string path, byte[] header, byte[] lines) => (_path, _header, _lines) = (path, header, lines);

    /// <summary>Opens the end of a recording; null where the file is not there or shorter than the snapshot says. A last line that is not whole is cut off.</summary>
    public static RecordingTail? Open(string path, long from)
    {
        if (!File.Exists(path)) return null;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        if (stream.Length < from) return null;
        byte[] lines = new byte[stream.Length - from];
        byte[] header = HeaderOf(stream);
        stream.Position = from;
        stream.ReadExactly(lines);
        int whole = Array.LastIndexOf(lines, (byte)'\n') + 1;
        stream.SetLength(from + whole);
        return new(path, header, lines[..whole]);
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
    /// <returns>The seal.</returns>
    public string Seal(IEnumerable<byte[]> missing, Instant now)
    {
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
        stream.Write(Encoding.UTF8.GetBytes($"{{\"type\":\"recording.sealed\",\"time\":\"{now}\",\"lines\":{lines},\"sha256\":\"{sha}\",\"previous\":null,\"continued\":true}}\n"));
        return sha;
    }

    private static byte[] HeaderOf(FileStream stream)
    {
        using var header = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int n; (n = stream.Read(buffer)) > 0;)
        {
            int end = buffer.AsSpan(0, n).IndexOf((byte)'\n');
            header.Write(buffer, 0, end < 0 ? n : end + 1);
            if (end >= 0) break;
        }
        return header.ToArray();
    }
}
