using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Tocsin.Formats.Text;

namespace Tocsin.Formats.GeoJson;

/// <summary>A site file (<c>*.site.geojson</c>): the definition that the core works with, and the whole document that it came from.</summary>
/// <remarks>The document is kept with everything in it that this program does not know, as minified JSON: members in the order of the
/// file, every string and number spelled as there, white space between them left out. Reading that text again gives the same text and hash.</remarks>
public sealed class SiteFile
{
    private SiteFile(string fileName, SiteDefinition definition, byte[] canonicalUtf8)
    {
        FileName = fileName;
        Definition = definition;
        CanonicalUtf8 = canonicalUtf8;
        CanonicalJson = Encoding.UTF8.GetString(canonicalUtf8);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(canonicalUtf8));
    }

    /// <summary>Name of the file, without its folder.</summary>
    public string FileName { get; }

    /// <summary>The site, checked and with its zones projected.</summary>
    public SiteDefinition Definition { get; }

    /// <summary>The whole document, minified.</summary>
    public string CanonicalJson { get; }

    /// <summary>The bytes of <see cref="CanonicalJson"/>.</summary>
    public ReadOnlyMemory<byte> CanonicalUtf8 { get; }

    /// <summary>SHA-256 of <see cref="CanonicalUtf8"/>, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>Reads a site file.</summary>
    public static InputResult<SiteFile> Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (InputError.IsOfInput(e))
        {
            return InputError.Of(path, e);
        }
        return Parse(bytes, path);
    }

    /// <summary>Reads a site from its text.</summary>
    /// <param name="utf8">The GeoJSON document; a byte order mark is passed over.</param>
    /// <param name="name">What errors call it: its path, or where it was embedded.</param>
    public static InputResult<SiteFile> Parse(ReadOnlySpan<byte> utf8, string name)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (utf8.Length > FormatLimits.SiteBytes)
            return new InputError(name, "", $"it is larger than {FormatLimits.SiteBytes >> 20} MiB", "leave out what is not the site's");
        if (utf8.Trim(" \t\r\n"u8).IsEmpty) return new InputError(name, "", "it is empty", "give a GeoJSON FeatureCollection with a sensor");
        if (!Utf8.IsValid(utf8)) return new InputError(name, $"byte {FirstInvalidByte(utf8)}", "this is not UTF-8", "save the file as UTF-8");

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
            InputResult<SiteDefinition> definition = SiteParser.Parse(document.RootElement, name);
            if (!definition.Ok) return definition.Error;
            return new SiteFile(Path.GetFileName(name), definition.Value, Minify(utf8));
        }
        catch (JsonException e)
        {
            return JsonErrors.Of(name, e);
        }
    }

    /// <summary>Leaves out the white space between the tokens of valid JSON.</summary>
    private static byte[] Minify(ReadOnlySpan<byte> json)
    {
        byte[] kept = new byte[json.Length];
        int count = 0;
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            byte b = json[i];
            if (!inString && b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') continue;
            kept[count++] = b;
            if (b == '"') inString = !inString;
            else if (inString && b == '\\') kept[count++] = json[++i];
        }
        return kept[..count];
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> utf8)
    {
        int at = 0;
        while (at < utf8.Length && Rune.DecodeFromUtf8(utf8[at..], out _, out int length) == System.Buffers.OperationStatus.Done) at += length;
        return at;
    }
}
