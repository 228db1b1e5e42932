using Microsoft.Extensions.Logging.Abstractions;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Live;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests.Live;

/// <summary>A recording that is cut into files in the middle of a raid: each replays by itself to its own bytes, the seal included.</summary>
public sealed class RotationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_of_many_files_of_a_raid_replays_to_its_own_bytes()
    {
        string raid = _folder["raid.events.jsonl"], recordings = _folder["recordings"];
        CliRun.Of("run", Path.Combine(SharedData.RepositoryRoot, "scenarios", "green-zone.json"), "--events", raid).Done();
        using EventReader reader = EventReader.Open(raid).Value!;
        SiteFile file = reader.Header.Site;
        var plots = new Plots();
        reader.ReplayAll(plots, TestContext.Current.CancellationToken);
        Assert.True(plots.All.Count > 2_000, $"{plots.All.Count} plots");

        await using (var recorder = new LiveRecorder(recordings, "raid", file, OperationStatus.Exercise, null, TimeProvider.System, NullLogger.Instance, fileBytes: 150_000))
        {
            var site = new Site(file.Definition, OperationStatus.Exercise);
            Instant began = plots.All[0].Time;
            var drive = new ClockDrive(site, new Kept(recorder), began);
            recorder.Begin(began, null);
            // They come late by up to more than the Site waits, so that files begin with plots held, tracks half made, and plots that come after their time.
            var arrivals = plots.All.Select((plot, i) => (Plot: plot, At: plot.Time.AddSeconds(0.02 + i * 7 % 31 * 0.013))).OrderBy(a => a.At.Ticks).ToArray();
            Instant flushed = began;
            for (int i = 0; i < arrivals.Length; i++)
            {
                drive.Feed(arrivals[i].Plot with { Number = i + 1 }, arrivals[i].At);
                if (drive.Now.SecondsSince(flushed) < 0.02) continue;
                flushed = drive.Now;
                recorder.Flush(drive.Now, site);
            }
            drive.RunTo(drive.Now.AddSeconds(20));
            recorder.End(drive.Now, continued: true);
        }

        string[] packed = [];
        await ServedSite.Until(() => Task.FromResult((packed = Directory.GetFiles(recordings, "*.gz")).Length > 0 && Directory.GetFiles(recordings).Length == packed.Length), 60,
            () => string.Join(' ', Directory.GetFiles(recordings)));
        Assert.True(packed.Length > 5, $"{packed.Length} files");
        Assert.Contains(packed, f => ServeTests.Lines(f).Any(l => l.GetProperty("type").GetString() == "warning.updated"));
        foreach (string one in packed) ServeTests.ReplaysToItself(one);
    }

    private sealed class Plots : IPlotSink
    {
        public List<Plot> All { get; } = [];

        public void Feed(in Plot plot) => All.Add(plot);

        public void Reject(in Rejection rejection) => Assert.Fail(rejection.Reason);
    }

    /// <summary>Writes to the file that is the recorder's present one.</summary>
    private sealed class Kept(LiveRecorder recorder) : ISiteOutput
    {
        public void PlotReceived(Instant now, in Plot plot) => recorder.Writer!.PlotReceived(now, plot);

        public void TrackConfirmed(Instant now, in Track track) => recorder.Writer!.TrackConfirmed(now, track);

        public void TrackUpdated(Instant now, in Track track) => recorder.Writer!.TrackUpdated(now, track);

        public void TrackEnded(Instant now, TrackId track, TrackEnd reason) => recorder.Writer!.TrackEnded(now, track, reason);

        public void ImpactPredicted(Instant now, in ImpactPrediction prediction) => recorder.Writer!.ImpactPredicted(now, prediction);

        public void WarningRaised(Instant now, in Warning warning) => recorder.Writer!.WarningRaised(now, warning);

        public void WarningUpdated(Instant now, in Warning warning) => recorder.Writer!.WarningUpdated(now, warning);

        public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason) => recorder.Writer!.WarningCleared(now, warning, status, zone, reason);

        public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) => recorder.Writer!.SensorChanged(now, sensor, condition, blind);

        public void InputRejected(Instant now, in Rejection rejection) => recorder.Writer!.InputRejected(now, rejection);
    }
}
