using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml;

namespace Tocsin.Formats.Cap;

/// <summary>One entry of an Atom feed (RFC 4287, section 4.1.2).</summary>
/// <param name="Id">Its id: an IRI that never changes.</param>
/// <param name="Title">Its title.</param>
/// <param name="Updated">When it last changed.</param>
/// <param name="Link">The address of the CAP document.</param>
/// <param name="Summary">What it says, shortly.</param>
/// <param name="Language">The language of title and summary.</param>
public sealed record AtomEntry(string Id, string Title, Instant Updated, string Link, string Summary, string Language);

/// <summary>An Atom feed of CAP documents (RFC 4287).</summary>
public sealed record AtomFeed
{
    /// <summary>The registered media type of Atom.</summary>
    public const string ContentType = "application/atom+xml";

    private const string Atom = "http://www.w3.org/2005/Atom";

    /// <summary>Its id: an IRI that never changes (section 4.2.6).</summary>
    public required string Id { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Who writes it; every entry's author, so that entries need none (section 4.1.1).</summary>
    public required string Author { get; init; }

    /// <summary>Its own address; null where that is not known.</summary>
    public string? Self { get; init; }

    /// <summary>When it last changed.</summary>
    public required Instant Updated { get; init; }

    /// <summary>Its entries, the newest first.</summary>
    public ImmutableArray<AtomEntry> Entries { get; init; } = [];

    /// <summary>The document, in UTF-8.</summary>
    public byte[] Write()
    {
        using var to = new MemoryStream();
        using (var xml = XmlWriter.Create(to, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.None }))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("feed", Atom);
            Text(xml, "id", Id);
            Text(xml, "title", Title);
            Text(xml, "updated", Date(Updated));
            xml.WriteStartElement("author", Atom);
            Text(xml, "name", Author);
            xml.WriteEndElement();
            if (Self is { } self) Link(xml, "self", ContentType, self);
            foreach (AtomEntry e in Entries) Entry(xml, e);
            xml.WriteEndElement();
            xml.WriteEndDocument();
        }
        return to.ToArray();
    }

    private static void Entry(XmlWriter xml, AtomEntry e)
    {
        xml.WriteStartElement("entry", Atom);
        xml.WriteAttributeString("xml", "lang", null, e.Language);
        Text(xml, "id", e.Id);
        Text(xml, "title", e.Title);
        Text(xml, "updated", Date(e.Updated));
        Link(xml, "alternate", CapWriter.ContentType, e.Link);
        Text(xml, "summary", e.Summary);
        xml.WriteEndElement();
    }

    private static void Link(XmlWriter xml, string rel, string type, string address)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", rel);
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("href", XmlText.Clean(address));
        xml.WriteEndElement();
    }

    /// <summary>RFC 3339 (section 3.3), in whole seconds; here UTC is Z, other than in CAP.</summary>
    private static string Date(Instant time) =>
        CapTime.Of(time).Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Text(XmlWriter xml, string name, string text)
    {
        xml.WriteStartElement(name, Atom);
        xml.WriteString(XmlText.Clean(text));
        xml.WriteEndElement();
    }
}
