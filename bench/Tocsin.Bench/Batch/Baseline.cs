using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Tocsin.Ballistics;
using Tocsin.Ballistics.Batch;

namespace Tocsin.Bench.Batch;

/// <summary>What the C++ baseline made of the same trajectories.</summary>
/// <param name="Vectors">The vectors it used.</param>
/// <param name="BestPerS">Impacts per second of processor time, the best pass.</param>
/// <param name="MedianPerS">The same, the median pass.</param>
/// <param name="MissM">Its worst miss in metres.</param>
/// <param name="LateS">Its worst error in time, seconds.</param>
internal sealed record BaselineResult(string Vectors, double BestPerS, double MedianPerS, double MissM, double LateS);

/// <summary>Compiles baseline.cpp with the machine's compiler and runs it in this run, on the same constants.</summary>
internal static class Baseline
{
    /// <summary>The result; null, and why, where there is no compiler or it fails.</summary>
    public static (BaselineResult? Result, string Why) Run(BatchScenario scenario, int passes, params string[] options)
    {
        string folder = Directory.CreateTempSubdirectory("tocsin-batch-").FullName;
        try
        {
            string source = Path.Combine(AppContext.BaseDirectory, "baseline.cpp"), program = Path.Combine(folder, "baseline");
            (int exit, string said) = Start("g++", ["-O3", "-march=native", .. options, "-o", program, source]);
            if (exit != 0) return (null, $"g++ failed: {said}");
            string input = Path.Combine(folder, "input"), output = Path.Combine(folder, "output");
            File.WriteAllBytes(input, MemoryMarshal.AsBytes<double>(Input(scenario)).ToArray());
            (exit, said) = Start(program, [input, output, passes.ToString(CultureInfo.InvariantCulture)]);
            if (exit != 0) return (null, $"the baseline ended with {exit}");
            double[] found = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(output)).ToArray();
            const int n = BatchScenario.Count;
            (double miss, double late) = scenario.Worst(found.AsSpan(n, n), found.AsSpan(2 * n, n), found.AsSpan(3 * n, n), found.AsSpan(0, n));
            string[] words = said.Split(' ', StringSplitOptions.TrimEntries);
            return (new(words[0], double.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture), miss, late), "");
        }
        catch (Win32Exception)
        {
            return (null, "no g++");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int Exit, string Said) Start(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    /// <summary>What baseline.cpp reads: the count, its Model, the drag curve's pieces row by row, the rounds quantity by quantity.</summary>
    private static double[] Input(BatchScenario scenario)
    {
        var e = new LocalEarth(BatchScenario.Origin);
        // The piece of the air that the trajectories stay in: the troposphere's.
        ReadOnlySpan<double> air = Pieces.Air.RowAt(0);
        List<double> all =
        [
            BatchScenario.Count, e.OriginHeightM, e.BendEast, e.BendNorth, e.Shrink, e.CentreNorthM, e.CentreUpM, e.InverseRadius2, e.Pull, e.RestNorth, e.RestUp,
            e.EastEast, e.NorthNorth, e.NorthUp, e.UpUp, e.CoriolisSin, e.CoriolisCos, BatchScenario.GroundHeightM, .. air[2..],
        ];
        Pieces pieces = Pieces.Of(BatchScenario.Drag);
        List<double> drag = [];
        int rows = 0;
        for (double mach = double.NegativeInfinity; mach < double.PositiveInfinity; rows++)
        {
            ReadOnlySpan<double> row = pieces.RowAt(mach);
            drag.AddRange(row);
            mach = row[1];
        }
        BatchRounds r = scenario.Rounds;
        return
        [
            .. all, rows, .. drag, .. r.EastM, .. r.NorthM, .. r.UpM, .. r.EastMps, .. r.NorthMps, .. r.UpMps,
            .. r.BallisticCoefficientKgM2.ToArray().Select(beta => -1 / beta),
        ];
    }
}
