using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.Cot;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.Cot;

namespace Tocsin.Server.Tests.Cot;

/// <summary>The channel over TCP to a peer on the loopback.</summary>
public class CotStreamTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 22, 43, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CotChannel Open(TakPeer peer, string more = "") =>
        CotWorld.Channel($$"""{"transport":"tcp","host":"127.0.0.1","port":{{peer.Port}}{{more}}}""", _clock);

    private static Beat BeatOf(params WarningMessage[] open) => new(CotWorld.Start, OperationStatus.Actual, [.. open]);

    [Theory]
    [InlineData("xml")]
    [InlineData("protobuf")]
    public async Task A_receiver_sees_the_raise_the_retelling_and_the_cancel(string encoding)
    {
        await using var peer = new TakPeer { Offers = true };
        await using CotChannel channel = Open(peer, $",\"encoding\":\"{encoding}\"");
        WarningMessage raised = CotWorld.Message();
        await channel.SendAsync(raised, Stop);
        CotEvent alarm = await peer.NextAsync(), zone = await peer.NextAsync();
        Assert.Equal(("b-a-o-tbl", raised.Identity), (alarm.Type, alarm.Uid));
        Assert.Equal("u-d-f", zone.Type);

        // Twice: the protocol is agreed on at the end of the first beat.
        for (int i = 0; i < 2; i++)
        {
            _clock.Advance(channel.BeatEvery);
            await channel.BeatAsync(BeatOf(raised), Stop);
            CotEvent again = await peer.NextAsync();
            Assert.Equal((alarm.Type, alarm.Uid), (again.Type, again.Uid));
            Assert.True(again.Time < alarm.Stale, "told again before it goes stale");
            Assert.Equal(again.Time.AddSeconds(30), again.Stale);
            alarm = again;
            Assert.Equal(zone.Uid, (await peer.NextAsync()).Uid);
            if (i == 0 && encoding == "protobuf") Assert.Equal("t-x-takp-q", (await peer.NextAsync()).Type);
        }

        await channel.SendAsync(CotWorld.Message(WarningAct.Over, 2), Stop);
        CotEvent cancel = await peer.NextAsync(), delete = await peer.NextAsync(), force = await peer.NextAsync();
        Assert.Equal(("b-a-o-can", alarm.Uid, "true"), (cancel.Type, cancel.Uid, cancel.Element("emergency")?["cancel"]));
        Assert.Equal((zone.Uid, true), (delete.Uid, delete.IsDelete));
        Assert.Equal(("t-x-d-d", zone.Uid), (force.Type, force.Element("link")?["uid"]));
        Assert.Equal(encoding == "protobuf", peer.FrameBytes > 0);
        Assert.Equal((1, 0), (peer.Connections, peer.Rejected));
    }

    [Fact]
    public async Task A_server_that_refuses_the_protocol_gets_xml()
    {
        await using var peer = new TakPeer { Offers = true, Grants = false };
        await using CotChannel channel = Open(peer, ",\"encoding\":\"protobuf\"");
        await channel.SendAsync(CotWorld.Message(), Stop);
        await channel.BeatAsync(BeatOf(), Stop);
        await channel.BeatAsync(BeatOf(), Stop);
        await channel.SendAsync(CotWorld.Message(WarningAct.Over, 2), Stop);
        for (CotEvent e = await peer.NextAsync(); e.Type != "b-a-o-can"; e = await peer.NextAsync())
        {
        }
        Assert.Equal(0, peer.FrameBytes);
        Assert.Equal((1, 0), (peer.Connections, peer.Rejected));
    }

    [Fact]
    public async Task A_server_that_offers_nothing_is_not_waited_for()
    {
        await using var peer = new TakPeer();
        await using CotChannel channel = Open(peer, ",\"encoding\":\"protobuf\"");
        // The fake clock stands still: a wait of any length would never end.
        await channel.SendAsync(CotWorld.Message(), Stop);
        await channel.BeatAsync(BeatOf(CotWorld.Message()), Stop);
        Assert.Equal("b-a-o-tbl", (await peer.NextAsync()).Type);
        Assert.Equal(0, peer.FrameBytes);
    }

    [Fact]
    public async Task After_a_lost_connection_the_next_calls_connect_anew_and_tell_what_is_open()
    {
        await using var peer = new TakPeer();
        await using CotChannel channel = Open(peer);
        await channel.SendAsync(CotWorld.Message(), Stop);
        Assert.Equal("b-a-o-tbl", (await peer.NextAsync()).Type);
        peer.Drop();
        // The call that finds the loss may throw, as the runner expects; one of the next tells the warning on a new connection.
        for (int i = 0; peer.Connections < 2; i++)
        {
            Assert.True(i < 1_000, "never connected anew");
            try
            {
                await channel.BeatAsync(BeatOf(CotWorld.Message()), Stop);
            }
            catch (IOException e)
            {
                Assert.Contains($"127.0.0.1:{peer.Port}", e.Message, StringComparison.Ordinal);
            }
        }
        await channel.SendAsync(CotWorld.Message(WarningAct.Over, 2), Stop);
        for (CotEvent e = await peer.NextAsync(); e.Type != "b-a-o-can"; e = await peer.NextAsync())
        {
        }
    }

    [Fact]
    public async Task A_peer_that_stops_answering_is_dead_after_the_time_out_and_not_before()
    {
        await using var peer = new TakPeer();
        await using CotChannel channel = Open(peer, ",\"timeoutS\":4");
        // The first answer shows that it answers.
        await channel.SendAsync(CotWorld.Message(), Stop);
        peer.Answers = false;
        Task send = channel.SendAsync(CotWorld.Message(WarningAct.Updated, 2), Stop);
        for (CotEvent e = await peer.AnyAsync(); e.Element("__tocsin")?["revision"] != "2"; e = await peer.AnyAsync())
        {
        }
        _clock.Advance(TimeSpan.FromSeconds(3.9));
        Assert.False(send.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        TimeoutException late = await Assert.ThrowsAsync<TimeoutException>(() => send);
        Assert.Contains("4 s", late.Message, StringComparison.Ordinal);

        peer.Answers = true;
        await channel.SendAsync(CotWorld.Message(WarningAct.Updated, 2), Stop);
        Assert.Equal(2, peer.Connections);
    }

    [Fact]
    public async Task A_server_that_answers_no_pings_is_waited_for_once_and_for_a_second()
    {
        await using var peer = new TakPeer { Answers = false };
        await using CotChannel channel = Open(peer);
        Task first = channel.SendAsync(CotWorld.Message(), Stop);
        while ((await peer.AnyAsync()).Type != "t-x-c-t")
        {
        }
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(first.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        await first;
        // The clock stands still: this one does not wait.
        await channel.SendAsync(CotWorld.Message(WarningAct.Updated, 2), Stop);
        Assert.Equal(1, peer.Connections);
    }

    [Fact]
    public async Task Nobody_there_is_said_with_the_address()
    {
        int port;
        await using (var peer = new TakPeer()) port = peer.Port;
        await using CotChannel channel = CotWorld.Channel($$"""{"transport":"tcp","host":"127.0.0.1","port":{{port}}}""", _clock);
        IOException e = await Assert.ThrowsAsync<IOException>(() => channel.SendAsync(CotWorld.Message(), Stop));
        Assert.Contains($"127.0.0.1:{port}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_beat_made_before_the_end_does_not_raise_the_warning_again()
    {
        await using var peer = new TakPeer();
        await using CotChannel channel = Open(peer);
        await channel.SendAsync(CotWorld.Message(), Stop);
        await channel.SendAsync(CotWorld.Message(WarningAct.Retracted, 2), Stop);
        List<string> types = [];
        for (int i = 0; i < CotChannel.Repeats + 1; i++) await channel.BeatAsync(BeatOf(CotWorld.Message()), Stop);
        await channel.SendAsync(CotWorld.Message(number: 99), Stop);
        for (CotEvent e = await peer.NextAsync(); e.Uid != CotWorld.Message(number: 99).Identity; e = await peer.NextAsync()) types.Add(e.Type);
        Assert.Equal(1, types.Count(t => t == "b-a-o-tbl"));
        // The cancel itself, and its repeats: it may have been lost.
        Assert.Equal(1 + CotChannel.Repeats, types.Count(t => t == "b-a-o-can"));
    }
}
