using System.Text.Json;
using Tocsin.Server.Channels;
using Tocsin.Server.Live;

namespace Tocsin.Server.Page;

/// <summary>A zone as anybody may see it: its state, and what to do. Nothing else, so that nothing can help to correct fire.</summary>
internal sealed record PublicZone(string Zone, string Name, string Site, string State, string Status, bool Drill, string? Advice, string? ImpactTime, string? Since, bool Retracted, string Time, double Speed);

/// <summary>One line of a site's list of zones.</summary>
internal sealed record PublicZoneState(string Id, string Name, string State);

/// <summary>A language that the site offers.</summary>
internal sealed record PublicLanguage(string Tag, bool Reviewed);

/// <summary>A site as anybody may see it.</summary>
internal sealed record PublicSite(string Name, string Status, string Time, double Speed, IReadOnlyList<PublicZoneState> Zones, IReadOnlyList<PublicLanguage> Languages);

/// <summary>The sign of life of a zone's stream.</summary>
internal sealed record PublicBeat(string Time, double Speed);

/// <summary>The state of every zone, from the messages that were released to the channels.</summary>
public sealed class PublicBoard
{
    /// <summary>How long a zone shows that a warning is over.</summary>
    public const double OverS = 600;

    private readonly Lock _gate = new();
    private readonly string _site;
    private readonly OperationStatus _status;
    private readonly SiteClock _clock;
    private readonly Dictionary<string, Zone> _zones = new(StringComparer.Ordinal);
    private readonly Zone[] _order;

    /// <summary>Makes a board on which every zone is clear.</summary>
    public PublicBoard(string epoch, string site, OperationStatus status, SiteClock clock, IReadOnlyList<ZonePlace> zones)
    {
        (_site, _status, _clock) = (site, status, clock);
        foreach (ZonePlace z in zones)
            _zones[z.Id] = new(z, new Broadcaster(epoch, "zone", () => JsonSerializer.SerializeToUtf8Bytes(Shown(_zones[z.Id]), PageJson.Default.PublicZone)));
        _order = [.. zones.Select(z => _zones[z.Id])];
    }

    /// <summary>Viewers of all zones.</summary>
    public int Viewers => _zones.Values.Sum(z => z.Viewers.Viewers);

    /// <summary>Takes a message that was released.</summary>
    public void On(WarningMessage message, bool drill)
    {
        if (!_zones.TryGetValue(message.Zone.Id, out Zone? zone)) return;
        lock (_gate)
        {
            if (drill) zone.Drill = message;
            else zone.Own = message;
        }
        Tell(zone);
    }

    /// <summary>Sends a share of the zones their sign of life, and the change from over to clear where it is time.</summary>
    /// <remarks>Thousands of pages that are told at one moment would keep a warning that comes then waiting behind them.</remarks>
    /// <param name="share">Which share, from 0.</param>
    /// <param name="shares">Into how many the zones are parted.</param>
    public void Beat(int share = 0, int shares = 1)
    {
        byte[] beat = JsonSerializer.SerializeToUtf8Bytes(new PublicBeat(_clock.Now.ToString(), _clock.Speed), PageJson.Default.PublicBeat);
        for (int i = share; i < _order.Length; i += shares)
        {
            Zone zone = _order[i];
            string state = Shown(zone).State;
            if (state != zone.ToldState) Tell(zone);
            if (zone.Viewers.Viewers > 0) zone.Viewers.SendPassing("beat", beat);
        }
    }

    /// <summary>A zone's stream; null where there is no such zone.</summary>
    public Broadcaster? StreamOf(string zone) => _zones.TryGetValue(zone, out Zone? z) ? z.Viewers : null;

    /// <summary>A zone's state; null where there is no such zone.</summary>
    internal PublicZone? StateOf(string zone) => _zones.TryGetValue(zone, out Zone? z) ? Shown(z) : null;

    /// <summary>The site and its zones.</summary>
    internal PublicSite Site(IReadOnlyList<PublicLanguage> languages) => new(_site, Name(_status), _clock.Now.ToString(), _clock.Speed,
        [.. _zones.Values.Select(z => new PublicZoneState(z.Place.Id, z.Place.Name, Shown(z).State))], languages);

    /// <summary>How a status is written.</summary>
    internal static string Name(OperationStatus status) => status switch
    {
        OperationStatus.Actual => "actual",
        OperationStatus.Exercise => "exercise",
        _ => "test",
    };

    /// <summary>How an advice is written.</summary>
    internal static string Name(Advice advice) => advice switch
    {
        Advice.Drop => "drop",
        Advice.AwayFromWindows => "awayFromWindows",
        _ => "shelter",
    };

    private void Tell(Zone zone)
    {
        // The beat's timer and the Site's thread both tell: the later look must also be the later frame.
        lock (zone.Telling)
        {
            PublicZone shown = Shown(zone);
            zone.ToldState = shown.State;
            zone.Viewers.Send("zone", JsonSerializer.SerializeToUtf8Bytes(shown, PageJson.Default.PublicZone));
        }
    }

    private PublicZone Shown(Zone zone)
    {
        lock (_gate)
        {
            Instant now = _clock.Now;
            // What stands comes before what is over, so that a drill is seen soon after a real warning; and what is real before a drill.
            (WarningMessage? m, bool drill) = Stands(zone.Own, now) ? (zone.Own, false) : Stands(zone.Drill, now) ? (zone.Drill, true)
                : IsOver(zone.Own, now) ? (zone.Own, false) : IsOver(zone.Drill, now) ? (zone.Drill, true) : (null, false);
            string state = m is null ? "clear" : m.IsEnd ? "over" : "warned";
            return new(zone.Place.Id, zone.Place.Name, _site, state, Name(drill ? m!.Status : _status), drill,
                m is { IsEnd: false } ? Name(m.Advice) : null, m is { IsEnd: false } ? m.ImpactTime.ToString() : null,
                m is null ? null : (m.IsEnd ? m.Time : m.RaisedTime).ToString(), m?.Act == WarningAct.Retracted, now.ToString(), _clock.Speed);
        }
    }

    private static bool Stands(WarningMessage? m, Instant now) => m is { IsEnd: false } && now < m.Expires;

    private static bool IsOver(WarningMessage? m, Instant now) => m is { IsEnd: true } && now.SecondsSince(m.Time) < OverS;

    private sealed class Zone(ZonePlace place, Broadcaster viewers)
    {
        public ZonePlace Place { get; } = place;

        public Lock Telling { get; } = new();

        public Broadcaster Viewers { get; } = viewers;

        public WarningMessage? Own { get; set; }

        public WarningMessage? Drill { get; set; }

        public string ToldState { get; set; } = "clear";
    }
}
