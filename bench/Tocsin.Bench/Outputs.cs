namespace Tocsin.Bench;

/// <summary>Hears what a Site says and does nothing with it.</summary>
internal sealed class Deaf : ISiteOutput
{
    public void PlotReceived(Instant now, in Plot plot) { }

    public void TrackConfirmed(Instant now, in Track track) { }

    public void TrackUpdated(Instant now, in Track track) { }

    public void TrackEnded(Instant now, TrackId track, TrackEnd reason) { }

    public void ImpactPredicted(Instant now, in ImpactPrediction prediction) { }

    public void WarningRaised(Instant now, in Warning warning) { }

    public void WarningUpdated(Instant now, in Warning warning) { }

    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason) { }

    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) { }

    public void InputRejected(Instant now, in Rejection rejection) { }
}

/// <summary>Keeps what a Site says, so that it can be said again without the Site.</summary>
internal sealed class Said : ISiteOutput
{
    private readonly List<Plot> _plots = [];
    private readonly List<Track> _tracks = [];
    private readonly List<ImpactPrediction> _predictions = [];
    private readonly List<Warning> _warnings = [];

    private enum What { Plot, Confirmed, Updated, Ended, Predicted, Raised, Changed, Cleared }

    public List<Line> Lines { get; } = [];

    public void PlotReceived(Instant now, in Plot plot) => Add(now, What.Plot, _plots, plot);

    public void TrackConfirmed(Instant now, in Track track) => Add(now, What.Confirmed, _tracks, track);

    public void TrackUpdated(Instant now, in Track track) => Add(now, What.Updated, _tracks, track);

    public void TrackEnded(Instant now, TrackId track, TrackEnd reason) => Lines.Add(new(now, (int)What.Ended, track.Number, (int)reason, 0));

    public void ImpactPredicted(Instant now, in ImpactPrediction prediction) => Add(now, What.Predicted, _predictions, prediction);

    public void WarningRaised(Instant now, in Warning warning) => Add(now, What.Raised, _warnings, warning);

    public void WarningUpdated(Instant now, in Warning warning) => Add(now, What.Changed, _warnings, warning);

    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason) =>
        Lines.Add(new(now, (int)What.Cleared, warning.Number, (int)reason, zone));

    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) { }

    public void InputRejected(Instant now, in Rejection rejection) { }

    private void Add<T>(Instant now, What what, List<T> list, in T item)
    {
        Lines.Add(new(now, (int)what, list.Count, 0, 0));
        list.Add(item);
    }

    /// <summary>One thing said: when, what, and where it is kept (or, of an end, the number and the reason).</summary>
    public readonly record struct Line(Instant Now, int Type, int Index, int Reason, int Zone)
    {
        public void Tell(Said said, ISiteOutput output)
        {
            switch ((What)Type)
            {
                case What.Plot: output.PlotReceived(Now, said._plots[Index]); break;
                case What.Confirmed: output.TrackConfirmed(Now, said._tracks[Index]); break;
                case What.Updated: output.TrackUpdated(Now, said._tracks[Index]); break;
                case What.Ended: output.TrackEnded(Now, new(Index), (TrackEnd)Reason); break;
                case What.Predicted: output.ImpactPredicted(Now, said._predictions[Index]); break;
                case What.Raised: output.WarningRaised(Now, said._warnings[Index]); break;
                case What.Changed: output.WarningUpdated(Now, said._warnings[Index]); break;
                default: output.WarningCleared(Now, new(Index), OperationStatus.Test, Zone, (WarningEnd)Reason); break;
            }
        }
    }
}
