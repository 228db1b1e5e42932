using System.Net;
using System.Net.Sockets;
using Tocsin.Formats.GeoJson;
using Tocsin.Formats.Sapient;
using Tocsin.Server.Live;

namespace Tocsin.Server.Feeds.Sapient;

/// <summary>Sensors that speak SAPIENT (BSI Flex 335 v2) over TCP: they connect here, or this feed connects to a middleware.</summary>
/// <remarks>
/// <c>tcp://0.0.0.0:5020</c> listens, as a fusion node does for its edge nodes; <c>tcp://host:5001?mode=connect</c> connects. <c>?allow=10.0.0.0/8,192.0.2.7</c>
/// names who may connect. Connections are independent: what one sends harms no other. Which node is which sensor: <see cref="SapientSensors"/>.
/// </remarks>
public sealed class SapientFeed : Feed
{
    private readonly Options _options;
    private readonly TimeProvider _clock;
    private readonly SapientHub _hub;
    private readonly List<string> _problems = [];

    /// <summary>Makes the feed.</summary>
    /// <exception cref="ArgumentException">The URI is wrong; <see cref="Problem"/> says so beforehand.</exception>
    public SapientFeed(string name, Uri uri, SiteFile site, TimeProvider clock) : base(name, uri)
    {
        _options = Options.Parse(uri, out string? problem) ?? throw new ArgumentException(problem, nameof(uri));
        _clock = clock;
        _hub = new(name, SapientSensors.Of(site, _problems), new SapientReports("feed " + site.Definition.Name, site.Definition.Name), clock, refuses: !_options.Connects);
    }

    /// <summary>Where the feed listens, once it does; null before, and where it connects.</summary>
    public IPEndPoint? LocalEndPoint { get; private set; }

    /// <summary>What has been counted, over all connections.</summary>
    public SapientCounts Counts => _hub.Counts;

    /// <summary>What is wrong with a URI, with the mend; null where it will do.</summary>
    public static string? Problem(Uri uri)
    {
        Options.Parse(uri, out string? problem);
        return problem;
    }

    /// <inheritdoc/>
    public override async Task RunAsync(IFeedSink sink, CancellationToken stop)
    {
        foreach (string problem in _problems) sink.Tell(problem);
        try
        {
            if (_options.Connects) await ConnectAsync(sink, stop);
            else await ListenAsync(sink, stop);
        }
        finally
        {
            _hub.Flush(sink);
        }
    }

    private async Task ConnectAsync(IFeedSink sink, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_options.Host, _options.Port, stop);
        sink.Tell($"connected to {_options.Host}:{_options.Port}");
        await new SapientConnection(_hub, client, $"{_options.Host}:{_options.Port}", sink, _clock).RunAsync(stop);
        stop.ThrowIfCancellationRequested();
        throw new IOException($"the connection to {_options.Host}:{_options.Port} has ended");
    }

    private async Task ListenAsync(IFeedSink sink, CancellationToken stop)
    {
        IPAddress address = await _options.AddressAsync(stop);
        using var listener = new TcpListener(address, _options.Port);
        listener.Start(SapientLimits.Connections);
        LocalEndPoint = (IPEndPoint)listener.LocalEndpoint;
        List<Task> open = [];
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            while (true)
            {
                TcpClient client;
                try
                {
                    client = await listener.AcceptTcpClientAsync(stop);
                }
                catch (SocketException e)
                {
                    // One connection that failed before it was taken, or no handle free for it: those that are open go on.
                    _hub.Tell(sink, $"a connection could not be taken: {e.Message}");
                    await Task.Delay(TimeSpan.FromSeconds(1), _clock, stop);
                    continue;
                }
                open.RemoveAll(t => t.IsCompleted);
                IPEndPoint remote = Plain((IPEndPoint)client.Client.RemoteEndPoint!);
                string? refusal = !_options.Allows(remote.Address) ? $"{remote.Address} may not connect; add it to ?allow= where it should"
                    : open.Count >= SapientLimits.Connections ? $"more than {SapientLimits.Connections} connections" : null;
                if (refusal is not null)
                {
                    _hub.Reject(sink, Name, $"connection refused: {refusal}");
                    client.Dispose();
                    continue;
                }
                open.Add(ServeAsync(client, remote.ToString(), sink, all.Token));
            }
        }
        finally
        {
            await all.CancelAsync();
            await Task.WhenAll(open);
            LocalEndPoint = null;
        }
    }

    private async Task ServeAsync(TcpClient client, string remote, IFeedSink sink, CancellationToken stop)
    {
        using (client)
        {
            _hub.Tell(sink, $"{remote} connected");
            try
            {
                await new SapientConnection(_hub, client, remote, sink, _clock).RunAsync(stop);
            }
            catch (OperationCanceledException)
            {
                // The feed is being stopped.
            }
        }
    }

    /// <summary>An address of the older family that came by a socket of both.</summary>
    private static IPEndPoint Plain(IPEndPoint e) => e.Address.IsIPv4MappedToIPv6 ? new(e.Address.MapToIPv4(), e.Port) : e;

    /// <summary>What a URI says.</summary>
    private sealed record Options(string Host, int Port, bool Connects, IReadOnlyList<IPNetwork> Allow)
    {
        /// <summary>Whether an address may connect; all may where nothing is said.</summary>
        public bool Allows(IPAddress address) => Allow.Count == 0 || Allow.Any(n => n.Contains(address));

        /// <summary>The address to listen on.</summary>
        public async Task<IPAddress> AddressAsync(CancellationToken stop)
        {
            if (IPAddress.TryParse(Host, out IPAddress? address)) return address;
            IPAddress[] found = await Dns.GetHostAddressesAsync(Host, stop);
            return found.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? found.FirstOrDefault() ?? throw new IOException($"{Host} has no address");
        }

        public static Options? Parse(Uri uri, out string? problem)
        {
            problem = null;
            if (uri.Scheme != "tcp" || uri.Port < 0 || uri.Host.Length == 0)
            {
                problem = $"{uri} is no address of SAPIENT; give tcp://ADDRESS:PORT";
                return null;
            }
            bool connects = false;
            List<IPNetwork> allow = [];
            foreach (string part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                (string key, string value) = part.Split('=', 2) is [var k, var v] ? (k, Uri.UnescapeDataString(v)) : (part, "");
                switch (key)
                {
                    case "mode" when value is "connect" or "listen":
                        connects = value == "connect";
                        break;
                    case "allow":
                        foreach (string text in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                        {
                            if (Network(text) is { } network) allow.Add(network);
                            else problem ??= $"\"{SapientText.Shown(text)}\" is no address; give ?allow=10.0.0.0/8,192.0.2.7";
                        }
                        if (allow.Count == 0) problem ??= "?allow= names nobody; leave it out or give ?allow=10.0.0.0/8,192.0.2.7";
                        break;
                    default:
                        problem ??= $"\"{SapientText.Shown(part)}\" is unknown; give mode=listen, mode=connect or allow=10.0.0.0/8";
                        break;
                }
            }
            return problem is null ? new(uri.Host.Trim('[', ']'), uri.Port, connects, allow) : null;
        }

        /// <summary>A network, or a single address as one; bits behind the prefix may be set.</summary>
        private static IPNetwork? Network(string text)
        {
            string[] parts = text.Split('/');
            if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out IPAddress? address)) return null;
            byte[] octets = address.GetAddressBytes();
            int bits = octets.Length * 8, prefix = bits;
            if (parts.Length == 2 && !(int.TryParse(parts[1], System.Globalization.NumberStyles.None, null, out prefix) && prefix <= bits)) return null;
            for (int i = 0; i < octets.Length; i++) octets[i] &= (byte)(0xFF00 >> Math.Clamp(prefix - 8 * i, 0, 8));
            return new(new IPAddress(octets), prefix);
        }
    }
}
