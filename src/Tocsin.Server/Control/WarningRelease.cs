using System.Collections.Immutable;
using System.Globalization;
using Tocsin.Server.Channels;

namespace Tocsin.Server.Control;

/// <summary>How a site's warnings leave: by themselves, or when an operator has looked.</summary>
/// <param name="Confirm">Whether a warning waits for an operator.</param>
/// <param name="LimitS">Seconds after which it leaves by itself all the same.</param>
public sealed record ReleaseSettings(bool Confirm, double LimitS);

/// <summary>How a warning came to be released.</summary>
public enum ReleaseWay
{
    /// <summary>By itself: nobody is asked at this site.</summary>
    Automatic,
    /// <summary>An operator confirmed it.</summary>
    Confirmed,
    /// <summary>Nobody did anything in time.</summary>
    Timeout,
    /// <summary>It never was: its reason had gone before.</summary>
    Withdrawn,
}

/// <summary>What came of an operator's act.</summary>
public enum ActOutcome
{
    /// <summary>It is done.</summary>
    Done,
    /// <summary>There is no such warning.</summary>
    NoSuchWarning,
    /// <summary>It is not in a state in which this can be done.</summary>
    NotNow,
}

/// <summary>Hears what becomes of warnings on their way out.</summary>
public interface IReleaseOutput
{
    /// <summary>A message is to go out, on every channel.</summary>
    void Send(WarningMessage message);

    /// <summary>A warning waits for an operator until a time.</summary>
    void Held(WarningMessage message, Instant sendsAt);

    /// <summary>A warning waits no more.</summary>
    void Released(WarningMessage message, ReleaseWay way, double heldS);
}

/// <summary>Stands between a Site's warnings and the channels: gives each its identity and its messages their numbers, and lets operators confirm, retract and
/// give the all-clear.</summary>
/// <remarks>
/// Belongs to the Site's thread. What an operator does changes what is sent and never what the Site holds. A warning that was retracted by hand, or ended by an
/// all-clear, stays silent as long as the rounds behind it are those that the operator dismissed, and are not much more likely to harm than they were then: a round that is
/// far away is behind many zones' warnings with a small chance each, and nobody who dismisses that has dismissed what it may become. The Site has one warning for a zone
/// however many rounds come, so a round that comes later, or has become a danger since, is judged by itself (<see cref="Reconsider"/>): where it alone would be warned of,
/// the warning goes out again, as another one for everybody outside (<c>W3-2</c>), since what has ended stays ended there. An all-clear leaves alone what was raised so
/// shortly before that whoever gave it cannot have seen it.
/// A warning is never held past the moment at which its people need it: it leaves at the limit, or when the time to the impact is down to what the zone needs to reach
/// shelter, whichever comes first.
/// </remarks>
public sealed class WarningRelease
{
    private const double StaleS = 120;

    /// <summary>A round that has joined a warning so shortly before the operator's act is not dismissed by it, nor a warning that was raised so shortly before the
    /// all-clear ended by it: nobody can have looked at it (chosen).</summary>
    private const double UnseenS = 3;

    /// <summary>A round counts again when its risk is this many times what it was when it was dismissed (chosen: one that was more likely than not never does).</summary>
    private const double Grown = 2;
    private readonly string _prefix;
    private readonly SiteDefinition _site;
    private readonly IReadOnlyList<ZonePlace> _zones;
    private readonly Func<WarningMessage, ImmutableArray<WarningText>> _compose;
    private readonly Func<int, TrackId, double> _risk;
    private readonly IReleaseOutput _output;
    private readonly SortedDictionary<int, Entry> _entries = [];
    private ImmutableArray<WarningMessage> _open = [];
    private bool _ended, _openKnown;

    private sealed class Entry
    {
        public required WarningMessage Message { get; set; }

        public Instant SendsAt { get; set; }

        /// <summary>When the operator's time is over, whatever the impact's time is.</summary>
        public Instant Limit { get; init; }

        public bool Held { get; set; }

        /// <summary>Ended by an operator: what the Site still says of it is not passed on.</summary>
        public bool Silenced => Dismissed is not null;

        /// <summary>The rounds that an operator dismissed with the warning, and the risk from which each counts again; null where none did.</summary>
        public Dictionary<TrackId, double>? Dismissed { get; set; }

        /// <summary>The rounds that were ever behind it, and since when; those of the raise since always.</summary>
        public SortedList<int, Instant> Rounds { get; init; } = [];

        /// <summary>How many times it was raised anew after an operator had ended it, and once more.</summary>
        public int Life { get; init; } = 1;

        public string? AcknowledgedBy { get; set; }

        /// <summary>Whether an operator has confirmed it, and so has seen it.</summary>
        public bool Confirmed { get; set; }

        /// <summary>Whether an operator may have seen it by now.</summary>
        public bool SeenAt(Instant now) => Confirmed || AcknowledgedBy is not null || Message.RaisedTime <= now.AddSeconds(-UnseenS);
    }

    /// <summary>Makes a desk on which nothing lies.</summary>
    /// <param name="prefix">What comes before the Site's own id in a warning's identity.</param>
    /// <param name="site">The site.</param>
    /// <param name="zones">Its zones, in the order of the site.</param>
    /// <param name="settings">Whether operators are asked.</param>
    /// <param name="compose">Gives a message its wording.</param>
    /// <param name="risk">How likely a round harms a zone, by the zone's index (<see cref="Site.RiskOf"/>).</param>
    /// <param name="output">Hears what becomes of it.</param>
    public WarningRelease(string prefix, SiteDefinition site, IReadOnlyList<ZonePlace> zones, ReleaseSettings settings,
        Func<WarningMessage, ImmutableArray<WarningText>> compose, Func<int, TrackId, double> risk, IReleaseOutput output) =>
        (_prefix, _site, _zones, Settings, _compose, _risk, _output) = (prefix, site, zones, settings, compose, risk, output);

    /// <summary>Whether operators are asked.</summary>
    public ReleaseSettings Settings { get; set; }

    /// <summary>The newest message of each warning that is out and open.</summary>
    public ImmutableArray<WarningMessage> Open
    {
        get
        {
            // Asked at every turn of the Site's thread, changed by a warning alone.
            if (!_openKnown) (_open, _openKnown) = ([.. _entries.Values.Where(e => !e.Held && !e.Silenced).Select(e => e.Message)], true);
            return _open;
        }
    }

    /// <summary>Whether nothing goes out any more: see <see cref="EndAll"/>.</summary>
    public bool IsEnded => _ended;

    /// <summary>The identity that is shown as <paramref name="shown"/> (<see cref="ShownId"/>).</summary>
    public string IdentityOf(string shown) => $"{_prefix}.{shown}";

    /// <summary>What people call one of the Site's warnings: <c>W3</c>, and after it was raised anew <c>W3-2</c>.</summary>
    public string ShownId(WarningId warning) => ShownId(warning, _entries.TryGetValue(warning.Number, out Entry? e) ? e.Life : 1);

    private static string ShownId(WarningId warning, int life) => life == 1 ? warning.ToString() : string.Create(CultureInfo.InvariantCulture, $"{warning}-{life}");

    /// <summary>Whether a warning has gone out.</summary>
    public bool IsReleased(WarningId warning) => _entries.TryGetValue(warning.Number, out Entry? e) && !e.Held;

    /// <summary>Whether an operator has ended a warning that the Site still holds.</summary>
    public bool IsSilenced(WarningId warning) => _entries.TryGetValue(warning.Number, out Entry? e) && e.Silenced;

    /// <summary>The Site raised a warning.</summary>
    public void Raised(Instant now, in Warning warning)
    {
        if (!_ended) Raise(now, warning, 1);
    }

    private void Raise(Instant now, in Warning warning, int life)
    {
        _openKnown = false;
        WarningMessage message = Message(now, now, warning, life, 1, WarningAct.Raised, []);
        Instant limit = now.AddSeconds(Settings.LimitS), sendsAt = SendsAt(warning, limit);
        var entry = new Entry { Message = message, SendsAt = sendsAt, Limit = limit, Held = Settings.Confirm && sendsAt > now, Life = life };
        Note(entry, warning.Tracks, Instant.MinValue);
        if (_entries.TryGetValue(warning.Id.Number, out Entry? before) && before.Dismissed is { } dismissed) Note(entry, dismissed.Keys, Instant.MinValue);
        _entries[warning.Id.Number] = entry;
        if (entry.Held) _output.Held(message, sendsAt);
        else Release(entry, ReleaseWay.Automatic, now);
    }

    /// <summary>The Site changed a warning.</summary>
    public void Updated(Instant now, in Warning warning)
    {
        _openKnown = false;
        if (!_entries.TryGetValue(warning.Id.Number, out Entry? e) || e.Silenced) return;
        Note(e, warning.Tracks, now);
        WarningMessage last = e.Message;
        if (e.Held)
        {
            e.Message = Message(now, last.RaisedTime, warning, e.Life, 1, WarningAct.Raised, []);
            // An impact that comes sooner than first thought is needed sooner too.
            Instant sendsAt = SendsAt(warning, e.Limit);
            if (sendsAt == e.SendsAt) return;
            e.SendsAt = sendsAt;
            if (now >= sendsAt) Release(e, ReleaseWay.Timeout, now);
            else _output.Held(e.Message, sendsAt);
            return;
        }
        e.Message = Message(now, last.RaisedTime, warning, e.Life, last.Revision + 1, WarningAct.Updated, last.Prior.Add(new(last.Revision, last.Time)));
        _output.Send(e.Message);
    }

    /// <summary>The Site ended a warning.</summary>
    public void Cleared(Instant now, WarningId warning, WarningEnd reason)
    {
        _openKnown = false;
        if (!_entries.Remove(warning.Number, out Entry? e) || e.Silenced) return;
        if (e.Held) _output.Released(e.Message, ReleaseWay.Withdrawn, now.SecondsSince(e.Message.RaisedTime));
        else _output.Send(End(e.Message, now, reason == WarningEnd.Over ? WarningAct.Over : WarningAct.Retracted));
    }

    /// <summary>Sends what has waited long enough.</summary>
    public void Tick(Instant now)
    {
        foreach (Entry e in _entries.Values)
            if (e.Held && now >= e.SendsAt) Release(e, ReleaseWay.Timeout, now);
    }

    /// <summary>Looks whether rounds that an operator has not dismissed ask for a warning where one was dismissed, and raises those anew.</summary>
    /// <param name="now">The Site's clock.</param>
    /// <param name="without">What the Site would raise for a zone if some rounds did not count (<see cref="Site.WarningWithout"/>).</param>
    /// <returns>What was raised anew.</returns>
    public IReadOnlyList<Warning> Reconsider(Instant now, Func<int, IReadOnlyDictionary<TrackId, double>, Warning?> without)
    {
        List<Warning>? again = null;
        foreach (Entry e in _entries.Values)
            if (e.Dismissed is { } dismissed && without(ZoneOf(e.Message), dismissed) is { } warning) (again ??= []).Add(warning);
        foreach (Warning w in again ?? []) Raise(now, w, _entries[w.Id.Number].Life + 1);
        return again ?? [];
    }

    /// <summary>An operator confirms a warning: it goes out now.</summary>
    public ActOutcome Confirm(Instant now, WarningId warning)
    {
        if (!_entries.TryGetValue(warning.Number, out Entry? e)) return ActOutcome.NoSuchWarning;
        if (!e.Held) return ActOutcome.NotNow;
        e.Confirmed = true;
        Release(e, ReleaseWay.Confirmed, now);
        return ActOutcome.Done;
    }

    /// <summary>An operator has seen a warning.</summary>
    public ActOutcome Acknowledge(WarningId warning, string who)
    {
        if (!_entries.TryGetValue(warning.Number, out Entry? e)) return ActOutcome.NoSuchWarning;
        e.AcknowledgedBy ??= who;
        return ActOutcome.Done;
    }

    /// <summary>An operator takes a warning back.</summary>
    public ActOutcome Retract(Instant now, WarningId warning) => Silence(now, warning, WarningAct.Retracted);

    /// <summary>An operator gives the all-clear, for a zone or for all. A warning of the last moments stands, or waits on: it came while the operator was pressing.</summary>
    public IReadOnlyList<WarningId> AllClear(Instant now, string? zone)
    {
        List<WarningId> cleared = [];
        foreach (Entry e in _entries.Values)
            if (!e.Silenced && e.SeenAt(now) && (zone is null || e.Message.Zone.Id == zone)) cleared.Add(e.Message.Warning);
        foreach (WarningId w in cleared) Silence(now, w, WarningAct.Over);
        return cleared;
    }

    /// <summary>Ends everything that is out, and lets nothing out after it: a drill that is over or pre-empted.</summary>
    public void EndAll(Instant now)
    {
        _openKnown = false;
        // The Site goes on for a moment: what it still raises must not sound after the end.
        _ended = true;
        foreach (int number in _entries.Keys.ToArray()) Silence(now, new(number), WarningAct.Retracted);
        _entries.Clear();
        _openKnown = false;
    }

    /// <summary>What lies on the desk, to be given to <see cref="Restore"/> after a restart.</summary>
    public ImmutableArray<DeskEntry> Save() => [.. _entries.Values.Select(e => new DeskEntry(e.Message, e.Held, e.SendsAt, e.Limit, e.AcknowledgedBy)
    {
        Life = e.Life,
        Rounds = [.. e.Rounds.Select(r => (new TrackId(r.Key), r.Value))],
        Dismissed = e.Dismissed is { } dismissed ? [.. dismissed.OrderBy(d => d.Key.Number).Select(d => (d.Key, d.Value))] : null,
    })];

    /// <summary>Takes back what lay on the desk. Nothing is sent: see <see cref="Open"/>.</summary>
    public void Restore(ImmutableArray<DeskEntry> entries)
    {
        _openKnown = false;
        _entries.Clear();
        foreach (DeskEntry d in entries)
        {
            var e = new Entry { Message = d.Message, Held = d.Held, SendsAt = d.SendsAt, Limit = d.Limit, AcknowledgedBy = d.AcknowledgedBy, Life = d.Life, Dismissed = d.Dismissed?.ToDictionary(r => r.Track, r => r.CountsFrom) };
            foreach ((TrackId track, Instant since) in d.Rounds) e.Rounds[track.Number] = since;
            _entries[d.Message.Warning.Number] = e;
        }
    }

    /// <summary>When a warning that is held leaves by itself: at the operator's limit, or when its people need it.</summary>
    private Instant SendsAt(in Warning warning, Instant limit)
    {
        Instant needed = warning.ImpactTime.AddSeconds(-_site.Zones[warning.Zone].TimeToShelterS);
        return needed < limit ? needed : limit;
    }

    private ActOutcome Silence(Instant now, WarningId warning, WarningAct act)
    {
        _openKnown = false;
        if (!_entries.TryGetValue(warning.Number, out Entry? e)) return ActOutcome.NoSuchWarning;
        if (e.Silenced) return ActOutcome.NotNow;
        int zone = ZoneOf(e.Message);
        e.Dismissed = e.Rounds.Where(r => r.Value <= now.AddSeconds(-UnseenS)).Select(r => new TrackId(r.Key)).ToDictionary(t => t, t => Grown * _risk(zone, t));
        if (e.Held)
        {
            e.Held = false;
            _output.Released(e.Message, ReleaseWay.Withdrawn, now.SecondsSince(e.Message.RaisedTime));
        }
        else _output.Send(e.Message = End(e.Message, now, act));
        return ActOutcome.Done;
    }

    private static void Note(Entry e, IEnumerable<TrackId> rounds, Instant since)
    {
        foreach (TrackId t in rounds) e.Rounds.TryAdd(t.Number, since);
    }

    private int ZoneOf(WarningMessage message)
    {
        for (int i = 0; i < _zones.Count; i++)
            if (_zones[i].Id == message.Zone.Id) return i;
        throw new InvalidOperationException($"a message of a zone that the site does not have: {message.Zone.Id}");
    }

    private void Release(Entry e, ReleaseWay way, Instant now)
    {
        _openKnown = false;
        double heldS = Math.Max(0, now.SecondsSince(e.Message.RaisedTime));
        e.Held = false;
        // It leaves with the time at which it leaves; when it was raised stays in it.
        if (way != ReleaseWay.Automatic) e.Message = Worded(e.Message with { Time = now });
        _output.Released(e.Message, way, heldS);
        _output.Send(e.Message);
    }

    private WarningMessage Message(Instant now, Instant raised, in Warning w, int life, int revision, WarningAct act, ImmutableArray<PriorMessage> prior)
    {
        Instant until = w.ImpactTime > now ? w.ImpactTime : now;
        return Worded(new()
        {
            Identity = IdentityOf(ShownId(w.Id, life)),
            Warning = w.Id,
            Revision = revision,
            Act = act,
            Status = w.Status,
            Site = _site.Name,
            Zone = _zones[w.Zone],
            Time = now,
            RaisedTime = raised,
            ImpactTime = w.ImpactTime,
            Expires = until.AddSeconds(_site.Policy.HoldTimeS + StaleS),
            Probability = w.Probability,
            Advice = w.Advice,
            Tracks = [.. w.Tracks],
            Prior = prior,
        });
    }

    private WarningMessage End(WarningMessage last, Instant now, WarningAct act) => Worded(last with
    {
        Revision = last.Revision + 1,
        Act = act,
        Time = now,
        Expires = now.AddSeconds(StaleS * 5),
        Prior = last.Prior.Add(new(last.Revision, last.Time)),
    });

    private WarningMessage Worded(WarningMessage m) => m with { Texts = _compose(m) };
}

/// <summary>One warning on the desk, as it is kept over a restart.</summary>
public sealed record DeskEntry(WarningMessage Message, bool Held, Instant SendsAt, Instant Limit, string? AcknowledgedBy)
{
    /// <summary>1, and one more each time that it was raised anew.</summary>
    public int Life { get; init; } = 1;

    /// <summary>The rounds that were ever behind it, and since when.</summary>
    public ImmutableArray<(TrackId Track, Instant Since)> Rounds { get; init; } = [];

    /// <summary>The rounds that an operator dismissed with it, and the risk from which each counts again; null where none did.</summary>
    public ImmutableArray<(TrackId Track, double CountsFrom)>? Dismissed { get; init; }
}
