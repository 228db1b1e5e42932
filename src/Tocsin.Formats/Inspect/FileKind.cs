using Tocsin.Formats.Asterix;
using Tocsin.Formats.Captures;
using Tocsin.Formats.Text;

namespace Tocsin.Formats.Inspect;

/// <summary>What a file is, judged by its contents.</summary>
public enum FileKind
{
    /// <summary>None of those known.</summary>
    Unknown,
    /// <summary>A packet capture in the older format.</summary>
    Pcap,
    /// <summary>A packet capture in the newer format.</summary>
    Pcapng,
    /// <summary>ASTERIX data blocks.</summary>
    Asterix,
    /// <summary>Plots as CSV.</summary>
    Plots,
    /// <summary>Events or truth as JSON Lines.</summary>
    Events,
    /// <summary>A JSON document that is not JSON Lines: a site or a scenario.</summary>
    Json,
}

/// <summary>Tells what a file is by its contents, not its name.</summary>
public static class FileKinds
{
    private const int HeadOctets = 1 << 16;

    /// <summary>Judges a file; gzip is looked through where the name ends in .gz.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">Why it cannot be read; null where it can.</param>
    public static FileKind Detect(string path, out InputError? error)
    {
        InputResult<byte[]> head = ReadHead(path);
        error = head.Error;
        return head.Ok ? Detect(head.Value, whole: head.Value.Length < HeadOctets) : FileKind.Unknown;
    }

    /// <summary>Judges a file by its first octets.</summary>
    /// <param name="head">They.</param>
    /// <param name="whole">Whether they are the whole file.</param>
    public static FileKind Detect(ReadOnlySpan<byte> head, bool whole)
    {
        if (CaptureReader.TryOpen(head, out CaptureReader capture)) return capture.IsNextGeneration ? FileKind.Pcapng : FileKind.Pcap;
        ReadOnlySpan<byte> text = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        text = text.TrimStart(" \t\r\n"u8);
        int end = text.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
        if (line.StartsWith("{"u8))
        {
            // The first line of a recording holds its site and can be longer than the head.
            bool events = JsonLine.TryRead(line, out JsonLine first) ? IsEvent(first.Type) : text.IndexOf("\"recording.opened\""u8) >= 0;
            return events ? FileKind.Events : FileKind.Json;
        }
        if (line.IndexOf("time_s"u8) >= 0 && line.IndexOf((byte)',') >= 0) return FileKind.Plots;
        return AsterixSniffer.LooksLikeBlocks(head, whole) ? FileKind.Asterix : FileKind.Unknown;
    }

    /// <summary>Whether a type is one of events or truth: all but the plot's have a dot, which no GeoJSON type has.</summary>
    private static bool IsEvent(string type) => type == "plot" || type.Contains('.', StringComparison.Ordinal);

    /// <summary>The first octets of a file, unpacked where they are gzip.</summary>
    private static InputResult<byte[]> ReadHead(string path)
    {
        try
        {
            using Stream file = LineReader.OpenFile(path);
            byte[] head = new byte[HeadOctets];
            int count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return count == 0 ? new InputError(path, "", "the file is empty", "give a file that is not") : head[..count];
        }
        catch (Exception e) when (InputError.IsOfInput(e))
        {
            return InputError.Of(path, e);
        }
    }
}
