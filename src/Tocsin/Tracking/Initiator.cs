using System.Runtime.InteropServices;
using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>Begins tentative tracks from pairs of plots that nothing else took.</summary>
/// <remarks>Each pair gets the logarithm of the odds that it is one object: the rate of new objects against that of clutter, times the
/// density of the velocity that the pair asks for against the density of clutter where its second plot lies (the track score of Blackman
/// and Popoli, "Design and Analysis of Modern Tracking Systems", 1999, section 6.2). So few scans are enough where there is little clutter,
/// and more are asked where there is much.</remarks>
internal sealed class Initiator
{
    /// <summary>Odds (logarithm) below which a pair is not worth keeping.</summary>
    public const double LeastScore = -13;

    /// <summary>New objects expected a second. Chosen: a raid's rate, so that a salvo is not held back by peace-time odds.</summary>
    public const double NewObjectsPerS = 0.05;

    private const double FastestMps = 1_000, SlowBallMps = 400, SlowShare = 0.7;
    private const double ShortestPairS = 0.15, ShortestPairScans = 0.5, LongestPairScans = 2.3, LongestPairAtLeastS = 0.45;
    private const int PairsPerPlot = 6;

    private const int FewestToSweep = 256;

    private readonly Hypotheses _hypotheses;
    private readonly double _longestS;
    // In the order of their coming. What is too old or used up stays until the next sweep: nothing asks for it.
    private readonly List<SightedPlot> _seeds = [];
    private readonly List<(double Score, int Seed)> _best = [];
    private readonly PlotGrid _grid = new();
    private readonly List<int> _near = [];
    private Instant _newest = Instant.MinValue;
    private int _sweepAt = FewestToSweep;

    public Initiator(Hypotheses hypotheses, SensorView[] sensors)
    {
        _hypotheses = hypotheses;
        _grid.Build([]);
        // A radar that turns slowly needs its plots for longer than the one beside it does.
        foreach (SensorView s in sensors) _longestS = Math.Max(_longestS, LongestPairS(s));
    }

    /// <summary>Pairs every free plot of a batch with the seeds of the last scans, then keeps the plots as seeds.</summary>
    /// <param name="batch">The batch; plots marked as taken are passed over.</param>
    /// <param name="claimed">Whether a promising tentative track has a plot: it stays a seed but begins nothing.</param>
    /// <param name="sensor">The batch's sensor.</param>
    /// <param name="time">The batch's time.</param>
    /// <param name="begin">Makes the track of a pair with a score.</param>
    /// <returns>How many plots could not be kept because there are too many.</returns>
    public int Pair(ReadOnlySpan<SightedPlot> batch, ReadOnlySpan<bool> claimed, SensorView sensor, Instant time,
        Action<SightedPlot, SightedPlot, double> begin)
    {
        double longest = LongestPairS(sensor), shortest = Math.Min(Math.Max(ShortestPairScans * sensor.Definition.ScanPeriodS, ShortestPairS), longest / 2);
        if (time > _newest) _newest = time;
        if (_seeds.Count >= _sweepAt) Sweep();
        ReadOnlySpan<SightedPlot> seeds = CollectionsMarshal.AsSpan(_seeds);
        for (int i = 0; i < batch.Length; i++)
        {
            ref readonly SightedPlot plot = ref batch[i];
            if (plot.Taken || claimed[i]) continue;
            _best.Clear();
            // Only what an object at its fastest could have come from: in clutter that is a small share of the seeds.
            _grid.Near(seeds, plot.X, plot.Y, plot.Z, Reach(plot, longest), _near);
            foreach (int s in _near)
            {
                double dt = plot.Plot.Time.SecondsSince(seeds[s].Plot.Time);
                if (dt < shortest || dt > longest || seeds[s].Taken) continue;
                double score = Score(seeds[s], plot, sensor, dt);
                if (score > LeastScore) _best.Add((score, s));
            }
            if (_best.Count > PairsPerPlot) _best.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Seed.CompareTo(b.Seed));
            for (int k = 0; k < Math.Min(PairsPerPlot, _best.Count); k++) begin(seeds[_best[k].Seed], plot, _best[k].Score);
        }
        int dropped = 0;
        foreach (ref readonly SightedPlot plot in batch)
            if (!plot.Taken && !Keep(plot)) dropped++;
        return dropped;
    }

    /// <summary>Takes a plot that no track wanted as a seed; false where there are too many.</summary>
    public bool Keep(in SightedPlot plot)
    {
        if (_seeds.Count == Limits.Seeds) Sweep();
        if (_seeds.Count == Limits.Seeds) return false;
        _seeds.Add(plot);
        _grid.Add(plot);
        return true;
    }

    /// <summary>Makes a new file that of a pair.</summary>
    public void Begin(TrackFile t, in SightedPlot first, in SightedPlot second, double score)
    {
        t.Score = score;
        _hypotheses.Begin(t, first, second);
    }

    /// <summary>Takes the plots of a track that was confirmed out of the seeds.</summary>
    public void Release(TrackFile confirmed)
    {
        foreach (ref SightedPlot seed in CollectionsMarshal.AsSpan(_seeds))
            for (int i = 0; i < TrackFile.RecentHits.Length; i++)
                if (confirmed.Recent[i].Plot == seed.Plot.Number) seed.Taken = true;
    }

    private static double LongestPairS(SensorView sensor) => Math.Max(LongestPairScans * sensor.Definition.ScanPeriodS, LongestPairAtLeastS);

    /// <summary>Takes out what is used up, and what is too old for every radar of the site.</summary>
    private void Sweep()
    {
        if (_newest != Instant.MinValue) _seeds.RemoveAll(s => s.Taken || _newest.SecondsSince(s.Plot.Time) > _longestS);
        _grid.Build(CollectionsMarshal.AsSpan(_seeds));
        _sweepAt = Math.Max(FewestToSweep, 2 * _seeds.Count);
    }

    /// <summary>How far apart two plots of one object can be.</summary>
    private static double Reach(in SightedPlot second, double dt) => FastestMps * dt + 3 * Noise(second);

    private static double Noise(in SightedPlot plot) =>
        plot.RangeSigmaM + plot.Plot.Measurement.RangeM * Math.Max(plot.AzimuthSigmaRad, plot.ElevationSigmaRad);

    private static double Score(in SightedPlot first, in SightedPlot second, SensorView sensor, double dt)
    {
        double dx = second.X - first.X, dy = second.Y - first.Y, dz = second.Z - first.Z;
        double distance2 = dx * dx + dy * dy + dz * dz;
        double noise = Noise(second), reach = Reach(second, dt);
        if (distance2 > reach * reach) return double.NegativeInfinity;
        double speed = Math.Max(0, Math.Sqrt(distance2) - noise) / dt;
        const double slowBall = 4.0 / 3 * Math.PI * SlowBallMps * SlowBallMps * SlowBallMps;
        const double fastBall = 4.0 / 3 * Math.PI * FastestMps * FastestMps * FastestMps;
        double density = (speed < SlowBallMps ? SlowShare / slowBall : 0) + (1 - SlowShare) / fastBall;
        return Elementary.Log(NewObjectsPerS * sensor.Definition.ScanPeriodS / first.ClutterPerScan)
            + sensor.DetectionLog + Elementary.Log(density / (dt * dt * dt)) - second.LogClutterPerM3;
    }

    /// <summary>Writes or reads the seeds; what follows from a plot is made anew by its sensor's view.</summary>
    public void Exchange(StateExchange x, SensorView[] sensors)
    {
        // What nothing will ask for is no part of the state; when it would have been swept is the same afterwards as for a Site that is loaded.
        if (!x.IsLoading) Sweep();
        x.Field(ref _newest);
        int count = x.Count(_seeds.Count);
        if (x.IsLoading) _seeds.Clear();
        for (int i = 0; i < count; i++)
        {
            SightedPlot seed = x.IsLoading ? default : _seeds[i];
            x.Field(ref seed.Plot);
            if (x.IsLoading) seed = sensors[seed.Plot.Sensor].Sight(seed.Plot);
            x.Field(ref seed.LogClutterPerM3);
            x.Field(ref seed.ClutterPerScan);
            if (x.IsLoading) _seeds.Add(seed);
        }
        if (x.IsLoading) Sweep();
    }
}
