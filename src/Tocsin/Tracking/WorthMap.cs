namespace Tocsin.Tracking;

/// <summary>Tells cheaply what a plot is worth to the tracker, for the moments when there is no time for all of them.</summary>
/// <remarks>
/// Where tracks are is kept as a set of cells of the ground, filled anew every <see cref="RenewS"/>. What does not move is known by a count of looks in a hashed table of
/// measurement cells, a few sigmas wide: a cell that gave a plot in <see cref="StillLooks"/> looks one after another holds a building, a hill or a parked
/// car, since a round in flight moves by more than a cell from look to look. None of this is a part of the Site's state: it says which plots to leave out before the
/// Site sees them, and what is left out is not recorded.
/// </remarks>
internal sealed class WorthMap
{
    private const double CellM = 500, RenewS = 0.1, MarginM = 400, CellSigmas = 3, RangeMargin = 1.02, ElevationSigmas = 3, SameLookScans = 0.5, ForgottenScans = 2.5;
    private const int StillLooks = 4, TableBits = 16, PromisingHits = 3;

    private readonly HashSet<long> _near = [];
    // 1.5 MB, made when it is first asked for: a replay or a simulation never asks.
    private (long Key, Instant Last, int Looks)[]? _still;
    private Instant _filled = Instant.MinValue;

    /// <summary>What a plot is worth; learns from it too, so it is to be asked about every plot once.</summary>
    public PlotWorth Of(in Plot plot, Instant now, SensorView view, TrackTable confirmed, TrackTable tentative)
    {
        SensorDefinition s = view.Definition;
        bool still = IsStill(plot, s);
        // A site that has been advanced by nobody yet has no tracks to lie near.
        if (now != Instant.MinValue && (_filled == Instant.MinValue || Math.Abs(now.SecondsSince(_filled)) >= RenewS)) Fill(now, confirmed, tentative);
        if (_near.Count > 0)
        {
            SightedPlot at = view.Sight(plot);
            if (_near.Contains(Cell(at.X, at.Y))) return PlotWorth.FeedsTrack;
        }
        bool outside = plot.Measurement.RangeM > RangeMargin * s.MaxRangeM
            || plot.Measurement.ElevationRad < s.MinElevationRad - ElevationSigmas * s.ElevationSigmaRad;
        return outside || still ? PlotWorth.Neither : PlotWorth.CouldBegin;
    }

    private void Fill(Instant now, TrackTable confirmed, TrackTable tentative)
    {
        _filled = now;
        _near.Clear();
        foreach (TrackFile t in confirmed) Mark(t, now);
        foreach (TrackFile t in tentative)
            if (t.Hits >= PromisingHits && t.Score > 0) Mark(t, now);
    }

    private void Mark(TrackFile t, Instant now)
    {
        ref readonly Estimate e = ref t.Best;
        double dt = now.SecondsSince(e.Time), x = e.Mean[0] + dt * e.Mean[3], y = e.Mean[1] + dt * e.Mean[4];
        double sigma = Math.Sqrt(Math.Max(e.Covariance[0, 0], e.Covariance[1, 1])), speed = Math.Sqrt(Math.Max(e.Covariance[3, 3], e.Covariance[4, 4]));
        double reach = MarginM + 4 * (sigma + speed * Math.Abs(dt)) + RenewS * Math.Sqrt(e.Mean[3] * e.Mean[3] + e.Mean[4] * e.Mean[4]);
        reach = Math.Min(reach, 4 * CellM);
        for (double cx = x - reach; cx < x + reach + CellM; cx += CellM)
            for (double cy = y - reach; cy < y + reach + CellM; cy += CellM)
                _near.Add(Cell(Math.Min(cx, x + reach), Math.Min(cy, y + reach)));
    }

    private bool IsStill(in Plot plot, SensorDefinition s)
    {
        long range = (long)(plot.Measurement.RangeM / (CellSigmas * s.RangeSigmaM)), azimuth = (long)(plot.Measurement.AzimuthRad / (CellSigmas * s.AzimuthSigmaRad));
        long elevation = (long)Math.Floor(plot.Measurement.ElevationRad / (CellSigmas * s.ElevationSigmaRad));
        long key = ((range * 1_000_003 + azimuth) * 1_000_003 + elevation) * 67 + plot.Sensor;
        ref (long Key, Instant Last, int Looks) cell = ref (_still ??= new (long, Instant, int)[1 << TableBits])[(int)((ulong)(key * unchecked((long)0x9E37_79B9_7F4A_7C15)) >> (64 - TableBits))];
        double since = cell.Key == key ? plot.Time.SecondsSince(cell.Last) / s.ScanPeriodS : double.PositiveInfinity;
        if (since is >= 0 and < SameLookScans) return cell.Looks >= StillLooks;
        cell = (key, plot.Time, since < ForgottenScans && since >= 0 ? cell.Looks + 1 : 1);
        return cell.Looks >= StillLooks;
    }

    private static long Cell(double x, double y) => ((long)Math.Floor(x / CellM) << 32) ^ (uint)(int)Math.Floor(y / CellM);
}
