using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Tocsin.Server.Live;

namespace Tocsin.Server.Feeds;

/// <summary>One feed with what is set about it.</summary>
/// <param name="Settings">What is set.</param>
/// <param name="Feed">The feed.</param>
public sealed record DeskFeed(FeedSettings Settings, Feed Feed);

/// <summary>Runs a site's feeds, each for itself, and watches them: what comes in, what is wrong with it, and what the system cannot see for it.</summary>
/// <remarks>A feed that fails is started again with back-off; nothing that one does harms another. The health is judged by a timer, so that it speaks
/// when nothing comes at all. The callbacks are called from that timer, one at a time, outside every lock, and must not block.</remarks>
public sealed class FeedDesk : IAsyncDisposable
{
    private const double MachineStepS = 0.25, RefreshS = 2, NeverHeardS = 10, NeverHeardScans = 4, RanWellS = 60;
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(250);

    private readonly SiteDefinition _site;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly DeskFeed[] _feeds;
    private readonly FeedAccount[] _accounts;
    private readonly FeedHealth[] _health;
    private readonly FeedRun[] _runs;
    private readonly FeedMetrics _metrics;
    private readonly BlindSector _blind;
    private readonly Lock _tickGate = new();
    private readonly Lock _shownGate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SensorCondition[] _told;
    private readonly FeedStatus?[] _shown;
    private readonly double[] _shownS;
    private readonly Dictionary<(UInt128 Missing, UInt128 Works), string> _sectors = [];
    private readonly long _began;
    private readonly DateTimeOffset _beganUtc;
    private double _machineStepS;
    private FeedStatus[] _statuses;
    private string _sight = "", _sightTold = "";
    private double _sightToldS;
    private Task[] _running = [];
    private ITimer? _timer;

    /// <summary>Makes a desk that has not started.</summary>
    /// <param name="site">The site.</param>
    /// <param name="feeds">Its feeds, by their index (see <see cref="FeedMaker"/>); their names are unique.</param>
    /// <param name="intake">Takes the plots.</param>
    /// <param name="siteClock">The time that the Site goes by.</param>
    /// <param name="clock">This machine's clock.</param>
    /// <param name="log">The server's log.</param>
    public FeedDesk(SiteDefinition site, IReadOnlyList<DeskFeed> feeds, IPlotIntake intake, SiteClock siteClock, TimeProvider clock, ILogger log)
    {
        (_site, _clock, _log) = (site, clock, log);
        _feeds = [.. feeds];
        _metrics = new([.. feeds.Select(f => f.Settings.Name)], [.. site.Sensors.Select(s => s.Id)], i => _health?[i].Sample);
        _accounts = [.. feeds.Select((f, i) => new FeedAccount(i, f.Settings, site, intake, siteClock, clock, _metrics))];
        _health = [.. feeds.Select(f => new FeedHealth(f.Settings, site))];
        foreach ((DeskFeed feed, FeedAccount account) in _feeds.Zip(_accounts))
            account.OnTold = what =>
            {
                FeedLog.Told(log, feed.Settings.Name, what);
                Told?.Invoke(feed.Settings.Name, what);
            };
        _runs = new FeedRun[_feeds.Length];
        _shown = new FeedStatus?[_feeds.Length];
        _shownS = new double[_feeds.Length];
        _told = new SensorCondition[site.Sensors.Length];
        _blind = new BlindSector(site);
        (_began, _beganUtc) = (clock.GetTimestamp(), clock.GetUtcNow());
        _statuses = [.. _health.Select(h => h.Status(FeedState.Waiting, ""))];
    }

    /// <summary>A feed changed its state, or what is shown of it; at most every two seconds for the latter.</summary>
    public Action<FeedStatus>? Changed { get; set; }

    /// <summary>A sensor changed its condition: its index, the condition, and what cannot be seen for it (empty where all can). For the recording.</summary>
    public Action<int, SensorCondition, string>? SensorChanged { get; set; }

    /// <summary>A feed told something of itself: its name, and what.</summary>
    public Action<string, string>? Told { get; set; }

    /// <summary>The sentence that says what the system cannot see changed in more than its numbers, or its numbers did after two seconds.</summary>
    public Action<string>? SightChanged { get; set; }

    /// <summary>The feeds, by their index.</summary>
    public IReadOnlyList<DeskFeed> Feeds => _feeds;

    /// <summary>Every feed as it looks now, by index.</summary>
    public IReadOnlyList<FeedStatus> Statuses()
    {
        lock (_shownGate) return _statuses;
    }

    /// <summary>What the system cannot see now, in a sentence or more; empty when all is seen. Not for outputs without log-in.</summary>
    public string Sight()
    {
        lock (_shownGate) return _sight;
    }

    /// <summary>Maps <c>POST /api/feeds/{name}/plots</c> for the feeds that are posted to; it asks for the policy <c>feed</c>.</summary>
    public IEndpointConventionBuilder MapPost(IEndpointRouteBuilder routes) => HttpPlotFeed.MapPost(routes, [.. _feeds.Select(f => f.Feed).OfType<HttpPlotFeed>()]);

    /// <summary>Starts every feed and the watch over them.</summary>
    public void Start()
    {
        _running = [.. _feeds.Select((_, i) => Task.Run(() => RunFeedAsync(i, _stop.Token)))];
        _timer = _clock.CreateTimer(_ => Tick(), null, s_period, s_period);
        Tick();
    }

    /// <summary>Stops every feed, and returns when they have stopped, at the latest after <see cref="FeedLimits.StopS"/>.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_timer is not null) await _timer.DisposeAsync();
        _timer = null;
        try
        {
            await Task.WhenAll(_running).WaitAsync(TimeSpan.FromSeconds(FeedLimits.StopS), _clock);
        }
        catch (TimeoutException)
        {
            FeedLog.Stuck(_log, FeedLimits.StopS);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _metrics.Dispose();
        _stop.Dispose();
    }

    private async Task RunFeedAsync(int index, CancellationToken stop)
    {
        (FeedSettings settings, Feed feed) = _feeds[index];
        double backOff = FeedLimits.FirstBackOffS;
        while (!stop.IsCancellationRequested)
        {
            long began = _clock.GetTimestamp();
            string fault;
            try
            {
                SetRun(index, default);
                await feed.RunAsync(_accounts[index], stop);
                if (stop.IsCancellationRequested) return;
                SetRun(index, new(HasEnded: true, null));
                FeedLog.Ended(_log, settings.Name);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, it is this feed's alone: the others run on, and this one is tried again.
                fault = e.Message.ReplaceLineEndings(" ");
                if (stop.IsCancellationRequested) return;
                FeedLog.Failed(_log, settings.Name, backOff, e);
            }
            if (_clock.GetElapsedTime(began).TotalSeconds > RanWellS) backOff = FeedLimits.FirstBackOffS;
            SetRun(index, new(HasEnded: false, fault.Length > FeedLimits.NoteCharacters ? fault[..FeedLimits.NoteCharacters] : fault));
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(backOff), _clock, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            backOff = Math.Min(FeedLimits.LastBackOffS, backOff * 2);
        }
    }

    private void SetRun(int index, FeedRun run)
    {
        lock (_shownGate) _runs[index] = run;
    }

    /// <summary>Judges everything anew, and tells what changed.</summary>
    private void Tick()
    {
        if (!_tickGate.TryEnter()) return;
        try
        {
            double now = _clock.GetElapsedTime(_began).TotalSeconds;
            WatchMachineClock(now);
            for (int i = 0; i < _feeds.Length; i++)
            {
                FeedRun run;
                lock (_shownGate) run = _runs[i];
                _health[i].Note(_accounts[i].Sample(), run);
            }
            SensorHealth[] sensors = [.. _site.Sensors.Select((_, s) => HealthOf(s, now))];
            bool[] working = [.. sensors.Select((h, s) => h.Condition != SensorCondition.Silent && IsHeard(s))];
            Func<int, bool> works = s => working[s];
            FeedStatus[] statuses = [.. _feeds.Select((_, i) => StatusOf(i, sensors, works))];
            string sight = SightOf(sensors, works);
            lock (_shownGate) (_statuses, _sight) = (statuses, sight);
            bool sightChanged = sight != _sightTold && (now - _sightToldS >= RefreshS || !SameWords(sight, _sightTold));
            for (int i = 0; i < statuses.Length; i++) Show(i, statuses[i], now);
            for (int s = 0; s < sensors.Length; s++)
            {
                if (sensors[s].Condition == _told[s]) continue;
                _told[s] = sensors[s].Condition;
                int sensor = s;
                SensorChanged?.Invoke(s, sensors[s].Condition, sensors[s].Condition == SensorCondition.Ok ? "" : Sentence(sensors[s], Sector(x => x == sensor, x => x != sensor && works(x))));
            }
            if (!sightChanged) return;
            (_sightTold, _sightToldS) = (sight, now);
            SightChanged?.Invoke(sight);
        }
        catch (Exception e)
        {
            // A watch that dies would be silence that does not show.
            FeedLog.WatchFailed(_log, e);
        }
        finally
        {
            _tickGate.Exit();
        }
    }

    private void Show(int index, FeedStatus status, double now)
    {
        FeedStatus? shown = _shown[index];
        if (shown is not null && shown.State == status.State && (shown == status || now - _shownS[index] < RefreshS)) return;
        if (shown?.State != status.State) FeedLog.State(_log, status.Feed, status.State, status.Meaning);
        (_shown[index], _shownS[index]) = (status, now);
        Changed?.Invoke(status);
    }

    private bool IsHeard(int sensor) => _health.Any(h => h.Sample is { } sample && Array.Exists(sample.Sensors, s => s.Sensor == sensor));

    /// <summary>A sensor's health is that on the feed that brings it best: a second way in makes the first one's fault harmless.</summary>
    private SensorHealth HealthOf(int sensor, double now)
    {
        SensorHealth? best = null;
        foreach (FeedHealth feed in _health)
            if (feed.OfSensor(sensor) is { } h && (best is null || Badness(h.Condition) < Badness(best.Value.Condition))) best = h;
        if (best is { } found) return found;
        SensorDefinition definition = _site.Sensors[sensor];
        if (now < Math.Max(NeverHeardS, NeverHeardScans * definition.ScanPeriodS)) return SensorHealth.Ok;
        return new(SensorCondition.Silent, $"{definition.Id} not heard since the start {FeedHealth.Seconds(now)} ago", "");
    }

    private static int Badness(SensorCondition condition) => condition switch
    {
        SensorCondition.Ok => 0,
        SensorCondition.Late => 1,
        SensorCondition.Faulty => 2,
        SensorCondition.Flooding => 3,
        _ => 4,
    };

    private FeedStatus StatusOf(int index, SensorHealth[] sensors, Func<int, bool> works)
    {
        FeedHealth health = _health[index];
        List<int> own = SensorsOf(index);
        if (health.OfFeed() is { } of)
        {
            string means = of.Means;
            if (means.Length == 0)
            {
                // A feed that brings nothing blinds the sensors that no other feed brings.
                List<int> lost = [.. own.Where(s => !BroughtByAnother(s, index))];
                string sector = Sector(lost.Contains, s => !lost.Contains(s) && works(s));
                means = own.Count == 0 ? "what it covers is not known yet, as nothing came from it"
                    : lost.Count == 0 ? "its sensors come by another feed too" : Unseen(sector);
            }
            return health.Status(of.State, $"{of.Cause}: {means}");
        }
        SensorHealth worst = SensorHealth.Ok;
        int at = -1;
        foreach (int s in own)
            if (health.OfSensor(s) is { } h && Badness(h.Condition) > Badness(worst.Condition)) (worst, at) = (h, s);
        FeedState state = worst.Condition switch
        {
            SensorCondition.Ok => FeedState.Ok,
            SensorCondition.Late => FeedState.Late,
            SensorCondition.Silent => FeedState.Silent,
            SensorCondition.Flooding => FeedState.Flooding,
            _ => FeedState.Faulty,
        };
        return health.Status(state, state == FeedState.Ok ? "" : Sentence(worst, Sector(x => x == at, x => x != at && works(x))));
    }

    private bool BroughtByAnother(int sensor, int feed)
    {
        for (int i = 0; i < _health.Length; i++)
            if (i != feed && _health[i].OfSensor(sensor) is { } h && h.Condition != SensorCondition.Silent) return true;
        return false;
    }

    /// <summary>The sensors that come by a feed: those set, else those that came, else all where it is the only feed.</summary>
    private List<int> SensorsOf(int index)
    {
        FeedSettings settings = _feeds[index].Settings;
        if (settings.Sensors.Length > 0) return [.. Enumerable.Range(0, _site.Sensors.Length).Where(s => settings.Sensors.Contains(_site.Sensors[s].Id))];
        if (_health[index].Sample?.Sensors is { Length: > 0 } came) return [.. came.Select(s => s.Sensor)];
        return _feeds.Length == 1 ? [.. Enumerable.Range(0, _site.Sensors.Length)] : [];
    }

    private string SightOf(SensorHealth[] sensors, Func<int, bool> works)
    {
        List<string> sentences = [];
        int[] lost = [.. Enumerable.Range(0, sensors.Length).Where(s => !works(s))];
        if (lost.Length > 0)
        {
            string why = string.Join(", ", lost.Select(s => sensors[s].Cause.Length > 0 ? sensors[s].Cause : $"{_site.Sensors[s].Id} not heard yet"));
            string sector = Sector(s => !works(s), works);
            if (lost.Length == sensors.Length) sentences.Add($"Nothing can be seen: {why}.");
            else if (sector.Length > 0) sentences.Add($"Rounds {sector}, may not be seen: {why}.");
        }
        foreach (SensorHealth h in sensors)
            if (h.Condition is not (SensorCondition.Ok or SensorCondition.Silent)) sentences.Add($"{h.Cause}: {h.Means}.");
        return string.Join(" ", sentences);
    }

    private static string Sentence(SensorHealth health, string sector) => $"{health.Cause}: {(health.Means.Length > 0 ? health.Means : Unseen(sector))}";

    private static string Unseen(string sector) => sector.Length == 0 ? "other sensors still cover what it covers" : $"rounds {sector}, may not be seen";

    private string Sector(Func<int, bool> missing, Func<int, bool> works)
    {
        (UInt128 Missing, UInt128 Works) key = default;
        for (int s = 0; s < _site.Sensors.Length; s++)
        {
            if (missing(s)) key.Missing |= UInt128.One << s;
            if (works(s)) key.Works |= UInt128.One << s;
        }
        if (_sectors.TryGetValue(key, out string? sector)) return sector;
        if (_sectors.Count > 1_000) _sectors.Clear();
        return _sectors[key] = _blind.Describe(missing, works);
    }

    /// <summary>Whether two sentences differ in their numbers only.</summary>
    private static bool SameWords(string a, string b) =>
        a.Where(c => !char.IsAsciiDigit(c) && c != '.').SequenceEqual(b.Where(c => !char.IsAsciiDigit(c) && c != '.'));

    /// <summary>Sees this machine's own clock being moved: every sensor's offset would seem to step at once.</summary>
    private void WatchMachineClock(double now)
    {
        double step = (_clock.GetUtcNow() - _beganUtc).TotalSeconds - now;
        double moved = step - _machineStepS;
        _machineStepS = step;
        if (Math.Abs(moved) < MachineStepS) return;
        foreach (FeedAccount account in _accounts) account.ForgetClocks();
        string what = $"this machine's own clock was moved by {(moved > 0 ? "+" : "-")}{FeedHealth.Seconds(Math.Abs(moved))}: the sensors' clocks are judged anew";
        FeedLog.Told(_log, "desk", what);
        Told?.Invoke("desk", what);
    }
}

internal static partial class FeedLog
{
    [LoggerMessage(1, LogLevel.Warning, "Feed {Feed} failed and is started again in {BackOffS} s.")]
    public static partial void Failed(ILogger log, string feed, double backOffS, Exception e);

    [LoggerMessage(2, LogLevel.Information, "Feed {Feed} has ended.")]
    public static partial void Ended(ILogger log, string feed);

    [LoggerMessage(3, LogLevel.Information, "Feed {Feed} is {State}. {Meaning}")]
    public static partial void State(ILogger log, string feed, FeedState state, string meaning);

    [LoggerMessage(4, LogLevel.Information, "Feed {Feed}: {What}")]
    public static partial void Told(ILogger log, string feed, string what);

    [LoggerMessage(5, LogLevel.Warning, "Some feeds had not stopped after {Seconds} s and were left behind.")]
    public static partial void Stuck(ILogger log, double seconds);

    [LoggerMessage(6, LogLevel.Error, "The watch over the feeds failed; it goes on.")]
    public static partial void WatchFailed(ILogger log, Exception e);
}
