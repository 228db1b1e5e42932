namespace Tocsin.Simulation.Runs;

/// <summary>Passes what a Site says to two receivers, the second after the first.</summary>
internal sealed class Hearers(ISiteOutput first, ISiteOutput second) : ISiteOutput
{
    public void PlotReceived(Instant now, in Plot plot)
    {
        first.PlotReceived(now, plot);
        second.PlotReceived(now, plot);
    }

    public void TrackConfirmed(Instant now, in Track track)
    {
        first.TrackConfirmed(now, track);
        second.TrackConfirmed(now, track);
    }

    public void TrackUpdated(Instant now, in Track track)
    {
        first.TrackUpdated(now, track);
        second.TrackUpdated(now, track);
    }

    public void TrackEnded(Instant now, TrackId track, TrackEnd reason)
    {
        first.TrackEnded(now, track, reason);
        second.TrackEnded(now, track, reason);
    }

    public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
    {
        first.ImpactPredicted(now, prediction);
        second.ImpactPredicted(now, prediction);
    }

    public void WarningRaised(Instant now, in Warning warning)
    {
        first.WarningRaised(now, warning);
        second.WarningRaised(now, warning);
    }

    public void WarningUpdated(Instant now, in Warning warning)
    {
        first.WarningUpdated(now, warning);
        second.WarningUpdated(now, warning);
    }

    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason)
    {
        first.WarningCleared(now, warning, status, zone, reason);
        second.WarningCleared(now, warning, status, zone, reason);
    }

    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind)
    {
        first.SensorChanged(now, sensor, condition, blind);
        second.SensorChanged(now, sensor, condition, blind);
    }

    public void InputRejected(Instant now, in Rejection rejection)
    {
        first.InputRejected(now, rejection);
        second.InputRejected(now, rejection);
    }
}
