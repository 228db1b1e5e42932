using CsCheck;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Tracking;

namespace Tocsin.Tests.Tracking;

/// <summary>The measurement update against the extended Kalman filter as textbooks write it: range, azimuth and elevation in a stack,
/// Jacobians of the geodesy, Joseph's form.</summary>
public sealed class PolarFilterTests
{
    // A radar some kilometres from the site's origin, so that its axes lean against the site's.
    private static readonly SiteDefinition Site = Bench.Place([Bench.Radar(position: new(0.5806, 0.7762, 60), rangeRateSigmaMps: 2)]);
    private static readonly SensorView View = new(Site, 0);
    private static readonly SensorFrame Frame = new(Site.Sensors[0].Position, Site.Frame);

    /// <summary>A state in view, a covariance and a measurement off by about a sigma.</summary>
    private static readonly Gen<Case> Cases = Gen.Select(
        Gen.Select(Gen.Double[1_500, 15_000], Gen.Double[0, 2 * Math.PI], Gen.Double[0.05, 1]),
        Gen.Double[-300, 300].Array[3], Gen.Double[-1, 1].Array[49], Gen.Double[-1, 1].Array[4],
        (at, velocity, random, errors) => new Case(at.Item1, at.Item2, at.Item3, velocity, random, errors));

    [Fact]
    public void A_plot_changes_the_estimate_as_the_textbook_says() => Cases.Sample(c => Compare(c, withRangeRate: false));

    [Fact]
    public void So_does_a_plot_with_a_range_rate() => Cases.Sample(c => Compare(c, withRangeRate: true));

    [Fact]
    public void The_likelihood_is_the_explicit_Gaussian_in_polar_coordinates() => Cases.Sample(c =>
    {
        (Estimate e, Plot plot) = c.Make();
        SightedPlot sighted = View.Sight(plot with { RangeRateMps = double.NaN });
        double log = PolarFilter.LogLikelihood(e, sighted, View, e.Mean[0], e.Mean[1], e.Mean[2], out double distance2);
        (double[,] h, double[] residual, double[,] r) = Textbook(e, plot, rows: 3);
        (double[,] inverse, double determinant) = Dense.Invert(Dense.Plus(Dense.Times(Dense.Times(h, Dense.Of(e.Covariance)), Dense.Transposed(h)), r));
        double expected2 = residual.Zip(Dense.Times(inverse, residual), (a, b) => a * b).Sum();
        // The density is asked for per cubic metre, the textbook's per metre and square radian: range squared times cosine apart.
        Polar at = Frame.Measure(new(e.Mean[0], e.Mean[1], e.Mean[2]));
        double expected = -0.5 * expected2 - 0.5 * Math.Log(determinant) - 1.5 * Math.Log(2 * Math.PI) - Math.Log(at.RangeM * at.RangeM * Math.Cos(at.ElevationRad));
        // What is left is the second order of the angles, of a few milliradians.
        Assert.Equal(expected2, distance2, 0.02 + 0.02 * expected2);
        Assert.Equal(expected, log, 0.02 + 0.01 * expected2);
    });

    [Fact]
    public void A_range_rate_multiplies_the_likelihood_by_its_own_Gaussian() => Cases.Sample(c =>
    {
        (Estimate e, Plot plot) = c.Make();
        SightedPlot with = View.Sight(plot), without = View.Sight(plot with { RangeRateMps = double.NaN });
        double ratio = PolarFilter.LogLikelihood(e, with, View, e.Mean[0], e.Mean[1], e.Mean[2], out _)
            - PolarFilter.LogLikelihood(e, without, View, e.Mean[0], e.Mean[1], e.Mean[2], out _);
        (double[,] h, double[] residual, double[,] r) = Textbook(e, plot, rows: 4);
        double s = Dense.Times(Dense.Times(h, Dense.Of(e.Covariance)), Dense.Transposed(h))[3, 3] + r[3, 3];
        Assert.Equal(-0.5 * residual[3] * residual[3] / s - 0.5 * Math.Log(2 * Math.PI * s), ratio, 1e-6);
    });

    /// <summary>Azimuth has no meaning overhead: the update must still be honest there, its errors as large as its covariance says.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(400)]
    public void Straight_overhead_the_errors_are_as_large_as_the_covariance_says(double offM)
    {
        const int draws = 4_000;
        double sum = 0;
        var stream = new RandomStream(5, 0, 0, (uint)offM);
        Enu truth = Frame.ToSite(new Enu(offM, 0, 3_000));
        for (int i = 0; i < draws; i++)
        {
            Estimate e = default;
            for (int k = 0; k < 7; k++) e.Covariance[k, k] = k < 3 ? 12 * 12 : 1;
            e.Mean[0] = truth.East + 12 * stream.NextNormal();
            e.Mean[1] = truth.North + 12 * stream.NextNormal();
            e.Mean[2] = truth.Up + 12 * stream.NextNormal();
            Plot plot = Bench.Sight(Site, 0, default, truth, ref stream);
            PolarFilter.Update(ref e, View.Sight(plot with { RangeRateMps = double.NaN }), View);
            double[] error = [e.Mean[0] - truth.East, e.Mean[1] - truth.North, e.Mean[2] - truth.Up];
            var p = new double[3, 3];
            for (int a = 0; a < 3; a++)
                for (int b = 0; b < 3; b++) p[a, b] = e.Covariance[a, b];
            sum += error.Zip(Dense.Times(Dense.Invert(p).Inverse, error), (a, b) => a * b).Sum();
        }
        // The squared error in units of the covariance has the mean 3; a little caution is welcome, more confidence is not.
        Assert.InRange(sum / draws, 2, 3.4);
    }

    [Fact]
    public void A_late_plot_without_process_noise_does_what_it_would_have_done_in_time() => Cases.Sample(c =>
    {
        // Level flight at constant velocity for two seconds; the earlier plot comes after the later one.
        (Estimate start, Plot early) = c.Make();
        early = early with { RangeRateMps = double.NaN };
        const double dt = 2;
        Matrix7 forward = Matrix7.Identity(), back = Matrix7.Identity();
        for (int i = 0; i < 3; i++) (forward[i, i + 3], back[i, i + 3]) = (dt, -dt);
        Enu then = new(start.Mean[0] + dt * start.Mean[3] + 5, start.Mean[1] + dt * start.Mean[4] - 5, start.Mean[2] + dt * start.Mean[5] + 5);
        SightedPlot first = View.Sight(early), second = View.Sight(Bench.Sight(Site, 0, default, then));

        Estimate inOrder = start, late = start;
        PolarFilter.Update(ref inOrder, first, View);
        Move(ref inOrder, forward);
        PolarFilter.Update(ref inOrder, second, View);

        Move(ref late, forward);
        PolarFilter.Update(ref late, second, View);
        Estimate carried = late;
        Move(ref carried, back);
        WindEffect none = default;
        PolarFilter.UpdateLate(ref late, ref none, carried, back, first, View);

        // Only the points of linearisation differ.
        Assert.InRange(Dense.Difference(Dense.Of(late.Covariance), Dense.Of(inOrder.Covariance)), 0, 0.05);
        for (int i = 0; i < 7; i++)
            Assert.Equal(0, (late.Mean[i] - inOrder.Mean[i]) / Math.Sqrt(inOrder.Covariance[i, i]), 0.12);
    });

    [Fact]
    public void A_late_plot_after_much_process_noise_hardly_counts()
    {
        var c = new Case(5_000, 1, 0.3, [100, 50, 20], new double[49], [1, 1, 1, 1]);
        (Estimate e, Plot plot) = c.Make();
        Estimate noisy = e, before = e;
        for (int i = 0; i < 3; i++) noisy.Covariance[i, i] += 1e8;
        WindEffect none = default;
        PolarFilter.UpdateLate(ref e, ref none, noisy, Matrix7.Identity(), View.Sight(plot), View);
        for (int i = 0; i < 3; i++) Assert.Equal(before.Mean[i], e.Mean[i], 0.01 * Math.Sqrt(before.Covariance[i, i]));
    }

    private static void Compare(Case c, bool withRangeRate)
    {
        (Estimate e, Plot plot) = c.Make();
        if (!withRangeRate) plot = plot with { RangeRateMps = double.NaN };
        (double[,] h, double[] residual, double[,] r) = Textbook(e, plot, withRangeRate ? 4 : 3);
        (double[] mean, double[,] covariance) = Dense.Joseph(Dense.Of(e.Mean), Dense.Of(e.Covariance), h, residual, r);
        PolarFilter.Update(ref e, View.Sight(plot), View);
        Assert.InRange(Dense.Difference(Dense.Of(e.Covariance), covariance), 0, 2e-4);
        // The mean may differ by the second order of the angles: a thousandth or two of what the plot moves.
        for (int i = 0; i < 7; i++) Assert.Equal(0, (e.Mean[i] - mean[i]) / Math.Sqrt(covariance[i, i]), 0.05);
        for (int i = 0; i < 7; i++)
            for (int j = 0; j < i; j++) Assert.Equal(e.Covariance[i, j], e.Covariance[j, i], 1e-9 * Math.Sqrt(covariance[i, i] * covariance[j, j]));
    }

    /// <summary>Jacobian, residual and noise of range, azimuth, elevation and (as a fourth row) range rate.</summary>
    private static (double[,] H, double[] Residual, double[,] R) Textbook(in Estimate e, in Plot plot, int rows)
    {
        Enu at = new(e.Mean[0], e.Mean[1], e.Mean[2]), v = new(e.Mean[3], e.Mean[4], e.Mean[5]);
        (Polar expected, Matrix3 j) = Frame.MeasureWithJacobian(at);
        double[,] position = { { j.M00, j.M01, j.M02 }, { j.M10, j.M11, j.M12 }, { j.M20, j.M21, j.M22 } };
        var h = new double[rows, 7];
        for (int a = 0; a < 3; a++)
            for (int b = 0; b < 3; b++) h[a, b] = position[a, b];
        SensorDefinition s = Site.Sensors[0];
        double[] residual = [plot.Measurement.RangeM - expected.RangeM, Math.IEEERemainder(plot.Measurement.AzimuthRad - expected.AzimuthRad, 2 * Math.PI),
            plot.Measurement.ElevationRad - expected.ElevationRad];
        double[] sigma = [s.RangeSigmaM, s.AzimuthSigmaRad, s.ElevationSigmaRad];
        if (rows == 4)
        {
            double[] velocity = [v.East, v.North, v.Up];
            const double step = 0.5;
            for (int b = 0; b < 3; b++)
            {
                h[3, b + 3] = position[0, b];
                Enu plus = new(at.East + (b == 0 ? step : 0), at.North + (b == 1 ? step : 0), at.Up + (b == 2 ? step : 0));
                Enu minus = new(at.East - (b == 0 ? step : 0), at.North - (b == 1 ? step : 0), at.Up - (b == 2 ? step : 0));
                h[3, b] = (Frame.RangeRateMps(plus, v) - Frame.RangeRateMps(minus, v)) / (2 * step);
            }
            residual = [.. residual, plot.RangeRateMps - Frame.RangeRateMps(at, v)];
            sigma = [.. sigma, s.RangeRateSigmaMps];
        }
        return (h, residual, Dense.Diagonal([.. sigma.Select(x => x * x)]));
    }

    private static void Move(ref Estimate e, in Matrix7 by)
    {
        double[] mean = Dense.Times(Dense.Of(by), Dense.Of(e.Mean));
        for (int i = 0; i < 7; i++) e.Mean[i] = mean[i];
        Matrix7.Propagate(by, ref e.Covariance);
    }

    private sealed record Case(double RangeM, double AzimuthRad, double ElevationRad, double[] Velocity, double[] Random, double[] Errors)
    {
        public (Estimate Estimate, Plot Plot) Make()
        {
            Polar expected = new(RangeM, AzimuthRad, ElevationRad);
            Enu at = Frame.ToSite(expected), v = new(Velocity[0], Velocity[1], Velocity[2]);
            Estimate e = default;
            double[] mean = [at.East, at.North, at.Up, .. Velocity, 8.5];
            for (int i = 0; i < 7; i++) e.Mean[i] = mean[i];
            e.Covariance = Dense.To7(Dense.Covariance(Random, 25, 25, 25, 12, 12, 12, 0.4));
            SensorDefinition s = Site.Sensors[0];
            double azimuth = AzimuthRad + s.AzimuthSigmaRad * Errors[1];
            return (e, new()
            {
                Time = default,
                Sensor = 0,
                Measurement = new(RangeM + s.RangeSigmaM * Errors[0], azimuth < 0 ? azimuth + 2 * Math.PI : azimuth, ElevationRad + s.ElevationSigmaRad * Errors[2]),
                RangeRateMps = Frame.RangeRateMps(at, v) + s.RangeRateSigmaMps * Errors[3],
            });
        }
    }
}
