using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tocsin.Formats.Asterix;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Channels.AsterixOut;

/// <summary>Limits of the ASTERIX output, by name.</summary>
public static class AsterixOutLimits
{
    /// <summary>Octets of one datagram: what passes an Ethernet link whole, with room for a tunnel's headers.</summary>
    public const int DatagramOctets = 1_400;

    /// <summary>Tracks of one picture that are sent; the first by their ids.</summary>
    public const int TracksPerPicture = 2_000;

    /// <summary>Scans without a plot after which a track's age is beyond what is usual (I062/080 PSR).</summary>
    public const double StaleScans = 2.5;
}

/// <summary>Where the ASTERIX output goes and as whom.</summary>
/// <param name="Target">Address and port: a host, or a multicast group.</param>
/// <param name="Interface">The address of the interface by which multicast leaves; null for the system's choice.</param>
/// <param name="Ttl">Hops that a datagram may make.</param>
/// <param name="Identity">SAC, SIC and service.</param>
/// <param name="Period">How often the tracks are sent.</param>
public sealed record AsterixOutSettings(IPEndPoint Target, IPAddress? Interface, int Ttl, SystemIdentity Identity, TimeSpan Period);

/// <summary>System tracks for other command and control systems: ASTERIX categories 062 and 065 over UDP, unicast or multicast.</summary>
/// <remarks>It carries tracks only. Warnings have no place in these categories: <see cref="SendAsync"/> succeeds at once and sends nothing.
/// Exercises and tests have the SIM bit (I062/080) in every track, its end included.</remarks>
public sealed class AsterixOutChannel : Channel
{
    private readonly AsterixOutSettings _settings;
    private readonly SystemTrackEncoder _encoder;
    private readonly TrackNumbers _numbers = new();
    private readonly ShownTracks _shown;
    private readonly Socket _socket;
    private readonly bool _oneSensor;
    private readonly double _staleS;
    private long _batch;

    /// <summary>Makes the channel.</summary>
    public AsterixOutChannel(string name, AsterixOutSettings settings, ChannelContext context) : base(name)
    {
        _settings = settings;
        _shown = new(context.Clock);
        _encoder = new(settings.Identity);
        SiteDefinition site = context.Site.Definition;
        _oneSensor = site.Sensors.Length == 1;
        _staleS = AsterixOutLimits.StaleScans * site.Sensors.Max(s => s.ScanPeriodS);
        _socket = Open(settings);
    }

    /// <summary>Reads the channel's section of the configuration; null where the section is wrong, which it notes itself.</summary>
    /// <remarks>Keys: <c>name</c>, <c>host</c>, <c>port</c>, <c>interface</c>, <c>ttl</c>, <c>sac</c>, <c>sic</c>, <c>service</c>, <c>periodS</c>.</remarks>
    public static AsterixOutChannel? Read(ConfigSection section, ChannelContext context)
    {
        const string RightAddress = "give an IP address such as \"192.0.2.10\" or \"239.255.6.2\"";
        string name = section.OptionalText("name") ?? "asterix";
        string host = section.Text("host", RightAddress, t => IPAddress.TryParse(t, out _));
        string? leaves = section.OptionalText("interface", RightAddress, t => IPAddress.TryParse(t, out _));
        int port = section.Count("port", 8600, 1, 65_535), ttl = section.Count("ttl", 1, 0, 255);
        int sac = section.Count("sac", -1, 0, 255), sic = section.Count("sic", -1, 0, 255), service = section.Count("service", 1, 0, 255);
        if (!section.Has("sac")) section.Wrong("sac", "nothing", "give the system area code, a whole number from 0 to 255");
        if (!section.Has("sic")) section.Wrong("sic", "nothing", "give the system identification code, a whole number from 0 to 255");
        double periodS = section.Number("periodS", 1, 0.1, 60);
        section.End();
        if (sac < 0 || sic < 0 || !IPAddress.TryParse(host, out IPAddress? address)) return null;
        IPAddress? by = leaves is null ? null : IPAddress.Parse(leaves);
        if (by is not null && by.AddressFamily != address.AddressFamily)
        {
            section.Wrong("interface", $"\"{leaves}\"", "give an address of the same family as \"host\"");
            return null;
        }
        var settings = new AsterixOutSettings(new(address, port), by, ttl, new((byte)sac, (byte)sic, (byte)service), TimeSpan.FromSeconds(periodS));
        try
        {
            return new(name, settings, context);
        }
        catch (SocketException e)
        {
            section.Wrong(leaves is null ? "host" : "interface", $"\"{leaves ?? host}\"", $"give an address that this machine can send by ({e.Message})");
            return null;
        }
    }

    /// <inheritdoc/>
    public override TimeSpan? PictureEvery => _settings.Period;

    /// <summary>Values that a message could not hold and that were moved to its limits, since the start.</summary>
    public SystemTrackClips Clips => _encoder.Clips;

    /// <summary>Tracks that were not sent because there were too many, since the start.</summary>
    public long TracksLeftOut { get; private set; }

    /// <summary>Does nothing and succeeds: categories 062 and 065 have no warnings.</summary>
    public override Task SendAsync(WarningMessage message, CancellationToken stop) => Task.CompletedTask;

    /// <summary>Sends the state of the service (category 065).</summary>
    public override async Task BeatAsync(Beat beat, CancellationToken stop)
    {
        var block = new AsterixBlockWriter(65, AsterixOutLimits.DatagramOctets);
        block.Add(_encoder.Status(beat.Time, operational: true, overloaded: false));
        await SendAsync(block, stop);
    }

    /// <summary>Sends every track, the ends of those that ended, and an end of batch.</summary>
    public override async Task ShowAsync(Picture picture, CancellationToken stop)
    {
        var block = new AsterixBlockWriter(62, AsterixOutLimits.DatagramOctets);
        bool simulated = picture.Status != OperationStatus.Actual;
        int sent = 0;
        foreach (PictureTrack t in picture.Tracks)
        {
            int number = sent < AsterixOutLimits.TracksPerPicture ? _numbers.Of(t.Identity, t.Track.Id) : 0;
            if (number == 0)
            {
                TracksLeftOut++;
                continue;
            }
            ShownTrack shown = _shown.See(t, picture.Status, out bool first);
            bool stale = picture.Time.SecondsSince(t.Track.ValidTime) > _staleS;
            block.Add(_encoder.Track(t.Track, new(number, simulated, first, _oneSensor, stale, t.Track.ValidTime.SecondsSince(shown.Since))));
            sent++;
        }
        foreach (ShownTrack t in _shown.Ended(picture))
        {
            block.Add(_encoder.End(t.Last.ValidTime, _numbers.Find(t.Identity), t.Status != OperationStatus.Actual));
            _numbers.End(t.Identity);
            _shown.Forget(t);
        }
        block.End();
        var batch = new AsterixBlockWriter(65, AsterixOutLimits.DatagramOctets);
        batch.Add(_encoder.EndOfBatch(picture.Time, ++_batch));
        await SendAsync(block, stop);
        await SendAsync(batch, stop);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return base.DisposeAsync();
    }

    private async Task SendAsync(AsterixBlockWriter block, CancellationToken stop)
    {
        block.End();
        foreach (byte[] datagram in block.Datagrams)
        {
            try
            {
                await _socket.SendToAsync(datagram, SocketFlags.None, _settings.Target, stop);
            }
            catch (SocketException e)
            {
                throw new IOException(string.Create(CultureInfo.InvariantCulture, $"cannot send to {_settings.Target}: {e.Message}"), e);
            }
        }
    }

    private static Socket Open(AsterixOutSettings settings)
    {
        IPAddress address = settings.Target.Address;
        bool six = address.AddressFamily == AddressFamily.InterNetworkV6;
        bool multicast = six ? address.IsIPv6Multicast : address.GetAddressBytes()[0] is >= 224 and <= 239;
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            SocketOptionLevel level = six ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;
            if (multicast) socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, settings.Ttl);
            else if (settings.Ttl > 0) socket.Ttl = (short)settings.Ttl;
            if (settings.Interface is { } by)
            {
                if (!six && multicast) socket.SetSocketOption(level, SocketOptionName.MulticastInterface, by.GetAddressBytes());
                socket.Bind(new IPEndPoint(by, 0));
            }
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
