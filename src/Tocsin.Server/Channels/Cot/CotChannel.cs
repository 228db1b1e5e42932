using Tocsin.Formats.Cot;
using Tocsin.Server.Configuration;
using Tocsin.Server.Live;

namespace Tocsin.Server.Channels.Cot;

/// <summary>Cursor on Target to a TAK mesh or server: warnings and cancels, and where the site wants it tracks and the ellipses of impacts.</summary>
/// <remarks>
/// An alarm vanishes from a TAK client when it goes stale, so that open warnings are told again with each beat until they are cancelled. A cancel and a
/// delete are told again a few times too, as a datagram may be lost and a connection may die with bytes on the way; each has the
/// uid of what it ends, so that a repeat changes nothing.
/// </remarks>
public sealed class CotChannel : Channel
{
    /// <summary>How often a cancel or a delete is told again after the first time.</summary>
    public const int Repeats = 3;

    /// <summary>Ended warnings that are remembered, so that a beat made before the end cannot raise them again.</summary>
    public const int EndedWarnings = 1_024;

    private readonly CotSettings _settings;
    private readonly TimeProvider _clock;
    private readonly CotMapping _mapping;
    private readonly CotLink _link;
    private readonly Dictionary<string, CotEvent> _shown = new(StringComparer.Ordinal);
    private readonly List<Repeat<CotEvent>> _deleted = [];
    private readonly List<Repeat<WarningMessage>> _cancelled = [];
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly Queue<string> _endedOrder = new();

    /// <summary>Makes a channel; it connects when it is first used.</summary>
    public CotChannel(CotSettings settings, ChannelContext context) : base(settings.Name)
    {
        _settings = settings;
        _clock = context.Clock;
        _mapping = new CotMapping(context, settings);
        _link = settings.Transport is CotTransport.Multicast or CotTransport.Udp
            ? new CotDatagramLink(settings)
            : new CotStreamLink(settings, _mapping.OwnUid, context.Clock, context.Log);
    }

    /// <summary>Reads a channel's section (docs/channels/cot.md); null where it lacks what a channel cannot do without, which the section has noted.</summary>
    public static CotChannel? Read(ConfigSection section, ChannelContext context) =>
        CotSettings.Read(section) is { } settings ? new CotChannel(settings, context) : null;

    /// <inheritdoc/>
    public override TimeSpan BeatEvery => TimeSpan.FromSeconds(_settings.ResendS);

    /// <inheritdoc/>
    public override TimeSpan? PictureEvery => _settings.Tracks || _settings.Impacts ? TimeSpan.FromSeconds(1) : null;

    private Instant Now => WallClock.InstantOf(_clock.GetUtcNow());

    /// <inheritdoc/>
    /// <remarks>On a stream whose server answers pings it returns when the server has answered one sent after the message, so it has read the
    /// message; otherwise when the system has taken the bytes, on a new connection after a second without a refusal.</remarks>
    public override async Task SendAsync(WarningMessage message, CancellationToken stop)
    {
        if (!_settings.Warnings) return;
        if (!message.IsEnd)
        {
            await _link.SendAsync(_mapping.Raise(message, Now), confirm: true, stop);
            return;
        }
        // Remembered before it is sent: no beat between two tries may raise it again.
        if (_ended.Add(message.Identity)) _endedOrder.Enqueue(message.Identity);
        while (_endedOrder.Count > EndedWarnings) _ended.Remove(_endedOrder.Dequeue());
        await _link.SendAsync(_mapping.Cancel(message, Now), confirm: true, stop);
        _cancelled.Add(new(message));
    }

    /// <inheritdoc/>
    public override void Rehearse(WarningMessage message, Picture picture)
    {
        Instant now = Now;
        List<CotEvent> events = [.. message.IsEnd ? _mapping.Cancel(message, now) : _mapping.Raise(message, now)];
        foreach (PictureTrack t in picture.Tracks)
        {
            events.Add(_mapping.Track(t, picture, now));
            if (_mapping.Impact(t, picture, now) is { } impact) events.Add(impact);
        }
        // Which of the two a server takes is found out when it is asked.
        foreach (CotEvent e in events) _ = (CotXml.Write(e), CotFraming.Frame(CotProtobuf.Write(e)));
    }

    /// <inheritdoc/>
    public override async Task BeatAsync(Beat beat, CancellationToken stop)
    {
        Instant now = Now;
        List<CotEvent> events = [_mapping.SignOfLife(beat.Status, now)];
        if (_settings.Warnings)
        {
            foreach (WarningMessage open in beat.Open)
                if (!open.IsEnd && !_ended.Contains(open.Identity)) events.AddRange(_mapping.Raise(open, now));
            foreach (Repeat<WarningMessage> c in _cancelled) events.AddRange(_mapping.Cancel(c.Thing, now));
        }
        await _link.SendAsync(events, confirm: false, stop);
        Told(_cancelled);
        await _link.UpgradeAsync(stop);
    }

    /// <inheritdoc/>
    public override async Task ShowAsync(Picture picture, CancellationToken stop)
    {
        Instant now = Now;
        Dictionary<string, CotEvent> shows = new(StringComparer.Ordinal);
        List<CotEvent> events = [];
        foreach (PictureTrack t in picture.Tracks)
        {
            if (_settings.Tracks) Show(_mapping.Track(t, picture, now));
            if (_settings.Impacts && _mapping.Impact(t, picture, now) is { } impact) Show(impact);
        }

        // Pictures are missed on a slow channel, and what ended in one of those is known only by its not being there any more.
        List<CotEvent> gone = [.. _shown.Values.Where(e => !shows.ContainsKey(e.Uid))];
        foreach (CotEvent e in gone) events.AddRange(_mapping.Delete(e, now));
        // What ended and was shown before this program started: only its uid is known.
        foreach (string identity in picture.Ended)
        {
            foreach (string uid in (string[])[.. _settings.Tracks ? [identity] : Array.Empty<string>(), .. _settings.Impacts ? [CotMapping.ImpactUid(identity)] : Array.Empty<string>()])
                if (!_shown.ContainsKey(uid) && !shows.ContainsKey(uid)) events.Add(_mapping.Delete(uid, "a-u-A", _mapping.Opex(picture.Status), now));
        }
        _deleted.RemoveAll(d => shows.ContainsKey(d.Thing.Uid));
        foreach (Repeat<CotEvent> d in _deleted) events.AddRange(_mapping.Delete(d.Thing, now));

        // Some of it may arrive even where the call fails, so it counts as shown from here on.
        foreach ((string uid, CotEvent e) in shows) _shown[uid] = e;
        await _link.SendAsync(events, confirm: false, stop);
        foreach (CotEvent e in gone) _shown.Remove(e.Uid);
        Told(_deleted);
        _deleted.AddRange(gone.Select(e => new Repeat<CotEvent>(e)));
        await _link.UpgradeAsync(stop);

        void Show(CotEvent e)
        {
            shows[e.Uid] = e;
            events.Add(e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        await base.DisposeAsync();
    }

    private static void Told<T>(List<Repeat<T>> things)
    {
        foreach (Repeat<T> t in things) t.Left--;
        things.RemoveAll(t => t.Left == 0);
    }

    /// <summary>Something that is told again a few times.</summary>
    private sealed class Repeat<T>(T thing)
    {
        public T Thing { get; } = thing;
        public int Left { get; set; } = Repeats;
    }
}
