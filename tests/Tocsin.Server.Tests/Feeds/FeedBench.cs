using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Geodesy;
using Tocsin.Server.Feeds;
using Tocsin.Server.Live;

namespace Tocsin.Server.Tests.Feeds;

/// <summary>Keeps what the desk gives on, and lets a test wait for it.</summary>
internal sealed class KeepingIntake : IPlotIntake
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly List<QueuedPlot> _plots = [];
    private readonly List<Rejection> _rejections = [];

    /// <summary>Whether it has no room.</summary>
    public bool IsFull { get; set; }

    public QueuedPlot[] Plots
    {
        get
        {
            lock (_plots) return [.. _plots];
        }
    }

    public Rejection[] Rejections
    {
        get
        {
            lock (_plots) return [.. _rejections];
        }
    }

    public bool Offer(in QueuedPlot plot)
    {
        lock (_plots)
        {
            if (IsFull) return false;
            _plots.Add(plot);
            Monitor.PulseAll(_plots);
            return true;
        }
    }

    public void Reject(in Rejection rejection)
    {
        lock (_plots)
        {
            _rejections.Add(rejection);
            Monitor.PulseAll(_plots);
        }
    }

    /// <summary>Waits until so many plots and rejected pieces have come; false where they have not after a long time.</summary>
    public bool Wait(int plots, long rejected = 0) => WaitUntil((came, refused) => came.Count >= plots && refused.Sum(r => r.Count) >= rejected);

    /// <summary>Waits until so many plots of one feed have come.</summary>
    public bool WaitForFeed(int feed, int plots) => WaitUntil((came, _) => came.Count(p => p.Feed == feed) >= plots);

    /// <summary>Waits until so many plots of one sensor have come.</summary>
    public bool WaitForSensor(int sensor, int plots) => WaitUntil((came, _) => came.Count(p => p.Plot.Sensor == sensor) >= plots);

    // Asked and waited for under one lock: what comes between the two would never be seen.
    private bool WaitUntil(Func<List<QueuedPlot>, List<Rejection>, bool> holds)
    {
        DateTime until = DateTime.UtcNow + s_deadline;
        lock (_plots)
        {
            while (!holds(_plots, _rejections))
                if (DateTime.UtcNow > until || !Monitor.Wait(_plots, s_deadline)) return false;
            return true;
        }
    }
}

/// <summary>A clock whose time of day can be moved while its time stamps go on, as an operator or NTP does it.</summary>
internal sealed class MovableClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public TimeSpan Moved { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Moved;

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
}

/// <summary>A clock that knows whether anybody waits on it, so that a test moves it only when there is somebody to wake.</summary>
internal sealed class StepClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private int _waiting;

    /// <summary>Whether a wait of a length is going on; those that repeat do not count.</summary>
    public bool IsAwaited => Volatile.Read(ref _waiting) > 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan || dueTime == Timeout.InfiniteTimeSpan) return base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _waiting);
        var wait = new Wait(this);
        wait.Timer = base.CreateTimer(
            s =>
            {
                wait.End();
                callback(s);
            },
            state, dueTime, period);
        return wait;
    }

    private sealed class Wait(StepClock clock) : ITimer
    {
        private int _ended;

        public ITimer? Timer { get; set; }

        public void End()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) Interlocked.Decrement(ref clock._waiting);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => Timer!.Change(dueTime, period);

        public void Dispose()
        {
            End();
            Timer?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

/// <summary>A real feed of which a test sees when it has ended.</summary>
internal sealed class WatchedFeed(Feed feed) : Feed(feed.Name, feed.Uri)
{
    private int _running = 1;

    public bool HasEnded => Volatile.Read(ref _running) == 0;

    public override async Task RunAsync(IFeedSink sink, CancellationToken stop)
    {
        Volatile.Write(ref _running, 1);
        try
        {
            await feed.RunAsync(sink, stop);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }
}

/// <summary>A feed that a test plays.</summary>
internal sealed class ScriptedFeed(string name) : Feed(name, new Uri($"http://{name}/"))
{
    // Continuations run at once, on the test's own thread: nothing to wait for.
    private TaskCompletionSource _end = new();
    private readonly Channel<int> _started = Channel.CreateUnbounded<int>();

    public IFeedSink Sink { get; private set; } = null!;

    public int Runs { get; private set; }

    public override Task RunAsync(IFeedSink sink, CancellationToken stop)
    {
        (Sink, _end) = (sink, new());
        Runs++;
        stop.Register(() => _end.TrySetCanceled(stop));
        _started.Writer.TryWrite(Runs);
        return _end.Task;
    }

    public Task Started() => _started.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public void End() => _end.SetResult();

    public void Fail(string why) => _end.SetException(new IOException(why));
}

/// <summary>A site with a north and a south radar that overlap in the middle, a desk with scripted feeds, and a clock that the test drives.</summary>
internal sealed class FeedBench : IAsyncDisposable
{
    public const double RadPerDegree = Math.PI / 180;

    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly double _stepS;

    public FeedBench(SiteDefinition? site = null, double stepS = 0.25, params ReadOnlySpan<FeedSettings> feeds)
    {
        Site = site ?? TwoRadars();
        _stepS = stepS;
        Scripted = [.. feeds.ToArray().Select(f => new ScriptedFeed(f.Name))];
        Desk = new(Site, [.. feeds.ToArray().Zip(Scripted, (s, f) => new DeskFeed(s, f))], Intake, new WallClock(Clock), Clock, NullLogger.Instance)
        {
            Changed = s => Changes.Add(s),
            SensorChanged = (s, c, blind) => SensorChanges.Add((s, c, blind)),
            SightChanged = s => Sights.Add(s),
            Told = (f, w) => Notes.Add($"{f}: {w}"),
        };
    }

    public MovableClock Clock { get; } = new(Start);

    public KeepingIntake Intake { get; } = new();

    public SiteDefinition Site { get; }

    public FeedDesk Desk { get; }

    public ScriptedFeed[] Scripted { get; }

    public List<FeedStatus> Changes { get; } = [];

    public List<(int Sensor, SensorCondition Condition, string Blind)> SensorChanges { get; } = [];

    public List<string> Sights { get; } = [];

    public List<string> Notes { get; } = [];

    public Instant Now => WallClock.InstantOf(Clock.GetUtcNow());

    public static FeedSettings Settings(string name) => new() { Name = name, Kind = FeedKind.Http, Uri = new Uri($"http://{name}/") };

    public static SensorDefinition Radar(string id, double latitudeDeg, double longitudeDeg, double rangeM, byte sic = 1) => new()
    {
        Id = id,
        Position = new Geodetic(latitudeDeg * RadPerDegree, longitudeDeg * RadPerDegree, 100),
        RangeSigmaM = 15,
        AzimuthSigmaRad = 0.003,
        ElevationSigmaRad = 0.003,
        ScanPeriodS = 0.5,
        MaxRangeM = rangeM,
        MinElevationRad = 0,
        DetectionProbability = 0.9,
        Asterix = new(25, sic, null),
    };

    public static SiteDefinition SiteOf(params ImmutableArray<SensorDefinition> sensors) => new()
    {
        Name = "camp",
        GroundElevationM = 100,
        Frame = new LocalFrame(new Geodetic(46 * RadPerDegree, 8 * RadPerDegree, 100)),
        Sensors = sensors,
    };

    /// <summary>Two radars 16 km apart, 12 km each: 0.072 degrees of latitude are 8 km.</summary>
    public static SiteDefinition TwoRadars() => SiteOf(Radar("north radar", 46.072, 8, 12_000, 1), Radar("south radar", 45.928, 8, 12_000, 2));

    public Plot PlotOf(int sensor, double ageS = 0.02) => new() { Time = Now.AddSeconds(-ageS), Sensor = sensor, Measurement = new(5_000, 1, 0.3) };

    public async Task StartAsync()
    {
        Desk.Start();
        foreach (ScriptedFeed feed in Scripted) await feed.Started();
    }

    /// <summary>Lets time pass; <paramref name="each"/> is done in every step, with the time that has passed.</summary>
    public void Run(double seconds, Action<double> each)
    {
        for (double t = 0; t < seconds - 1e-9; t += _stepS)
        {
            each(t);
            Clock.Advance(TimeSpan.FromSeconds(_stepS));
        }
    }

    /// <summary>Seconds until a condition holds while <paramref name="each"/> is done in every step; infinity where it never does within a minute.</summary>
    public double Until(Func<bool> holds, Action<double> each)
    {
        for (double t = 0; t < 60; t += _stepS)
        {
            if (holds()) return t;
            each(t);
            Clock.Advance(TimeSpan.FromSeconds(_stepS));
        }
        return double.PositiveInfinity;
    }

    public void Send(int feed, int sensor, int plots, double ageS = 0.02)
    {
        Scripted[feed].Sink.Heard(plots * 50);
        for (int i = 0; i < plots; i++) Scripted[feed].Sink.Take(PlotOf(sensor, ageS), Now);
    }

    public FeedStatus Of(int feed) => Desk.Statuses()[feed];

    public ValueTask DisposeAsync() => Desk.DisposeAsync();
}
