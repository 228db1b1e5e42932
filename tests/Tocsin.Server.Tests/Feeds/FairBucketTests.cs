using CsCheck;
using Tocsin.Server.Feeds;

namespace Tocsin.Server.Tests.Feeds;

public sealed class FairBucketTests
{
    [Fact]
    public void No_party_has_less_than_a_bucket_of_its_own_would_give_and_all_together_have_no_more_than_the_rate()
    {
        Gen.Select(Gen.Double[10, 1_000], Gen.Double[0.1, 30].Array[1, 6], Gen.Int[0, 1_000]).Sample((rate, demands, seed) =>
        {
            var random = new Random(seed);
            var bucket = new FairBucket(rate, 1, demands.Length);
            double part = rate / demands.Length, most = Math.Max(1, part);
            double[] own = [.. demands.Select(_ => most)];
            int[] taken = new int[demands.Length], alone = new int[demands.Length];
            const double step = 0.01, seconds = 30;
            for (double now = 0; now < seconds; now += step)
                for (int p = 0; p < demands.Length; p++)
                {
                    own[p] = Math.Min(most, own[p] + part * step);
                    // Each asks for a multiple of its part, in random bunches.
                    for (double want = demands[p] * part * step + random.NextDouble(); want >= 1; want--)
                    {
                        if (bucket.TryTake(p, now)) taken[p]++;
                        // How much of a bunch the part carries is what a bucket that nobody shares would give: random bunches lose some even there.
                        if (own[p] >= 1) (own[p], alone[p]) = (own[p] - 1, alone[p] + 1);
                        // One draw may fall to either side of a whole token, as sums are rounded.
                        if (taken[p] < alone[p] - 1) Assert.Fail($"at {now} s party {p} has {taken[p]}, and would have {alone[p]} alone");
                    }
                }
            Assert.True(taken.Sum() <= rate * (seconds + 2) + demands.Length);
        }, iter: 50);
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
