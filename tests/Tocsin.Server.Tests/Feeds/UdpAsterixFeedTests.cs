using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats;
using Tocsin.Formats.Asterix;
using Tocsin.Formats.Captures;
using Tocsin.Server.Feeds;
using Tocsin.Server.Live;
using Tocsin.TestSupport;

namespace Tocsin.Server.Tests.Feeds;

/// <summary>Real sockets on loopback.</summary>
public sealed class UdpAsterixFeedTests
{
    private static FeedSettings Loopback(string options = "") =>
        (FeedUri.Parse($"udp://127.0.0.1:1{options}", out _) ?? throw new InvalidOperationException()) with { Name = "udp", Endpoint = new(IPAddress.Loopback, 0) };

    private static (FeedDesk Desk, KeepingIntake Intake, UdpAsterixFeed[] Feeds) Open(SiteDefinition site, TimeProvider clock, params FeedSettings[] settings)
    {
        var intake = new KeepingIntake();
        UdpAsterixFeed[] feeds = [.. settings.Select(s => new UdpAsterixFeed(s, site, new WallClock(clock), clock))];
        var desk = new FeedDesk(site, [.. settings.Zip(feeds, (s, f) => new DeskFeed(s, f))], intake, new WallClock(clock), clock, NullLogger.Instance);
        desk.Start();
        return (desk, intake, feeds);
    }

    private static async Task<Socket> To(UdpAsterixFeed feed)
    {
        IPEndPoint bound = await feed.Bound.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var socket = new Socket(bound.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(bound);
        return socket;
    }

    /// <summary>A primary plot of category 048 with a 3D height: items 010, 140, 020, 040 and 110, after EUROCONTROL-SPEC-0149-4.</summary>
    private static byte[] Plot048(byte sic, double timeOfDayS, ushort rho = 1_000)
    {
        int time = (int)Math.Round(timeOfDayS * 128);
        byte[] record = [0xF1, 0x01, 0x08, 25, sic, (byte)(time >> 16), (byte)(time >> 8), (byte)time, 0x20, (byte)(rho >> 8), (byte)rho, 0x20, 0x00, 0x00, 0x50];
        return [48, 0, (byte)(record.Length + 3), .. record];
    }

    [Fact]
    public async Task A_real_capture_gives_the_plots_that_the_file_gives()
    {
        string path = SharedData.PathOrSkip("asterix/cat_034_048.pcap");
        byte[] file = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        List<byte[]> datagrams = [];
        Instant captured = default;
        Read(file, datagrams, ref captured);
        // Every sensor that speaks in the capture.
        SiteDefinition site = FeedBench.SiteOf([.. Enumerable.Range(0, 64).Select(i => FeedBench.Radar($"R{i}", 46, 8, 400_000) with { Asterix = null })]);
        (byte Sac, byte Sic)[] identities = [.. datagrams.Where(d => d[0] is 48 or 34).Select(d => FirstIdentity(d)).Distinct()];
        site = site with { Sensors = [.. identities.Select((x, i) => FeedBench.Radar($"R{i}", 46, 8, 400_000) with { Asterix = new(x.Sac, x.Sic, null) })] };
        var expected = new ListSink();
        AsterixTally tally = AsterixFile.ReadPlots(path, site, expected, null).Value!;
        Assert.True(expected.Plots.Count > 20);

        var clock = new FakeTimeProvider(new DateTimeOffset(DateTime.UnixEpoch.AddTicks(captured.Ticks), TimeSpan.Zero));
        (FeedDesk desk, KeepingIntake intake, UdpAsterixFeed[] feeds) = Open(site, clock, Loopback());
        await using (desk)
        {
            using Socket socket = await To(feeds[0]);
            foreach (byte[] datagram in datagrams) socket.Send(datagram);
            Assert.True(intake.Wait(expected.Plots.Count));
        }
        Assert.Equal(expected.Plots, intake.Plots.Select(p => p.Plot));
        Assert.Equal(tally.Plots, intake.Plots.Length);
        Assert.All(intake.Plots, p => Assert.Equal(CanonicalPlot.Of(p.Plot), p.Plot));
    }

    private static void Read(byte[] file, List<byte[]> datagrams, ref Instant captured)
    {
        Assert.True(CaptureReader.TryOpen(file, out CaptureReader reader));
        while (reader.MoveNext(out CapturedDatagram d))
        {
            if (d.Payload.IsEmpty) continue;
            datagrams.Add(d.Payload.ToArray());
            captured = d.Captured!.Value;
        }
    }

    private static (byte Sac, byte Sic) FirstIdentity(byte[] block)
    {
        int at = 3;
        while ((block[at] & 1) != 0) at++;
        return (block[at + 1], block[at + 2]);
    }

    [Fact]
    public async Task A_hundred_thousand_random_datagrams_harm_nothing_and_the_feed_beside_stays_well()
    {
        SiteDefinition site = FeedBench.TwoRadars();
        var clock = new FakeTimeProvider(FeedBench.Start);
        (FeedDesk desk, KeepingIntake intake, UdpAsterixFeed[] feeds) = Open(site, clock, Loopback() with { Name = "noise" }, Loopback() with { Name = "well" });
        await using (desk)
        {
            using Socket noise = await To(feeds[0]), well = await To(feeds[1]);
            var random = new Random(5);
            byte[] good = Plot048(1, 43_200), buffer = new byte[1_400];
            for (int i = 0; i < 100_000; i++)
            {
                int length = random.Next(0, random.Next(2) == 0 ? 40 : 400);
                random.NextBytes(buffer.AsSpan(0, length));
                // Half of them begin as the real thing does, so that the noise reaches every part of the decoder.
                if (random.Next(2) == 0) good.AsSpan(0, Math.Min(length, random.Next(good.Length))).CopyTo(buffer);
                noise.Send(buffer.AsSpan(0, length));
                if (i % 1_000 == 0)
                {
                    well.Send(Plot048(2, 43_200 + i / 4_000.0));
                    // Taken in before time goes on: how soon a loaded machine lets the feed's thread run is not what is tested.
                    Assert.True(intake.WaitForFeed(1, i / 1_000 + 1));
                    clock.Advance(TimeSpan.FromSeconds(0.25));
                }
            }
            clock.Advance(TimeSpan.FromSeconds(0.25));
            Assert.Equal(FeedState.Ok, desk.Statuses()[1].State);
            Assert.Equal(0, desk.Statuses()[1].Rejected);
            // And the noisy port still hears its radar.
            int before = intake.Plots.Count(p => p.Feed == 0);
            using Socket radar = await To(feeds[0]);
            for (int i = 0; i < 50 && intake.Plots.Count(p => p.Feed == 0) <= before; i++)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                radar.Send(Plot048(1, 43_200));
                intake.Wait(1);
            }
            Assert.True(intake.Plots.Count(p => p.Feed == 0) > before);
            Assert.True(desk.Statuses()[0].Rejected > 0);
        }
    }

    [Fact]
    public async Task Midnight_is_crossed_by_the_clock_of_receipt()
    {
        SiteDefinition site = FeedBench.TwoRadars();
        var midnight = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
        var clock = new FakeTimeProvider(midnight.AddSeconds(-0.5));
        (FeedDesk desk, KeepingIntake intake, UdpAsterixFeed[] feeds) = Open(site, clock, Loopback());
        await using (desk)
        {
            using Socket socket = await To(feeds[0]);
            socket.Send(Plot048(1, 86_399.5));
            // A radar whose clock is ahead is over midnight before this machine is.
            socket.Send(Plot048(1, 0.25));
            Assert.True(intake.Wait(2));
            clock.Advance(TimeSpan.FromSeconds(1));
            // A plot from before midnight that comes after it.
            socket.Send(Plot048(1, 86_399.75));
            socket.Send(Plot048(1, 0.5));
            Assert.True(intake.Wait(4));
        }
        Assert.Equal([-0.5, 0.25, -0.25, 0.5], intake.Plots.Select(p => p.Plot.Time.SecondsSince(WallClock.InstantOf(midnight))));
        Assert.Equal([-0.5, -0.5, 0.5, 0.5], intake.Plots.Select(p => p.Received.SecondsSince(WallClock.InstantOf(midnight))));
    }

    [Fact]
    public async Task A_sender_that_is_not_on_the_list_is_refused_and_counted()
    {
        var clock = new FakeTimeProvider(FeedBench.Start);
        (FeedDesk desk, KeepingIntake intake, UdpAsterixFeed[] feeds) = Open(FeedBench.TwoRadars(), clock, Loopback("?allow=127.0.0.2"));
        await using (desk)
        {
            using Socket stranger = await To(feeds[0]);
            for (int i = 0; i < 5; i++) stranger.Send(Plot048(1, 43_200));
            using var friend = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has all of 127.0.0.0/8 on loopback");
            friend.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
            friend.SendTo(Plot048(1, 43_200), await feeds[0].Bound);
            Assert.True(intake.Wait(1));
            clock.Advance(TimeSpan.FromSeconds(0.25));
            Assert.Equal((1, 5), (desk.Statuses()[0].Plots, desk.Statuses()[0].Refused));
            Assert.Single(intake.Plots);
        }
    }

    [Fact]
    public async Task A_sender_that_floods_a_port_leaves_the_other_its_part()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has all of 127.0.0.0/8 on loopback");
        var clock = new FakeTimeProvider(FeedBench.Start);
        (FeedDesk desk, KeepingIntake intake, UdpAsterixFeed[] feeds) = Open(FeedBench.TwoRadars(), clock, Loopback("?maxPlotsPerS=100"));
        await using (desk)
        {
            IPEndPoint bound = await feeds[0].Bound;
            using var a = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            using var b = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            a.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
            b.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.3"), 0));
            b.SendTo(Plot048(2, 43_200), bound);
            Assert.True(intake.Wait(1));
            for (int i = 0; i < 20; i++)
            {
                for (int k = 0; k < 200; k++) a.SendTo(Plot048(1, 43_200), bound);
                b.SendTo(Plot048(2, 43_200), bound);
                Assert.True(intake.WaitForSensor(1, i + 2), $"after {i}: {intake.Plots.Count(p => p.Plot.Sensor == 1)}");
                clock.Advance(TimeSpan.FromSeconds(0.25));
            }
            Assert.InRange(intake.Plots.Count(p => p.Plot.Sensor == 0), 100, 100 + 20 * 25 + 50);
            Assert.True(desk.Statuses()[0].Refused > 2_000);
        }
    }

    [Fact]
    public async Task A_multicast_group_is_joined_where_the_machine_has_one()
    {
        FeedSettings settings = FeedUri.Parse("udp://239.255.77.77:18600?interface=127.0.0.1", out _)! with { Name = "group" };
        var clock = new FakeTimeProvider(FeedBench.Start);
        var feed = new UdpAsterixFeed(settings, FeedBench.TwoRadars(), new WallClock(clock), clock);
        var intake = new KeepingIntake();
        await using var desk = new FeedDesk(FeedBench.TwoRadars(), [new(settings, feed)], intake, new WallClock(clock), clock, NullLogger.Instance);
        desk.Start();
        try
        {
            await feed.Bound.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Skip("this machine lets nobody join a multicast group: " + desk.Statuses()[0].Meaning);
        }
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());
        socket.SendTo(Plot048(1, 43_200), new IPEndPoint(IPAddress.Parse("239.255.77.77"), 18_600));
        Assert.True(intake.Wait(1));
    }

    [Fact]
    public void The_kernels_drops_are_counted_where_linux_tells_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = 4_096;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Connect(socket.LocalEndPoint!);
        for (int i = 0; i < 100; i++) sender.Send(new byte[1_000]);
        int kept = 0;
        for (; socket.Available > 0; kept++) socket.Receive(new byte[2_000]);
        Assert.Equal(100 - kept, KernelDrops.Of(socket));
        Assert.InRange(kept, 1, 99);
    }

    [Fact]
    public async Task Rejections_name_the_sender()
    {
        var clock = new FakeTimeProvider(FeedBench.Start);
        (FeedDesk desk, KeepingIntake intake, UdpAsterixFeed[] feeds) = Open(FeedBench.TwoRadars(), clock, Loopback());
        await using (desk)
        {
            using Socket socket = await To(feeds[0]);
            socket.Send(Plot048(77, 43_200));
            Assert.True(intake.Wait(0, 1));
        }
        Assert.Contains("udp from 127.0.0.1", intake.Rejections[0].Source, StringComparison.Ordinal);
        Assert.Contains("SIC 77", intake.Rejections[0].Reason, StringComparison.Ordinal);
    }

    private sealed class ListSink : IPlotSink
    {
        public List<Plot> Plots { get; } = [];

        public void Feed(in Plot plot) => Plots.Add(plot);

        public void Reject(in Rejection rejection)
        {
        }
    }
}
