using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Page;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Live;

/// <summary>Takes what a live Site says into the journal, and to the operator where it needs a person's eye.</summary>
internal sealed class LiveLedger(Journal journal, NoticeBoard notices, ServerSettings settings, SiteFile file, Func<ServerParts> parts, bool drill) : ILiveLedger
{
    private const int FewestZones = 4;
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    public void IncidentOpened(string incident, Instant time, string recording, long line) =>
        journal.Record(new IncidentOpened(incident, time, drill ? OperationStatus.Exercise : settings.Status, drill, recording, line));

    public void IncidentClosed(string incident, Instant time, int rounds, long line) => journal.Record(new IncidentClosed(incident, time, rounds, line));

    public void Said(WarningMessage message, string incident)
    {
        journal.Record(new WarningSaid(message, incident, drill));
        // A drill gives way to the real thing, whatever the site's own status is.
        if (!drill && message.Act == WarningAct.Raised) parts().Drills.Preempt();
    }

    public void ZonesWarned(Instant now, IReadOnlyCollection<WarningMessage> open)
    {
        if (drill) return;
        _warned.Clear();
        foreach (WarningMessage m in open) _warned.Add(m.Zone.Id);
        int zones = file.Definition.Zones.Length, warned = _warned.Count;
        bool many = zones >= FewestZones && warned >= FewestZones && warned > settings.PlausibleShare * zones;
        notices.Set("plausibility", Severity.Danger, many
            ? $"{warned} of {zones} zones are warned at once. That is rare for real rounds: look whether the tracks are plausible, and retract what is not. The warnings are out."
            : null);
    }

    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind)
    {
        string id = file.Definition.Sensors[sensor].Id;
        if (condition != SensorCondition.Ok) journal.Record(new FeedChanged(now, "sensor " + id, condition.ToString().ToLowerInvariant(), blind));
    }

    public void Broken(Instant now, Exception why) =>
        notices.Show("broken", Severity.Danger, drill ? "The drill's site has stopped because of a fault." : "THE SITE HAS STOPPED because of a fault: no warning will come. Start the server again, and sound the alarm by hand until it runs.");
}

/// <summary>Tells what becomes of messages: into the recording, the journal, and to the operators.</summary>
internal sealed class ChannelTeller : IChannelLog
{
    private ServerParts? _parts;
    private Journal? _journal;
    private NoticeBoard? _notices;

    public void Listen(ServerParts parts, Journal journal, NoticeBoard notices) => (_parts, _journal, _notices) = (parts, journal, notices);

    public void Sent(string channel, WarningMessage m, double delayS)
    {
        if (_parts is null) return;
        SiteOf(m)?.Delivered(channel, m, delayS, null);
        _journal?.Record(new Delivered(channel, m.Identity, m.Revision, _parts.Clock.Now, delayS));
    }

    public void Failed(string channel, WarningMessage m, string reason)
    {
        if (_parts is null) return;
        SiteOf(m)?.Delivered(channel, m, null, reason);
        _journal?.Record(new DeliveryFailed(channel, m.Identity, m.Revision, _parts.Clock.Now, reason));
    }

    public void StateChanged(ChannelState s)
    {
        if (_parts is null) return;
        string state = s.State switch { ChannelHealth.Ok => "ok", ChannelHealth.Behind => "behind", ChannelHealth.Failing => "failing", _ => "off" };
        _parts.Stream.Add("6channel:" + s.Channel, new ChannelStateEvent("channel.state", _parts.Clock.Now.ToString(), s.Channel, s.Kind, state, s.Queued, s.DelayS, s.Sent, s.Failed, s.Note),
            PageJson.Default.ChannelStateEvent);
    }

    public void Told(string channel, string what) => _notices?.Show("channel " + channel, Severity.Caution, $"{channel}: {what}");

    /// <summary>The Site whose warning it is: its own, or the drill's.</summary>
    private LiveSite? SiteOf(WarningMessage m)
    {
        if (m.Identity.StartsWith(_parts!.Main.Parts.Prefix + ".W", StringComparison.Ordinal)) return _parts.Main;
        return _parts.Drills.Running is { } d && _parts.Drills.SiteOf(d.Id) is { } site && m.Identity.StartsWith(site.Parts.Prefix + ".", StringComparison.Ordinal) ? site : null;
    }
}
