using System.Buffers.Binary;
using CsCheck;
using Google.Protobuf;
using Tocsin.Formats.Sapient;
using Tocsin.Formats.Sapient.Wire;

namespace Tocsin.Formats.Tests.Sapient;

/// <summary>The stream of SAPIENT messages: whole, in pieces, spoilt, and forged.</summary>
public class ReaderTests
{
    private const string Node = "3f2a9c1e-5b7d-4e8f-9a01-2c3d4e5f6a7b";

    /// <summary>A detection by the published numbers, written by hand.</summary>
    private static byte[] Detection(double range) => Wire.Of(m =>
    {
        m.In(1, t => t.Varint(1, 1_700_000_000));
        m.Text(2, Node);
        m.In(7, d =>
        {
            d.Text(1, "01GGYFBAXGDG7AGAHRZ6XSNY12");
            d.In(5, r =>
            {
                r.Double(1, 12.5);
                r.Double(2, 271.25);
                r.Double(3, range);
                r.Varint(7, 1);
                r.Varint(8, 1);
            });
            d.Text(99, "from a later edition");
        });
        m.Text(13, "more");
    });

    [Fact]
    public void The_published_numbers_are_read()
    {
        (SapientMessage? message, string reason) = SapientReader.Parse(Detection(4_321.5));
        Assert.Equal("", reason);
        Assert.Equal(Node, message!.NodeId);
        Assert.Equal(1_700_000_000, message.Timestamp.Seconds);
        RangeBearing r = message.DetectionReport.RangeBearing;
        Assert.Equal((12.5, 271.25, 4_321.5), (r.Elevation, r.Azimuth, r.Range));
        Assert.Equal((RangeBearingCoordinateSystem.DegreesM, RangeBearingDatum.True), (r.CoordinateSystem, r.Datum));
        Assert.Equal("more", message.AdditionalInformation);
        // What is not known is kept.
        Assert.Equal(Convert.ToHexString(Detection(4_321.5)), Convert.ToHexString(message.ToByteArray()));
    }

    [Fact]
    public void However_a_stream_is_cut_its_messages_are_the_same() =>
        Gen.Select(Gen.Double[1, 1e5].List[0, 12], Gen.Int[1, 300].List[0, 40]).Sample((ranges, cuts) =>
        {
            byte[] stream = [.. ranges.SelectMany(r => Wire.Frame(Detection(r)))];
            var reader = new SapientReader();
            List<double> got = [];
            int at = 0;
            foreach (int cut in cuts.Append(stream.Length))
            {
                int n = Math.Min(cut, stream.Length - at);
                reader.Add(stream.AsSpan(at, n));
                at += n;
                while (reader.Next(out SapientMessage? m, out _) == SapientRead.Message) got.Add(m!.DetectionReport.RangeBearing.Range);
            }
            Assert.Equal(ranges, got);
            Assert.Equal(0, reader.Held);
            Assert.Equal(ranges.Count, reader.Messages);
        });

    [Theory]
    [InlineData(0u)]
    [InlineData(SapientLimits.MessageOctets + 1u)]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(uint.MaxValue)]
    public void A_length_that_cannot_be_one_loses_the_stream_and_costs_nothing(uint length)
    {
        byte[] octets = new byte[100];
        BinaryPrimitives.WriteUInt32LittleEndian(octets, length);
        Read(octets);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(SapientRead.Lost, Read(octets));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000, "memory was taken on the word of a length");

        static SapientRead Read(byte[] octets)
        {
            var reader = new SapientReader();
            reader.Add(octets);
            SapientRead read = reader.Next(out _, out string reason);
            Assert.Contains("lost", reason, StringComparison.Ordinal);
            reader.Add(octets);
            Assert.Equal(0, reader.Held);
            Assert.Equal(SapientRead.Lost, reader.Next(out _, out _));
            return read;
        }
    }

    [Fact]
    public void A_long_message_that_never_comes_holds_only_what_came()
    {
        var reader = new SapientReader();
        byte[] octets = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(octets, SapientLimits.MessageOctets);
        long before = GC.GetAllocatedBytesForCurrentThread();
        reader.Add(octets);
        Assert.Equal(SapientRead.Incomplete, reader.Next(out _, out _));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50_000, "memory was taken on the word of a length");
    }

    [Theory]
    [InlineData(12, true)]
    [InlineData(13, false)]
    [InlineData(40, false)]
    [InlineData(20_000, false)]
    public void Nesting_has_a_limit(int depth, bool isRead)
    {
        // Sub-classes of sub-classes: 7 is the detection, 11 its classification, 3 a sub-class, 4 one inside it. With the envelope they are 4 levels and `depth` more.
        byte[] inner = Wire.Of(w => w.Text(1, "x"));
        for (int i = 0; i < depth; i++)
        {
            byte[] held = inner;
            inner = Wire.Of(w => w.Bytes(4, held));
        }
        (SapientMessage? message, string reason) = SapientReader.Parse(Wire.Of(m => m.In(7, d => d.In(11, c => c.Bytes(3, inner)))));
        Assert.Equal(isRead, message is not null);
        Assert.Equal(isRead, reason.Length == 0);
    }

    [Fact]
    public void Unknown_groups_inside_one_another_have_the_same_limit()
    {
        // Field 100 as a group (wire type 3): obsolete, but a parser must skip it, and some do so without end.
        byte[] open = [.. Enumerable.Repeat(new byte[] { 0xA3, 0x06 }, 10_000).SelectMany(b => b)];
        Assert.Null(SapientReader.Parse(open).Message);
    }

    [Fact]
    public void A_bad_message_is_passed_over_and_the_next_is_read()
    {
        var reader = new SapientReader();
        reader.Add(Wire.Frame([0xFF, 0xFF, 0xFF]));
        reader.Add(Wire.Frame(Detection(5)));
        Assert.Equal(SapientRead.Bad, reader.Next(out _, out string reason));
        Assert.NotEqual("", reason);
        Assert.Equal(SapientRead.Message, reader.Next(out SapientMessage? m, out _));
        Assert.Equal(5, m!.DetectionReport.RangeBearing.Range);
        Assert.Equal((1, 1), (reader.Messages, reader.BadMessages));
    }

    [Fact]
    public void Too_many_bad_messages_in_a_row_lose_the_stream()
    {
        var reader = new SapientReader();
        for (int i = 1; i < SapientLimits.BadMessagesInARow; i++)
        {
            reader.Add(Wire.Frame([0xFF, 0xFF, 0xFF]));
            Assert.Equal(SapientRead.Bad, reader.Next(out _, out _));
        }
        reader.Add(Wire.Frame([0xFF, 0xFF, 0xFF]));
        Assert.Equal(SapientRead.Lost, reader.Next(out _, out _));
    }

    /// <summary>Spoils good streams at random places; the oracle is the protobuf library's own parser, given each message by itself.</summary>
    [Fact]
    public void Whatever_comes_nothing_is_thrown_and_what_is_good_is_read() =>
        Gen.Select(Gen.Double[1, 1e5].List[1, 6], Gen.Select(Gen.Int[0, 100_000], Gen.Byte).List[0, 8], Gen.Int[0, 40], Gen.Byte.Array[0, 40]).Sample((ranges, spoils, drop, tail) =>
        {
            byte[] stream = [.. ranges.SelectMany(r => Wire.Frame(Detection(r)))];
            foreach ((int at, byte value) in spoils) stream[at % stream.Length] = value;
            stream = [.. stream.Take(Math.Max(0, stream.Length - drop)), .. tail];
            var reader = new SapientReader();
            reader.Add(stream);
            List<SapientMessage> got = [];
            SapientRead read;
            while ((read = reader.Next(out SapientMessage? m, out string reason)) is SapientRead.Message or SapientRead.Bad)
            {
                Assert.Equal(read == SapientRead.Bad, reason.Length > 0);
                if (m is not null) got.Add(m);
            }
            Assert.Equal(Oracle(stream, out bool lost), got);
            Assert.Equal(lost, read == SapientRead.Lost);
        }, iter: 5_000);

    private static List<SapientMessage> Oracle(byte[] stream, out bool lost)
    {
        List<SapientMessage> messages = [];
        int at = 0, bad = 0;
        lost = false;
        while (stream.Length - at >= 4)
        {
            uint length = BitConverter.ToUInt32(stream, at);
            lost = length == 0 || length > 1_048_576;
            if (lost || stream.Length - at - 4 < length) break;
            try
            {
                messages.Add(SapientMessage.Parser.ParseFrom(stream, at + 4, (int)length));
                bad = 0;
            }
            catch (InvalidProtocolBufferException)
            {
                bad++;
            }
            at += 4 + (int)length;
            lost = bad == 16;
            if (lost) break;
        }
        return messages;
    }

    [Fact]
    public void A_frame_is_a_length_and_the_message()
    {
        var message = new SapientMessage { NodeId = "n" };
        Assert.Equal("03000000" + "12016E", Convert.ToHexString(SapientReader.Frame(message)));
        Assert.Throws<ArgumentException>(() => SapientReader.Frame(new() { AdditionalInformation = new string('x', SapientLimits.MessageOctets) }));
    }
}
