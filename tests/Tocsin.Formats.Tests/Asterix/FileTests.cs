using System.Text.Json;
using Tocsin.Formats.Asterix;
using Tocsin.Formats.Inspect;
using Tocsin.Geodesy;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.Asterix;

/// <summary>Whole files: plots out of them, and what inspecting them says.</summary>
public sealed class FileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tocsin-asterix-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_real_report_with_a_position_and_a_height_becomes_a_plot()
    {
        string capture = SharedData.PathOrSkip("asterix/cat_034_048.pcap");
        JsonElement[] reports = [.. File.ReadLines(SharedData.PathOrSkip("asterix/expected/cat_034_048.croatiacontrol.jsonl"))
            .Select(l => JsonDocument.Parse(l).RootElement).Where(e => e.GetProperty("cat").GetInt32() == 48).Select(e => e.GetProperty("CAT048"))];
        JsonElement[] placed = [.. reports.Where(r => r.TryGetProperty("I040", out _) && (r.TryGetProperty("I110", out _) || IsValidLevel(r)))];
        (byte, byte)[] identities = [.. reports.Select(r => (Byte(r, "SAC"), Byte(r, "SIC"))).Distinct()];
        var sink = new ListSink();

        AsterixTally tally = AsterixFile.ReadPlots(capture, TestSite.Of(identities), sink, date: null).Value!;

        Assert.Equal((128, 34), (tally.Records(48), tally.Records(34)));
        Assert.Equal(34, tally.ServiceMessages);
        Assert.True(placed.Length > 50);
        Assert.Equal(placed.Length, sink.Plots.Count + sink.Rejections.Where(r => r.Reason.Contains("contradict", StringComparison.Ordinal)).Sum(r => r.Count));
        Assert.Equal(128 - sink.Plots.Count, sink.Rejections.Sum(r => r.Count));
        var day = new Instant(new DateTime(2016, 5, 5, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks);
        int matched = 0;
        foreach (JsonElement report in placed)
        {
            double rho = report.GetProperty("I040").GetProperty("RHO").GetDouble() * 1852, time = report.GetProperty("I140").GetProperty("ToD").GetDouble();
            Plot? plot = sink.Plots.Cast<Plot?>().FirstOrDefault(p => Math.Abs(p!.Value.Measurement.RangeM - rho) < 0.01 && Math.Abs(p.Value.Time.SecondsSince(day) - time) < 1e-6);
            if (plot is not { } p) continue;
            double height = report.TryGetProperty("I110", out JsonElement h)
                ? h.GetProperty("3D_Height").GetDouble() * 0.3048
                : report.GetProperty("I090").GetProperty("FL").GetDouble() * 30.48;
            (double az, double el) = (p.Measurement.AzimuthRad, p.Measurement.ElevationRad);
            var enu = new Enu(rho * Math.Cos(el) * Math.Sin(az), rho * Math.Cos(el) * Math.Cos(az), rho * Math.Sin(el));
            Assert.Equal(height, new LocalFrame(TestSite.Position).ToGeodetic(enu).HeightM, 0.05);
            matched++;
        }
        Assert.Equal(sink.Plots.Count, matched);
    }

    [Theory]
    [InlineData("cat_034_048.pcap", "pcap", "{\"034\":34,\"048\":128}", "[]")]
    [InlineData("cat_062_065.pcap", "pcap", "{\"062\":2,\"065\":1}", "[]")]
    [InlineData("cat062cat065.raw", "asterix", "{\"062\":2,\"065\":1}", "[]")]
    [InlineData("cat048.raw", "asterix", "{\"048\":1}", "[]")]
    [InlineData("cat_001_002.pcap", "pcap", "{}", "[]")]
    [InlineData("asterix.pcap", "pcap", "{\"062\":100}", "[\"062\"]")]
    public void Inspecting_a_real_file_counts_its_records(string name, string kind, string categories, string blocksOnly)
    {
        InspectReport report = InspectReport.Run(SharedData.PathOrSkip("asterix/" + name), new InspectOptions()).Value!;
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(kind, json.RootElement.GetProperty("kind").GetString());
        Assert.Equal(categories, json.RootElement.GetProperty("categories").GetRawText());
        Assert.Equal(blocksOnly, json.RootElement.GetProperty("blocksOnly").GetRawText());
    }

    [Fact]
    public void Records_are_written_out_as_a_person_would_want_to_see_them()
    {
        string path = Write("one.ast", Encoder.Block(48, Encoder.Record(48, ("010", [25, 201]), ("140", Encoder.Bits((24, 43_200 * 128))), ("020", [0xA0]),
            ("040", Encoder.Bits((16, 256), (16, 16_384))), ("070", Encoder.Bits((16, 0x0123))))));
        InspectReport report = InspectReport.Run(path, new InspectOptions { Date = new DateOnly(2020, 12, 20) }).Value!;
        Assert.Equal(
            [
                "I048 at byte 3, 13 bytes, 2020-12-20T12:00:00.000Z",
                "  I048/010 Data Source Identifier", "      SAC = 25", "      SIC = 201",
                "  I048/140 Time of Day", "      12:00:00.0000000 (43200 s)",
                "  I048/020 Target Report Descriptor", "      TYP = 5 (Single ModeS Roll-Call)", "      SIM = 0 (Actual target report)",
                "      RDP = 0 (Report from RDP Chain 1)", "      SPI = 0 (Absence of SPI)", "      RAB = 0 (Report from aircraft transponder)",
                "  I048/040 Measured Position in Polar Co-ordinates", "      RHO = 1 NM (1.852 km)", "      THETA = 90°",
                "  I048/070 Mode-3/A Code in Octal Representation", "      V = 0 (Code validated)", "      G = 0 (Default)",
                "      L = 0 (Mode-3/A code derived from the reply of the transponder)", "      MODE3A = 0443",
            ],
            report.Records);
        Assert.Contains($"{"048",-8}  {1,9}", report.ToLines());
    }

    [Fact]
    public void Problems_are_counted_with_the_place_of_the_first()
    {
        byte[] block = Encoder.Block(48, Encoder.Record(48, ("010", [25, 201]), ("140", [0, 0, 1])));
        InspectReport report = InspectReport.Run(Write("cut.raw", [.. block, 0xC8, 0, 5, 1, 2, .. block, 0x30]), new InspectOptions()).Value!;
        Assert.Equal(new Dictionary<string, long> { ["048"] = 2, ["200"] = 1 }, report.Categories);
        Assert.Equal(["200"], report.BlocksOnly);
        Assert.Equal([new InspectProblem("trailing octets after the last block", 1, 2 * block.Length + 5, 1)], report.Problems);
        Assert.Equal("00:00:00.0078125 (time of day)", report.FirstTime);
    }

    [Fact]
    public void Plot_and_events_files_are_counted_by_line()
    {
        string plots = Write("a.plots.csv", "time_s,sensor,range_m,azimuth_deg,elevation_deg\n1608494400.5,R1,1,2,3\n1608494401,R2,1,2,3\nbad\n1608494399,R1,4,5,6\n"u8.ToArray());
        InspectReport report = InspectReport.Run(plots, new InspectOptions()).Value!;
        Assert.Equal(("plots", 4L, "2020-12-20T19:59:59.000Z", "2020-12-20T20:00:01.000Z"), (report.Kind, report.Lines!.Value, report.FirstTime, report.LastTime));
        Assert.Equal(new Dictionary<string, long> { ["R1"] = 2, ["R2"] = 1 }, report.Sensors);
        Assert.Equal(4, Assert.Single(report.Problems).FirstOffset);

        string events = Write("a.events.jsonl", """
            {"time":"2020-12-20T20:00:00.000Z","type":"recording.opened","site":{"type":"FeatureCollection"}}
            {"type":"plot","time":"2020-12-20T20:00:01.000Z"}
            {"type":"plot","time":"2020-12-20T20:00:02.000Z"}
            {"type":"plo
            """u8.ToArray());
        report = InspectReport.Run(events, new InspectOptions()).Value!;
        Assert.Equal(new Dictionary<string, long> { ["plot"] = 2, ["recording.opened"] = 1 }, report.Types);
        Assert.Equal("last line that is cut", Assert.Single(report.Problems).Reason);
        Assert.Equal("2020-12-20T20:00:02.000Z", report.LastTime);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("hello, world, this is nothing", "not recognised")]
    [InlineData("{\"type\":\"FeatureCollection\",\n\"features\":[]}", "JSON document")]
    [InlineData("{\"type\":\"FeatureCollection\",\"features\":[]}", "JSON document")]
    public void A_file_that_holds_nothing_known_is_an_error(string text, string problem)
    {
        string path = Write("x.bin", System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Contains(problem, InspectReport.Run(path, new InspectOptions()).Error!.ToString(), StringComparison.Ordinal);
        Assert.False(AsterixFile.ReadPlots(path, TestSite.Of((1, 1)), new ListSink(), new DateOnly(2020, 1, 1)).Ok);
    }

    [Fact]
    public void A_raw_file_without_a_date_asks_for_one()
    {
        string path = Write("a.raw", Encoder.Block(48, Encoder.Record(48, ("010", [25, 201]))));
        Assert.Contains("--date", AsterixFile.ReadPlots(path, TestSite.Of((25, 201)), new ListSink(), null).Error!.ToString(), StringComparison.Ordinal);
        Assert.Contains("no such file", AsterixFile.ReadPlots(path + "x", TestSite.Of((25, 201)), new ListSink(), null).Error!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_capture_is_unpacked()
    {
        string path = Path.Combine(_folder.FullName, "a.raw.gz");
        using (var packed = new System.IO.Compression.GZipStream(File.Create(path), System.IO.Compression.CompressionLevel.Fastest))
            packed.Write(Encoder.Block(48, Encoder.Record(48, ("010", [25, 201]))));
        Assert.Equal(1, InspectReport.Run(path, new InspectOptions()).Value!.Categories!["048"]);
    }

    private string Write(string name, byte[] octets)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, octets);
        return path;
    }

    private static bool IsValidLevel(JsonElement report) =>
        report.TryGetProperty("I090", out JsonElement level) && level.GetProperty("V").GetInt32() == 0 && level.GetProperty("G").GetInt32() == 0;

    private static byte Byte(JsonElement report, string name) => report.GetProperty("I010").GetProperty(name).GetByte();
}
