using System.Xml.Linq;
using CsCheck;
using Tocsin.Formats.Cap;

namespace Tocsin.Formats.Tests.Cap;

public sealed class AtomFeedTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    private static AtomFeed Feed(params AtomEntry[] entries) => new()
    {
        Id = "urn:tocsin:camp",
        Title = "Warnings",
        Author = "Camp",
        Self = "https://example.org/cap/atom.xml",
        Updated = new Instant(0),
        Entries = [.. entries],
    };

    [Fact]
    public void A_feed_has_what_RFC_4287_asks_for() =>
        Gen.String.Array[0, 4].Sample(titles =>
        {
            XElement feed = XElement.Load(new MemoryStream(Feed([.. titles.Select((t, n) => new AtomEntry($"urn:x:{n}", t, new Instant(n), "https://example.org/a.xml?a=1&b=2", t, "en"))]).Write()));
            // Section 4.1.1: exactly one id, title and updated; an author, as the entries have none.
            foreach (string name in (string[])["id", "title", "updated", "author"]) Assert.Single(feed.Elements(Atom + name));
            Assert.Single(feed.Elements(Atom + "link"), l => (string?)l.Attribute("rel") == "self");
            Assert.Equal("1970-01-01T00:00:00Z", feed.Element(Atom + "updated")!.Value);
            Assert.Equal(titles.Length, feed.Elements(Atom + "entry").Count());
            // Section 4.1.2: the same of an entry, and an alternate link as it has no content.
            foreach (XElement e in feed.Elements(Atom + "entry"))
            {
                foreach (string name in (string[])["id", "title", "updated"]) Assert.Single(e.Elements(Atom + name));
                XElement link = Assert.Single(e.Elements(Atom + "link"));
                Assert.Equal(("alternate", "application/cap+xml"), ((string?)link.Attribute("rel"), (string?)link.Attribute("type")));
                Assert.Equal("en", (string?)e.Attribute(XNamespace.Xml + "lang"));
            }
        }, iter: 100);
}
