using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Tracking;

namespace Tocsin.Tests.Tracking;

public sealed class WindEstimateTests
{
    private static readonly SiteDefinition Site = Bench.Place();
    private static readonly SensorView View = new(Site, 0);
    private static readonly FlightModel Model = new(Site);

    /// <summary>Friedland's filter of a track and a separate bias is the Kalman filter of nine states in one: the same linear system is
    /// given to both, that one with the wind's two states in its own vector.</summary>
    [Fact]
    public void A_separate_bias_is_the_same_as_one_filter_of_nine_states()
    {
        var stream = new RandomStream(3, 1, 4, 1);
        var wind = new WindEstimate();
        Estimate e = Start();
        WindEffect effect = default;
        double[] mean = [.. Dense.Of(e.Mean), 0, 0];
        double[,] p = Embed(Dense.Of(e.Covariance));
        p[7, 7] = p[8, 8] = WindEstimate.PriorSigmaMps * WindEstimate.PriorSigmaMps;
        double learnt = p[7, 7];
        for (int scan = 1; scan <= 25; scan++)
        {
            Instant time = e.Time.AddSeconds(0.5);
            // The transition, the way the wind acts and the noise of this step, each from the model alone.
            Estimate probe = e;
            double[] own = Dense.Of(e.Mean);
            double[,] f = Embed(Dense.Of(Model.PredictWithTransition(ref probe, time)));
            f[7, 7] = f[8, 8] = 1;
            Estimate bare = e;
            bare.Covariance = default;
            WindEffect step = default;
            Model.Predict(ref bare, ref step, time);
            for (int i = 0; i < 7; i++) (f[i, 7], f[i, 8]) = (step.East[i], step.North[i]);
            double[] deviation = [.. Enumerable.Range(0, 9).Select(i => mean[i] - (i < 7 ? own[i] : 0))];

            Model.Predict(ref e, ref effect, time);
            deviation = Dense.Times(f, deviation);
            mean = [.. Enumerable.Range(0, 9).Select(i => deviation[i] + (i < 7 ? e.Mean[i] : 0))];
            p = Dense.Plus(Dense.Times(Dense.Times(f, p), Dense.Transposed(f)), Embed(Dense.Of(bare.Covariance)));

            Enu at = new(mean[0], mean[1], mean[2]);
            SightedPlot plot = View.Sight(Bench.Sight(Site, 0, time, at, ref stream));
            View.Innovate(plot, e.Mean[0], e.Mean[1], e.Mean[2], out Innovation d);
            double[,] h = new double[3, 9];
            double[,] rows = { { d.Rx, d.Ry, d.Rz }, { d.Ax, d.Ay, d.Az }, { d.Ex, d.Ey, d.Ez } };
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++) h[i, j] = rows[i, j];
            // The residual of the nine states: where they stand beside the point of linearisation is taken off.
            double[] shift = Dense.Times(h, [.. Enumerable.Range(0, 9).Select(i => mean[i] - (i < 7 ? e.Mean[i] : 0))]);
            double[] residual = [d.Range - shift[0], d.Azimuth - shift[1], d.Elevation - shift[2]];
            (mean, p) = Dense.Joseph(mean, p, h, residual, Dense.Diagonal(d.RangeVariance, d.AzimuthVariance, d.ElevationVariance));
            PolarFilter.Update(ref e, ref effect, wind, plot, View);

            Estimate corrected = e;
            wind.Correct(ref corrected, effect);
            double[,] all = Embed(Dense.Of(corrected.Covariance));
            (all[7, 7], all[7, 8], all[8, 7], all[8, 8]) = (wind.EastEast, wind.EastNorth, wind.EastNorth, wind.NorthNorth);
            for (int i = 0; i < 7; i++)
            {
                all[i, 7] = all[7, i] = effect.East[i] * wind.EastEast + effect.North[i] * wind.EastNorth;
                all[i, 8] = all[8, i] = effect.East[i] * wind.EastNorth + effect.North[i] * wind.NorthNorth;
            }
            Assert.InRange(Dense.Difference(all, p), 0, 1e-7);
            double[] both = [.. Dense.Of(corrected.Mean), wind.East, wind.North];
            for (int i = 0; i < 9; i++) Assert.Equal(0, (both[i] - mean[i]) / Math.Sqrt(p[i, i]), 1e-6);
        }
        // The comparison would say nothing if the wind had not been learnt from at all.
        Assert.InRange(p[7, 7], 0, 0.95 * learnt);
    }

    [Fact]
    public void An_innovation_that_fits_nothing_teaches_nothing()
    {
        var wind = new WindEstimate();
        wind.Learn(residual: 100, variance: 4, east: 2, north: 0);
        Assert.Equal((0, 0, 9, 9), (wind.East, wind.North, wind.EastEast, wind.NorthNorth));
        // Within three sigmas of 4 + 4 x 9 it is learnt by Bayes' rule.
        wind.Learn(residual: 10, variance: 4, east: 2, north: 0);
        Assert.Equal(10 * 18 / 40.0, wind.East, 1e-12);
        Assert.Equal(9 - 18 * 18 / 40.0, wind.EastEast, 1e-12);
        Assert.Equal((0.0, 0.0, 9.0), (wind.North, wind.EastNorth, wind.NorthNorth));
    }

    [Fact]
    public void Without_rounds_what_was_learnt_fades_to_nothing_known()
    {
        var wind = new WindEstimate();
        wind.Predict(Bench.Start);
        for (int i = 0; i < 50; i++) wind.Learn(6, 1, 1, 0.5);
        (double east, double variance) = (wind.East, wind.EastEast);
        wind.Predict(Bench.Start.AddSeconds(20));
        Assert.InRange(wind.East / east, 0.7, 0.95);
        Assert.InRange(wind.EastEast, variance + 1, 9);
        // Back in time is no time.
        (east, variance) = (wind.East, wind.EastEast);
        wind.Predict(Bench.Start.AddSeconds(10));
        Assert.Equal((east, variance), (wind.East, wind.EastEast));
        // Many short steps are one long one.
        var steps = new WindEstimate();
        steps.Predict(Bench.Start);
        for (int i = 0; i < 50; i++) steps.Learn(6, 1, 1, 0.5);
        for (int i = 1; i <= 200; i++) steps.Predict(Bench.Start.AddSeconds(0.1 * i));
        Assert.Equal(wind.East, steps.East, 1e-9);
        Assert.Equal(wind.EastNorth, steps.EastNorth, 1e-9);
        wind.Predict(Bench.Start.AddSeconds(3_600));
        Assert.Equal(0, wind.East, 0.01);
        Assert.Equal(9, wind.NorthNorth, 0.01);
        Assert.Equal(0, wind.EastNorth, 0.01);
    }

    private static double[,] Embed(double[,] seven)
    {
        var nine = new double[9, 9];
        for (int i = 0; i < 7; i++)
            for (int j = 0; j < 7; j++) nine[i, j] = seven[i, j];
        return nine;
    }

    private static Estimate Start()
    {
        Estimate e = default;
        e.Time = Bench.Start;
        double[] mean = [-3_000, 1_000, 1_500, 180, -40, 60, 6.5], sigma = [20, 20, 20, 6, 6, 6, 0.3];
        for (int i = 0; i < 7; i++)
        {
            e.Mean[i] = mean[i];
            e.Covariance[i, i] = sigma[i] * sigma[i];
        }
        return e;
    }
}
