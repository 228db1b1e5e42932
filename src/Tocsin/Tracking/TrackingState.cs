using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>How the tracker's values are written to a state and read back.</summary>
internal static class TrackingState
{
    /// <summary>A plot.</summary>
    public static void Field(this StateExchange x, ref Plot plot)
    {
        Instant time = plot.Time;
        int sensor = plot.Sensor;
        long number = plot.Number;
        Span<double> v = [plot.Measurement.RangeM, plot.Measurement.AzimuthRad, plot.Measurement.ElevationRad, plot.RangeRateMps, plot.SnrDb, plot.ElevationSigmaRad];
        x.Field(ref time);
        x.Field(ref sensor);
        x.Field(ref number);
        x.Fields(v);
        plot = new()
        {
            Time = time,
            Sensor = sensor,
            Number = number,
            Measurement = new Polar(v[0], v[1], v[2]),
            RangeRateMps = v[3],
            SnrDb = v[4],
            ElevationSigmaRad = v[5],
        };
    }

    /// <summary>An estimate.</summary>
    public static void Field(this StateExchange x, ref Estimate e)
    {
        x.Field(ref e.Time);
        x.Fields(e.Mean);
        x.Fields(e.Covariance);
    }

    /// <summary>A track file, less what is carried to a batch and used up within it.</summary>
    public static void Field(this StateExchange x, TrackFile t)
    {
        x.Field(ref t.Number);
        x.Field(ref t.HasBallistic);
        x.Field(ref t.HasLevel);
        x.Field(ref t.Ballistic);
        x.Field(ref t.Level);
        x.Fields(t.Wind.East);
        x.Fields(t.Wind.North);
        x.Field(ref t.BoostProbability);
        x.Field(ref t.MotionLogOdds);
        x.Field(ref t.KinematicSum);
        x.Field(ref t.KinematicCount);
        x.Field(ref t.GroundSpeedMps);
        x.Field(ref t.SeenBoost);
        x.Field(ref t.Score);
        x.Field(ref t.Misfit);
        x.Field(ref t.Hits);
        x.Field(ref t.Misses);
        x.Field(ref t.FirstTime);
        x.Field(ref t.LastTime);
        x.Field(ref t.LastPlot);
        Span<long> recent = stackalloc long[3 * TrackFile.RecentHits.Length];
        for (int i = 0; i < TrackFile.RecentHits.Length; i++) (recent[3 * i], recent[3 * i + 1], recent[3 * i + 2]) = (t.Recent[i].Time.Ticks, t.Recent[i].Sensor, t.Recent[i].Plot);
        x.Fields(recent);
        if (x.IsLoading)
        {
            for (int i = 0; i < TrackFile.RecentHits.Length; i++) t.Recent[i] = new(new(recent[3 * i]), checked((int)recent[3 * i + 1]), recent[3 * i + 2]);
            t.TellLastHits();
        }
        bool predicted = t.PredictedImpact is not null;
        Instant impact = t.PredictedImpact ?? default;
        x.Field(ref predicted);
        x.Field(ref impact);
        t.PredictedImpact = predicted ? impact : null;
        x.Field(ref t.PredictedFrom);
    }
}
