using System.Runtime.InteropServices;
using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>Turns the plots of one site into tracks, batch by batch: a batch is what one sensor gave at one time.</summary>
/// <remarks>Confirmed tracks choose first, all together; tentative tracks each take the best of what is left, shared or not, and the odds
/// sort out which of them are real; what nobody took may begin new ones.</remarks>
internal sealed class Tracker
{
    private const double ConfirmScore = 6, HighestScore = 18, LostScore = -4;
    private const int FewestHits = 3, MostTentativeMisses = 3;
    private const double SameLookScans = 0.45;
    private const double CoastLimitS = 12, AfterImpactS = 1;
    private const double SameObject = 20, SameObjectCoasting = 30, SameObjectReachM = 300, SameObjectSpeedMps = 700, SeenTogetherShare = 5;

    // Before every time that a plot may have, and near enough for a difference.
    private static readonly Instant LongAgo = new(long.MinValue / 2);

    private readonly SensorView[] _sensors;
    private readonly ClutterMap[] _clutter;
    private readonly Instant[] _lastBatch;
    private readonly Hypotheses _hypotheses;
    private readonly PlotGate _gate;
    private readonly Initiator _initiator;
    private readonly PlotGrid _grid = new();
    private readonly WorthMap _worth = new();
    private readonly Assignment _assignment = new();
    private readonly TrackTable _confirmed, _tentative;
    private readonly List<Candidate> _candidates = [];
    private readonly List<double> _candidateGains = [];
    private readonly TrackFilePool _files;
    private readonly List<int> _near = [], _absorbed = [];
    private readonly List<TrackFile> _updated = [], _new = [], _ripe = [];
    private readonly List<(TrackFile Track, TrackEnd Reason)> _ended = [];
    private SightedPlot[] _plots = new SightedPlot[256];
    private bool[] _claimed = new bool[256];
    private int[] _result = new int[256];
    private double[] _resultGain = new double[256];
    private readonly List<Place> _places = [];
    private readonly Action<TrackFile> _return;
    private readonly Action<SightedPlot, SightedPlot, double> _begin;
    private Instant _newest;
    private int _count, _sensor;
    private Instant _time;
    private int _numbers;
    // No tentative track has its newest plot before this: until it is old there is nothing to look for.
    private Instant _oldestTentative = LongAgo;

    public Tracker(SiteDefinition site)
    {
        Flight = new(site);
        _hypotheses = new(Flight);
        _gate = new(Flight, _hypotheses.Wind);
        _files = new(site.Sensors.Length);
        _confirmed = new(site.Sensors.Length, Flight.GravityMps2);
        _tentative = new(site.Sensors.Length, Flight.GravityMps2);
        (_return, _begin) = (Return, Begin);
        _sensors = new SensorView[site.Sensors.Length];
        _clutter = new ClutterMap[site.Sensors.Length];
        _lastBatch = new Instant[site.Sensors.Length];
        for (int i = 0; i < _sensors.Length; i++)
        {
            _sensors[i] = new(site, i);
            _clutter[i] = new(site.Sensors[i]);
            _lastBatch[i] = Instant.MinValue;
        }
        _initiator = new(_hypotheses, _sensors);
    }

    /// <summary>The equations of motion in use.</summary>
    public FlightModel Flight { get; }

    /// <summary>The wind that nobody measured, as the tracks tell it.</summary>
    public WindEstimate Wind => _hypotheses.Wind;

    /// <summary>The likelier estimate of a track with the wind's bias taken into account.</summary>
    public Estimate Corrected(TrackFile t) => _hypotheses.Corrected(t);

    /// <summary>The confirmed tracks, in the order of their numbers.</summary>
    public TrackTable Confirmed => _confirmed;

    /// <summary>Confirmed tracks that the present batch updated, in the order of their numbers; the new ones last.</summary>
    public ReadOnlySpan<TrackFile> Updated => CollectionsMarshal.AsSpan(_updated);

    /// <summary>Tracks that the present batch confirmed.</summary>
    public ReadOnlySpan<TrackFile> New => CollectionsMarshal.AsSpan(_new);

    /// <summary>Tracks that ended at the last <see cref="Delete"/>.</summary>
    public ReadOnlySpan<(TrackFile Track, TrackEnd Reason)> Ended => CollectionsMarshal.AsSpan(_ended);

    /// <summary>Whether anything, confirmed or tentative, is under way.</summary>
    public bool IsIdle => _confirmed.Count == 0;

    /// <summary>Plots that began nothing because a limit was reached.</summary>
    public long Dropped { get; private set; }

    /// <summary>What a plot is worth, as the tracks stand at <paramref name="now"/>.</summary>
    public PlotWorth Worth(in Plot plot, Instant now) => _worth.Of(plot, now, _sensors[plot.Sensor], _confirmed, _tentative);

    /// <summary>Takes in a batch and gives confirmed tracks their plots, so that the whole batch is explained best.</summary>
    public void Associate(int sensor, ReadOnlySpan<Plot> batch)
    {
        Sight(sensor, batch);
        Wind.Predict(_time);
        SensorView view = _sensors[sensor];
        ReadOnlySpan<SightedPlot> plots = _plots.AsSpan(0, _count);
        _candidates.Clear();
        _candidateGains.Clear();
        _absorbed.Clear();
        _confirmed.Look(view, sensor, _time, plots, open: false, Wind);
        for (int i = 0; i < _confirmed.Count; i++)
        {
            if (!_confirmed.FlagsOf(i).HasFlag(LookFlags.PlotNear)) continue;
            TrackFile t = _confirmed[i];
            Near(_confirmed, i);
            _hypotheses.Predict(t, _time);
            bool again = t.HitNear(sensor, _time, SameLookScans * view.Definition.ScanPeriodS);
            foreach (int p in _near)
            {
                double gain = Gain(t, plots[p], view), over = gain - view.MissLog;
                if (!(over > 0)) continue;
                if (again)
                {
                    _absorbed.Add(p);
                    continue;
                }
                _candidates.Add(new(i, p, over));
                _candidateGains.Add(gain);
            }
        }
        if (_result.Length < _confirmed.Count)
        {
            _result = new int[Math.Max(_confirmed.Count, 2 * _result.Length)];
            _resultGain = new double[_result.Length];
        }
        _assignment.Solve(_candidates, _confirmed.Count, _count, _result);
        for (int c = 0; c < _candidates.Count; c++)
            if (_result[_candidates[c].Track] == _candidates[c].Plot) _resultGain[_candidates[c].Track] = _candidateGains[c];
        for (int i = 0; i < _confirmed.Count; i++)
            if (_result[i] >= 0) _plots[_result[i]].Taken = true;
        // A second plot of an object in the same look is nobody's beginning.
        foreach (int p in _absorbed) _plots[p].Taken = true;
    }

    /// <summary>Brings the associated plots into their tracks and counts looks without one.</summary>
    public void Update()
    {
        SensorView view = _sensors[_sensor];
        _updated.Clear();
        for (int i = 0; i < _confirmed.Count; i++)
        {
            if (_result[i] >= 0)
            {
                Take(_confirmed, _confirmed[i], _result[i], _resultGain[i], view);
                _updated.Add(_confirmed[i]);
            }
            else CountMiss(_confirmed, i, view);
        }
    }

    /// <summary>Lets tentative tracks take what is left, confirms those whose odds are good, and begins new ones.</summary>
    public void Initiate()
    {
        SensorView view = _sensors[_sensor];
        Span<SightedPlot> plots = _plots.AsSpan(0, _count);
        Array.Clear(_claimed, 0, _count);
        TakeBest(plots, view);
        _new.Clear();
        Confirm();
        _tentative.Sweep(_return);
        Dropped += _initiator.Pair(plots, _claimed.AsSpan(0, _count), view, _time, _begin);
        double elapsed = _lastBatch[_sensor] == Instant.MinValue ? view.Definition.ScanPeriodS : _time.SecondsSince(_lastBatch[_sensor]);
        _clutter[_sensor].Learn(plots, elapsed);
        _lastBatch[_sensor] = _time;
        _updated.AddRange(_new);
    }

    /// <summary>Ends tracks that came down, were lost or left, as things stand at <paramref name="now"/>.</summary>
    public void Delete(Instant now)
    {
        _ended.Clear();
        Whereabouts();
        for (int i = 0; i < _confirmed.Count; i++)
            if (EndOf(i, now) is { } reason) _ended.Add((_confirmed[i], reason));
        foreach ((TrackFile t, _) in _ended) _confirmed.Drop(t);
        _confirmed.Sweep(static _ => { });
        if (now.SecondsSince(_oldestTentative) > CoastLimitS) ForgetTentative(now);
    }

    /// <summary>Drops the tentative tracks that had no plot for long.</summary>
    private void ForgetTentative(Instant now)
    {
        _oldestTentative = now;
        foreach (TrackFile t in _tentative)
        {
            if (now.SecondsSince(t.LastTime) > CoastLimitS) _tentative.Drop(t);
            else if (t.LastTime < _oldestTentative) _oldestTentative = t.LastTime;
        }
        _tentative.Sweep(_return);
    }

    /// <summary>Drops a tentative track that is too unlikely by now.</summary>
    private void DropUnlikely(TrackFile t)
    {
        if (t.Score < Initiator.LeastScore || t.Misses >= MostTentativeMisses) _tentative.Drop(t);
    }

    private void Return(TrackFile t)
    {
        // A confirmed track keeps its file.
        if (t.Number <= 0) _files.Return(t);
    }

    /// <summary>Uses a plot that came too late for its batch, where a confirmed track can still use it.</summary>
    /// <returns>The track, or null.</returns>
    public TrackFile? UseLate(in Plot plot)
    {
        SensorView view = _sensors[plot.Sensor];
        SightedPlot sighted = view.Sight(plot);
        TrackFile? best = null;
        double nearest = double.PositiveInfinity;
        _confirmed.LookLate(view, sighted, Wind);
        for (int i = 0; i < _confirmed.Count; i++)
        {
            if (!_confirmed.FlagsOf(i).HasFlag(LookFlags.PlotNear) || _confirmed[i].HitNear(plot.Sensor, plot.Time, SameLookScans * view.Definition.ScanPeriodS)) continue;
            (double x, double y, double z, _) = _confirmed.Whereabouts(i);
            double dx = x - sighted.X, dy = y - sighted.Y, dz = z - sighted.Z, d2 = dx * dx + dy * dy + dz * dz;
            if (d2 < nearest) (nearest, best) = (d2, _confirmed[i]);
        }
        if (best is not null && _hypotheses.UpdateLate(best, sighted, view))
        {
            _confirmed.Note(best);
            _confirmed.Saw(best, plot.Sensor, plot.Time);
            return best;
        }
        SetClutter(ref sighted, plot.Sensor);
        if (!_initiator.Keep(sighted)) Dropped++;
        return null;
    }

    private void Sight(int sensor, ReadOnlySpan<Plot> batch)
    {
        _sensor = sensor;
        _count = batch.Length;
        _time = batch[0].Time;
        if (_plots.Length < _count)
        {
            _plots = new SightedPlot[Math.Max(_count, 2 * _plots.Length)];
            _claimed = new bool[_plots.Length];
        }
        for (int i = 0; i < _count; i++)
        {
            _plots[i] = _sensors[sensor].Sight(batch[i]);
            SetClutter(ref _plots[i], sensor);
        }
        _grid.Build(_plots.AsSpan(0, _count));
    }

    private void SetClutter(ref SightedPlot plot, int sensor)
    {
        plot.LogClutterPerM3 = _clutter[sensor].LogPerM3(plot);
        plot.ClutterPerScan = _clutter[sensor].PerScan;
    }

    /// <summary>Finds the plots that a track could have given.</summary>
    private void Near(TrackTable tracks, int index)
    {
        (double x, double y, double z, double reach) = tracks.Whereabouts(index);
        _grid.Near(_plots.AsSpan(0, _count), x, y, z, reach, _near);
    }

    /// <summary>Of the plots nearby keeps those that nobody has and that may lie within a tentative track's gate.</summary>
    private void KeepOpen(TrackFile t)
    {
        int kept = 0;
        for (int i = 0; i < _near.Count; i++)
            if (!_plots[_near[i]].Taken && _gate.MayHold(t, _plots[_near[i]])) _near[kept++] = _near[i];
        _near.RemoveRange(kept, _near.Count - kept);
    }

    private static double Gain(TrackFile t, in SightedPlot plot, SensorView view) =>
        Hypotheses.LogLikelihood(t, plot, view) + view.DetectionLog - plot.LogClutterPerM3;

    private void Take(TrackTable tracks, TrackFile t, int plot, double gain, SensorView view)
    {
        t.Score = Math.Min(HighestScore, t.Score + gain);
        _hypotheses.Update(t, _plots[plot], view);
        tracks.Note(t);
        tracks.Saw(t, _sensor, _plots[plot].Plot.Time);
    }

    /// <summary>Gives each tentative track the best of the plots that are left.</summary>
    private void TakeBest(ReadOnlySpan<SightedPlot> plots, SensorView view)
    {
        _tentative.Look(view, _sensor, _time, plots, open: true, Wind);
        for (int i = 0; i < _tentative.Count; i++)
        {
            LookFlags flags = _tentative.FlagsOf(i);
            if (flags == LookFlags.None) continue;
            (double east, double north) = (Wind.East, Wind.North);
            if (!flags.HasFlag(LookFlags.PlotNear) || !TakesBest(i, plots, view)) CountMiss(_tentative, i, view);
            DropUnlikely(_tentative[i]);
            // What a track taught of the wind moves the others.
            if (Wind.East != east || Wind.North != north) _tentative.Look(view, _sensor, _time, plots, open: true, Wind);
        }
    }

    private bool TakesBest(int index, ReadOnlySpan<SightedPlot> plots, SensorView view)
    {
        TrackFile t = _tentative[index];
        if (t.HitNear(_sensor, _time, SameLookScans * view.Definition.ScanPeriodS)) return false;
        Near(_tentative, index);
        KeepOpen(t);
        if (_near.Count == 0) return false;
        _hypotheses.Predict(t, _time);
        int best = -1;
        double most = 0, bestGain = 0;
        foreach (int p in _near)
        {
            double gain = Gain(t, plots[p], view), over = gain - view.MissLog;
            if (over > most) (most, best, bestGain) = (over, p, gain);
        }
        if (best < 0) return false;
        Take(_tentative, t, best, bestGain, view);
        if (t.Hits > FewestHits - 1 && t.Score > 0) _claimed[best] = true;
        if (IsRipe(t)) _ripe.Add(t);
        return true;
    }

    /// <summary>Counts a look without a plot, where one was due.</summary>
    private void CountMiss(TrackTable tracks, int index, SensorView view)
    {
        if (!tracks.FlagsOf(index).HasFlag(LookFlags.MissDue)) return;
        TrackFile t = tracks[index];
        tracks.Missed(t, _sensor, view.Definition.ScanPeriodS);
        t.Misses++;
        t.Score += view.MissLog;
    }

    private void Begin(SightedPlot first, SightedPlot second, double score)
    {
        if (_tentative.Count >= Limits.TentativeTracks)
        {
            Dropped++;
            return;
        }
        TrackFile t = _files.Take();
        _initiator.Begin(t, first, second, score);
        if (t.LastTime < _oldestTentative) _oldestTentative = t.LastTime;
        _tentative.Add(t, _time);
    }

    private static bool IsRipe(TrackFile t) => t.Number == 0 && t.Score > ConfirmScore && t.Hits >= FewestHits;

    /// <summary>Confirms the tentative tracks whose odds are good, the best first.</summary>
    private void Confirm()
    {
        while (true)
        {
            TrackFile? best = null;
            foreach (TrackFile t in _ripe)
                if (IsRipe(t) && (best is null || t.Score > best.Score)) best = t;
            if (best is null) break;
            if (_confirmed.Count >= Limits.Tracks)
            {
                Dropped++;
                break;
            }
            _tentative.Drop(best);
            if (Continue(best) is { } old) TakeOver(old, best);
            else if (FollowsAnother(best)) best.Number = -1;
            else
            {
                best.Number = ++_numbers;
                _confirmed.Add(best, _tentative);
                _new.Add(best);
            }
            _initiator.Release(best);
            foreach (TrackFile t in _tentative)
            {
                if (ReferenceEquals(t, best) || t.Number != 0) continue;
                int shared = t.SharedWith(best);
                if (!(shared >= 2 || (shared == 1 && t.Hits <= FewestHits))) continue;
                t.Score = double.NegativeInfinity;
                _tentative.Drop(t);
            }
            for (int i = 0; i < TrackFile.RecentHits.Length; i++)
                for (int p = 0; p < _count; p++)
                    if (_plots[p].Plot.Number == best.Recent[i].Plot) _plots[p].Taken = true;
            // Taken over or confirmed: either way it is no longer tentative.
            if (best.Number == 0) best.Number = -1;
        }
        _ripe.Clear();
    }

    /// <summary>A confirmed track without plots of late of which this tentative one is the continuation; one object keeps one id.</summary>
    private TrackFile? Continue(TrackFile tentative)
    {
        TrackFile? best = null;
        double least = SameObjectCoasting;
        foreach (TrackFile t in _confirmed)
        {
            double gap = tentative.LastTime.SecondsSince(t.LastTime);
            if (t.Misses == 0 && gap < 2 * _sensors[_sensor].Definition.ScanPeriodS) continue;
            double d = Difference(t, tentative);
            if (d < least) (least, best) = (d, t);
        }
        return best;
    }

    /// <summary>Whether a track is where a confirmed one is, and the two were never seen in the same look: one object, not two.</summary>
    private bool FollowsAnother(TrackFile track)
    {
        foreach (TrackFile t in _confirmed)
            if (!ReferenceEquals(t, track) && IsSameObject(track, t)) return true;
        return false;
    }

    private bool IsSameObject(TrackFile track, TrackFile other)
    {
        ref readonly Estimate a = ref track.Best;
        ref readonly Estimate b = ref other.Best;
        if (!new Place(default, a.Time, a.Mean[0], a.Mean[1], a.Mean[2]).IsNear(new(default, b.Time, b.Mean[0], b.Mean[1], b.Mean[2]))) return false;
        int looks = Math.Min(track.Hits, TrackFile.RecentHits.Length);
        if (track.LooksWith(other, SameLookScans * _sensors[_sensor].Definition.ScanPeriodS) * SeenTogetherShare > looks) return false;
        return (a.Time > b.Time ? Difference(other, track) : Difference(track, other)) < SameObject;
    }

    /// <summary>Squared difference of two tracks' states over their variances, with an allowance for what the older one may have done since.</summary>
    private double Difference(TrackFile older, TrackFile newer)
    {
        ref readonly Estimate to = ref newer.Best;
        Estimate e = older.Best;
        double gap = Math.Max(0, to.Time.SecondsSince(e.Time));
        if (older.BallisticLeads) Flight.Predict(ref e, to.Time);
        else for (int i = 0; i < 3; i++) e.Mean[i] += gap * e.Mean[i + 3];
        double sum = 0, drift = 8 * gap * gap, change = 15 * gap;
        for (int i = 0; i < 6; i++)
        {
            double d = e.Mean[i] - to.Mean[i], allowance = i < 3 ? drift : change;
            sum += d * d / (e.Covariance[i, i] + to.Covariance[i, i] + allowance * allowance);
        }
        return sum;
    }

    private void TakeOver(TrackFile old, TrackFile by)
    {
        old.Ballistic = by.Ballistic;
        old.Level = by.Level;
        old.Wind = by.Wind;
        (old.HasBallistic, old.HasLevel) = (by.HasBallistic, by.HasLevel);
        old.MotionLogOdds = Math.Clamp(old.MotionLogOdds, -5, 5) + by.MotionLogOdds;
        old.BoostProbability = by.BoostProbability;
        old.Score = HighestScore;
        // Its prediction was another estimate's.
        old.PredictedFrom = Instant.MinValue;
        old.Misses = 0;
        old.Misfit = 1;
        old.LastTime = by.LastTime;
        old.LastPlot = by.LastPlot;
        old.Recent = by.Recent;
        old.Hits += by.Hits;
        by.LastHit.CopyTo(old.LastHit, 0);
        _confirmed.Note(old);
        _confirmed.TakeLooks(old, _tentative, by);
        if (!_updated.Contains(old)) _updated.Add(old);
    }

    /// <summary>Notes where the confirmed tracks are, side by side: every track is compared with every older one.</summary>
    private void Whereabouts()
    {
        _newest = Instant.MinValue;
        _places.Clear();
        foreach (TrackFile t in _confirmed)
        {
            ref readonly Estimate e = ref t.Best;
            _places.Add(new(t.LastTime, e.Time, e.Mean[0], e.Mean[1], e.Mean[2]));
            if (t.LastTime > _newest) _newest = t.LastTime;
        }
    }

    private TrackEnd? EndOf(int index, Instant now)
    {
        TrackFile t = _confirmed[index];
        if (t.BallisticLeads && t.PredictedImpact is { } impact && now.SecondsSince(impact) > AfterImpactS
            && now.SecondsSince(t.LastTime) > AfterImpactS) return TrackEnd.Impact;
        if (t.Score < LostScore) return TrackEnd.Lost;
        if (now.SecondsSince(t.LastTime) > CoastLimitS) return IsCovered(t, now) ? TrackEnd.Lost : TrackEnd.Left;
        // Of two tracks that turn out to follow one object the one without a plot in the newest look ends, if it is the younger.
        if (t.LastTime == _newest) return null;
        ReadOnlySpan<Place> places = CollectionsMarshal.AsSpan(_places);
        ref readonly Place own = ref places[index];
        for (int i = 0; i < index; i++)
            if (places[i].LastTime > own.LastTime && own.IsNear(places[i]) && IsSameObject(t, _confirmed[i])) return TrackEnd.Lost;
        return null;
    }

    private bool IsCovered(TrackFile t, Instant now)
    {
        ref readonly Estimate e = ref t.Best;
        double dt = now.SecondsSince(e.Time);
        foreach (SensorView view in _sensors)
            if (view.Covers(e.Mean[0] + dt * e.Mean[3], e.Mean[1] + dt * e.Mean[4], e.Mean[2] + dt * e.Mean[5])) return true;
        return false;
    }

    /// <summary>Where a track is, and when it had its newest plot.</summary>
    private readonly record struct Place(Instant LastTime, Instant Time, double X, double Y, double Z)
    {
        /// <summary>Whether one object could be at both, at its best speed.</summary>
        public bool IsNear(in Place other)
        {
            double near = SameObjectReachM + Math.Abs(Time.SecondsSince(other.Time)) * SameObjectSpeedMps;
            return !(Math.Abs(X - other.X) > near || Math.Abs(Y - other.Y) > near || Math.Abs(Z - other.Z) > near);
        }
    }

    /// <summary>Writes or reads everything that outlasts a batch.</summary>
    public void Exchange(StateExchange x)
    {
        long dropped = Dropped;
        x.Field(ref dropped);
        Dropped = dropped;
        x.Field(ref _numbers);
        for (int i = 0; i < _sensors.Length; i++)
        {
            x.Field(ref _lastBatch[i]);
            _clutter[i].Exchange(x);
        }
        Wind.Exchange(x);
        _confirmed.Exchange(x);
        _tentative.Exchange(x);
        if (x.IsLoading) _oldestTentative = LongAgo;
        _initiator.Exchange(x, _sensors);
    }
}
