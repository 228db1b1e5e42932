using System.Globalization;

namespace Tocsin.Load;

/// <summary>Processor time of a process and of its threads by name, as Linux counts it. Unlike a delay it says something on a machine that does other work too.</summary>
internal sealed class ServerCost
{
    private const double NanosecondsPerS = 1e9, TicksPerS = 100;
    private readonly SortedDictionary<string, double> _threads = new(StringComparer.Ordinal);

    private ServerCost()
    {
    }

    /// <summary>Seconds of the whole process, threads that have ended included.</summary>
    public double Seconds { get; private set; }

    /// <summary>Reads it; nothing but zeros where the system is not Linux.</summary>
    public static ServerCost Of(int process)
    {
        var cost = new ServerCost();
        string folder = $"/proc/{process}";
        if (!Directory.Exists(folder + "/task")) return cost;
        cost.Seconds = TicksOf(File.ReadAllText(folder + "/stat")) / TicksPerS;
        foreach (string thread in Directory.EnumerateDirectories(folder + "/task"))
        {
            try
            {
                string name = File.ReadAllText(thread + "/comm").Trim();
                // proc(5): the first figure of schedstat is the time on the processor in nanoseconds.
                double seconds = double.Parse(File.ReadAllText(thread + "/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / NanosecondsPerS;
                cost._threads[name] = cost._threads.GetValueOrDefault(name) + seconds;
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }
        return cost;
    }

    /// <summary>Prints what was used since an earlier look, in microseconds for each plot.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="before">The earlier look.</param>
    /// <param name="sent">Plots sent in between.</param>
    /// <param name="taken">Plots that the Site was given in between: what is shed costs next to nothing, and must not make the others look cheap.</param>
    /// <param name="spanS">Seconds in between.</param>
    public void Print(TextWriter to, ServerCost before, long sent, long taken, double spanS)
    {
        long plots = Math.Max(1, taken);
        to.WriteLine($"  cost       {PerPlot(Seconds - before.Seconds)} us of processor time for each of {taken:N0} plots taken ({sent:N0} sent); by thread:");
        foreach ((string name, double seconds) in _threads.Select(t => (t.Key, t.Value - before._threads.GetValueOrDefault(t.Key))).OrderByDescending(t => t.Item2).TakeWhile(t => t.Item2 > 0.002 * spanS))
            to.WriteLine($"    {name,-16} {PerPlot(seconds)} us a plot, {seconds / spanS:0.000} cores");

        string PerPlot(double seconds) => (seconds / plots * 1e6).ToString("0.0", CultureInfo.InvariantCulture).PadLeft(6);
    }

    /// <summary>User and system time of a stat line, in clock ticks; the name in it may hold blanks and brackets, so it is counted from its end.</summary>
    private static double TicksOf(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
