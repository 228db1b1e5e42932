using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using NetTopologySuite.Geometries;
using Tocsin.Formats.Cot;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.Cot;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Tests.Cot;

/// <summary>What the channel says of warnings, tracks and impacts.</summary>
public class CotMappingTests
{
    private static readonly FakeTimeProvider s_clock = new(new DateTimeOffset(2026, 11, 23, 22, 43, 0, TimeSpan.Zero));
    private static readonly CotMapping s_mapping = new(CotWorld.Context(s_clock), new CotSettings { Name = "cot", Host = "x", Port = 1 });
    private static readonly Instant s_now = CotWorld.Start.AddSeconds(1);

    [Theory]
    [InlineData(Kind.Rocket, "a-h-A-W-M")]
    [InlineData(Kind.Artillery, "a-h-A-W-M")]
    [InlineData(Kind.Mortar, "a-h-A-W-M")]
    [InlineData(Kind.Aircraft, "a-u-A")]
    [InlineData(Kind.Bird, "a-n-A")]
    [InlineData(Kind.Unknown, "a-p-A")]
    public void Only_rounds_are_hostile(Kind kind, string type) =>
        Assert.Equal(type, s_mapping.Track(CotWorld.Seen(kind), CotWorld.Picture(), s_now).Type);

    [Fact]
    public void A_track_says_where_it_is_and_does_not_claim_what_it_does_not_know()
    {
        CotEvent e = s_mapping.Track(CotWorld.Seen(), CotWorld.Picture(), s_now);
        Assert.Equal("camp-north.20261123T2243Z.T4", e.Uid);
        Assert.Equal(new CotPoint(33.32, 44.41, 1500.2, CotPoint.UnknownM, CotPoint.UnknownM), e.Point);
        // 3-4-5 over the ground; west of north.
        Assert.Equal("50", e.Element("track")?["speed"]);
        Assert.Equal(360 - 36.87, double.Parse(e.Element("track")!["course"]!, CultureInfo.InvariantCulture), 0.05);
        Assert.Equal(CotWorld.Start.AddSeconds(-0.4), e.Start);
        Assert.Equal(s_now, e.Time);
        Assert.Equal(("o", "m-a"), (e.Opex, e.How));
    }

    [Fact]
    public void An_ellipse_has_whole_axes_one_sigma_and_never_the_form_that_is_read_as_a_radius()
    {
        CotEvent e = s_mapping.Impact(CotWorld.Seen(), CotWorld.Picture(), s_now)!;
        CotElement ellipse = e.Element("shape")!.Child("ellipse")!;
        Assert.Equal(("360", "120", "60"), (ellipse["major"], ellipse["minor"], ellipse["angle"]));
        // 95 % of a plane Gaussian lies within 2.4477 sigma (Rayleigh).
        Assert.Equal(180 / Math.Sqrt(-2 * Math.Log(0.05)), e.Point.CircularErrorM, 0.05);
        PictureTrack seen = CotWorld.Seen();
        PictureTrack round = seen with { Impact = seen.Impact!.Value with { Ellipse95 = new GroundEllipse(50, 50, 0) } };
        ellipse = s_mapping.Impact(round, CotWorld.Picture(), s_now)!.Element("shape")!.Child("ellipse")!;
        Assert.Equal(("100", "100"), (ellipse["major"], ellipse["minor"]));
        Assert.NotEqual("0", ellipse["angle"]);
        Assert.Null(s_mapping.Impact(CotWorld.Seen(isFalling: false), CotWorld.Picture(), s_now));
    }

    [Theory]
    [InlineData(OperationStatus.Exercise, "EXERCISE ", "e-camp-north")]
    [InlineData(OperationStatus.Test, "TEST ", "s-camp-north")]
    public void Everything_of_an_exercise_is_marked_and_nothing_of_the_real_thing_is(OperationStatus status, string mark, string opex)
    {
        foreach (CotEvent e in AllOf(status))
        {
            Assert.Equal(opex, e.Opex);
            if (e.Type == "t-x-d-d") continue;
            Assert.Equal("m-s", e.How);
            Assert.StartsWith(mark, e.Element("contact")!["callsign"]!, StringComparison.Ordinal);
            if (e.Type != "t-x-c-t") Assert.StartsWith(mark, e.Element("remarks")!.Text, StringComparison.Ordinal);
        }
        foreach (CotEvent e in AllOf(OperationStatus.Actual))
        {
            Assert.NotEqual("m-s", e.How);
            Assert.DoesNotContain("EXERCISE", CotXmlText(e), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("TEST", CotXmlText(e), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_exercise_of_another_year_is_sent_with_the_times_of_the_receivers()
    {
        Instant now = CotWorld.Start.AddSeconds(6 * 365 * 86_400.0);
        CotEvent track = s_mapping.Track(CotWorld.Seen(), CotWorld.Picture(OperationStatus.Exercise), now);
        Assert.Equal((now, now.AddSeconds(-0.4)), (track.Time, track.Start));
        Assert.True(track.Stale > now);
        Assert.All(s_mapping.Raise(CotWorld.Message(status: OperationStatus.Exercise), now), e => Assert.Equal((now, now.AddSeconds(30)), (e.Time, e.Stale)));
    }

    [Fact]
    public void A_warning_holds_its_zone_and_its_text_and_nothing_of_the_tracks()
    {
        WarningMessage m = CotWorld.Message();
        System.Collections.Immutable.ImmutableArray<CotEvent> all = s_mapping.Raise(m, s_now);
        Assert.Equal(["b-a-o-tbl", "u-d-f"], all.Select(e => e.Type));
        CotEvent alarm = all[0];
        Assert.Contains("إلى الملجأ الآن", alarm.Element("remarks")!.Text, StringComparison.Ordinal);
        Assert.Equal("Tower & <Gate>-Alert", alarm.Element("contact")!["callsign"]);
        Assert.Equal((all[1].Uid, "p-p"), (alarm.Element("link")!["uid"], alarm.Element("link")!["relation"]));
        // A TAK server repeats the four alarms of its own list for ever, until they are cancelled: ours must not be one of them.
        Assert.DoesNotContain(alarm.Element("emergency")!["type"], (string[])["911 Alert", "Ring The Bell", "Geo-fence Breached", "Troops In Contact"]);
        Assert.Equal(("1", "raised", "tower"), (alarm.Element("__tocsin")!["revision"], alarm.Element("__tocsin")!["act"], alarm.Element("__tocsin")!["zone"]));
        foreach (CotEvent e in all)
        {
            Assert.DoesNotContain("T4", CotXmlText(e), StringComparison.Ordinal);
            Assert.DoesNotContain("0.87", CotXmlText(e), StringComparison.Ordinal);
        }
        // The centre of the rectangle, and half its diagonal (372 m east, 334 m north).
        Assert.Equal((33.3015, 44.402, 35.0), (alarm.Point.LatitudeDeg, alarm.Point.LongitudeDeg, alarm.Point.HeightM));
        Assert.Equal(Math.Sqrt(186 * 186 + 167 * 167), alarm.Point.CircularErrorM, 2.0);
    }

    [Fact]
    public void A_zone_that_is_bent_and_in_parts_has_its_point_inside_and_an_outline_for_each_part()
    {
        System.Collections.Immutable.ImmutableArray<CotEvent> all = s_mapping.Raise(CotWorld.Message(zone: CotWorld.Hook), s_now);
        Assert.Equal(3, all.Length);
        Assert.Equal(2, all.Skip(1).Select(e => e.Uid).Distinct(StringComparer.Ordinal).Count());
        var area = new Polygon(new LinearRing([.. CotWorld.Hook.Polygons[0][0].Select(c => new Coordinate(c.LongitudeDeg, c.LatitudeDeg))]));
        Assert.True(area.Contains(new Point(all[0].Point.LongitudeDeg, all[0].Point.LatitudeDeg)));
        string[] corners = [.. all[1].Detail.Where(d => d.Name == "link").Select(d => d["point"]!)];
        Assert.Equal(CotWorld.Hook.Polygons[0][0].Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.LatitudeDeg},{c.LongitudeDeg}")), corners);
        // Everything that is drawn is taken off again.
        string[] drawn = [.. all.Skip(1).Select(e => e.Uid)];
        System.Collections.Immutable.ImmutableArray<CotEvent> end = s_mapping.Cancel(CotWorld.Message(WarningAct.Over, 2, zone: CotWorld.Hook), s_now);
        Assert.Equal(drawn, end.Where(e => e.IsDelete).Select(e => e.Uid));
        Assert.Equal(drawn, end.Where(e => e.Type == "t-x-d-d").Select(e => e.Element("link")!["uid"]!));
    }

    [Fact]
    public void A_simpler_outline_is_never_a_smaller_one()
    {
        // A star: more corners than are drawn, and a hull of few; then a circle, whose hull is as large as itself.
        foreach (Func<int, double> radius in (Func<int, double>[])[i => i % 2 == 0 ? 0.02 : 0.005, _ => 0.02])
        {
            (double Lon, double Lat)[] corners = [.. Enumerable.Range(0, 1_000).Select(i => (44.4 + radius(i % 10) * Math.Cos(i * Math.Tau / 1_000), 33.3 + radius(i % 10) * Math.Sin(i * Math.Tau / 1_000)))];
            var zone = new ZonePlace("z", "Z", 1, [[CotWorld.Ring(corners)]]);
            CotShapes.Ground ground = CotShapes.Of(zone);
            Assert.InRange(ground.Outlines[0].Length, 4, CotShapes.Corners + 1);
            var drawn = new Polygon(new LinearRing([.. ground.Outlines[0].Select(c => new Coordinate(c.LongitudeDeg, c.LatitudeDeg))]));
            Assert.All(corners, c => Assert.True(drawn.Covers(new Point(c.Lon, c.Lat))));
        }
    }

    [Fact]
    public async Task What_ends_is_deleted_even_where_its_picture_was_missed()
    {
        await using var peer = new TakPeer();
        await using CotChannel channel = CotWorld.Channel($$"""{"transport":"tcp","host":"127.0.0.1","port":{{peer.Port}},"tracks":true,"impacts":true,"closedNetwork":true}""", s_clock);
        CancellationToken stop = TestContext.Current.CancellationToken;
        Assert.Equal(TimeSpan.FromSeconds(1), channel.PictureEvery);
        PictureTrack first = CotWorld.Seen(), second = CotWorld.Seen(Kind.Aircraft, 5, isFalling: false);
        await channel.ShowAsync(CotWorld.Picture(tracks: [first, second]), stop);
        // The prediction goes first, then the track, without its being named as ended.
        await channel.ShowAsync(CotWorld.Picture(tracks: [first with { Impact = null }, second]), stop);
        await channel.ShowAsync(CotWorld.Picture(tracks: second), stop);
        for (int i = 0; i < 5; i++) await channel.ShowAsync(CotWorld.Picture(tracks: second), stop);
        // One that this program has never shown: it ended while the program was down.
        await channel.ShowAsync(CotWorld.Picture() with { Tracks = [second], Ended = ["camp-north.20261123T2243Z.T1"] }, stop);
        await channel.SendAsync(CotWorld.Message(), stop);
        List<CotEvent> all = [];
        for (CotEvent e = await peer.NextAsync(); e.Type != "b-a-o-tbl"; e = await peer.NextAsync()) all.Add(e);

        int Deletes(string uid) => all.Count(e => e.Uid == uid && e.IsDelete);
        int Forced(string uid) => all.Count(e => e.Type == "t-x-d-d" && e.Element("link")!["uid"] == uid && e.Element("__forcedelete") is not null);
        string impact = CotMapping.ImpactUid(first.Identity);
        Assert.Equal((1 + CotChannel.Repeats, 1 + CotChannel.Repeats), (Deletes(impact), Forced(impact)));
        Assert.Equal((1 + CotChannel.Repeats, 1 + CotChannel.Repeats), (Deletes(first.Identity), Forced(first.Identity)));
        Assert.Equal((0, 0), (Deletes(second.Identity), Forced(second.Identity)));
        Assert.Equal((1, 1), (Forced("camp-north.20261123T2243Z.T1"), Forced("camp-north.20261123T2243Z.T1.impact")));
        int deleted = all.FindIndex(e => e.Uid == first.Identity && e.IsDelete);
        Assert.DoesNotContain(all.Skip(deleted), e => e.Uid == first.Identity && !e.IsDelete);
    }

    [Fact]
    public void Defaults_are_those_of_a_mesh_and_show_no_tracks()
    {
        List<ConfigProblem> problems = [];
        CotSettings s = CotSettings.Read(ConfigSection.Empty(problems))!;
        Assert.Empty(problems);
        Assert.Equal((CotTransport.Multicast, "239.2.3.1", 6969, 1, CotEncoding.Xml), (s.Transport, s.Host, s.Port, s.Ttl, s.Encoding));
        Assert.Equal((false, false, true), (s.Tracks, s.Impacts, s.Warnings));
    }

    [Theory]
    [InlineData("tcp", 8087)]
    [InlineData("tls", 8089)]
    [InlineData("udp", 6969)]
    public void Each_transport_has_its_usual_port(string transport, int port)
    {
        using var json = System.Text.Json.JsonDocument.Parse($$"""{"transport":"{{transport}}","host":"tak"}""");
        Assert.Equal(port, CotSettings.Read(new ConfigSection(json.RootElement, []))!.Port);
    }

    [Theory]
    [InlineData("""{"host":"10.0.0.1"}""", "host")]
    [InlineData("""{"transport":"tcp"}""", "host")]
    [InlineData("""{"transport":"carrier pigeon"}""", "transport")]
    [InlineData("""{"interface":"no such interface"}""", "interface")]
    [InlineData("""{"staleS":12}""", "staleS")]
    [InlineData("""{"tracks":true}""", "tracks")]
    [InlineData("""{"transport":"tcp","host":"tak","impacts":true}""", "impacts")]
    [InlineData("""{"transport":"tcp","host":"tak","ttl":3}""", "ttl")]
    [InlineData("""{"trakcs":true}""", "trakcs")]
    [InlineData("""{"encoding":"json"}""", "encoding")]
    public void A_wrong_key_is_named(string json, string key) => Assert.Equal(key, Assert.Single(CotWorld.Read(json, s_clock).Problems).Key);

    /// <summary>One of everything that the channel can say.</summary>
    internal static List<CotEvent> AllOf(OperationStatus status, ZonePlace? zone = null)
    {
        CotEvent impact = s_mapping.Impact(CotWorld.Seen(), CotWorld.Picture(status), s_now)!;
        return
        [
            .. s_mapping.Raise(CotWorld.Message(status: status, zone: zone), s_now),
            .. s_mapping.Raise(CotWorld.Message(status: status, zone: CotWorld.Hook), s_now),
            .. s_mapping.Cancel(CotWorld.Message(WarningAct.Over, 2, status, zone), s_now),
            .. Enum.GetValues<Kind>().Select(k => s_mapping.Track(CotWorld.Seen(k), CotWorld.Picture(status), s_now)),
            impact,
            .. s_mapping.Delete(impact, s_now),
            s_mapping.SignOfLife(status, s_now),
        ];
    }

    private static string CotXmlText(CotEvent e) => System.Text.Encoding.UTF8.GetString(CotXml.Write(e));
}
