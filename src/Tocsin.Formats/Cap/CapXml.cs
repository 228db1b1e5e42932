using System.Text;
using System.Xml;

namespace Tocsin.Formats.Cap;

/// <summary>An element of a CAP document with nothing but what CAP uses of XML.</summary>
internal sealed class CapElement(string name, string place)
{
    public string Name { get; } = name;
    public string Place { get; } = place;
    public string Text { get; set; } = "";
    public List<CapElement> Children { get; } = [];
}

/// <summary>Reads a document as elements: refuses document types and with them entities, follows no address, and stops at <see cref="CapLimits"/>.</summary>
internal static class CapXml
{
    public const string Namespace12 = "urn:oasis:names:tc:emergency:cap:1.2";
    public const string Namespace11 = "urn:oasis:names:tc:emergency:cap:1.1";
    public const string SignatureNamespace = "http://www.w3.org/2000/09/xmldsig#";
    private const string SchemaInstanceNamespace = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>Settings for every XML document that comes from outside.</summary>
    public static XmlReaderSettings GuardedSettings => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = CapLimits.MaxBytes,
        MaxCharactersFromEntities = 1,
        CloseInput = true,
    };

    /// <summary>Whether an exception is the reader's answer to a bad document and not a fault of this program.</summary>
    public static bool IsOfInput(Exception e) => e is XmlException or DecoderFallbackException or NotSupportedException or ArgumentException;

    /// <summary>The root and its version, or null and the problem.</summary>
    public static CapElement? Read(ReadOnlyMemory<byte> document, out CapVersion version, out bool signed, out CapProblem? problem)
    {
        version = CapVersion.None;
        signed = false;
        problem = null;
        if (document.Length > CapLimits.MaxBytes)
        {
            problem = Limit($"it has more than {CapLimits.MaxBytes} bytes");
            return null;
        }
        XmlReaderSettings settings = GuardedSettings;
        settings.IgnoreComments = settings.IgnoreProcessingInstructions = true;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(document.ToArray(), writable: false), settings);
            return new Walk(reader).Read(ref version, ref signed, out problem);
        }
        catch (Exception e) when (IsOfInput(e))
        {
            problem = new("xml", "", e is XmlException x ? Plain(x) : "the XML's encoding cannot be read", "CAP 1.2, 3.4");
            return null;
        }
    }

    private static string Plain(XmlException e) =>
        e.Message.Contains("DTD", StringComparison.Ordinal) ? "a document type or entity is not allowed" : "the XML cannot be read: " + InputError.OneLine(e.Message);

    private static CapProblem Limit(string says) => new("limit", "", says, "CapLimits");

    private sealed class Walk(XmlReader reader)
    {
        private int _elements;
        private string _namespace = "";

        public CapElement? Read(ref CapVersion version, ref bool signed, out CapProblem? problem)
        {
            problem = null;
            CapElement? root = null;
            var open = new Stack<(CapElement Element, StringBuilder Text)>();
            int inSignature = 0;
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        if (++_elements > CapLimits.MaxElements) problem = Limit($"it has more than {CapLimits.MaxElements} elements");
                        else if (open.Count + inSignature >= CapLimits.MaxDepth) problem = Limit($"its elements are nested deeper than {CapLimits.MaxDepth}");
                        if (problem is not null) return null;
                        if (inSignature > 0 || (open.Count == 1 && reader.NamespaceURI == SignatureNamespace))
                        {
                            signed = true;
                            if (!reader.IsEmptyElement) inSignature++;
                            break;
                        }
                        if (root is null) version = VersionOf(reader);
                        problem = Foreign(open.Count == 0) ?? Attributes();
                        if (problem is not null) return null;
                        CapElement element = new(reader.LocalName, open.Count == 0 ? "" : PlaceOf(open.Peek().Element));
                        if (open.Count > 0) open.Peek().Element.Children.Add(element);
                        root ??= element;
                        if (!reader.IsEmptyElement) open.Push((element, new StringBuilder()));
                        break;
                    case XmlNodeType.EndElement:
                        if (inSignature > 0)
                        {
                            inSignature--;
                            break;
                        }
                        (CapElement done, StringBuilder text) = open.Pop();
                        done.Text = text.ToString().Trim();
                        if (done.Children.Count == 0 || done.Text.Length == 0) break;
                        problem = new("schema", done.Place, $"{done.Name} holds text between its elements", "CAP 1.2, 3.4");
                        return null;
                    case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace when inSignature == 0 && open.Count > 0:
                        open.Peek().Text.Append(reader.Value);
                        if (open.Peek().Text.Length <= CapLimits.MaxTextCharacters) break;
                        problem = Limit($"a text has more than {CapLimits.MaxTextCharacters} characters");
                        return null;
                    case XmlNodeType.EntityReference or XmlNodeType.DocumentType:
                        problem = new("xml", "", "a document type or entity is not allowed", "CAP 1.2, 3.3.3");
                        return null;
                }
            }
            return root;
        }

        private string PlaceOf(CapElement parent)
        {
            int n = 1 + parent.Children.Count(c => c.Name == reader.LocalName);
            string here = $"{reader.LocalName}[{n}]";
            return parent.Place.Length == 0 ? here : $"{parent.Place}/{here}";
        }

        private CapVersion VersionOf(XmlReader at)
        {
            _namespace = at.NamespaceURI;
            return _namespace switch { Namespace12 => CapVersion.V12, Namespace11 => CapVersion.V11, _ => CapVersion.None };
        }

        private CapProblem? Foreign(bool isRoot)
        {
            string shown = InputError.OneLine(reader.LocalName);
            if (isRoot && (reader.LocalName != "alert" || _namespace is not (Namespace12 or Namespace11)))
                return new("schema", "", $"the root is {shown} of another namespace; give alert of {Namespace12}", "CAP 1.2, 3.4");
            return reader.NamespaceURI == _namespace ? null : new("schema", "", $"{shown} is of another namespace", "CAP 1.2, 3.4");
        }

        private CapProblem? Attributes()
        {
            if (!reader.HasAttributes) return null;
            CapProblem? problem = null;
            while (reader.MoveToNextAttribute())
                if (reader.NamespaceURI is not ("http://www.w3.org/2000/xmlns/" or SchemaInstanceNamespace))
                    problem = new("schema", "", $"an attribute, {InputError.OneLine(reader.Name)}, is not CAP's", "CAP 1.2, 3.4");
            reader.MoveToElement();
            return problem;
        }
    }
}
