using CsCheck;
using Tocsin.Formats.Asterix;
using Tocsin.Geodesy;
using static Tocsin.Formats.Tests.Asterix.Encoder;

namespace Tocsin.Formats.Tests.Asterix;

/// <summary>From records to plots: geometry, time, and what gives none.</summary>
public class PlotTests
{
    private static readonly DateOnly Day = new(2020, 12, 20);
    private static readonly Instant Midnight = new(new DateTime(2020, 12, 20, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks);

    [Fact]
    public void The_elevation_is_that_of_the_straight_line_on_the_ellipsoid() =>
        Gen.Select(Gen.Double[-80, 80], Gen.Double[0, 360], Gen.Double[-400, 4000], Gen.Double[100, 400_000], Gen.Double[0, 360], Gen.Double[-5, 85])
            .Sample((latitude, longitude, height, range, azimuth, elevation) =>
            {
                var sensor = new Geodetic(latitude * TestSite.RadPerDegree, longitude * TestSite.RadPerDegree, height);
                (double az, double el) = (azimuth * TestSite.RadPerDegree, elevation * TestSite.RadPerDegree);
                var target = new Enu(range * Math.Cos(el) * Math.Sin(az), range * Math.Cos(el) * Math.Cos(az), range * Math.Sin(el));
                double targetHeight = new LocalFrame(sensor).ToGeodetic(target).HeightM;
                Assert.True(new SlantGeometry(sensor).TryElevation(range, az, targetHeight, out double found, out double heightPerRad));
                // A nanometre of height near the zenith is a larger angle than elsewhere.
                Assert.InRange(found - el, -1e-8 - 1e-6 / heightPerRad, 1e-8 + 1e-6 / heightPerRad);
            }, iter: 500);

    [Fact]
    public void The_slope_of_height_is_its_derivative()
    {
        var geometry = new SlantGeometry(TestSite.Position);
        Assert.True(geometry.TryElevation(80_000, 1.1, 5_000, out double el, out double slope));
        Assert.True(geometry.TryElevation(80_000, 1.1, 5_001, out double higher, out _));
        Assert.InRange(1 / (higher - el) / slope, 0.9999, 1.0001);
    }

    [Fact]
    public void Range_and_height_that_contradict_each_other_have_no_elevation() =>
        Assert.False(new SlantGeometry(TestSite.Position).TryElevation(1_000, 0, 5_000, out _, out _));

    [Fact]
    public void A_3D_report_is_placed_at_its_height()
    {
        // 20 NM away, azimuth 90 degrees, 400 steps of 25 ft high, seen at 12:00:00.5.
        Plot plot = Single(Record(48, ("010", [25, 201]), ("140", Bits((24, 43_200 * 128 + 64))), ("020", [0x20]), ("040", Bits((16, 20 * 256), (16, 16_384))),
            ("110", Bits((2, 0), (14, 400))), ("120", [0x80, .. Bits((1, 0), (5, 0), (10, -200))])));
        Assert.Equal(Midnight.AddSeconds(43_200.5), plot.Time);
        Assert.Equal(20 * 1852.0, plot.Measurement.RangeM, 1e-9);
        Assert.Equal(Math.PI / 2, plot.Measurement.AzimuthRad, 1e-12);
        Assert.Equal(-200, plot.RangeRateMps);
        (double range, double az, double el) = (plot.Measurement.RangeM, plot.Measurement.AzimuthRad, plot.Measurement.ElevationRad);
        var enu = new Enu(range * Math.Cos(el) * Math.Sin(az), range * Math.Cos(el) * Math.Cos(az), range * Math.Sin(el));
        Assert.Equal(400 * 25 * 0.3048, new LocalFrame(TestSite.Position).ToGeodetic(enu).HeightM, 1e-3);
        // By hand: geoid 30 m, 4 mrad of 37,040 m, steps of 7.62 m; over range times the cosine of the elevation, 4.6 degrees or so.
        double heightSigma = Math.Sqrt(30 * 30 + Math.Pow(0.004 * 37_040, 2) + 7.62 * 7.62 / 12);
        Assert.InRange(plot.ElevationSigmaRad / (heightSigma / (37_040 * Math.Cos(el))), 0.995, 1.005);
    }

    [Fact]
    public void A_flight_level_serves_where_no_height_was_measured_and_is_coarser()
    {
        byte[] position = Bits((16, 40 * 256), (16, 0)), time = Bits((24, 128));
        Plot level = Single(Record(48, ("010", [25, 201]), ("140", time), ("040", position), ("090", Bits((2, 0), (14, 1200)))));
        Plot both = Single(Record(48, ("010", [25, 201]), ("140", time), ("040", position), ("090", Bits((2, 0), (14, 1200))), ("110", Bits((16, 1200)))));
        // FL 300 and 30,000 ft are the same number of feet.
        Assert.Equal(both.Measurement.ElevationRad, level.Measurement.ElevationRad, 1e-12);
        double expected = Math.Sqrt(30 * 30 + 83 * 83 + Math.Pow(0.03 * 9144, 2));
        Assert.InRange(level.ElevationSigmaRad * 40 * 1852 / expected, 0.98, 1.03);
        Assert.True(double.IsNaN(level.RangeRateMps));
    }

    [Fact]
    public void Category_015_gives_what_it_measures()
    {
        Plot plot = Single(15, Record(15, ("010", [25, 201]), ("000", [0x02]), ("145", Bits((24, 10 * 128))),
            ("625", [0x90, .. Bits((24, 123_456), (24, 25))]), ("626", [0x80, .. Bits((24, -32_100))]),
            ("627", [0x80, .. Bits((16, 0x4000))]), ("628", [0xA0, .. Bits((16, 0x2000), (16, 728))]), ("630", [0x10, 17])));
        Assert.Equal(Midnight.AddSeconds(10), plot.Time);
        Assert.Equal(12_345.6, plot.Measurement.RangeM, 1e-9);
        Assert.Equal(90, plot.Measurement.AzimuthRad / TestSite.RadPerDegree, 1e-9);
        Assert.Equal(22.5, plot.Measurement.ElevationRad / TestSite.RadPerDegree, 1e-9);
        Assert.Equal(728 * 45.0 / 65536, plot.ElevationSigmaRad / TestSite.RadPerDegree, 1e-9);
        Assert.Equal(-321, plot.RangeRateMps);
        Assert.Equal(17, plot.SnrDb);
    }

    [Fact]
    public void Category_015_may_give_a_position_on_the_earth_instead()
    {
        var frame = new LocalFrame(TestSite.Position);
        Geodetic target = frame.ToGeodetic(new Enu(3_000, 4_000, 1_200));
        long lat = (long)Math.Round(target.LatitudeRad / Math.PI * 2147483648), lon = (long)Math.Round(target.LongitudeRad / Math.PI * 2147483648);
        byte[] height = [0xA0, .. Bits((24, (long)Math.Round(target.HeightM * 100)), (24, 1_000))];
        Plot plot = Single(15, Record(15, ("010", [25, 201]), ("145", Bits((24, 1))), ("600", [0x80, .. Bits((32, lat), (32, lon))]), ("601", height)));
        Assert.Equal(Math.Sqrt(25e6 + 1.44e6), plot.Measurement.RangeM, 0.05);
        Assert.Equal(Math.Atan2(3, 4), plot.Measurement.AzimuthRad, 1e-5);
        Assert.Equal(Math.Atan2(1.2, 5), plot.Measurement.ElevationRad, 1e-5);
        Assert.Equal(10 / 5_000.0, plot.ElevationSigmaRad, 1e-5);

        // Range and azimuth with a height: the same elevation by another way.
        Plot mixed = Single(15, Record(15, ("010", [25, 201]), ("145", Bits((24, 1))), ("601", height),
            ("625", [0x80, .. Bits((24, (long)Math.Round(plot.Measurement.RangeM * 10)))]), ("627", [0x80, .. Bits((16, (long)Math.Round(Math.Atan2(3, 4) / Math.Tau * 65536)))])));
        Assert.Equal(plot.Measurement.ElevationRad, mixed.Measurement.ElevationRad, 1e-4);
    }

    [Theory]
    [InlineData("020", "10", "simulated")]
    [InlineData("020", "2180", "simulated")]
    [InlineData("020", "22", "transponder")]
    [InlineData("020", "2140", "beyond 256 NM")]
    [InlineData("110", null, "no height")]
    [InlineData("040", null, "no measured position")]
    [InlineData("140", null, "no time of day")]
    [InlineData("140", "A8C000", "beyond 24 h")]
    [InlineData("040", "00000000", "range is 0")]
    [InlineData("110", "1FFF", "contradict")]
    [InlineData("010", "1907", "SAC 25 SIC 7 is not a sensor of the site; add asterix {\"sac\":25,\"sic\":7} to one")]
    [InlineData("010", null, "no data source")]
    public void What_gives_no_plot_says_why(string item, string? octets, string reason)
    {
        List<(string Name, byte[] Octets)> items =
        [
            ("010", [25, 201]), ("140", [0, 0, 1]), ("020", [0x20]), ("040", Bits((16, 10 * 256), (16, 0))), ("110", [0, 100]),
        ];
        items.RemoveAll(i => i.Name == item);
        if (octets is not null) items.Add((item, Convert.FromHexString(octets)));
        ListSink sink = Read(Day, null, Block(48, Record(48, [.. items])));
        Assert.Empty(sink.Plots);
        Rejection rejection = Assert.Single(sink.Rejections);
        Assert.Contains(reason, rejection.Reason, StringComparison.Ordinal);
        Assert.Equal("feed byte 3", rejection.Source);
        Assert.True(rejection.FromFeed);
    }

    [Theory]
    [InlineData("020", "40", "mono-static")]
    [InlineData("020", "30", "simulated")]
    [InlineData("170", "08", "extrapolated")]
    public void Category_015_reports_that_are_no_plots_say_why(string item, string octets, string reason)
    {
        byte[] record = Record(15, ("010", [25, 201]), ("145", [0, 0, 1]), ("625", [0x80, 0, 1, 0]), ("627", [0x80, 0, 0]), ("628", [0x80, 0, 0]),
            (item, Convert.FromHexString(octets)));
        ListSink sink = Read(Day, null, Block(15, record));
        Assert.Empty(sink.Plots);
        Assert.Contains(reason, Assert.Single(sink.Rejections).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_rejections_of_one_reason_are_told_as_one()
    {
        byte[] simulated = Record(48, ("010", [25, 201]), ("020", [0x10]));
        ListSink sink = Read(Day, null, Block(48, [.. Enumerable.Repeat(simulated, 100)]));
        Assert.Equal(AsterixLimits.SingleRejections + 1, sink.Rejections.Count);
        Assert.Equal(100, sink.Rejections.Sum(r => r.Count));
        Assert.Equal("feed", sink.Rejections[^1].Source);
    }

    [Fact]
    public void Service_messages_and_track_ends_are_counted_and_not_rejected()
    {
        var sink = new ListSink();
        AsterixPlotReader reader = AsterixPlotReader.Create(TestSite.Of((25, 201)), sink, "feed", Day).Value!;
        reader.Read(Block(34, Record(34, ("010", [25, 201]), ("000", [1])), Record(34, ("010", [25, 201]), ("000", [2]))), 0, null);
        reader.Read(Block(15, Record(15, ("010", [25, 201]), ("000", [0x0A]))), 0, null);
        Assert.Equal((3, 1, 1), (reader.Tally.ServiceMessages, reader.Tally.NorthMarks, reader.Tally.SectorCrossings));
        Assert.Empty(sink.Rejections);
    }

    [Fact]
    public void An_unknown_category_is_counted_and_passed_over()
    {
        ListSink sink = Read(Day, null, [.. Block(62, [1, 2, 3]), .. Block(48, Target(0))]);
        Assert.Single(sink.Plots);
        Assert.Contains("category 062", Assert.Single(sink.Rejections).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edition_that_is_not_known_is_an_error_with_its_mend()
    {
        InputResult<AsterixPlotReader> result = AsterixPlotReader.Create(TestSite.With(new AsterixSource(1, 2, "9.9")), new ListSink(), "feed", null);
        Assert.False(result.Ok);
        Assert.Contains("edition 9.9", result.Error.ToString(), StringComparison.Ordinal);
        Assert.True(AsterixPlotReader.Create(TestSite.With(new AsterixSource(1, 2, "1.21"), new(1, 3, "1.2"), null), new ListSink(), "feed", null).Ok);
        Assert.False(AsterixPlotReader.Create(TestSite.With(new AsterixSource(1, 2, null), new(1, 2, null)), new ListSink(), "feed", null).Ok);
    }

    [Fact]
    public void An_edition_of_the_other_category_does_not_pass()
    {
        var sink = new ListSink();
        AsterixPlotReader reader = AsterixPlotReader.Create(TestSite.With(new AsterixSource(25, 201, "1.2")), sink, "feed", Day).Value!;
        reader.Read(Block(48, Target(0)), 0, null);
        Assert.Contains("edition 1.2 is not known", Assert.Single(sink.Rejections).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_time_of_day_gets_the_date_nearest_to_its_capture() =>
        Gen.Select(Gen.Long[-4_000_000_000, 4_000_000_000], Gen.Long[-12 * 3600 * 128 + 1, 12 * 3600 * 128 - 1]).Sample((seconds, delay) =>
        {
            var sent = new Instant(seconds * Instant.TicksPerSecond + 3 * Instant.TicksPerSecond / 128);
            Instant captured = new(sent.Ticks + delay * (Instant.TicksPerSecond / 128));
            long steps = ((seconds % 86_400 + 86_400) % 86_400) * 128 + 3;
            Assert.Equal(sent, Assert.Single(Read(null, captured, Block(48, Target(steps))).Plots).Time);
        }, iter: 500);

    [Fact]
    public void Without_capture_midnight_is_crossed_both_ways()
    {
        // The evening of the date given, past midnight, a late one from before it, one wild clock, and on.
        long[] seconds = [86_395, 86_399, 1, 86_398, 43_210, 2, 3];
        ListSink sink = Read(Day, null, Block(48, [.. seconds.Select(s => Target(s * 128))]));
        double[] since = [.. sink.Plots.Select(p => p.Time.SecondsSince(Midnight))];
        Assert.Equal([86_395, 86_399, 86_401, 86_398, since[4], 86_402, 86_403], since);
        Assert.Equal(43_210, since[4] % 86_400);
    }

    [Fact]
    public void Without_capture_a_long_gap_is_followed()
    {
        long[] hours = [1, 9, 17, 23, 3, 11];
        ListSink sink = Read(Day, null, Block(48, [.. hours.SelectMany(h => new[] { Target(h * 3600 * 128), Target((h * 3600 + 1) * 128) })]));
        Assert.Equal([1, 9, 17, 23, 27, 35], sink.Plots.Where((_, i) => i % 2 == 0).Select(p => p.Time.SecondsSince(Midnight) / 3600));
    }

    [Fact]
    public void Plots_are_canonical()
    {
        Plot plot = Assert.Single(Read(Day, null, Block(48, Target(7))).Plots);
        Assert.Equal(CanonicalPlot.Of(plot), plot);
    }

    private static byte[] Target(long steps) =>
        Record(48, ("010", [25, 201]), ("140", Bits((24, steps))), ("040", Bits((16, 10 * 256 + 77), (16, 4_321))), ("110", [0, 100]));

    private static Plot Single(byte[] record) => Single(48, record);

    private static Plot Single(int category, byte[] record)
    {
        ListSink sink = Read(Day, null, Block(category, record));
        Assert.Empty(sink.Rejections);
        return Assert.Single(sink.Plots);
    }

    private static ListSink Read(DateOnly? date, Instant? captured, byte[] datagram)
    {
        var sink = new ListSink();
        AsterixPlotReader reader = AsterixPlotReader.Create(TestSite.Of((25, 201)), sink, "feed", date).Value!;
        reader.Read(datagram, 0, captured);
        reader.Finish();
        return sink;
    }
}
