using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.Sapient;
using Tocsin.Formats.Sapient.Wire;
using Tocsin.Server.Feeds.Sapient;
using Task = System.Threading.Tasks.Task;

namespace Tocsin.Server.Tests.C2;

/// <summary>The SAPIENT feed with sensors that the test plays, over loopback.</summary>
public sealed class SapientFeedTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Sample.Start);
    private readonly KeepingSink _sink = new();
    private readonly CancellationTokenSource _stop = new();
    private SapientFeed? _feed;
    private Task _running = Task.CompletedTask;

    private async Task<IPEndPoint> Listen(string query = "")
    {
        _feed = new("edge", new Uri("tcp://127.0.0.1:0" + query), Sample.Site, _clock);
        _running = _feed.RunAsync(_sink, _stop.Token);
        while (_feed.LocalEndPoint is null)
        {
            if (_running.IsCompleted) await _running;
            await Task.Yield();
        }
        return _feed.LocalEndPoint;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.IsCompletedSuccessfully ? throw new OperationCanceledException() : _running);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_sensor_registers_and_its_detections_become_plots()
    {
        using Peer sensor = await Peer.Connect(await Listen());
        await sensor.Register(Sample.NodeId, "radar");
        SapientMessage ack = await sensor.Next(SapientMessage.ContentOneofCase.RegistrationAck);
        Assert.True(ack.RegistrationAck.Acceptance);
        Assert.Equal(Sample.NodeId, ack.DestinationId);
        await sensor.Detect(Sample.NodeId, 5_000);
        (Plot plot, Instant received) = await _sink.Next<(Plot, Instant)>(_ => true);
        Assert.Equal((0, 5_000.0, Sample.StartInstant, Sample.StartInstant), (plot.Sensor, plot.Measurement.RangeM, plot.Time, received));
        Assert.Equal((1, 2), (_feed!.Counts.Plots, _feed.Counts.Messages));
        Assert.True(_sink.Octets > 50);
    }

    [Fact]
    public async Task A_sensor_is_known_by_its_short_name_too()
    {
        using Peer sensor = await Peer.Connect(await Listen());
        await sensor.Register("11111111-5b7d-4e8f-9a01-2c3d4e5f6a7b", "south");
        Assert.True((await sensor.Next(SapientMessage.ContentOneofCase.RegistrationAck)).RegistrationAck.Acceptance);
        await sensor.Detect("11111111-5b7d-4e8f-9a01-2c3d4e5f6a7b", 5_000);
        Assert.Equal(1, (await _sink.Plot()).Sensor);
    }

    [Fact]
    public async Task An_unknown_node_is_refused_with_the_mend()
    {
        using Peer sensor = await Peer.Connect(await Listen());
        await sensor.Register("22222222-5b7d-4e8f-9a01-2c3d4e5f6a7b", "nobody");
        SapientMessage ack = await sensor.Next(SapientMessage.ContentOneofCase.RegistrationAck);
        Assert.False(ack.RegistrationAck.Acceptance);
        Assert.Contains("nodeId", Assert.Single(ack.RegistrationAck.AckResponseReason), StringComparison.Ordinal);
        await sensor.Detect("22222222-5b7d-4e8f-9a01-2c3d4e5f6a7b", 5_000);
        Assert.Contains("nodeId", (await _sink.Rejected("detection of node")).Reason, StringComparison.Ordinal);
        Assert.Equal(0, _feed!.Counts.Plots);
    }

    [Fact]
    public async Task A_sensor_has_one_node_at_a_time_and_a_node_that_comes_again_takes_over()
    {
        IPEndPoint at = await Listen();
        using Peer first = await Peer.Connect(at), second = await Peer.Connect(at), other = await Peer.Connect(at);
        await first.Register("33333333-5b7d-4e8f-9a01-2c3d4e5f6a7b", "south");
        Assert.True((await first.Next(SapientMessage.ContentOneofCase.RegistrationAck)).RegistrationAck.Acceptance);
        await other.Register("44444444-5b7d-4e8f-9a01-2c3d4e5f6a7b", "south");
        Assert.False((await other.Next(SapientMessage.ContentOneofCase.RegistrationAck)).RegistrationAck.Acceptance);
        await second.Register("33333333-5b7d-4e8f-9a01-2c3d4e5f6a7b", "south");
        Assert.True((await second.Next(SapientMessage.ContentOneofCase.RegistrationAck)).RegistrationAck.Acceptance);
        await first.Detect("33333333-5b7d-4e8f-9a01-2c3d4e5f6a7b", 1_000);
        await _sink.Rejected("old connection");
        await second.Detect("33333333-5b7d-4e8f-9a01-2c3d4e5f6a7b", 2_000);
        Assert.Equal(2_000, (await _sink.Plot()).Measurement.RangeM);
    }

    [Fact]
    public async Task Rubbish_ends_its_own_connection_and_no_other()
    {
        IPEndPoint at = await Listen();
        using Peer good = await Peer.Connect(at), bad = await Peer.Connect(at);
        await good.Register(Sample.NodeId, "radar");
        await good.Next(SapientMessage.ContentOneofCase.RegistrationAck);
        await bad.SendOctets("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        await _sink.Rejected("the stream is lost");
        Assert.Null(await bad.Receive());
        await _sink.Told("was cut off");
        await good.Detect(Sample.NodeId, 3_000);
        Assert.Equal(3_000, (await _sink.Plot()).Measurement.RangeM);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_cut_off()
    {
        using Peer sensor = await Peer.Connect(await Listen());
        await sensor.Register(Sample.NodeId, "radar");
        await sensor.Next(SapientMessage.ContentOneofCase.RegistrationAck);
        _clock.Advance(TimeSpan.FromSeconds(SapientLimits.SilenceS - 1));
        await sensor.Detect(Sample.NodeId, 3_000);
        await _sink.Plot();
        Assert.DoesNotContain(_sink.Seen, s => s is string t && t.Contains("nothing came", StringComparison.Ordinal));
        // What came has begun the time anew, once the connection reads again.
        CancellationToken deadline = Sample.Deadline();
        while (!_sink.Seen.Any(s => s is string t && t.Contains("nothing came", StringComparison.Ordinal)) && !deadline.IsCancellationRequested)
        {
            _clock.Advance(TimeSpan.FromSeconds(SapientLimits.SilenceS + 1));
            await Task.Yield();
        }
        Assert.Null(await sensor.Receive());
        Assert.Contains("north", await _sink.Told("nothing came"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_is_told_when_it_changes()
    {
        using Peer sensor = await Peer.Connect(await Listen());
        await sensor.Register(Sample.NodeId, "radar");
        var fine = new StatusReport { System = StatusReport.Types.System.Ok, Mode = "Default" };
        await sensor.Status(Sample.NodeId, fine);
        await _sink.Told("sensor north: system Ok; mode Default");
        await sensor.Status(Sample.NodeId, fine);
        StatusReport faulty = fine.Clone();
        faulty.System = StatusReport.Types.System.Error;
        faulty.Status.Add(new StatusReport.Types.Status { StatusLevel = StatusReport.Types.StatusLevel.ErrorStatus, StatusType = StatusReport.Types.StatusType.InternalFault, StatusValue = "transmitter\u001b[31m hot" });
        faulty.NodeLocation = new() { X = 44.4, Y = 33.301, CoordinateSystem = LocationCoordinateSystem.LatLngDegM, Datum = LocationDatum.Wgs84E };
        await sensor.Status(Sample.NodeId, faulty, clockOffS: -3);
        await _sink.Told("its clock is -3.0 s off");
        await _sink.Told("111 m from where");
        Assert.Contains("transmitter?[31m hot", await _sink.Told("system Error"), StringComparison.Ordinal);
        await sensor.Status(Sample.NodeId, faulty);
        await _sink.Told("its clock is right again");
        Assert.Single(_sink.Seen, s => s is string t && t.Contains("system Ok", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_not_allowed_is_turned_away()
    {
        IPEndPoint at = await Listen("?allow=192.0.2.0/24,10.1.2.3/8");
        using Peer sensor = await Peer.Connect(at);
        Assert.Contains("127.0.0.1", (await _sink.Rejected("may not connect")).Reason, StringComparison.Ordinal);
        Assert.Null(await sensor.Receive());
    }

    [Theory]
    [InlineData("?allow=127.0.0.0/8")]
    [InlineData("?allow=127.0.0.1")]
    [InlineData("?mode=listen&allow=::1,127.9.9.9/8")]
    public async Task Who_is_allowed_is_heard(string query)
    {
        using Peer sensor = await Peer.Connect(await Listen(query));
        await sensor.Register(Sample.NodeId, "radar");
        await sensor.Next(SapientMessage.ContentOneofCase.RegistrationAck);
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:5020", true)]
    [InlineData("tcp://[::1]:5020?mode=connect", true)]
    [InlineData("tcp://127.0.0.1", false)]
    [InlineData("udp://127.0.0.1:5020", false)]
    [InlineData("tcp://127.0.0.1:5020?allow=", false)]
    [InlineData("tcp://127.0.0.1:5020?allow=10.0.0.0/33", false)]
    [InlineData("tcp://127.0.0.1:5020?allow=everyone", false)]
    [InlineData("tcp://127.0.0.1:5020?mode=both", false)]
    public void A_wrong_address_is_named(string uri, bool isRight)
    {
        Assert.Equal(isRight, SapientFeed.Problem(new(uri)) is null);
        if (!isRight) Assert.Throws<ArgumentException>(() => new SapientFeed("x", new(uri), Sample.Site, _clock));
    }

    [Fact]
    public async Task It_can_connect_to_a_middleware_that_speaks_for_many()
    {
        using var middleware = new TcpListener(IPAddress.Loopback, 0);
        middleware.Start();
        var feed = new SapientFeed("mid", new Uri($"tcp://127.0.0.1:{((IPEndPoint)middleware.LocalEndpoint).Port}?mode=connect"), Sample.Site, _clock);
        Task running = feed.RunAsync(_sink, _stop.Token);
        using (Peer peer = await Peer.Accept(middleware))
        {
            // The middleware's other nodes are none of this feed's business: no refusal, no rejection.
            await peer.Register("55555555-5b7d-4e8f-9a01-2c3d4e5f6a7b", "camera");
            await peer.Register("66666666-5b7d-4e8f-9a01-2c3d4e5f6a7b", "south");
            Assert.Equal("66666666-5b7d-4e8f-9a01-2c3d4e5f6a7b", (await peer.Next(SapientMessage.ContentOneofCase.RegistrationAck)).DestinationId);
            await peer.Detect("66666666-5b7d-4e8f-9a01-2c3d4e5f6a7b", 7_000);
            Assert.Equal((1, 7_000.0), await _sink.Plot() is var p ? (p.Sensor, p.Measurement.RangeM) : default);
            // A node that the site file names may speak though its registration was before our time.
            await peer.Detect(Sample.NodeId, 8_000);
            Assert.Equal((0, 8_000.0), await _sink.Plot() is var q ? (q.Sensor, q.Measurement.RangeM) : default);
            Assert.DoesNotContain(_sink.Seen, s => s is Rejection);
        }
        await Assert.ThrowsAsync<IOException>(() => running);
    }

    [Fact]
    public async Task Many_rejections_are_told_in_lots()
    {
        using Peer sensor = await Peer.Connect(await Listen());
        await sensor.Register(Sample.NodeId, "radar");
        byte[] octets = [.. Enumerable.Repeat(SapientReader.Frame(new() { NodeId = Sample.NodeId, DetectionReport = new() }), 250).SelectMany(f => f)];
        await sensor.SendOctets(octets);
        await sensor.Detect(Sample.NodeId, 3_000);
        await _sink.Plot();
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        Rejection[] told = [.. _sink.Seen.OfType<Rejection>()];
        Assert.Equal(250, told.Sum(r => r.Count));
        Assert.InRange(told.Length, 21, 24);
        Assert.All(told, r => Assert.Equal("north", r.Source));
    }
}
