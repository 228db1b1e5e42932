using System.Text;
using System.Xml;

namespace Tocsin.Formats.Cap;

/// <summary>Texts made fit for XML.</summary>
internal static class XmlText
{
    /// <summary>Replaces what XML 1.0 cannot hold (section 2.2) by U+FFFD, and line ends by a line feed, as a reader would.</summary>
    public static string Clean(string text)
    {
        if (text.Contains('\r', StringComparison.Ordinal)) text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        StringBuilder? clean = null;
        for (int i = 0; i < text.Length; i++)
        {
            int good = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : XmlConvert.IsXmlChar(text[i]) ? 1 : 0;
            if (good > 0)
            {
                clean?.Append(text, i, good);
                i += good - 1;
                continue;
            }
            clean ??= new StringBuilder(text, 0, i, text.Length);
            clean.Append('\uFFFD');
        }
        return clean?.ToString() ?? text;
    }
}
