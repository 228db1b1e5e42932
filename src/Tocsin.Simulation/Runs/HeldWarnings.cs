namespace Tocsin.Simulation.Runs;

/// <summary>An operator between the Site and those who are warned: holds each warning for the time that it takes to confirm it.</summary>
/// <remarks>As at a live site that asks (<c>release.confirm</c>): a warning is never held past the moment at which its people need it, which is their time to shelter before the
/// expected impact; one that the Site takes back while it is held never leaves. Updates of a held warning are not passed on: it leaves as it is then.</remarks>
internal sealed class HeldWarnings(SiteDefinition site, double confirmDelayS, ISiteOutput output) : ISiteOutput
{
    // In the order of the warnings' numbers: what leaves at the same time leaves in that order.
    private readonly SortedDictionary<int, (Warning Warning, Instant Limit)> _held = [];

    // The clock of the line before: what leaves cannot have left earlier than that.
    private Instant _last = Instant.MinValue;

    public void PlotReceived(Instant now, in Plot plot)
    {
        ReleaseTo(now);
        output.PlotReceived(now, plot);
    }

    public void TrackConfirmed(Instant now, in Track track)
    {
        ReleaseTo(now);
        output.TrackConfirmed(now, track);
    }

    public void TrackUpdated(Instant now, in Track track)
    {
        ReleaseTo(now);
        output.TrackUpdated(now, track);
    }

    public void TrackEnded(Instant now, TrackId track, TrackEnd reason)
    {
        ReleaseTo(now);
        output.TrackEnded(now, track, reason);
    }

    public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
    {
        ReleaseTo(now);
        output.ImpactPredicted(now, prediction);
    }

    public void WarningRaised(Instant now, in Warning warning)
    {
        ReleaseTo(now);
        _held[warning.Id.Number] = (warning, now.AddSeconds(confirmDelayS));
        ReleaseTo(now);
    }

    public void WarningUpdated(Instant now, in Warning warning)
    {
        ReleaseTo(now);
        if (_held.TryGetValue(warning.Id.Number, out (Warning Warning, Instant Limit) held)) _held[warning.Id.Number] = (warning, held.Limit);
        else output.WarningUpdated(now, warning);
        // An impact that comes sooner than first thought is needed sooner too.
        ReleaseTo(now);
    }

    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason)
    {
        ReleaseTo(now);
        if (!_held.Remove(warning.Number)) output.WarningCleared(now, warning, status, zone, reason);
    }

    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind)
    {
        ReleaseTo(now);
        output.SensorChanged(now, sensor, condition, blind);
    }

    public void InputRejected(Instant now, in Rejection rejection)
    {
        ReleaseTo(now);
        output.InputRejected(now, rejection);
    }

    // Each leaves at its own time, or now where that is past already: the Site's clock goes in steps.
    private void ReleaseTo(Instant now)
    {
        foreach ((Instant at, Warning warning) in _held.Count == 0 ? [] : _held.Values.Select(h => (At: LeavesAt(h.Warning, h.Limit), h.Warning)).Where(h => h.At <= now).OrderBy(h => h.At).ThenBy(h => h.Warning.Id.Number).ToArray())
        {
            _held.Remove(warning.Id.Number);
            Instant leaves = at < _last ? _last : at;
            output.WarningRaised(leaves, warning with { LeadTimeS = warning.ImpactTime.SecondsSince(leaves) });
        }
        _last = now;
    }

    private Instant LeavesAt(in Warning warning, Instant limit)
    {
        Instant needed = warning.ImpactTime.AddSeconds(-site.Zones[warning.Zone].TimeToShelterS);
        return needed < limit ? needed : limit;
    }
}
