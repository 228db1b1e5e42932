using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Lint;

/// <summary>How many looks the tracker needs before it believes in a round, where clutter lies about it.</summary>
/// <remarks>By the tracker's own odds (docs/internals/tracking.md, Initiator): the rate of new objects against that of clutter, the density of the
/// velocity that a pair asks for, then each further plot's mean likelihood against the clutter's density there. The figures are its own;
/// the estimate is rough (one geometry, no misses, clutter as the scenario describes it and not as the tracker has learnt it).</remarks>
internal static class ClutterRule
{
    /// <summary>Plots that the tracker asks for at least.</summary>
    public const int LeastLooks = 3;

    private const string Rule = "clutter";

    /// <summary>Looks from which on a warning is worth its line. Chosen: two more than in quiet air.</summary>
    private const int ManyLooks = 5;

    /// <summary>Looks at which counting ends: such a round is not tracked at all.</summary>
    private const int NoLooks = 30;

    // The tracker's: odds of confirmation 400 to 1, new objects a second, what a pair's odds must reach, and its prior of the speed.
    private const double ConfirmationOdds = 400, NewObjectsPerS = 0.05, LeastPairScore = -13;
    private const double FastestMps = 1_000, SlowBallMps = 400, SlowShare = 0.7;

    public static void Check(LintContext context)
    {
        foreach (LintRadar radar in context.Radars)
        {
            foreach (TypicalSalvo salvo in context.Salvos) radar.Looks = Math.Max(radar.Looks, LooksFor(radar, salvo));
            if (radar.Looks < ManyLooks) continue;
            string cost = radar.Looks >= NoLooks ? "a round's first plots drown in it and no track may begin"
                : $"a track takes about {radar.Looks} looks ({LintText.Seconds(radar.Looks * radar.PeriodS)}) to be confirmed instead of {LeastLooks}";
            context.Warn(Rule, $"$.radars[{radar.Index}].clutter.meanPerScan",
                $"{LintText.Number(radar.Settings.Clutter!.MeanPerScan)} plots of nothing a scan of radar {radar.Settings.Sensor} are so many that {cost}; lower meanPerScan, or expect late warnings");
        }
    }

    /// <summary>Looks that the odds of a typical round of a salvo take where the radar first covers it; <see cref="LeastLooks"/> where it never does.</summary>
    public static int LooksFor(LintRadar radar, TypicalSalvo salvo)
    {
        if (radar.Settings.Clutter is not { MeanPerScan: > 0 } clutter) return LeastLooks;
        for (double t = 0; t < salvo.Flight.DurationS; t += radar.PeriodS)
        {
            (Ecef position, Ecef v) = salvo.Flight.EcefStateAt(t);
            Polar seen = radar.Model.Coverage.Measure(position, v).Measurement;
            if (radar.Model.Coverage.Covers(seen, Wgs84.Vertical(position).HeightM))
                return Looks(radar, clutter, seen, Math.Sqrt(v.X * v.X + v.Y * v.Y + v.Z * v.Z));
        }
        return LeastLooks;
    }

    private static int Looks(LintRadar radar, ClutterSettings clutter, in Polar at, double speedMps)
    {
        double dt = radar.PeriodS, detection = Math.Max(0.05, radar.Sensor.DetectionProbability);
        double logClutterPerM3 = Elementary.Log(PerM3(radar.Model.Coverage, clutter, at));
        double slowBall = 4.0 / 3 * Math.PI * SlowBallMps * SlowBallMps * SlowBallMps, fastBall = 4.0 / 3 * Math.PI * FastestMps * FastestMps * FastestMps;
        double velocityDensity = (speedMps < SlowBallMps ? SlowShare / slowBall : 0) + (1 - SlowShare) / fastBall;
        double odds = Elementary.Log(NewObjectsPerS * dt / clutter.MeanPerScan) + Elementary.Log(detection) + Elementary.Log(velocityDensity / (dt * dt * dt)) - logClutterPerM3;
        if (odds < LeastPairScore) return NoLooks;

        // A straight line through two plots, carried one look on, has five times a plot's variance; the plot's own makes it six. Later looks are
        // sharper, which is left out. The mean of a Gaussian's logarithm lies 3/2 below that of its peak in three dimensions.
        double cell = radar.Sensor.RangeSigmaM * at.RangeM * radar.Sensor.AzimuthSigmaRad * at.RangeM * radar.Sensor.ElevationSigmaRad;
        double each = Elementary.Log(detection) - 1.5 - 1.5 * Elementary.Log(Math.Tau * 6) - Elementary.Log(cell) - logClutterPerM3;
        double wanted = Elementary.Log(ConfirmationOdds) - odds;
        if (each <= 0) return NoLooks;
        return Math.Clamp(2 + (int)Math.Ceiling(wanted / each), LeastLooks, NoLooks);
    }

    // As the radar model spreads it: evenly in range and azimuth, and in elevation evenly or exponentially less.
    private static double PerM3(RadarCoverage coverage, ClutterSettings clutter, in Polar at)
    {
        double scale = Degrees.ToRad(clutter.NearGroundScaleDeg), height = coverage.MaxElevationRad - coverage.MinElevationRad;
        double perRad = clutter.Spread == ClutterSpread.Uniform ? 1 / height
            : Elementary.Exp(-(at.ElevationRad - coverage.MinElevationRad) / scale) / (scale * (1 - Elementary.Exp(-height / scale)));
        (_, double cos) = Elementary.SinCos(at.ElevationRad);
        return clutter.MeanPerScan / (coverage.MaxRangeM - coverage.MinRangeM) / coverage.WidthRad * perRad / (at.RangeM * at.RangeM * Math.Max(0.02, cos));
    }
}
