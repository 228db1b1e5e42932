using System.Collections.Immutable;

namespace Tocsin.Server.Channels;

/// <summary>A message that waits for its channel.</summary>
/// <param name="Message">The message.</param>
/// <param name="Order">Counts the offers to this queue.</param>
/// <param name="OfferedAt">The clock's time-stamp of its offer.</param>
/// <param name="ExpiresAt">The clock's time-stamp at which trying it ends.</param>
internal sealed record WaitingMessage(WarningMessage Message, long Order, long OfferedAt, long ExpiresAt)
{
    /// <summary>Whether it is being tried.</summary>
    public bool InFlight { get; set; }

    /// <summary>Whether only its warning's newest update matters: it may be replaced and shed.</summary>
    public bool IsUpdate => Message.Act == WarningAct.Updated;
}

/// <summary>The messages that wait for one channel, by warning. Not safe for threads; its runner locks it.</summary>
/// <remarks>
/// Messages of one warning go in the order of their revisions, and a raise goes before what is said of other warnings, whose people know already. An update gives way to anything newer of its warning. A raise and an end
/// give way to nothing: a receiver that never saw the raise would not know what ends, and one that saw it must see the end. When the queue is full, the
/// oldest updates go first, then whole warnings that are already over and that no receiver has heard of, the oldest first. Only past
/// <see cref="ChannelLimits.HeldMessages"/> does the oldest end go, and after it the oldest raise.
/// </remarks>
internal sealed class MessageQueue(int capacity)
{
    private sealed class Lane
    {
        public readonly List<WaitingMessage> Waiting = [];
        public bool Tried;
        public long TriedOrder;
    }

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private long _offers, _tries;

    // So that a full queue of raises alone is not searched for what it does not hold.
    private int _updates, _ends;

    /// <summary>Messages that wait, the one being tried included.</summary>
    public int Count { get; private set; }

    /// <summary>The earliest offer that still waits, as the clock's time-stamp; null where none does.</summary>
    public long? OldestOffer
    {
        get
        {
            long? oldest = null;
            foreach (Lane lane in _lanes.Values)
                foreach (WaitingMessage w in lane.Waiting)
                    if (oldest is null || w.OfferedAt < oldest) oldest = w.OfferedAt;
            return oldest;
        }
    }

    /// <summary>What has not been acknowledged, in the order of the offers.</summary>
    public ImmutableArray<WarningMessage> Pending => [.. _lanes.Values.SelectMany(l => l.Waiting).OrderBy(w => w.Order).Select(w => w.Message)];

    /// <summary>Takes a message; one that waits already is passed over. What has to be shed for it is added to <paramref name="shed"/>.</summary>
    public void Add(WarningMessage message, long offeredAt, long expiresAt, List<WarningMessage> shed)
    {
        if (!_lanes.TryGetValue(message.Identity, out Lane? lane)) _lanes.Add(message.Identity, lane = new Lane());
        List<WaitingMessage> waiting = lane.Waiting;
        if (waiting.Exists(w => w.Message.Revision == message.Revision)) return;
        bool isUpdate = message.Act == WarningAct.Updated;
        if (isUpdate && waiting.Exists(w => w.Message.Revision > message.Revision && (w.IsUpdate || w.Message.IsEnd))) return;
        if (isUpdate || message.IsEnd)
        {
            int replaced = waiting.RemoveAll(w => w.IsUpdate && w.Message.Revision < message.Revision && !w.InFlight);
            (Count, _updates) = (Count - replaced, _updates - replaced);
        }
        int at = waiting.FindIndex(w => w.Message.Revision > message.Revision && !w.InFlight);
        waiting.Insert(at < 0 ? waiting.Count : at, new WaitingMessage(message, _offers++, offeredAt, expiresAt));
        Count++;
        Tally(message, 1);
        while (Count > capacity && ShedOne(shed, Count > ChannelLimits.HeldMessages))
        {
        }
    }

    /// <summary>The message to try next, marked as being tried: one of a warning not yet tried, raises first, in the order of the offers; otherwise, where
    /// <paramref name="again"/>, that of the warning whose last try is the longest ago. Null where there is none.</summary>
    public WaitingMessage? Take(bool again)
    {
        Lane? next = null;
        foreach (Lane lane in _lanes.Values)
        {
            if (lane.Waiting.Count == 0 || (lane.Tried && !again)) continue;
            if (next is null || Before(lane, next)) next = lane;
        }
        return next is null ? null : Try(next);

        static bool Before(Lane a, Lane b)
        {
            if (a.Tried != b.Tried) return b.Tried;
            if (a.Tried) return a.TriedOrder < b.TriedOrder;
            bool raise = a.Waiting[0].Message.Act == WarningAct.Raised;
            return raise != (b.Waiting[0].Message.Act == WarningAct.Raised) ? raise : a.Waiting[0].Order < b.Waiting[0].Order;
        }
    }

    /// <summary>Takes more raises that have not been tried yet, in the order of their offers, until there are <paramref name="most"/>: to be tried with the one that <see cref="Take"/> gave.</summary>
    public void TakeRaises(List<WaitingMessage> taken, int most)
    {
        if (taken.Count >= most) return;
        foreach (Lane lane in _lanes.Values.Where(l => l is { Tried: false, Waiting: [{ Message.Act: WarningAct.Raised }, ..] }).OrderBy(l => l.Waiting[0].Order).Take(most - taken.Count).ToArray()) taken.Add(Try(lane));
    }

    private WaitingMessage Try(Lane lane)
    {
        lane.Tried = true;
        lane.TriedOrder = _tries++;
        lane.Waiting[0].InFlight = true;
        return lane.Waiting[0];
    }

    /// <summary>Ends the try that <see cref="Take"/> began; an acknowledged message leaves the queue.</summary>
    public void Tried(WaitingMessage message, bool acknowledged)
    {
        message.InFlight = false;
        if (acknowledged) Remove(message);
        else if (message.IsUpdate && _lanes.TryGetValue(message.Message.Identity, out Lane? lane) && lane.Waiting.Exists(w => w.Message.Revision > message.Message.Revision))
            Remove(message);
    }

    /// <summary>Takes out what has expired and is not being tried.</summary>
    public void TakeExpired(long now, List<WarningMessage> expired)
    {
        foreach ((string identity, Lane lane) in _lanes)
        {
            for (int i = 0; i < lane.Waiting.Count; i++)
            {
                if (ExpiresAt(lane, i) > now) continue;
                expired.Add(lane.Waiting[i].Message);
                TakeOut(lane, i--);
            }
            if (lane.Waiting.Count == 0) _lanes.Remove(identity);
        }
    }

    /// <summary>The time-stamp at which the next message expires; the greatest there is where none does.</summary>
    public long NextExpiry
    {
        get
        {
            long next = long.MaxValue;
            foreach (Lane lane in _lanes.Values)
                for (int i = 0; i < lane.Waiting.Count; i++) next = Math.Min(next, ExpiresAt(lane, i));
            return next;
        }
    }

    /// <summary>When a message expires: a raise not while its warning stands, so that receivers know what a later message is about;
    /// an end not before it has been tried, as somebody may wait for it.</summary>
    private long ExpiresAt(Lane lane, int i)
    {
        WaitingMessage w = lane.Waiting[i];
        if (w.InFlight) return long.MaxValue;
        if (w.Message.IsEnd) return i == 0 && lane.Tried ? w.ExpiresAt : long.MaxValue;
        long expires = w.ExpiresAt;
        if (w.Message.Act == WarningAct.Raised)
            foreach (WaitingMessage later in lane.Waiting)
                if (!later.Message.IsEnd) expires = Math.Max(expires, later.ExpiresAt);
        return expires;
    }

    /// <summary>Takes one message out of its lane; what follows the first has had no try yet.</summary>
    private void TakeOut(Lane lane, int at)
    {
        Tally(lane.Waiting[at].Message, -1);
        lane.Waiting.RemoveAt(at);
        if (at == 0) lane.Tried = false;
        Count--;
    }

    private void Tally(WarningMessage message, int by)
    {
        if (message.Act == WarningAct.Updated) _updates += by;
        else if (message.IsEnd) _ends += by;
    }

    private void Remove(WaitingMessage message)
    {
        if (!_lanes.TryGetValue(message.Message.Identity, out Lane? lane)) return;
        int at = lane.Waiting.IndexOf(message);
        if (at < 0) return;
        TakeOut(lane, at);
        if (lane.Waiting.Count == 0) _lanes.Remove(message.Message.Identity);
    }

    private bool ShedOne(List<WarningMessage> shed, bool anything)
    {
        if (_updates > 0 && Oldest(w => w.IsUpdate) is { } update) return Shed(update, shed);
        string? over = null;
        long order = long.MaxValue;
        foreach ((string identity, Lane lane) in _ends > 0 ? _lanes : [])
        {
            WaitingMessage first = lane.Waiting[0];
            if (lane.Tried || first.Message.Act != WarningAct.Raised || !lane.Waiting[^1].Message.IsEnd || first.Order >= order) continue;
            (over, order) = (identity, first.Order);
        }
        if (over is not null)
        {
            Lane lane = _lanes[over];
            while (lane.Waiting.Count > 0)
            {
                shed.Add(lane.Waiting[0].Message);
                TakeOut(lane, 0);
            }
            _lanes.Remove(over);
            return true;
        }
        return anything && ((_ends > 0 ? Oldest(w => w.Message.IsEnd) : null) ?? Oldest(_ => true)) is { } last && Shed(last, shed);
    }

    private WaitingMessage? Oldest(Func<WaitingMessage, bool> which)
    {
        WaitingMessage? oldest = null;
        foreach (Lane lane in _lanes.Values)
            foreach (WaitingMessage w in lane.Waiting)
                if (!w.InFlight && which(w) && (oldest is null || w.Order < oldest.Order)) oldest = w;
        return oldest;
    }

    private bool Shed(WaitingMessage message, List<WarningMessage> shed)
    {
        Remove(message);
        shed.Add(message.Message);
        return true;
    }
}
