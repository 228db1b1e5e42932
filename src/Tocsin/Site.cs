using System.Runtime.InteropServices;
using Tocsin.Numerics;
using Tocsin.Prediction;
using Tocsin.Tracking;
using Tocsin.Warnings;

namespace Tocsin;

/// <summary>One defended place at work: plots in, tracks, impact predictions and warnings out.</summary>
/// <remarks>A synchronous state machine without a clock: whoever drives it owns the time. Not safe for use by two threads at once.
/// The same plots in the same order give the same output, bit for bit.</remarks>
public sealed class Site
{
    private const string StateKind = "tocsin.state/1";
    private const double BatchScans = 0.05;
    private const double HeldBallistic = 0.5, TickS = 0.1, CoastScans = 0.9;

    /// <summary>Plots after which a track's impact is no longer predicted at every plot where many radars see it. Chosen: the picture still jumps until then.</summary>
    private const int SettledHits = 12;

    /// <summary>Longest span of a batch in seconds.</summary>
    internal const double BatchS = 0.05;

    private readonly ReorderBuffer _buffer = new();
    private readonly Tracker _tracker;
    private readonly ImpactPredictor _predictor;
    private readonly WarningDesk _warnings;
    private readonly Rejections _rejections = new();
    private readonly Dictionary<int, (ImpactPrediction Prediction, Instant Told)> _predictions = [];
    private readonly List<Plot> _taken = [], _batch = [];
    private readonly Reporter _reporter;
    private readonly SensorWatch[] _watches;
    private bool _inputEnded;
    private long _dropped;
    private Instant _done = Instant.MinValue, _looked = new(0);

    /// <summary>Makes a Site that has seen nothing yet.</summary>
    /// <param name="definition">The place.</param>
    /// <param name="status">What its input is, and so what its output is marked as.</param>
    public Site(SiteDefinition definition, OperationStatus status)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
        Status = status;
        _tracker = new(definition);
        _predictor = new(_tracker.Flight);
        _warnings = new(definition, status);
        _reporter = new(definition, _tracker.Flight);
        _watches = [.. definition.Sensors.Select(s => new SensorWatch(s))];
    }

    /// <summary>The place.</summary>
    public SiteDefinition Definition { get; }

    /// <summary>What its output is marked as.</summary>
    public OperationStatus Status { get; }

    /// <summary>The Site's clock: the latest time it was advanced to.</summary>
    public Instant Now { get; private set; } = Instant.MinValue;

    /// <summary>Whether nothing is left to wait for: no plot held, no track, no open warning.</summary>
    public bool IsIdle => _buffer.Count == 0 && _tracker.IsIdle && _warnings.IsIdle;

    /// <summary>When the next plots held will be due; null where none are held. A driver that advances the Site then loses no time.</summary>
    public Instant? Due => _taken.Count > 0 ? Now : _buffer.Count > 0 ? DueOf(BatchEnd()) : null;

    /// <summary>What a plot is worth at this moment: what a driver that cannot keep up asks before it sheds plots. Changes nothing of what the Site does.</summary>
    public PlotWorth Worth(in Plot plot) =>
        plot.Sensor < 0 || plot.Sensor >= Definition.Sensors.Length ? PlotWorth.Neither : _tracker.Worth(plot, Now);

    /// <summary>What the Site would raise now for a zone under warning if some of its rounds did not count: for a driver whose operator has dismissed the warning of
    /// those rounds, as the Site itself keeps one warning for a zone however many rounds come. Null where that is nothing. Changes nothing of what the Site does.</summary>
    /// <param name="zone">The zone, as its index in <see cref="SiteDefinition.Zones"/>.</param>
    /// <param name="rounds">The tracks that do not count, each as long as its risk to the zone (<see cref="RiskOf"/>) is under the one given with it.</param>
    /// <returns>The warning, under the identity of the open one, with the other rounds alone in it.</returns>
    public Warning? WarningWithout(int zone, IReadOnlyDictionary<TrackId, double> rounds) => _warnings.JudgeWithout(zone, rounds, Now);

    /// <summary>The probability that a round comes down in a zone or near enough to harm there, as now believed; 0 where nothing is believed of it. Changes nothing of what the Site does.</summary>
    /// <param name="zone">The zone, as its index in <see cref="SiteDefinition.Zones"/>.</param>
    /// <param name="round">The round's track.</param>
    public double RiskOf(int zone, TrackId round) => _warnings.RiskOf(round, zone);

    /// <summary>Stores a plot in the reorder buffer; nothing else happens until <see cref="Advance"/>.</summary>
    public void Accept(in Plot plot)
    {
        if (plot.Sensor < 0 || plot.Sensor >= Definition.Sensors.Length) _rejections.Add("plots", "a sensor that the site does not know");
        else if (!_buffer.TryAdd(plot)) _rejections.Add(Definition.Sensors[plot.Sensor].Id, "too many plots at once: the reorder buffer is full");
    }

    /// <summary>Does everything up to <paramref name="now"/> less the reorder buffer's hold.</summary>
    public void Advance(Instant now, ISiteOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (now > Now) Now = now;
        bool looked = false;
        while (Order(now))
        {
            Associate();
            Update();
            Initiate();
            Predict(output);
            looked = true;
        }
        if (!looked && !Ticked()) return;
        End(output);
        JudgeZones(output);
        WatchSensors(output);
        CountDropped();
        _rejections.Report(Now, output);
    }

    /// <summary>Says that no more input will come: from here a silence is the end of the input, not a sensor's failure.</summary>
    public void EndInput() => _inputEnded = true;

    /// <summary>Tells what is still to be told when no more input will come.</summary>
    public void Close(ISiteOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _rejections.ReportAll(Now, output);
    }

    /// <summary>The whole state as bytes: what <see cref="Load"/> goes on from as if nothing had happened.</summary>
    public byte[] Save()
    {
        byte[] buffer = [];
        int length = Save(ref buffer);
        return buffer[..length];
    }

    /// <summary>The whole state as bytes in <paramref name="buffer"/>, in whose place a larger one comes where it is too small: for who saves often, as fresh megabytes cost more than
    /// what is written into them. Gives how many bytes they are.</summary>
    public int Save(ref byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var x = StateExchange.Into(buffer);
        Exchange(x);
        buffer = x.Buffer;
        return x.Length;
    }

    /// <summary>A Site that goes on from a saved state, in the same build and at the same place.</summary>
    /// <exception cref="FormatException">The bytes are no state, or one of another place.</exception>
    public static Site Load(SiteDefinition definition, OperationStatus status, byte[] state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var site = new Site(definition, status);
        var x = StateExchange.From(state);
        try
        {
            site.Exchange(x);
        }
        catch (Exception e) when (e is OverflowException or IndexOutOfRangeException or ArgumentException)
        {
            throw new FormatException("the state is damaged", e);
        }
        x.End();
        return site;
    }

    /// <summary>A number that two Sites share when their states are the same, bit for bit.</summary>
    public ulong Hash()
    {
        var x = StateExchange.Into([]);
        Exchange(x);
        return x.Hash();
    }

    private void Exchange(StateExchange x)
    {
        string kind = StateKind, name = Definition.Name;
        int sensors = Definition.Sensors.Length, zones = Definition.Zones.Length, status = (int)Status;
        x.Field(ref kind);
        x.Field(ref name);
        x.Field(ref sensors);
        x.Field(ref zones);
        x.Field(ref status);
        if (kind != StateKind || name != Definition.Name || sensors != _watches.Length || zones != Definition.Zones.Length || status != (int)Status)
            throw new FormatException($"the state is of '{name}' ({kind}), not of '{Definition.Name}' ({StateKind}), or of another status");
        Instant now = Now;
        x.Field(ref now);
        Now = now;
        x.Field(ref _done);
        x.Field(ref _looked);
        x.Field(ref _inputEnded);
        x.Field(ref _dropped);
        _buffer.Exchange(x);
        _tracker.Exchange(x);
        _warnings.Exchange(x);
        _rejections.Exchange(x);
        foreach (SensorWatch watch in _watches) watch.Exchange(x);
        ExchangePredictions(x);
    }

    private void ExchangePredictions(StateExchange x)
    {
        (ImpactPrediction Prediction, Instant Told)[] all = [.. _predictions.OrderBy(p => p.Key).Select(p => p.Value)];
        int count = x.Count(all.Length);
        if (x.IsLoading) _predictions.Clear();
        for (int i = 0; i < count; i++)
        {
            (ImpactPrediction p, Instant told) = x.IsLoading ? default : all[i];
            int track = p.Track.Number;
            Instant valid = p.ValidTime, impact = p.ImpactTime;
            Span<double> v = [p.TimeSigmaS, p.Position.LatitudeRad, p.Position.LongitudeRad, p.Position.HeightM, p.Ellipse95.SemiMajorM, p.Ellipse95.SemiMinorM, p.Ellipse95.OrientationRad];
            x.Field(ref track);
            x.Field(ref told);
            x.Field(ref valid);
            x.Field(ref impact);
            x.Fields(v);
            // The distribution itself is with the warnings; a coasting track's prediction is told again as it was.
            if (x.IsLoading)
                _predictions[track] = (new()
                {
                    Track = new(track),
                    ValidTime = valid,
                    ImpactTime = impact,
                    TimeSigmaS = v[0],
                    Position = new(v[1], v[2], v[3]),
                    Ellipse95 = new(v[4], v[5], v[6]),
                }, told);
        }
    }

    /// <summary>Takes the next batch out of the reorder buffer: what one sensor gave within a twentieth of a scan.</summary>
    private bool Order(Instant now)
    {
        while (_taken.Count == 0)
        {
            if (_buffer.Count == 0) return false;
            Instant end = BatchEnd();
            if (DueOf(end) > now) return false;
            while (_buffer.Count > 0 && _buffer.Earliest <= end) Sort(_buffer.Take());
            if (end > _done) _done = end;
        }
        int sensor = _taken[0].Sensor;
        _batch.Clear();
        foreach (Plot plot in _taken)
            if (plot.Sensor == sensor) _batch.Add(plot);
        // By hand: a predicate would take the sensor with it, and be made anew for each look.
        int kept = 0;
        foreach (ref readonly Plot plot in CollectionsMarshal.AsSpan(_taken))
            if (plot.Sensor != sensor) _taken[kept++] = plot;
        _taken.RemoveRange(kept, _taken.Count - kept);
        return true;
    }

    /// <summary>The end of the batch that the earliest plot held begins.</summary>
    private Instant BatchEnd() => _buffer.Earliest.AddSeconds(BatchSpanS());

    private double BatchSpanS() => Math.Min(BatchS, BatchScans * Definition.Sensors[_buffer.EarliestSensor].ScanPeriodS);

    /// <summary>When a batch is due: when its earliest plot has been held for the site's lateness, so that no plot is held for longer. A site that
    /// hardly waits gives the whole batch its lateness instead, as the last plots of it would have next to none.</summary>
    private Instant DueOf(Instant end)
    {
        double span = BatchSpanS(), held = Definition.LatenessS >= 2 * span ? Definition.LatenessS - span : Definition.LatenessS;
        return end.AddSeconds(held);
    }

    private void Sort(in Plot plot)
    {
        string sensor = Definition.Sensors[plot.Sensor].Id;
        _watches[plot.Sensor].Note(plot.Time, late: plot.Time <= _done);
        if (_buffer.IsRepeat(plot)) _rejections.Add(sensor, "repeated: the same measurement came before");
        else if (plot.Time > _done) _taken.Add(plot);
        else if (_done.SecondsSince(plot.Time) > Limits.LatestPlotS) _rejections.Add(sensor, "too late: older than any track could still use");
        else _tracker.UseLate(plot);
    }

    private void Associate() => _tracker.Associate(_batch[0].Sensor, CollectionsMarshal.AsSpan(_batch));

    private void Update() => _tracker.Update();

    private void Initiate() => _tracker.Initiate();

    /// <summary>Tells of every track that the batch touched, and predicts the impact of those held to be ballistic.</summary>
    private void Predict(ISiteOutput output)
    {
        int firstNew = _tracker.Updated.Length - _tracker.New.Length;
        for (int i = 0; i < _tracker.Updated.Length; i++)
        {
            TrackFile t = _tracker.Updated[i];
            KindProbabilities kinds = Discrimination.Kinds(t, _tracker.Flight);
            Estimate estimate = _tracker.Corrected(t);
            Track track = _reporter.Track(t, estimate, kinds);
            if (i < firstNew) output.TrackUpdated(Now, track);
            else output.TrackConfirmed(Now, track);
            if (kinds.Ballistic >= HeldBallistic && !IsPredictionDue(t, track.Id)) continue;
            if (kinds.Ballistic >= HeldBallistic && _predictor.Predict(t.Ballistic, t.Wind, _tracker.Wind) is { } impact)
            {
                (t.PredictedImpact, t.PredictedFrom) = (impact.Time, t.LastTime);
                _warnings.Believe(track.Id, impact, kinds.Ballistic, kinds.Likeliest);
                Tell(t, _reporter.Impact(t, impact), output);
            }
            else
            {
                t.PredictedImpact = null;
                _predictions.Remove(t.Number);
                _warnings.Disbelieve(track.Id);
            }
        }
        // A prediction lasts while its track coasts: it is told once a scan all the same.
        double scan = Definition.Sensors[_batch[0].Sensor].ScanPeriodS;
        foreach (TrackFile t in _tracker.Confirmed)
            // What has just used a plot has a prediction that is younger than that.
            if (t.PredictedImpact > Now && _batch[0].Time.SecondsSince(t.PredictedFrom) > CoastScans * scan - BatchS
                && _predictions.TryGetValue(t.Number, out (ImpactPrediction Prediction, Instant Told) last)
                && _batch[0].Time.SecondsSince(last.Told) > CoastScans * scan) Tell(t, last.Prediction, output);
    }

    /// <summary>Whether a track's impact is to be predicted anew. One radar's next look always asks for it; where many radars see a track, a prediction serves for
    /// <see cref="Limits.PredictionSpacingS"/>, unless the track is young or a zone's warning hangs on it.</summary>
    private bool IsPredictionDue(TrackFile t, TrackId id)
    {
        if (Definition.Sensors.Length == 1 || t.PredictedImpact is null || t.Hits <= SettledHits) return true;
        double spacing = Math.Min(Limits.PredictionSpacingS, CoastScans * Definition.Sensors[_batch[0].Sensor].ScanPeriodS);
        double since = t.LastTime.SecondsSince(t.PredictedFrom);
        return !(since >= 0 && since < spacing) || _warnings.IsPressing(id);
    }

    private void Tell(TrackFile t, in ImpactPrediction prediction, ISiteOutput output)
    {
        _predictions[t.Number] = (prediction, _batch[0].Time);
        output.ImpactPredicted(Now, prediction);
    }

    /// <summary>Whether enough time has passed without plots to look at the clock's own business again.</summary>
    private bool Ticked()
    {
        if (Now.SecondsSince(_looked) < TickS) return false;
        _looked = Now;
        return true;
    }

    private void End(ISiteOutput output)
    {
        _looked = Now;
        _tracker.Delete(Now.AddSeconds(-Definition.LatenessS));
        foreach ((TrackFile t, TrackEnd reason) in _tracker.Ended)
        {
            _predictions.Remove(t.Number);
            output.TrackEnded(Now, new(t.Number), reason);
            // What came down or was lost on its way down stays believed until its impact is past; what left is gone.
            if (reason == TrackEnd.Left) _warnings.Disbelieve(new(t.Number));
        }
    }

    private void JudgeZones(ISiteOutput output) => _warnings.Judge(Now, output);

    private void CountDropped()
    {
        for (; _dropped < _tracker.Dropped; _dropped++) _rejections.Add("tracks", "too many at once: a limit on tracks kept one from beginning");
    }

    private void WatchSensors(ISiteOutput output)
    {
        if (_inputEnded) return;
        for (int i = 0; i < _watches.Length; i++)
        {
            if (_watches[i].At(Now) is not { } condition || condition == _watches[i].Told) continue;
            _watches[i].Told = condition;
            output.SensorChanged(Now, i, condition, _watches[i].Blind(condition, Now));
        }
    }
}
