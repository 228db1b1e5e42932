using System.Text;
using System.Text.Json;
using CsCheck;
using Tocsin.Server.Channels;

namespace Tocsin.Server.Tests.Channels;

public sealed class WarningMessageJsonTests
{
    private static readonly Gen<string> s_text = Gen.String[Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['\u0600', '\u06FF'], Gen.Const('"'), Gen.Const('\n'), Gen.Const('<')), 0, 12];

    private static readonly Gen<Instant> s_instant = Gen.OneOf(Gen.Long.Select(t => new Instant(t)), Gen.Long[0, 4_000_000_000L * Instant.TicksPerSecond].Select(t => new Instant(t)));

    private static readonly Gen<ZonePlace> s_zone = Gen.Select(s_text, s_text, Gen.Double[0, 1e7],
        Gen.Select(Gen.Double[-180, 180], Gen.Double[-90, 90]).Select(p => new LonLat(p.Item1, p.Item2)).Array[0, 5].Array[0, 3].Array[0, 3])
        .Select(z => new ZonePlace(z.Item1, z.Item2, z.Item3, [.. z.Item4.Select(p => p.Select(r => r.ToArray().AsEnumerable().ToImmutableArrayOf()).ToImmutableArrayOf())]));

    private static readonly Gen<WarningMessage> s_message = Gen.Select(
        Gen.Select(s_text, Gen.Int[0, int.MaxValue], Gen.Int[1, 1000], Gen.Enum<WarningAct>(), Gen.Enum<OperationStatus>(), Gen.Enum<Advice>()),
        Gen.Select(s_instant, s_instant, s_instant, s_instant), s_zone, Gen.Double[0, 1],
        Gen.Select(Gen.Int[0, 99_999].Array[0, 4], Gen.Select(Gen.Int[1, 9], s_instant).Array[0, 3], Gen.Select(s_text, Gen.Bool, s_text, s_text, s_text, s_text).Array[0, 3]))
        .Select((a, t, zone, p, lists) => new WarningMessage
        {
            Identity = "x" + a.Item1,
            Warning = new WarningId(a.Item2),
            Revision = a.Item3,
            Act = a.Item4,
            Status = a.Item5,
            Site = a.Item1,
            Zone = zone,
            Time = t.Item1,
            RaisedTime = t.Item2,
            ImpactTime = t.Item3,
            Expires = t.Item4,
            Probability = p,
            Advice = a.Item6,
            Tracks = [.. lists.Item1.Select(n => new TrackId(n))],
            Prior = [.. lists.Item2.Select(r => new PriorMessage(r.Item1, r.Item2))],
            Texts = [.. lists.Item3.Select(w => new WarningText(w.Item1, w.Item2, w.Item3, w.Item4, w.Item5, w.Item6))],
        });

    [Fact]
    public void Nothing_is_lost_on_the_way_there_and_back() => s_message.Sample(m =>
    {
        WarningMessage? read = WarningMessageJson.Read(WarningMessageJson.Write(m), out string reason);
        Assert.True(read is not null, reason);
        Assert.Equal((m.Identity, m.Warning, m.Revision, m.Act, m.Status, m.Site, m.Advice), (read.Identity, read.Warning, read.Revision, read.Act, read.Status, read.Site, read.Advice));
        Assert.Equal((m.Time, m.RaisedTime, m.ImpactTime, m.Expires, m.Probability), (read.Time, read.RaisedTime, read.ImpactTime, read.Expires, read.Probability));
        Assert.Equal((m.Zone.Id, m.Zone.Name, m.Zone.Population), (read.Zone.Id, read.Zone.Name, read.Zone.Population));
        Assert.Equal(m.Zone.Polygons.Select(p => p.Select(r => r.ToArray()).ToArray()).ToArray(), read.Zone.Polygons.Select(p => p.Select(r => r.ToArray()).ToArray()).ToArray());
        Assert.Equal(m.Tracks.ToArray(), read.Tracks.ToArray());
        Assert.Equal(m.Prior.ToArray(), read.Prior.ToArray());
        Assert.Equal(m.Texts.ToArray(), read.Texts.ToArray());
    }, iter: 300);

    [Fact]
    public void It_reads_as_the_documents_say()
    {
        using JsonDocument d = JsonDocument.Parse(WarningMessageJson.Write(ChannelSamples.Message(3, 2, WarningAct.Updated, status: OperationStatus.Exercise)));
        JsonElement e = d.RootElement;
        Assert.Equal(("updated", "exercise", "shelter", "W3"), (e.GetProperty("act").GetString(), e.GetProperty("status").GetString(), e.GetProperty("advice").GetString(), e.GetProperty("warning").GetString()));
        Assert.Equal("2027-01-15T08:00:20.000Z", e.GetProperty("impactTime").GetString());
        Assert.Equal(44.1, e.GetProperty("zone").GetProperty("polygons")[0][0][0][0].GetDouble());
        Assert.Equal("T7", e.GetProperty("tracks")[0].GetString());
        Assert.False(e.TryGetProperty("isEnd", out _));
    }

    [Fact]
    public void Without_tracks_no_track_is_named()
    {
        using JsonDocument d = JsonDocument.Parse(WarningMessageJson.Write(ChannelSamples.Message(3, 2, WarningAct.Updated), tracks: false));
        Assert.Equal(0, d.RootElement.GetProperty("tracks").GetArrayLength());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"identity\":")]
    public void What_is_no_message_has_a_reason(string json)
    {
        Assert.Null(WarningMessageJson.Read(Encoding.UTF8.GetBytes(json), out string reason));
        Assert.NotEqual("", reason);
    }

    [Fact]
    public void No_spoiled_byte_makes_it_throw() => Gen.Select(Gen.Int[0, 5_000], Gen.Byte).Array[1, 4].Sample(spoils =>
    {
        byte[] json = WarningMessageJson.Write(ChannelSamples.Message(3, 2, WarningAct.Updated));
        foreach ((int at, byte b) in spoils) json[at % json.Length] = b;
        WarningMessage? read = WarningMessageJson.Read(json, out string reason);
        Assert.True(read is null == reason.Length > 0);
        if (read is not null) WarningMessageJson.Write(read);
    }, iter: 1_000);
}

internal static class Immutable
{
    public static System.Collections.Immutable.ImmutableArray<T> ToImmutableArrayOf<T>(this IEnumerable<T> items) => [.. items];
}
