using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using CsCheck;
using Google.Protobuf;
using Tocsin.Formats.Cot;

namespace Tocsin.Formats.Tests.Cot;

/// <summary>What is written is what is read, in XML and in protobuf, and the two say the same.</summary>
public class CotRoundTripTests
{
    [Fact]
    public void Xml_gives_back_the_event() => CotGen.Event.Sample(e =>
    {
        Assert.True(CotXml.TryRead(CotXml.Write(e), out CotEvent? read, out CotProblem problem), problem.Describe());
        Assert.Equal(e, read);
    });

    [Fact]
    public void Protobuf_gives_back_the_event_and_so_does_xml_after_it() => CotGen.Event.Sample(e =>
    {
        Assert.True(CotProtobuf.TryRead(CotProtobuf.Write(e), out CotEvent? read, out CotProblem problem), problem.Describe());
        Assert.Equal(e, read);
        Assert.Equal(CotXml.Write(e), CotXml.Write(read));
    });

    [Fact]
    public void Another_xml_parser_reads_the_same() => CotGen.Event.Sample(e =>
    {
        XElement root = XDocument.Parse(Encoding.UTF8.GetString(CotXml.Write(e)), LoadOptions.PreserveWhitespace).Root!;
        Assert.Equal(e.Uid, (string?)root.Attribute("uid"));
        Assert.Equal(e.How, (string?)root.Attribute("how"));
        Assert.Equal(e.Point.LatitudeDeg, double.Parse(root.Element("point")!.Attribute("lat")!.Value, CultureInfo.InvariantCulture));
        // xs:decimal has no exponent.
        Assert.All(root.Element("point")!.Attributes(), a => Assert.Matches(@"^-?\d+(\.\d+)?$", a.Value));
        AssertSame(e.Detail, root.Element("detail")!);
    });

    [Fact]
    public void A_number_is_written_without_an_exponent_and_reads_as_itself() =>
        Gen.OneOf(Gen.Double, Gen.OneOf(double.MaxValue, double.MinValue, double.Epsilon, 1e21, 1.5e-9, -1e-300)).Where(double.IsFinite).Sample(v =>
        {
            string text = CotNumber.Write(v);
            Assert.DoesNotContain('E', text);
            Assert.Equal(v, double.Parse(text, CultureInfo.InvariantCulture));
        });

    [Fact]
    public void The_field_numbers_are_those_of_the_public_definition()
    {
        // takproto/*.proto of the public atak-civ sources, read by eye.
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["TakMessage"] = "takControl=1 cotEvent=2",
            ["TakControl"] = "minProtoVersion=1 maxProtoVersion=2 contactUid=3",
            ["CotEvent"] = "type=1 access=2 qos=3 opex=4 uid=5 sendTime=6 startTime=7 staleTime=8 how=9 lat=10 lon=11 hae=12 ce=13 le=14 detail=15",
            ["Detail"] = "xmlDetail=1 contact=2 group=3 precisionLocation=4 status=5 takv=6 track=7",
            ["Contact"] = "endpoint=1 callsign=2",
            ["Group"] = "name=1 role=2",
            ["PrecisionLocation"] = "geopointsrc=1 altsrc=2",
            ["Status"] = "battery=1",
            ["Takv"] = "device=1 platform=2 os=3 version=4",
            ["Track"] = "speed=1 course=2",
        };
        var found = new SortedDictionary<string, string>(Formats.Cot.Wire.TakReflection.Descriptor.MessageTypes
            .ToDictionary(m => m.Name, m => string.Join(' ', m.Fields.InFieldNumberOrder().Select(f => $"{f.Name}={f.FieldNumber}"))), StringComparer.Ordinal);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void The_bytes_are_those_that_the_wire_format_says()
    {
        var e = new CotEvent
        {
            Uid = "U",
            Type = "a-u-A",
            How = "m-a",
            Time = new Instant(10_000),
            Start = new Instant(20_000),
            Stale = new Instant(3_000_000),
            Point = new CotPoint(1, 2, 0, 0, 0),
            Detail = [new CotElement("contact", [("callsign", "C")])],
        };
        // Written by hand from the encoding rules: tag, then value; zeros are left out.
        byte[] inner =
        [
            0x0A, 5, .. "a-u-A"u8, 0x2A, 1, .. "U"u8, 0x30, 1, 0x38, 2, 0x40, 0xAC, 0x02, 0x4A, 3, .. "m-a"u8,
            0x51, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x59, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x7A, 5, 0x12, 3, 0x12, 1, .. "C"u8,
        ];
        byte[] expected = [0x12, (byte)inner.Length, .. inner];
        Assert.Equal(expected, CotProtobuf.Write(e));
        Assert.Equal([0xBF, 1, 0xBF, .. expected], CotFraming.Datagram(expected));
        Assert.Equal([0xBF, (byte)expected.Length, .. expected], CotFraming.Frame(expected));
        Assert.Equal([0xBF, 0xAC, 0x02], CotFraming.Frame(new byte[300])[..3]);
    }

    [Fact]
    public void An_element_that_its_message_cannot_hold_stays_xml()
    {
        CotElement sloped = new("track", [("speed", "10"), ("course", "90"), ("slope", "5")]);
        CotElement plain = new("track", [("speed", "10"), ("course", "90")]);
        Formats.Cot.Wire.Detail One(params CotElement[] detail) => Formats.Cot.Wire.TakMessage.Parser.ParseFrom(CotProtobuf.Write(Simple() with { Detail = [.. detail] })).CotEvent.Detail;
        Assert.Equal((10, 90, ""), (One(plain).Track.Speed, One(plain).Track.Course, One(plain).XmlDetail));
        Assert.Null(One(sloped).Track);
        Assert.Contains("slope", One(sloped).XmlDetail, StringComparison.Ordinal);
        // The definition: more of an element than its message holds, and none of them is converted.
        Assert.Null(One(plain, plain).Track);
    }

    [Fact]
    public void Where_an_element_is_in_a_message_and_in_xml_the_xml_is_right()
    {
        var message = Formats.Cot.Wire.TakMessage.Parser.ParseFrom(CotProtobuf.Write(Simple()));
        message.CotEvent.Detail = new Formats.Cot.Wire.Detail { XmlDetail = "<contact callsign='xml'/>", Contact = new Formats.Cot.Wire.Contact { Callsign = "message" } };
        Assert.True(CotProtobuf.TryRead(message.ToByteArray(), out CotEvent? read, out _));
        Assert.Equal("xml", Assert.Single(read.Detail)["callsign"]);
    }

    [Theory]
    [InlineData("2026-03-04T05:06:07Z", "2026-03-04T05:06:07.000Z")]
    [InlineData("2026-03-04T05:06:07.1Z", "2026-03-04T05:06:07.100Z")]
    [InlineData("2026-03-04T05:06:07.123456789012Z", "2026-03-04T05:06:07.123Z")]
    [InlineData("2026-03-04T05:06:07.5+02:00", "2026-03-04T03:06:07.500Z")]
    [InlineData("2026-03-04T23:06:07-05:30", "2026-03-05T04:36:07.000Z")]
    public void Times_of_any_precision_and_offset_are_read(string text, string utc)
    {
        string xml = Encoding.UTF8.GetString(CotXml.Write(Simple())).Replace("time=\"2026-01-01T00:00:00.000Z\"", $"time=\"{text}\"", StringComparison.Ordinal);
        Assert.True(CotXml.TryRead(Encoding.UTF8.GetBytes(xml), out CotEvent? read, out CotProblem problem), problem.Describe());
        Assert.Equal(utc, read.Time.ToString());
    }

    [Fact]
    public void Protoc_reads_the_message()
    {
        var start = new ProcessStartInfo("protoc") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add("--decode_raw");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("protoc is not here");
            return;
        }
        using (process)
        {
            process.StandardInput.BaseStream.Write(CotProtobuf.Write(Simple() with { Detail = [new CotElement("contact", [("callsign", "Tower")])] }));
            process.StandardInput.Close();
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Contains("5: \"Simple\"", text, StringComparison.Ordinal);
            Assert.Contains("2: \"Tower\"", text, StringComparison.Ordinal);
        }
    }

    internal static CotEvent Simple(string uid = "Simple") => new()
    {
        Uid = uid,
        Type = "a-h-A-W-M",
        How = "m-a",
        Time = Second(0),
        Start = Second(1),
        Stale = Second(10),
        Point = new CotPoint(33.3, 44.4, 120, CotPoint.UnknownM, CotPoint.UnknownM),
    };

    private static Instant Second(int second) => new Instant((DateTime.UnixEpoch.AddYears(56).Ticks - DateTime.UnixEpoch.Ticks)).AddSeconds(second);

    private static void AssertSame(IEnumerable<CotElement> expected, XElement parent)
    {
        Assert.Equal(expected.Select(e => e.Name), parent.Elements().Select(x => x.Name.LocalName));
        foreach ((CotElement e, XElement x) in expected.Zip(parent.Elements()))
        {
            Assert.Equal(e.Attributes.Select(a => (a.Name, a.Value)), x.Attributes().Select(a => (a.Name.LocalName, a.Value)));
            Assert.Equal(e.Text, string.Concat(x.Nodes().OfType<XText>().Select(t => t.Value)));
            AssertSame(e.Children, x);
        }
    }
}
