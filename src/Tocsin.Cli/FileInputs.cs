using System.Buffers.Binary;
using System.IO.Compression;

namespace Tocsin.Cli;

/// <summary>What an input file holds.</summary>
internal enum InputKind
{
    /// <summary>Nothing that this program knows.</summary>
    Unknown,
    /// <summary>Plots, one a line.</summary>
    PlotCsv,
    /// <summary>Captured packets: pcap or pcapng.</summary>
    Capture,
    /// <summary>ASTERIX data blocks, one after another.</summary>
    AsterixRaw,
    /// <summary>Events, one JSON object a line: a recording.</summary>
    Events,
    /// <summary>A site file.</summary>
    Site,
}

/// <summary>Tells what a file holds by its first bytes, and by its name where they leave it open.</summary>
internal static class FileInputs
{
    private const int SniffedBytes = 4096;

    /// <summary>The kind of the file at <paramref name="path"/>.</summary>
    /// <returns>False, with the reason said on standard error, where it cannot be read.</returns>
    public static bool TryDetect(string path, Host host, out InputKind kind)
    {
        kind = InputKind.Unknown;
        if (Directory.Exists(path))
        {
            host.Fail($"{path}: is a folder; name a file in it");
            return false;
        }
        try
        {
            byte[] start = ReadStart(path);
            if (start.Length == 0)
            {
                host.Fail($"{path}: is empty; give a file with plots in it");
                return false;
            }
            kind = Detect(start, path);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            host.Fail($"{path}: there is no such file; check the path");
        }
        catch (InvalidDataException)
        {
            host.Fail($"{path}: the gzip data is damaged; copy the file again");
        }
        catch (Exception e) when (OutputFile.IsOfFile(e))
        {
            host.Fail($"{path}: cannot be read: {e.Message}");
        }
        return false;
    }

    /// <summary>The kind of a file that begins with <paramref name="start"/>.</summary>
    public static InputKind Detect(ReadOnlySpan<byte> start, string path)
    {
        if (IsCapture(start)) return InputKind.Capture;
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        string extension = Path.GetExtension(name).ToUpperInvariant();
        ReadOnlySpan<byte> text = (start.StartsWith("\uFEFF"u8) ? start[3..] : start).TrimStart(" \t\r\n"u8);
        if (text.StartsWith("{"u8)) return IsSite(text, extension) ? InputKind.Site : InputKind.Events;
        return extension switch
        {
            ".CSV" => InputKind.PlotCsv,
            ".JSONL" => InputKind.Events,
            ".AST" or ".RAW" => InputKind.AsterixRaw,
            ".PCAP" or ".PCAPNG" or ".CAP" => InputKind.Capture,
            _ when FirstLine(text).IndexOf("time_s"u8) >= 0 => InputKind.PlotCsv,
            _ when IsAsterix(start) => InputKind.AsterixRaw,
            _ => InputKind.Unknown,
        };
    }

    private static byte[] ReadStart(string path)
    {
        using FileStream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        byte[] start = new byte[SniffedBytes];
        int count = content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..count];
    }

    private static bool IsCapture(ReadOnlySpan<byte> start) => start.Length >= 4
        && BinaryPrimitives.ReadUInt32BigEndian(start) is 0xA1B2C3D4 or 0xD4C3B2A1 or 0xA1B23C4D or 0x4D3CB2A1 or 0x0A0D0D0A;

    /// <summary>A data block begins with its category and its length, which counts those three bytes.</summary>
    private static bool IsAsterix(ReadOnlySpan<byte> start) => start.Length > 3
        && start[0] is 15 or 34 or 48 or 62 or 65 && BinaryPrimitives.ReadUInt16BigEndian(start[1..]) > 3;

    private static bool IsSite(ReadOnlySpan<byte> text, string extension) =>
        extension == ".GEOJSON" || FirstLine(text).IndexOf("FeatureCollection"u8) >= 0 && text.IndexOf("recording.opened"u8) < 0;

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        return end < 0 ? text : text[..end];
    }
}
