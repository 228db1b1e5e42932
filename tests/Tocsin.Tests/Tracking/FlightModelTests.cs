using CsCheck;
using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Tracking;

namespace Tocsin.Tests.Tracking;

/// <summary>The tracker's equations of motion against the ballistics of the core, which knows the Earth's shape, field and air in full.</summary>
public sealed class FlightModelTests
{
    private static readonly SiteDefinition Site = Bench.Place();
    private static readonly FlightModel Model = new(Site);

    /// <summary>Azimuth and elevation of the launch, speed, and the log of the ballistic coefficient.</summary>
    private static readonly Gen<(double Azimuth, double Elevation, double Speed, double LogBeta)> Launches =
        Gen.Select(Gen.Double[0, 2 * Math.PI], Gen.Double[0.3, 1.2], Gen.Double[100, 700], Gen.Double[8.2, 9.5]);

    [Fact]
    public void Ten_seconds_of_flight_end_where_the_full_ballistics_end() => Launches.Sample(l =>
    {
        Estimate e = Start(l);
        Trajectory flight = Bench.Fly(Site, new Round(Math.Exp(l.LogBeta), Bench.ReferenceDrag), new(1_000, -2_000, 0), Velocity(e));
        double t = Math.Min(10, Math.Floor(10 * flight.DurationS) / 10);
        Enu start = Bench.At(Site, flight, 0);
        (e.Mean[0], e.Mean[1], e.Mean[2]) = (start.East, start.North, start.Up);
        Model.Predict(ref e, Bench.Start.AddSeconds(t));
        Enu end = Bench.At(Site, flight, t), v = Site.Frame.RotateToEnu(flight.EcefStateAt(t).VelocityMps);
        // The model's density is within 0.1 % of the sea level's, the rest a millimetre. A drag of 0.5 rho v^2 / beta wrong by that
        // much of the sea level's, over t, and 5 cm for the field's own height terms and the steps.
        double drag = 0.5 * 1.225 * l.Speed * l.Speed * 1.7 / Math.Exp(l.LogBeta), allowed = 0.05 + 0.001 * drag * t * t / 2;
        Assert.InRange(Bench.Distance(end, new(e.Mean[0], e.Mean[1], e.Mean[2])), 0, allowed);
        Assert.InRange(Bench.Distance(v, Velocity(e)), 0, 0.02 + 0.001 * drag * t);
        Assert.Equal(l.LogBeta, e.Mean[6]);
        Assert.Equal(Bench.Start.AddSeconds(t), e.Time);
    });

    [Fact]
    public void Wind_that_the_site_tells_is_flown_through()
    {
        var wind = new WindProfile([new(0, 4, -2), new(3_000, 14, 6)]);
        SiteDefinition windy = Bench.Place(wind: wind);
        Estimate e = Start((1, 0.8, 300, 8.5));
        Trajectory flight = Bench.Fly(windy, new Round(Math.Exp(8.5), Bench.ReferenceDrag), default, Velocity(e), wind);
        (e.Mean[0], e.Mean[1], e.Mean[2]) = (0, 0, 0);
        Estimate calm = e;
        new FlightModel(windy).Predict(ref e, Bench.Start.AddSeconds(10));
        Model.Predict(ref calm, Bench.Start.AddSeconds(10));
        Enu end = Bench.At(windy, flight, 10);
        Assert.InRange(Bench.Distance(end, new(e.Mean[0], e.Mean[1], e.Mean[2])), 0, 0.2);
        Assert.InRange(Bench.Distance(end, new(calm.Mean[0], calm.Mean[1], calm.Mean[2])), 1, 100);
    }

    [Fact]
    public void The_transition_is_what_small_changes_of_the_start_do_to_the_end() => Launches.Sample(l =>
    {
        Estimate e = Start(l);
        e.Mean[2] = 800;
        const double dt = 1;
        Estimate carried = e;
        double[,] f = Dense.Of(Model.PredictWithTransition(ref carried, Bench.Start.AddSeconds(dt)));
        double[] steps = [1, 1, 20, 0.5, 0.5, 0.5, 0.01], sigmas = [20, 20, 20, 5, 5, 5, 0.3];
        for (int j = 0; j < 7; j++)
        {
            Estimate up = e, down = e;
            up.Mean[j] += steps[j];
            down.Mean[j] -= steps[j];
            Model.Predict(ref up, Bench.Start.AddSeconds(dt));
            Model.Predict(ref down, Bench.Start.AddSeconds(dt));
            for (int i = 0; i < 7; i++)
            {
                double change = (up.Mean[i] - down.Mean[i]) / (2 * steps[j]);
                // A likely deviation of one element, carried to the other, in units of what that one's own deviation is; the transition is
                // of second order in the step, so a few hundredths of what drag does are left out.
                double scale = sigmas[j] / sigmas[i], drag = Math.Abs(change - (i == j ? 1 : i + 3 == j ? dt : 0));
                Assert.Equal(0, (f[i, j] - change) * scale, 0.005 + 0.09 * drag * scale);
            }
        }
    });

    [Fact]
    public void The_covariance_is_carried_by_the_transition_and_grows_by_something_positive() => Gen.Select(Launches, Gen.Double[-1, 1].Array[49]).Sample((l, random) =>
    {
        Estimate e = Start(l), after;
        e.Covariance = Dense.To7(Dense.Covariance(random, 20, 20, 20, 5, 5, 5, 0.3));
        double[,] before = Dense.Of(e.Covariance);
        after = e;
        double[,] f = Dense.Of(Model.PredictWithTransition(ref after, Bench.Start.AddSeconds(0.5)));
        double[,] noise = Dense.Plus(Dense.Of(after.Covariance), Dense.Times(Dense.Times(f, before), Dense.Transposed(f)), -1);
        // Positive: along every direction tried, rounding apart.
        var stream = new RandomStream(1, 2, 3, 4);
        for (int k = 0; k < 30; k++)
        {
            double[] x = [.. Enumerable.Range(0, 7).Select(_ => 0.0)];
            for (int i = 0; i < 7; i++) x[i] = stream.NextNormal() / (i < 3 ? 1 : i < 6 ? 0.25 : 0.01);
            Assert.True(x.Zip(Dense.Times(noise, x), (a, b) => a * b).Sum() > -1e-8);
        }
        // At the least, acceleration that nothing explains: q dt of variance of each velocity.
        for (int i = 3; i < 6; i++) Assert.True(noise[i, i] >= 0.999 * 0.5 * FlightModel.BaseAccelerationDensity - 1e-10);
        Assert.True(noise[6, 6] > 0);
        // It goes on growing: twice the time is nearly twice the noise or more, though a slower round feels less of the gusts.
        Estimate one = Start(l), two = Start(l);
        Model.Predict(ref one, Bench.Start.AddSeconds(0.5));
        Model.Predict(ref two, Bench.Start.AddSeconds(1));
        for (int i = 0; i < 6; i++) Assert.True(two.Covariance[i, i] > 1.5 * one.Covariance[i, i]);
    });

    [Fact]
    public void Forward_and_back_returns() => Launches.Sample(l =>
    {
        Estimate start = Start(l), e = start;
        double[,] there = Dense.Of(Model.PredictWithTransition(ref e, Bench.Start.AddSeconds(3)));
        double[,] back = Dense.Of(Model.PredictWithTransition(ref e, Bench.Start));
        Assert.Equal(Bench.Start, e.Time);
        for (int i = 0; i < 6; i++) Assert.Equal(start.Mean[i], e.Mean[i], 2e-3);
        double[,] round = Dense.Times(back, there);
        double[] sigmas = [20, 20, 20, 5, 5, 5, 0.3];
        for (int i = 0; i < 7; i++)
            for (int j = 0; j < 7; j++)
            {
                // Each step is of second order only: what cancels may leave a tenth of itself, through Mach 1.
                double cancels = Enumerable.Range(0, 7).Sum(k => Math.Abs(back[i, k] * there[k, j]));
                Assert.Equal(i == j ? 1 : 0, round[i, j], 0.12 * cancels + 0.02 * sigmas[i] / sigmas[j]);
            }
        // Noise grows backwards too.
        Assert.True(e.Covariance[0, 0] > 0);
    });

    [Fact]
    public void A_bias_of_the_wind_does_what_a_told_wind_would() => Launches.Sample(l =>
    {
        Estimate e = Start(l), calm = e;
        WindEffect effect = default;
        Model.Predict(ref calm, ref effect, Bench.Start.AddSeconds(5));
        foreach ((double east, double north) in ((double, double)[])[(1, 0), (0, 1)])
        {
            var windy = new FlightModel(Bench.Place(wind: new WindProfile([new(0, east, north)])));
            var against = new FlightModel(Bench.Place(wind: new WindProfile([new(0, -east, -north)])));
            Estimate with = e, without = e;
            windy.Predict(ref with, Bench.Start.AddSeconds(5));
            against.Predict(ref without, Bench.Start.AddSeconds(5));
            for (int i = 0; i < 6; i++)
            {
                double moved = (with.Mean[i] - without.Mean[i]) / 2, said = east * effect.East[i] + north * effect.North[i];
                Assert.Equal(moved, said, 0.07 * Math.Abs(moved) + (i < 3 ? 0.03 : 0.01));
            }
        }
    });

    private static Enu Velocity(in Estimate e) => new(e.Mean[3], e.Mean[4], e.Mean[5]);

    private static Estimate Start((double Azimuth, double Elevation, double Speed, double LogBeta) l)
    {
        Estimate e = default;
        e.Time = Bench.Start;
        e.Mean[0] = 1_000;
        e.Mean[1] = -2_000;
        e.Mean[3] = l.Speed * Math.Cos(l.Elevation) * Math.Sin(l.Azimuth);
        e.Mean[4] = l.Speed * Math.Cos(l.Elevation) * Math.Cos(l.Azimuth);
        e.Mean[5] = l.Speed * Math.Sin(l.Elevation);
        e.Mean[6] = l.LogBeta;
        return e;
    }
}
