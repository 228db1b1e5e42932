using System.Runtime.CompilerServices;

namespace Tocsin.Tracking;

/// <summary>All that is held about one object: its estimates under each hypothesis of how it moves, and the odds between them.</summary>
/// <remarks>
/// Two hypotheses run side by side until the plots decide: ballistic flight (with a boost phase while it is young) and flight that
/// holds itself up (aircraft, birds). Within ballistic flight, boost and coast are merged after each plot into one Gaussian (a
/// generalised pseudo-Bayesian filter of first order: Ackerson and Fu 1970), so the state stays a mixture of one.
/// </remarks>
internal sealed class TrackFile
{
    /// <summary>Its number once confirmed; 0 before.</summary>
    public int Number;

    /// <summary>Its place in the columns of the <see cref="TrackTable"/> that holds it.</summary>
    public int Slot;

    /// <summary>Estimate under ballistic flight, at the newest plot.</summary>
    public Estimate Ballistic;

    /// <summary>Estimate under flight that holds itself up, at the newest plot.</summary>
    public Estimate Level;

    /// <summary>What a bias of the wind has done to <see cref="Ballistic"/>, and to <see cref="NextCoast"/>.</summary>
    public WindEffect Wind, NextWind;

    /// <summary>Whether the hypothesis is still carried.</summary>
    public bool HasBallistic, HasLevel;

    /// <summary>Probability that its motor burns, given that it is ballistic.</summary>
    public double BoostProbability;

    /// <summary>Logarithm of the odds, from the motion alone, that it is ballistic rather than holding itself up.</summary>
    public double MotionLogOdds;

    /// <summary>Sum and count of the odds from speed and climb (see <see cref="Discrimination"/>); their mean counts.</summary>
    public double KinematicSum;
    public int KinematicCount;

    /// <summary>Highest energy seen, as the speed at ground level in m/s.</summary>
    public double GroundSpeedMps;

    /// <summary>Whether a boost phase was seen.</summary>
    public double SeenBoost;

    /// <summary>Logarithm of the odds that it exists at all.</summary>
    public double Score;

    /// <summary>Running mean of the squared Mahalanobis distance of its plots over its expectation.</summary>
    public double Misfit = 1;

    /// <summary>Plots used, and looks without one since the last.</summary>
    public int Hits, Misses;

    /// <summary>Times of the first and the newest plot.</summary>
    public Instant FirstTime, LastTime;

    /// <summary>Number of the newest plot.</summary>
    public long LastPlot;

    /// <summary>For each sensor, the time of its newest plot that was used: told by <see cref="Recent"/> where that still holds it.</summary>
    public readonly Instant[] LastHit;

    /// <summary>The newest plots: time, sensor and number, in a ring.</summary>
    public RecentHits Recent;

    /// <summary>Estimates carried to the present batch, and whether they are.</summary>
    public Estimate NextCoast, NextBoost, NextLevel;

    /// <summary><see cref="NextCoast"/> with the wind's bias taken into account: what a plot is compared with.</summary>
    public Estimate NextSeen;

    /// <summary>Probability of the motor burning, carried to the present batch.</summary>
    public double NextBoostProbability;

    /// <summary>Mean impact time of the newest prediction; null where there is none.</summary>
    public Instant? PredictedImpact;

    /// <summary>The newest plot's time that the newest prediction has used.</summary>
    public Instant PredictedFrom;

    public TrackFile(int sensors) => LastHit = new Instant[sensors];

    /// <summary>Makes it a new file. The estimates stay: they are written before anything reads them.</summary>
    public void Renew()
    {
        Number = 0;
        (Wind, NextWind) = (default, default);
        (HasBallistic, HasLevel) = (false, false);
        (BoostProbability, NextBoostProbability, MotionLogOdds, KinematicSum, KinematicCount) = (0, 0, 0, 0, 0);
        (GroundSpeedMps, SeenBoost, Score, Misfit, Hits, Misses) = (0, 0, 0, 1, 0, 0);
        (FirstTime, LastTime, LastPlot) = (default, default, 0);
        Array.Clear(LastHit);
        Recent = default;
        (PredictedImpact, PredictedFrom) = (null, default);
    }

    /// <summary>Whether ballistic flight is the likelier hypothesis.</summary>
    public bool BallisticLeads => HasBallistic && (!HasLevel || Discrimination.LogOdds(this) >= 0);

    /// <summary>The estimate under the likelier hypothesis.</summary>
    public ref readonly Estimate Best => ref BallisticLeads ? ref Ballistic : ref Level;

    /// <summary>How many of this file's newest plots are among another's.</summary>
    public int SharedWith(TrackFile other)
    {
        int shared = 0;
        for (int i = 0; i < RecentHits.Length; i++)
        {
            if (Recent[i].Plot == 0) continue;
            for (int j = 0; j < RecentHits.Length; j++)
                if (Recent[i].Plot == other.Recent[j].Plot) { shared++; break; }
        }
        return shared;
    }

    /// <summary>How many of this file's newest plots came from looks that gave the other file a plot too.</summary>
    public int LooksWith(TrackFile other, double sameLookS)
    {
        int together = 0;
        for (int i = 0; i < RecentHits.Length; i++)
            if (Recent[i].Plot != 0 && other.HitNear(Recent[i].Sensor, Recent[i].Time, sameLookS)) together++;
        return together;
    }

    /// <summary>Whether a sensor has given this object a plot within <paramref name="seconds"/> of a time.</summary>
    public bool HitNear(int sensor, Instant time, double seconds)
    {
        // Asked of every tentative track at every look of every radar: most need no look at the ring.
        if (time.SecondsSince(LastHit[sensor]) >= seconds) return false;
        for (int i = 0; i < RecentHits.Length; i++)
            if (Recent[i].Plot != 0 && Recent[i].Sensor == sensor && Math.Abs(Recent[i].Time.SecondsSince(time)) < seconds) return true;
        return false;
    }

    /// <summary>Notes a plot as used.</summary>
    public void Remember(in Plot plot)
    {
        Recent[Hits % RecentHits.Length] = new(plot.Time, plot.Sensor, plot.Number);
        Hits++;
        Misses = 0;
        if (plot.Time > LastTime || Hits == 1)
        {
            LastTime = plot.Time;
            LastPlot = plot.Number;
        }
        if (Hits == 1) FirstTime = plot.Time;
        if (plot.Time > LastHit[plot.Sensor]) LastHit[plot.Sensor] = plot.Time;
    }

    /// <summary>Tells <see cref="LastHit"/> by the plots that are remembered.</summary>
    public void TellLastHits()
    {
        Array.Clear(LastHit);
        for (int i = 0; i < RecentHits.Length; i++)
            if (Recent[i].Plot != 0 && Recent[i].Time > LastHit[Recent[i].Sensor]) LastHit[Recent[i].Sensor] = Recent[i].Time;
    }

    /// <summary>One plot that a track used.</summary>
    public readonly record struct Hit(Instant Time, int Sensor, long Plot);

    /// <summary>A ring of the newest plots used.</summary>
    [InlineArray(Length)]
    public struct RecentHits
    {
        public const int Length = 12;
        private Hit _first;
    }
}
