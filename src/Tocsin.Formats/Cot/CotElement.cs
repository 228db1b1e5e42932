using System.Collections.Immutable;
using System.Text;
using System.Xml;

namespace Tocsin.Formats.Cot;

/// <summary>One element of an event's detail: a name, attributes, elements inside it, and text.</summary>
/// <remarks>A value: two elements are equal when XML holds them to mean the same. Attributes are kept in the order of their names, as
/// XML gives their order no meaning; text beside elements is kept as one piece before them, and dropped where it is white space.
/// Characters that XML cannot hold become U+FFFD.</remarks>
public sealed class CotElement : IEquatable<CotElement>
{
    private const char Replacement = '\uFFFD';

    /// <summary>Makes an element.</summary>
    /// <param name="name">Its name, without a colon.</param>
    /// <param name="attributes">Its attributes, each name once.</param>
    /// <param name="children">The elements inside it, in their order.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="ArgumentException">A name that XML does not allow, or two attributes of one name.</exception>
    public CotElement(string name, IEnumerable<(string Name, string Value)>? attributes = null, IEnumerable<CotElement>? children = null, string text = "")
    {
        if (!IsName(name)) throw new ArgumentException($"\"{name}\" is no name of an element", nameof(name));
        Name = name;
        Attributes = [.. (attributes ?? []).Select(a => (a.Name, Value: Clean(a.Value))).OrderBy(a => a.Name, StringComparer.Ordinal)];
        for (int i = 0; i < Attributes.Length; i++)
        {
            if (!IsName(Attributes[i].Name)) throw new ArgumentException($"\"{Attributes[i].Name}\" is no name of an attribute", nameof(attributes));
            if (i > 0 && Attributes[i].Name == Attributes[i - 1].Name) throw new ArgumentException($"two attributes {Attributes[i].Name}", nameof(attributes));
        }
        Children = [.. children ?? []];
        Text = Children.Length > 0 && string.IsNullOrWhiteSpace(text) ? "" : Clean(text);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its attributes, in the order of their names.</summary>
    public ImmutableArray<(string Name, string Value)> Attributes { get; }

    /// <summary>The elements inside it.</summary>
    public ImmutableArray<CotElement> Children { get; }

    /// <summary>Its text; empty where it has none.</summary>
    public string Text { get; }

    /// <summary>The value of an attribute; null where there is none of that name.</summary>
    public string? this[string attribute]
    {
        get
        {
            foreach ((string name, string value) in Attributes)
                if (name == attribute) return value;
            return null;
        }
    }

    /// <summary>The first element inside it of a name; null where there is none.</summary>
    public CotElement? Child(string name) => Children.FirstOrDefault(c => c.Name == name);

    /// <inheritdoc/>
    public bool Equals(CotElement? other) => other is not null && Name == other.Name && Text == other.Text
        && Attributes.AsSpan().SequenceEqual(other.Attributes.AsSpan()) && Children.AsSpan().SequenceEqual(other.Children.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CotElement);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Name, StringComparer.Ordinal);
        hash.Add(Text, StringComparer.Ordinal);
        foreach ((string Name, string Value) a in Attributes) hash.Add(a);
        foreach (CotElement c in Children) hash.Add(c);
        return hash.ToHashCode();
    }

    /// <summary>The element as XML.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        CotXml.Write(text, this);
        return text.ToString();
    }

    /// <summary>Whether XML allows the name and it names no namespace.</summary>
    internal static bool IsName(string name) => name.Length > 0 && name != "xmlns" && XmlReader.IsName(name) && !name.Contains(':', StringComparison.Ordinal);

    /// <summary>Whether XML can hold the text.</summary>
    internal static bool IsClean(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) continue;
            if (i + 1 == text.Length || !XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) return false;
            i++;
        }
        return true;
    }

    /// <summary>The text with U+FFFD for each character that XML cannot hold.</summary>
    internal static string Clean(string text)
    {
        if (IsClean(text)) return text;
        var clean = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) clean.Append(text[i]);
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) clean.Append(text[i]).Append(text[++i]);
            else clean.Append(Replacement);
        }
        return clean.ToString();
    }
}
