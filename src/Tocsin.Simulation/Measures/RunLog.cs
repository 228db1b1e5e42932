namespace Tocsin.Simulation.Measures;

/// <summary>What a Site said during one run, kept for the measures and the report: filled live, or from an events file.</summary>
/// <remarks>Memory is bounded: what exceeds a limit below is dropped and counted in <see cref="Dropped"/>. Distributions behind
/// predictions are not kept, plots are only counted.</remarks>
public sealed class RunLog : ISiteOutput
{
    /// <summary>Track states kept in all.</summary>
    public const int MaxTrackPoints = 4_000_000;

    /// <summary>Impact predictions kept in all.</summary>
    public const int MaxPredictions = 2_000_000;

    /// <summary>Warnings kept.</summary>
    public const int MaxWarnings = 200_000;

    /// <summary>Lines about warnings kept in all.</summary>
    public const int MaxWarningStates = 1_000_000;

    /// <summary>Different rejections (source and reason) kept; more of a kept one only raise its count.</summary>
    public const int MaxRejections = 1_000;

    /// <summary>Changes of sensors' conditions kept.</summary>
    public const int MaxSensorChanges = 10_000;

    private readonly List<TrackLog> _tracks = [];
    private readonly Dictionary<TrackId, TrackLog> _trackById = [];
    private readonly List<WarningLog> _warnings = [];
    private readonly Dictionary<WarningId, WarningLog> _warningById = [];
    private readonly List<Rejection> _rejections = [];
    private readonly Dictionary<(string Source, string Reason, bool FromFeed), int> _rejectionIndex = [];
    private readonly List<SensorChange> _sensorChanges = [];
    private readonly List<long> _plotsBySensor = [];
    private int _warningStateCount;

    /// <summary>What the output is marked as: taken from the warnings, or set by who knows it before the first one.</summary>
    public OperationStatus? Status { get; set; }

    /// <summary>The Site's clock at the first line; null where nothing was said.</summary>
    public Instant? FirstTime { get; private set; }

    /// <summary>The Site's clock at the last line; null where nothing was said.</summary>
    public Instant? LastTime { get; private set; }

    /// <summary>Plots received, those of unknown sensors included.</summary>
    public long PlotCount { get; private set; }

    /// <summary>Plots received from sensors that the site does not know.</summary>
    public long UnknownSensorPlotCount { get; private set; }

    /// <summary>Confirmed tracks, in the order of their first line.</summary>
    public IReadOnlyList<TrackLog> Tracks => _tracks;

    /// <summary>Track states kept in all.</summary>
    public int TrackPointCount { get; private set; }

    /// <summary>Impact predictions kept in all.</summary>
    public int PredictionCount { get; private set; }

    /// <summary>Warnings, in the order in which they were raised.</summary>
    public IReadOnlyList<WarningLog> Warnings => _warnings;

    /// <summary>Rejections by source and reason, in the order of the first of each, with their counts added up.</summary>
    public IReadOnlyList<Rejection> Rejections => _rejections;

    /// <summary>Pieces of input rejected in all.</summary>
    public long RejectedCount { get; private set; }

    /// <summary>Changes of sensors' conditions, in order.</summary>
    public IReadOnlyList<SensorChange> SensorChanges => _sensorChanges;

    /// <summary>Lines that exceeded a limit and were not kept.</summary>
    public long Dropped { get; private set; }

    /// <summary>Plots received from one sensor of the site.</summary>
    public long PlotsOf(int sensor) => sensor >= 0 && sensor < _plotsBySensor.Count ? _plotsBySensor[sensor] : 0;

    /// <inheritdoc/>
    public void PlotReceived(Instant now, in Plot plot)
    {
        Saw(now);
        PlotCount++;
        if (plot.Sensor is < 0 or >= Limits.Sensors)
        {
            UnknownSensorPlotCount++;
            return;
        }
        while (_plotsBySensor.Count <= plot.Sensor) _plotsBySensor.Add(0);
        _plotsBySensor[plot.Sensor]++;
    }

    /// <inheritdoc/>
    public void TrackConfirmed(Instant now, in Track track) => AddPoint(now, track);

    /// <inheritdoc/>
    public void TrackUpdated(Instant now, in Track track) => AddPoint(now, track);

    /// <inheritdoc/>
    public void TrackEnded(Instant now, TrackId track, TrackEnd reason)
    {
        Saw(now);
        if (_trackById.TryGetValue(track, out TrackLog? log)) (log.EndedTime, log.EndReason) = (now, reason);
    }

    /// <inheritdoc/>
    public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
    {
        Saw(now);
        if (PredictionCount >= MaxPredictions)
        {
            Dropped++;
            return;
        }
        PredictionCount++;
        TrackOf(now, prediction.Track).Add(new LoggedPrediction(now, prediction with { Distribution = null }));
    }

    /// <inheritdoc/>
    public void WarningRaised(Instant now, in Warning warning) => AddWarning(now, warning);

    /// <inheritdoc/>
    public void WarningUpdated(Instant now, in Warning warning) => AddWarning(now, warning);

    /// <inheritdoc/>
    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason)
    {
        Saw(now);
        Status ??= status;
        if (_warningById.TryGetValue(warning, out WarningLog? log)) (log.ClearedTime, log.ClearReason) = (now, reason);
    }

    /// <inheritdoc/>
    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind)
    {
        Saw(now);
        if (_sensorChanges.Count >= MaxSensorChanges) Dropped++;
        else _sensorChanges.Add(new(now, sensor, condition, blind));
    }

    /// <inheritdoc/>
    public void InputRejected(Instant now, in Rejection rejection)
    {
        // A rejection before the first plot comes with no clock yet.
        if (now != Instant.MinValue) Saw(now);
        RejectedCount += rejection.Count;
        (string, string, bool) key = (rejection.Source, rejection.Reason, rejection.FromFeed);
        if (_rejectionIndex.TryGetValue(key, out int i))
        {
            _rejections[i] = _rejections[i] with { Count = _rejections[i].Count + rejection.Count };
        }
        else if (_rejections.Count >= MaxRejections)
        {
            Dropped++;
        }
        else
        {
            _rejectionIndex.Add(key, _rejections.Count);
            _rejections.Add(rejection);
        }
    }

    private void Saw(Instant now)
    {
        FirstTime ??= now;
        LastTime = now;
    }

    private void AddPoint(Instant now, in Track track)
    {
        Saw(now);
        if (TrackPointCount >= MaxTrackPoints)
        {
            Dropped++;
            return;
        }
        TrackPointCount++;
        TrackOf(now, track.Id).Add(new TrackPoint(now, track.ValidTime, track.Position, track.VelocityMps, track.Kind));
    }

    // A recording that was cut at its start names tracks whose confirmation it does not hold: they begin at their first line.
    private TrackLog TrackOf(Instant now, TrackId id)
    {
        if (!_trackById.TryGetValue(id, out TrackLog? log))
        {
            log = new TrackLog(id, now);
            _trackById.Add(id, log);
            _tracks.Add(log);
        }
        return log;
    }

    private void AddWarning(Instant now, in Warning warning)
    {
        Saw(now);
        Status ??= warning.Status;
        if (!_warningById.TryGetValue(warning.Id, out WarningLog? log))
        {
            if (_warnings.Count >= MaxWarnings)
            {
                Dropped++;
                return;
            }
            log = new WarningLog(warning.Id, warning.Zone, now);
            _warningById.Add(warning.Id, log);
            _warnings.Add(log);
        }
        if (_warningStateCount >= MaxWarningStates)
        {
            Dropped++;
            return;
        }
        _warningStateCount++;
        log.Add(new WarningState(now, warning.Probability, warning.ImpactTime, warning.LeadTimeS, warning.Advice, warning.Tracks));
    }
}
