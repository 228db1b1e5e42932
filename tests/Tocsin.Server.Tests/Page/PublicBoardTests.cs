using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Channels;
using Tocsin.Server.Live;
using Tocsin.Server.Page;
using Tocsin.Server.Tests.Channels;

namespace Tocsin.Server.Tests.Page;

/// <summary>What anybody may see: a zone and its state.</summary>
public sealed class PublicBoardTests
{
    private static readonly string[] s_zoneMembers =
        ["zone", "name", "site", "state", "status", "drill", "advice", "impactTime", "since", "retracted", "time", "speed"];

    private static readonly string[] s_beatMembers = ["time", "speed"];

    private readonly FakeTimeProvider _wall = new(DateTimeOffset.UnixEpoch.AddTicks(ChannelSamples.Start.Ticks));
    private readonly PublicBoard _board;

    public PublicBoardTests() => _board = new("e", "Camp", OperationStatus.Actual, new WallClock(_wall), [ChannelSamples.Zone("Z1"), ChannelSamples.Zone("Z/2")]);

    [Fact]
    public void A_zone_is_warned_then_over_for_ten_minutes_then_clear_and_no_other_zone_with_it()
    {
        _board.On(Message(1, WarningAct.Raised), drill: false);
        Assert.Equal(("warned", "shelter", false), (State.State, State.Advice, State.Drill));
        Assert.Equal("clear", _board.StateOf("Z/2")!.State);
        Assert.Null(_board.StateOf("Z9"));
        _board.On(Message(2, WarningAct.Retracted), drill: false);
        Assert.Equal(("over", true, null, null), (State.State, State.Retracted, State.Advice, State.ImpactTime));
        _wall.Advance(TimeSpan.FromSeconds(PublicBoard.OverS - 0.1));
        Assert.Equal("over", State.State);
        _wall.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(("clear", false, null), (State.State, State.Retracted, State.Since));
    }

    [Fact]
    public void A_drill_is_seen_although_a_real_warning_was_over_a_moment_ago_and_a_real_one_hides_it_at_once()
    {
        _board.On(Message(1, WarningAct.Raised), drill: false);
        _board.On(Message(2, WarningAct.Over), drill: false);
        _board.On(Message(1, WarningAct.Raised, 2, OperationStatus.Exercise), drill: true);
        Assert.Equal(("warned", true, "exercise"), (State.State, State.Drill, State.Status));
        _board.On(Message(1, WarningAct.Raised, 3), drill: false);
        Assert.Equal(("warned", false, "actual"), (State.State, State.Drill, State.Status));
        // The drill is cancelled, and the real one stands on; afterwards the real end counts.
        _board.On(Message(2, WarningAct.Retracted, 2, OperationStatus.Exercise), drill: true);
        Assert.Equal(("warned", false), (State.State, State.Drill));
        _board.On(Message(2, WarningAct.Over, 3), drill: false);
        Assert.Equal(("over", false, false), (State.State, State.Drill, State.Retracted));
    }

    [Fact]
    public void The_state_is_what_a_slow_and_plain_reading_of_the_rules_gives() =>
        Gen.Select(Gen.Bool, Gen.Enum<WarningAct>(), Gen.Double[0, 400], Gen.Double[1, 300]).Array[1, 12].Sample(steps =>
        {
            var wall = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddTicks(ChannelSamples.Start.Ticks));
            var clock = new WallClock(wall);
            var board = new PublicBoard("e", "Camp", OperationStatus.Actual, clock, [ChannelSamples.Zone()]);
            List<(bool Drill, WarningMessage Message)> said = [];
            foreach ((bool drill, WarningAct act, double afterS, double lifeS) in steps)
            {
                WarningMessage m = ChannelSamples.Message(1, 1, act, status: drill ? OperationStatus.Exercise : OperationStatus.Actual) with { Time = clock.Now, Expires = clock.Now.AddSeconds(lifeS) };
                said.Add((drill, m));
                board.On(m, drill);
                wall.Advance(TimeSpan.FromSeconds(afterS));
                WarningMessage? own = said.LastOrDefault(s => !s.Drill).Message, played = said.LastOrDefault(s => s.Drill).Message;
                bool Warns(WarningMessage? w) => w is not null && w.Act is WarningAct.Raised or WarningAct.Updated && w!.Expires > clock.Now;
                bool Ended(WarningMessage? w) => w is not null && w.Act is WarningAct.Over or WarningAct.Retracted && clock.Now.SecondsSince(w!.Time) < 600;
                (string State, bool Drill) expected = Warns(own) ? ("warned", false) : Warns(played) ? ("warned", true) : Ended(own) ? ("over", false) : Ended(played) ? ("over", true) : ("clear", false);
                PublicZone shown = board.StateOf("Z1")!;
                Assert.Equal(expected, (shown.State, shown.Drill));
                Assert.Equal(expected.Drill ? "exercise" : "actual", shown.Status);
            }
        }, iter: 200);

    [Fact]
    public async Task Nothing_public_carries_a_point_a_track_a_probability_or_an_identity_whatever_is_in_the_messages() =>
        await Gen.Select(Gen.Enum<WarningAct>(), Gen.Enum<OperationStatus>(), Gen.Enum<Advice>(), Gen.Bool, Gen.Int[100_000, 999_999], Gen.Int[1, 9]).SampleAsync(async (act, status, advice, drill, mark, zoneNumber) =>
        {
            string secret = mark.ToString(System.Globalization.CultureInfo.InvariantCulture);
            double coordinate = 10 + mark / 1e6;
            ZonePlace place = new("Z" + zoneNumber, "Zone", mark, [[[new(coordinate, coordinate), new(coordinate + 1, coordinate), new(coordinate, coordinate + 1), new(coordinate, coordinate)]]]);
            var board = new PublicBoard("e", "Camp", status, new WallClock(_wall), [place]);
            await using ViewerStub viewer = new(board.StreamOf(place.Id)!);
            board.On(ChannelSamples.Message(1, 1, act, status: status) with
            {
                Identity = "identity" + secret,
                Warning = new(mark),
                Zone = place,
                Advice = advice,
                Probability = mark / 1e6,
                Tracks = [new(mark)],
                Texts = [new("en", true, "text " + secret, secret, secret, secret)],
            }, drill);
            board.Beat();
            await viewer.Until(s => s.Length >= 3);
            string site = JsonSerializer.Serialize(board.Site([new("en", true)]), PageJson.Default.PublicSite);
            string[] all = [site, JsonSerializer.Serialize(board.StateOf(place.Id), PageJson.Default.PublicZone), .. viewer.Seen.Select(s => s.Data)];
            Assert.All(all, text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
            foreach (Seen seen in viewer.Seen)
                using (var json = JsonDocument.Parse(seen.Data)) Assert.Subset((seen.Name == "beat" ? s_beatMembers : s_zoneMembers).ToHashSet(StringComparer.Ordinal), json.RootElement.EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal));
            using (var json = JsonDocument.Parse(site))
            {
                Assert.Equal(["name", "status", "time", "speed", "zones", "languages"], json.RootElement.EnumerateObject().Select(p => p.Name));
                Assert.Equal(["id", "name", "state"], json.RootElement.GetProperty("zones")[0].EnumerateObject().Select(p => p.Name));
            }
        }, iter: 40, threads: 1);

    [Fact]
    public async Task A_beat_is_the_sign_of_life_and_brings_the_change_that_no_message_brings()
    {
        await using ViewerStub viewer = new(_board.StreamOf("Z1")!);
        _board.On(Message(1, WarningAct.Raised), drill: false);
        _board.On(Message(2, WarningAct.Over), drill: false);
        _board.Beat();
        await viewer.Until(s => s.Length == 4);
        Assert.Equal(["clear", "warned", "over"], viewer.Seen.Where(s => s.Name == "zone").Select(StateIn));
        _wall.Advance(TimeSpan.FromSeconds(PublicBoard.OverS));
        _board.Beat();
        await viewer.Until(s => s.Length == 6);
        Assert.Equal(["zone", "beat"], viewer.Seen.Skip(4).Select(s => s.Name));
        Assert.Equal("clear", StateIn(viewer.Seen[4]));
        // Without beats nothing comes: that is how a page finds out that nobody protects it now.
        _wall.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(6, viewer.Seen.Length);
    }

    private PublicZone State => _board.StateOf("Z1")!;

    private static string? StateIn(Seen seen)
    {
        using var json = JsonDocument.Parse(seen.Data);
        return json.RootElement.GetProperty("state").GetString();
    }

    private WarningMessage Message(int revision, WarningAct act, int warning = 1, OperationStatus status = OperationStatus.Actual)
    {
        Instant now = WallClock.InstantOf(_wall.GetUtcNow());
        return ChannelSamples.Message(warning, revision, act, status: status) with { Time = now, Expires = now.AddSeconds(120) };
    }
}
