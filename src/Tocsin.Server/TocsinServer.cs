using System.Collections.Immutable;
using System.Globalization;
using System.Runtime;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tocsin.Server.Access;
using Tocsin.Server.Channels;
using Tocsin.Server.Configuration;
using Tocsin.Server.Control;
using Tocsin.Server.Feeds;
using Tocsin.Server.Live;
using Tocsin.Server.Messages;
using Tocsin.Server.Page;
using Tocsin.Server.Ports;
using Tocsin.Server.Storage;
using Tocsin.Server.Telemetry;

namespace Tocsin.Server;

/// <summary>The live server of one site: feeds in, warnings out, the page.</summary>
public sealed class TocsinServer : IAsyncDisposable
{
    // Every zone's page hears a beat each second, and they share that second among them.
    private const int BeatsAnHour = 3_600, BeatShares = 10, LeastWorkers = 6;
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(1), s_stop = TimeSpan.FromSeconds(3);

    private readonly WebApplication _app;
    private readonly ServeOptions _options;
    private readonly ServerParts _parts;
    private readonly FeedDesk _feeds;
    private readonly ChannelDesk _channels;
    private readonly LiveRecorder _recorder;
    private readonly NoticeBoard _notices;
    private readonly Rehearsal _rehearsal;
    private readonly Journal _journal;
    private readonly CancellationTokenSource _stopping;
    private readonly FileStream _lock;
    private readonly ImmutableArray<PendingMessage> _pending;
    private ITimer? _heart;
    private long _plotsBefore, _beats, _shares;

    private TocsinServer(WebApplication app, ServeOptions options, ServerParts parts, FeedDesk feeds, ChannelDesk channels, LiveRecorder recorder, NoticeBoard notices,
        CancellationTokenSource stopping, FileStream folderLock, ImmutableArray<PendingMessage> pending) =>
        (_app, _options, _parts, _feeds, _channels, _recorder, _notices, _stopping, _lock, _pending, _journal, _rehearsal) =
        (app, options, parts, feeds, channels, recorder, notices, stopping, folderLock, pending, app.Services.GetRequiredService<Journal>(), new(parts.Main.Parts, channels.Channels));

    /// <summary>The site at work.</summary>
    public LiveSite Main => _parts.Main;

    /// <summary>Where the server listens, once started.</summary>
    public IReadOnlyList<string> Addresses => [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? []];

    /// <summary>Puts a server together; null where the configuration is not right, with every problem of it.</summary>
    public static TocsinServer? Make(ServeOptions options, List<string> problems)
    {
        // Before any thread is made that sets its own.
        Urgency.RaiseServer();
        List<ConfigProblem> wrong = [];
        string config = options.ConfigFile ?? Path.Combine(options.DataFolder, "tocsin.json");
        JsonDocument? document = options.ConfigFile is not null || File.Exists(config) ? ServerSettings.Open(config, wrong) : null;
        var top = document is null ? ConfigSection.Empty(wrong) : new ConfigSection(document.RootElement, wrong);
        ServerSettings settings = ServerSettings.Read(top);
        if (options.Raid is not null) settings = settings with { Status = OperationStatus.Exercise };
        LanguageSettings languages = LanguageSettings.Read(top.Sections("languages"));
        if (languages.Check(settings.Status) is { } unsigned) wrong.Add(unsigned);
        StorageSettings storage = StorageSettings.Read(top.Section("storage"), options.DataFolder);
        AccessSettings access = AccessSettings.Read(top.Section("access"), options.Urls, settings.Status, options.Wall) with { TileOrigins = settings.Page.Hosts };
        if (options.Raid is not null && AccessSettings.OpenProblem(options.Urls, settings.Status) is null) access = access with { Open = Role.Operator };
        SiteClock clock = options.Raid is { } raid ? new ExerciseClock(options.Wall, raid.Start, options.RaidSpeed) : new WallClock(options.Wall);
        List<string> feedProblems = [];
        IReadOnlyList<FeedSettings> feedSettings = FeedSettings.ReadAll(top, options.Feeds, feedProblems);
        IReadOnlyList<DeskFeed> feeds = FeedMaker.Make(feedSettings, options.Site, settings.Status, clock, options.Wall, s => FeedKinds.Tcp(s, options.Site, options.Wall), feedProblems);
        if (options.Raid is { } played)
        {
            FeedSettings raidFeed = RaidFeed.Settings(played);
            feeds = [.. feeds, new(raidFeed, new RaidFeed(raidFeed, played, clock, options.Wall))];
        }

        var log = new LogWriter(options.Log);
        ILoggerFactory early = LoggerFactory.Create(b => b.AddProvider(log).SetMinimumLevel(LogLevel.Information));
        ImmutableArray<ZonePlace> zones = ZonePlaces.Of(options.Site);
        string key = SiteKey(options.Site.Definition.Name);
        var context = new ChannelContext(options.Site, key, settings.Status, zones, options.Wall, options.DataFolder, early.CreateLogger("Tocsin.Channels"));
        var told = new ChannelTeller();
        ChannelDesk channels = ChannelDesk.Read(top.Sections("channels"), context, told);
        top.End();
        string file = document is null ? "" : Path.GetFileName(config) + ": ";
        problems.AddRange(wrong.Select(w => file + w));
        problems.AddRange(feedProblems);
        FileStream? folderLock = problems.Count > 0 ? null : LockFolder(options.DataFolder, problems);
        if (folderLock is null) return null;
        return Assemble(options, settings, languages, access, storage, clock, feeds, channels, told, zones, key, log, early, folderLock);
    }

    /// <summary>Starts: what is outside may come in from here on.</summary>
    public async Task StartAsync()
    {
        // One call that blocks must not keep a warning waiting for the half second in which the pool makes another thread.
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(workers, LeastWorkers), ports);
        // A collection that stops every thread while a warning is on its way is put off for as long as there is memory.
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        await _app.StartAsync();
        // A Site that has stopped or hangs gives no sign of life: sirens and pages must find out that nobody is protected.
        _channels.Start(() => !_parts.Main.Runner.IsWorking ? null : new(_parts.Clock.Now, _parts.Settings.Status, _parts.Open), () => _parts.TakePicture());
        foreach (PendingMessage p in _pending) _channels.OfferAgain(p, TimeSpan.FromSeconds(Math.Max(0, _parts.Clock.Now.SecondsSince(p.Message.Time))));
        _parts.Main.Start();
        _recorder.PackLeft();
        _feeds.Start();
        _rehearsal.Begin();
        _heart = _options.Wall.CreateTimer(_ => Beat(), null, s_beat / BeatShares, s_beat / BeatShares);
    }

    /// <summary>Waits until every feed has ended and the Site has nothing left to wait for: the end of a demonstration.</summary>
    public async Task UntilOverAsync(CancellationToken stop)
    {
        while (_feeds.Statuses().Any(f => f.State != FeedState.Ended)) await Task.Delay(s_beat / 4, _options.Wall, stop);
        await RaidPlayer.IdleAsync(_parts.Main, _parts.Clock.Now, _options.Wall, stop);
    }

    /// <summary>Stops: feeds first, then the Site, then what is still on its way out.</summary>
    public async Task StopAsync()
    {
        if (_heart is not null) await _heart.DisposeAsync();
        await _feeds.StopAsync().WaitAsync(s_stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Before the channels, whose certificates it uses.
        await _rehearsal.DisposeAsync();
        await _parts.Drills.DisposeAsync();
        _parts.Main.Stop(s_stop);
        await ((Task)_channels.StopAsync()).WaitAsync(s_stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync();
        await _app.StopAsync().WaitAsync(s_stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _feeds.DisposeAsync();
        await _rehearsal.DisposeAsync();
        await _channels.DisposeAsync();
        await _parts.Main.DisposeAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
        await _lock.DisposeAsync();
    }

    /// <summary>A site's name as a part of identities, topics and paths.</summary>
    public static string SiteKey(string name)
    {
        var key = new StringBuilder();
        foreach (char c in name.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) key.Append(c);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && key.Length > 0 && key[^1] != '-') key.Append('-');
        }
        string made = key.ToString().Trim('-');
        return made.Length > 0 ? made[..Math.Min(made.Length, 40)].Trim('-') : "site";
    }

    private static FileStream? LockFolder(string folder, List<string> problems)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{folder}: cannot be used ({e.Message}); stop the server that uses it, or give another folder with --data");
            return null;
        }
    }

    private static TocsinServer Assemble(ServeOptions options, ServerSettings settings, LanguageSettings languages, AccessSettings access, StorageSettings storage, SiteClock clock,
        IReadOnlyList<DeskFeed> feeds, ChannelDesk channels, ChannelTeller told, ImmutableArray<ZonePlace> zones, string key, LogWriter log, ILoggerFactory early, FileStream folderLock)
    {
        ILogger logger = early.CreateLogger("Tocsin.Live");
        SiteDefinition site = options.Site.Definition;
        string epoch = (options.Wall.GetUtcNow().UtcTicks / TimeSpan.TicksPerMillisecond).ToString("x", CultureInfo.InvariantCulture);
        string recordings = Path.Combine(options.DataFolder, "recordings");
        var stopping = new CancellationTokenSource();
        var stream = new OperatorStream(epoch);
        var board = new PublicBoard(epoch, site.Name, settings.Status, clock, zones);
        var notices = new NoticeBoard(stream, clock);

        WebApplication app = ServerHost.Build(options, settings, access, storage, log);
        Journal journal = app.Services.GetRequiredService<Journal>();

        // What was there before: the state, the desk, and what channels had not delivered.
        var snapshots = new SnapshotFile(Path.Combine(options.DataFolder, "state", "site.snapshot"), () => channels.Pending, logger);
        Takeover takeover = options.Raid is null ? Takeover.Of(snapshots, options.Site, settings.Status, recordings, logger) : Takeover.None;
        string prefix = takeover.Snapshot?.Prefix ?? $"{key}.{options.Wall.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}";
        var recorder = new LiveRecorder(recordings, key, options.Site, settings.Status, options.Raid?.Seed, options.Wall, logger);
        ServerParts? parts = null;
        var ledger = new LiveLedger(journal, notices, settings, options.Site, () => parts!, drill: false);
        Func<WarningMessage, ImmutableArray<WarningText>> compose = new Wording(MessageCatalog.Embedded, languages).Of;
        LiveSiteParts own = new()
        {
            File = options.Site,
            Status = settings.Status,
            Prefix = prefix,
            Clock = clock,
            Wall = options.Wall,
            Zones = zones,
            Recorder = recorder,
            Snapshots = options.Raid is null ? snapshots : null,
            Stream = stream,
            Release = settings.Release,
            Compose = compose,
            Send = m =>
            {
                channels.Offer(m);
                board.On(m, drill: false);
            },
            Ledger = ledger,
            Judge = options.Raid?.Judge,
            Log = logger,
        };
        LiveSite main = TakeUp(own, takeover, logger);

        LiveSite MakeDrill(IRaid raid, string id) => new(own with
        {
            File = raid.Site,
            Status = OperationStatus.Exercise,
            Drill = id,
            Prefix = $"{prefix}.{epoch}.{id}",
            Recorder = new LiveRecorder(recordings, $"{key}-drill-{id}", raid.Site, OperationStatus.Exercise, raid.Seed, options.Wall, logger),
            Snapshots = null,
            Send = m =>
            {
                channels.Offer(m);
                board.On(m, drill: true);
            },
            Ledger = new LiveLedger(journal, notices, settings, raid.Site, () => parts!, drill: true),
            Judge = null,
        }, new Site(raid.Site.Definition, OperationStatus.Exercise), 0);

        parts = new()
        {
            File = options.Site,
            Settings = settings,
            Languages = languages,
            Clock = clock,
            Stream = stream,
            Public = board,
            Shelf = new(recordings),
            Main = main,
            Drills = new(MakeDrill, stream, clock, notices, options.Wall, logger),
            Raids = settings.DrillScenarios is { } folder ? options.Raids.With(folder) : options.Raids,
            Journal = (act, identity, who, address, detail) => journal.Record(new OperatorActed(clock.Now, options.Wall.GetUtcNow(), who, act, identity, detail, address)),
            Stopping = stopping.Token,
        };
        told.Listen(parts, journal, notices);
        var desk = new FeedDesk(site, feeds, new Intake(main.Runner), clock, options.Wall, early.CreateLogger("Tocsin.Feeds"));
        FeedTeller.Listen(desk, parts, journal);
        ServerHost.Map(app, parts, access, desk, channels, notices);
        Instruments.Of(main, main.Tally, recorder, channels, board, stream, journal);
        return new(app, options, parts, desk, channels, recorder, notices, stopping, folderLock, takeover.Snapshot?.Pending ?? []);
    }

    /// <summary>The Site as the last server left it. Where going through what came after the snapshot fails, what it was at the snapshot; where that fails too, a new one:
    /// a plot that broke the Site once must not keep it from ever starting again.</summary>
    private static LiveSite TakeUp(LiveSiteParts own, Takeover takeover, ILogger log)
    {
        SiteDefinition site = own.File.Definition;
        foreach (RecordingTail? tail in (RecordingTail?[])[takeover.Tail, null])
        {
            if (takeover.Snapshot is not { } snapshot) break;
            try
            {
                var main = new LiveSite(own, Site.Load(site, own.Status, snapshot.State.Bytes.ToArray()), snapshot.Plots);
                own.Recorder.PreviousSeal = main.CatchUp(snapshot, tail) ?? snapshot.Previous;
                return main;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                ServerLog.NotCaughtUp(log, e);
            }
            if (tail is null) break;
        }
        return new(own, new Site(site, own.Status), 0);
    }

    private void Beat()
    {
        int share = (int)(_shares++ % BeatShares);
        if (share == 0) BeatOperators();
        if (_parts.Main.Runner.IsWorking) _parts.Public.Beat(share, BeatShares);
    }

    private void BeatOperators()
    {
        Tidy();
        RunnerLoad load = _parts.Main.Runner.Load;
        long plots = load.Plots;
        _parts.Stream.Add("9load", new LoadEvent("load", _parts.Clock.Now.ToString(), (plots - _plotsBefore) / s_beat.TotalSeconds, load.Queued, load.Shed, _parts.Main.TrackCount, _recorder.State.LostLines),
            PageJson.Default.LoadEvent);
        _plotsBefore = plots;
        _notices.Set("hanging", Severity.Danger, _parts.Main.Runner.IsHanging
            ? "THE SITE HANGS: nothing has come from it for more than two seconds, and no warning will. Start the server again, and sound the alarm by hand until it runs." : null);
        // A Site that has stopped or hangs protects nobody: its pages must fall silent and say so.
        if (!_parts.Main.Runner.IsWorking)
        {
            _parts.Stream.Flush();
            return;
        }
        _parts.Stream.Beat(_parts.Clock.Now, _parts.Clock.Speed);
        RecorderState recording = _recorder.State;
        _notices.Set("recording", Severity.Danger, recording.Failing is { } why ? $"What happens is not being recorded ({why}); warnings go on. {recording.LostLines} lines are lost so far." : null);
        JournalState journal = _journal.State;
        _notices.Set("journal", Severity.Caution, journal.Ok ? null : $"The database cannot be written; warnings go on. {journal.Note}");
        _notices.Set("shedding", Severity.Caution, load.BehindS > 0.5 ? "The site cannot keep up with its plots and leaves out those that matter least; new rounds may be seen late." : null);
    }

    /// <summary>Deletes recordings that are older than they are to be kept, once an hour.</summary>
    private void Tidy()
    {
        if (_parts.Settings.KeepRecordingsDays == 0 || _beats++ % BeatsAnHour != 0) return;
        int gone = _parts.Shelf.DeleteBefore(_options.Wall.GetUtcNow().AddDays(-_parts.Settings.KeepRecordingsDays), _recorder.File);
        if (gone > 0) ServerLog.Tidied(_app.Logger, gone, _parts.Settings.KeepRecordingsDays);
    }

    private sealed class Intake(SiteRunner runner) : IPlotIntake
    {
        public bool Offer(in QueuedPlot plot) => runner.Offer(new ReadOnlySpan<QueuedPlot>(in plot)) == 1;

        public int Offer(ReadOnlySpan<QueuedPlot> plots) => runner.Offer(plots);

        public void Reject(in Rejection rejection) => runner.Queue.Offer(rejection);
    }
}

internal static partial class ServerLog
{
    [LoggerMessage(50, LogLevel.Critical, "What came after the last snapshot could not be gone through; the site begins from the snapshot, or anew.")]
    public static partial void NotCaughtUp(ILogger log, Exception e);

    [LoggerMessage(51, LogLevel.Information, "{Count} recordings older than {Days} days were deleted.")]
    public static partial void Tidied(ILogger log, int count, int days);
}
