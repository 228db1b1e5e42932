using System.Runtime.Intrinsics;
using CsCheck;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Prediction;
using Tocsin.Warnings;

namespace Tocsin.Tests.Warnings;

public sealed class ZoneRiskTests
{
    private static readonly GroundPolygon Zone = new([[(-200, -100), (300, -150), (250, 200), (0, 60), (-150, 220)]]);

    private static readonly Gen<(ImpactComponent Impact, double RadiusM)> Cases = Gen.Select(
        Gen.Double[-500, 500], Gen.Double[-500, 500], Gen.Double[60, 400], Gen.Double[60, 400], Gen.Double[-0.8, 0.8], Gen.Double[0, 80],
        (e, n, se, sn, r, radius) => (new ImpactComponent(1, e, n, default, se * se, r * se * sn, sn * sn, 1), radius));

    [Fact]
    public void Four_points_at_once_are_judged_as_one_by_one() => Gen.Select(Gen.Double[-600, 600].Array[8], Gen.Double[0, 80]).Sample((p, radius) =>
    {
        uint within = Zone.WithinM(Vector256.Create(p.AsSpan(0, 4)), Vector256.Create(p.AsSpan(4, 4)), radius);
        for (int i = 0; i < 4; i++) Assert.Equal(Zone.DistanceM(p[i], p[4 + i]) <= radius, (within >> i & 1) == 1);
    }, iter: 5_000);

    [Fact]
    public void The_probability_is_that_of_many_draws() => Cases.Sample(c =>
    {
        const int draws = 10_000;
        var stream = new RandomStream(1, 2, 3, 4);
        double sigma = Math.Sqrt(c.Impact.EastEastM2), slope = c.Impact.EastNorthM2 / sigma, left = Math.Sqrt(c.Impact.NorthNorthM2 - slope * slope);
        int hits = 0;
        for (int i = 0; i < draws; i++)
        {
            double u = stream.NextNormal(), v = stream.NextNormal();
            if (Zone.DistanceM(c.Impact.EastM + sigma * u, c.Impact.NorthM + slope * u + left * v) <= c.RadiusM) hits++;
        }
        // The draws' own error is 0.02 at four sigmas; the fixed points are 160, some of which a border may take or leave.
        Assert.Equal(hits / (double)draws, ZoneRisk.Probability(c.Impact, Zone, c.RadiusM), 0.05);
    }, iter: 60);

    [Fact]
    public void A_square_has_the_probability_of_two_error_functions()
    {
        double sum = 0;
        int count = 0;
        for (double offset = 0; offset <= 300; offset += 20)
        {
            double p = ZoneRisk.Probability(new(1, offset, 0, default, 100 * 100, 0, 60 * 60, 1), Bench.Square(0, 0, 100), 0);
            double exact = Between((-100 - offset) / 100, (100 - offset) / 100) * Between(-100 / 60.0, 100 / 60.0);
            Assert.Equal(exact, p, 0.025);
            sum += p - exact;
            count++;
        }
        // It leans to neither side.
        Assert.Equal(0, sum / count, 0.008);
    }

    [Fact]
    public void Far_from_the_zone_it_is_0_and_deep_inside_it_is_1()
    {
        var small = new ImpactComponent(1, 0, 0, default, 4, 0, 4, 1);
        Assert.Equal(1, ZoneRisk.Probability(small, Bench.Square(0, 0, 500), 0));
        Assert.Equal(0, ZoneRisk.Probability(small, Bench.Square(5_000, 0, 500), 50));
        Assert.Equal(0, ZoneRisk.Probability(small, Bench.Square(0, -5_000, 500), 50));
        // A point without spread is inside, within the harm radius, or not.
        var point = new ImpactComponent(1, 0, 0, default, 0, 0, 0, 1);
        Assert.Equal(1, ZoneRisk.Probability(point, Bench.Square(540, 0, 500), 50));
        Assert.Equal(0, ZoneRisk.Probability(point, Bench.Square(560, 0, 500), 50));
    }

    [Fact]
    public void It_grows_with_the_harm_radius_up_to_1() => Cases.Sample(c =>
    {
        double last = 0;
        for (double radius = 0; radius <= 3_000; radius += 50)
        {
            double p = ZoneRisk.Probability(c.Impact, Zone, radius);
            Assert.InRange(p, last, 1);
            last = p;
        }
        Assert.Equal(1, last);
    });

    /// <summary>The share of the standard normal between two values, by Simpson's rule.</summary>
    private static double Between(double a, double b)
    {
        const int n = 200;
        double h = (b - a) / n, sum = 0;
        for (int i = 0; i <= n; i++)
        {
            double x = a + i * h;
            sum += (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-0.5 * x * x);
        }
        return sum * h / 3 / Math.Sqrt(2 * Math.PI);
    }
}
