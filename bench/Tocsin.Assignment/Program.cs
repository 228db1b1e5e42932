using System.Diagnostics;
using System.Globalization;
using Tocsin.Assignment;

// dotnet run --project bench/Tocsin.Assignment -c Release [-- --large]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const ulong seed = 4;
Small("literature's ranges: worth 25-100, kill 0.6-0.9, no cost, any number on a target", asDefence: false);
Small("as a defence meets them: wide ranges, some out of reach, a cost, one to three on a target", asDefence: true);
if (args is ["--large", ..])
{
    Console.WriteLine("large cases, the literature's ranges, against the optimum of the divided problem (an upper bound: the true gap is less)");
    foreach ((int effectors, int targets) in ((int, int)[])[(50, 100), (100, 100), (100, 200), (200, 200), (200, 400), (500, 500), (500, 1000)])
    {
        Instance instance = Instance.Draw(seed, 1, effectors, targets, asDefence: false);
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        double found = instance.Heuristic();
        double seconds = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds, bound = Bound.Of(instance), all = instance.Worth.Sum();
        Console.WriteLine($"  {effectors,4} x {targets,-5} surviving worth {all - found,9:0.0} at least {all - bound,9:0.0}   gap {100 * ((all - found) / (all - bound) - 1):0.00} % of it   {seconds:0.00} s of processor time");
    }
}

static void Small(string what, bool asDefence)
{
    var gaps = new List<double>();
    for (uint i = 0; i < 200; i++)
    {
        int effectors = 2 + (int)(i % 6), targets = 2 + (int)(i / 6 % 6);
        Instance instance = Instance.Draw(seed, 1000 + i, effectors, targets, asDefence);
        double best = Exact.Solve(instance), found = instance.Heuristic();
        if (found > best * (1 + 1e-6) + 1e-6) throw new InvalidOperationException($"case {i}: {found} is more than the optimum {best}");
        gaps.Add(best > 1e-9 ? Math.Max(0, 1 - found / best) : 0);
    }
    gaps.Sort();
    Console.WriteLine($"{gaps.Count} random cases of 2 to 7 effectors and 2 to 7 targets; {what}");
    Console.WriteLine($"  gap to the exact optimum: mean {100 * gaps.Average():0.000} %, 95th percentile {100 * gaps[(int)(0.95 * gaps.Count)]:0.000} %, largest {100 * gaps[^1]:0.000} %, exact in {gaps.Count(g => g < 1e-7)}");
}
