using Tocsin.Numerics;

namespace Tocsin.Tests.Numerics;

public sealed class RandomStreamTests
{
    /// <summary>Known answers that the authors of the generator publish with Random123 (kat_vectors).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_its_published_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3) =>
        Assert.Equal((r0, r1, r2, r3), RandomStream.Philox(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void The_first_draws_are_the_words_of_the_first_block()
    {
        (uint a, uint b, uint c, uint d) = RandomStream.Philox(0, 3, 2, 4, 0x89abcdef, 0x01234567);
        var stream = new RandomStream(0x0123456789abcdef, run: 2, entity: 3, purpose: 4);
        Assert.Equal((ulong)b << 32 | a, stream.NextBits());
        Assert.Equal((ulong)d << 32 | c, stream.NextBits());
    }

    [Fact]
    public void Neighbouring_streams_share_no_number()
    {
        var seen = new HashSet<ulong>();
        for (uint key = 0; key < 64; key++)
        {
            var stream = new RandomStream(7 + (key & 1), key >> 1 & 1, key >> 2 & 3, key >> 4);
            for (int i = 0; i < 500; i++) Assert.True(seen.Add(stream.NextBits()));
        }
    }

    [Fact]
    public void Drawing_more_from_one_stream_moves_no_other()
    {
        RandomStream a = new(1, 1, 1, 1), b = new(1, 1, 2, 1), alone = new(1, 1, 2, 1);
        for (int i = 0; i < 100; i++)
        {
            for (int j = 0; j < i; j++) a.NextNormal();
            Assert.Equal(alone.NextBits(), b.NextBits());
        }
    }

    /// <summary>The seed is fixed, so that these do not fail now and then; the bounds are four sigmas.</summary>
    [Fact]
    public void Draws_have_the_moments_of_their_distributions()
    {
        const int n = 200_000;
        var stream = new RandomStream(20201220, 0, 0, 0);
        Moments uniform = new(), normal = new(), exponential = new();
        double beyond2 = 0;
        for (int i = 0; i < n; i++)
        {
            uniform.Add(stream.NextUniform());
            exponential.Add(stream.NextExponential());
            double x = stream.NextNormal();
            normal.Add(x);
            if (Math.Abs(x) > 2) beyond2++;
        }
        uniform.Check(0.5, 1 / 12.0, 4 / Math.Sqrt(n));
        normal.Check(0, 1, 4 / Math.Sqrt(n));
        exponential.Check(1, 1, 4 / Math.Sqrt(n));
        Assert.Equal(0.04550, beyond2 / n, 4 * Math.Sqrt(0.0455 / n));
        Assert.True(uniform.Least >= 0 && uniform.Greatest < 1);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(3.7)]
    [InlineData(150)]
    [InlineData(1_000)]
    public void Counts_follow_the_Poisson_distribution(double mean)
    {
        const int n = 20_000;
        var stream = new RandomStream(5, 6, 7, 8);
        Moments m = new();
        int[] histogram = new int[8];
        for (int i = 0; i < n; i++)
        {
            int k = stream.NextPoisson(mean);
            m.Add(k);
            if (k < histogram.Length) histogram[k]++;
        }
        m.Check(mean, mean, 4 / Math.Sqrt(n) * Math.Sqrt(1 + 1 / mean));
        double probability = Math.Exp(-mean);
        for (int k = 0; k < histogram.Length; k++, probability *= mean / k)
            Assert.Equal(probability, histogram[k] / (double)n, 4.5 * Math.Sqrt(probability / n) + 1e-9);
    }

    [Fact]
    public void A_count_of_mean_zero_is_zero_and_a_bad_mean_is_refused()
    {
        var stream = new RandomStream(1, 2, 3, 4);
        for (int i = 0; i < 100; i++) Assert.Equal(0, stream.NextPoisson(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextPoisson(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextPoisson(-1));
    }

    [Fact]
    public void Normal_quantile_inverts_the_distribution_function()
    {
        for (int i = 1; i < 4_000; i++)
        {
            double p = i < 2_000 ? i / 4_000.0 : Math.Pow(10, -(i - 1_999) / 20.0);
            double x = -StandardNormal.Quantile(p);
            // By how much x is wrong, in parts of itself: the difference of the probabilities over the density.
            double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
            Assert.InRange(Math.Abs(UpperTail(x) - p) / density, 0, 2e-14 * Math.Max(1, x));
        }
        Assert.Equal(0, StandardNormal.Quantile(0.5));
        Assert.Equal(double.NegativeInfinity, StandardNormal.Quantile(0));
        Assert.Equal(double.PositiveInfinity, StandardNormal.Quantile(1));
        Assert.True(double.IsNaN(StandardNormal.Quantile(1.5)) && double.IsNaN(StandardNormal.Quantile(-1)) && double.IsNaN(StandardNormal.Quantile(double.NaN)));
        Assert.Equal(1.959963984540054, StandardNormal.Quantile(0.975), 14);
    }

    /// <summary>The share of the normal distribution above x: a power series near 0, Laplace's continued fraction far out.</summary>
    private static double UpperTail(double x)
    {
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (x < 2.5)
        {
            double term = x, sum = x;
            for (int k = 3; Math.Abs(term) > 1e-19; k += 2) sum += term *= x * x / k;
            return 0.5 - density * sum;
        }
        double fraction = x;
        for (int k = 200; k > 0; k--) fraction = x + k / fraction;
        return density / fraction;
    }

    private sealed class Moments
    {
        private double _sum, _squares;
        private int _count;

        public double Least { get; private set; } = double.PositiveInfinity;

        public double Greatest { get; private set; } = double.NegativeInfinity;

        public void Add(double x)
        {
            (_sum, _squares, _count) = (_sum + x, _squares + x * x, _count + 1);
            (Least, Greatest) = (Math.Min(Least, x), Math.Max(Greatest, x));
        }

        public void Check(double mean, double variance, double sigmas)
        {
            double m = _sum / _count;
            Assert.Equal(mean, m, sigmas * Math.Sqrt(variance));
            // The sample variance of what is not far from normal has a sigma of sqrt(2/n) and, for skewed ones, up to sqrt(8/n) of the variance.
            Assert.Equal(variance, _squares / _count - m * m, 3 * sigmas * variance);
        }
    }
}
