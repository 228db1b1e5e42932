using Tocsin.Numerics;
using Tocsin.Simulation.Campaigns;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.Campaigns;

public sealed class StatisticsTests
{
    private static readonly MeasureColumn s_column = new("x_m", "A figure.", false);

    /// <summary>Over many samples of a normal distribution the interval holds the true mean about as often as it says, and is as wide as theory has it.</summary>
    [Fact]
    public void TheIntervalOfANormalMeanHoldsItAsOftenAsItSays()
    {
        const int n = 50, repeats = 1_500;
        var resampler = new Resampler(n, 1);
        int held = 0;
        double width = 0;
        for (int r = 0; r < repeats; r++)
        {
            var draws = new RandomStream(7, (uint)r, 0, 0);
            double[] values = new double[n];
            for (int i = 0; i < n; i++) values[i] = 10 + 2 * draws.NextNormal();
            Estimate mean = resampler.Mean(values);
            Assert.Equal(values.Average(), mean.Value, 1e-12);
            if (mean.Low <= 10 && mean.High >= 10) held++;
            width += mean.High - mean.Low;
        }
        // The percentile interval of n = 50 is short by the factor sqrt((n - 1) / n) and by Student's against the normal: 93.9 %, and 1500 repeats know it to 0.6 %.
        Assert.InRange(held / (double)repeats, 0.92, 0.96);
        Assert.Equal(2 * 1.96 * 2 / Math.Sqrt(n), width / repeats, 0.03);
    }

    [Fact]
    public void AnIntervalOfMoreReplicationsThanAreResampledIsStudents()
    {
        int n = CampaignLimits.ResampledReplications + 1;
        double[] values = [.. Enumerable.Range(0, n).Select(i => (double)(i % 10))];
        Estimate mean = new Resampler(n, 1).Mean(values);
        double half = 1.9602 * Math.Sqrt(values.Sum(v => (v - values.Average()) * (v - values.Average())) / (n - 1) / n);
        Assert.Equal(values.Average() + half, mean.High, 1e-4);
        Assert.Equal(values.Average() - half, mean.Low, 1e-4);
    }

    /// <summary>Common random numbers: what alternatives share cancels in their difference, however much it spreads.</summary>
    [Fact]
    public void APairedDifferenceLosesWhatBothShare()
    {
        const int n = 60;
        var draws = new RandomStream(3, 0, 0, 0);
        double[] a = new double[n], b = new double[n];
        for (int i = 0; i < n; i++)
        {
            double shared = 100 * draws.NextNormal();
            (a[i], b[i]) = (shared, shared + 1 + 0.1 * draws.NextNormal());
        }
        Difference difference = new Resampler(n, 1).Difference(s_column, 1, 0, b, a);
        Assert.InRange(difference.Mean.Low, 0.9, 1.0);
        Assert.InRange(difference.Mean.High, 1.0, 1.1);
        Assert.Equal(1, difference.MoreShare);
    }

    [Fact]
    public void ValuesThatAreMissingArePassedOver()
    {
        double[] values = [1, double.NaN, 3, double.NaN, 5];
        Aggregate aggregate = new Resampler(5, 1).Aggregate(s_column, values);
        Assert.Equal((3, 3.0, 2.0), (aggregate.Count, aggregate.Mean.Value, aggregate.Deviation));
        Assert.Equal([1, 1.2, 2, 3, 4, 4.8, 5], aggregate.Quantiles.Select(q => Math.Round(q, 9)));
        Difference none = new Resampler(2, 1).Difference(s_column, 1, 0, [double.NaN, 1], [1, double.NaN]);
        Assert.Equal(0, none.Count);
        Assert.True(double.IsNaN(none.Mean.Value));
    }

    /// <summary>Table values: Abramowitz and Stegun, table 26.10.</summary>
    [Theory]
    [InlineData(0.975, 10, 2.228)]
    [InlineData(0.975, 30, 2.042)]
    [InlineData(0.95, 20, 1.725)]
    [InlineData(0.995, 60, 2.660)]
    [InlineData(0.975, 1e9, 1.960)]
    public void StudentsQuantilesAreThoseOfTheTables(double p, double degrees, double expected) => Assert.Equal(expected, Student.Quantile(p, degrees), 1e-3);

    /// <summary>Gaussian impacts: sigmas, direction and radii are those of the distribution they were drawn from.</summary>
    [Theory]
    [InlineData(300, 300, 0)]
    [InlineData(300, 120, 30)]
    [InlineData(250, 40, 145)]
    public void DispersionFindsTheGaussianBehindTheImpacts(double major, double minor, double orientationDeg)
    {
        Scenario scenario = Shipped.Read("green-zone");
        SiteDefinition site = Shipped.ReadSite(ScenarioFile.SitePath(Shipped.PathOf("green-zone"), scenario));
        var alternative = new CampaignAlternative(0, [], [], scenario, site, "", "");
        Tocsin.Geodesy.Enu aim = site.Frame.ToEnu(scenario.Salvos[0].Aim!.Centre.At(site.GroundElevationM));
        (double sin, double cos) = Elementary.SinCos(orientationDeg * Math.PI / 180);
        IEnumerable<RunRow> Rows()
        {
            for (int run = 0; run < 2_000; run++)
            {
                var draws = new RandomStream(11, (uint)run, 0, 0);
                var impacts = new List<ImpactPoint>();
                for (int i = 0; i < 20; i++)
                {
                    double along = major * draws.NextNormal(), across = minor * draws.NextNormal();
                    // 25 m east and 10 m south of the aim in the mean.
                    double east = aim.East + 25 + along * sin + across * cos, north = aim.North - 10 + along * cos - across * sin;
                    impacts.Add(new(0, (int)Math.Round(east * 10), (int)Math.Round(north * 10)));
                }
                yield return new(run, [], impacts);
            }
        }
        Dispersion found = Dispersion.Of(alternative, site.Frame, Rows)!;
        Assert.Equal(40_000, found.Count);
        Assert.Equal(25, found.MeanEastM, 6.0);
        Assert.Equal(-10, found.MeanNorthM, 6.0);
        Assert.Equal(1, found.SigmaMajorM / major, 0.02);
        Assert.Equal(1, found.SigmaMinorM / minor, 0.02);
        if (major > minor) Assert.Equal(orientationDeg, found.OrientationRad * 180 / Math.PI, 1.0);
        // The circle of radius R holds 1 - exp(-R²/2σ²) of a circular Gaussian: R50 1.1774 σ, R90 2.1460 σ, R95 2.4477 σ.
        if (major == minor)
            foreach ((double radius, double sigmas) in found.FromMean.Zip([1.1774, 2.1460, 2.4477])) Assert.Equal(sigmas, radius / major, 0.03);
        Assert.True(found.Sample.Count is > 1_000 and < 2_000);
    }

    [Fact]
    public void TheRuleStopsAtATenthReplicationOnly()
    {
        var rule = new StopRule { HalfWidth = 1, MinReplications = 12 };
        var watcher = new StopWatcher(rule, "x_m", 2);
        var draws = new RandomStream(5, 0, 0, 0);
        int run = 0;
        while (!watcher.IsEnough && run < 100_000)
        {
            watcher.Take([s_column], new(run, [8 * draws.NextNormal()], []));
            run++;
        }
        Assert.Equal(0, run % (2 * StopWatcher.EveryReplications));
        // A mean of sigma 8 is known to ±1 at (1.96 · 8)² = 246 replications, a little sooner or later as the samples' own sigmas fall.
        Assert.InRange(run / 2, 180, 320);
    }
}
