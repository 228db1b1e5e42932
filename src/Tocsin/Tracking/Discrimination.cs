using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>The decision what an object is: by how well each hypothesis explained its plots, and by how such objects fly.</summary>
/// <remarks>
/// Ballistic against level flight is a likelihood ratio of the two filters' innovations (Bar-Shalom, Li, Kirubarajan, "Estimation
/// with Applications to Tracking and Navigation", 2001, section 11.6) plus the mean over the object's life of a ratio of densities
/// of speed and climb. The densities below are chosen, broad, and meet the ranges in ../shared/FACTS.md: rounds 50 to 700 m/s at any
/// angle; aircraft and birds 5 to 300 m/s that climb or sink at a few metres a second, seldom above 30.
/// </remarks>
internal static class Discrimination
{
    private const double PriorLogOdds = -1;
    private const double DecidedLogOdds = 14;
    private const double RoundLogSpeed = 5.3, RoundLogSpeedSigma = 0.65;       // 200 m/s
    private const double LevelLogSpeed = 4.1, LevelLogSpeedSigma = 1.0;        // 60 m/s
    private const double RoundClimbDensity = 1.0 / 400;
    private const double LevelClimbSigmaMps = 8;
    private const double BirdFastestMps = 26, BirdHighestM = 1_500;

    /// <summary>Logarithm of the odds that the object is ballistic rather than holding itself up.</summary>
    public static double LogOdds(TrackFile t)
    {
        if (!t.HasLevel) return DecidedLogOdds;
        if (!t.HasBallistic) return -DecidedLogOdds;
        double kinematic = t.KinematicCount > 0 ? t.KinematicSum / t.KinematicCount : 0;
        return PriorLogOdds + t.MotionLogOdds + kinematic;
    }

    /// <summary>Probability that the object is ballistic.</summary>
    public static double BallisticProbability(TrackFile t) => 1 / (1 + Elementary.Exp(-Math.Clamp(LogOdds(t), -40, 40)));

    /// <summary>Brings the speed and climb of the newest estimate into the decision, and drops a hypothesis that has lost.</summary>
    public static void Learn(TrackFile t, FlightModel flight)
    {
        ref readonly Estimate e = ref t.Best;
        if (t.HasBallistic && t.HasLevel)
        {
            t.KinematicSum += Kinematic(e);
            t.KinematicCount++;
            double odds = LogOdds(t);
            double age = t.LastTime.SecondsSince(t.FirstTime);
            if (odds > DecidedLogOdds && age > 2) t.HasLevel = false;
            else if (odds < -DecidedLogOdds && age > 2) t.HasBallistic = false;
        }
        double height = flight.HeightM(e.Mean[0], e.Mean[1], e.Mean[2]) - flight.GroundHeightM;
        double speed = e.SpeedMps;
        t.GroundSpeedMps = Math.Max(t.GroundSpeedMps, Math.Sqrt(speed * speed + 2 * flight.GravityMps2 * Math.Max(0, height)));
        t.SeenBoost = Math.Max(t.SeenBoost, t.Hits > 3 ? t.BoostProbability : 0);
    }

    /// <summary>The probability of each kind.</summary>
    public static KindProbabilities Kinds(TrackFile t, FlightModel flight)
    {
        KindProbabilities p = default;
        double exists = 1 / (1 + Elementary.Exp(-Math.Clamp(t.Score, -30, 30)));
        double ballistic = exists * BallisticProbability(t);
        p[Kind.Unknown] = 1 - exists;
        double level = exists - ballistic;
        ref readonly Estimate e = ref t.Best;
        double height = flight.HeightM(e.Mean[0], e.Mean[1], e.Mean[2]) - flight.GroundHeightM;
        double bird = height < BirdHighestM ? 1 / (1 + Elementary.Exp(Math.Clamp((e.SpeedMps - BirdFastestMps) / 4, -30, 30))) : 0.02;
        p[Kind.Bird] = level * bird;
        p[Kind.Aircraft] = level - p[Kind.Bird];
        // Which round: the speed it had at the ground and how well it keeps it. Chosen, generic classes with wide overlap.
        double logBeta = t.Ballistic.Mean[Estimate.LogBeta], betaVariance = Math.Max(0, t.Ballistic.Covariance[6, 6]);
        double logSpeed = Elementary.Log(Math.Max(20, t.GroundSpeedMps));
        double rocket = Density(logSpeed, 6.0, 0.4) + Density(logBeta, 8.5, Math.Sqrt(0.25 + betaVariance)) + Elementary.Log(0.2 + t.SeenBoost);
        double artillery = Density(logSpeed, 6.1, 0.35) + Density(logBeta, 9.2, Math.Sqrt(0.16 + betaVariance)) + Elementary.Log(0.2);
        double mortar = Density(logSpeed, 5.35, 0.25) + Density(logBeta, 8.3, Math.Sqrt(0.25 + betaVariance)) + Elementary.Log(0.2);
        double most = Math.Max(rocket, Math.Max(artillery, mortar));
        (rocket, artillery, mortar) = (Elementary.Exp(rocket - most), Elementary.Exp(artillery - most), Elementary.Exp(mortar - most));
        double scale = ballistic / (rocket + artillery + mortar);
        p[Kind.Rocket] = rocket * scale;
        p[Kind.Artillery] = artillery * scale;
        p[Kind.Mortar] = mortar * scale;
        return p;
    }

    private static double Kinematic(in Estimate e)
    {
        double speed = Math.Max(1, e.SpeedMps), climb = e.Mean[Estimate.Vz];
        double speedVariance = (e.Covariance[3, 3] + e.Covariance[4, 4] + e.Covariance[5, 5]) / (3 * speed * speed);
        double log = Elementary.Log(speed);
        double ratio = Density(log, RoundLogSpeed, Math.Sqrt(RoundLogSpeedSigma * RoundLogSpeedSigma + speedVariance))
            - Density(log, LevelLogSpeed, Math.Sqrt(LevelLogSpeedSigma * LevelLogSpeedSigma + speedVariance));
        // Student's t with three degrees of freedom for the climb of what holds itself up.
        double sigma = Math.Sqrt(LevelClimbSigmaMps * LevelClimbSigmaMps + Math.Max(0, e.Covariance[5, 5]));
        double z = climb / sigma;
        double level = 2 / (Math.PI * Math.Sqrt(3) * sigma * (1 + z * z / 3) * (1 + z * z / 3));
        return Math.Clamp(ratio + Elementary.Log(RoundClimbDensity / level), -12, 8);
    }

    private static double Density(double x, double mean, double sigma)
    {
        double z = (x - mean) / sigma;
        return -0.5 * z * z - Elementary.Log(sigma);
    }
}
