using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Google.Protobuf;

namespace Tocsin.Formats.Cot;

/// <summary>Events as the payload of TAK protocol version 1: a <c>TakMessage</c> in protobuf.</summary>
/// <remarks>An element of the detail is written as a message only where the message gives back the very same element, and where there is one of it; all
/// others go into <c>xmlDetail</c>. So nothing is lost on the way from XML to protobuf and back.</remarks>
public static class CotProtobuf
{
    private static readonly MessageParser<Wire.TakMessage> s_parser = Wire.TakMessage.Parser.WithDiscardUnknownFields(true);

    /// <summary>The event as a payload, without framing.</summary>
    /// <param name="cot">The event.</param>
    /// <param name="withControl">Whether to add which versions this sender reads (1), as members of a mesh must at least once a minute.</param>
    public static byte[] Write(CotEvent cot, bool withControl = false)
    {
        var message = new Wire.TakMessage
        {
            CotEvent = new Wire.CotEvent
            {
                Type = cot.Type,
                Access = cot.Access,
                Qos = cot.Qos,
                Opex = cot.Opex,
                Uid = cot.Uid,
                SendTime = CotEvent.Milliseconds(cot.Time),
                StartTime = CotEvent.Milliseconds(cot.Start),
                StaleTime = CotEvent.Milliseconds(cot.Stale),
                How = cot.How,
                Lat = cot.Point.LatitudeDeg,
                Lon = cot.Point.LongitudeDeg,
                Hae = cot.Point.HeightM,
                Ce = cot.Point.CircularErrorM,
                Le = cot.Point.LinearErrorM,
            },
        };
        if (withControl) message.TakControl = new Wire.TakControl { MinProtoVersion = CotFraming.Version, MaxProtoVersion = CotFraming.Version };
        if (!cot.Detail.IsEmpty) message.CotEvent.Detail = ToWire(cot.Detail);
        return message.ToByteArray();
    }

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">The payload, without framing.</param>
    /// <param name="cot">The event; null where there is a problem, and where the message is a good one without an event.</param>
    /// <param name="problem">Why there is no event; <see cref="CotProblem.None"/> where the message holds none.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out CotEvent? cot, out CotProblem problem)
    {
        cot = null;
        problem = CotProblem.TooLong;
        if (payload.Length > CotLimits.EventBytes) return false;
        Wire.TakMessage message;
        try
        {
            message = s_parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException)
        {
            problem = CotProblem.BadProtobuf;
            return false;
        }
        problem = message.CotEvent is { } e ? TryRead(e, out cot) : CotProblem.None;
        return cot is not null;
    }

    private static CotProblem TryRead(Wire.CotEvent e, out CotEvent? cot)
    {
        cot = null;
        if (e.Uid.Length == 0 || e.Type.Length == 0) return CotProblem.Incomplete;
        if (!CotElement.IsClean(e.Uid) || !CotElement.IsClean(e.Type) || !CotElement.IsClean(e.How)
            || !CotElement.IsClean(e.Access) || !CotElement.IsClean(e.Qos) || !CotElement.IsClean(e.Opex)) return CotProblem.BadProtobuf;
        if (!CotEvent.OfMilliseconds(e.SendTime, out Instant time) || !CotEvent.OfMilliseconds(e.StartTime, out Instant start)
            || !CotEvent.OfMilliseconds(e.StaleTime, out Instant stale)) return CotProblem.BadTime;
        var point = new CotPoint(e.Lat, e.Lon, e.Hae, e.Ce, e.Le);
        if (!CotXml.IsPossible(point)) return CotProblem.BadPoint;
        List<CotElement> detail = [];
        if (e.Detail is { } d)
        {
            if (d.XmlDetail.Length > 0)
            {
                CotProblem problem = CotXml.TryReadDetail(d.XmlDetail, out CotElement? tree);
                if (tree is null) return problem;
                detail.AddRange(tree.Children);
            }
            foreach (CotElement typed in OfWire(d))
            {
                // The definition's receiving rule 5: where an element is in the XML too, the XML is right.
                if (!detail.Exists(x => x.Name == typed.Name)) detail.Add(typed);
            }
        }
        cot = new CotEvent
        {
            Uid = e.Uid,
            Type = e.Type,
            How = e.How,
            Time = time,
            Start = start,
            Stale = stale,
            Point = point,
            Access = e.Access,
            Qos = e.Qos,
            Opex = e.Opex,
            Detail = [.. detail],
        };
        return CotProblem.None;
    }

    private static Wire.Detail ToWire(IReadOnlyList<CotElement> detail)
    {
        var wire = new Wire.Detail();
        var xml = new StringBuilder();
        foreach (CotElement e in detail)
        {
            bool isAlone = detail.Count(x => x.Name == e.Name) == 1;
            if (!isAlone || !TryToWire(wire, e)) CotXml.Write(xml, e);
        }
        wire.XmlDetail = xml.ToString();
        return wire;
    }

    /// <summary>Puts an element into its message; false, and nothing put, where it has none or the message would give back another.</summary>
    private static bool TryToWire(Wire.Detail wire, CotElement e)
    {
        var trial = new Wire.Detail();
        switch (e.Name)
        {
            case "contact":
                trial.Contact = new Wire.Contact { Endpoint = e["endpoint"] ?? "", Callsign = e["callsign"] ?? "" };
                break;
            case "__group":
                trial.Group = new Wire.Group { Name = e["name"] ?? "", Role = e["role"] ?? "" };
                break;
            case "precisionlocation":
                trial.PrecisionLocation = new Wire.PrecisionLocation { Geopointsrc = e["geopointsrc"] ?? "", Altsrc = e["altsrc"] ?? "" };
                break;
            case "status" when uint.TryParse(e["battery"], NumberStyles.None, CultureInfo.InvariantCulture, out uint battery):
                trial.Status = new Wire.Status { Battery = battery };
                break;
            case "takv":
                trial.Takv = new Wire.Takv { Device = e["device"] ?? "", Platform = e["platform"] ?? "", Os = e["os"] ?? "", Version = e["version"] ?? "" };
                break;
            // Protobuf leaves a negative zero out as it does a zero; neither number is negative in a track that is right.
            case "track" when CotNumber.TryRead(e["speed"], out double speed) && CotNumber.TryRead(e["course"], out double course)
                && !double.IsNegative(speed) && !double.IsNegative(course):
                trial.Track = new Wire.Track { Speed = speed, Course = course };
                break;
            default:
                return false;
        }
        if (!OfWire(trial).Single().Equals(e)) return false;
        wire.MergeFrom(trial);
        return true;
    }

    private static IEnumerable<CotElement> OfWire(Wire.Detail d)
    {
        if (d.Contact is { } c)
            yield return c.Endpoint.Length > 0 ? Element("contact", ("callsign", c.Callsign), ("endpoint", c.Endpoint)) : Element("contact", ("callsign", c.Callsign));
        if (d.Group is { } g) yield return Element("__group", ("name", g.Name), ("role", g.Role));
        if (d.PrecisionLocation is { } p) yield return Element("precisionlocation", ("altsrc", p.Altsrc), ("geopointsrc", p.Geopointsrc));
        if (d.Status is { } s) yield return Element("status", ("battery", s.Battery.ToString(CultureInfo.InvariantCulture)));
        if (d.Takv is { } v) yield return Element("takv", ("device", v.Device), ("os", v.Os), ("platform", v.Platform), ("version", v.Version));
        if (d.Track is { } t && double.IsFinite(t.Speed) && double.IsFinite(t.Course))
            yield return Element("track", ("course", CotNumber.Write(t.Course)), ("speed", CotNumber.Write(t.Speed)));
    }

    private static CotElement Element(string name, params (string Name, string Value)[] attributes) => new(name, attributes);
}
