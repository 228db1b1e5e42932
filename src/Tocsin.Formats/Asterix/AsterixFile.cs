using Tocsin.Formats.Captures;
using Tocsin.Formats.Text;

namespace Tocsin.Formats.Asterix;

/// <summary>Reads a file of ASTERIX: data blocks as they are, or UDP datagrams in a capture (pcap, pcapng).</summary>
public static class AsterixFile
{
    /// <summary>Reads all plots of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="site">The site whose sensors sent them.</param>
    /// <param name="sink">Takes plots and rejections, in the order of the file.</param>
    /// <param name="date">The date (UTC) of the first message; null to take it from the capture.</param>
    /// <returns>What was read, or why the file cannot be used at all.</returns>
    public static InputResult<AsterixTally> ReadPlots(string path, SiteDefinition site, IPlotSink sink, DateOnly? date)
    {
        InputResult<byte[]> file = ReadWhole(path);
        if (!file.Ok) return file.Error;
        InputResult<AsterixPlotReader> created = AsterixPlotReader.Create(site, sink, Path.GetFileName(path), date);
        if (!created.Ok) return created.Error;
        AsterixPlotReader reader = created.Value;
        if (CaptureReader.TryOpen(file.Value, out CaptureReader capture))
        {
            while (capture.MoveNext(out CapturedDatagram datagram))
            {
                if (datagram.Problem != CaptureProblem.None) reader.Pass(datagram.Problem, datagram.Offset);
                if (!datagram.Payload.IsEmpty) reader.Read(datagram.Payload, datagram.Offset, datagram.Captured);
            }
        }
        else
        {
            if (!AsterixSniffer.LooksLikeBlocks(file.Value, whole: true))
                return new InputError(path, "byte 0", "this is neither a capture (pcap, pcapng) nor ASTERIX data blocks", "give a file that is");
            if (date is null)
                return new InputError(path, "", "ASTERIX gives the time of day only, and a raw file has no times of capture", "give the date with --date YYYY-MM-DD");
            reader.Read(file.Value, 0, null);
        }
        reader.Finish();
        return reader.Tally;
    }

    /// <summary>Reads a file whole, up to <see cref="AsterixLimits.FileOctets"/>, unpacking it where its name ends in .gz.</summary>
    internal static InputResult<byte[]> ReadWhole(string path)
    {
        try
        {
            using Stream stream = LineReader.OpenFile(path);
            // A file that is not packed tells its length; one that is, or is still being written, may give more or less.
            using var octets = new MemoryStream(stream.CanSeek ? (int)Math.Min(stream.Length, AsterixLimits.FileOctets) : 0);
            byte[] piece = new byte[1 << 20];
            for (int count = stream.Read(piece); count > 0; count = stream.Read(piece))
            {
                if (octets.Length + count > AsterixLimits.FileOctets)
                    return new InputError(path, "", $"it holds more than {AsterixLimits.FileOctets} bytes", "split it");
                octets.Write(piece, 0, count);
            }
            return octets.Length == 0 ? new InputError(path, "", "the file is empty", "give a file that is not") : octets.ToArray();
        }
        catch (Exception e) when (InputError.IsOfInput(e))
        {
            return InputError.Of(path, e);
        }
    }
}

/// <summary>Tells ASTERIX data blocks from other files by their contents.</summary>
internal static class AsterixSniffer
{
    /// <summary>Whether a file begins with a well-formed record of a known category, or is a chain of blocks from end to end.</summary>
    /// <param name="file">The file, or its head.</param>
    /// <param name="whole">Whether it is the whole file: the last block of a head may run on.</param>
    public static bool LooksLikeBlocks(ReadOnlySpan<byte> file, bool whole)
    {
        var probe = new Probe();
        // One block is enough to see a record; the chain of lengths is followed without decoding.
        int at = 0;
        for (int blocks = 0; file.Length - at >= AsterixLimits.BlockHeaderOctets; blocks++)
        {
            int length = (file[at + 1] << 8) | file[at + 2];
            if (length <= AsterixLimits.BlockHeaderOctets || file[at] == 0) return false;
            if (blocks == 0) AsterixDecoder.Decode(CategorySet.All, file[..Math.Min(length, file.Length)], 0, ref probe);
            if (probe.Records > 0) return true;
            at += length;
        }
        return whole ? at == file.Length : at > 0;
    }

    private struct Probe : IAsterixHandler
    {
        public int Records;

        public readonly void OnBlock(int category, long offset) { }

        public void OnRecord(in AsterixRecord record) => Records++;

        public readonly void OnUnknownCategory(int category, long offset, int octets) { }

        public readonly void OnProblem(AsterixProblem problem, int category, long offset, int octets) { }
    }
}
