using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.Cot;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.Cot;

namespace Tocsin.Server.Tests.Cot;

/// <summary>The channel over UDP to a receiver on the loopback.</summary>
public class CotDatagramTests
{
    // A group of the organisation's own scope (RFC 2365), not the one that real devices listen to.
    private const string Group = "239.192.71.63";
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 22, 43, 0, TimeSpan.Zero));

    private readonly Dictionary<string, int> _copies = new(StringComparer.Ordinal);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("udp", "xml")]
    [InlineData("udp", "protobuf")]
    [InlineData("multicast", "xml")]
    [InlineData("multicast", "protobuf")]
    public async Task A_receiver_sees_the_raise_the_retelling_and_the_cancel(string transport, string encoding)
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(transport == "udp" ? IPAddress.Loopback : IPAddress.Any, 0));
        string host = "127.0.0.1", more = "";
        if (transport == "multicast")
        {
            (host, more) = (Group, ",\"interface\":\"127.0.0.1\",\"ttl\":0");
            try
            {
                receiver.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(IPAddress.Parse(Group), IPAddress.Loopback));
            }
            catch (SocketException e)
            {
                Assert.Skip($"no multicast on this machine's loopback: {e.Message}");
            }
        }
        await using CotChannel channel = CotWorld.Channel(
            $$"""{"transport":"{{transport}}","host":"{{host}}","port":{{((IPEndPoint)receiver.LocalEndPoint!).Port}},"encoding":"{{encoding}}","tracks":true,"impacts":true,"closedNetwork":true{{more}}}""", _clock);

        WarningMessage raised = CotWorld.Message();
        await channel.SendAsync(raised, Stop);
        Assert.Equal("b-a-o-tbl", (await NextAsync(receiver, encoding)).Type);
        Assert.Equal("u-d-f", (await NextAsync(receiver, encoding)).Type);
        _clock.Advance(channel.BeatEvery);
        await channel.BeatAsync(new Beat(CotWorld.Start, OperationStatus.Actual, [raised]), Stop);
        Assert.Equal("t-x-c-t", (await NextAsync(receiver, encoding)).Type);
        CotEvent again = await NextAsync(receiver, encoding);
        Assert.Equal(("b-a-o-tbl", raised.Identity), (again.Type, again.Uid));
        Assert.Equal("u-d-f", (await NextAsync(receiver, encoding)).Type);
        await channel.ShowAsync(CotWorld.Picture(tracks: CotWorld.Seen()), Stop);
        Assert.Equal("a-h-A-W-M", (await NextAsync(receiver, encoding)).Type);
        Assert.Equal("u-d-c-c", (await NextAsync(receiver, encoding)).Type);
        await channel.SendAsync(CotWorld.Message(WarningAct.Retracted, 2), Stop);
        CotEvent cancel = await NextAsync(receiver, encoding);
        Assert.Equal(("b-a-o-can", raised.Identity), (cancel.Type, cancel.Uid));
        // Raise and zone, the end and its two deletes: three times each. The cancel's own copies may still be on their way.
        for (int i = 0; i < 2; i++) await NextAsync(receiver, encoding);
        Assert.Equal(2, _copies.Values.Count(n => n == 3));
    }

    [Fact]
    public async Task Every_zone_fits_a_datagram_however_many_corners_it_has()
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using CotChannel channel = CotWorld.Channel($$"""{"transport":"udp","host":"127.0.0.1","port":{{((IPEndPoint)receiver.LocalEndPoint!).Port}}}""", _clock);
        (double, double)[] circle = [.. Enumerable.Range(0, 20_000).Select(i => (Lon: 44.4 + 0.01 * Math.Cos(i * Math.Tau / 20_000), Lat: 33.3 + 0.01 * Math.Sin(i * Math.Tau / 20_000)))];
        await channel.SendAsync(CotWorld.Message(zone: new ZonePlace("round", "Round", 1, [[CotWorld.Ring(circle)]])), Stop);
        Assert.Equal("b-a-o-tbl", (await NextAsync(receiver, "xml")).Type);
        Assert.Equal("u-d-f", (await NextAsync(receiver, "xml")).Type);
    }

    /// <summary>The next datagram that is not a copy of an earlier one, byte for byte.</summary>
    private async Task<CotEvent> NextAsync(Socket receiver, string encoding)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        byte[] buffer = new byte[65_536];
        int count;
        string text;
        do
        {
            count = await receiver.ReceiveAsync(buffer, SocketFlags.None, deadline.Token);
            text = Convert.ToBase64String(buffer, 0, count);
            _copies[text] = _copies.GetValueOrDefault(text) + 1;
        } while (_copies[text] > 1);
        Assert.Equal(encoding == "protobuf" ? 0xBF : (byte)'<', buffer[0]);
        Assert.True(CotFraming.TryReadDatagram(buffer.AsSpan(0, count), out CotEvent? e, out CotProblem problem), problem.Describe());
        return e;
    }
}
