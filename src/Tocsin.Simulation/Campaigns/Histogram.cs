namespace Tocsin.Simulation.Campaigns;

/// <summary>How often a measure had which value, by alternative, in bins that all alternatives share.</summary>
/// <param name="Start">Where the first bin begins.</param>
/// <param name="Step">Width of a bin.</param>
/// <param name="IsWhole">Whether each bin is one whole number, and <paramref name="Start"/> half a step below the first.</param>
/// <param name="Counts">Runs by alternative and bin.</param>
public sealed record Histogram(double Start, double Step, bool IsWhole, IReadOnlyList<IReadOnlyList<int>> Counts)
{
    // Chosen for a drawing as wide as a page: whole numbers are told apart up to the first, and about as many bins as the second serve the rest.
    private const int MostWhole = 61, AboutBins = 24;

    /// <summary>How many bins there are.</summary>
    public int Bins => Counts[0].Count;

    /// <summary>Makes the bins for columns that may hold values that are not numbers.</summary>
    public static Histogram Of(bool isCount, IReadOnlyList<double[]> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double value in columns.SelectMany(c => c).Where(v => !double.IsNaN(v))) (least, most) = (Math.Min(least, value), Math.Max(most, value));
        if (least > most) return new(0, 1, isCount, [.. columns.Select(_ => (IReadOnlyList<int>)[0])]);
        bool whole = isCount && most - least < MostWhole;
        double step = whole ? 1 : NiceStep(Math.Max(most - least, 1e-9) / AboutBins);
        double start = whole ? least - 0.5 : Math.Floor(least / step) * step;
        int bins = (int)Math.Floor((most - start) / step) + 1;
        return new(start, step, whole, [.. columns.Select(column =>
        {
            int[] counts = new int[bins];
            foreach (double value in column)
                if (!double.IsNaN(value)) counts[Math.Clamp((int)Math.Floor((value - start) / step), 0, bins - 1)]++;
            return (IReadOnlyList<int>)counts;
        })]);
    }

    /// <summary>The next of 1, 2, 5, 10, 20, 50, …, downwards too.</summary>
    public static double NiceStep(double least)
    {
        double power = 1;
        while (power > least) power /= 10;
        while (power * 10 <= least) power *= 10;
        return power >= least ? power : 2 * power >= least ? 2 * power : 5 * power >= least ? 5 * power : 10 * power;
    }
}
