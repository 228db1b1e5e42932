using System.Globalization;

namespace Tocsin.Server.Channels;

/// <summary>Keeps one channel's counts and delays, and tells the log of them: changes of its health at once, others at most once a second.</summary>
internal sealed class ChannelReporter : IAsyncDisposable
{
    /// <summary>What the queue looks like at one moment.</summary>
    internal readonly record struct QueueLook(int Count, double WaitedS, bool Stopped);

    /// <summary>Looks at the queue.</summary>
    internal delegate void Looker(out QueueLook look);

    private readonly string _name, _kind;
    private readonly ChannelRunnerOptions _options;
    private readonly TimeProvider _clock;
    private readonly IChannelLog _log;
    private readonly ITellingChannel? _telling;
    private readonly Lock _gate = new(), _order = new();
    private readonly double[] _delays = new double[ChannelLimits.DelaysKept];
    private readonly ITimer _timer;
    private readonly List<WarningMessage> _shedToTell = [];
    private readonly List<string> _toTell = [];
    private Looker? _look;
    private ChannelState? _told;
    private long _toldAt, _sent, _failed, _shed, _skipped;
    private double? _delayS;
    private bool _failing, _armed;
    private string _reason = "";

    public ChannelReporter(Channel channel, string kind, ChannelRunnerOptions options, TimeProvider clock, IChannelLog log)
    {
        (_name, _kind, _options, _clock, _log, _telling) = (channel.Name, kind, options, clock, log, channel as ITellingChannel);
        _timer = clock.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _telling?.Listen(what =>
        {
            lock (_gate) _toTell.Add(what);
            Arm();
        });
    }

    /// <summary>Begins to tell.</summary>
    public void Start(Looker look)
    {
        lock (_gate) _look = look;
        Tell();
    }

    /// <summary>Counts a message that the channel does not take.</summary>
    public void Skip()
    {
        lock (_gate) _skipped++;
        Arm();
    }

    /// <summary>Counts what the queue shed; raises and ends among it are told as failed.</summary>
    public void Shed(List<WarningMessage> shed)
    {
        lock (_gate)
        {
            _shed += shed.Count;
            _shedToTell.AddRange(shed.Where(m => m.Act != WarningAct.Updated));
        }
        Arm();
    }

    /// <summary>Makes sure that a telling comes within <see cref="ChannelLimits.TellEveryS"/>; for those who may not tell themselves.</summary>
    public void Arm()
    {
        lock (_gate)
        {
            if (_armed || _look is null) return;
            _armed = true;
        }
        _timer.Change(TimeSpan.FromSeconds(ChannelLimits.TellEveryS), Timeout.InfiniteTimeSpan);
    }

    /// <summary>A call to the channel has succeeded.</summary>
    public void Succeeded()
    {
        lock (_gate) (_failing, _reason) = (false, "");
    }

    /// <summary>A call to the channel has failed.</summary>
    public void Failed(string reason)
    {
        reason = reason.ReplaceLineEndings(" ");
        lock (_gate) (_failing, _reason) = (true, reason.Length <= ChannelLimits.ReasonCharacters ? reason : reason[..ChannelLimits.ReasonCharacters] + "…");
    }

    /// <summary>A message has been acknowledged.</summary>
    public void Sent(WarningMessage message, double delayS)
    {
        lock (_gate)
        {
            _delays[_sent++ % _delays.Length] = delayS;
            _delayS = delayS;
        }
        Say(log => log.Sent(_name, message, delayS));
    }

    /// <summary>A message has expired before it could be sent.</summary>
    public void Expired(WarningMessage message)
    {
        string reason;
        lock (_gate)
        {
            _failed++;
            reason = _reason.Length == 0 ? "expired before it could be sent" : "expired before it could be sent: " + _reason;
        }
        Say(log => log.Failed(_name, message, reason));
    }

    /// <summary>The channel's state.</summary>
    public ChannelState State(in QueueLook look)
    {
        // Asked before the lock, as the channel has a lock of its own and tells us things under none.
        string own = _telling?.Note ?? "";
        lock (_gate)
        {
            (double? p50, double? p99) = Percentiles();
            ChannelHealth health = Health(look);
            return new(_name, _kind, health, look.Count, _delayS, p50, p99, _sent, _failed, _shed, _skipped, Note(health, look, own));
        }
    }

    private ChannelHealth Health(in QueueLook look)
    {
        bool behind = look.WaitedS > ChannelLimits.BehindS || 2 * look.Count > _options.Queue;
        lock (_gate) return !_options.Enabled || look.Stopped ? ChannelHealth.Off : _failing ? ChannelHealth.Failing : behind ? ChannelHealth.Behind : ChannelHealth.Ok;
    }

    /// <summary>Tells what is due.</summary>
    public void Tell()
    {
        lock (_order)
        {
            Looker? look;
            WarningMessage[] shed;
            string[] told;
            lock (_gate)
            {
                look = _look;
                (shed, told) = ([.. _shedToTell], [.. _toTell]);
                _shedToTell.Clear();
                _toTell.Clear();
            }
            if (look is null) return;
            foreach (WarningMessage m in shed) Say(log => log.Failed(_name, m, "shed: the queue was full"));
            foreach (string what in told) Say(log => log.Told(_name, what));
            look(out QueueLook now);
            // The whole state takes sorting a thousand delays: not after every message, while another may be waiting.
            bool due = _told is null || _clock.GetElapsedTime(_toldAt).TotalSeconds >= ChannelLimits.TellEveryS;
            if (!due && Health(now) == _told!.State)
            {
                Arm();
                return;
            }
            ChannelState state = State(now);
            if (state != _told)
            {
                (_told, _toldAt) = (state, _clock.GetTimestamp());
                Say(log => log.StateChanged(state));
            }
            // What waits will be behind in a moment.
            if (now.Count > 0) Arm();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Tell();
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private void Ring()
    {
        lock (_gate) _armed = false;
        Tell();
    }

    private string Note(ChannelHealth health, in QueueLook look, string own)
    {
        List<string> parts = [];
        if (!_options.Enabled) parts.Add("off by its configuration");
        else if (look.Stopped) parts.Add("stopped");
        if (health == ChannelHealth.Failing) parts.Add(look.Count > 0 ? $"{Count(look.Count, "message waits", "messages wait")}: {_reason}" : _reason);
        else if (health == ChannelHealth.Behind) parts.Add($"{Count(look.Count, "message waits", "messages wait")}, the oldest for {look.WaitedS.ToString("0.0", CultureInfo.InvariantCulture)} s");
        if (own.Length > 0) parts.Add(own);
        if (_shed > 0) parts.Add($"{Count(_shed, "message", "messages")} shed because the queue was full");
        if (_skipped > 0) parts.Add($"{Count(_skipped, "message of an exercise or test was", "messages of exercises or tests were")} not sent here (\"exercises\" is false)");
        return string.Join("; ", parts);
    }

    private static string Count(long count, string one, string many) => count == 1 ? "1 " + one : $"{count} {many}";

    private (double? P50S, double? P99S) Percentiles()
    {
        int n = (int)Math.Min(_sent, _delays.Length);
        if (n == 0) return default;
        double[] sorted = _delays[..n];
        Array.Sort(sorted);
        return (Rank(0.5), Rank(0.99));

        // Nearest rank: the smallest delay that the share of all does not exceed.
        double Rank(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * n) - 1)];
    }

    private void Say(Action<IChannelLog> what)
    {
        try
        {
            what(_log);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A warning that went out is not undone by a log that cannot write it down.
        }
    }
}
