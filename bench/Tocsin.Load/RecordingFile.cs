using System.IO.Compression;
using Tocsin.Yardstick;

namespace Tocsin.Load;

/// <summary>A warning's raise as the recording has it.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="RaisedS">The Site's clock at the raise.</param>
/// <param name="DueS">When it was due: the hold after the oldest plot of the batch that raised it, and never later than the hold after the newest plot that
/// any track had used.</param>
internal sealed record Raise(string Zone, double RaisedS, double DueS);

/// <summary>A track's confirmation as the recording has it.</summary>
internal sealed record Confirmation(string Track, double TimeS, double ValidS, Vec3 Position);

/// <summary>What the server's own recording says, read when all is over.</summary>
internal sealed class RecordingFile
{
    public List<Raise> Raises { get; } = [];

    public List<Confirmation> Confirmations { get; } = [];

    public long Lines { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Reads every recording in a folder, in the order of their names.</summary>
    public static RecordingFile Read(string folder, LoadSite site)
    {
        var all = new RecordingFile();
        double newest = double.NegativeInfinity;
        string[] files = [.. Directory.EnumerateFiles(folder, "*.events.jsonl*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".part", StringComparison.Ordinal))];
        foreach (string file in files.Where(f => !f.EndsWith(".gz", StringComparison.Ordinal) || !files.Contains(f[..^3])).Order(StringComparer.Ordinal))
        {
            using Stream raw = File.OpenRead(file), stream = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            all.ReadLines(stream, site, ref newest);
        }
        return all;
    }

    private void ReadLines(Stream stream, LoadSite site, ref double newest)
    {
        byte[] buffer = new byte[1 << 20];
        int kept = 0;
        for (int n; (n = stream.Read(buffer, kept, buffer.Length - kept)) > 0;)
        {
            kept += n;
            Bytes += n;
            int from = 0;
            for (int length; (length = buffer.AsSpan(from, kept - from).IndexOf((byte)'\n')) >= 0; from += length + 1) Line(buffer.AsSpan(from, length), site, ref newest);
            buffer.AsSpan(from, kept - from).CopyTo(buffer);
            kept -= from;
            if (kept == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    private void Line(ReadOnlySpan<byte> line, LoadSite site, ref double newest)
    {
        Lines++;
        bool confirmed = line.StartsWith("{\"type\":\"track.confirmed\""u8);
        if (confirmed || line.StartsWith("{\"type\":\"track.updated\""u8))
        {
            double valid = Json.Seconds(Json.Text(line, "\"validTime\""u8));
            newest = Math.Max(newest, valid);
            if (!confirmed) return;
            using var json = System.Text.Json.JsonDocument.Parse(line.ToArray());
            double[] p = [.. json.RootElement.GetProperty("position").EnumerateArray().Select(e => e.GetDouble())];
            Confirmations.Add(new(json.RootElement.GetProperty("track").GetString()!, Json.Seconds(Json.Text(line, "\"time\""u8)), valid, site.World.Frame.FromGeodetic(new(p[0], p[1], p[2]))));
        }
        else if (line.StartsWith("{\"type\":\"warning.raised\""u8))
        {
            double raised = Json.Seconds(Json.Text(line, "\"time\""u8));
            Raises.Add(new(Json.Of(Json.Text(line, "\"zone\""u8)), raised, Math.Min(raised, newest + LoadSite.HoldS)));
        }
    }
}
