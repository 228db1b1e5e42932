using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Tocsin.Formats.Csv;
using Tocsin.Formats.Events;

namespace Tocsin.Formats.Tests.JsonPlots;

/// <summary>Plots as text that comes in pieces: JSON lines and CSV.</summary>
public sealed class PlotTextDecoderTests
{
    private const string Header = "time_s,sensor,range_m,azimuth_deg,elevation_deg,range_rate_mps,snr_db\n";

    private static KeepingSink Read(PlotTextFormat format, string text, params ReadOnlySpan<int> cuts)
    {
        var sink = new KeepingSink();
        var decoder = new PlotTextDecoder(format, TestSite.File.Definition, "in");
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int at = 0;
        foreach (int cut in cuts)
        {
            int count = Math.Min(cut, bytes.Length - at);
            decoder.Push(bytes.AsSpan(at, count), sink);
            at += count;
        }
        decoder.Push(bytes.AsSpan(at), sink);
        decoder.End(sink);
        Assert.Equal((sink.Plots.Count, sink.Rejections.Sum(r => r.Count)), (decoder.Plots, decoder.Rejected));
        return sink;
    }

    [Fact]
    public void A_json_plot_is_the_same_plot_as_its_csv_line_and_its_events_line()
    {
        // Three readers of the same decimal digits: the oracle of each is the other two.
        Gen<long> digits = Gen.Long[0, 999_999_999];
        Gen.Select(Gen.Long[1_500_000_000, 1_900_000_000], Gen.Int[0, 9_999_999], digits, digits, Gen.Int[-89, 89], digits, Gen.Select(Gen.Int[0, 719], Gen.Int[1, 9_000]), Gen.Bool)
            .Sample((s, ticks, azimuth, elevation, degrees, range, whole, optional) =>
            {
                string time = FormattableString.Invariant($"{s}.{ticks:0000000}"), az = FormattableString.Invariant($"{whole.Item1}.{azimuth:000000000}");
                string el = FormattableString.Invariant($"{degrees}.{elevation:000000000}"), r = FormattableString.Invariant($"{whole.Item2}.{range:000000000}");
                string more = optional ? ",\"rangeRateMps\":-12.25,\"snrDb\":13.5" : "";
                string iso = new Instant(s * Instant.TicksPerSecond + ticks).ToString();
                Plot csv = Assert.Single(Read(PlotTextFormat.Csv, $"{Header}{time},R1,{r},{az},{el},{(optional ? "-12.25,13.5" : ",")}\n").Plots);
                string members = $"\"sensor\":\"R1\",\"rangeM\":{r},\"azimuthDeg\":{az},\"elevationDeg\":{el}{more}}}";
                Assert.Equal(csv, Assert.Single(Read(PlotTextFormat.JsonLines, $"{{\"time_s\":{time},{members}").Plots));
                Assert.Equal(csv, Assert.Single(Read(PlotTextFormat.JsonLines, $"{{\"type\":\"plot\",\"time\":\"{iso}\",\"plotTime\":\"{iso}\",\"new\":[{{}}],{members}\n").Plots));
                Assert.Equal(csv, FromEvents($"{{\"type\":\"plot\",\"time\":\"{iso}\",\"plotTime\":\"{iso}\",{members}"));
            }, iter: 2_000);
    }

    private static Plot FromEvents(string line)
    {
        var file = new MemoryStream();
        using (var writer = new EventWriter(file, new RecordingHeader(TestSite.File, OperationStatus.Test))) writer.Flush();
        byte[] text = [.. Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(file.ToArray()).Split('\n')[0] + "\n" + line + "\n")];
        using EventReader reader = EventReader.Open(new MemoryStream(text), "x").Value!;
        var sink = new KeepingSink();
        reader.ReplayAll(sink, TestContext.Current.CancellationToken);
        return Assert.Single(sink.Plots);
    }

    [Theory]
    [InlineData("[1]", "no JSON object")]
    [InlineData("{\"plotTime\":\"2026-01-31T12:00:00Z\"", "cut or malformed")]
    [InlineData("{}", "plotTime is missing")]
    [InlineData("{\"type\":\"track.updated\"}", "type track.updated is no plot")]
    [InlineData("{\"plotTime\":\"yesterday\"}", "plotTime yesterday is no instant")]
    [InlineData("{\"time_s\":1,\"plotTime\":\"2026-01-31T12:00:00Z\",\"sensor\":\"R1\",\"rangeM\":1,\"azimuthDeg\":1,\"elevationDeg\":1}", "both there")]
    [InlineData("{\"time_s\":\"1\"}", "time_s 1 is not a number")]
    [InlineData("{\"time_s\":99999999999999}", "time_s 99999999999999 is out of range")]
    [InlineData("{\"time_s\":1,\"sensor\":\"R9\"}", "the site has no sensor R9")]
    [InlineData("{\"time_s\":1,\"sensor\":null}", "is no text")]
    [InlineData("{\"time_s\":1,\"sensor\":\"R1\",\"rangeM\":0}", "rangeM 0 is out of range")]
    [InlineData("{\"time_s\":1,\"sensor\":\"R1\",\"rangeM\":1e8}", "rangeM 1e8 is out of range")]
    [InlineData("{\"time_s\":1,\"sensor\":\"R1\",\"rangeM\":1e999}", "rangeM 1e999 is not finite")]
    [InlineData("{\"time_s\":1,\"sensor\":\"R1\",\"rangeM\":NaN}", "cut or malformed")]
    [InlineData("{\"azimuthDeg\":721}", "azimuthDeg 721 is out of range")]
    [InlineData("{\"elevationDeg\":-90.000000001}", "elevationDeg -90.000000001 is out of range")]
    [InlineData("{\"elevationDeg\":1,\"elevationDeg\":1}", "elevationDeg is there twice")]
    [InlineData("{\"time_s\":1,\"sensor\":\"R1\",\"rangeM\":1,\"azimuthDeg\":1}", "elevationDeg is missing")]
    [InlineData("{\"sensor\":\"\\ud800\"}", "")]
    [InlineData("{\"x\":[[[[[[[[[[1]]]]]]]]]]}", "cut or malformed")]
    public void A_bad_line_is_a_rejection_with_its_line_and_the_next_is_read(string line, string reason)
    {
        KeepingSink sink = Read(PlotTextFormat.JsonLines, $"\n{line}\n{{\"time_s\":1,\"sensor\":\"R1\",\"rangeM\":1,\"azimuthDeg\":1,\"elevationDeg\":1}}");
        Rejection r = Assert.Single(sink.Rejections);
        Assert.Equal("in line 2", r.Source);
        Assert.Contains(reason, r.Reason, StringComparison.Ordinal);
        Assert.Single(sink.Plots);
    }

    [Fact]
    public void A_sensor_id_that_needs_escaping_is_found_however_it_is_spelled()
    {
        foreach (string id in (string[])["R\\u00e4dar \\\"2\\\"", "R\u00e4dar \\\"2\\\""])
            Assert.Equal(1, Assert.Single(Read(PlotTextFormat.JsonLines, $"{{\"time_s\":1,\"sensor\":\"{id}\",\"rangeM\":1,\"azimuthDeg\":1,\"elevationDeg\":1}}").Plots).Sensor);
    }

    [Fact]
    public void Where_the_text_is_cut_into_pieces_makes_no_difference_and_csv_is_as_the_file_reader_reads_it()
    {
        Gen<string> line = Gen.OneOf(Gen.Const("1700000000.5,R1,1,2,3,,\n"), Gen.Const("1.5,R1,9,2,3,4,\r\n"), Gen.Const("bad\n"), Gen.Const("\n"), Gen.Const("1,R9,1,1,1,,\n"),
            Gen.Int[1, 300].Select(n => new string('7', n) + "\n"), Gen.Const(new string('7', FormatLimits.PlotLineBytes + 1) + "\n"));
        Gen.Select(line.Array[0, 20], Gen.Int[1, 400].Array[0, 30]).Sample((lines, cuts) =>
        {
            string text = Header + "1,R1,1,1,1,,\n" + string.Concat(lines);
            KeepingSink whole = Read(PlotTextFormat.Csv, text), pieces = Read(PlotTextFormat.Csv, text, cuts), file = new();
            using PlotCsvReader reader = PlotCsvReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "in", TestSite.File.Definition).Value!;
            reader.ReadAll(file, TestContext.Current.CancellationToken);
            Assert.Equal(file.Plots, whole.Plots);
            Assert.Equal(file.Rejections, whole.Rejections);
            Assert.Equal(whole.Plots, pieces.Plots);
            Assert.Equal(whole.Rejections, pieces.Rejections);
        }, iter: 200);
    }

    [Fact]
    public void Files_sent_one_after_the_other_keep_their_own_columns()
    {
        KeepingSink sink = Read(PlotTextFormat.Csv, "\uFEFFtime_s,sensor,range_m,azimuth_deg,elevation_deg\n1,R1,100,1,1\nelevation_deg,time_s,sensor,range_m,azimuth_deg\n2,3,R1,200,4\n");
        Assert.Empty(sink.Rejections);
        Assert.Equal([100.0, 200.0], sink.Plots.Select(p => p.Measurement.RangeM));
    }

    [Fact]
    public void Without_a_header_every_line_says_what_is_missing_until_one_comes()
    {
        KeepingSink sink = Read(PlotTextFormat.Csv, "1,R1,100,1,1\n2,R1,100,1,1\n" + Header + "3,R1,100,1,1,,\n");
        Assert.Equal(2, sink.Rejections.Count);
        Assert.All(sink.Rejections, r => Assert.Contains("begin with the header", r.Reason, StringComparison.Ordinal));
        Assert.Single(sink.Plots);
    }

    [Fact]
    public void Random_octets_never_throw_and_what_passes_is_sound()
    {
        Gen<string> piece = Gen.OneOf(Gen.Const("{\"time_s\":1,\"sensor\":\"R1\","), Gen.Const("\"rangeM\":1e3,\"azimuthDeg\":-1,\"elevationDeg\":2}"), Gen.String[0, 8], Gen.Const("\n"), Gen.Const(",\"rangeM\":"), Gen.Const("1e-400}"));
        Gen.Select(piece.Array[0, 30], Gen.Byte.Array[0, 40]).Sample((pieces, noise) =>
        {
            foreach (PlotTextFormat format in Enum.GetValues<PlotTextFormat>())
            {
                var sink = new KeepingSink();
                var decoder = new PlotTextDecoder(format, TestSite.File.Definition, "in");
                decoder.Push(Encoding.UTF8.GetBytes(string.Concat(pieces)), sink);
                decoder.Push(noise, sink);
                decoder.End(sink);
                Assert.All(sink.Plots, p => Assert.True(p.Measurement.RangeM > 0 && double.IsFinite(p.Measurement.RangeM) && p.Measurement.AzimuthRad is >= 0 and < 2 * Math.PI));
            }
        }, iter: 3_000);
    }

    [Fact]
    public void Every_line_of_a_recording_that_is_a_plot_can_be_posted_as_it_is()
    {
        var file = new MemoryStream();
        var plot = new Plot { Time = new Instant(17_000_000_001_234_567), Sensor = 0, Measurement = new(1234.5, 1, 0.5), RangeRateMps = -3, Number = 7, ElevationSigmaRad = 0.001 };
        Plot canonical = CanonicalPlot.Of(plot);
        using (var writer = new EventWriter(file, new RecordingHeader(TestSite.File, OperationStatus.Test))) writer.PlotReceived(plot.Time, canonical);
        string line = Encoding.UTF8.GetString(file.ToArray()).Split('\n')[1];
        Assert.Equal("plot", JsonDocument.Parse(line).RootElement.GetProperty("type").GetString());
        Assert.Equal(canonical with { Number = 0 }, Assert.Single(Read(PlotTextFormat.JsonLines, line).Plots));
    }
}
