using System.Net;
using System.Net.Sockets;
using Tocsin.Formats.Cot;

namespace Tocsin.Server.Channels.Cot;

/// <summary>One event a datagram, to a multicast group or to one address. Nobody says whether it arrived, so that what matters is sent more than once.</summary>
internal sealed class CotDatagramLink(CotSettings settings) : CotLink
{
    /// <summary>How often a warning or a cancel is sent at once: until its next telling a lost one would cost seconds of somebody's lead time.</summary>
    public const int Copies = 3;

    private Socket? _socket;
    private IPEndPoint? _to;

    /// <inheritdoc/>
    public override async Task SendAsync(IReadOnlyList<CotEvent> events, bool confirm, CancellationToken stop)
    {
        try
        {
            if (_socket is null || _to is null) await OpenAsync(stop);
            byte[][] datagrams = [.. events.Select(Encode)];
            for (int copy = 0; copy < (confirm ? Copies : 1); copy++)
                foreach (byte[] d in datagrams) await _socket!.SendToAsync(d, SocketFlags.None, _to!, stop);
        }
        catch (SocketException e)
        {
            Close();
            throw new IOException($"{settings.Host}:{settings.Port}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private byte[] Encode(CotEvent e)
    {
        byte[] datagram = settings.Encoding == CotEncoding.Xml ? CotXml.Write(e) : CotFraming.Datagram(CotProtobuf.Write(e, withControl: true));
        return datagram.Length <= CotLimits.DatagramBytes ? datagram
            : throw new IOException($"{e.Uid} is {datagram.Length} bytes, and a datagram holds {CotLimits.DatagramBytes}");
    }

    private async Task OpenAsync(CancellationToken stop)
    {
        if (!IPAddress.TryParse(settings.Host, out IPAddress? address)) address = (await Dns.GetHostAddressesAsync(settings.Host, stop))[0];
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (settings.Transport == CotTransport.Multicast)
            {
                bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
                SocketOptionLevel level = isV6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;
                socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, settings.Ttl);
                // Bound to the interface's own address as well, the datagrams carry it as their source.
                if (settings.Interface is { } own)
                {
                    socket.SetSocketOption(level, SocketOptionName.MulticastInterface, isV6 ? BitConverter.GetBytes((int)own.ScopeId) : own.GetAddressBytes());
                    socket.Bind(new IPEndPoint(own, 0));
                }
            }
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
        (_socket, _to) = (socket, new IPEndPoint(address, settings.Port));
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
