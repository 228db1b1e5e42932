using CsCheck;
using Tocsin.Numerics;

namespace Tocsin.Tests.Numerics;

public sealed class LanesTests
{
    private static readonly double[] Special = [0, -0.0, 1, -1, double.Epsilon, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    private static readonly Gen<double> Numbers = Gen.OneOf(Gen.Double, Gen.Double[-1e3, 1e3], Gen.Int[0, Special.Length - 1].Select(i => Special[i]));

    private static readonly Gen<double[]> Eight = Numbers.Array[8];

    [Fact]
    public void Every_operation_gives_the_same_bits_at_every_width() => Gen.Select(Eight, Eight, Eight).Sample((a, b, c) =>
    {
        double[] one = Results<Lanes1>(a, b, c);
        Assert.Equal(one.Select(Bits), Results<Lanes4>(a, b, c).Select(Bits));
        Assert.Equal(one.Select(Bits), Results<Lanes8>(a, b, c).Select(Bits));
    }, iter: 2_000);

    /// <summary>The scalar way is plain arithmetic, comparisons with NaN false.</summary>
    [Fact]
    public void The_scalar_way_is_what_the_language_says() => Gen.Select(Numbers, Numbers, Numbers).Sample((a, b, c) =>
    {
        double[] got = Results<Lanes1>([a], [b], [c]);
        double[] expected = [a + b, a - b, a * b, a / b, Math.FusedMultiplyAdd(a, b, c), Math.Sqrt(a), a < b ? b : c, a <= b ? b : c, a < b ? 1 : 0, a <= b ? 1 : 0];
        Assert.Equal(expected.Select(Bits), got.Take(expected.Length).Select(Bits));
    });

    [Fact]
    public void The_rough_root_is_as_rough_as_it_says()
    {
        double worst = 0;
        for (double x = 1e-12; x < 1e12; x *= 1.01)
            worst = Math.Max(worst, Math.Abs(Rough(x) * Math.Pow(x, 13 / 128.0) - 1));
        Assert.InRange(worst, 0.01, 0.08);
        Assert.Equal(1, Rough(1));
        Assert.True(Rough(0) > 1e30);

        static double Rough(double x)
        {
            Lanes1 root = Lanes1.RoughInverseTenthRoot(Lanes1.All(x));
            return LaneBits.Lane(ref root, 0);
        }
    }

    private static double[] Results<TLanes>(double[] a, double[] b, double[] c) where TLanes : unmanaged, ILanes<TLanes>
    {
        const int operations = 11;
        var results = new double[operations * a.Length];
        for (int at = 0; at < a.Length; at += TLanes.Width)
        {
            TLanes x = Load(a, at), y = Load(b, at), z = Load(c, at);
            TLanes[] done = [x + y, x - y, x * y, x / y, TLanes.Fused(x, y, z), TLanes.Sqrt(x), TLanes.WhereLess(x, y, y, z), TLanes.WhereAtMost(x, y, y, z), default, default, TLanes.RoughInverseTenthRoot(x * x)];
            uint less = TLanes.Less(x, y), atMost = TLanes.AtMost(x, y);
            for (int lane = 0; lane < TLanes.Width; lane++)
            {
                (LaneBits.Lane(ref done[8], lane), LaneBits.Lane(ref done[9], lane)) = (less >> lane & 1, atMost >> lane & 1);
                for (int i = 0; i < operations; i++) results[i * a.Length + at + lane] = LaneBits.Lane(ref done[i], lane);
            }
        }
        return results;

        static TLanes Load(double[] from, int at)
        {
            TLanes lanes = default;
            for (int lane = 0; lane < TLanes.Width; lane++) LaneBits.Lane(ref lanes, lane) = from[at + lane];
            return lanes;
        }
    }

    // Which NaN a processor makes is its own affair, and nothing asks.
    private static long Bits(double x) => double.IsNaN(x) ? 0x7FF8_0000_0000_0000 : BitConverter.DoubleToInt64Bits(x);
}
