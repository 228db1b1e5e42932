using System.Globalization;
using System.Text;
using System.Xml;

namespace Tocsin.Formats.Cap;

/// <summary>Writes a message as a CAP 1.2 document in UTF-8, its elements in the order of the schema (CAP 1.2, section 3.4).</summary>
public static class CapWriter
{
    /// <summary>The namespace of CAP 1.2.</summary>
    public const string Namespace = CapXml.Namespace12;

    /// <summary>The registered media type of CAP.</summary>
    public const string ContentType = "application/cap+xml";

    /// <summary>The document. Characters that XML cannot hold are written as U+FFFD.</summary>
    public static byte[] Write(CapAlert alert)
    {
        using var to = new MemoryStream();
        using (var xml = XmlWriter.Create(to, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.None }))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("alert", Namespace);
            Text(xml, "identifier", alert.Identifier);
            Text(xml, "sender", alert.Sender);
            Text(xml, "sent", alert.Sent.Text);
            Text(xml, "status", alert.Status.ToString());
            Text(xml, "msgType", alert.MsgType.ToString());
            Optional(xml, "source", alert.Source);
            Text(xml, "scope", alert.Scope.ToString());
            Optional(xml, "restriction", alert.Restriction);
            Optional(xml, "addresses", alert.Addresses);
            foreach (string code in alert.Codes) Text(xml, "code", code);
            Optional(xml, "note", alert.Note);
            if (!alert.References.IsDefaultOrEmpty) Text(xml, "references", string.Join(' ', alert.References));
            Optional(xml, "incidents", alert.Incidents);
            foreach (CapInfo info in alert.Infos) Info(xml, info);
            xml.WriteEndElement();
            xml.WriteEndDocument();
        }
        return to.ToArray();
    }

    private static void Info(XmlWriter xml, CapInfo info)
    {
        xml.WriteStartElement("info", Namespace);
        Optional(xml, "language", info.Language);
        foreach (CapCategory c in info.Categories) Text(xml, "category", c.ToString());
        Text(xml, "event", info.Event);
        foreach (CapResponseType r in info.ResponseTypes) Text(xml, "responseType", r.ToString());
        Text(xml, "urgency", info.Urgency.ToString());
        Text(xml, "severity", info.Severity.ToString());
        Text(xml, "certainty", info.Certainty.ToString());
        Optional(xml, "audience", info.Audience);
        foreach (CapValue v in info.EventCodes) Value(xml, "eventCode", v);
        Optional(xml, "effective", info.Effective?.Text);
        Optional(xml, "onset", info.Onset?.Text);
        Optional(xml, "expires", info.Expires?.Text);
        Optional(xml, "senderName", info.SenderName);
        Optional(xml, "headline", info.Headline);
        Optional(xml, "description", info.Description);
        Optional(xml, "instruction", info.Instruction);
        Optional(xml, "web", info.Web);
        Optional(xml, "contact", info.Contact);
        foreach (CapValue v in info.Parameters) Value(xml, "parameter", v);
        foreach (CapResource r in info.Resources) Resource(xml, r);
        foreach (CapArea a in info.Areas) Area(xml, a);
        xml.WriteEndElement();
    }

    private static void Resource(XmlWriter xml, CapResource resource)
    {
        xml.WriteStartElement("resource", Namespace);
        Text(xml, "resourceDesc", resource.ResourceDesc);
        Text(xml, "mimeType", resource.MimeType);
        Optional(xml, "size", resource.Size?.ToString(CultureInfo.InvariantCulture));
        Optional(xml, "uri", resource.Uri);
        Optional(xml, "derefUri", resource.DerefUri);
        Optional(xml, "digest", resource.Digest);
        xml.WriteEndElement();
    }

    private static void Area(XmlWriter xml, CapArea area)
    {
        xml.WriteStartElement("area", Namespace);
        Text(xml, "areaDesc", area.AreaDesc);
        foreach (var polygon in area.Polygons) Text(xml, "polygon", string.Join(' ', polygon.Select(Point)));
        foreach (CapCircle c in area.Circles) Text(xml, "circle", $"{Point(c.Centre)} {Number(c.RadiusKm)}");
        foreach (CapValue v in area.Geocodes) Value(xml, "geocode", v);
        Optional(xml, "altitude", area.AltitudeFt?.ToString(CultureInfo.InvariantCulture));
        Optional(xml, "ceiling", area.CeilingFt?.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
    }

    private static string Point(CapPoint p) => $"{Number(p.LatitudeDeg)},{Number(p.LongitudeDeg)}";

    /// <summary>Six decimals: a tenth of a metre. A point and its repeat round alike, so a closed ring stays closed.</summary>
    private static string Number(double value)
    {
        string text = value.ToString("0.######", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    private static void Value(XmlWriter xml, string name, CapValue value)
    {
        xml.WriteStartElement(name, Namespace);
        Text(xml, "valueName", value.ValueName);
        Text(xml, "value", value.Value);
        xml.WriteEndElement();
    }

    private static void Optional(XmlWriter xml, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) Text(xml, name, text);
    }

    private static void Text(XmlWriter xml, string name, string text)
    {
        xml.WriteStartElement(name, Namespace);
        xml.WriteString(XmlText.Clean(text));
        xml.WriteEndElement();
    }
}
