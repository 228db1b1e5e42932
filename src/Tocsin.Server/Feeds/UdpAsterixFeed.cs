using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Tocsin.Formats;
using Tocsin.Formats.Asterix;
using Tocsin.Server.Live;

namespace Tocsin.Server.Feeds;

/// <summary>ASTERIX datagrams (categories 048, 015 and 034) from a UDP port, unicast or multicast.</summary>
/// <remarks>
/// One thread receives and decodes, without an allocation per datagram. Each sender has a reader of its own (so that a rejection names it) and its fair part
/// of the feed's rate: a sender that floods is refused before its datagrams are decoded, and the others keep theirs. What all share is the
/// kernel's buffer of the port; its drops are counted where Linux tells them, and a port of its own for each radar parts even that.
/// Times of day get their date from the Site's clock at receipt, across midnight too. No datagram makes it throw.
/// </remarks>
public sealed class UdpAsterixFeed : Feed
{
    private const double HousekeepingS = 1;
    private const int FaultsInARow = 20, ReceiveTimeoutMs = 1_000;
    private readonly FeedSettings _settings;
    private readonly SiteDefinition _site;
    private readonly SiteClock _siteClock;
    private readonly TimeProvider _clock;
    private readonly TaskCompletionSource<IPEndPoint> _bound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a feed; the editions that the site and the settings name must be known (see <see cref="FeedMaker"/>).</summary>
    public UdpAsterixFeed(FeedSettings settings, SiteDefinition site, SiteClock siteClock, TimeProvider clock) : base(settings.Name, settings.Uri) =>
        (_settings, _site, _siteClock, _clock) = (settings, site, siteClock, clock);

    /// <summary>Where the socket is bound, once it is.</summary>
    internal Task<IPEndPoint> Bound => _bound.Task;

    /// <inheritdoc/>
    public override Task RunAsync(IFeedSink sink, CancellationToken stop) => FeedThread.RunAsync(Name, () => Receive(sink, stop), mayLinger: false, stop);

    private void Receive(IFeedSink sink, CancellationToken stop)
    {
        using Socket socket = Open(sink);
        // Closing the socket wakes a thread that waits in it; the time-out is for systems where it does not.
        using CancellationTokenRegistration closes = stop.Register(static s => ((Socket)s!).Dispose(), socket);
        var desk = new Senders(this, sink);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(FeedLimits.DatagramOctets, pinned: true);
        var from = new SocketAddress(_settings.Endpoint!.AddressFamily);
        long began = _clock.GetTimestamp();
        double due = HousekeepingS;
        int faults = 0;
        while (!stop.IsCancellationRequested)
        {
            bool heard = false;
            int count = 0;
            try
            {
                count = socket.ReceiveFrom(buffer.AsSpan(), SocketFlags.None, from);
                heard = true;
                faults = 0;
            }
            catch (Exception e) when (stop.IsCancellationRequested && e is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock or SocketError.Interrupted or SocketError.IOPending)
            {
                // Nobody speaks: time for the housekeeping.
            }
            catch (SocketException) when (++faults < FaultsInARow)
            {
                // An ICMP answer to something, or a network that comes and goes.
            }
            double now = _clock.GetElapsedTime(began).TotalSeconds;
            if (heard) desk.Take(buffer.AsSpan(0, count), SourceList.Key(from), now);
            if (now < due) continue;
            due = now + HousekeepingS;
            desk.Finish();
            if (KernelDrops.Of(socket) is { } drops) (sink as FeedAccount)?.Dropped(drops);
        }
    }

    private Socket Open(IFeedSink sink)
    {
        IPEndPoint endpoint = _settings.Endpoint!;
        bool multicast = FeedUri.IsMulticast(endpoint.Address);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;
            KernelDrops.SetReceiveBuffer(socket, FeedLimits.ReceiveBufferOctets);
            socket.ReceiveTimeout = ReceiveTimeoutMs;
            if (multicast) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            // Bound to the group's own address, other datagrams to the same port do not come here; Windows cannot do that.
            bool any = multicast && OperatingSystem.IsWindows();
            socket.Bind(any ? new IPEndPoint(endpoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, endpoint.Port) : endpoint);
            if (multicast) Join(socket, endpoint.Address);
            int granted = socket.ReceiveBufferSize / (OperatingSystem.IsLinux() ? 2 : 1);
            if (granted < FeedLimits.ReceiveBufferOctets / 2)
                sink.Tell($"the receive buffer is {granted >> 10} KiB of the {FeedLimits.ReceiveBufferOctets >> 10} asked for: raise net.core.rmem_max, or bursts may be lost");
            if (_settings.Allow.IsOpen) sink.Tell("no allow-list is set: whoever reaches this port can forge plots, and alarms injure; set allow, and keep radars on a network of their own");
            _bound.TrySetResult((IPEndPoint)socket.LocalEndPoint!);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Join(Socket socket, IPAddress group)
    {
        NetworkInterface? card = _settings.Interface is { } at
            ? Array.Find(NetworkInterface.GetAllNetworkInterfaces(), n => n.Name == at || n.GetIPProperties().UnicastAddresses.Any(u => u.Address.ToString() == at))
                ?? throw new IOException($"this machine has no interface {at}")
            : null;
        if (group.AddressFamily == AddressFamily.InterNetworkV6)
        {
            long index = card?.GetIPProperties().GetIPv6Properties().Index ?? group.ScopeId;
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(group, index));
        }
        else
        {
            IPAddress? local = card?.GetIPProperties().UnicastAddresses.Select(u => u.Address).FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork);
            if (card is not null && local is null) throw new IOException($"interface {_settings.Interface} has no IPv4 address");
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, local is null ? new MulticastOption(group) : new MulticastOption(group, local));
        }
    }

    /// <summary>The senders of one port: who may send, how much, and the reader of each.</summary>
    private sealed class Senders
    {
        // Decoding a datagram that is then refused for the feed's rate is cheap; twice the rate is decoded, no more.
        private const double DecodeFactor = 2;

        private readonly UdpAsterixFeed _feed;
        private readonly IFeedSink _sink;
        private readonly Dictionary<UInt128, Sender> _senders = [];
        private readonly FairBucket _bucket;
        private readonly Sender _others;

        public Senders(UdpAsterixFeed feed, IFeedSink sink)
        {
            (_feed, _sink) = (feed, sink);
            _bucket = new(feed._settings.MaxPlotsPerS * DecodeFactor, FeedLimits.BurstS, FeedLimits.Senders + 1);
            _others = new(FeedLimits.Senders, feed, sink, feed.Name);
        }

        public void Take(ReadOnlySpan<byte> datagram, UInt128 from, double now)
        {
            if (!_feed._settings.Allow.Allows(from))
            {
                (_sink as FeedAccount)?.Refuse(senderMayNotSend: true);
                return;
            }
            if (!_senders.TryGetValue(from, out Sender? sender))
            {
                sender = _others;
                if (_senders.Count < FeedLimits.Senders)
                {
                    string name = SourceList.Text(from);
                    _senders[from] = sender = new(_senders.Count, _feed, _sink, $"{_feed.Name} from {name}");
                    _sink.Tell($"{name} sends");
                }
            }
            _sink.Heard(datagram.Length);
            if (!_bucket.HasTokens(sender.Index, now))
            {
                (_sink as FeedAccount)?.Refuse(senderMayNotSend: false);
                return;
            }
            _bucket.TryTake(sender.Index, now, sender.Read(datagram));
        }

        public void Finish()
        {
            foreach (Sender sender in _senders.Values) sender.Reader.Finish();
            _others.Reader.Finish();
        }
    }

    /// <summary>One sender: its reader, and what the reader finds.</summary>
    private sealed class Sender : IPlotSink
    {
        private static readonly AsterixProblem[] s_problems = [.. Enum.GetValues<AsterixProblem>().Where(p => p != AsterixProblem.None)];
        private readonly UdpAsterixFeed _feed;
        private readonly IFeedSink _sink;
        private readonly List<Plot> _plots = [];
        private Instant _received;
        private long _problems, _records;

        public Sender(int index, UdpAsterixFeed feed, IFeedSink sink, string name)
        {
            (Index, _feed, _sink) = (index, feed, sink);
            InputResult<AsterixPlotReader> reader = AsterixPlotReader.Create(feed._site, this, name, feed._settings.Date);
            Reader = reader.Value ?? throw new InvalidDataException(reader.Error!.ToString());
        }

        public int Index { get; }

        public AsterixPlotReader Reader { get; }

        /// <summary>Reads a datagram; gives how many pieces were in it, at least 1.</summary>
        public int Read(ReadOnlySpan<byte> datagram)
        {
            _received = WallClock.InstantOf(_feed._clock.GetUtcNow());
            _plots.Clear();
            Reader.Read(datagram, 0, _feed._siteClock.Now);
            if (_plots.Count > 0) _sink.Take(CollectionsMarshal.AsSpan(_plots), _received);
            long problems = 0;
            foreach (AsterixProblem problem in s_problems) problems += Reader.Tally.Problems(problem);
            long records = Reader.Tally.Records(15) + Reader.Tally.Records(34) + Reader.Tally.Records(48);
            // Octets after the last block are common in the field and harm nothing where there was something before them.
            bool bad = problems > _problems && records == _records;
            (_problems, _records) = (problems, records);
            (_sink as FeedAccount)?.Judge(bad ? 0 : 1, bad ? 1 : 0);
            return Math.Max(1, _plots.Count);
        }

        public void Feed(in Plot plot) => _plots.Add(plot);

        public void Reject(in Rejection rejection) => _sink.Reject(rejection);
    }
}

/// <summary>What Linux tells of a socket: how many datagrams it dropped because the socket's buffer was full.</summary>
internal static class KernelDrops
{
    // From asm-generic/socket.h and linux/sock_diag.h: nine counters, the last of which are the drops.
    private const int SocketLevel = 1, ReceiveBufferForce = 33, MemoryInfo = 55, MemoryInfoOctets = 36, DropsAt = 32;

    /// <summary>The drops of a socket; null where the system does not tell.</summary>
    public static long? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            Span<byte> info = stackalloc byte[MemoryInfoOctets];
            return socket.GetRawSocketOption(SocketLevel, MemoryInfo, info) == MemoryInfoOctets ? BitConverter.ToUInt32(info[DropsAt..]) : null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Asks for a receive buffer: beyond the system's limit where this program may, up to it where it may not.</summary>
    public static void SetReceiveBuffer(Socket socket, int octets)
    {
        socket.ReceiveBufferSize = octets;
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            socket.SetRawSocketOption(SocketLevel, ReceiveBufferForce, BitConverter.GetBytes(octets));
        }
        catch (SocketException)
        {
            // Only the administrator may (CAP_NET_ADMIN); what could be had is had already.
        }
    }
}
