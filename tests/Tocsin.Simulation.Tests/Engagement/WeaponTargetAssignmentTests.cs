using CsCheck;
using Tocsin.Simulation.Engagement;

namespace Tocsin.Simulation.Tests.Engagement;

/// <summary>The assignment against enumeration of every assignment there is.</summary>
public sealed class WeaponTargetAssignmentTests
{
    private static double Best(double[] worth, double[] kill, double[] cost, int[] room, int effectors)
    {
        double best = 0;
        var targetOf = new int[effectors];
        void Try(int e)
        {
            if (e == effectors)
            {
                for (int t = 0; t < worth.Length; t++)
                    if (targetOf.Count(x => x == t) > room[t]) return;
                double value = 0;
                for (int t = 0; t < worth.Length; t++)
                {
                    double survives = 1;
                    for (int i = 0; i < effectors; i++)
                    {
                        if (targetOf[i] != t) continue;
                        survives *= 1 - kill[i * worth.Length + t];
                        value -= cost[i * worth.Length + t];
                    }
                    value += worth[t] * (1 - survives);
                }
                best = Math.Max(best, value);
                return;
            }
            for (targetOf[e] = -1; targetOf[e] < worth.Length; targetOf[e]++) Try(e + 1);
            targetOf[e] = -1;
        }
        Try(0);
        return best;
    }

    [Fact]
    public void ItIsFeasibleAndNearTheBestOfAll()
    {
        double gaps = 0;
        int cases = 0;
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], Gen.Int[1, 3]).SelectMany((effectors, targets, room) => Gen.Select(
                Gen.Double[0, 10].Array[targets], Gen.Double[0, 1].Array[effectors * targets], Gen.Double[0, 2].Array[effectors * targets], Gen.Int[1, 3].Array[targets]))
            .Sample((worth, kill, cost, room) =>
            {
                int effectors = kill.Length / worth.Length;
                int[] targetOf = WeaponTargetAssignment.Solve(worth, kill, cost, room);
                Assert.Equal(effectors, targetOf.Length);
                Assert.All(targetOf, t => Assert.InRange(t, -1, worth.Length - 1));
                for (int t = 0; t < worth.Length; t++) Assert.InRange(targetOf.Count(x => x == t), 0, room[t]);
                double found = WeaponTargetAssignment.Averted(worth, kill, cost, targetOf), best = Best(worth, kill, cost, room, effectors);
                Assert.InRange(found, -1e-12, best + 1e-9);
                if (best > 1e-9) (gaps, cases) = (gaps + 1 - found / best, cases + 1);
            }, iter: 400, threads: 1);
        Assert.True(cases > 200);
        Assert.InRange(gaps / cases, 0, 0.02);
    }

    [Fact]
    public void NothingIsEngagedThatCostsMoreThanItAverts()
    {
        int[] targetOf = WeaponTargetAssignment.Solve([5, 1], [0.5, 0.5, 0.5, 0.5], [0, 0.6, 0, 0.6], [1, 1]);
        Assert.Equal([0, -1], targetOf.OrderDescending());
        Assert.Equal([-1, -1], WeaponTargetAssignment.Solve([5, 1], [0, 0, 0, 0], [], [9, 9]));
    }

    /// <summary>Where worth is greatest first, two on one target may be better than one on each.</summary>
    [Fact]
    public void TwoGoToOneTargetWhereThatIsBetter()
    {
        int[] targetOf = WeaponTargetAssignment.Solve([100, 1], [0.5, 0.5, 0.5, 0.5], [], [2, 2]);
        Assert.Equal([0, 0], targetOf);
        Assert.Equal(75, WeaponTargetAssignment.Averted([100, 1], [0.5, 0.5, 0.5, 0.5], [], targetOf), 1e-9);
    }
}
