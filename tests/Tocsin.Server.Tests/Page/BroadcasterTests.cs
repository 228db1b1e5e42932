using System.Globalization;
using System.Text;
using CsCheck;
using Tocsin.Server.Page;

namespace Tocsin.Server.Tests.Page;

/// <summary>One stream for any number of viewers. Events count up from 1 and the snapshot is the count, so that a viewer knows whether it missed one.</summary>
public sealed class BroadcasterTests
{
    private readonly Counted _sent = new("e1");

    [Fact]
    public async Task A_viewer_begins_with_a_snapshot_and_then_gets_every_event_in_order()
    {
        _sent.Send(3);
        await using ViewerStub viewer = new(_sent.Broadcaster);
        _sent.Send(2);
        await viewer.Until(s => s.Length == 3);
        Assert.Equal([("e1.3", "snapshot", "3"), ("e1.4", "event", "4"), ("e1.5", "event", "5")], viewer.Seen.Select(s => (s.Id, s.Name, s.Data)));
    }

    [Theory]
    [InlineData("e1.4", "5 6 7 8 9 10")]
    [InlineData("e1.10", "")]
    [InlineData("e1.11", "snapshot 10")]
    [InlineData("e0.4", "snapshot 10")]
    [InlineData("e1", "snapshot 10")]
    [InlineData("e1.-4", "snapshot 10")]
    [InlineData("e1.99999999999999999999", "snapshot 10")]
    [InlineData("", "snapshot 10")]
    public async Task A_viewer_that_comes_back_gets_what_it_missed_and_one_that_nothing_is_known_of_a_snapshot(string lastId, string expected)
    {
        _sent.Send(10);
        await using ViewerStub viewer = new(_sent.Broadcaster, lastId);
        _sent.Send(1);
        await viewer.Until(s => s.Length > 0 && s[^1].Data == "11");
        Assert.Equal((expected + " 11").Trim(), string.Join(' ', viewer.Seen.Select(s => s.Name == "snapshot" ? "snapshot " + s.Data : s.Data)));
    }

    [Fact]
    public async Task What_is_remembered_ends_and_then_the_whole_is_told()
    {
        _sent.Send(Broadcaster.Remembered + 10);
        await using ViewerStub just = new(_sent.Broadcaster, "e1.10"), old = new(_sent.Broadcaster, "e1.9");
        await just.Until(s => s.Length == Broadcaster.Remembered);
        Assert.Equal(Enumerable.Range(11, Broadcaster.Remembered), just.Seen.Select(s => int.Parse(s.Data, CultureInfo.InvariantCulture)));
        await old.Until(s => s.Length == 1);
        Assert.Equal(("snapshot", $"{Broadcaster.Remembered + 10}"), (old.Seen[0].Name, old.Seen[0].Data));
    }

    [Fact]
    public async Task Large_frames_are_forgotten_sooner_so_that_memory_has_an_end()
    {
        byte[] large = Encoding.UTF8.GetBytes("\"" + new string('x', Broadcaster.RememberedBytes / 10) + "\"");
        var broadcaster = new Broadcaster("e1", "snapshot", static () => "0"u8.ToArray());
        for (int i = 0; i < 20; i++) broadcaster.Send("event", large);
        // Nine of a tenth and a little each.
        await using ViewerStub just = new(broadcaster, "e1.11"), old = new(broadcaster, "e1.10");
        await just.Until(s => s.Length == 9);
        await old.Until(s => s.Length == 1);
        Assert.Equal("snapshot", old.Seen[0].Name);
    }

    [Fact]
    public async Task A_frame_is_made_once_and_given_to_all()
    {
        await using ViewerStub one = new(_sent.Broadcaster), two = new(_sent.Broadcaster);
        _sent.Send(1);
        foreach (ViewerStub v in (ViewerStub[])[one, two]) await v.Until(s => s.Length == 2);
        Assert.Same(one.Seen[1].Bytes, two.Seen[1].Bytes);
    }

    [Fact]
    public async Task A_viewer_that_does_not_keep_up_gets_a_snapshot_and_holds_nobody_up()
    {
        await using ViewerStub slow = new(_sent.Broadcaster, slow: true), quick = new(_sent.Broadcaster);
        _sent.Send(Broadcaster.Waiting * 3);
        await quick.Until(s => s[^1].Data == $"{Broadcaster.Waiting * 3}");
        Assert.Empty(slow.Seen);
        slow.Let(10_000);
        await slow.Until(s => s.Length > 0 && s[^1].Data == $"{Broadcaster.Waiting * 3}");
        Assert.True(IsWithoutGap(slow.Seen, out int snapshots), Told(slow.Seen));
        Assert.Equal(2, snapshots);
        _sent.Send(1);
        await slow.Until(s => s[^1].Data == $"{Broadcaster.Waiting * 3 + 1}");
        Assert.Equal("event", slow.Seen[^1].Name);
    }

    [Fact]
    public async Task However_slow_viewers_are_none_sees_a_gap_and_all_end_with_the_newest() =>
        await Gen.Select(Gen.Int[1, 400], Gen.Int[0, 60], Gen.Bool, Gen.Bool).Array[1, 12].SampleAsync(async steps =>
        {
            Counted sent = new("e");
            await using ViewerStub slow = new(sent.Broadcaster, slow: true);
            ViewerStub? late = null;
            foreach ((int events, int writes, bool rests, bool comes) in steps)
            {
                sent.Send(events);
                sent.Broadcaster.SendPassing("beat", "0"u8);
                if (writes > 0) slow.Let(writes);
                // The slow one may have caught up by then: who comes back with its id has missed nothing.
                if (rests) await Task.Delay(5, TestContext.Current.CancellationToken);
                if (comes) late ??= new(sent.Broadcaster, slow.Seen.LastOrDefault(s => s.Id is not null)?.Id);
            }
            // Something to end with, for one that has missed nothing too.
            sent.Send(1);
            slow.Let(100_000);
            foreach (ViewerStub? viewer in (ViewerStub?[])[slow, late])
            {
                if (viewer is null) continue;
                await viewer.Until(s => s.LastOrDefault(f => f.Name != "beat")?.Data == $"{sent.Count}");
                Assert.True(IsWithoutGap(viewer.Seen, out _), Told(viewer.Seen));
            }
            if (late is not null) await late.DisposeAsync();
        }, iter: 30, threads: 1);

    [Fact]
    public async Task A_viewer_that_goes_is_forgotten()
    {
        ViewerStub viewer = new(_sent.Broadcaster);
        Assert.Equal(1, _sent.Broadcaster.Viewers);
        await viewer.DisposeAsync();
        Assert.Equal(0, _sent.Broadcaster.Viewers);
        _sent.Send(1);
    }

    [Fact]
    public async Task A_passing_event_carries_no_id_so_that_a_viewer_comes_back_to_what_counts()
    {
        await using ViewerStub viewer = new(_sent.Broadcaster);
        _sent.Send(1);
        _sent.Broadcaster.SendPassing("beat", "now"u8);
        await viewer.Until(s => s.Length == 3);
        Assert.Equal((null, "beat", "now"), (viewer.Seen[2].Id, viewer.Seen[2].Name, viewer.Seen[2].Data));
    }

    private static string Told(Seen[] seen) => string.Join(' ', seen.Select(s => $"{s.Name}:{s.Data}"));

    /// <summary>Whether each event follows what came before it, or a snapshot that said the number before it.</summary>
    private static bool IsWithoutGap(Seen[] seen, out int snapshots)
    {
        snapshots = 0;
        long? at = null;
        foreach (Seen s in seen)
        {
            if (s.Name == "beat") continue;
            long says = long.Parse(s.Data, CultureInfo.InvariantCulture), id = long.Parse(s.Id![(s.Id!.IndexOf('.', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
            if (s.Name == "snapshot")
            {
                // What is told may be ahead of its number by what is about to be sent; never behind.
                if (says < id || id < (at ?? 0)) return false;
                snapshots++;
            }
            else if (says != id || (at is { } before && id != before + 1)) return false;
            at = id;
        }
        return true;
    }

    /// <summary>A broadcaster of a count.</summary>
    private sealed class Counted
    {
        private long _count;

        public Counted(string epoch) => Broadcaster = new(epoch, "snapshot", () => Encoding.UTF8.GetBytes(Count.ToString(CultureInfo.InvariantCulture)));

        public Broadcaster Broadcaster { get; }

        public long Count => Interlocked.Read(ref _count);

        public void Send(int events)
        {
            for (int i = 0; i < events; i++) Broadcaster.Send("event", Encoding.UTF8.GetBytes(Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture)));
        }
    }
}
