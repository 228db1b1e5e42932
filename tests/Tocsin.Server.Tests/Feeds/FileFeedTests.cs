using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tocsin.Formats;
using Tocsin.Formats.Asterix;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Feeds;
using Tocsin.Server.Live;
using Tocsin.TestSupport;

namespace Tocsin.Server.Tests.Feeds;

public sealed class FileFeedTests : IDisposable
{
    private const string Header = "time_s,sensor,range_m,azimuth_deg,elevation_deg\n";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tocsin-feeds-");
    private readonly StepClock _clock = new(FeedBench.Start);
    private readonly KeepingIntake _intake = new();
    private readonly List<string> _notes = [];
    private WatchedFeed? _feed;

    public void Dispose() => _folder.Delete(recursive: true);

    private static double Posix(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Line(double time, double range = 1_000) => string.Create(CultureInfo.InvariantCulture, $"{time},north radar,{range},1,2\n");

    private FeedDesk Run(string path, string options, SiteDefinition? site = null, bool mayShift = true)
    {
        FeedSettings settings = FeedUri.Parse("file://" + path + options, out FeedUriProblem? problem)!;
        Assert.Null(problem);
        site ??= FeedBench.TwoRadars();
        return Run(settings with { Name = "file" }, s => new FileFeed(s, site, new WallClock(_clock), _clock, mayShift), site);
    }

    private FeedDesk Run(FeedSettings settings, Func<FeedSettings, Feed> make, SiteDefinition site)
    {
        _feed = new WatchedFeed(make(settings));
        var desk = new FeedDesk(site, [new(settings, _feed)], _intake, new WallClock(_clock), _clock, NullLogger.Instance)
        {
            Told = (_, w) =>
            {
                lock (_notes) _notes.Add(w);
            },
        };
        desk.Start();
        return desk;
    }

    /// <summary>Lets fake time pass until something is so; never while the feed's thread is at work, so that time does not run away from it on a loaded machine.</summary>
    private double Until(Func<bool> done)
    {
        DateTimeOffset began = _clock.GetUtcNow();
        DateTime deadline = DateTime.UtcNow.AddSeconds(60);
        while (!done() && DateTime.UtcNow < deadline)
        {
            if (_clock.IsAwaited || _feed!.HasEnded) _clock.Advance(TimeSpan.FromMilliseconds(5));
            else Thread.Yield();
        }
        Assert.True(done());
        return (_clock.GetUtcNow() - began).TotalSeconds;
    }

    [Fact]
    public async Task An_old_file_is_moved_to_now_and_comes_at_its_own_pace()
    {
        string path = Write("old.plots.csv", Header + Line(1_000) + Line(1_000.5) + Line(1_000.25) + Line(1_002));
        await using FeedDesk desk = Run(path, "");
        Until(() => desk.Statuses()[0].State == FeedState.Ended);
        Instant first = _intake.Plots[0].Plot.Time;
        Assert.InRange(first.SecondsSince(WallClock.InstantOf(FeedBench.Start)), 0, 2);
        Assert.Equal([0, 0.5, 0.25, 2], _intake.Plots.Select(p => p.Plot.Time.SecondsSince(first)));
        // Nothing comes before its time, and nothing long after.
        Assert.All(_intake.Plots.Take(2), p => Assert.True(p.Received >= p.Plot.Time));
        Assert.True(_intake.Plots[^1].Received >= _intake.Plots[^1].Plot.Time);
        Assert.Contains(_notes, n => n.Contains("1970-01-01T00:16:40.000Z", StringComparison.Ordinal) && n.Contains("moved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_real_site_is_never_fed_with_the_past()
    {
        string path = Write("old.plots.csv", Header + Line(1_000) + Line(1_001));
        await using FeedDesk desk = Run(path, "", mayShift: false);
        Until(() => desk.Statuses()[0].State == FeedState.Faulty);
        Assert.Contains("a real site is never fed with the past", desk.Statuses()[0].Meaning, StringComparison.Ordinal);
        Assert.Empty(_intake.Plots);
    }

    [Fact]
    public async Task A_first_plot_with_a_wild_time_does_not_move_the_others_and_a_gap_is_passed_over()
    {
        string path = Write("gap.plots.csv", Header + Line(9_000_000) + Line(1_000, 1) + Line(1_000.1, 2) + Line(55, 9) + Line(1_000.2, 3) + Line(5_000, 4) + Line(5_000.1, 5));
        await using FeedDesk desk = Run(path, "");
        // The gap alone is 4,000 s.
        Assert.InRange(Until(() => desk.Statuses()[0].State == FeedState.Ended), 0.3, 10);
        Assert.Equal([1, 2, 3, 4, 5], _intake.Plots.Select(p => p.Plot.Measurement.RangeM));
        Assert.Equal(2, _intake.Rejections.Count(r => r.Reason.Contains("far from those before and after", StringComparison.Ordinal)));
        Assert.Contains(_notes, n => n.Contains("gap", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_read_at_once_waits_for_nothing_but_its_largest_rate()
    {
        string path = Write("max.plots.csv", Header + string.Concat(Enumerable.Range(0, 5_000).Select(i => Line(1_000 + i))));
        await using FeedDesk desk = Run(path, "?speed=max&shift=none&maxPlotsPerS=2000");
        Assert.True(Until(() => desk.Statuses()[0].State == FeedState.Ended) > 2.4);
        Assert.Equal((5_000, 0), (desk.Statuses()[0].Plots, desk.Statuses()[0].Refused));
        Assert.Equal(1_000, _intake.Plots[0].Plot.Time.SecondsSince(default));
    }

    [Fact]
    public async Task A_file_that_grows_is_followed_and_its_history_passed_over()
    {
        double now = Posix(FeedBench.Start);
        string path = Write("grows.csv", Header + Line(now - 3_600) + Line(now - 1, 1));
        await using FeedDesk desk = Run(path, "?follow=true");
        Assert.True(_intake.Wait(1));
        await using (var more = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            // A line that is written in two pieces.
            more.Write(Encoding.UTF8.GetBytes(Line(now - 0.5, 2)[..15]));
            more.Flush();
            _clock.Advance(TimeSpan.FromSeconds(0.2));
            more.Write(Encoding.UTF8.GetBytes(Line(now - 0.5, 2)[15..]));
        }
        Until(() => _intake.Plots.Length == 2);
        File.WriteAllText(path, Header + Line(now, 3));
        Until(() => _intake.Plots.Length == 3);
        Assert.Equal([1, 2, 3], _intake.Plots.Select(p => p.Plot.Measurement.RangeM));
        Assert.Contains(_notes, n => n.StartsWith("1 plots older", StringComparison.Ordinal));
        Assert.Contains(_notes, n => n.Contains("cut or replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_without_a_header_is_a_fault_that_says_so()
    {
        await using FeedDesk desk = Run(Write("x.csv", "hello\nworld\n"), "");
        Until(() => desk.Statuses()[0].State == FeedState.Faulty);
        Assert.Contains("no header of a plot file", desk.Statuses()[0].Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_from_a_site_with_the_sensors_in_another_order_is_read_by_their_ids()
    {
        SiteFile there = SiteFile.Parse(Encoding.UTF8.GetBytes("""
            {"type":"FeatureCollection","tocsin":{"name":"x","groundElevationM":0},"features":[
            {"type":"Feature","geometry":{"type":"Point","coordinates":[8,46,0]},"properties":{"kind":"sensor","id":"other","rangeSigmaM":1,"azimuthSigmaDeg":1,"elevationSigmaDeg":1,"scanPeriodS":1,"maxRangeM":9000,"minElevationDeg":0,"detectionProbability":1}},
            {"type":"Feature","geometry":{"type":"Point","coordinates":[8,46,0]},"properties":{"kind":"sensor","id":"south radar","rangeSigmaM":1,"azimuthSigmaDeg":1,"elevationSigmaDeg":1,"scanPeriodS":1,"maxRangeM":9000,"minElevationDeg":0,"detectionProbability":1}}]}
            """), "x").Value!;
        string path = Path.Combine(_folder.FullName, "x.events.jsonl");
        using (var writer = new EventWriter(File.Create(path), new RecordingHeader(there, OperationStatus.Test)))
        {
            for (int i = 0; i < 4; i++)
            {
                var plot = new Plot { Time = new Instant(i * 1_000_000), Sensor = i % 2, Measurement = new(100 + i, 1, 0.5), Number = i + 1 };
                writer.PlotReceived(plot.Time, CanonicalPlot.Of(plot));
            }
        }
        await using FeedDesk desk = Run(path, "");
        Until(() => desk.Statuses()[0].State == FeedState.Ended);
        Assert.Equal([(1, 101.0), (1, 103.0)], _intake.Plots.Select(p => (p.Plot.Sensor, p.Plot.Measurement.RangeM)));
        Assert.Equal(2, _intake.Rejections.Length);
    }

    [Fact]
    public async Task A_capture_comes_by_its_own_times()
    {
        string capture = SharedData.PathOrSkip("asterix/cat_034_048.pcap");
        string path = Path.Combine(_folder.FullName, "a.pcap");
        File.Copy(capture, path);
        SiteDefinition site = FeedBench.SiteOf([.. Enumerable.Range(1, 255).Take(60).Select(i => FeedBench.Radar($"R{i}", 46, 8, 400_000, (byte)i) with { Asterix = new(25, (byte)(i + 195), null) })]);
        var expected = new CountSink();
        Assert.True(AsterixFile.ReadPlots(path, site, expected, null).Ok);
        Assert.SkipUnless(expected.Plots > 0, "the capture's sensors are others");
        await using FeedDesk desk = Run(path, "", site);
        Until(() => desk.Statuses()[0].State == FeedState.Ended);
        Assert.Equal(expected.Plots, _intake.Plots.Length);
    }

    [Theory]
    [InlineData("-", "csv")]
    [InlineData("-", "jsonl")]
    [InlineData("-?format=asterix", "asterix")]
    public async Task Standard_input_is_read_as_it_comes(string uri, string kind)
    {
        double now = Posix(FeedBench.Start);
        int tod = (int)(43_200 * 128);
        byte[] block = [48, 0, 18, 0xF1, 0x01, 0x08, 25, 1, (byte)(tod >> 16), (byte)(tod >> 8), (byte)tod, 0x20, 4, 0, 0x20, 0, 0, 0x50];
        byte[] text = kind switch
        {
            "csv" => Encoding.UTF8.GetBytes(Header + Line(now) + "bad\n" + Line(now)),
            "jsonl" => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
                {"time_s":{{now}},"sensor":"north radar","rangeM":1,"azimuthDeg":1,"elevationDeg":1}
                bad
                {"time_s":{{now}},"sensor":"north radar","rangeM":1,"azimuthDeg":1,"elevationDeg":1}

                """)),
            // Out of step in the middle.
            _ => [.. block, 0, 0, 1, .. block],
        };
        var pipe = new Pipe();
        SiteDefinition site = FeedBench.TwoRadars();
        await using FeedDesk desk = Run(FeedUri.Parse(uri, out _)! with { Name = "stdin" },
            s => new StdinFeed(s, site, new WallClock(_clock), _clock, mayShift: false, pipe.Reader.AsStream()), site);
        foreach (byte[] piece in text.Chunk(7)) await pipe.Writer.WriteAsync(piece, TestContext.Current.CancellationToken);
        Assert.True(_intake.Wait(2, 1));
        Assert.NotEqual(FeedState.Ended, desk.Statuses()[0].State);
        await pipe.Writer.CompleteAsync();
        Until(() => desk.Statuses()[0].State == FeedState.Ended);
        Assert.Equal(2, _intake.Plots.Length);
    }

    [Fact]
    public async Task Standard_input_that_says_nothing_does_not_hold_up_the_stop()
    {
        var pipe = new Pipe();
        SiteDefinition site = FeedBench.TwoRadars();
        FeedDesk desk = Run(FeedUri.Parse("-", out _)! with { Name = "stdin" }, s => new StdinFeed(s, site, new WallClock(_clock), _clock, true, pipe.Reader.AsStream()), site);
        await desk.StopAsync().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await desk.DisposeAsync();
        await pipe.Writer.CompleteAsync();
    }

    private sealed class CountSink : IPlotSink
    {
        public int Plots { get; private set; }

        public void Feed(in Plot plot) => Plots++;

        public void Reject(in Rejection rejection)
        {
        }
    }
}
