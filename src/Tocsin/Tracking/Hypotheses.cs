using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>Carries a track file's hypotheses forward, weighs a plot under them, and brings a plot into them.</summary>
internal sealed class Hypotheses(FlightModel flight)
{
    /// <summary>Squared Mahalanobis distance of the gate: 99.95 % of the plots of a right estimate (chi-square, 3 degrees of freedom).</summary>
    public const double Gate = 17.7;

    // A rocket's motor burns for a second or two at some ten g; a track starts with this much belief that it does.
    internal const double BoostMeanMps2 = 150, BoostSigmaMps2 = 130, BoostAcrossDensity = 200;
    private const double BoostEndS = 1.0, BoostAtBirth = 0.25, BoostHighestM = 2_500, BoostForgotten = 1e-3;
    private const double PriorLogBeta = 8.5, PriorLogBetaSigma = 0.5;
    internal const double LevelAcrossDensity = 12;
    private const double LevelUpDensity = 6;
    private const double BirthAccelerationMps2 = 30;
    private const int TeachingHits = 6;
    private const double TeachingLogOdds = 4;
    private const double MisfitMemory = 0.15, MisfitReturn = 3;

    /// <summary>The wind that nobody measured, as the ballistic tracks tell it.</summary>
    public WindEstimate Wind { get; } = new();

    /// <summary>The likelier estimate of a file with the wind's bias taken into account.</summary>
    public Estimate Corrected(TrackFile t)
    {
        Estimate e = t.Best;
        if (t.BallisticLeads) Wind.Correct(ref e, t.Wind);
        return e;
    }

    /// <summary>Begins a file with two plots of one object.</summary>
    public void Begin(TrackFile t, in SightedPlot first, in SightedPlot second)
    {
        double dt = second.Plot.Time.SecondsSince(first.Plot.Time), inverse = 1 / dt;
        Estimate e = default;
        e.Time = second.Plot.Time;
        e.Mean[0] = second.X;
        e.Mean[1] = second.Y;
        e.Mean[2] = second.Z;
        e.Mean[3] = (second.X - first.X) * inverse;
        e.Mean[4] = (second.Y - first.Y) * inverse;
        e.Mean[5] = (second.Z - first.Z) * inverse;
        e.Mean[6] = PriorLogBeta;
        Span<double> r1 = stackalloc double[9], r2 = stackalloc double[9];
        PositionCovariance(first, r1);
        PositionCovariance(second, r2);
        double allowance = BirthAccelerationMps2 * dt / 2;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
            {
                e.Covariance[i, j] = r2[i * 3 + j];
                e.Covariance[i, j + 3] = r2[i * 3 + j] * inverse;
                e.Covariance[j + 3, i] = r2[i * 3 + j] * inverse;
                e.Covariance[i + 3, j + 3] = (r1[i * 3 + j] + r2[i * 3 + j]) * inverse * inverse + (i == j ? allowance * allowance : 0);
            }
        e.Covariance[6, 6] = PriorLogBetaSigma * PriorLogBetaSigma;
        t.Level = e;
        t.HasLevel = true;
        // The mean velocity belongs to the middle of the interval: gravity has acted for half of it since.
        e.Mean[5] -= flight.GravityMps2 * dt / 2;
        t.Ballistic = e;
        t.HasBallistic = true;
        double height = flight.HeightM(e.Mean[0], e.Mean[1], e.Mean[2]) - flight.GroundHeightM;
        t.BoostProbability = height < BoostHighestM && e.Mean[5] > 0 ? BoostAtBirth : 0;
        t.Remember(first.Plot);
        t.Remember(second.Plot);
    }

    /// <summary>Carries the file's hypotheses to a time.</summary>
    public void Predict(TrackFile t, Instant to)
    {
        if (t.HasBallistic)
        {
            t.NextCoast = t.Ballistic;
            t.NextWind = t.Wind;
            flight.Predict(ref t.NextCoast, ref t.NextWind, to);
            See(t);
            double dt = to.SecondsSince(t.Ballistic.Time);
            t.NextBoostProbability = t.BoostProbability > BoostForgotten ? t.BoostProbability * Elementary.Exp(-Math.Max(0, dt) / BoostEndS) : 0;
            if (t.NextBoostProbability > 0)
            {
                t.NextBoost = t.NextCoast;
                Boost(ref t.NextBoost, dt);
            }
        }
        if (t.HasLevel)
        {
            t.NextLevel = t.Level;
            PredictLevel(ref t.NextLevel, to);
        }
    }

    /// <summary>Logarithm of the likelihood of a plot under all hypotheses together; negative infinity outside every gate.</summary>
    public static double LogLikelihood(TrackFile t, in SightedPlot plot, SensorView sensor)
    {
        double dt = plot.Plot.Time.SecondsSince(t.HasBallistic ? t.NextSeen.Time : t.NextLevel.Time);
        double best = double.PositiveInfinity, ballistic = double.NegativeInfinity, level = double.NegativeInfinity;
        if (t.HasBallistic)
        {
            ballistic = LogLikelihood(t.NextSeen, plot, sensor, dt, ref best);
            if (t.NextBoostProbability > 0)
                ballistic = Mix(ballistic, 1 - t.NextBoostProbability, LogLikelihood(t.NextBoost, plot, sensor, dt, ref best), t.NextBoostProbability);
        }
        if (t.HasLevel) level = LogLikelihood(t.NextLevel, plot, sensor, dt, ref best);
        if (!(best <= Gate)) return double.NegativeInfinity;
        if (!t.HasLevel) return ballistic;
        if (!t.HasBallistic) return level;
        double p = Discrimination.BallisticProbability(t);
        return Mix(ballistic, p, level, 1 - p);
    }

    /// <summary>Brings a plot into the file. The hypotheses must have been carried to the plot's batch.</summary>
    public void Update(TrackFile t, in SightedPlot plot, SensorView sensor)
    {
        double best = double.PositiveInfinity, ballistic = 0, level = 0;
        if (t.HasBallistic)
        {
            if (t.NextCoast.Time != plot.Plot.Time)
            {
                flight.Predict(ref t.NextCoast, ref t.NextWind, plot.Plot.Time);
                See(t);
            }
            ballistic = LogLikelihood(t.NextSeen, plot, sensor, 0, ref best);
            // Only what is surely in free flight may teach the site's wind.
            bool teaches = t.NextBoostProbability == 0 && t.Hits > TeachingHits && Discrimination.LogOdds(t) > TeachingLogOdds;
            PolarFilter.Update(ref t.NextCoast, ref t.NextWind, teaches ? Wind : null, plot, sensor);
            t.BoostProbability = 0;
            if (t.NextBoostProbability > 0)
            {
                if (t.NextBoost.Time != plot.Plot.Time) flight.Predict(ref t.NextBoost, plot.Plot.Time);
                double boost = LogLikelihood(t.NextBoost, plot, sensor, 0, ref best);
                PolarFilter.Update(ref t.NextBoost, plot, sensor);
                double both = Mix(ballistic, 1 - t.NextBoostProbability, boost, t.NextBoostProbability);
                t.BoostProbability = t.NextBoostProbability * Elementary.Exp(boost - both);
                Merge(ref t.NextCoast, t.NextBoost, t.BoostProbability);
                ballistic = both;
                t.NextWind = default;
            }
            t.Ballistic = t.NextCoast;
            t.Wind = t.NextWind;
        }
        if (t.HasLevel)
        {
            if (t.NextLevel.Time != plot.Plot.Time) PredictLevel(ref t.NextLevel, plot.Plot.Time);
            level = LogLikelihood(t.NextLevel, plot, sensor, 0, ref best);
            PolarFilter.Update(ref t.NextLevel, plot, sensor);
            t.Level = t.NextLevel;
        }
        if (t.HasBallistic && t.HasLevel) t.MotionLogOdds = Math.Clamp(t.MotionLogOdds + ballistic - level, -30, 30);
        t.Misfit += MisfitMemory * (best / 3 - t.Misfit);
        t.Remember(plot.Plot);
        Discrimination.Learn(t, flight);
        ReturnLostHypothesis(t);
    }

    /// <summary>Brings in a plot of an earlier time than the file's newest; false where it fits none of the file's hypotheses.</summary>
    public bool UpdateLate(TrackFile t, in SightedPlot plot, SensorView sensor)
    {
        if (!t.BallisticLeads) return TryUpdateLevelLate(t, plot, sensor);
        // The residual is taken where the wind's bias puts the track; its effect on the update itself is of second order.
        Estimate own = t.Ballistic, back = own;
        Wind.Correct(ref back, t.Wind);
        Vector7 bias = default;
        for (int i = 0; i < Matrix7.Size; i++) bias[i] = back.Mean[i] - own.Mean[i];
        Matrix7 transition = flight.PredictWithTransition(ref back, plot.Plot.Time);
        double distance2 = double.PositiveInfinity;
        LogLikelihood(back, plot, sensor, 0, ref distance2);
        if (!(distance2 <= Gate)) return false;
        for (int i = 0; i < Matrix7.Size; i++) t.Ballistic.Mean[i] += bias[i];
        PolarFilter.UpdateLate(ref t.Ballistic, ref t.Wind, back, transition, plot, sensor);
        for (int i = 0; i < Matrix7.Size; i++) t.Ballistic.Mean[i] -= bias[i];
        t.Remember(plot.Plot);
        return true;
    }

    private static bool TryUpdateLevelLate(TrackFile t, in SightedPlot plot, SensorView sensor)
    {
        Estimate back = t.Level;
        double dt = plot.Plot.Time.SecondsSince(back.Time);
        Matrix7 transition = LevelTransition(dt);
        PredictLevel(ref back, plot.Plot.Time);
        double distance2 = double.PositiveInfinity;
        LogLikelihood(back, plot, sensor, 0, ref distance2);
        if (!(distance2 <= Gate)) return false;
        WindEffect none = default;
        PolarFilter.UpdateLate(ref t.Level, ref none, back, transition, plot, sensor);
        t.Remember(plot.Plot);
        return true;
    }

    private void See(TrackFile t)
    {
        t.NextSeen = t.NextCoast;
        Wind.Correct(ref t.NextSeen, t.NextWind);
    }

    private static double LogLikelihood(in Estimate e, in SightedPlot plot, SensorView sensor, double dt, ref double best)
    {
        double log = PolarFilter.LogLikelihood(e, plot, sensor, e.Mean[0] + dt * e.Mean[3], e.Mean[1] + dt * e.Mean[4],
            e.Mean[2] + dt * e.Mean[5], out double distance2);
        best = Math.Min(best, distance2);
        return log;
    }

    /// <summary>Logarithm of a weighted sum of two likelihoods.</summary>
    private static double Mix(double logA, double weightA, double logB, double weightB)
    {
        double most = Math.Max(logA, logB);
        if (double.IsNegativeInfinity(most)) return most;
        return most + Elementary.Log(Math.Max(1e-300, weightA * Elementary.Exp(Math.Max(-600, logA - most)) + weightB * Elementary.Exp(Math.Max(-600, logB - most))));
    }

    /// <summary>The Gaussian with the mean and covariance of the mixture of both, in place of <paramref name="a"/>.</summary>
    private static void Merge(ref Estimate a, in Estimate b, double weightB)
    {
        Vector7 difference = default;
        for (int i = 0; i < Matrix7.Size; i++) difference[i] = b.Mean[i] - a.Mean[i];
        double wa = 1 - weightB, cross = wa * weightB;
        for (int i = 0; i < Matrix7.Size; i++)
        {
            a.Mean[i] += weightB * difference[i];
            for (int j = 0; j < Matrix7.Size; j++)
                a.Covariance[i, j] = wa * a.Covariance[i, j] + weightB * b.Covariance[i, j] + cross * difference[i] * difference[j];
        }
    }

    private static void Boost(ref Estimate e, double dt)
    {
        double speed = Math.Max(1, e.SpeedMps);
        Span<double> u = [e.Mean[3] / speed, e.Mean[4] / speed, e.Mean[5] / speed];
        double h = dt * dt / 2, variance = BoostSigmaMps2 * BoostSigmaMps2;
        FlightModel.AddAccelerationNoise(ref e, BoostAcrossDensity, BoostAcrossDensity, dt);
        for (int i = 0; i < 3; i++)
        {
            e.Mean[i] += BoostMeanMps2 * u[i] * h;
            e.Mean[i + 3] += BoostMeanMps2 * u[i] * dt;
            for (int j = 0; j < 3; j++)
            {
                double q = variance * u[i] * u[j];
                e.Covariance[i, j] += q * h * h;
                e.Covariance[i, j + 3] += q * h * dt;
                e.Covariance[i + 3, j] += q * h * dt;
                e.Covariance[i + 3, j + 3] += q * dt * dt;
            }
        }
    }

    private static Matrix7 LevelTransition(double dt)
    {
        Matrix7 f = Matrix7.Identity();
        for (int i = 0; i < 3; i++) f[i, i + 3] = dt;
        return f;
    }

    /// <summary>Nearly constant velocity with white acceleration noise (Bar-Shalom et al. 2001, section 6.2.2).</summary>
    private static void PredictLevel(ref Estimate e, Instant to)
    {
        double dt = to.SecondsSince(e.Time);
        e.Time = to;
        if (dt == 0) return;
        for (int i = 0; i < 3; i++) e.Mean[i] += dt * e.Mean[i + 3];
        Matrix7.Propagate(LevelTransition(dt), ref e.Covariance);
        double t = Math.Abs(dt);
        for (int i = 0; i < 3; i++)
        {
            double q = i < 2 ? LevelAcrossDensity : LevelUpDensity;
            e.Covariance[i, i] += q * t * t * t / 3;
            e.Covariance[i, i + 3] += q * t * dt / 2;
            e.Covariance[i + 3, i] += q * t * dt / 2;
            e.Covariance[i + 3, i + 3] += q * t;
        }
    }

    /// <summary>A hypothesis that was dropped comes back when the one that was kept stops explaining the plots.</summary>
    private static void ReturnLostHypothesis(TrackFile t)
    {
        if ((t.HasBallistic && t.HasLevel) || t.Misfit < MisfitReturn) return;
        t.Misfit = 1;
        t.MotionLogOdds = 0;
        t.KinematicSum = 0;
        t.KinematicCount = 0;
        if (t.HasBallistic)
        {
            t.Level = t.Ballistic;
            t.HasLevel = true;
        }
        else
        {
            t.Ballistic = t.Level;
            for (int i = 0; i < Matrix7.Size; i++)
            {
                t.Ballistic.Covariance[6, i] = 0;
                t.Ballistic.Covariance[i, 6] = 0;
            }
            t.Ballistic.Mean[6] = PriorLogBeta;
            t.Ballistic.Covariance[6, 6] = PriorLogBetaSigma * PriorLogBetaSigma;
            t.HasBallistic = true;
            t.Wind = default;
        }
    }

    private static void PositionCovariance(in SightedPlot p, Span<double> r)
    {
        // Along the line of sight one variance, across it another in each direction; azimuth's cross-range shrinks with elevation.
        double range = p.Plot.Measurement.RangeM;
        double ux = p.Ux, uy = p.Uy, uz = p.Uz, cos = Math.Sqrt(Math.Max(1e-6, 1 - uz * uz));
        double az = range * cos * p.AzimuthSigmaRad, el = range * p.ElevationSigmaRad;
        Span<double> u = [ux, uy, uz], a = [uy / cos, -ux / cos, 0], e = [-uz * ux / cos, -uz * uy / cos, cos];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                r[i * 3 + j] = p.RangeSigmaM * p.RangeSigmaM * u[i] * u[j] + az * az * a[i] * a[j] + el * el * e[i] * e[j];
    }
}
