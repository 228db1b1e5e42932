using CsCheck;
using Tocsin.Numerics;

namespace Tocsin.Tests.Numerics;

/// <summary>Errors in units in the last place, against 256-bit fixed point, and agreement with the platform's functions.</summary>
public sealed class ElementaryTests
{
    private const int Samples = 1_500;

    private static readonly Gen<double> Angles = Gen.OneOf(Gen.Double[-0.8, 0.8], Gen.Double[-7, 7], Gen.Double[-1e6, 1e6],
        Gen.Double[-4e9, 4e9], Gen.Double[-1e-6, 1e-6], Gen.Select(Gen.Int[-4_000, 4_000], Gen.Double[-1e-9, 1e-9], (k, d) => k * Math.PI / 4 + d)).Where(Resolved);

    private static readonly Gen<double> Positive = Gen.OneOf(Gen.Double[0.5, 2], Gen.Double[0.99, 1.01], Gen.Double[1e-9, 1e9],
        Gen.Double[-700, 700].Select(Math.Exp));

    [Fact]
    public void Sine_and_cosine_are_within_their_stated_error() => Angles.Sample(x =>
    {
        (FixedPoint sin, FixedPoint cos) = FixedPoint.SinCos(FixedPoint.Of(x));
        Within(0.85, Elementary.Sin(x), sin);
        Within(0.85, Elementary.Cos(x), cos);
        Within(2.5, Elementary.Tan(x), sin / cos);
        Assert.Equal((Elementary.Sin(x), Elementary.Cos(x)), Elementary.SinCos(x));
    }, iter: Samples, threads: 1);

    [Fact]
    public void Arc_tangent_is_within_its_stated_error() =>
        Gen.Select(Gen.OneOf(Gen.Double[-1, 1], Gen.Double[-1e6, 1e6], Gen.Double[-1e-6, 1e-6]), Gen.Double[-1, 1]).Where((y, x) => Resolved(x) && Resolved(y)).Sample((y, x) =>
        {
            double angle = Elementary.Atan2(y, x);
            // With the angle exactly right the vector, turned back by it, would lie along the x axis.
            (FixedPoint sin, FixedPoint cos) = FixedPoint.SinCos(FixedPoint.Of(angle));
            FixedPoint fx = FixedPoint.Of(x), fy = FixedPoint.Of(y);
            WithinOf(1.6, angle, (fy * cos - fx * sin) / (fx * cos + fy * sin));
        }, iter: Samples, threads: 1);

    [Fact]
    public void Arc_sine_and_arc_cosine_are_within_their_stated_error() =>
        Gen.OneOf(Gen.Double[-1, 1], Gen.Double[-1e-6, 1e-6], Gen.Double[1 - 1e-9, 1], Gen.Double[-1, -1 + 1e-9]).Where(Resolved).Sample(x =>
        {
            FixedPoint fx = FixedPoint.Of(x), other = FixedPoint.Sqrt(FixedPoint.One - fx * fx);
            double asin = Elementary.Asin(x), acos = Elementary.Acos(x);
            (FixedPoint sin, FixedPoint cos) = FixedPoint.SinCos(FixedPoint.Of(asin));
            WithinOf(2.2, asin, fx * cos - other * sin);
            (sin, cos) = FixedPoint.SinCos(FixedPoint.Of(acos));
            WithinOf(2.2, acos, other * cos - fx * sin);
        }, iter: Samples, threads: 1);

    [Fact]
    public void Exponential_is_within_its_stated_error() =>
        Gen.OneOf(Gen.Double[-1, 1], Gen.Double[-700, 709], Gen.Double[-1e-6, 1e-6]).Where(Resolved).Sample(x =>
        {
            int k = (int)Math.Round(x / Math.Log(2));
            FixedPoint exact = FixedPoint.Exp(FixedPoint.Of(x) - FixedPoint.Of(k) * FixedPoint.Ln2);
            Within(0.9, Math.ScaleB(Elementary.Exp(x), -k), exact);
        }, iter: Samples, threads: 1);

    [Fact]
    public void Logarithm_is_within_its_stated_error() =>
        Positive.Sample(x => Within(0.9, Elementary.Log(x), FixedPoint.Log(x)), iter: Samples, threads: 1);

    [Fact]
    public void Power_is_within_its_stated_error() => Gen.Select(Positive, Gen.Double[-40, 40]).Sample((x, y) =>
    {
        double size = y * Math.Log(x);
        if (Math.Abs(size) > 700) return;
        int k = (int)Math.Round(size / Math.Log(2));
        FixedPoint exact = FixedPoint.Exp(FixedPoint.Of(y) * FixedPoint.Log(x) - FixedPoint.Of(k) * FixedPoint.Ln2);
        Within(0.9, Math.ScaleB(Elementary.Pow(x, y), -k), exact);
    }, iter: Samples, threads: 1);

    [Fact]
    public void Special_values_are_those_of_the_platform()
    {
        double[] values =
        [
            0, -0.0, 1, -1, 0.5, -2, 1e300, -1e300, 1e-300, double.Epsilon, -double.Epsilon, double.MaxValue, double.PositiveInfinity,
            double.NegativeInfinity, double.NaN, 709.78271289338397, 709.8, 750, 2000, -708.5, -745, -745.2, -2000, 3e-310,
        ];
        foreach (double x in values)
        {
            Close(Math.Exp(x), Elementary.Exp(x), x);
            Close(Math.Log(x), Elementary.Log(x), x);
            Close(Math.Asin(x), Elementary.Asin(x), x);
            Close(Math.Acos(x), Elementary.Acos(x), x);
            if (!(Math.Abs(x) > Elementary.GreatestAngleRad)) Close(Math.Sin(x), Elementary.Sin(x), x);
            else Assert.True(double.IsNaN(Elementary.Sin(x)) && double.IsNaN(Elementary.Cos(x)) && double.IsNaN(Elementary.Tan(x)));
            foreach (double y in values)
            {
                Close(Math.Atan2(x, y), Elementary.Atan2(x, y), (x, y));
                if (x > 0 || x == 0 && double.IsPositive(x)) Close(Math.Pow(x, y), Elementary.Pow(x, y), (x, y));
            }
        }
    }

    [Fact]
    public void Bits_are_these_on_every_platform()
    {
        // FNV-1a over the bits of many results: a change here changes every recording, and must be meant.
        ulong hash = 14695981039346656037;
        for (int i = 0; i < 20_000; i++)
        {
            double x = (i - 10_000) * 0.00317, y = (i % 137 - 68) * 0.77;
            double[] results =
            [
                Elementary.Sin(x), Elementary.Cos(x), Elementary.Tan(x), Elementary.Atan2(x, y), Elementary.Exp(x), Elementary.Log(i + 0.5),
                Elementary.Pow(i + 0.5, y), Elementary.Asin(y / 53), Elementary.Acos(y / 53), StandardNormal.Quantile((i + 0.5) / 20_000),
            ];
            foreach (double r in results) hash = (hash ^ (ulong)BitConverter.DoubleToInt64Bits(r)) * 1099511628211;
        }
        Assert.Equal("27c349361877cef2", hash.ToString("x16"));
    }

    /// <summary>Whether the fixed point resolves the last places of a number.</summary>
    private static bool Resolved(double x) => Math.Abs(x) > 1e-30;

    /// <summary>Asserts that a result is within so many ulp of the exact value.</summary>
    private static void Within(double ulps, double actual, FixedPoint exact) => WithinOf(ulps, actual, exact - FixedPoint.Of(actual));

    private static void WithinOf(double ulps, double actual, FixedPoint error)
    {
        double seen = Math.Abs(error.ToDouble()) / (Math.BitIncrement(Math.Abs(actual)) - Math.Abs(actual));
        Assert.True(seen <= ulps, $"{seen:F3} ulp");
    }

    private static void Close<T>(double expected, double actual, T at)
    {
        bool same = expected.Equals(actual) && double.IsNegative(expected) == double.IsNegative(actual) || double.IsNaN(expected) && double.IsNaN(actual);
        // Subnormal results are rounded twice.
        double unit = Math.Max(Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected), double.Epsilon);
        Assert.True(same || Math.Abs(expected - actual) <= 3 * unit, $"{expected:R} expected, {actual:R} found at {at}");
    }
}
