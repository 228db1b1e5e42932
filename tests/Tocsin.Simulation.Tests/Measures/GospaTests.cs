using CsCheck;
using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;

namespace Tocsin.Simulation.Tests.Measures;

public class GospaTests
{
    private const double Cutoff = 200;

    // Crowded enough that several pairings are within the cut-off.
    private static readonly Gen<Enu> s_point = Gen.Select(Gen.Double[-250, 250], Gen.Double[-250, 250], Gen.Double[0, 50], (e, n, u) => new Enu(e, n, u));
    private static readonly Gen<Enu[]> s_set = s_point.Array[0, 5];

    [Fact]
    public void A_set_has_no_distance_from_itself_whatever_its_order()
        => s_set.Sample(set =>
        {
            Enu[] turned = [.. set.Reverse()];
            Assert.Equal(new GospaParts(0, set.Length, 0, 0, Cutoff), Gospa.Between(set, turned, Cutoff));
        });

    [Fact]
    public void Truth_and_estimates_may_change_places()
        => Gen.Select(s_set, s_set).Sample((a, b) =>
        {
            GospaParts there = Gospa.Between(a, b, Cutoff), back = Gospa.Between(b, a, Cutoff);
            Assert.Equal(there.DistanceM, back.DistanceM, 9);
            Assert.Equal((there.Missed, there.False), (back.False, back.Missed));
        });

    [Fact]
    public void A_detour_is_never_shorter()
        => Gen.Select(s_set, s_set, s_set).Sample((a, b, c) =>
            Assert.True(Distance(a, c) <= Distance(a, b) + Distance(b, c) + 1e-9));

    [Fact]
    public void Equals_the_definition_tried_out_in_full()
        => Gen.Select(s_set, s_set).Sample((truth, estimates) =>
            Assert.Equal(Math.Sqrt(LeastCost(truth, estimates, 0, 0)), Distance(truth, estimates), 9));

    [Fact]
    public void Parts_are_as_counted_by_hand()
    {
        // One pair 30 m apart; a truth at 1 km with nothing near, and two estimates with nothing near.
        Enu[] truth = [new(0, 0, 0), new(1000, 0, 0)];
        Enu[] estimates = [new(0, 30, 0), new(-900, 0, 0), new(0, 0, 700)];
        GospaParts parts = Gospa.Between(truth, estimates, Cutoff);
        Assert.Equal(new GospaParts(900, 1, 1, 2, Cutoff), parts);
        Assert.Equal(Math.Sqrt(900 + 3 * 200 * 200 / 2.0), parts.DistanceM, 9);
    }

    [Fact]
    public void A_pair_at_the_cutoff_is_one_missed_and_one_false()
        => Assert.Equal(new GospaParts(0, 0, 1, 1, Cutoff), Gospa.Between([new(0, 0, 0)], [new(200, 0, 0)], Cutoff));

    private static double Distance(Enu[] a, Enu[] b) => Gospa.Between(a, b, Cutoff).DistanceM;

    // Equation (1) with proposition 1 of Rahmathullah et al.: each truth is paired with a free estimate, at d², or left, at c²/2.
    private static double LeastCost(Enu[] truth, Enu[] estimates, int next, int used)
    {
        const double alone = Cutoff * Cutoff / 2;
        if (next == truth.Length) return alone * (estimates.Length - System.Numerics.BitOperations.PopCount((uint)used));
        double best = alone + LeastCost(truth, estimates, next + 1, used);
        for (int e = 0; e < estimates.Length; e++)
        {
            if ((used & (1 << e)) != 0) continue;
            double de = truth[next].East - estimates[e].East, dn = truth[next].North - estimates[e].North, du = truth[next].Up - estimates[e].Up;
            best = Math.Min(best, de * de + dn * dn + du * du + LeastCost(truth, estimates, next + 1, used | (1 << e)));
        }
        return best;
    }
}
