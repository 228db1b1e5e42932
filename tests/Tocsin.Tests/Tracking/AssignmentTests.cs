using CsCheck;
using Tocsin.Numerics;
using Tocsin.Tracking;

namespace Tocsin.Tests.Tracking;

public sealed class AssignmentTests
{
    private static readonly Gen<(int Tracks, int Plots, double[] Gains)> Cases =
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Double[-1, 1].Array[25], (t, p, g) => (t, p, g));

    [Fact]
    public void Small_cases_have_the_greatest_sum_that_trying_all_finds() => Cases.Sample(c =>
    {
        List<Candidate> candidates = Candidates(c);
        var result = new int[c.Tracks];
        new Assignment().Solve(candidates, c.Tracks, c.Plots, result);
        Assert.Equal(BestByTryingAll(candidates, c.Tracks, 0, 0), Total(candidates, result), 1e-9);
    }, iter: 3_000);

    [Fact]
    public void The_order_of_the_candidates_does_not_matter() => Gen.Select(Cases, Gen.Shuffle(Enumerable.Range(0, 25).ToArray())).Sample((c, order) =>
    {
        // Gains of a few steps only, so that many assignments are equally good and a choice must be made between them.
        List<Candidate> candidates = Candidates((c.Tracks, c.Plots, [.. c.Gains.Select(g => Math.Round(2 * g) / 2)]));
        List<Candidate> shuffled = [.. order.Where(i => i < candidates.Count).Select(i => candidates[i])];
        int[] a = new int[c.Tracks], b = new int[c.Tracks];
        new Assignment().Solve(candidates, c.Tracks, c.Plots, a);
        new Assignment().Solve(shuffled, c.Tracks, c.Plots, b);
        Assert.Equal(a, b);
    }, iter: 3_000);

    [Fact]
    public void A_solver_that_has_worked_before_gives_the_same() => Cases.Array[2, 6].Sample(cases =>
    {
        var used = new Assignment();
        foreach ((int Tracks, int Plots, double[] Gains) c in cases)
        {
            int[] a = new int[5], b = new int[5];
            used.Solve(Candidates(c), c.Tracks, c.Plots, a);
            new Assignment().Solve(Candidates(c), c.Tracks, c.Plots, b);
            Assert.Equal(b, a);
        }
    }, iter: 300);

    [Theory]
    [InlineData(Assignment.LargestExactGroup, 1.0)]
    [InlineData(Assignment.LargestExactGroup + 60, 0.5)]
    public void A_crowd_is_solved_and_a_greater_one_at_least_half(int n, double share)
    {
        // Each track prefers the next one's plot a little: greed is led astray, the best is every track its own.
        var candidates = new List<Candidate>();
        for (int i = 0; i < n; i++)
        {
            candidates.Add(new(i, i, 1));
            if (i + 1 < n && i % 2 == 0) candidates.Add(new(i, i + 1, 1.5));
            else if (i + 1 < n) candidates.Add(new(i, i + 1, 0.25));
        }
        var result = new int[n];
        new Assignment().Solve(candidates, n, n, result);
        Assert.InRange(Total(candidates, result), share * n, n);
    }

    private static List<Candidate> Candidates((int Tracks, int Plots, double[] Gains) c)
    {
        var list = new List<Candidate>();
        for (int t = 0; t < c.Tracks; t++)
            for (int p = 0; p < c.Plots; p++)
                if (c.Gains[t * 5 + p] > 0) list.Add(new(t, p, c.Gains[t * 5 + p]));
        return list;
    }

    /// <summary>The sum of an assignment; fails where it uses a plot twice or a pair that was not offered.</summary>
    private static double Total(List<Candidate> candidates, int[] result)
    {
        Assert.Equal(result.Count(p => p >= 0), result.Where(p => p >= 0).Distinct().Count());
        double sum = 0;
        for (int t = 0; t < result.Length; t++)
            if (result[t] >= 0) sum += Assert.Single(candidates, c => c.Track == t && c.Plot == result[t]).Gain;
        return sum;
    }

    private static double BestByTryingAll(List<Candidate> candidates, int tracks, int track, uint used)
    {
        if (track == tracks) return 0;
        double best = BestByTryingAll(candidates, tracks, track + 1, used);
        foreach (Candidate c in candidates)
            if (c.Track == track && (used >> c.Plot & 1) == 0)
                best = Math.Max(best, c.Gain + BestByTryingAll(candidates, tracks, track + 1, used | 1u << c.Plot));
        return best;
    }
}
