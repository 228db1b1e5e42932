using System.Diagnostics;

namespace Tocsin.Bench;

/// <summary>Several passes of one stage in one warm process.</summary>
/// <param name="Items">Items of work in one pass.</param>
/// <param name="BestS">Processor time of the quickest pass, seconds.</param>
/// <param name="MedianS">Processor time of the median pass, seconds.</param>
/// <param name="WallS">Wall time of the median pass, seconds.</param>
/// <param name="Bytes">Bytes allocated by one pass, the least of all.</param>
internal sealed record Measurement(long Items, double BestS, double MedianS, double WallS, long Bytes)
{
    private const int WarmingPasses = 3;
    private const double WarmingS = 2;

    /// <summary>Measures a pass, which gives its count of items; the runtime has compiled it for good before the first that counts.</summary>
    public static Measurement Of(Func<long> pass, int passes)
    {
        long started = Stopwatch.GetTimestamp(), items = 0;
        for (int i = 0; i < WarmingPasses || Stopwatch.GetElapsedTime(started).TotalSeconds < WarmingS; i++) items = pass();
        double[] cpu = new double[passes], wall = new double[passes];
        long bytes = long.MaxValue;
        for (int i = 0; i < passes; i++)
        {
            GC.Collect();
            long allocated = GC.GetAllocatedBytesForCurrentThread(), from = Stopwatch.GetTimestamp();
            TimeSpan used = Environment.CpuUsage.TotalTime;
            pass();
            cpu[i] = (Environment.CpuUsage.TotalTime - used).TotalSeconds;
            wall[i] = Stopwatch.GetElapsedTime(from).TotalSeconds;
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }
        Array.Sort(cpu);
        Array.Sort(wall);
        return new(items, cpu[0], cpu[passes / 2], wall[passes / 2], bytes);
    }
}
