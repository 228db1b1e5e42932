using CsCheck;
using Google.Protobuf;
using Tocsin.Formats.Sapient;
using Tocsin.Formats.Sapient.Wire;
using Tocsin.Geodesy;

namespace Tocsin.Formats.Tests.Sapient;

/// <summary>What this program says in SAPIENT, seen by a decoder that knows only the wire: the paths are the published field numbers.</summary>
public class ReportTests
{
    private const double Deg = Math.PI / 180;
    private static readonly Instant Valid = new(17_958_194_105_000_000);
    private static readonly SapientReports Reports = new("green-zone", "Green Zone");

    private static Track Mortar()
    {
        KindProbabilities kinds = default;
        kinds[Kind.Mortar] = 0.75;
        kinds[Kind.Rocket] = 0.25;
        return new()
        {
            Id = new(12),
            ValidTime = Valid,
            Position = new(33.3 * Deg, 44.4 * Deg, 1_234.5),
            VelocityMps = new(-10.5, 200.25, -99),
            Kind = Kind.Mortar,
            Kinds = kinds,
        };
    }

    private static readonly ImpactPrediction Impact = new()
    {
        Track = new(12),
        ValidTime = Valid,
        ImpactTime = Valid.AddSeconds(8.25),
        TimeSigmaS = 0.4,
        Position = new(33.31 * Deg, 44.41 * Deg, 34),
        Ellipse95 = new(80.5, 20, 45 * Deg),
    };

    [Fact]
    public void A_detection_by_the_published_numbers()
    {
        RawMessage raw = RawMessage.Decode(Reports.Detection("green-zone.20261123T2243Z.T12", Mortar(), Impact, OperationStatus.Actual).ToByteArray());
        Assert.Equal(1_795_819_410, raw.Number("1/1"));
        Assert.Equal(500_000_000, raw.Number("1/2"));
        Assert.Matches(IdForms.Uuid(), raw.Text("2"));
        Assert.Matches(IdForms.Ulid(), raw.Text("7/1"));
        Assert.Matches(IdForms.Ulid(), raw.Text("7/2"));
        // location: x, y, z, degrees, WGS-84 ellipsoid.
        Assert.Equal(44.4, raw.Double("7/6/1"), 1e-12);
        Assert.Equal(33.3, raw.Double("7/6/2"), 1e-12);
        Assert.Equal(1_234.5, raw.Double("7/6/3"));
        Assert.Equal((1, 1), (raw.Number("7/6/7"), raw.Number("7/6/8")));
        // prediction_location: a location and its time, 8.25 s on.
        Assert.Equal(44.41, raw.Double("7/9/2/1"), 1e-12);
        Assert.Equal(33.31, raw.Double("7/9/2/2"), 1e-12);
        Assert.Equal(34, raw.Double("7/9/2/3"));
        Assert.Equal(1_795_819_418, raw.Number("7/9/3/1"));
        Assert.Equal(750_000_000, raw.Number("7/9/3/2"));
        // classification: type and confidence, in the order of the kinds.
        Assert.Equal(["Rocket", "Mortar"], raw.All("7/11/1"));
        Assert.Equal((-10.5, 200.25, -99.0), (raw.Double("7/19/1"), raw.Double("7/19/2"), raw.Double("7/19/3")));
        Assert.Equal(["impactEllipse95SemiMajor", "impactEllipse95SemiMinor", "impactEllipse95Orientation", "impactTimeSigma"], raw.All("7/10/1"));
        Assert.Equal(["80.5", "20", "45", "0.4"], raw.All("7/10/2"));
        Assert.Equal("T12", raw.Text("7/23"));
        Assert.False(raw.Has("13") || raw.Has("7/4") || raw.Has("7/5"));
    }

    [Theory]
    [InlineData(OperationStatus.Exercise, "EXERCISE")]
    [InlineData(OperationStatus.Test, "TEST")]
    public void An_exercise_is_marked_in_each_message(OperationStatus status, string mark)
    {
        SapientMessage detection = Reports.Detection("x.T12", Mortar(), Impact, status), lost = Reports.Lost(Valid, "x.T12", Mortar(), status);
        foreach (SapientMessage m in (SapientMessage[])[detection, lost])
        {
            RawMessage raw = RawMessage.Decode(m.ToByteArray());
            Assert.StartsWith(mark, raw.Text("13"), StringComparison.Ordinal);
            Assert.StartsWith(mark, raw.Text("7/23"), StringComparison.Ordinal);
            Assert.Contains("exercise", raw.All("7/10/1"));
        }
        // Another Tocsin, or this one, does not take it for real.
        DetectionReport report = detection.DetectionReport;
        Assert.NotNull(new SapientPlots(TestSite.File.Definition).Read(0, Valid, report, out _));

        RawMessage alert = RawMessage.Decode(Reports.Alert(Valid, "x.W3", "Z1", "Take cover", 0.9, false, status, []).ToByteArray());
        Assert.StartsWith(mark, alert.Text("10/4"), StringComparison.Ordinal);
        Assert.StartsWith(mark, alert.Text("10/13"), StringComparison.Ordinal);
        Assert.Equal((1, 1), (alert.Number("10/2"), alert.Number("10/8")));
        string mode = RawMessage.Decode(Reports.Status(Valid, status, false).ToByteArray()).Text("6/5");
        Assert.Equal(mark, mode.ToUpperInvariant());
        Assert.Contains(mode, RawMessage.Decode(Reports.Registration(Valid, OperationStatus.Actual, TimeSpan.FromSeconds(10)).ToByteArray()).All("4/7/1"));
    }

    [Fact]
    public void A_warning_and_its_end_by_the_published_numbers()
    {
        RawMessage raised = RawMessage.Decode(Reports.Alert(Valid, "x.W3", "Z1", "Take cover", 0.75, false, OperationStatus.Actual, ["x.T12"]).ToByteArray());
        Assert.Matches(IdForms.Ulid(), raised.Text("10/1"));
        Assert.Equal((3, 1, 3), (raised.Number("10/2"), raised.Number("10/3"), raised.Number("10/8")));
        Assert.Equal("Take cover", raised.Text("10/4"));
        Assert.Matches(IdForms.Ulid(), raised.Text("10/7"));
        Assert.Equal(0.75, raised.Double("10/10"));
        Assert.Equal(raised.Text("2"), raised.Text("10/12/2"));
        Assert.Equal(SapientReports.ObjectId("x.T12"), raised.Text("10/12/3"));
        RawMessage over = RawMessage.Decode(Reports.Alert(Valid.AddSeconds(60), "x.W3", "Z1", "All clear", 0, true, OperationStatus.Actual, []).ToByteArray());
        Assert.Equal(raised.Text("10/1"), over.Text("10/1"));
        Assert.Equal(5, over.Number("10/3"));
        Assert.NotEqual(raised.Text("10/1"), SapientReports.AlertId("x.W4"));
    }

    /// <summary>Every field that the published interface calls mandatory, by its number.</summary>
    [Fact]
    public void A_registration_has_all_that_is_mandatory()
    {
        RawMessage raw = RawMessage.Decode(Reports.Registration(Valid, OperationStatus.Exercise, TimeSpan.FromSeconds(10)).ToByteArray());
        Assert.Equal(20, raw.Number("4/1/1"));
        Assert.Equal("BSI Flex 335 v2.0", raw.Text("4/2"));
        Assert.True(raw.Has("4/5/1") && raw.Has("4/5/2"));
        Assert.Equal((4, 10.0), (raw.Number("4/6/1/1"), raw.Double("4/6/1/3")));
        Assert.Equal(["Operation", "Exercise", "Test"], raw.All("4/7/1"));
        // The default mode is what the site does now.
        Assert.Equal(["1", "3", "1"], raw.All("4/7/2"));
        foreach (string mandatory in (string[])["4/7/4/1", "4/7/4/3", "4/7/10/1/1", "4/7/10/1/3", "4/7/11/2/1", "4/7/11/2/3/1", "4/7/11/2/3/3", "4/7/10/6/4/1", "4/7/10/6/6"])
            Assert.Equal(3, raw.All(mandatory).Length);
        Assert.Equal(15, raw.All("4/7/10/3/2").Length);
        Assert.True(raw.Has("4/10/1") && raw.Has("4/10/2"));
    }

    [Fact]
    public void Answers_by_the_published_numbers()
    {
        RawMessage yes = RawMessage.Decode(Reports.Acknowledge(Valid, "n", null).ToByteArray());
        Assert.Equal(("n", 1), (yes.Text("3"), yes.Number("5/1")));
        RawMessage no = RawMessage.Decode(Reports.Acknowledge(Valid, "n", "not here").ToByteArray());
        Assert.Equal((0, "not here"), (no.Number("5/1"), no.Text("5/3")));
        RawMessage declined = RawMessage.Decode(Reports.Decline(Valid, "c2", new() { TaskId = "t" }).ToByteArray());
        Assert.Equal(("c2", "t", 2), (declined.Text("3"), declined.Text("9/1"), declined.Number("9/2")));
    }

    [Fact]
    public void A_detection_read_back_is_where_the_track_is()
    {
        Site site = new(8.01, 46.01, 900);
        Track track = Mortar() with { Position = new(site.Lat * Deg, site.Lon * Deg, site.Height) };
        Assert.Null(new SapientPlots(TestSite.File.Definition).Read(0, Valid, Reports.Detection("x.T12", track, null, OperationStatus.Actual).DetectionReport, out Plot plot));
        Geodetic back = new LocalFrame(TestSite.File.Definition.Sensors[0].Position).ToGeodetic(plot.Measurement.ToEnu());
        Assert.Equal(site.Lat, back.LatitudeRad / Deg, 1e-9);
        Assert.Equal(site.Lon, back.LongitudeRad / Deg, 1e-9);
        Assert.Equal(site.Height, back.HeightM, 1e-4);
    }

    private sealed record Site(double Lon, double Lat, double Height);

    [Fact]
    public void Identifiers_have_the_forms_that_receivers_check_and_stay()
    {
        Gen.Select(Gen.String, Gen.String).Sample((a, b) =>
        {
            Assert.Matches(IdForms.Ulid(), SapientIds.Of("track", a));
            Assert.Matches(IdForms.Uuid(), SapientIds.Node(a));
            Assert.True(SapientIds.IsUlid(SapientIds.Of("track", a)));
            Assert.Equal(SapientIds.Of("track", a), SapientIds.Of("track", a));
            Assert.NotEqual(SapientIds.Of("track", a), SapientIds.Of("warning", a));
            if (System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(b))) return;
            Assert.NotEqual(SapientIds.Of("track", a), SapientIds.Of("track", b));
            Assert.NotEqual(SapientIds.Node(a), SapientIds.Node(b));
        });
        // Receivers keep these: a change of them would make every track and warning a new one after an update.
        Assert.Equal("0000000000", SapientIds.Of("track", "x")[..10]);
        // 2016-07-30T22:36:16.385Z is the example of the ULID specification.
        Assert.StartsWith("01ARYZ6S41", SapientIds.Message(new(14_699_181_763_850_000), "x"), StringComparison.Ordinal);
        Assert.False(SapientIds.IsUlid("81ARYZ6S41ARYZ6S41ARYZ6S41"));
    }

    [Fact]
    public void Times_come_back() => Gen.Long[-621_355_968_000_000_000, 2_534_023_007_999_999_999].Sample(ticks =>
    {
        Assert.Equal(new Instant(ticks), SapientIds.Time(SapientIds.Time(new Instant(ticks))));
        Assert.Equal(ticks, (SapientIds.Time(new Instant(ticks)).ToDateTime() - DateTime.UnixEpoch).Ticks);
    });

    [Fact]
    public void What_is_no_time_is_none()
    {
        Assert.Null(SapientIds.Time(null));
        Assert.Null(SapientIds.Time(new Google.Protobuf.WellKnownTypes.Timestamp { Seconds = long.MaxValue }));
        Assert.Null(SapientIds.Time(new Google.Protobuf.WellKnownTypes.Timestamp { Nanos = -1 }));
        Assert.Null(SapientIds.Time(new Google.Protobuf.WellKnownTypes.Timestamp { Nanos = 1_000_000_000 }));
    }
}
