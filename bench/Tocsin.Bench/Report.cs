using System.Globalization;

namespace Tocsin.Bench;

/// <summary>Prints what was measured.</summary>
internal static class Report
{
    /// <summary>Stone Soup 1.9.1 (Python, MIT) with an extended Kalman filter and global nearest neighbour on the 22 rounds of
    /// data/salvo/salvo22, one core of such a machine, tracking alone (docs/internals/performance.md).</summary>
    private const double PeerPlotsPerS = 440;

    private const double WantedReplay = 60_000, WantedTracking = 200_000;

    public static void Head(TextWriter to, Recording recording, int passes)
    {
        string load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        Line(to, $"{Path.GetFileName(recording.PlotsPath)}: {recording.Plots.Length:N0} plots; {passes} passes a stage, one thread; {Environment.ProcessorCount} processors, load {load}");
        Line(to, $"{"stage",-10}{"per second",12}{"median",12}{"by wall",12}{"us each",10}{"bytes each",12}");
    }

    public static void Row(TextWriter to, string stage, Measurement m) =>
        Line(to, $"{stage,-10}{m.Items / m.BestS,12:N0}{m.Items / m.MedianS,12:N0}{m.Items / m.WallS,12:N0}{m.BestS / m.Items * 1e6,10:F2}{m.Bytes / (double)m.Items,12:F1}");

    public static void Foot(TextWriter to, List<(string Name, Measurement Measured)> rows)
    {
        Measurement Of(string name) => rows.Find(r => r.Name == name).Measured;
        double whole = Of(Stages.Replay).BestS;
        Line(to, $"items: calls in '{Stages.Predicting}', runs in '{RunStages.Whole}' and its parts, plots elsewhere; per second: of processor time, the best pass, then the median; by wall: the median");
        Line(to, $"share of replay: {string.Join(", ", rows.Skip(1).Where(r => r.Name is Stages.Tracking or Stages.Decoding or Stages.Writing or Stages.Predicting).Select(r => Invariant($"{r.Name} {r.Measured.BestS / whole:P0}")))}");
        Against(to, "replay", Of(Stages.Replay), WantedReplay);
        Against(to, "tracking alone", Of(Stages.Tracking), WantedTracking);
    }

    private static void Against(TextWriter to, string name, Measurement m, double wanted)
    {
        double rate = m.Items / m.BestS;
        Line(to, $"{name}: {rate:N0} plots per second per core, {rate / wanted:F2} of the {wanted:N0} aimed at, {rate / PeerPlotsPerS:N0} times Stone Soup's {PeerPlotsPerS:N0} (22 rounds, tracking alone)");
    }

    private static void Line(TextWriter to, FormattableString text) => to.WriteLine(Invariant(text));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
