using Tocsin.Numerics;
using Tocsin.Simulation.Runs;

namespace Tocsin.Simulation.Campaigns;

/// <summary>A figure with its interval.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of its 95 % interval.</param>
public readonly record struct Estimate(double Value, double Low, double High);

/// <summary>What one measure was over the runs of one alternative.</summary>
/// <param name="Column">The measure.</param>
/// <param name="Count">Runs in which there was something to measure.</param>
/// <param name="Mean">Their mean, with its interval.</param>
/// <param name="Deviation">Their standard deviation.</param>
/// <param name="Quantiles">Least, 5 %, 25 %, 50 %, 75 %, 95 %, greatest.</param>
public sealed record Aggregate(MeasureColumn Column, int Count, Estimate Mean, double Deviation, IReadOnlyList<double> Quantiles)
{
    /// <summary>The shares of <see cref="Quantiles"/>.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

    /// <summary>The middle run.</summary>
    public double Median => Quantiles[3];
}

/// <summary>What changes from one alternative to another, run by run under the same chance.</summary>
/// <param name="Column">The measure.</param>
/// <param name="Alternative">The alternative.</param>
/// <param name="Reference">What it is compared with.</param>
/// <param name="Count">Replications in which both had something to measure.</param>
/// <param name="Mean">Mean of the alternative minus the reference, with its interval.</param>
/// <param name="Deviation">Standard deviation of that difference.</param>
/// <param name="LessShare">Share of the replications in which the alternative had less.</param>
/// <param name="MoreShare">Share of the replications in which the alternative had more.</param>
public sealed record Difference(MeasureColumn Column, int Alternative, int Reference, int Count, Estimate Mean, double Deviation, double LessShare, double MoreShare);

/// <summary>Statistics of columns: quantiles, and intervals from resampling whole replications.</summary>
/// <remarks>The bootstrap's percentile interval of the mean (Efron, Annals of Statistics 7(1), 1979; Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). One draw of
/// replications serves all measures and all alternatives, so that differences are of the same replications. Beyond
/// <see cref="CampaignLimits.ResampledReplications"/> replications it is Student's interval.</remarks>
public sealed class Resampler
{
    /// <summary>Resamples. Chosen: an end of the interval then has a relative error of some hundredths of its half width.</summary>
    public const int Resamples = 1_000;

    private readonly int _replications;
    private readonly ushort[]? _weights;

    /// <summary>Draws the resamples.</summary>
    /// <param name="replications">How many replications there are.</param>
    /// <param name="seed">The campaign's seed.</param>
    public Resampler(int replications, long seed)
    {
        _replications = replications;
        if (replications is 0 or > CampaignLimits.ResampledReplications) return;
        _weights = new ushort[Resamples * replications];
        for (int b = 0; b < Resamples; b++)
        {
            var draws = new RandomStream(unchecked((ulong)seed), 0, (uint)b, (uint)Draw.Bootstrap);
            Span<ushort> weights = _weights.AsSpan(b * replications, replications);
            for (int i = 0; i < replications; i++) weights[(int)(draws.NextUniform() * replications)]++;
        }
    }

    /// <summary>The mean of a column with its 95 % interval; a value that is not a number is passed over.</summary>
    public Estimate Mean(ReadOnlySpan<double> values)
    {
        if (values.Length != _replications) throw new ArgumentException("there is a value for each replication", nameof(values));
        var moments = new Moments();
        foreach (double value in values)
            if (!double.IsNaN(value)) moments.Add(value);
        if (moments.Count == 0) return new(double.NaN, double.NaN, double.NaN);
        if (moments.Count == 1 || moments.Variance == 0) return new(moments.Mean, moments.Mean, moments.Mean);
        if (_weights is null)
        {
            double half = Student.HalfWidth(moments, 0.95);
            return new(moments.Mean, moments.Mean - half, moments.Mean + half);
        }
        var means = new double[Resamples];
        int kept = 0;
        for (int b = 0; b < Resamples; b++)
        {
            ReadOnlySpan<ushort> weights = _weights.AsSpan(b * _replications, _replications);
            double sum = 0;
            long count = 0;
            for (int i = 0; i < values.Length; i++)
            {
                if (weights[i] == 0 || double.IsNaN(values[i])) continue;
                sum += weights[i] * (values[i] - moments.Mean);
                count += weights[i];
            }
            if (count > 0) means[kept++] = moments.Mean + sum / count;
        }
        double[] sorted = means[..kept];
        Array.Sort(sorted);
        return new(moments.Mean, QuantileOfSorted(sorted, 0.025), QuantileOfSorted(sorted, 0.975));
    }

    /// <summary>The aggregate of a column.</summary>
    public Aggregate Aggregate(MeasureColumn column, ReadOnlySpan<double> values)
    {
        double[] sorted = [.. values.ToArray().Where(v => !double.IsNaN(v)).Order()];
        var moments = new Moments();
        foreach (double value in sorted) moments.Add(value);
        return new(column, sorted.Length, Mean(values), Math.Sqrt(moments.Variance), [.. Campaigns.Aggregate.Shares.Select(s => QuantileOfSorted(sorted, s))]);
    }

    /// <summary>The difference of two columns, replication by replication.</summary>
    public Difference Difference(MeasureColumn column, int alternative, int reference, ReadOnlySpan<double> values, ReadOnlySpan<double> others)
    {
        double[] difference = new double[values.Length];
        int count = 0, less = 0, more = 0;
        var moments = new Moments();
        for (int i = 0; i < values.Length; i++)
        {
            double d = difference[i] = values[i] - others[i];
            if (double.IsNaN(d)) continue;
            moments.Add(d);
            count++;
            if (d < 0) less++;
            if (d > 0) more++;
        }
        return new(column, alternative, reference, count, Mean(difference), Math.Sqrt(moments.Variance), count > 0 ? less / (double)count : double.NaN, count > 0 ? more / (double)count : double.NaN);
    }

    /// <summary>The value below which a share of sorted values lies, linear between two of them (Hyndman and Fan, The American Statistician 50(4), 1996, definition 7); not a number of none.</summary>
    public static double QuantileOfSorted(ReadOnlySpan<double> sorted, double share)
    {
        if (sorted.IsEmpty) return double.NaN;
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[^1];
    }
}
