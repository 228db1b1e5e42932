using System.Buffers.Binary;

namespace Tocsin.Formats.Captures;

/// <summary>Finds the UDP payload in a captured packet.</summary>
internal static class LinkLayer
{
    // Link-layer header types (the tcpdump group's list): LINKTYPE_NULL, ETHERNET, RAW as written by some systems, RAW, LOOP, LINUX_SLL, IPV4, IPV6, LINUX_SLL2.
    private const int Null = 0, Ethernet = 1, RawOpenBsd = 12, RawAlso = 14, Raw = 101, Loop = 108, LinuxCooked = 113, IPv4Only = 228, IPv6Only = 229, LinuxCooked2 = 276;

    // EtherTypes: IPv4, IPv6, and the tags 802.1Q, 802.1ad and its older form.
    private const int TypeIPv4 = 0x0800, TypeIPv6 = 0x86DD, TagQ = 0x8100, TagAd = 0x88A8, TagOldAd = 0x9100;

    private const int ProtocolUdp = 17, UdpHeader = 8, IPv6Header = 40;

    /// <summary>Finds the payload; its start and length count in <paramref name="packet"/>.</summary>
    /// <returns>None or CutDatagram where there is a payload, else why there is none.</returns>
    public static CaptureProblem FindPayload(int linkType, ReadOnlySpan<byte> packet, out int start, out int length)
    {
        length = 0;
        start = 0;
        switch (linkType)
        {
            case Ethernet: return AfterEtherType(packet, 12, out start, out length);
            case LinuxCooked: return AfterEtherType(packet, 14, out start, out length);
            case LinuxCooked2:
                if (packet.Length < 20) return CaptureProblem.BadHeader;
                return AfterEtherTypeAt(packet, BinaryPrimitives.ReadUInt16BigEndian(packet), 20, out start, out length);
            case Null:
            case Loop: return Ip(packet, 4, out start, out length);
            case RawOpenBsd:
            case RawAlso:
            case Raw:
            case IPv4Only:
            case IPv6Only: return Ip(packet, 0, out start, out length);
            default: return CaptureProblem.UnknownLinkType;
        }
    }

    private static CaptureProblem AfterEtherType(ReadOnlySpan<byte> packet, int at, out int start, out int length)
    {
        (start, length) = (0, 0);
        if (packet.Length < at + 2) return CaptureProblem.BadHeader;
        return AfterEtherTypeAt(packet, BinaryPrimitives.ReadUInt16BigEndian(packet[at..]), at + 2, out start, out length);
    }

    /// <summary>Steps over VLAN tags, however many.</summary>
    private static CaptureProblem AfterEtherTypeAt(ReadOnlySpan<byte> packet, int type, int at, out int start, out int length)
    {
        (start, length) = (0, 0);
        while (type is TagQ or TagAd or TagOldAd)
        {
            if (packet.Length < at + 4) return CaptureProblem.BadHeader;
            type = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]);
            at += 4;
        }
        return type is TypeIPv4 or TypeIPv6 ? Ip(packet, at, out start, out length) : CaptureProblem.NotIp;
    }

    private static CaptureProblem Ip(ReadOnlySpan<byte> packet, int at, out int start, out int length)
    {
        (start, length) = (0, 0);
        if (packet.Length <= at) return CaptureProblem.BadHeader;
        return (packet[at] >> 4) switch
        {
            4 => IPv4(packet, at, out start, out length),
            6 => IPv6(packet, at, out start, out length),
            _ => CaptureProblem.NotIp,
        };
    }

    /// <summary>RFC 791.</summary>
    private static CaptureProblem IPv4(ReadOnlySpan<byte> packet, int at, out int start, out int length)
    {
        (start, length) = (0, 0);
        int header = (packet[at] & 15) * 4;
        if (header < 20 || packet.Length < at + header) return CaptureProblem.BadHeader;
        ReadOnlySpan<byte> ip = packet[at..];
        int total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        // A network card that splits packets itself leaves the total length 0.
        if (total == 0) total = packet.Length - at;
        if (total < header) return CaptureProblem.BadHeader;
        const int MoreFragmentsAndOffset = 0x3FFF;
        if ((BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & MoreFragmentsAndOffset) != 0) return CaptureProblem.Fragment;
        return ip[9] == ProtocolUdp ? Udp(packet, at + header, at + total, out start, out length) : CaptureProblem.NotUdp;
    }

    /// <summary>RFC 8200, with its chain of extension headers.</summary>
    private static CaptureProblem IPv6(ReadOnlySpan<byte> packet, int at, out int start, out int length)
    {
        (start, length) = (0, 0);
        if (packet.Length < at + IPv6Header) return CaptureProblem.BadHeader;
        int payload = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 4)..]);
        int end = payload == 0 ? packet.Length : at + IPv6Header + payload;
        int next = packet[at + 6];
        at += IPv6Header;
        const int HopByHop = 0, Routing = 43, FragmentHeader = 44, Authentication = 51, Destination = 60, Mobility = 135;
        while (next != ProtocolUdp)
        {
            if (next is not (HopByHop or Routing or FragmentHeader or Authentication or Destination or Mobility)) return CaptureProblem.NotUdp;
            if (packet.Length < at + 8) return CaptureProblem.BadHeader;
            ReadOnlySpan<byte> extension = packet[at..];
            // A fragment header of offset 0 without more to come stands before a whole packet (RFC 6946).
            if (next == FragmentHeader && (BinaryPrimitives.ReadUInt16BigEndian(extension[2..]) & 0xFFF9) != 0) return CaptureProblem.Fragment;
            at += next switch
            {
                FragmentHeader => 8,
                Authentication => (extension[1] + 2) * 4,
                _ => (extension[1] + 1) * 8,
            };
            next = extension[0];
        }
        return Udp(packet, at, end, out start, out length);
    }

    /// <summary>RFC 768. What follows <paramref name="end"/> is padding of the link.</summary>
    private static CaptureProblem Udp(ReadOnlySpan<byte> packet, int at, int end, out int start, out int length)
    {
        (start, length) = (0, 0);
        if (packet.Length < at + UdpHeader || end < at + UdpHeader) return CaptureProblem.BadHeader;
        int udp = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 4)..]);
        if (udp == 0) udp = end - at;
        if (udp < UdpHeader || at + udp > end) return CaptureProblem.BadHeader;
        start = at + UdpHeader;
        length = Math.Min(udp - UdpHeader, packet.Length - start);
        return length < udp - UdpHeader ? CaptureProblem.CutDatagram : CaptureProblem.None;
    }
}
