using System.Globalization;
using System.Runtime.Intrinsics;
using Tocsin.Ballistics;
using Tocsin.Ballistics.Batch;

namespace Tocsin.Bench.Batch;

/// <summary>Impacts a second of one core, at each width, how far they miss, and how that compares with C++.</summary>
internal static class BatchBench
{
    /// <summary>The stage's name for <c>--only</c>.</summary>
    public const string Name = "batch";

    /// <summary>What issue 4 asks for at least and aims at on AVX-512, impacts a second a core.</summary>
    private const double WantedPerS = 250_000, AimPerS = 400_000;

    /// <summary>Steps of the baseline in seconds: that of the survey, and one whose worst miss is about the 12 mm allowed.</summary>
    private static readonly string[] Steps = ["0.25", "0.375"];

    public static void Run(TextWriter to, int passes)
    {
        var scenario = new BatchScenario();
        string load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        Line(to, $"{BatchScenario.Count:N0} trajectories, {BatchScenario.SpeedMps} m/s, {BatchScenario.LowestDeg} to {BatchScenario.HighestDeg} degrees; {passes} passes, one thread; load {load}");
        Line(to, $"{"path",-20}{"impacts/s",12}{"median",12}{"worst mm",10}{"worst us",10}{"bytes",8}");
        double eight = Fly(to, scenario, LaneWidth.Eight, Vector512.IsHardwareAccelerated ? "Vector512" : "Vector512, emulated", passes);
        double four = Fly(to, scenario, LaneWidth.Four, "Vector256", passes);
        Fly(to, scenario, LaneWidth.One, "scalar", passes);
        Line(to, $"per second of processor time: the best pass, the median; worst: against Flight.Fly at a tolerance of 1e-12; bytes: allocated by a pass");
        if (Vector512.IsHardwareAccelerated)
            Line(to, $"Vector512: {eight / WantedPerS:F2} of the {WantedPerS:N0} asked for, {eight / AimPerS:F2} of the {AimPerS:N0} aimed at");
        foreach (string step in Steps)
        {
            Compare(to, scenario, passes, step, Vector512.IsHardwareAccelerated ? eight : four);
            if (Vector512.IsHardwareAccelerated) Compare(to, scenario, passes, step, four, "-mno-avx512f");
        }
    }

    private static double Fly(TextWriter to, BatchScenario scenario, LaneWidth width, string path, int passes)
    {
        var flight = new BatchFlight(BatchScenario.Origin, BatchScenario.Drag, FlightEnvironment.Calm, BatchScenario.GroundHeightM);
        var impacts = new BatchImpacts(BatchScenario.Count);
        Measurement m = Measurement.Of(() =>
        {
            flight.Fly(scenario.Rounds, BatchScenario.Count, impacts, width);
            return BatchScenario.Count;
        }, passes);
        (double missM, double lateS) = scenario.Worst(impacts.EastM, impacts.NorthM, impacts.UpM, impacts.TimeS);
        Line(to, $"{path,-20}{m.Items / m.BestS,12:N0}{m.Items / m.MedianS,12:N0}{missM * 1e3,10:F3}{lateS * 1e6,10:F2}{m.Bytes,8}");
        return m.Items / m.BestS;
    }

    private static void Compare(TextWriter to, BatchScenario scenario, int passes, string step, double ours, params string[] options)
    {
        (BaselineResult? r, string why) = Baseline.Run(scenario, passes, [$"-DSTEP={step}", .. options]);
        if (r is null)
        {
            Line(to, $"C++ {step} s {string.Join(' ', options)}: skipped, {why}");
            return;
        }
        Line(to, $"{"C++ " + r.Vectors + ", " + step + " s",-20}{r.BestPerS,12:N0}{r.MedianPerS,12:N0}{r.MissM * 1e3,10:F3}{r.LateS * 1e6,10:F2}        ours at that width: {ours / r.BestPerS:F2} times as quick");
    }

    private static void Line(TextWriter to, FormattableString text) => to.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
