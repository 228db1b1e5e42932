namespace Tocsin.Cli.Demo;

/// <summary>One track as the live table shows it.</summary>
/// <param name="Track">The newest estimate.</param>
/// <param name="Prediction">The newest prediction of its impact; null where there is none.</param>
internal sealed record PicturedTrack(Track Track, ImpactPrediction? Prediction);

/// <summary>What stands now: the tracks and the warnings that a Site has given and not ended.</summary>
internal sealed class Picture : ISiteOutput
{
    private readonly SortedDictionary<int, PicturedTrack> _tracks = [];
    private readonly SortedDictionary<int, Warning> _warnings = [];

    /// <summary>Confirmed tracks that have not ended, those that come down soonest first.</summary>
    public IEnumerable<PicturedTrack> Tracks => _tracks.Values
        .OrderBy(t => t.Prediction?.ImpactTime ?? new Instant(long.MaxValue)).ThenBy(t => t.Track.Id.Number);

    /// <summary>Warnings that stand, the most urgent first.</summary>
    public IEnumerable<Warning> Warnings => _warnings.Values.OrderBy(w => w.ImpactTime).ThenBy(w => w.Id.Number);

    /// <summary>Plots received.</summary>
    public long Plots { get; private set; }

    /// <summary>Tracks confirmed so far.</summary>
    public int Confirmed { get; private set; }

    /// <summary>Warnings raised so far.</summary>
    public int Raised { get; private set; }

    /// <summary>Warnings cleared as over so far.</summary>
    public int Over { get; private set; }

    /// <summary>Warnings retracted so far.</summary>
    public int Retracted { get; private set; }

    /// <inheritdoc/>
    public void PlotReceived(Instant now, in Plot plot) => Plots++;

    /// <inheritdoc/>
    public void TrackConfirmed(Instant now, in Track track)
    {
        Confirmed++;
        TrackUpdated(now, track);
    }

    /// <inheritdoc/>
    public void TrackUpdated(Instant now, in Track track) =>
        _tracks[track.Id.Number] = new(track, _tracks.GetValueOrDefault(track.Id.Number)?.Prediction);

    /// <inheritdoc/>
    public void TrackEnded(Instant now, TrackId track, TrackEnd reason) => _tracks.Remove(track.Number);

    /// <inheritdoc/>
    public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
    {
        if (_tracks.TryGetValue(prediction.Track.Number, out PicturedTrack? track))
            _tracks[prediction.Track.Number] = track with { Prediction = prediction };
    }

    /// <inheritdoc/>
    public void WarningRaised(Instant now, in Warning warning)
    {
        Raised++;
        WarningUpdated(now, warning);
    }

    /// <inheritdoc/>
    public void WarningUpdated(Instant now, in Warning warning) => _warnings[warning.Id.Number] = warning;

    /// <inheritdoc/>
    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason)
    {
        _warnings.Remove(warning.Number);
        if (reason == WarningEnd.Over) Over++;
        else Retracted++;
    }

    /// <inheritdoc/>
    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind)
    {
    }

    /// <inheritdoc/>
    public void InputRejected(Instant now, in Rejection rejection)
    {
    }
}
