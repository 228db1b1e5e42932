using System.Globalization;
using System.Text;
using System.Text.Unicode;
using System.Xml;
using Tocsin.Formats.Text;

namespace Tocsin.Formats.Cot;

/// <summary>Events as XML: TAK protocol version 0 (Event-PUBLIC.xsd, 2.0).</summary>
public static class CotXml
{
    private const string Header = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private const int DateAndTimeCharacters = 19;
    private const int TimeCharacters = 64;
    private const int TickDigits = 7;

    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = CotLimits.EventBytes,
        MaxCharactersFromEntities = 1,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    };

    /// <summary>The event as a UTF-8 document with its header, without a line after it: as a stream to a TAK server wants it.</summary>
    public static byte[] Write(CotEvent cot)
    {
        var to = new StringBuilder(Header, 1024);
        to.Append("<event version=\"2.0\"");
        Attribute(to, "uid", cot.Uid);
        Attribute(to, "type", cot.Type);
        Attribute(to, "how", cot.How);
        Attribute(to, "time", cot.Time.ToString());
        Attribute(to, "start", cot.Start.ToString());
        Attribute(to, "stale", cot.Stale.ToString());
        if (cot.Access.Length > 0) Attribute(to, "access", cot.Access);
        if (cot.Qos.Length > 0) Attribute(to, "qos", cot.Qos);
        if (cot.Opex.Length > 0) Attribute(to, "opex", cot.Opex);
        to.Append("><point");
        Attribute(to, "lat", CotNumber.Write(cot.Point.LatitudeDeg));
        Attribute(to, "lon", CotNumber.Write(cot.Point.LongitudeDeg));
        Attribute(to, "hae", CotNumber.Write(cot.Point.HeightM));
        Attribute(to, "ce", CotNumber.Write(cot.Point.CircularErrorM));
        Attribute(to, "le", CotNumber.Write(cot.Point.LinearErrorM));
        to.Append("/><detail>");
        foreach (CotElement e in cot.Detail) Write(to, e);
        to.Append("</detail></event>");
        return Encoding.UTF8.GetBytes(to.ToString());
    }

    /// <summary>Reads one event.</summary>
    /// <param name="utf8">The document; a byte order mark and a header are passed over.</param>
    /// <param name="cot">The event; null where there is a problem.</param>
    /// <param name="problem">Why there is no event.</param>
    /// <remarks>Strict: every attribute that the schema requires must be there, times and numbers must be right; elements beside point and detail
    /// and attributes that the schema does not know are passed over.</remarks>
    public static bool TryRead(ReadOnlySpan<byte> utf8, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CotEvent? cot, out CotProblem problem)
    {
        cot = null;
        problem = TryReadTree(utf8, out CotElement? tree);
        if (tree is null) return false;
        problem = TryReadEvent(tree, out cot);
        return cot is not null;
    }

    /// <summary>Reads the elements that <c>xmlDetail</c> of a protobuf message holds.</summary>
    internal static CotProblem TryReadDetail(string xml, out CotElement? detail)
    {
        detail = null;
        if (xml.Length > CotLimits.EventBytes) return CotProblem.TooLong;
        // The event around it counts as a level, so that what is read here can be read back from XML.
        return TryReadTree("<detail>" + xml + "</detail>", CotLimits.Depth - 1, out detail);
    }

    internal static void Write(StringBuilder to, CotElement element)
    {
        to.Append('<').Append(element.Name);
        foreach ((string name, string value) in element.Attributes) Attribute(to, name, value);
        if (element.Text.Length == 0 && element.Children.Length == 0)
        {
            to.Append("/>");
            return;
        }
        to.Append('>');
        Escape(to, element.Text, inAttribute: false);
        foreach (CotElement c in element.Children) Write(to, c);
        to.Append("</").Append(element.Name).Append('>');
    }

    private static void Attribute(StringBuilder to, string name, string value)
    {
        to.Append(' ').Append(name).Append("=\"");
        Escape(to, value, inAttribute: true);
        to.Append('"');
    }

    /// <summary>Writes text so that a parser gives it back unchanged: white space that parsers normalise (XML 1.0, 2.11 and 3.3.3) is written as a reference.</summary>
    private static void Escape(StringBuilder to, string text, bool inAttribute)
    {
        foreach (char c in text)
        {
            switch (c)
            {
                case '<': to.Append("&lt;"); break;
                case '>': to.Append("&gt;"); break;
                case '&': to.Append("&amp;"); break;
                case '"' when inAttribute: to.Append("&quot;"); break;
                case '\r': to.Append("&#13;"); break;
                case '\n' when inAttribute: to.Append("&#10;"); break;
                case '\t' when inAttribute: to.Append("&#9;"); break;
                default: to.Append(c); break;
            }
        }
    }

    private static CotProblem TryReadTree(ReadOnlySpan<byte> utf8, out CotElement? tree)
    {
        tree = null;
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (utf8.Length > CotLimits.EventBytes) return CotProblem.TooLong;
        if (!Utf8.IsValid(utf8)) return CotProblem.NotUtf8;
        return TryReadTree(Encoding.UTF8.GetString(utf8), CotLimits.Depth, out tree);
    }

    private static CotProblem TryReadTree(string xml, int depth, out CotElement? tree)
    {
        tree = null;
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), s_settings);
            var open = new Stack<Pending>();
            int elements = 0;
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        if (open.Count >= depth) return CotProblem.TooDeep;
                        if (++elements > CotLimits.Elements || reader.AttributeCount > CotLimits.Attributes) return CotProblem.TooMany;
                        if (!CotElement.IsName(reader.Name)) return CotProblem.Namespace;
                        var pending = new Pending(reader.Name);
                        bool isEmpty = reader.IsEmptyElement;
                        while (reader.MoveToNextAttribute())
                        {
                            if (!CotElement.IsName(reader.Name)) return CotProblem.Namespace;
                            pending.Attributes.Add((reader.Name, reader.Value));
                        }
                        if (isEmpty) Close(pending, open, ref tree);
                        else open.Push(pending);
                        break;
                    case XmlNodeType.EndElement:
                        Close(open.Pop(), open, ref tree);
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace when open.Count > 0:
                        open.Peek().Text.Append(reader.Value);
                        break;
                }
            }
            return tree is null ? CotProblem.Malformed : CotProblem.None;
        }
        catch (XmlException)
        {
            tree = null;
            return xml.Contains("<!DOCTYPE", StringComparison.Ordinal) ? CotProblem.DocumentType : CotProblem.Malformed;
        }
    }

    private static void Close(Pending pending, Stack<Pending> open, ref CotElement? tree)
    {
        var element = new CotElement(pending.Name, pending.Attributes, pending.Children, pending.Text.ToString());
        if (open.Count > 0) open.Peek().Children.Add(element);
        else tree = element;
    }

    private static CotProblem TryReadEvent(CotElement tree, out CotEvent? cot)
    {
        cot = null;
        if (tree.Name != "event") return CotProblem.NotAnEvent;
        CotElement? point = null, detail = null;
        foreach (CotElement c in tree.Children)
        {
            if (c.Name == "point" && point is not null || c.Name == "detail" && detail is not null) return CotProblem.Incomplete;
            if (c.Name == "point") point = c;
            else if (c.Name == "detail") detail = c;
        }
        if (tree["uid"] is not { Length: > 0 } uid || tree["type"] is not { Length: > 0 } type || tree["how"] is not { } how
            || tree["version"] is not { } version || point is null) return CotProblem.Incomplete;
        if (version is not ("2" or "2.0")) return CotProblem.Version;
        if (!TryReadTime(tree["time"], out Instant time) || !TryReadTime(tree["start"], out Instant start) || !TryReadTime(tree["stale"], out Instant stale))
            return CotProblem.BadTime;
        if (!CotNumber.TryRead(point["lat"], out double lat) || !CotNumber.TryRead(point["lon"], out double lon) || !CotNumber.TryRead(point["hae"], out double hae)
            || !CotNumber.TryRead(point["ce"], out double ce) || !CotNumber.TryRead(point["le"], out double le)) return CotProblem.BadPoint;
        var at = new CotPoint(lat, lon, hae, ce, le);
        if (!IsPossible(at)) return CotProblem.BadPoint;
        cot = new CotEvent
        {
            Uid = uid,
            Type = type,
            How = how,
            Time = time,
            Start = start,
            Stale = stale,
            Point = at,
            Access = tree["access"] ?? "",
            Qos = tree["qos"] ?? "",
            Opex = tree["opex"] ?? "",
            Detail = detail?.Children ?? [],
        };
        return CotProblem.None;
    }

    /// <summary>Whether a point can be on the Earth.</summary>
    internal static bool IsPossible(in CotPoint p) => Math.Abs(p.LatitudeDeg) <= 90 && Math.Abs(p.LongitudeDeg) <= 180
        && Math.Abs(p.HeightM) <= CotLimits.PointM && Math.Abs(p.CircularErrorM) <= CotLimits.PointM && Math.Abs(p.LinearErrorM) <= CotLimits.PointM;

    /// <summary>Reads a time: RFC 3339 with any count of digits after the second (Event-PUBLIC.xsd, clarification 3) and any offset from UTC.</summary>
    private static bool TryReadTime(string? text, out Instant time)
    {
        time = default;
        if (text is null || text.Length is <= DateAndTimeCharacters or > TimeCharacters || !Ascii.IsValid(text)) return false;
        int zone = text.AsSpan(DateAndTimeCharacters).IndexOfAny('Z', '+', '-');
        if (zone < 0) return false;
        zone += DateAndTimeCharacters;
        TimeSpan offset = default;
        if (text[zone] == 'Z' ? zone + 1 != text.Length : !TimeSpan.TryParseExact(text.AsSpan(zone + 1), @"hh\:mm", CultureInfo.InvariantCulture, out offset)) return false;
        int end = Math.Min(zone, DateAndTimeCharacters + 1 + TickDigits);
        if (text.AsSpan(end..zone).ContainsAnyExceptInRange('0', '9')) return false;
        if (!InstantText.TryParse(Encoding.ASCII.GetBytes(text[..end] + "Z"), out Instant local)) return false;
        time = new Instant(local.Ticks + (text[zone] == '-' ? offset.Ticks : -offset.Ticks));
        return time >= CotEvent.Earliest && time <= InstantText.Latest;
    }

    private sealed class Pending(string name)
    {
        public string Name { get; } = name;
        public List<(string Name, string Value)> Attributes { get; } = [];
        public List<CotElement> Children { get; } = [];
        public StringBuilder Text { get; } = new();
    }
}
