using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Tocsin.Formats.Csv;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Geodesy;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.Events;

public sealed class EventRoundTripTests
{
    private static readonly RecordingHeader s_header = new(TestSite.File, OperationStatus.Exercise, 7);

    internal static byte[] Write(IEnumerable<Said> events, RecordingHeader? header = null, string? previousSeal = null)
    {
        var stream = new MemoryStream();
        using (var writer = new EventWriter(stream, header ?? s_header) { PreviousSeal = previousSeal })
            foreach (Said said in events) said(writer);
        return stream.ToArray();
    }

    private static EventReader Open(byte[] file)
    {
        InputResult<EventReader> opened = EventReader.Open(new MemoryStream(file), "folder/a.events.jsonl");
        Assert.True(opened.Ok, opened.Error?.ToString());
        return opened.Value;
    }

    private static byte[] WriteWhatIsRead(byte[] file)
    {
        var stream = new MemoryStream();
        using EventReader reader = Open(file);
        using (var writer = new EventWriter(stream, reader.Header))
        {
            EventCounts counts = reader.ReadAll(writer);
            Assert.Equal((0, null, true), (counts.Bad, counts.FirstProblem, counts.Sealed));
            writer.PreviousSeal = counts.PreviousSeal;
        }
        return stream.ToArray();
    }

    private static JsonElement[] Lines(byte[] file) =>
        [.. Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    [Fact]
    public void What_is_read_and_written_again_is_the_same_file_byte_for_byte()
    {
        EventGen.Said.Array[0, 40].Sample(events =>
        {
            byte[] file = Write(events, previousSeal: events.Length % 2 == 0 ? null : "ab12");
            Assert.Equal(file, WriteWhatIsRead(file));
        }, iter: 60);
    }

    [Fact]
    public void Every_line_is_JSON_with_type_and_time_first_whatever_the_numbers()
    {
        EventGen.Said.Array[1, 40].Sample(events =>
        {
            foreach (JsonElement line in Lines(Write(events)))
            {
                Assert.Equal(["type", "time"], line.EnumerateObject().Take(2).Select(p => p.Name));
                Assert.True(line.GetProperty("time").TryGetDateTime(out _));
            }
        }, iter: 60);
    }

    [Fact]
    public void Plots_come_back_bit_for_bit()
    {
        EventGen.Plot.Array[1, 30].Sample(plots =>
        {
            using EventReader reader = Open(Write(plots.Select<Plot, Said>(p => o => o.PlotReceived(new Instant(5), p))));
            var sink = new KeepingSink();
            Assert.Equal(plots.Length, reader.ReplayAll(sink, TestContext.Current.CancellationToken).Used);
            Assert.Equal(plots, sink.Plots);
            Assert.Empty(sink.Rejections);
        }, iter: 100);
    }

    [Fact]
    public void A_plot_of_a_CSV_line_is_canonical_and_comes_back_bit_for_bit()
    {
        Gen.Select(Gen.Long[0, 1_000_000_000_000], Gen.Decimal[0.01m, 99_999m], Gen.Decimal[-360m, 360m], Gen.Decimal[-90m, 90m]).Array[1, 30].Sample(rows =>
        {
            var text = new StringBuilder("time_s,sensor,range_m,azimuth_deg,elevation_deg\n");
            foreach ((long t, decimal range, decimal azimuth, decimal elevation) in rows)
                text.Append(CultureInfo.InvariantCulture, $"{t / 10_000_000m},R1,{range},{azimuth},{elevation}\n");
            using PlotCsvReader csv = PlotCsvReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), "x.csv", TestSite.File.Definition).Value!;
            var fromCsv = new KeepingSink();
            csv.ReadAll(fromCsv, TestContext.Current.CancellationToken);
            Assert.Equal(rows.Length, fromCsv.Plots.Count);
            Assert.All(fromCsv.Plots, p => Assert.Equal(p, CanonicalPlot.Of(p)));
            using EventReader reader = Open(Write(fromCsv.Plots.Select<Plot, Said>(p => o => o.PlotReceived(p.Time, p))));
            var replayed = new KeepingSink();
            reader.ReplayAll(replayed, TestContext.Current.CancellationToken);
            Assert.Equal(fromCsv.Plots, replayed.Plots);
        }, iter: 60);
    }

    [Fact]
    public void A_replay_of_a_recording_writes_the_recording_again()
    {
        byte[] recorded = RecordAndKeep(sink =>
        {
            sink.Reject(new Rejection("feed", "came before any plot", 2, FromFeed: true));
            for (int i = 0; i < FormatLimits.HeldRejections + 10; i++) sink.Reject(new Rejection("feed", "and more", 3, FromFeed: true));
            for (int i = 1; i < 200; i++)
            {
                sink.Feed(CanonicalPlot.Of(new Plot { Time = new Instant(i * 12_345_678L), Sensor = i % 2, Measurement = new Polar(i * 10.1, i, i * 0.001) }));
                if (i % 50 == 0) sink.Reject(new Rejection("feed line 3", "bad", 1, FromFeed: true));
            }
        }, s_header);
        using EventReader reader = Open(recorded);
        Assert.Equal(recorded, RecordAndKeep(sink => reader.ReplayAll(sink, TestContext.Current.CancellationToken), reader.Header));
        Assert.Equal(FormatLimits.HeldRejections + 1 + 3, reader.Counts.Used - 199);
    }

    private static byte[] RecordAndKeep(Action<IPlotSink> feed, RecordingHeader header)
    {
        var stream = new MemoryStream();
        using (var writer = new EventWriter(stream, header))
        {
            var playback = new Playback(new Site(header.Site.Definition, header.Status), writer);
            feed(playback);
            playback.RunOn();
        }
        return stream.ToArray();
    }

    [Fact]
    public void A_replay_leaves_out_what_the_Site_rejected_itself()
    {
        byte[] file = Write([o => o.InputRejected(new Instant(1), new Rejection("R1", "the buffer is full", 4, FromFeed: false)),
            o => o.InputRejected(new Instant(1), new Rejection("p.csv line 2", "bad", 1, FromFeed: true))]);
        using EventReader reader = Open(file);
        var sink = new KeepingSink();
        EventCounts counts = reader.ReplayAll(sink, TestContext.Current.CancellationToken);
        Assert.Equal([new Rejection("p.csv line 2", "bad", 1, true)], sink.Rejections);
        Assert.Equal((1, 1), (counts.Used, counts.PassedOver));
    }

    [Fact]
    public void The_lines_are_those_of_the_contract()
    {
        var kinds = new KindProbabilities { [Kind.Rocket] = 0.75, [Kind.Mortar] = 0.25 };
        var position = new Geodetic(46.123456789 * Math.PI / 180, 8.5 * Math.PI / 180, 1_234.567);
        var now = new Instant(17_000_000_001_234_567);
        var valid = new Instant(17_000_000_001_000_000);
        byte[] file = Write([
            o => o.InputRejected(Instant.MinValue, new Rejection("a.csv line 2", "bad", 1, true)),
            o => o.PlotReceived(now, new Plot { Time = valid, Sensor = 1, Measurement = new Polar(8092.08, Math.PI, -0.5), RangeRateMps = -12.25, SnrDb = 13, Number = 9 }),
            o => o.TrackConfirmed(now, new Track { Id = new(3), ValidTime = valid, Position = position, VelocityMps = new(1, -2.5, 0.12345), Kind = Kind.Rocket, Kinds = kinds, Plot = 9 }),
            o => o.ImpactPredicted(now, new ImpactPrediction { Track = new(3), ValidTime = valid, ImpactTime = now, TimeSigmaS = 0.5, Position = position, Ellipse95 = new(100, 50.126, Math.BitDecrement(Math.PI)) }),
            o => o.WarningRaised(now, new Warning { Id = new(1), Status = OperationStatus.Exercise, Zone = 1, Probability = 0.9, ImpactTime = now, LeadTimeS = 12.3456, Advice = Advice.AwayFromWindows, Tracks = [new(3), new(4)] }),
            o => o.WarningCleared(now, new(1), OperationStatus.Exercise, 1, WarningEnd.Retracted),
            o => o.TrackEnded(now, new(3), TrackEnd.Impact),
            o => o.SensorChanged(now, 0, SensorCondition.Flooding, "the north"),
        ]);
        const string T = "\"time\":\"2023-11-14T22:13:20.1234567Z\"", V = "\"validTime\":\"2023-11-14T22:13:20.100Z\"";
        string[] lines = Encoding.UTF8.GetString(file).Split('\n');
        Assert.Equal($$"""{"type":"recording.opened",{{T}},"schema":"tocsin.events/1","product":"tocsin 0.1.0","status":"exercise","seed":7,"siteSha256":"{{TestSite.File.Sha256}}","site":{{TestSite.File.CanonicalJson}}}""", lines[0]);
        Assert.Equal($$"""{"type":"input.rejected",{{T}},"source":"a.csv line 2","reason":"bad","count":1,"feed":true}""", lines[1]);
        Assert.Equal($$"""{"type":"plot",{{T}},"plotTime":"2023-11-14T22:13:20.100Z","sensor":"Rädar \"2\"","rangeM":8092.08,"azimuthDeg":180,"elevationDeg":-28.647889757,"rangeRateMps":-12.25,"snrDb":13,"plot":9}""", lines[2]);
        Assert.Equal($$"""{"type":"track.confirmed",{{T}},"track":"T3",{{V}},"position":[8.5,46.12345679,1234.57],"velocity":[1,-2.5,0.123],"kind":"rocket","kinds":{"rocket":0.75,"artillery":0,"mortar":0.25,"aircraft":0,"bird":0,"unknown":0},"plot":9}""", lines[3]);
        Assert.Equal($$$"""{"type":"impact.predicted",{{{T}}},"track":"T3",{{{V}}},"impactTime":"2023-11-14T22:13:20.1234567Z","timeSigmaS":0.5,"position":[8.5,46.12345679],"ellipse95":{"semiMajorM":100,"semiMinorM":50.13,"orientationDeg":0}}""", lines[4]);
        Assert.Equal($$"""{"type":"warning.raised",{{T}},"warning":"W1","status":"exercise","zone":"Z2","probability":0.9,"impactTime":"2023-11-14T22:13:20.1234567Z","leadTimeS":12.346,"advice":"awayFromWindows","tracks":["T3","T4"]}""", lines[5]);
        Assert.Equal($$"""{"type":"warning.cleared",{{T}},"warning":"W1","status":"exercise","zone":"Z2","reason":"retracted"}""", lines[6]);
        Assert.Equal($$"""{"type":"track.ended",{{T}},"track":"T3","reason":"impact"}""", lines[7]);
        Assert.Equal($$"""{"type":"sensor.state",{{T}},"sensor":"R1","state":"flooding","blind":"the north"}""", lines[8]);
        Assert.StartsWith($$"""{"type":"recording.sealed",{{T}},"lines":9,"sha256":""", lines[9], StringComparison.Ordinal);
        Assert.EndsWith("\"previous\":null}", lines[9], StringComparison.Ordinal);
        Assert.Equal("", lines[10]);
    }

    [Fact]
    public void A_recording_of_nothing_is_opened_and_sealed_at_the_epoch()
    {
        JsonElement[] lines = Lines(Write([], new RecordingHeader(TestSite.File, OperationStatus.Test)));
        Assert.Equal(["recording.opened", "recording.sealed"], lines.Select(l => l.GetProperty("type").GetString()));
        Assert.All(lines, l => Assert.Equal("1970-01-01T00:00:00.000Z", l.GetProperty("time").GetString()));
        Assert.False(lines[0].TryGetProperty("seed", out _));
    }

    [Fact]
    public void Nothing_is_allocated_for_plots_tracks_and_predictions()
    {
        Said[] events = [.. Enumerable.Range(0, 40).Select<int, Said>(i => i % 3 == 0
            ? o => o.PlotReceived(new Instant(i), new Plot { Time = new Instant(i), Sensor = 0, Measurement = new Polar(1.0 / 3, 1, 0.1) })
            : o => o.TrackUpdated(new Instant(i), new Track { Id = new(i), ValidTime = new(i), Position = new(0.1, 0.2, i), VelocityMps = new(1, 2, 3.3), Kind = Kind.Mortar, Kinds = default }))];
        using var writer = new EventWriter(Stream.Null, s_header);
        foreach (Said said in events) said(writer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
            foreach (Said said in events) said(writer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("{\"type\":\"plot\"}\n", "line 1: this is not the line that opens a recording")]
    [InlineData("time_s,sensor\n", "line 1: this is not the line that opens a recording")]
    [InlineData("{\"type\":\"recording.opened\"}\n", "line 1: the line is cut or malformed")]
    public void A_file_that_is_no_recording_is_an_error(string text, string expected) =>
        Assert.Contains(expected, EventReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "a.events.jsonl").Error!.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_header_whose_site_was_changed_is_an_error()
    {
        string text = Encoding.UTF8.GetString(Write([]));
        InputError error = EventReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(text.Replace("\"population\":120", "\"population\":121", StringComparison.Ordinal))), "a").Error!;
        Assert.Contains("siteSha256 differs", error.ToString(), StringComparison.Ordinal);
        error = EventReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(text.Replace("events/1", "events/2", StringComparison.Ordinal))), "a").Error!;
        Assert.Contains("its schema is tocsin.events/2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_cannot_be_used_are_counted_and_the_reading_goes_on()
    {
        string text = Encoding.UTF8.GetString(Write([o => o.TrackEnded(new Instant(0), new TrackId(1), TrackEnd.Lost)]));
        string[] lines = text.Split('\n');
        string[] more =
        [
            """{"type":"channel.sent","time":"2020-01-01T00:00:00.000Z","channel":"siren","warning":"W1","delayS":0.3}""",
            """ { "time" : "2020-01-01T00:00:00Z", "reason" : "left", "track" : "T2", "extra" : [1], "type" : "track.ended" } """,
            """{"type":"track.ended","time":"2020-01-01T00:00:00.000Z","track":"X2","reason":"left"}""",
            """{"type":"track.ended","time":"2020-01-01","track":"T2","reason":"left"}""",
            """{"type":"track.ended","time":"2020-01-01T00:00:00.000Z","track":"T2","reason":"bored"}""",
            """{"type":"warning.cleared","time":"2020-01-01T00:00:00.000Z","warning":"W1","status":"test","zone":"Z9","reason":"over"}""",
            "garbage",
            "",
            """{"type":"track.upda""",
        ];
        byte[] spoiled = Encoding.UTF8.GetBytes(string.Join('\n', [.. lines[..2], .. more]));
        using EventReader reader = Open(spoiled);
        var said = new MemoryStream();
        using var writer = new EventWriter(said, reader.Header);
        EventCounts counts = reader.ReadAll(writer);
        Assert.Equal((2, 1, 6, false), (counts.Used, counts.PassedOver, counts.Bad, counts.Sealed));
        Assert.Equal("a.events.jsonl line 5: the line is cut or malformed: an id is not T and a number", counts.FirstProblem);

        using EventReader replay = Open(spoiled);
        var sink = new KeepingSink();
        replay.ReplayAll(sink, TestContext.Current.CancellationToken);
        Assert.Equal(["a.events.jsonl line 9", "a.events.jsonl line 11"], sink.Rejections.Select(r => r.Source));
    }

    [Fact]
    public void A_recording_cut_anywhere_gives_the_lines_before_the_cut()
    {
        byte[] file = Write(EventGen.Same(30));
        int first = Array.IndexOf(file, (byte)'\n') + 1;
        Gen.Int[first, file.Length - 1].Sample(length =>
        {
            byte[] cut = file[..length];
            using EventReader reader = Open(cut);
            using var writer = new EventWriter(Stream.Null, reader.Header);
            EventCounts counts = reader.ReadAll(writer);
            int whole = cut.AsSpan(first).Count((byte)'\n');
            bool lastIsWhole = cut[^1] == '\n' || file[length] == '\n';
            Assert.Equal(whole + (cut[^1] != '\n' && lastIsWhole ? 1 : 0), counts.Used + (counts.Sealed ? 1 : 0));
            Assert.Equal(lastIsWhole ? 0 : 1, counts.Bad);
        }, iter: 60);
    }

    [Fact]
    public void Spoiled_bytes_never_throw()
    {
        byte[] file = Write(EventGen.Same(30));
        int first = Array.IndexOf(file, (byte)'\n') + 1;
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Int[first, file.Length - 1], Gen.Byte, Gen.OneOf(Gen.Char['0', '9'], Gen.Char['"', '}'])).Sample((i, j, a, c) =>
        {
            byte[] spoiled = [.. file];
            spoiled[j] = a;
            spoiled[first + i % (file.Length - first)] = (byte)c;
            using (EventReader reader = Open(spoiled))
            using (var writer = new EventWriter(Stream.Null, reader.Header)) reader.ReadAll(writer);
            using (EventReader reader = Open(spoiled)) reader.ReplayAll(new KeepingSink(), TestContext.Current.CancellationToken);
            spoiled[i] = a;
            EventReader.Open(new MemoryStream(spoiled), "x").Value?.Dispose();
        }, iter: 300);
    }

    [Fact]
    public void Files_are_packed_by_name_and_read_back()
    {
        string folder = Directory.CreateTempSubdirectory("tocsin").FullName;
        try
        {
            string packed = Path.Combine(folder, "a.events.jsonl.gz");
            using (var writer = new EventWriter(EventFiles.Create(packed).Value!, s_header)) writer.TrackEnded(new Instant(3), new TrackId(1), TrackEnd.Left);
            Assert.Equal([0x1f, 0x8b], File.ReadAllBytes(packed)[..2]);
            using EventReader reader = EventReader.Open(packed).Value!;
            using var to = new EventWriter(Stream.Null, reader.Header);
            Assert.Equal((1, true), (reader.ReadAll(to).Used, reader.Counts.Sealed));
            Assert.Equal(SealState.Intact, RecordingSeal.Verify(packed).Value!.State);
            Assert.Contains("name a file that can be written", EventFiles.Create(folder).Error!.ToString(), StringComparison.Ordinal);
            Assert.Contains("no such file", EventReader.Open(Path.Combine(folder, "b")).Error!.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_foreign_plot_file_goes_through_a_recording_and_comes_back()
    {
        string path = SharedData.PathOrSkip("salvo/salvo22.plots.csv");
        var header = new RecordingHeader(SiteFile.Read(SharedData.PathOrSkip("salvo/salvo22.site.geojson")).Value!, OperationStatus.Test);
        byte[] recorded = RecordAndKeep(sink =>
        {
            using PlotCsvReader csv = PlotCsvReader.Open(path, header.Site.Definition).Value!;
            csv.ReadAll(sink, TestContext.Current.CancellationToken);
        }, header);
        using EventReader reader = Open(recorded);
        Assert.Equal(recorded, RecordAndKeep(sink => reader.ReplayAll(sink, TestContext.Current.CancellationToken), reader.Header));
        Assert.True(reader.Counts.Used > 1_000);
    }
}
