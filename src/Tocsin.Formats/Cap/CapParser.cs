using System.Collections.Immutable;
using System.Globalization;

namespace Tocsin.Formats.Cap;

/// <summary>Reads CAP 1.2 (and 1.1) strictly by its schema: unknown, missing, repeated or misplaced elements and values are problems, never exceptions.</summary>
/// <remarks>An optional element that is empty counts as absent, as some national services write them so. What the schema cannot say, <see cref="CapRules"/> does.</remarks>
public static class CapParser
{
    private const string Schema = "CAP 1.2, 3.4";

    private enum Times : byte { One, Optional, Many, Some }

    private static readonly (string Name, Times Times)[] AlertElements =
    [
        ("identifier", Times.One), ("sender", Times.One), ("sent", Times.One), ("status", Times.One), ("msgType", Times.One), ("source", Times.Optional),
        ("scope", Times.One), ("restriction", Times.Optional), ("addresses", Times.Optional), ("code", Times.Many), ("note", Times.Optional),
        ("references", Times.Optional), ("incidents", Times.Optional), ("info", Times.Many),
    ];

    private static readonly (string Name, Times Times)[] InfoElements =
    [
        ("language", Times.Optional), ("category", Times.Some), ("event", Times.One), ("responseType", Times.Many), ("urgency", Times.One),
        ("severity", Times.One), ("certainty", Times.One), ("audience", Times.Optional), ("eventCode", Times.Many), ("effective", Times.Optional),
        ("onset", Times.Optional), ("expires", Times.Optional), ("senderName", Times.Optional), ("headline", Times.Optional),
        ("description", Times.Optional), ("instruction", Times.Optional), ("web", Times.Optional), ("contact", Times.Optional),
        ("parameter", Times.Many), ("resource", Times.Many), ("area", Times.Many),
    ];

    private static readonly (string Name, Times Times)[] ResourceElements =
    [
        ("resourceDesc", Times.One), ("mimeType", Times.One), ("size", Times.Optional), ("uri", Times.Optional), ("derefUri", Times.Optional),
        ("digest", Times.Optional),
    ];

    private static readonly (string Name, Times Times)[] AreaElements =
    [
        ("areaDesc", Times.One), ("polygon", Times.Many), ("circle", Times.Many), ("geocode", Times.Many), ("altitude", Times.Optional),
        ("ceiling", Times.Optional),
    ];

    private static readonly (string Name, Times Times)[] ValueElements = [("valueName", Times.One), ("value", Times.One)];

    /// <summary>Reads a document of any encoding that XML declares.</summary>
    public static CapReading Parse(ReadOnlyMemory<byte> document)
    {
        CapElement? root = CapXml.Read(document, out CapVersion version, out bool signed, out CapProblem? problem);
        if (root is null) return new(null, version, signed, [problem ?? new("xml", "", "the document is empty", Schema)]);
        List<CapProblem> problems = [];
        CapAlert alert = Alert(new Part(root, AlertElements, problems));
        return new(problems.Count == 0 ? alert : null, version, signed, [.. problems.Take(CapLimits.MaxProblems)]);
    }

    private static CapAlert Alert(Part p) => new()
    {
        Identifier = p.Text("identifier"),
        Sender = p.Text("sender"),
        Sent = p.Time("sent") ?? default,
        Status = p.Choice<CapStatus>("status"),
        MsgType = p.Choice<CapMsgType>("msgType"),
        Source = p.Optional("source"),
        Scope = p.Choice<CapScope>("scope"),
        Restriction = p.Optional("restriction"),
        Addresses = p.Optional("addresses"),
        Codes = [.. p.All("code").Select(e => e.Text)],
        Note = p.Optional("note"),
        References = References(p),
        Incidents = p.Optional("incidents"),
        Infos = [.. p.Parts("info", InfoElements).Select(Info)],
    };

    private static ImmutableArray<string> References(Part p)
    {
        if (p.Optional("references") is not { } text) return [];
        string[] references = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (references.Length > CapLimits.MaxReferences) p.Add("limit", "references[1]", $"more than {CapLimits.MaxReferences} references", "CapLimits");
        return [.. references];
    }

    private static CapInfo Info(Part p) => new()
    {
        Language = p.Optional("language"),
        Categories = p.Choices<CapCategory>("category"),
        Event = p.Text("event"),
        ResponseTypes = p.Choices<CapResponseType>("responseType"),
        Urgency = p.Choice<CapUrgency>("urgency"),
        Severity = p.Choice<CapSeverity>("severity"),
        Certainty = p.Choice<CapCertainty>("certainty"),
        Audience = p.Optional("audience"),
        EventCodes = Values(p, "eventCode"),
        Effective = p.Time("effective"),
        Onset = p.Time("onset"),
        Expires = p.Time("expires"),
        SenderName = p.Optional("senderName"),
        Headline = p.Optional("headline"),
        Description = p.Optional("description"),
        Instruction = p.Optional("instruction"),
        Web = p.Optional("web"),
        Contact = p.Optional("contact"),
        Parameters = Values(p, "parameter"),
        Resources = [.. p.Parts("resource", ResourceElements).Select(Resource)],
        Areas = [.. p.Parts("area", AreaElements).Select(Area)],
    };

    private static ImmutableArray<CapValue> Values(Part p, string name) =>
        [.. p.Parts(name, ValueElements).Select(v => new CapValue(v.Text("valueName"), v.Text("value")))];

    private static CapResource Resource(Part p) => new()
    {
        ResourceDesc = p.Text("resourceDesc"),
        MimeType = p.Text("mimeType"),
        Size = p.Whole("size"),
        Uri = p.Optional("uri"),
        DerefUri = p.Optional("derefUri"),
        Digest = p.Optional("digest"),
    };

    private static CapArea Area(Part p) => new()
    {
        AreaDesc = p.Text("areaDesc"),
        Polygons = [.. p.All("polygon").Select(e => Polygon(p, e))],
        Circles = [.. p.All("circle").Select(e => Circle(p, e))],
        Geocodes = Values(p, "geocode"),
        AltitudeFt = p.Decimal("altitude"),
        CeilingFt = p.Decimal("ceiling"),
    };

    private static ImmutableArray<CapPoint> Polygon(Part p, CapElement e)
    {
        string[] pairs = e.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (pairs.Length > CapLimits.MaxPolygonPoints)
        {
            p.AddAt("limit", e.Place, $"more than {CapLimits.MaxPolygonPoints} points", "CapLimits");
            return [];
        }
        var points = ImmutableArray.CreateBuilder<CapPoint>(pairs.Length);
        foreach (string pair in pairs)
        {
            if (!TryPoint(pair, out CapPoint point))
            {
                p.AddAt("polygon-form", e.Place, $"\"{Shown(pair)}\" is no pair of numbers: latitude,longitude", "CAP 1.2, 3.2.4 polygon");
                return [];
            }
            points.Add(point);
        }
        return points.DrainToImmutable();
    }

    private static CapCircle Circle(Part p, CapElement e)
    {
        string[] parts = e.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 2 && TryPoint(parts[0], out CapPoint centre) && TryNumber(parts[1], out double radius)) return new(centre, radius);
        p.AddAt("circle-form", e.Place, $"\"{Shown(e.Text)}\" is not a point and a radius: latitude,longitude kilometres", "CAP 1.2, 3.2.4 circle");
        return default;
    }

    private static bool TryPoint(string pair, out CapPoint point)
    {
        int comma = pair.IndexOf(',', StringComparison.Ordinal);
        point = default;
        if (comma < 0 || !TryNumber(pair.AsSpan(0, comma), out double latitude) || !TryNumber(pair.AsSpan(comma + 1), out double longitude)) return false;
        point = new(latitude, longitude);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static string Shown(string text) => InputError.OneLine(text.Length <= 40 ? text : text[..40] + "…");

    /// <summary>An element whose children have been sorted by the schema; asks for their values and notes what is wrong.</summary>
    private sealed class Part
    {
        private readonly CapElement _element;
        private readonly List<CapProblem> _problems;
        private readonly Dictionary<string, List<CapElement>> _children = new(StringComparer.Ordinal);

        public Part(CapElement element, (string Name, Times Times)[] order, List<CapProblem> problems)
        {
            (_element, _problems) = (element, problems);
            int at = 0;
            foreach (CapElement child in element.Children)
            {
                int found = Array.FindIndex(order, o => o.Name == child.Name);
                if (found < 0)
                {
                    AddAt("schema", child.Place, $"{InputError.OneLine(child.Name)} is no element of {element.Name}", Schema);
                    continue;
                }
                if (found < at) AddAt("schema", child.Place, $"{child.Name} comes after {order[at].Name} and belongs before it", Schema);
                at = Math.Max(at, found);
                if (!_children.TryGetValue(child.Name, out List<CapElement>? same)) _children[child.Name] = same = [];
                same.Add(child);
                if (same.Count == 2 && order[found].Times is (Times.One or Times.Optional))
                    AddAt("schema", child.Place, $"{child.Name} may be there once only", Schema);
            }
            foreach ((string name, Times times) in order)
                if (times is Times.One or Times.Some && !_children.ContainsKey(name))
                    Add("schema", "", $"{name} is missing", Schema);
        }

        public List<CapElement> All(string name) => _children.TryGetValue(name, out List<CapElement>? found) ? found : [];

        public IEnumerable<Part> Parts(string name, (string Name, Times Times)[] order) => All(name).Select(e => new Part(e, order, _problems));

        public string Text(string name) => Leaf(name)?.Text ?? "";

        public string? Optional(string name) => Leaf(name) is { Text.Length: > 0 } e ? e.Text : null;

        public CapTime? Time(string name)
        {
            if (Leaf(name) is not { } e) return null;
            if (CapTime.TryParse(e.Text, out CapTime time)) return time;
            AddAt("time-form", e.Place, $"\"{Shown(e.Text)}\" is no time such as 2026-11-23T22:43:05-00:00", "CAP 1.2, 3.3.2");
            return null;
        }

        public long? Whole(string name)
        {
            if (Optional(name) is not { } text) return null;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)) return value;
            AddAt("schema", Leaf(name)!.Place, $"\"{Shown(text)}\" is no whole number", Schema);
            return null;
        }

        public decimal? Decimal(string name)
        {
            if (Optional(name) is not { } text) return null;
            if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)) return value;
            AddAt("schema", Leaf(name)!.Place, $"\"{Shown(text)}\" is no decimal number", Schema);
            return null;
        }

        public T Choice<T>(string name) where T : struct, Enum => Leaf(name) is { } e ? One<T>(e) : default;

        public ImmutableArray<T> Choices<T>(string name) where T : struct, Enum => [.. All(name).Select(One<T>)];

        public void Add(string rule, string place, string says, string source) =>
            AddAt(rule, _element.Place.Length == 0 ? place : place.Length == 0 ? _element.Place : $"{_element.Place}/{place}", says, source);

        public void AddAt(string rule, string place, string says, string source)
        {
            if (_problems.Count <= CapLimits.MaxProblems) _problems.Add(new(rule, place, says, source));
        }

        private CapElement? Leaf(string name)
        {
            if (!_children.TryGetValue(name, out List<CapElement>? found)) return null;
            if (found[0].Children.Count > 0) AddAt("schema", found[0].Place, $"{name} holds elements where a text belongs", Schema);
            return found[0];
        }

        private T One<T>(CapElement e) where T : struct, Enum
        {
            // Enum.TryParse takes numbers too, so the name is compared.
            if (Enum.TryParse(e.Text, out T value) && Enum.IsDefined(value) && string.Equals(value.ToString(), e.Text, StringComparison.Ordinal)) return value;
            AddAt("schema", e.Place, $"\"{Shown(e.Text)}\" is none of {string.Join(", ", Enum.GetNames<T>())}", Schema);
            return default;
        }
    }
}
