using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using CsCheck;
using Tocsin.Formats.Csv;
using Tocsin.Formats.GeoJson;
using Tocsin.Formats.Text;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.Csv;

public sealed class PlotCsvReaderTests
{
    private const string Header = "time_s,sensor,range_m,azimuth_deg,elevation_deg\n";

    private static InputResult<PlotCsvReader> Open(string text) =>
        PlotCsvReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "folder/p.plots.csv", TestSite.File.Definition);

    private static (KeepingSink Sink, PlotCsvCounts Counts) Read(string text)
    {
        InputResult<PlotCsvReader> opened = Open(text);
        Assert.True(opened.Ok, opened.Error?.ToString());
        using PlotCsvReader reader = opened.Value;
        var sink = new KeepingSink();
        return (sink, reader.ReadAll(sink, TestContext.Current.CancellationToken));
    }

    private static Rejection RejectionOf(string line)
    {
        (KeepingSink sink, PlotCsvCounts counts) = Read(Header + line + "\n1,R1,100,1,1\n");
        Assert.Equal(new PlotCsvCounts(1, 1, true), counts);
        Rejection only = Assert.Single(sink.Rejections);
        Assert.Equal(("p.plots.csv line 2", 1, true), (only.Source, only.Count, only.FromFeed));
        return only;
    }

    [Fact]
    public void Columns_may_stand_in_any_order_and_unknown_ones_are_passed_over()
    {
        (KeepingSink sink, _) = Read("\uFEFF\r\nsnr_db,\"elevation_deg\",note, sensor ,azimuth_deg,range_rate_mps,range_m,time_s\r\n" +
            "12.5,10.5,hello,\"Rädar 2\",-90,-3.25, 1234.5 ,1700000000.1234567\r\n\r\n,1,,R1,1,,1,2\r\n".Replace("Rädar 2", "R1", StringComparison.Ordinal));
        Plot plot = sink.Plots[0];
        Assert.Equal(new Instant(17_000_000_001_234_567), plot.Time);
        Assert.Equal((0, 1234.5, -3.25, 12.5), (plot.Sensor, plot.Measurement.RangeM, plot.RangeRateMps, plot.SnrDb));
        Assert.Equal(270 * Math.PI / 180, plot.Measurement.AzimuthRad, 1e-15);
        Assert.Equal(10.5 * Math.PI / 180, plot.Measurement.ElevationRad, 1e-15);
        Assert.True(double.IsNaN(sink.Plots[1].SnrDb) && double.IsNaN(sink.Plots[1].RangeRateMps) && double.IsNaN(plot.ElevationSigmaRad));
        Assert.Equal(2, sink.Plots.Count);
        Assert.Empty(sink.Rejections);
    }

    [Theory]
    [InlineData("", "folder/p.plots.csv: it is empty")]
    [InlineData("\n\n", "it is empty")]
    [InlineData("time_s,sensor,range_m,azimuth_deg,elevation_deg", "line 1: no plots")]
    [InlineData(Header, "line 1: no plots")]
    [InlineData(Header + "\r\n \n", "line 1: no plots")]
    [InlineData("1700000000.0,R1,1,2,3\n", "line 1: this is no header of a plot file; begin with the header time_s,")]
    [InlineData("time_s;sensor;range_m;azimuth_deg;elevation_deg\n1;R1;1;1;1\n", "line 1: this is no header of a plot file; separate the columns by commas")]
    [InlineData("\n\ntime_s,sensor,range_m,azimuth_deg\n1,R1,1,1\n", "line 3: the header lacks the column elevation_deg")]
    [InlineData("time_s,sensor,range_m,range_m,azimuth_deg,elevation_deg\n1,R1,1,1,1,1\n", "line 1: the column range_m is there twice")]
    public void A_file_that_cannot_be_used_is_an_error(string text, string expected) =>
        Assert.Contains(expected, Open(text).Error!.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_and_a_folder_are_errors()
    {
        Assert.Contains("no such file", PlotCsvReader.Open("nowhere.plots.csv", TestSite.File.Definition).Error!.ToString(), StringComparison.Ordinal);
        Assert.False(PlotCsvReader.Open(AppContext.BaseDirectory, TestSite.File.Definition).Ok);
    }

    [Theory]
    [InlineData("1700000000.5,R1,8871.08,200.9", "4 fields where the header has 5: the line is cut or incomplete")]
    [InlineData("1,R1,1,1,1,1,1", "7 fields where the header has 5")]
    [InlineData("NaN,R1,1,1,1", "time_s NaN is not finite")]
    [InlineData("yesterday,R1,1,1,1", "time_s yesterday is not a number")]
    [InlineData("1e300,R1,1,1,1", "time_s 1e300 is out of range")]
    [InlineData("99999999999999,R1,1,1,1", "time_s 99999999999999 is out of range")]
    [InlineData("1,R9,1,1,1", "the site has no sensor R9")]
    [InlineData("1,,1,1,1", "the site has no sensor")]
    [InlineData("1,R1,,1,1", "range_m is missing")]
    [InlineData("1,R1,-5,1,1", "range_m -5 is out of range")]
    [InlineData("1,R1,0,1,1", "range_m 0 is out of range")]
    [InlineData("1,R1,1e9,1,1", "range_m 1e9 is out of range")]
    [InlineData("1,R1,inf,1,1", "range_m inf is not a number")]
    [InlineData("1,R1,-Infinity,1,1", "range_m -Infinity is not finite")]
    [InlineData("1,R1,0x10,1,1", "range_m 0x10 is not a number")]
    [InlineData("1,R1,1,nan,1", "azimuth_deg nan is not finite")]
    [InlineData("1,R1,1,721,1", "azimuth_deg 721 is out of range")]
    [InlineData("1,R1,1,1,90.000000001", "elevation_deg 90.000000001 is out of range")]
    [InlineData("1,R1,1,1,-91", "elevation_deg -91 is out of range")]
    [InlineData("1,R1,1,1,1.2.3", "elevation_deg 1.2.3 is not a number")]
    [InlineData("1,R1,1,1,-", "elevation_deg - is not a number")]
    [InlineData("1,\"R1,1\",1,1", "sensor \"R1: a quoted field may hold no comma and no quote")]
    public void A_bad_line_is_rejected_and_the_reading_goes_on(string line, string reason) =>
        Assert.Contains(reason, RejectionOf(line).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_line_beyond_the_limit_is_rejected_wherever_it_stands()
    {
        string giant = new('7', FormatLimits.PlotLineBytes * 5);
        Assert.Contains("longer than", RejectionOf(giant).Reason, StringComparison.Ordinal);
        (KeepingSink sink, PlotCsvCounts counts) = Read(Header + "1,R1,1,1,1\n" + giant + "\n2,R1,1,1,1\n" + giant);
        Assert.Equal(new PlotCsvCounts(2, 2, true), counts);
        Assert.Equal(["p.plots.csv line 3", "p.plots.csv line 5"], sink.Rejections.Select(r => r.Source));
    }

    [Fact]
    public void Rejections_beyond_the_limit_are_counted_together()
    {
        (KeepingSink sink, PlotCsvCounts counts) = Read(Header + string.Concat(Enumerable.Repeat("bad\n", FormatLimits.SingleRejections + 234)));
        Assert.Equal(FormatLimits.SingleRejections + 1, sink.Rejections.Count);
        Assert.Equal(new Rejection("p.plots.csv", "more bad lines after the first 1000", 234, true), sink.Rejections[^1]);
        Assert.Equal(1_234, counts.Rejected);
    }

    [Fact]
    public void Reading_can_stop_between_two_lines()
    {
        using PlotCsvReader reader = Open(Header + "1,R1,1,1,1\n2,R1,1,1,1\n3,R1,1,1,1\n").Value!;
        using var stop = new CancellationTokenSource();
        var sink = new StoppingSink(stop);
        PlotCsvCounts counts = reader.ReadAll(sink, stop.Token);
        Assert.Equal(new PlotCsvCounts(1, 0, false), counts);
    }

    [Fact]
    public void A_packed_file_is_unpacked_and_a_damaged_one_says_so()
    {
        string text = Header + string.Concat(Enumerable.Range(0, 50_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}.{i * 7919 % 1000},R1,{i + 1}.25,{i * 31 % 360},{i % 90}\n")));
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(text));
        string path = Path.Combine(Path.GetTempPath(), $"tocsin-{Guid.NewGuid():N}.plots.csv.gz");
        try
        {
            byte[] bytes = packed.ToArray();
            File.WriteAllBytes(path, bytes);
            Assert.Equal(50_000, ReadFile(path).Plots);
            bytes.AsSpan(bytes.Length / 2, 200).Clear();
            File.WriteAllBytes(path, bytes);
            PlotCsvCounts damaged = ReadFile(path);
            Assert.True(damaged.Rejected > 0 && damaged.Complete);
        }
        finally
        {
            File.Delete(path);
        }

        static PlotCsvCounts ReadFile(string path)
        {
            using PlotCsvReader reader = PlotCsvReader.Open(path, TestSite.File.Definition).Value!;
            return reader.ReadAll(new KeepingSink(), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Fixed_point_is_exact_for_any_decimal_text()
    {
        // The oracle is arithmetic on whole numbers of any length.
        Gen.Select(Gen.Bool, Gen.String[Gen.Char['0', '9'], 0, 11], Gen.String[Gen.Char['0', '9'], 0, 12], Gen.Int[0, 9]).Sample((negative, whole, fraction, places) =>
        {
            if (whole.Length + fraction.Length == 0) return;
            string text = (negative ? "-" : "") + whole + (fraction.Length > 0 ? "." + fraction : "");
            BigInteger scaled = BigInteger.Parse("0" + whole + fraction, CultureInfo.InvariantCulture) * BigInteger.Pow(10, places);
            BigInteger unit = BigInteger.Pow(10, fraction.Length);
            BigInteger rounded = (2 * scaled + unit) / (2 * unit) * (negative ? -1 : 1);
            NumberStatus status = NumberText.ReadFixed(Encoding.ASCII.GetBytes(text), places, out long value);
            if (BigInteger.Abs(rounded) > long.MaxValue) Assert.Equal(NumberStatus.OutOfRange, status);
            else Assert.Equal((NumberStatus.Ok, rounded), (status, (BigInteger)value));
        }, iter: 5_000);
    }

    [Fact]
    public void Doubles_are_read_as_the_platform_reads_them()
    {
        Gen.Select(Gen.Double, Gen.Int[0, 8], Gen.Long[-10_000_000, 10_000_000]).Sample((any, decimals, steps) =>
        {
            foreach (string text in (string[])[any.ToString("R", CultureInfo.InvariantCulture), (steps / Math.Pow(10, decimals)).ToString("F" + decimals, CultureInfo.InvariantCulture)])
            {
                double expected = double.Parse(text, CultureInfo.InvariantCulture);
                NumberStatus status = NumberText.ReadDouble(Encoding.ASCII.GetBytes(text), out double value);
                if (double.IsFinite(expected)) Assert.Equal((NumberStatus.Ok, BitConverter.DoubleToInt64Bits(expected)), (status, BitConverter.DoubleToInt64Bits(value)));
                else Assert.Equal(NumberStatus.NotFinite, status);
            }
        }, iter: 5_000);
    }

    [Theory]
    [InlineData("1.7e9", 17_000_000_000_000_000)]
    [InlineData("-0.00000005", -1)]
    [InlineData("0.00000004999999999999999999999999", 0)]
    [InlineData("1700000000.12345674999999999", 17_000_000_001_234_567)]
    [InlineData("+1", 10_000_000)]
    [InlineData(".5", 5_000_000)]
    [InlineData("5.", 50_000_000)]
    public void Times_of_unusual_spelling_are_exact_too(string text, long ticks)
    {
        Assert.Equal(NumberStatus.Ok, NumberText.ReadFixed(Encoding.ASCII.GetBytes(text), 7, out long value));
        Assert.Equal(ticks, value);
    }

    [Fact]
    public void Steps_of_an_angle_come_back_from_radians()
    {
        Gen.Long[-CanonicalAngle.FullTurn, CanonicalAngle.FullTurn].Sample(steps => CanonicalAngle.FromRad(CanonicalAngle.ToRad(steps)) == steps, iter: 20_000);
    }

    [Fact]
    public void Random_text_never_throws_and_every_line_is_accounted_for()
    {
        Gen<string> field = Gen.OneOf(Gen.Const("1700000000.5"), Gen.Const("R1"), Gen.Const("\""), Gen.Const("NaN"), Gen.Const("45"), Gen.String[0, 6]);
        field.Array[0, 8].Select(f => string.Join(',', f)).Array[1, 20].Sample(lines =>
        {
            string text = string.Join('\n', lines);
            (KeepingSink sink, PlotCsvCounts counts) = Read(Header + "1,R1,1,1,1\n" + text);
            // A generated field may hold a line feed of its own.
            long nonBlank = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Split('\n').Count(l => Trimmed(l).Length > 0);
            Assert.Equal(nonBlank + 1, counts.Plots + counts.Rejected);
            Assert.All(sink.Plots, p => Assert.True(double.IsFinite(p.Measurement.RangeM + p.Measurement.AzimuthRad + p.Measurement.ElevationRad)));
            Assert.All(sink.Plots, p => Assert.InRange(p.Measurement.AzimuthRad, 0, Math.BitDecrement(2 * Math.PI)));
        }, iter: 500);

        static string Trimmed(string line) => (line.EndsWith('\r') ? line[..^1] : line).Trim(' ', '\t');
    }

    [Theory]
    [InlineData("salvo22")]
    [InlineData("salvo22hard")]
    public void A_foreign_plot_file_is_read_whole(string name)
    {
        string path = SharedData.PathOrSkip($"salvo/{name}.plots.csv");
        SiteDefinition site = SiteFile.Read(SharedData.PathOrSkip($"salvo/{name}.site.geojson")).Value!.Definition;
        using PlotCsvReader reader = PlotCsvReader.Open(path, site).Value!;
        var sink = new KeepingSink();
        PlotCsvCounts counts = reader.ReadAll(sink, TestContext.Current.CancellationToken);
        string[] lines = File.ReadAllLines(path);
        Assert.Equal(new PlotCsvCounts(lines.Length - 1, 0, true), counts);
        for (int i = 0; i < sink.Plots.Count; i++)
        {
            string[] f = lines[i + 1].Split(',');
            Plot p = sink.Plots[i];
            Assert.Equal(decimal.Parse(f[0], CultureInfo.InvariantCulture) * Instant.TicksPerSecond, p.Time.Ticks);
            Assert.Equal(double.Parse(f[2], CultureInfo.InvariantCulture), p.Measurement.RangeM);
            Assert.Equal(double.Parse(f[3], CultureInfo.InvariantCulture), p.Measurement.AzimuthRad * 180 / Math.PI, 1e-11);
            Assert.Equal(double.Parse(f[4], CultureInfo.InvariantCulture), p.Measurement.ElevationRad * 180 / Math.PI, 1e-11);
        }
    }

    private sealed class StoppingSink(CancellationTokenSource stop) : IPlotSink
    {
        public void Feed(in Plot plot) => stop.Cancel();

        public void Reject(in Rejection rejection) => stop.Cancel();
    }
}
