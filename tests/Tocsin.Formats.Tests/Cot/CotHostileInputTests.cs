using System.Diagnostics;
using System.Text;
using CsCheck;
using Tocsin.Formats.Cot;

namespace Tocsin.Formats.Tests.Cot;

/// <summary>Bad input is data: refused with its reason, quickly, and never an exception.</summary>
public class CotHostileInputTests
{
    private static readonly string s_good = Encoding.UTF8.GetString(CotXml.Write(CotRoundTripTests.Simple()));

    [Fact]
    public void Entities_are_refused()
    {
        string bomb = s_good.Replace("<event", """
            <!DOCTYPE event [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><event
            """, StringComparison.Ordinal).Replace("Simple", "&c;", StringComparison.Ordinal);
        Assert.Equal(CotProblem.DocumentType, ProblemOf(bomb));
        string outside = s_good.Replace("<event", "<!DOCTYPE event SYSTEM \"file:///etc/passwd\"><event", StringComparison.Ordinal);
        Assert.Equal(CotProblem.DocumentType, ProblemOf(outside));
        Assert.Equal(CotProblem.Malformed, ProblemOf(s_good.Replace("Simple", "&undefined;", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nesting_of_a_thousand_is_refused_in_xml_and_in_a_message()
    {
        string deep = string.Concat(Enumerable.Repeat("<x>", 1_000)) + string.Concat(Enumerable.Repeat("</x>", 1_000));
        Assert.Equal(CotProblem.TooDeep, ProblemOf(s_good.Replace("<detail>", "<detail>" + deep, StringComparison.Ordinal)));
        Assert.Equal(CotProblem.TooDeep, ProblemOfMessage(deep));
    }

    [Fact]
    public void The_deepest_allowed_is_read_and_one_more_is_not()
    {
        // event, detail, then as many as the limit leaves.
        static string Nest(int n) => string.Concat(Enumerable.Repeat("<x>", n)) + string.Concat(Enumerable.Repeat("</x>", n));
        Assert.Equal(CotProblem.None, ProblemOf(s_good.Replace("<detail>", "<detail>" + Nest(CotLimits.Depth - 2), StringComparison.Ordinal)));
        Assert.Equal(CotProblem.None, ProblemOfMessage(Nest(CotLimits.Depth - 2)));
        Assert.Equal(CotProblem.TooDeep, ProblemOf(s_good.Replace("<detail>", "<detail>" + Nest(CotLimits.Depth - 1), StringComparison.Ordinal)));
        Assert.Equal(CotProblem.TooDeep, ProblemOfMessage(Nest(CotLimits.Depth - 1)));
    }

    [Fact]
    public void A_length_of_100_MB_is_refused_without_waiting_for_it()
    {
        byte[] header = CotFraming.Frame([])[..1];
        byte[] said = [.. header, 0x80, 0xC2, 0xD7, 0x2F];
        byte[] good = CotXml.Write(CotRoundTripTests.Simple());
        var reader = new CotStreamReader();
        List<CotEvent> events = [];
        reader.Append(said, events);
        reader.Append(good, events);
        Assert.Equal("Simple", Assert.Single(events).Uid);
        Assert.Equal(1, reader.RejectedFor(CotProblem.TooLong));
        Assert.Equal(said.Length, reader.SkippedBytes);
    }

    [Fact]
    public void A_document_of_100_MB_is_refused_and_the_stream_goes_on()
    {
        var reader = new CotStreamReader();
        List<CotEvent> events = [];
        reader.Append("<event uid=\""u8, events);
        byte[] piece = new byte[1 << 20];
        Array.Fill(piece, (byte)'a');
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) reader.Append(piece, events);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        reader.Append(CotXml.Write(CotRoundTripTests.Simple()), events);
        Assert.Equal("Simple", Assert.Single(events).Uid);
        Assert.Equal(1, reader.RejectedFor(CotProblem.TooLong));
        Assert.Equal(CotProblem.TooLong, ProblemOf(s_good.Replace("Simple", new string('a', CotLimits.EventBytes), StringComparison.Ordinal)));
        Assert.Equal(CotProblem.TooLong, ProblemOfMessage(new string('a', 2 * CotLimits.EventBytes)));
    }

    [Fact]
    public void Too_many_elements_or_attributes_are_refused()
    {
        string elements = string.Concat(Enumerable.Repeat("<x/>", CotLimits.Elements));
        string attributes = "<x " + string.Join(' ', Enumerable.Range(0, CotLimits.Attributes + 1).Select(i => $"a{i}=''")) + "/>";
        Assert.Equal(CotProblem.TooMany, ProblemOf(s_good.Replace("<detail>", "<detail>" + elements, StringComparison.Ordinal)));
        Assert.Equal(CotProblem.TooMany, ProblemOf(s_good.Replace("<detail>", "<detail>" + attributes, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("version=\"2.0\"", "version=\"3.0\"", CotProblem.Version)]
    [InlineData("version=\"2.0\" ", "", CotProblem.Incomplete)]
    [InlineData("uid=\"Simple\"", "uid=\"\"", CotProblem.Incomplete)]
    [InlineData("how=\"m-a\" ", "", CotProblem.Incomplete)]
    [InlineData("<point", "<point/><point", CotProblem.Incomplete)]
    [InlineData("<point", "<pint", CotProblem.Incomplete)]
    [InlineData("start=\"2026", "start=\"1926", CotProblem.BadTime)]
    [InlineData("start=\"2026-01-01T", "start=\"2026-13-01T", CotProblem.BadTime)]
    [InlineData("00:00:00.000Z\"", "00:00:00.000\"", CotProblem.BadTime)]
    [InlineData("lat=\"33.3\"", "lat=\"NaN\"", CotProblem.BadPoint)]
    [InlineData("lat=\"33.3\"", "lat=\"90.001\"", CotProblem.BadPoint)]
    [InlineData("lon=\"44.4\"", "lon=\"1e400\"", CotProblem.BadPoint)]
    [InlineData("lon=\"44.4\"", "lon=\" 44.4\"", CotProblem.BadPoint)]
    [InlineData("hae=\"120\"", "", CotProblem.BadPoint)]
    [InlineData("<event ", "<event xmlns=\"urn:x\" ", CotProblem.Namespace)]
    [InlineData("<detail>", "<detail xml:space=\"preserve\">", CotProblem.Namespace)]
    [InlineData("</event>", "</event><event/>", CotProblem.Malformed)]
    [InlineData("<event ", "<other ", CotProblem.Malformed)]
    public void Each_fault_has_its_reason(string from, string to, CotProblem problem)
    {
        Assert.Contains(from, s_good, StringComparison.Ordinal);
        int at = s_good.IndexOf(from, StringComparison.Ordinal);
        Assert.Equal(problem, ProblemOf(s_good[..at] + to + s_good[(at + from.Length)..]));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        byte[] bytes = CotXml.Write(CotRoundTripTests.Simple("¿"));
        bytes[Array.IndexOf(bytes, (byte)0xC2)] = 0xC0;
        Assert.False(CotXml.TryRead(bytes, out _, out CotProblem problem));
        Assert.Equal(CotProblem.NotUtf8, problem);
    }

    [Fact]
    public void Xml_detail_cannot_leave_its_element() => Assert.Equal(CotProblem.Malformed, ProblemOfMessage("</detail><detail>"));

    [Fact]
    public void Mutations_never_throw_and_what_is_read_can_be_written() =>
        Gen.Select(CotGen.Event, Gen.Bool, Gen.Select(Gen.Double[0, 1], Gen.Byte, Gen.Int[0, 2]).Array[1, 6]).Sample((e, isXml, edits) =>
        {
            List<byte> bytes = [.. isXml ? CotXml.Write(e) : CotFraming.Datagram(CotProtobuf.Write(e))];
            foreach ((double at, byte value, int kind) in edits)
            {
                int i = (int)(at * (bytes.Count - 1));
                if (kind == 0) bytes[i] = value;
                else if (kind == 1) bytes.Insert(i, value);
                else bytes.RemoveAt(i);
            }
            byte[] mutated = [.. bytes];
            bool ok = CotFraming.TryReadDatagram(mutated, out CotEvent? read, out CotProblem problem);
            Assert.Equal(ok, read is not null);
            Assert.True(!ok || problem == CotProblem.None);
            if (read is null) return;
            // The oracle: what was accepted means the same in both encodings.
            Assert.True(CotXml.TryRead(CotXml.Write(read), out CotEvent? again, out problem), problem.Describe());
            Assert.Equal(read, again);
            Assert.True(CotProtobuf.TryRead(CotProtobuf.Write(read), out again, out problem), problem.Describe());
            Assert.Equal(read, again);
        }, iter: 5_000);

    [Fact]
    public void Rubbish_between_events_is_counted_and_every_event_is_found() =>
        Gen.Select(Gen.Select(CotGen.Event, Gen.Bool, Gen.Byte.Where(b => b is not ((byte)'<' or 0xBF or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')).Array[0, 40]).Array[1, 6], Gen.Int[1, 200])
            .Sample((parts, chunk) =>
            {
                List<byte> stream = [];
                foreach ((CotEvent e, bool isXml, byte[] rubbish) in parts) stream.AddRange([.. rubbish, .. isXml ? CotXml.Write(e) : CotFraming.Frame(CotProtobuf.Write(e))]);
                var reader = new CotStreamReader();
                List<CotEvent> events = [];
                foreach (byte[] piece in stream.Chunk(chunk)) reader.Append(piece, events);
                Assert.Equal(parts.Select(p => p.Item1), events);
                Assert.Equal(parts.Sum(p => p.Item3.Length), reader.SkippedBytes);
                Assert.Equal(0, reader.Rejected);
            });

    [Fact]
    public void Any_bytes_never_throw_and_a_good_event_after_enough_white_space_is_found() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[0, 2_000], Gen.OneOf<byte>(0xBF, 0x12, 0x0A, (byte)'<', (byte)'e', 0, 1, 0x7F).Array[0, 2_000]), Gen.Int[1, 300]).Sample((rubbish, chunk) =>
        {
            var reader = new CotStreamReader();
            List<CotEvent> events = [];
            foreach (byte[] piece in rubbish.Chunk(chunk)) reader.Append(piece, events);
            // A frame's header in the rubbish may claim up to the limit; after that the reader must be in step again.
            byte[] padding = new byte[CotLimits.EventBytes];
            reader.Append(padding, events);
            reader.Append(CotXml.Write(CotRoundTripTests.Simple()), events);
            Assert.Equal("Simple", events[^1].Uid);
        }, iter: 200);

    [Fact]
    public void An_event_that_was_cut_off_does_not_take_the_next_with_it()
    {
        byte[] xml = CotXml.Write(CotRoundTripTests.Simple());
        byte[] frame = CotFraming.Frame(CotProtobuf.Write(CotRoundTripTests.Simple("Frame")));
        for (int cut = 1; cut < xml.Length; cut++)
        {
            foreach (byte[] next in (byte[][])[xml, frame])
            {
                var reader = new CotStreamReader();
                List<CotEvent> events = [];
                reader.Append([.. xml[..cut], .. next, .. xml], events);
                Assert.True(events.Count == 2, $"cut at {cut}: {events.Count} events");
            }
        }
    }

    [Fact]
    public void Bytes_made_to_be_slow_are_not()
    {
        // Frames that claim the limit and fail at their end, one inside another; and beginnings of XML without an end.
        List<byte> frames = [];
        while (frames.Count < 4 * CotLimits.EventBytes) frames.AddRange([0xBF, 0xF0, 0xFF, 0x0F, 0x12, 0xE0, 0xFF, 0x0F]);
        byte[] beginnings = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<event", 4 * CotLimits.EventBytes / 6)));
        byte[] ends = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<event></event>", 4 * CotLimits.EventBytes / 15)));
        foreach (byte[] hostile in (byte[][])[[.. frames], beginnings, ends])
        {
            var reader = new CotStreamReader();
            var watch = Stopwatch.StartNew();
            reader.Append(hostile, []);
            // 1 MiB takes milliseconds to a few hundred; a quadratic reader would take minutes.
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        }
    }

    private static CotProblem ProblemOf(string xml)
    {
        CotXml.TryRead(Encoding.UTF8.GetBytes(xml), out _, out CotProblem problem);
        return problem;
    }

    private static CotProblem ProblemOfMessage(string xmlDetail)
    {
        var message = Formats.Cot.Wire.TakMessage.Parser.ParseFrom(CotProtobuf.Write(CotRoundTripTests.Simple()));
        message.CotEvent.Detail = new Formats.Cot.Wire.Detail { XmlDetail = xmlDetail };
        CotProtobuf.TryRead(Google.Protobuf.MessageExtensions.ToByteArray(message), out _, out CotProblem problem);
        return problem;
    }
}
