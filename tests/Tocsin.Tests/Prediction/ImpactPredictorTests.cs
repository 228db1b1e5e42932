using CsCheck;
using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Prediction;
using Tocsin.Tracking;

namespace Tocsin.Tests.Prediction;

/// <summary>The impact's distribution against flights of the full ballistics: one for the mean, thousands for the spread.</summary>
public sealed class ImpactPredictorTests
{
    private static readonly SiteDefinition Site = Bench.Place();
    private static readonly FlightModel Model = new(Site);

    [Fact]
    public void A_certain_state_comes_down_where_and_when_the_full_ballistics_say() =>
        Gen.Select(Gen.Double[0, 6.28], Gen.Double[-0.5, 1.1], Gen.Double[120, 600], Gen.Double[8, 9.5]).Sample((azimuth, climb, speed, logBeta) =>
        {
            Estimate e = State(azimuth, climb, speed, logBeta, upM: 1_500);
            ImpactComponent? impact = new ImpactPredictor(Model).Predict(e, default, Certain());
            Trajectory flight = Fly(e, 0, 0);
            Assert.NotNull(impact);
            Enu down = Site.Frame.ToEnu(flight.Impact);
            double error = Math.Sqrt(Math.Pow(down.East - impact.Value.EastM, 2) + Math.Pow(down.North - impact.Value.NorthM, 2));
            // Density is within a thousandth of the sea level's, and some sixteen steps make a flight: a thousandth of its length, by far less than any radar's.
            double length = speed * flight.DurationS;
            Assert.InRange(error, 0, 0.5 + 0.0006 * length);
            Assert.Equal(flight.DurationS, impact.Value.Time.SecondsSince(e.Time), 0.01 + 0.001 * flight.DurationS);
        }, iter: 60);

    [Theory]
    [InlineData(0.3, 0.2, 250, 8.3, 1)]
    [InlineData(4.0, -0.6, 450, 9.0, 2)]
    [InlineData(2.2, 0.9, 180, 8.0, 3)]
    public void The_spread_is_that_of_flights_from_drawn_states(double azimuth, double climb, double speed, double logBeta, int seed)
    {
        const int draws = 2_000;
        Estimate e = State(azimuth, climb, speed, logBeta, upM: 1_200);
        var stream = new RandomStream(9, 0, 0, (uint)seed);
        double[] random = [.. Enumerable.Range(0, 49).Select(_ => stream.NextUniform(-1, 1))];
        e.Covariance = Dense.To7(Dense.Covariance(random, 25, 25, 25, 6, 6, 6, 0.12));
        // The wind's sigma is its prior's 3 m/s; it has moved the state already by this much of each m/s.
        var wind = new WindEstimate();
        WindEffect effect = default;
        for (int i = 0; i < 3; i++) (effect.East[i], effect.North[i + 3]) = (2, 0.3);
        var predictor = new ImpactPredictor(Model);
        ImpactComponent whole = predictor.Predict(e, effect, wind)!.Value;
        // What the round may do after the estimate, alone: that of a state as good as certain.
        Estimate certain = e;
        certain.Covariance = default;
        certain.Covariance[6, 6] = 1e-8;
        ImpactComponent after = predictor.Predict(certain, default, Certain())!.Value;

        Matrix7 root = Matrix7.Cholesky(e.Covariance);
        double east = 0, north = 0, time = 0, ee = 0, en = 0, nn = 0, tt = 0;
        for (int k = 0; k < draws; k++)
        {
            Estimate drawn = e;
            (double windEast, double windNorth) = (3 * stream.NextNormal(), 3 * stream.NextNormal());
            for (int j = 0; j < 7; j++)
            {
                double z = stream.NextNormal();
                for (int i = j; i < 7; i++) drawn.Mean[i] += root[i, j] * z;
            }
            for (int i = 0; i < 7; i++) drawn.Mean[i] += effect.East[i] * windEast + effect.North[i] * windNorth;
            Trajectory flight = Fly(drawn, windEast, windNorth, stepS: 0.5);
            Enu down = Site.Frame.ToEnu(flight.Impact);
            double x = down.East - whole.EastM, y = down.North - whole.NorthM, t = flight.DurationS - whole.Time.SecondsSince(e.Time);
            east += x / draws;
            north += y / draws;
            time += t / draws;
            ee += x * x / draws;
            en += x * y / draws;
            nn += y * y / draws;
            tt += t * t / draws;
        }
        (ee, en, nn, tt) = (ee - east * east, en - east * north, nn - north * north, tt - time * time);
        // Means to four sigmas of a mean of 2,000, and a little for what the unscented transform leaves out.
        Assert.Equal(0, east, 4.5 * Math.Sqrt(ee / draws) + 0.03 * Math.Sqrt(ee));
        Assert.Equal(0, north, 4.5 * Math.Sqrt(nn / draws) + 0.03 * Math.Sqrt(nn));
        Assert.Equal(0, time, 4.5 * Math.Sqrt(tt / draws) + 0.03 * Math.Sqrt(tt));
        // Variances of 2,000 draws are within 13 % at four sigmas.
        Assert.InRange((whole.EastEastM2 - after.EastEastM2) / ee, 0.85, 1.15);
        Assert.InRange((whole.NorthNorthM2 - after.NorthNorthM2) / nn, 0.85, 1.15);
        Assert.Equal(en, whole.EastNorthM2 - after.EastNorthM2, 0.13 * Math.Sqrt(ee * nn));
        Assert.InRange((whole.TimeSigmaS * whole.TimeSigmaS - after.TimeSigmaS * after.TimeSigmaS) / tt, 0.85, 1.15);
    }

    /// <summary>White acceleration and a drag that wanders are flown step by step here; the predictor adds them in closed form.</summary>
    [Theory]
    [InlineData(0.3, 230)]
    [InlineData(-0.5, 300)]
    public void What_happens_after_the_estimate_is_of_the_size_that_it_has_when_flown(double climb, double speed)
    {
        const int draws = 500;
        const double dt = 0.1;
        Estimate e = State(0.7, climb, speed, 8.3, upM: 1_200);
        e.Covariance[6, 6] = 1e-8;
        ImpactComponent said = new ImpactPredictor(Model).Predict(e, default, Certain())!.Value;
        var stream = new RandomStream(10, 1, 2, 3);
        double east = 0, north = 0, ee = 0, nn = 0;
        for (int k = 0; k < draws; k++)
        {
            Estimate s = e;
            double mach = double.NaN;
            while (true)
            {
                double height = Model.HeightM(s.Mean[0], s.Mean[1], s.Mean[2]) - Model.GroundHeightM;
                if (height <= 0) break;
                double sink = Math.Max(1, -s.Mean[5]), step = height < sink * dt && s.Mean[5] < 0 ? Math.Max(1e-3, height / sink) : dt;
                Estimate next = s;
                next.Covariance = default;
                Model.Predict(ref next, s.Time.AddSeconds(step));
                double after = next.SpeedMps / Math.Sqrt(NearGroundAir.SoundSquared(height));
                if (!double.IsNaN(mach)) next.Mean[6] += Math.Sqrt(FlightModel.LogBetaVariance(after, Math.Abs(after - mach), step)) * stream.NextNormal();
                mach = after;
                for (int i = 3; i < 6; i++) next.Mean[i] += Math.Sqrt(FlightModel.BaseAccelerationDensity * step) * stream.NextNormal();
                s = next;
            }
            east += s.Mean[0] / draws;
            north += s.Mean[1] / draws;
            ee += Math.Pow(s.Mean[0] - said.EastM, 2) / draws;
            nn += Math.Pow(s.Mean[1] - said.NorthM, 2) / draws;
        }
        double flown = Math.Sqrt(ee + nn), closed = Math.Sqrt(said.EastEastM2 + said.NorthNorthM2);
        Assert.Equal(0, Math.Sqrt(Math.Pow(east - said.EastM, 2) + Math.Pow(north - said.NorthM, 2)), 2 + 0.2 * flown);
        Assert.InRange(closed / flown, 0.7, 1.5);
    }

    [Fact]
    public void What_does_not_come_down_has_no_impact()
    {
        Estimate e = State(1, 1.4, 5_000, 12, upM: 20_000);
        Assert.Null(new ImpactPredictor(Model).Predict(e, default, Certain()));
        Assert.NotNull(new ImpactPredictor(Model).Predict(State(1, 1.4, 500, 8.5, upM: 1_000), default, Certain()));
    }

    [Fact]
    public void What_is_at_the_ground_already_comes_down_here_and_now()
    {
        Estimate e = State(1, -0.5, 300, 8.5, upM: -5);
        ImpactComponent impact = new ImpactPredictor(Model).Predict(e, default, Certain())!.Value;
        Assert.Equal(e.Mean[0], impact.EastM, 1e-6);
        Assert.Equal(e.Mean[1], impact.NorthM, 1e-6);
        Assert.Equal(e.Time, impact.Time);
    }

    [Fact]
    public void The_same_estimate_has_the_same_bits_whatever_was_predicted_before()
    {
        Estimate a = State(0.3, 0.2, 250, 8.3, upM: 900), b = State(2, 0.8, 400, 9, upM: 300);
        a.Covariance = b.Covariance = Dense.To7(Dense.Diagonal(100, 100, 100, 9, 9, 9, 0.1));
        var predictor = new ImpactPredictor(Model);
        ImpactComponent? first = predictor.Predict(a, default, new());
        predictor.Predict(b, default, new());
        Assert.Equal(first, predictor.Predict(a, default, new()));
        Assert.Equal(first, new ImpactPredictor(new FlightModel(Site)).Predict(a, default, new()));
    }

    [Fact]
    public void The_95_percent_ellipse_has_the_axes_of_a_known_covariance_and_holds_95_percent() =>
        Gen.Select(Gen.Double[1, 300], Gen.Double[0.01, 0.95], Gen.Double[0, 3.1]).Sample((major, ratio, orientation) =>
        {
            // Sigmas along a direction clockwise from north and across it.
            double minor = major * ratio, s = Math.Sin(orientation), c = Math.Cos(orientation), m2 = major * major, n2 = minor * minor;
            GroundEllipse ellipse = ImpactPredictor.Ellipse95(new(1, 5, 6, default, m2 * s * s + n2 * c * c, (m2 - n2) * s * c, m2 * c * c + n2 * s * s, 1));
            double scale = Math.Sqrt(-2 * Math.Log(0.05));
            Assert.Equal(scale * major, ellipse.SemiMajorM, 1e-6 * major);
            Assert.Equal(scale * minor, ellipse.SemiMinorM, 1e-4 * major);
            Assert.Equal(0, Math.Sin(orientation - ellipse.OrientationRad), 1e-6);
            Assert.InRange(ellipse.OrientationRad, 0, Math.BitDecrement(Math.PI));
        });

    private static Estimate State(double azimuth, double climb, double speed, double logBeta, double upM)
    {
        Estimate e = default;
        e.Time = Bench.Start;
        double[] mean = [-2_000, 1_500, upM, speed * Math.Cos(climb) * Math.Sin(azimuth), speed * Math.Cos(climb) * Math.Cos(azimuth), speed * Math.Sin(climb), logBeta];
        for (int i = 0; i < 7; i++) e.Mean[i] = mean[i];
        return e;
    }

    /// <summary>A wind known to be calm: learnt from innovations of nearly no variance.</summary>
    private static WindEstimate Certain()
    {
        var wind = new WindEstimate();
        wind.Learn(0, 1e-12, 1, 0);
        wind.Learn(0, 1e-12, 0, 1);
        return wind;
    }

    private static Trajectory Fly(in Estimate e, double windEast, double windNorth, double stepS = 0)
    {
        Geodetic start = Site.Frame.ToGeodetic(new(e.Mean[0], e.Mean[1], e.Mean[2]));
        Enu velocity = new LocalFrame(start).RotateToEnu(Site.Frame.RotateToEcef(new(e.Mean[3], e.Mean[4], e.Mean[5])));
        var round = new Round(Math.Exp(e.Mean[6]), Bench.ReferenceDrag);
        var environment = new FlightEnvironment(new WindProfile([new(0, windEast, windNorth)]));
        return stepS > 0 ? Flight.FlyFixedStep(round, start, velocity, Site.GroundElevationM, environment, stepS)
            : Flight.Fly(round, start, velocity, Site.GroundElevationM, environment);
    }
}
