using System.Buffers.Binary;
using CsCheck;
using Tocsin.Formats.Captures;

namespace Tocsin.Formats.Tests.Captures;

/// <summary>Captures built here octet by octet, in every form that is read.</summary>
public class CaptureTests
{
    private static readonly byte[] Payload = [0x30, 0x00, 0x05, 0xAA, 0xBB];
    private static readonly Instant When = new(1_608_494_400 * Instant.TicksPerSecond + 1_234_567);

    public static TheoryData<int, string> Packets => new()
    {
        { 1, "ethernet" }, { 1, "vlan" }, { 1, "vlan twice" }, { 1, "options" }, { 1, "ipv6" }, { 1, "ipv6 extensions" }, { 1, "padded" }, { 1, "no ip length" },
        { 101, "raw" }, { 12, "raw" }, { 228, "raw" }, { 229, "raw 6" }, { 113, "cooked" }, { 276, "cooked 2" }, { 0, "null" }, { 108, "null" },
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public void The_payload_is_found_through_every_link(int linkType, string form)
    {
        CapturedStep step = Assert.Single(ReadAll(Pcap(false, false, linkType, Packet(form))));
        Assert.Equal(CaptureProblem.None, step.Problem);
        Assert.Equal(Payload, step.Payload);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Pcap_is_read_in_both_byte_orders_and_both_resolutions(bool bigEndian, bool nanoseconds)
    {
        CapturedStep step = Assert.Single(ReadAll(Pcap(bigEndian, nanoseconds, 1, Packet("ethernet"))));
        Assert.Equal(Payload, step.Payload);
        Assert.Equal(nanoseconds ? When : new Instant(When.Ticks / 10 * 10), step.Captured);
        Assert.Equal(24 + 16 + 14 + 20 + 8, step.Offset);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pcapng_is_read_with_several_interfaces_and_sections(bool bigEndian)
    {
        byte[] packet = Packet("ethernet"), raw = Packet("raw");
        ulong ticks = (ulong)When.Ticks, micros = ticks / 10, binary = (ulong)((UInt128)ticks * 1024 / 10_000_000);
        byte[] file =
        [
            .. Section(bigEndian),
            .. Interface(bigEndian, 1, []),
            .. Interface(bigEndian, 101, [.. Option(bigEndian, 9, [9]), .. Option(bigEndian, 14, Long(bigEndian, -10))]),
            .. Interface(bigEndian, 1, Option(bigEndian, 9, [0x80 | 10])),
            .. Enhanced(bigEndian, 0, micros, packet),
            .. Enhanced(bigEndian, 1, ticks * 100, raw),
            .. Enhanced(bigEndian, 2, binary, packet),
            .. Enhanced(bigEndian, 7, micros, packet),
            .. Block(bigEndian, 0x0BAD, [1, 2, 3, 4]),
            .. Block(bigEndian, 3, [.. Int(bigEndian, packet.Length), .. Padded(packet)]),
            .. Block(bigEndian, 2, [.. Short(bigEndian, 0), .. Short(bigEndian, 0), .. High(bigEndian, micros), .. Int(bigEndian, packet.Length), .. Int(bigEndian, packet.Length), .. Padded(packet)]),
            .. Section(!bigEndian),
            .. Interface(!bigEndian, 1, []),
            .. Enhanced(!bigEndian, 0, micros, packet),
        ];
        List<CapturedStep> steps = ReadAll(file);
        Assert.Equal([CaptureProblem.None, CaptureProblem.None, CaptureProblem.None, CaptureProblem.UnknownInterface, CaptureProblem.None, CaptureProblem.None, CaptureProblem.None],
            steps.Select(s => s.Problem));
        Assert.All(steps.Where(s => s.Problem == CaptureProblem.None), s => Assert.Equal(Payload, s.Payload));
        var toMicros = new Instant(When.Ticks / 10 * 10);
        Assert.Equal(toMicros, steps[0].Captured);
        Assert.Equal(When.AddSeconds(-10), steps[1].Captured);
        Assert.InRange(When.SecondsSince(steps[2].Captured!.Value), 0, 1 / 1024.0);
        Assert.Null(steps[4].Captured);
        Assert.Equal(toMicros, steps[5].Captured);
        Assert.Equal(toMicros, steps[6].Captured);
    }

    [Theory]
    [InlineData("arp", CaptureProblem.NotIp)]
    [InlineData("tcp", CaptureProblem.NotUdp)]
    [InlineData("fragment", CaptureProblem.Fragment)]
    [InlineData("last fragment", CaptureProblem.Fragment)]
    [InlineData("ipv6 fragment", CaptureProblem.Fragment)]
    [InlineData("short", CaptureProblem.BadHeader)]
    [InlineData("udp length", CaptureProblem.BadHeader)]
    public void What_carries_no_datagram_is_named(string form, CaptureProblem problem) =>
        Assert.Equal(problem, Assert.Single(ReadAll(Pcap(false, false, 1, Packet(form)))).Problem);

    [Fact]
    public void A_link_type_that_is_not_read_is_named() =>
        Assert.Equal(CaptureProblem.UnknownLinkType, Assert.Single(ReadAll(Pcap(false, false, 105, Packet("ethernet")))).Problem);

    [Fact]
    public void A_datagram_that_the_capture_cut_gives_what_is_there()
    {
        byte[] packet = Packet("ethernet");
        CapturedStep step = Assert.Single(ReadAll(Pcap(false, false, 1, packet[..^2])));
        Assert.Equal(CaptureProblem.CutDatagram, step.Problem);
        Assert.Equal(Payload[..^2], step.Payload);
    }

    [Fact]
    public void A_file_cut_anywhere_gives_the_packets_before_the_cut()
    {
        byte[] packet = Packet("ethernet");
        byte[] pcap = Pcap(false, false, 1, packet, packet, packet);
        byte[] ng = [.. Section(false), .. Interface(false, 1, []), .. Enhanced(false, 0, 1, packet), .. Enhanced(false, 0, 2, packet), .. Enhanced(false, 0, 3, packet)];
        foreach (byte[] file in new[] { pcap, ng })
        {
            int start = file == pcap ? 24 : Section(false).Length + Interface(false, 1, []).Length, each = (file.Length - start) / 3;
            for (int length = start; length < file.Length; length++)
            {
                List<CapturedStep> steps = ReadAll(file[..length]);
                int whole = (length - start) / each;
                bool cut = (length - start) % each != 0;
                Assert.Equal(whole, steps.Count(s => s.Problem == CaptureProblem.None));
                Assert.Equal(cut ? 1 : 0, steps.Count(s => s.Problem == CaptureProblem.CutFile));
            }
        }
    }

    [Fact]
    public void Damage_never_throws_and_always_ends()
    {
        byte[] packet = Packet("vlan twice"), six = Packet("ipv6 extensions");
        byte[][] files =
        [
            Pcap(true, false, 1, packet, six, packet),
            [.. Section(false), .. Interface(false, 1, Option(false, 9, [6])), .. Enhanced(false, 0, 1, packet), .. Enhanced(false, 0, 2, six), .. Section(true), .. Interface(true, 113, [])],
        ];
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 200], Gen.Byte, Gen.Int[0, 200], Gen.Byte).Sample((which, at, value, at2, value2) =>
        {
            byte[] file = [.. files[which]];
            file[at % file.Length] = value;
            file[at2 % file.Length] = value2;
            Assert.True(ReadAll(file).Count <= file.Length);
        }, iter: 1500);
    }

    [Theory]
    [InlineData("")]
    [InlineData("D4C3B2A1")]
    [InlineData("0A0D0D0A1C000000FFFFFFFF01000000")]
    [InlineData("74696D655F732C73656E736F722C72616E67655F6D2C")]
    public void Other_files_are_not_captures(string hex) => Assert.False(CaptureReader.TryOpen(Convert.FromHexString(hex), out _));

    private sealed record CapturedStep(CaptureProblem Problem, byte[] Payload, long Offset, Instant? Captured);

    private static List<CapturedStep> ReadAll(byte[] file)
    {
        List<CapturedStep> steps = [];
        if (!CaptureReader.TryOpen(file, out CaptureReader reader)) return steps;
        while (reader.MoveNext(out CapturedDatagram d))
        {
            steps.Add(new(d.Problem, d.Payload.ToArray(), d.Offset, d.Captured));
            Assert.True(steps.Count <= file.Length);
        }
        return steps;
    }

    private static byte[] Packet(string form)
    {
        byte[] mac = new byte[12], udp = [0x20, 0, 0x21, 0, 0, 13, 0, 0, .. Payload];
        byte[] v4 = V4(17, 0, 5, udp), v6 = V6(17, udp);
        return form switch
        {
            "ethernet" => [.. mac, 8, 0, .. v4],
            "padded" => [.. mac, 8, 0, .. v4, 0, 0, 0, 0, 0, 0, 0],
            "vlan" => [.. mac, 0x81, 0, 0, 7, 8, 0, .. v4],
            "vlan twice" => [.. mac, 0x88, 0xA8, 0, 7, 0x81, 0, 0, 9, 8, 0, .. v4],
            "options" => [.. mac, 8, 0, .. V4(17, 0, 7, udp)],
            "no ip length" => [.. mac, 8, 0, .. v4[..2], 0, 0, .. v4[4..]],
            "ipv6" => [.. mac, 0x86, 0xDD, .. v6],
            "ipv6 extensions" => [.. mac, 0x86, 0xDD, .. V6(0, [60, 0, 0, 0, 0, 0, 0, 0, 44, 1, .. new byte[14], 51, 0, 0, 0, 0, 0, 0, 1, 17, 1, .. new byte[10], .. udp])],
            "raw" => v4,
            "raw 6" => v6,
            "cooked" => [.. new byte[14], 8, 0, .. v4],
            "cooked 2" => [8, 0, .. new byte[18], .. v4],
            "null" => [2, 0, 0, 0, .. v4],
            "arp" => [.. mac, 8, 6, .. new byte[28]],
            "tcp" => [.. mac, 8, 0, .. V4(6, 0, 5, udp)],
            "fragment" => [.. mac, 8, 0, .. V4(17, 0x2000, 5, udp)],
            "last fragment" => [.. mac, 8, 0, .. V4(17, 0x0010, 5, udp)],
            "ipv6 fragment" => [.. mac, 0x86, 0xDD, .. V6(44, [17, 0, 0, 1, 0, 0, 0, 1, .. udp])],
            "short" => [.. mac, 8, 0, 0x45, 0, 0],
            "udp length" => [.. mac, 8, 0, .. V4(17, 0, 5, [0x20, 0, 0x21, 0, 0, 99, 0, 0, .. Payload])],
            _ => throw new ArgumentOutOfRangeException(nameof(form)),
        };
    }

    private static byte[] V4(byte protocol, int flags, int words, byte[] body)
    {
        int length = words * 4 + body.Length;
        return [(byte)(0x40 | words), 0, (byte)(length >> 8), (byte)length, 0, 1, (byte)(flags >> 8), (byte)flags, 64, protocol, 0, 0, .. new byte[words * 4 - 12], .. body];
    }

    private static byte[] V6(byte next, byte[] body) => [0x60, 0, 0, 0, (byte)(body.Length >> 8), (byte)body.Length, next, 64, .. new byte[32], .. body];

    private static byte[] Pcap(bool bigEndian, bool nanoseconds, int linkType, params byte[][] packets)
    {
        uint seconds = (uint)(When.Ticks / Instant.TicksPerSecond), fraction = (uint)(When.Ticks % Instant.TicksPerSecond);
        return
        [
            .. Int(bigEndian, nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4), .. Short(bigEndian, 2), .. Short(bigEndian, 4), .. new byte[8], .. Int(bigEndian, 65_535), .. Int(bigEndian, linkType),
            .. packets.SelectMany(p => (byte[])[.. Int(bigEndian, seconds), .. Int(bigEndian, nanoseconds ? fraction * 100 : fraction / 10), .. Int(bigEndian, p.Length), .. Int(bigEndian, p.Length), .. p]),
        ];
    }

    private static byte[] Section(bool big) => Block(big, 0x0A0D0D0A, [.. Int(big, 0x1A2B3C4D), .. Short(big, 1), .. Short(big, 0), .. Long(big, -1)]);

    private static byte[] Interface(bool big, int link, byte[] options) => Block(big, 1, [.. Short(big, link), .. Short(big, 0), .. Int(big, 0), .. options]);

    private static byte[] Option(bool big, int code, byte[] value) => [.. Short(big, code), .. Short(big, value.Length), .. Padded(value)];

    private static byte[] Enhanced(bool big, int index, ulong time, byte[] packet) =>
        Block(big, 6, [.. Int(big, index), .. High(big, time), .. Int(big, packet.Length), .. Int(big, packet.Length), .. Padded(packet)]);

    private static byte[] High(bool big, ulong time) => [.. Int(big, (uint)(time >> 32)), .. Int(big, (uint)time)];

    private static byte[] Block(bool big, uint type, byte[] body) => [.. Int(big, type), .. Int(big, body.Length + 12), .. body, .. Int(big, body.Length + 12)];

    private static byte[] Padded(byte[] octets) => [.. octets, .. new byte[(4 - octets.Length % 4) % 4]];

    private static byte[] Int(bool big, long value)
    {
        byte[] octets = new byte[4];
        if (big) BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)value);
        else BinaryPrimitives.WriteUInt32LittleEndian(octets, (uint)value);
        return octets;
    }

    private static byte[] Short(bool big, int value) => big ? [(byte)(value >> 8), (byte)value] : [(byte)value, (byte)(value >> 8)];

    private static byte[] Long(bool big, long value)
    {
        byte[] octets = BitConverter.GetBytes(value);
        if (big) Array.Reverse(octets);
        return octets;
    }
}
