using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Tocsin.Simulation.Report;

/// <summary>Builds HTML and SVG as element trees, so that everything is escaped and well formed, and writes them as HTML that is XML too.</summary>
internal static class Markup
{
    private static readonly XNamespace s_html = "http://www.w3.org/1999/xhtml", s_svg = "http://www.w3.org/2000/svg";

    // Elements that HTML knows to be empty; any other empty element needs its end tag.
    private static readonly string[] s_void = ["meta", "br", "hr", "col"];

    /// <summary>An HTML element.</summary>
    public static XElement H(string name, params object?[] content) => new(s_html + name, content);

    /// <summary>An SVG element.</summary>
    public static XElement S(string name, params object?[] content) => new(s_svg + name, content);

    /// <summary>An attribute.</summary>
    public static XAttribute A(string name, string value) => new(name, value);

    /// <summary>An attribute that is a coordinate or a length.</summary>
    public static XAttribute A(string name, double value) => new(name, N(value));

    /// <summary>A coordinate of a drawing, to a tenth of its unit.</summary>
    public static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A count or a number of people, with thousands separated.</summary>
    public static string Count(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    /// <summary>A figure with fixed decimals; a dash where there is none.</summary>
    public static string Figure(double? value, int decimals)
        => value is { } v ? v.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : NoFigure;

    /// <summary>A share as a percentage; a dash where there is none.</summary>
    public static string Percent(double? share) => share is { } s ? (100 * s).ToString("0", CultureInfo.InvariantCulture) + " %" : NoFigure;

    /// <summary>What stands where there is no figure.</summary>
    public const string NoFigure = "–";

    /// <summary>The time of day of an instant, to a tenth of a second.</summary>
    public static string TimeOfDay(Instant time)
    {
        string text = new Instant(time.Ticks - time.Ticks % (Instant.TicksPerSecond / 10)).ToString();
        return text.Length >= 21 ? text[11..21] : text;
    }

    /// <summary>A table with its caption; <paramref name="numericFrom"/> is the first column that is set as figures.</summary>
    public static XElement Table(string caption, IReadOnlyList<string> heads, int numericFrom, IEnumerable<IReadOnlyList<object>> rows)
    {
        XElement[] body = [.. rows.Select(row => H("tr", row.Select((cell, i) => i == 0
            ? H("th", A("scope", "row"), ClassOf(i, numericFrom), cell)
            : H("td", ClassOf(i, numericFrom), cell))))];
        return H("table", body.Length <= ShortTableRows ? A("class", "short") : null,
            H("caption", caption),
            H("thead", H("tr", heads.Select((h, i) => H("th", A("scope", "col"), ClassOf(i, numericFrom), h)))),
            H("tbody", body));
    }

    // Tables up to this length are kept on one page in print.
    private const int ShortTableRows = 14;

    /// <summary>Writes a whole page.</summary>
    public static void Write(TextWriter writer, XElement page)
    {
        foreach (XElement element in page.DescendantsAndSelf())
        {
            foreach (XAttribute attribute in element.Attributes()) attribute.Value = Clean(attribute.Value);
            foreach (XText text in element.Nodes().OfType<XText>()) text.Value = Clean(text.Value);
            if (element.IsEmpty && element.Name.Namespace == s_html && !s_void.Contains(element.Name.LocalName)) element.Add("");
        }
        writer.Write("<!DOCTYPE html>\n");
        using var xml = XmlWriter.Create(writer, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = false, NewLineHandling = NewLineHandling.None });
        page.Save(xml);
    }

    // XML has no place for most control characters and lone surrogates; a name from a file may hold them.
    private static string Clean(string text)
    {
        for (int i = 0; i < text.Length; i++)
            if (!XmlConvert.IsXmlChar(text[i])) return string.Concat(text.EnumerateRunes().Select(r => r.Value < 0x20 && !char.IsWhiteSpace((char)r.Value) || r.Value is 0xFFFE or 0xFFFF ? "\uFFFD" : r.ToString()));
        return text;
    }

    private static XAttribute? ClassOf(int column, int numericFrom) => column >= numericFrom ? A("class", "n") : null;
}
