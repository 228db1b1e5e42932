using CsCheck;
using Tocsin.Server.Feeds;

namespace Tocsin.Server.Tests.Feeds;

public sealed class FairBucketTests
{
    [Fact]
    public void Each_party_has_its_part_and_all_together_have_no_more_than_the_rate()
    {
        Gen.Select(Gen.Double[10, 1_000], Gen.Double[0.1, 30].Array[1, 6], Gen.Int[0, 1_000]).Sample((rate, demands, seed) =>
        {
            var random = new Random(seed);
            var bucket = new FairBucket(rate, 1, demands.Length);
            double[] taken = new double[demands.Length], asked = new double[demands.Length];
            const double step = 0.01, seconds = 30;
            for (double now = 0; now < seconds; now += step)
                for (int p = 0; p < demands.Length; p++)
                    // Each asks for a multiple of its part, in random bunches.
                    for (double want = demands[p] * rate / demands.Length * step + random.NextDouble(); want >= 1; want--)
                    {
                        asked[p]++;
                        if (bucket.TryTake(p, now)) taken[p]++;
                    }
            Assert.True(taken.Sum() <= rate * (seconds + 2) + demands.Length);
            for (int p = 0; p < demands.Length; p++)
                Assert.True(taken[p] >= Math.Min(asked[p] * 0.9, rate / demands.Length * seconds * 0.9) - 2 * rate / demands.Length - 5, $"{taken[p]} of {asked[p]}");
        }, iter: 30);
    }

    [Fact]
    public void What_one_leaves_another_may_use()
    {
        var bucket = new FairBucket(100, 1, 2);
        int taken = 0;
        for (double now = 0; now < 100; now += 0.001)
        {
            if (bucket.TryTake(0, now)) taken++;
            if (Math.Floor(now) != Math.Floor(now - 0.001)) Assert.True(bucket.TryTake(1, now));
        }
        Assert.InRange(taken, 98 * 100, 102 * 100);
    }
}
