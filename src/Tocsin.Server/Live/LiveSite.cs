using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Control;
using Tocsin.Server.Page;

namespace Tocsin.Server.Live;

/// <summary>One Site at work in the server: its thread, its recording, its desk, and its share of the page.</summary>
public sealed class LiveSite : IRunnerOutput, IReleaseOutput, IAsyncDisposable
{
    private const double StreamS = 0.1, RecordS = 0.005, QuietS = 20, BusySnapshotS = 4, QuietSnapshotS = 30;
    private const long SnapshotPlots = 20_000;
    private static readonly TimeSpan s_recordingPatience = TimeSpan.FromMilliseconds(50);

    private readonly LiveSiteParts _parts;
    private readonly EventLine _lines;
    private readonly TrackBoard _tracks;
    private readonly List<string> _ended = [];
    private readonly List<WarningMessage> _leaving = [];
    private readonly Lock _pictureGate = new();
    private readonly string _id;
    private Picture _picture;
    private Instant _streamed = Instant.MinValue, _recorded = Instant.MinValue, _busy = Instant.MinValue, _snapshot = Instant.MinValue, _pictured = Instant.MinValue;
    private long _snapshotPlots;
    private string? _incident;
    private string _incidentFile = "";
    private string _snapshotFile = "", _takenUp = "";
    private int _rounds;
    private bool _urgent;
    private List<byte[]>? _caughtUp;
    private Task _written = Task.CompletedTask;

    /// <summary>Makes a live Site that has not started.</summary>
    /// <param name="parts">What it is made of.</param>
    /// <param name="site">The Site, new or recovered.</param>
    /// <param name="plots">Plots that it had before.</param>
    public LiveSite(LiveSiteParts parts, Site site, long plots)
    {
        _parts = parts;
        _id = parts.Drill is null ? "" : parts.Drill + ".";
        _lines = new(parts.File, parts.Status, parts.Drill);
        _tracks = new(parts.File, parts.Status, parts.Prefix, _id, _lines, parts.Stream);
        _picture = new(parts.Clock.Now, parts.Status, parts.File.Definition.Name, [], []);
        Release = new(parts.Prefix, parts.File.Definition, parts.Zones, parts.Release, parts.Compose, site.RiskOf, this);
        Site = site;
        Runner = new(site, parts.Clock, parts.Wall, this, plots, parts.Log, collects: parts.Drill is null);
    }

    /// <summary>The Site; its thread's own once started.</summary>
    internal Site Site { get; }

    /// <summary>Its thread and its queue.</summary>
    public SiteRunner Runner { get; }

    /// <summary>The desk; its thread's own once started.</summary>
    internal WarningRelease Release { get; }

    /// <summary>What asking operators has cost.</summary>
    public ReleaseTally Tally { get; } = new();

    /// <summary>What it is made of.</summary>
    public LiveSiteParts Parts => _parts;

    /// <summary>Whether nothing is under way: asked on any thread, true some moments late.</summary>
    public bool IsIdle { get; private set; } = true;

    /// <summary>The newest message of each warning that is out; any thread may ask, some moments late.</summary>
    public ImmutableArray<WarningMessage> OpenWarnings { get; private set; } = [];

    /// <summary>Confirmed tracks now, some moments late.</summary>
    public int TrackCount => _picture.Tracks.Length;

    /// <summary>How long the Site's thread stood still for the newest snapshot, in seconds.</summary>
    public double SnapshotS { get; private set; }

    /// <summary>The tracks as they stand, for channels that show them. Tracks that ended are told once.</summary>
    public Picture TakePicture()
    {
        lock (_pictureGate)
        {
            Picture taken = _picture with { Ended = [.. _ended] };
            _ended.Clear();
            return taken;
        }
    }

    /// <summary>Begins the recording and starts the thread; what was caught up with is sent first.</summary>
    public void Start()
    {
        _parts.Recorder.Begin(Runner.Began, Site.Now == Instant.MinValue ? null : Site);
        foreach (WarningMessage m in _leaving)
        {
            _parts.Send(m);
            _parts.Ledger.Said(m, _incident ?? "");
        }
        _leaving.Clear();
        Runner.Start();
    }

    /// <summary>Goes through what came between the snapshot and the end of the process, before the start. What was open is told again; the recording that was cut
    /// short gets the lines it lacks, and its seal.</summary>
    /// <param name="snapshot">Where the Site was taken from.</param>
    /// <param name="tail">What came after; null where that is not known.</param>
    /// <returns>The seal of the recording that was cut short; null without one.</returns>
    public string? CatchUp(Snapshot snapshot, RecordingTail? tail)
    {
        Release.Restore(snapshot.Desk);
        (_incident, _rounds, _takenUp) = (snapshot.Incident, snapshot.Rounds, snapshot.Recording);
        // What operators saw: tracks that coast and warnings that stand are not told again by the Site.
        foreach (ShownEvent shown in snapshot.Shown) _parts.Stream.Add(shown.Subject, shown.Json);
        _tracks.Restore(snapshot.Shown);
        foreach (DeskEntry d in snapshot.Desk)
            if (d.Held) Held(d.Message, d.SendsAt);
        if (tail is null)
        {
            // An old state's warnings are over: the Site ends them itself, and nobody is alarmed by them again.
            _leaving.AddRange(Release.Open.Where(m => m.Expires > _parts.Clock.Now));
            return null;
        }
        _caughtUp = [];
        var sink = new CatchUpSink(new ClockDrive(Site, this, snapshot.Time));
        tail.Replay(sink);
        // What the clock alone brought about after the last plot: warnings that were cleared, tracks that ended.
        if (tail.LastTime is { } last) sink.RunTo(last);
        Runner.CountBefore(sink.Plots);
        string seal = tail.Seal(_caughtUp.Skip(tail.SiteLines), sink.Now);
        _caughtUp = null;
        // What is open is told again, unless it is so old that the Site will end it at once, and so is what ended in between: whoever has it already knows it by its identity.
        foreach (WarningMessage open in Release.Open)
            if (open.Expires > _parts.Clock.Now && !_leaving.Any(m => m.Identity == open.Identity && m.Revision == open.Revision)) _leaving.Add(open);
        return seal;
    }

    private sealed class CatchUpSink(ClockDrive drive) : IClockedSink
    {
        public long Plots { get; private set; }

        public Instant Now => drive.Now;

        public void RunTo(Instant time) => drive.RunTo(time);

        public void Feed(in Plot plot)
        {
            Plots++;
            drive.Feed(plot, drive.Now);
        }

        public void Reject(in Rejection rejection)
        {
            // It stands in the recording already, and the Site has nothing to do with it.
        }

        public void SensorChanged(int sensor, SensorCondition condition, string blind)
        {
            // The feeds' health finds it again.
        }
    }

    /// <summary>Stops the thread, seals the recording and leaves a snapshot.</summary>
    public void Stop(TimeSpan most)
    {
        Runner.Stop(most);
        Instant now = _parts.Clock.Now;
        // What is not taken up again is over.
        if (_parts.Snapshots is null) EndIncident(now);
        if (!Runner.IsBroken) TakeSnapshot(Site.Now == Instant.MinValue ? now : Site.Now, Site, Runner.Load.Plots, null);
        // The Site is left as it is here: a replay stops where it stopped.
        _parts.Recorder.End(Runner.Now, continued: true);
        _parts.Stream.Flush();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Runner.Dispose();
        await _parts.Recorder.DisposeAsync().ConfigureAwait(false);
        _lines.Dispose();
    }

    /// <summary>An operator acts on a warning.</summary>
    /// <param name="act"><c>acknowledge</c>, <c>confirm</c> or <c>retract</c>.</param>
    /// <param name="warning">The warning.</param>
    /// <param name="shown">What the operator calls it (<see cref="WarningRelease.ShownId"/>): one that was raised anew is not the one that was meant before.</param>
    /// <param name="who">The operator.</param>
    public Task<ActOutcome> ActAsync(string act, WarningId warning, string shown, string who) => Runner.Ask(now =>
    {
        ActOutcome outcome = shown != Release.ShownId(warning) ? ActOutcome.NoSuchWarning : act switch
        {
            "acknowledge" => Release.Acknowledge(warning, who),
            "confirm" => Release.Confirm(now, warning),
            "retract" => Release.Retract(now, warning),
            _ => throw new ArgumentException($"no such act: {act}", nameof(act)),
        };
        if (outcome == ActOutcome.Done) Acted(now, who, act, warning);
        return outcome;
    });

    /// <summary>An operator gives the all-clear, for a zone or for the whole site.</summary>
    public Task<int> AllClearAsync(string? zone, string who) => Runner.Ask(now =>
    {
        IReadOnlyList<WarningId> cleared = Release.AllClear(now, zone);
        Acted(now, who, "allClear", null);
        foreach (WarningId w in cleared) Acted(now, who, "allClear", w);
        return cleared.Count;
    });

    /// <summary>Takes every warning back that is out, and every track off the page: the end of a drill.</summary>
    public Task<bool> EndAllAsync() => Runner.Ask(now =>
    {
        Release.EndAll(now);
        _tracks.EndAll(now);
        return true;
    });

    /// <summary>Writes down that a channel has told of a warning, or could not.</summary>
    public void Delivered(string channel, WarningMessage message, double? delayS, string? reason) => Runner.Queue.Post(() =>
    {
        Instant now = Runner.Now;
        if (delayS is { } d) Kept?.ChannelSent(now, channel, message.Warning, d);
        else Kept?.ChannelFailed(now, channel, message.Warning, reason ?? "");
        _parts.Stream.Add(null, new ChannelSentEvent(delayS is null ? "channel.failed" : "channel.sent", now.ToString(), channel, ShownId(message), delayS, reason), PageJson.Default.ChannelSentEvent);
    });

    /// <summary>Writes down what a feed's health shows of a sensor.</summary>
    public void FeedSensorChanged(int sensor, SensorCondition condition, string blind) => Runner.Queue.Post(() =>
    {
        Instant now = Runner.Now;
        Kept?.FeedSensorChanged(now, sensor, condition, blind);
        ShowSensor(now, sensor, condition, blind);
    });

    /// <summary>The recording, for one more line; a line that cannot be kept is counted. While the Site catches up the lines stand in the old recording.</summary>
    private EventWriter? Kept
    {
        get
        {
            EventWriter? writer = _parts.Recorder.Writer;
            if (writer is null && _caughtUp is null) _parts.Recorder.CountLost();
            return writer;
        }
    }

    private void Acted(Instant now, string who, string act, WarningId? warning)
    {
        Kept?.OperatorActed(now, who, act, warning);
        _parts.Stream.Add(null, new OperatorActedEvent("operator.acted", now.ToString(), who, act, warning is { } id ? _id + Release.ShownId(id) : null), PageJson.Default.OperatorActedEvent);
        _urgent = true;
        // What a person decided must outlast a crash at once.
        _snapshot = Instant.MinValue;
    }

    /// <inheritdoc/>
    public void PlotReceived(Instant now, in Plot plot)
    {
        Kept?.PlotReceived(now, plot);
        _parts.Judge?.PlotReceived(now, plot);
    }

    /// <inheritdoc/>
    public void TrackConfirmed(Instant now, in Track track)
    {
        Kept?.TrackConfirmed(now, track);
        _parts.Judge?.TrackConfirmed(now, track);
        _caughtUp?.Add(_lines.Of(static (w, t, x) => w.TrackConfirmed(t, x), now, track).ToArray());
        _tracks.Confirmed(now, track);
    }

    /// <inheritdoc/>
    public void TrackUpdated(Instant now, in Track track)
    {
        Kept?.TrackUpdated(now, track);
        _parts.Judge?.TrackUpdated(now, track);
        _caughtUp?.Add(_lines.Of(static (w, t, x) => w.TrackUpdated(t, x), now, track).ToArray());
        _tracks.Updated(track);
    }

    /// <inheritdoc/>
    public void TrackEnded(Instant now, TrackId track, TrackEnd reason)
    {
        Kept?.TrackEnded(now, track, reason);
        _parts.Judge?.TrackEnded(now, track, reason);
        _caughtUp?.Add(_lines.Of(static (w, t, x) => w.TrackEnded(t, x.track, x.reason), now, (track, reason)).ToArray());
        if (_tracks.Ended(now, track, reason) is { } identity)
            lock (_pictureGate) _ended.Add(identity);
    }

    /// <inheritdoc/>
    public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
    {
        OpenIncident(now);
        Kept?.ImpactPredicted(now, prediction);
        _parts.Judge?.ImpactPredicted(now, prediction);
        _caughtUp?.Add(_lines.Of(static (w, t, x) => w.ImpactPredicted(t, x), now, prediction).ToArray());
        if (_tracks.Predicted(prediction)) _rounds++;
    }

    /// <inheritdoc/>
    public void WarningRaised(Instant now, in Warning warning)
    {
        OpenIncident(now);
        Kept?.WarningRaised(now, warning);
        _parts.Judge?.WarningRaised(now, warning);
        _busy = now;
        Release.Raised(now, warning);
        Tell(now, warning, raised: true);
    }

    /// <inheritdoc/>
    public void WarningUpdated(Instant now, in Warning warning)
    {
        Kept?.WarningUpdated(now, warning);
        _parts.Judge?.WarningUpdated(now, warning);
        _busy = now;
        Release.Updated(now, warning);
        // What an operator has ended is over on the page; whoever opens it now must not see it stand.
        if (!Release.IsSilenced(warning.Id)) Tell(now, warning, raised: false);
    }

    /// <inheritdoc/>
    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason)
    {
        Kept?.WarningCleared(now, warning, status, zone, reason);
        _parts.Judge?.WarningCleared(now, warning, status, zone, reason);
        _busy = now;
        string shown = _id + Release.ShownId(warning);
        _parts.Stream.End(Named(Line((w, t, x) => w.WarningCleared(t, x, status, zone, reason), now, warning), warning, shown), WarningSubject(shown), HeldSubject(shown));
        Release.Cleared(now, warning, reason);
        _urgent = true;
        _parts.Ledger.ZonesWarned(now, Release.Open);
    }

    /// <inheritdoc/>
    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind)
    {
        Kept?.SensorChanged(now, sensor, condition, blind);
        _parts.Judge?.SensorChanged(now, sensor, condition, blind);
        if (_caughtUp is not null) Line((w, t, x) => w.SensorChanged(t, sensor, x, blind), now, condition);
        // Operators see the feeds' word on the sensor, which knows more; see FeedSensorChanged.
        if (_parts.Drill is not null) return;
        _parts.Ledger.SensorChanged(now, sensor, condition, blind);
    }

    /// <inheritdoc/>
    public void InputRejected(Instant now, in Rejection rejection)
    {
        Kept?.InputRejected(now, rejection);
        _parts.Judge?.InputRejected(now, rejection);
        _parts.Stream.Add(null, Line(static (w, t, x) => w.InputRejected(t, x), now, rejection));
    }

    /// <inheritdoc/>
    public bool HasNews => _leaving.Count > 0;

    /// <inheritdoc/>
    public void Settle(Instant now, Site site, long plots)
    {
        Release.Tick(now);
        foreach (Warning again in Release.Reconsider(now, site.WarningWithout))
        {
            Tell(now, again, raised: true);
            // The recording does not hold it: a server that is killed now must find it in the snapshot, or nobody would end it outside.
            _snapshot = Instant.MinValue;
        }
        SavedState? state = null;
        if (_leaving.Count > 0 || now.SecondsSince(_recorded) >= RecordS || _recorded == Instant.MinValue)
        {
            _recorded = now;
            state = _parts.Recorder.Flush(now, site);
        }
        if (_leaving.Count > 0) Leave();
        Picture(now);
        CloseIncident(now);
        IsIdle = site.IsIdle && Release.Open.IsEmpty;
        OpenWarnings = Release.Open;
        bool due = now.SecondsSince(_streamed) >= StreamS || _streamed == Instant.MinValue;
        if (due)
        {
            _tracks.Tell(now);
            _streamed = now;
        }
        // A warning takes what has been told already with it, and does not wait until every track's line is made.
        if (due || _urgent) _parts.Stream.Flush();
        _urgent = false;
        double since = _snapshot == Instant.MinValue ? double.PositiveInfinity : now.SecondsSince(_snapshot);
        // A new recording begins from a state of its own: a snapshot that refers to the one before would miss what stands in it.
        if (since > QuietSnapshotS || _snapshotFile != _parts.Recorder.File || (since > BusySnapshotS && (_incident is not null || plots - _snapshotPlots > SnapshotPlots))) TakeSnapshot(now, site, plots, state);
        state?.Release();
    }

    /// <inheritdoc/>
    public void Broken(Instant now, Exception why) => _parts.Ledger.Broken(now, why);

    /// <inheritdoc/>
    public void Send(WarningMessage message)
    {
        _leaving.Add(message);
        _urgent = true;
        // An operator may have ended it: the page hears of an end when it leaves, whoever ended it.
        if (message.IsEnd) ShowEnd(message, message.Act == WarningAct.Over ? WarningEnd.Over : WarningEnd.Retracted);
    }

    private void ShowEnd(WarningMessage message, WarningEnd reason)
    {
        string shown = ShownId(message);
        byte[] line = Line((w, t, x) => w.WarningCleared(t, x.Warning, x.Status, ZoneIndex(x.Zone.Id), reason), message.Time, message, keep: false);
        _parts.Stream.End(Named(line, message.Warning, shown), WarningSubject(shown), HeldSubject(shown));
    }

    /// <summary>A line that calls a warning what people call it, where that is not the Site's own id.</summary>
    private byte[] Named(byte[] line, WarningId warning, string shown) =>
        shown == _id + warning ? line : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line).Replace($"\"warning\":\"{_id}{warning}\"", $"\"warning\":\"{shown}\"", StringComparison.Ordinal));

    private int ZoneIndex(string id)
    {
        for (int i = 0; i < _parts.Zones.Count; i++)
            if (_parts.Zones[i].Id == id) return i;
        throw new InvalidOperationException($"a message of a zone that the site does not have: {id}");
    }

    /// <inheritdoc/>
    public void Held(WarningMessage message, Instant sendsAt)
    {
        _parts.Stream.Add(HeldSubject(ShownId(message)), new ReleaseHeldEvent("release.held", message.Time.ToString(), ShownId(message), message.Zone.Id, sendsAt.ToString()),
            PageJson.Default.ReleaseHeldEvent);
        _urgent = true;
    }

    /// <inheritdoc/>
    public void Released(WarningMessage message, ReleaseWay way, double heldS)
    {
        if (way == ReleaseWay.Automatic) return;
        Tally.Count(way, heldS);
        // Neither does the recording hold this, and what has left must not be held again by the next server.
        _snapshot = Instant.MinValue;
        string shown = ShownId(message);
        // What never went out has no message that ends it.
        if (way == ReleaseWay.Withdrawn) ShowEnd(message, WarningEnd.Retracted);
        else _parts.Stream.Amend(WarningSubject(shown), "\"released\":false"u8, "\"released\":true"u8);
        string how = ReleaseTally.Name(way);
        _parts.Stream.End(JsonSerializer.SerializeToUtf8Bytes(new ReleaseDoneEvent("release.done", message.Time.ToString(), shown, how, heldS), PageJson.Default.ReleaseDoneEvent), HeldSubject(shown));
        _urgent = true;
    }

    /// <summary>Lets messages go when the recording has them, or after a moment's patience where the disk does not answer: a warning never waits for a disk. One that still owes an answer
    /// has had its patience.</summary>
    private void Leave()
    {
        bool answers = _written.IsCompleted;
        var written = new TaskCompletionSource();
        _written = written.Task;
        _parts.Recorder.WhenWritten(_ => written.SetResult());
        if (answers) _written.WaitAsync(s_recordingPatience, _parts.Wall).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        // Who must take shelter now is told before those who know it already.
        foreach (WarningMessage m in _leaving)
            if (m.Act == WarningAct.Raised) _parts.Send(m);
        foreach (WarningMessage m in _leaving)
            if (m.Act != WarningAct.Raised) _parts.Send(m);
        foreach (WarningMessage m in _leaving) _parts.Ledger.Said(m, _incident ?? "");
        _leaving.Clear();
        OpenWarnings = Release.Open;
        _parts.Ledger.ZonesWarned(Site.Now, OpenWarnings);
    }

    private void Tell(Instant now, in Warning warning, bool raised)
    {
        // What a drill's Site still raises after its end would stand on the page for ever.
        if (Release.IsEnded) return;
        string own = Release.ShownId(warning.Id), more = $",\"identity\":{JsonSerializer.Serialize(Release.IdentityOf(own), PageJson.Default.String)},\"released\":{(Release.IsReleased(warning.Id) ? "true" : "false")}";
        byte[] line = raised ? Line(static (w, t, x) => w.WarningRaised(t, x), now, warning, more) : Line(static (w, t, x) => w.WarningUpdated(t, x), now, warning, more);
        _parts.Stream.Add(WarningSubject(_id + own), Named(line, warning.Id, _id + own));
        _urgent = true;
    }

    /// <summary>One line of the events file, for the page; kept while the Site catches up, since a recording may lack it.</summary>
    private byte[] Line<T>(Action<EventWriter, Instant, T> write, Instant now, T what, string more = "", bool keep = true)
    {
        if (keep) _caughtUp?.Add(_lines.Of(write, now, what).ToArray());
        return _lines.Of(write, now, what, more).ToArray();
    }

    private void ShowSensor(Instant now, int sensor, SensorCondition condition, string blind) =>
        _parts.Stream.Add("3sensor:" + sensor, Line((w, t, x) => w.SensorChanged(t, sensor, x, blind), now, condition));

    private void Picture(Instant now)
    {
        if (!_tracks.HasChanged && now.SecondsSince(_pictured) < 1) return;
        if (_pictured != Instant.MinValue && now.SecondsSince(_pictured) < StreamS) return;
        _pictured = now;
        Picture next = _picture with { Time = now, Tracks = _tracks.Take() };
        lock (_pictureGate) _picture = next;
    }

    private void OpenIncident(Instant now)
    {
        _busy = now;
        if (_incident is not null) return;
        _rounds = 0;
        _incident = $"{_parts.Prefix}.I{now.Ticks / Instant.TicksPerSecond}";
        _incidentFile = _caughtUp is null ? _parts.Recorder.File : _takenUp;
        _parts.Ledger.IncidentOpened(_incident, now, _incidentFile, _parts.Recorder.Writer?.Lines ?? 0);
    }

    private void CloseIncident(Instant now)
    {
        if (_incident is null || Release.Open.Length > 0 || now.SecondsSince(_busy) < QuietS) return;
        EndIncident(now);
    }

    private void EndIncident(Instant now)
    {
        if (_incident is null) return;
        // A count of lines says nothing where it ends in another recording than it began in.
        _parts.Ledger.IncidentClosed(_incident, now, _rounds, _parts.Recorder.Writer is { } w && _parts.Recorder.File == _incidentFile ? w.Lines : RecordingShelf.InALaterRecording);
        _incident = null;
    }

    /// <summary>Hands over what the Site is now. Only what must be of one moment is done here; making a file of it is another thread's.</summary>
    private void TakeSnapshot(Instant now, Site site, long plots, SavedState? state)
    {
        if (_parts.Snapshots is not { } file || _parts.Recorder.Writer is not { } writer) return;
        long began = _parts.Wall.GetTimestamp();
        (_snapshot, _snapshotPlots, _snapshotFile) = (now, plots, _parts.Recorder.File);
        writer.Flush();
        _tracks.Tell(now);
        file.Write(_parts.Recorder, new Snapshot(_parts.File.Sha256, _parts.Status, _parts.Prefix, _parts.Recorder.File, 0, plots, now, _incident, _rounds, null,
            _parts.Stream.Standing("1track:", "2impact:", "4warning:", "5held:"), Release.Save(), [], state?.Share() ?? _parts.Recorder.States.Of(site)));
        SnapshotS = _parts.Wall.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>The subject of a warning that is shown so, a drill's id before it.</summary>
    private string WarningSubject(string shown) => $"{_id}4warning:{shown[_id.Length..]}";

    private string HeldSubject(string shown) => $"{_id}5held:{shown[_id.Length..]}";

    /// <summary>What the page calls the warning of a message: <c>W3</c>, <c>W3-2</c>, <c>D1.W3</c>.</summary>
    private string ShownId(WarningMessage message) => _id + message.Identity[(_parts.Prefix.Length + 1)..];
}
