using Tocsin.Numerics;

namespace Tocsin.Simulation.Campaigns;

/// <summary>Mean and variance of figures that come one by one (Welford, Technometrics 4(3), 1962).</summary>
public struct Moments
{
    private double _sumOfSquares;

    /// <summary>How many.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean.</summary>
    public double Mean { get; private set; }

    /// <summary>The unbiased variance; 0 of fewer than two.</summary>
    public readonly double Variance => Count > 1 ? _sumOfSquares / (Count - 1) : 0;

    /// <summary>Takes one more.</summary>
    public void Add(double value)
    {
        Count++;
        double before = value - Mean;
        Mean += before / Count;
        _sumOfSquares += before * (value - Mean);
    }
}

/// <summary>Student's distribution.</summary>
public static class Student
{
    /// <summary>The quantile at <paramref name="p"/> with <paramref name="degrees"/> of freedom: the expansion in 1 / degrees of Abramowitz and Stegun, 26.7.5; within 0.1 % from
    /// 10 degrees on at 97.5 %.</summary>
    public static double Quantile(double p, double degrees)
    {
        double x = StandardNormal.Quantile(p), x2 = x * x;
        double g1 = x * (x2 + 1) / 4;
        double g2 = x * ((5 * x2 + 16) * x2 + 3) / 96;
        double g3 = x * (((3 * x2 + 19) * x2 + 17) * x2 - 15) / 384;
        double g4 = x * ((((79 * x2 + 776) * x2 + 1482) * x2 - 1920) * x2 - 945) / 92160;
        return x + (g1 + (g2 + (g3 + g4 / degrees) / degrees) / degrees) / degrees;
    }

    /// <summary>Half the width of the interval of a mean.</summary>
    public static double HalfWidth(in Moments moments, double confidence) =>
        Quantile(0.5 + confidence / 2, moments.Count - 1) * Math.Sqrt(moments.Variance / moments.Count);
}
