using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Tocsin.Server.Feeds;

/// <summary>The addresses from which a UDP feed takes datagrams. An address is 128 bits; IPv4 is mapped into IPv6 (RFC 4291, section 2.5.5.2).</summary>
/// <remarks>An address can be forged on a network that lets it be: the list is no proof of who sends, it keeps the wrong ones out.</remarks>
public sealed class SourceList
{
    private readonly ImmutableArray<(UInt128 Base, UInt128 Mask)> _networks;

    private SourceList(ImmutableArray<(UInt128 Base, UInt128 Mask)> networks, ImmutableArray<string> texts) => (_networks, Texts) = (networks, texts);

    /// <summary>The list that takes datagrams from anywhere.</summary>
    public static SourceList Anyone { get; } = new([], []);

    /// <summary>Whether it takes datagrams from anywhere.</summary>
    public bool IsOpen => _networks.IsEmpty;

    /// <summary>Its entries, as written.</summary>
    public ImmutableArray<string> Texts { get; }

    /// <summary>Makes a list of addresses (<c>10.1.2.3</c>) and networks (<c>10.1.0.0/16</c>); null and the entry that is wrong where one is.</summary>
    public static SourceList? Of(IEnumerable<string> entries, out string? wrong)
    {
        wrong = null;
        List<(UInt128, UInt128)> networks = [];
        string[] texts = [.. entries.Select(e => e.Trim())];
        foreach (string entry in texts)
        {
            string[] parts = entry.Split('/');
            bool ok = IPAddress.TryParse(parts[0], out IPAddress? address) && parts.Length <= 2;
            int bits = address?.AddressFamily == AddressFamily.InterNetwork ? 32 : 128, length = bits;
            ok = ok && (parts.Length < 2 || (int.TryParse(parts[1], System.Globalization.NumberStyles.None, null, out length) && length <= bits));
            if (!ok || networks.Count == FeedLimits.AllowEntries)
            {
                wrong = entry;
                return null;
            }
            int fixedBits = 128 - bits + length;
            UInt128 mask = fixedBits == 0 ? 0 : UInt128.MaxValue << (128 - fixedBits);
            networks.Add((Key(address!) & mask, mask));
        }
        return new([.. networks], [.. texts]);
    }

    /// <summary>Whether datagrams from an address are taken.</summary>
    public bool Allows(UInt128 address)
    {
        if (_networks.IsEmpty) return true;
        foreach ((UInt128 start, UInt128 mask) in _networks)
            if ((address & mask) == start) return true;
        return false;
    }

    /// <summary>An address as 128 bits.</summary>
    public static UInt128 Key(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(octets, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(octets);
    }

    /// <summary>The address of a datagram's sender, from the operating system's own form, without an object made.</summary>
    public static UInt128 Key(SocketAddress from)
    {
        // sockaddr_in has the address at octet 4, sockaddr_in6 at octet 8, on every system that .NET runs on.
        ReadOnlySpan<byte> octets = from.Buffer.Span;
        return from.Family == AddressFamily.InterNetworkV6
            ? BinaryPrimitives.ReadUInt128BigEndian(octets[8..])
            : ((UInt128)0xFFFF << 32) | BinaryPrimitives.ReadUInt32BigEndian(octets[4..]);
    }

    /// <summary>An address of 128 bits as people write it.</summary>
    public static string Text(UInt128 address)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, address);
        var ip = new IPAddress(octets);
        return (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).ToString();
    }
}
