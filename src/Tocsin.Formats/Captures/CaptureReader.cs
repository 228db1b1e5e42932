using System.Buffers.Binary;

namespace Tocsin.Formats.Captures;

/// <summary>One step through a capture: a UDP datagram, or the reason why there is none.</summary>
public readonly ref struct CapturedDatagram
{
    /// <summary>Why there is no datagram; <see cref="CaptureProblem.None"/> where there is one, <see cref="CaptureProblem.CutDatagram"/> where it is cut.</summary>
    public CaptureProblem Problem { get; init; }

    /// <summary>What the datagram carries; empty where there is none.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Where the payload, or what is wrong, starts in the file.</summary>
    public long Offset { get; init; }

    /// <summary>When it was captured; null where the format does not say.</summary>
    public Instant? Captured { get; init; }
}

/// <summary>Reads the UDP datagrams of a capture file: pcap (microseconds or nanoseconds) or pcapng, of either byte order.</summary>
/// <remarks>Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. Nothing in the octets makes it throw.</remarks>
public ref struct CaptureReader
{
    private const int PcapHeader = 24, PcapRecordHeader = 16;
    private const uint PcapMicroseconds = 0xA1B2C3D4, PcapNanoseconds = 0xA1B23C4D;
    private const uint SectionHeader = 0x0A0D0D0A, ByteOrderMagic = 0x1A2B3C4D;
    private const uint InterfaceDescription = 1, ObsoletePacket = 2, SimplePacket = 3, EnhancedPacket = 6;

    private readonly ReadOnlySpan<byte> _file;
    private readonly List<Interface> _interfaces = [];
    private readonly bool _ng;
    private readonly bool _nanoseconds;
    private bool _bigEndian;
    private int _at;

    private CaptureReader(ReadOnlySpan<byte> file, bool ng, bool bigEndian, bool nanoseconds)
    {
        _file = file;
        _ng = ng;
        _bigEndian = bigEndian;
        _nanoseconds = nanoseconds;
        if (ng) return;
        _at = PcapHeader;
        // The upper bits tell of a frame check sequence, not of the link.
        _interfaces.Add(new((int)(Read32(20) & 0xFFFF), 0, 0, 0));
    }

    /// <summary>One capturing interface: its link type and how it counts time.</summary>
    /// <param name="LinkType">Link-layer header type.</param>
    /// <param name="SnapLength">Octets that it keeps of a packet; 0 for all.</param>
    /// <param name="TimeResolution">if_tsresol: a power of ten, or of two with the highest bit; 0 in pcap.</param>
    /// <param name="TimeOffsetS">if_tsoffset, seconds to add.</param>
    private readonly record struct Interface(int LinkType, uint SnapLength, byte TimeResolution, long TimeOffsetS);

    /// <summary>Whether the file begins as a pcapng does.</summary>
    public readonly bool IsNextGeneration => _ng;

    /// <summary>Opens a capture; false where <paramref name="file"/> does not begin like one.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> file, out CaptureReader reader)
    {
        reader = default;
        if (file.Length < 12) return false;
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(file);
        uint swapped = BinaryPrimitives.ReverseEndianness(magic);
        if (magic == SectionHeader)
        {
            uint order = BinaryPrimitives.ReadUInt32LittleEndian(file[8..]);
            bool big = order == BinaryPrimitives.ReverseEndianness(ByteOrderMagic);
            if (order != ByteOrderMagic && !big) return false;
            reader = new(file, true, big, false);
            return true;
        }
        bool bigEndian = swapped is PcapMicroseconds or PcapNanoseconds;
        if (!bigEndian && magic is not (PcapMicroseconds or PcapNanoseconds)) return false;
        if (file.Length < PcapHeader) return false;
        reader = new(file, false, bigEndian, (bigEndian ? swapped : magic) == PcapNanoseconds);
        return true;
    }

    /// <summary>Moves to the next datagram or problem; false at the end of the file.</summary>
    public bool MoveNext(out CapturedDatagram datagram) => _ng ? NextOfPcapng(out datagram) : NextOfPcap(out datagram);

    private readonly uint Read32(int at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(_file[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]);

    private readonly ushort Read16(int at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_file[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(_file[at..]);

    /// <summary>Gives up on what is left of the file.</summary>
    private CapturedDatagram Stop(CaptureProblem problem)
    {
        var end = new CapturedDatagram { Problem = problem, Offset = _at };
        _at = _file.Length;
        return end;
    }

    private bool NextOfPcap(out CapturedDatagram datagram)
    {
        datagram = default;
        if (_at >= _file.Length) return false;
        if (_file.Length - _at < PcapRecordHeader)
        {
            datagram = Stop(CaptureProblem.CutFile);
            return true;
        }
        uint seconds = Read32(_at), fraction = Read32(_at + 4), captured = Read32(_at + 8);
        int start = _at + PcapRecordHeader;
        if (captured > _file.Length - start)
        {
            // A length beyond any snapshot length is damage, not a file that was cut.
            datagram = Stop(captured > CaptureLimits.PacketOctets ? CaptureProblem.BadLength : CaptureProblem.CutFile);
            return true;
        }
        long ticks = seconds * Instant.TicksPerSecond + (_nanoseconds ? fraction / 100 : fraction * 10L);
        _at = start + (int)captured;
        datagram = Unwrap(_interfaces[0].LinkType, start, (int)captured, new Instant(ticks));
        return true;
    }

    private bool NextOfPcapng(out CapturedDatagram datagram)
    {
        datagram = default;
        while (_at < _file.Length)
        {
            if (_file.Length - _at < 12)
            {
                datagram = Stop(CaptureProblem.CutFile);
                return true;
            }
            int block = _at;
            uint type = Read32(block);
            if (type == SectionHeader && !BeginSection(block))
            {
                datagram = Stop(CaptureProblem.BadLength);
                return true;
            }
            uint total = Read32(block + 4);
            if (total < 12 || total % 4 != 0 || total > _file.Length - block)
            {
                bool cut = total >= 12 && total % 4 == 0 && total <= CaptureLimits.PacketOctets;
                datagram = Stop(cut ? CaptureProblem.CutFile : CaptureProblem.BadLength);
                return true;
            }
            _at = block + (int)total;
            // The body, without type, length and the length repeated at the end.
            int body = block + 8, bodyEnd = _at - 4;
            switch (type)
            {
                case InterfaceDescription when bodyEnd - body >= 8:
                    AddInterface(body, bodyEnd);
                    continue;
                case EnhancedPacket when bodyEnd - body >= 20:
                    datagram = Packet(Read32(body), body + 4, body + 20, Read32(body + 12), bodyEnd);
                    return true;
                case ObsoletePacket when bodyEnd - body >= 20:
                    datagram = Packet(Read16(body), body + 4, body + 20, Read32(body + 12), bodyEnd);
                    return true;
                case SimplePacket when bodyEnd - body >= 4:
                    datagram = SimplePacketAt(body, bodyEnd);
                    return true;
                case InterfaceDescription or EnhancedPacket or ObsoletePacket or SimplePacket:
                    datagram = new() { Problem = CaptureProblem.BadLength, Offset = block };
                    return true;
            }
        }
        return false;
    }

    /// <summary>A section has its own byte order and its own interfaces.</summary>
    private bool BeginSection(int block)
    {
        uint order = BinaryPrimitives.ReadUInt32LittleEndian(_file[(block + 8)..]);
        if (order != ByteOrderMagic && BinaryPrimitives.ReverseEndianness(order) != ByteOrderMagic) return false;
        _bigEndian = order != ByteOrderMagic;
        _interfaces.Clear();
        return true;
    }

    private readonly void AddInterface(int body, int bodyEnd)
    {
        const ushort EndOfOptions = 0, TimeResolution = 9, TimeOffset = 14;
        byte resolution = 6;
        long offset = 0;
        for (int at = body + 8; bodyEnd - at >= 4;)
        {
            ushort code = Read16(at);
            int length = Read16(at + 2);
            if (code == EndOfOptions || length > bodyEnd - at - 4) break;
            if (code == TimeResolution && length >= 1) resolution = _file[at + 4];
            if (code == TimeOffset && length >= 8)
                offset = _bigEndian ? BinaryPrimitives.ReadInt64BigEndian(_file[(at + 4)..]) : BinaryPrimitives.ReadInt64LittleEndian(_file[(at + 4)..]);
            at += 4 + ((length + 3) & ~3);
        }
        if (_interfaces.Count < CaptureLimits.Interfaces) _interfaces.Add(new(Read16(body), Read32(body + 4), resolution, offset));
    }

    private readonly CapturedDatagram Packet(uint index, int timeAt, int start, uint captured, int bodyEnd)
    {
        if (index >= _interfaces.Count) return new() { Problem = CaptureProblem.UnknownInterface, Offset = start };
        if (captured > bodyEnd - start) return new() { Problem = CaptureProblem.BadLength, Offset = start };
        Interface at = _interfaces[(int)index];
        return Unwrap(at.LinkType, start, (int)captured, Time(((ulong)Read32(timeAt) << 32) | Read32(timeAt + 4), at));
    }

    private readonly CapturedDatagram SimplePacketAt(int body, int bodyEnd)
    {
        if (_interfaces.Count == 0) return new() { Problem = CaptureProblem.UnknownInterface, Offset = body };
        uint captured = Math.Min(Read32(body), (uint)(bodyEnd - body - 4));
        if (_interfaces[0].SnapLength is > 0 and uint snap) captured = Math.Min(captured, snap);
        return Unwrap(_interfaces[0].LinkType, body + 4, (int)captured, null);
    }

    /// <summary>The instant of a count of an interface's time units; null where it is beyond all dates.</summary>
    private static Instant? Time(ulong units, in Interface at)
    {
        int exponent = at.TimeResolution & 0x7F;
        UInt128 ticks;
        if ((at.TimeResolution & 0x80) != 0)
        {
            ticks = ((UInt128)units * (ulong)Instant.TicksPerSecond) >> exponent;
        }
        else
        {
            ticks = units;
            for (; exponent < 7; exponent++) ticks *= 10;
            for (; exponent > 7 && ticks != 0; exponent--) ticks /= 10;
        }
        if (ticks > (UInt128)CaptureLimits.LatestTicks || Math.Abs((decimal)at.TimeOffsetS) > CaptureLimits.LatestTicks / Instant.TicksPerSecond) return null;
        return new Instant((long)ticks + at.TimeOffsetS * Instant.TicksPerSecond);
    }

    private readonly CapturedDatagram Unwrap(int linkType, int start, int length, Instant? captured)
    {
        CaptureProblem problem = LinkLayer.FindPayload(linkType, _file.Slice(start, length), out int payload, out int octets);
        return new() { Problem = problem, Payload = _file.Slice(start + payload, octets), Offset = start + payload, Captured = captured };
    }
}

/// <summary>Limits of the capture reader, by name.</summary>
public static class CaptureLimits
{
    /// <summary>Octets of one packet with its headers; a larger length is damage (tcpdump's own limit).</summary>
    public const uint PacketOctets = 262_144;

    /// <summary>Interfaces of one section of a pcapng file; packets of further ones are counted as of an unknown interface.</summary>
    public const int Interfaces = 4_096;

    /// <summary>The latest time of a packet, in ticks after 1970: the year 5138.</summary>
    public const long LatestTicks = 100_000_000_000 * Instant.TicksPerSecond;
}
