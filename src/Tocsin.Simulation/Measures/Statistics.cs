namespace Tocsin.Simulation.Measures;

/// <summary>The few statistics of the measures: null over nothing, rounded to what a reader can use.</summary>
internal static class Statistics
{
    // A millimetre, a millisecond, a thousandth of a share: nothing here is known better.
    private const int Decimals = 3;

    public static double Rounded(double value) => Math.Round(value, Decimals, MidpointRounding.AwayFromZero);

    public static double? Share(double part, double total) => total > 0 ? Rounded(part / total) : null;

    public static double? Mean(IReadOnlyCollection<double> values) => values.Count > 0 ? Rounded(values.Sum() / values.Count) : null;

    public static double? Rms(IReadOnlyCollection<double> values)
        => values.Count > 0 ? Rounded(Math.Sqrt(values.Sum(v => v * v) / values.Count)) : null;

    public static double? Max(IReadOnlyCollection<double> values) => values.Count > 0 ? Rounded(values.Max()) : null;

    public static double? Min(IReadOnlyCollection<double> values) => values.Count > 0 ? Rounded(values.Min()) : null;

    /// <summary>The middle value; the mean of the two middle ones where their number is even.</summary>
    public static double? Median(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) return null;
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return Rounded(sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
