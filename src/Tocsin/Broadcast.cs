namespace Tocsin;

/// <summary>Passes everything that a Site says to several receivers, in their order.</summary>
/// <param name="receivers">Who hears it.</param>
public sealed class Broadcast(params ISiteOutput[] receivers) : ISiteOutput
{
    /// <inheritdoc/>
    public void PlotReceived(Instant now, in Plot plot)
    {
        foreach (ISiteOutput r in receivers) r.PlotReceived(now, plot);
    }

    /// <inheritdoc/>
    public void TrackConfirmed(Instant now, in Track track)
    {
        foreach (ISiteOutput r in receivers) r.TrackConfirmed(now, track);
    }

    /// <inheritdoc/>
    public void TrackUpdated(Instant now, in Track track)
    {
        foreach (ISiteOutput r in receivers) r.TrackUpdated(now, track);
    }

    /// <inheritdoc/>
    public void TrackEnded(Instant now, TrackId track, TrackEnd reason)
    {
        foreach (ISiteOutput r in receivers) r.TrackEnded(now, track, reason);
    }

    /// <inheritdoc/>
    public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
    {
        foreach (ISiteOutput r in receivers) r.ImpactPredicted(now, prediction);
    }

    /// <inheritdoc/>
    public void WarningRaised(Instant now, in Warning warning)
    {
        foreach (ISiteOutput r in receivers) r.WarningRaised(now, warning);
    }

    /// <inheritdoc/>
    public void WarningUpdated(Instant now, in Warning warning)
    {
        foreach (ISiteOutput r in receivers) r.WarningUpdated(now, warning);
    }

    /// <inheritdoc/>
    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason)
    {
        foreach (ISiteOutput r in receivers) r.WarningCleared(now, warning, status, zone, reason);
    }

    /// <inheritdoc/>
    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind)
    {
        foreach (ISiteOutput r in receivers) r.SensorChanged(now, sensor, condition, blind);
    }

    /// <inheritdoc/>
    public void InputRejected(Instant now, in Rejection rejection)
    {
        foreach (ISiteOutput r in receivers) r.InputRejected(now, rejection);
    }
}
