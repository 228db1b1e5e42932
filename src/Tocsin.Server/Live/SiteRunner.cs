using Microsoft.Extensions.Logging;
using Tocsin.Server.Feeds;

namespace Tocsin.Server.Live;

/// <summary>What a <see cref="SiteRunner"/> tells beside the Site's own output, on the Site's thread.</summary>
public interface IRunnerOutput : ISiteOutput
{
    /// <summary>Whether something was told that must not wait until the Site has caught up with the clock: a warning.</summary>
    bool HasNews { get; }

    /// <summary>Everything up to <paramref name="now"/> has been told: whoever collects may pass on.</summary>
    void Settle(Instant now, Site site, long plots);

    /// <summary>The Site broke an invariant and has stopped. Nothing more will come from it.</summary>
    void Broken(Instant now, Exception why);
}

/// <summary>How much a runner has done; each figure grows only.</summary>
/// <param name="Plots">Plots given to the Site.</param>
/// <param name="ShedUseless">Plots shed that could neither feed a track nor begin one.</param>
/// <param name="ShedBeginnings">Plots shed that could have begun a track.</param>
/// <param name="ShedFull">Plots shed because the queue was full.</param>
/// <param name="Queued">Entries waiting now.</param>
/// <param name="BehindS">How long the oldest of the last entries had waited, in seconds.</param>
public readonly record struct RunnerLoad(long Plots, long ShedUseless, long ShedBeginnings, long ShedFull, int Queued, double BehindS)
{
    /// <summary>All plots shed.</summary>
    public long Shed => ShedUseless + ShedBeginnings + ShedFull;
}

/// <summary>Runs one Site on a thread of its own: takes plots from the queue, moves the clock, and sheds what is worth least when there is too much.</summary>
/// <remarks>A broken invariant stops this Site and says so; the process and every other Site go on. While nothing presses the thread looks into the queue every <see cref="LookS"/>, since
/// the Site holds plots for longer than that anyway; one that may be due sooner wakes it.</remarks>
public sealed class SiteRunner : IDisposable
{
    /// <summary>Seconds without a turn of its thread after which a Site is held to hang.</summary>
    public const double HangS = 2;

    private const int MostAtOnce = 2_048;
    private const double ShedUselessAfterS = 0.05, ShedBeginningsAfterS = 0.5, AskWorthAfterS = 0.025, SettleS = 0.02, LookS = 0.01;

    private readonly Site _site;
    private readonly ClockDrive _drive;
    private readonly SiteClock _clock;
    private readonly TimeProvider _wall;
    private readonly IRunnerOutput _output;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly CancellationTokenSource _stop = new();
    private readonly PlotQueue.Entry[] _entries = new PlotQueue.Entry[MostAtOnce];
    private readonly List<Action> _commands = [];
    private readonly double _patienceS;
    private long _plots, _shedUseless, _shedBeginnings, _turned;
    private double _behindS;
    private Instant _settled = Instant.MinValue;
    private readonly IdleCollector? _collector;

    /// <summary>Makes a runner that has not started.</summary>
    /// <param name="site">The Site, new or recovered.</param>
    /// <param name="clock">The time it goes by.</param>
    /// <param name="wall">The machine's clock.</param>
    /// <param name="output">Hears what the Site says.</param>
    /// <param name="plots">Plots that the Site had before: numbers go on from there.</param>
    /// <param name="log">The server's log.</param>
    /// <param name="collects">Whether the heap is collected while this Site has nothing to do: for the one Site of a process that matters most.</param>
    public SiteRunner(Site site, SiteClock clock, TimeProvider wall, IRunnerOutput output, long plots, ILogger log, bool collects = false)
    {
        if (collects) _collector = new(wall);
        (_site, _clock, _wall, _output, _plots, _log) = (site, clock, wall, output, plots, log);
        _drive = new(site, output, clock.Now);
        Began = _drive.Now;
        // A plot may be due as soon as it has been held for the site's lateness.
        _patienceS = site.Definition.LatenessS - 2 * LookS * clock.Speed;
        _turned = wall.GetTimestamp();
        _thread = new(Run) { Name = $"site {site.Definition.Name}", IsBackground = true, Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>Where feeds put their plots.</summary>
    public PlotQueue Queue { get; } = new();

    /// <summary>What it has done and what waits.</summary>
    public RunnerLoad Load => new(Interlocked.Read(ref _plots), Interlocked.Read(ref _shedUseless), Interlocked.Read(ref _shedBeginnings), Queue.Shed, Queue.Count, Volatile.Read(ref _behindS));

    /// <summary>Whether the Site has stopped because of a broken invariant.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether its thread has not come round for <see cref="HangS"/>: no warning comes from it then, and nothing may say that people are protected.</summary>
    public bool IsHanging => _thread.IsAlive && _wall.GetElapsedTime(Interlocked.Read(ref _turned)).TotalSeconds > HangS;

    /// <summary>Whether the Site protects anybody now: it has neither stopped nor hangs.</summary>
    public bool IsWorking => !IsBroken && !IsHanging;

    /// <summary>How far its clock has been run; the Site's thread's own once started.</summary>
    internal Instant Now => _drive.Now;

    /// <summary>The Site's clock at the start.</summary>
    public Instant Began { get; }

    /// <summary>The clock it goes by.</summary>
    public SiteClock Clock => _clock;

    /// <summary>The Site's status.</summary>
    public OperationStatus Status => _site.Status;

    /// <summary>Counts plots that the Site was given before the start, so that numbers go on from there.</summary>
    public void CountBefore(long plots) => _plots += plots;

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        Interlocked.Exchange(ref _turned, _wall.GetTimestamp());
        _thread.Start();
    }

    /// <summary>Puts plots into the queue, and wakes the thread where one of them may be due before it looks; gives how many found room. Any thread may call it.</summary>
    public int Offer(ReadOnlySpan<QueuedPlot> plots)
    {
        Instant now = _clock.Now;
        bool urgent = false;
        foreach (ref readonly QueuedPlot plot in plots) urgent |= now.SecondsSince(plot.Plot.Time) > _patienceS;
        return Queue.Offer(plots, urgent);
    }

    /// <summary>Does something on the Site's thread and gives its result.</summary>
    public Task<T> Ask<T>(Func<Instant, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue.Post(() =>
        {
            try
            {
                answer.SetResult(question(_drive.Now));
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        return answer.Task;
    }

    /// <summary>Stops the thread when it has done what is queued, and waits for it, at most for a while.</summary>
    public bool Stop(TimeSpan most)
    {
        _stop.Cancel();
        Queue.Post(static () => { });
        return !_thread.IsAlive || _thread.Join(most);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }

    private void Run()
    {
        Urgency.RaiseThisThread();
        try
        {
            while (!_stop.IsCancellationRequested) Step();
            Step();
        }
        catch (Exception e)
        {
            // Whatever it was, this Site's state can no longer be trusted; the others' can.
            IsBroken = true;
            SiteRunnerLog.Broken(_log, _site.Definition.Name, e);
            _output.Broken(_drive.Now, e);
        }
    }

    private void Step()
    {
        if (!_stop.IsCancellationRequested) WaitForNext();
        Turn();
        _collector?.Collect(UntilNextS());
    }

    /// <summary>Waits until something is to be done: to the whole millisecond by the queue, which plots that cannot wait bring to an end, and for the rest by a nap.</summary>
    private void WaitForNext()
    {
        double wholeMs = Math.Floor(UntilNextS() * 1_000);
        if (wholeMs > 0 && !Queue.Wait(TimeSpan.FromMilliseconds(wholeMs))) return;
        double left = UntilNextS();
        if (left is > 0 and < 0.001) Nap.For(left);
    }

    /// <summary>One turn of the thread: takes what waits, moves the clock, and passes on what came of it.</summary>
    internal void Turn()
    {
        Interlocked.Exchange(ref _turned, _wall.GetTimestamp());
        _commands.Clear();
        int n = Queue.Drain(_entries, _commands);
        Instant now = _clock.Now;
        RunTo(now);
        double behind = n == 0 ? 0 : Behind(_entries.AsSpan(0, n));
        Volatile.Write(ref _behindS, behind);
        for (int i = 0; i < n; i++)
        {
            ref readonly PlotQueue.Entry entry = ref _entries[i];
            if (entry.Rejection is { } rejection) _drive.Reject(rejection, now);
            else Take(entry.Plot.Plot, now, behind);
        }
        foreach (Action command in _commands) command();
        RunTo(_clock.Now);
        if (n == 0 && _commands.Count == 0 && _settled != Instant.MinValue && _drive.Now.SecondsSince(_settled) < SettleS && !_stop.IsCancellationRequested) return;
        _settled = _drive.Now;
        _output.Settle(_drive.Now, _site, _plots);
    }

    /// <summary>Moves the clock on step by step, so that a warning leaves before the steps after it are done.</summary>
    private void RunTo(Instant now)
    {
        while (_drive.Next is var next && next <= now)
        {
            _drive.RunTo(next);
            if (!_output.HasNews) continue;
            _output.Settle(_drive.Now, _site, _plots);
            _collector?.NewsLeft();
        }
        _drive.RunTo(now);
    }

    private void Take(in Plot plot, Instant now, double behind)
    {
        // To ask costs a tenth of what the plot costs. What does not move is known after some looks only, so it is asked before it matters.
        PlotWorth worth = behind > AskWorthAfterS ? _site.Worth(plot) : PlotWorth.FeedsTrack;
        if (worth == PlotWorth.Neither && behind > ShedUselessAfterS) Interlocked.Increment(ref _shedUseless);
        else if (worth == PlotWorth.CouldBegin && behind > ShedBeginningsAfterS) Interlocked.Increment(ref _shedBeginnings);
        else _drive.Feed(plot with { Number = Interlocked.Increment(ref _plots) }, now);
    }

    /// <summary>How long the oldest plot has waited in the queue.</summary>
    private double Behind(ReadOnlySpan<PlotQueue.Entry> entries)
    {
        Instant now = WallClock.InstantOf(_wall.GetUtcNow());
        foreach (ref readonly PlotQueue.Entry entry in entries)
            if (entry.Rejection is null) return Math.Max(0, now.SecondsSince(entry.Plot.Received));
        return 0;
    }

    private double UntilNextS() => Math.Max(0, Math.Min(LookS, _drive.Next.SecondsSince(_clock.Now) / _clock.Speed));
}

internal static partial class SiteRunnerLog
{
    [LoggerMessage(1, LogLevel.Critical, "The site {Site} broke an invariant and has stopped: no warning will come from it. Start the server again, and report this.")]
    public static partial void Broken(ILogger log, string site, Exception e);
}
