using System.Text.Json;

namespace Tocsin.Simulation.Lint;

/// <summary>Where a site's objects stand in its file, as JSON paths.</summary>
internal sealed class SitePlaces
{
    private readonly Dictionary<(string Kind, string Id), int> _features = [];

    /// <summary>Finds the features of a site file's text; without a text, places are named by the objects' own names.</summary>
    public SitePlaces(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            Root = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // The site's reader has already said so, or the caller gave something else: places without paths still serve.
            return;
        }
        int i = 0;
        foreach (JsonElement feature in Features())
        {
            if (Properties(feature) is { } p && Text(p, "kind") is { } kind && Text(p, "id") is { } id) _features.TryAdd((kind, id), i);
            i++;
        }
    }

    /// <summary>The whole document; undefined where there is none.</summary>
    public JsonElement Root { get; }

    /// <summary>The path of a member of an object's properties, or of the object itself where no member is named.</summary>
    public string Of(string kind, string id, string? member = null) =>
        !_features.TryGetValue((kind, id), out int i) ? $"{kind} {id}" + (member is null ? "" : "." + member)
        : member is null ? $"$.features[{i}]" : $"$.features[{i}].properties.{member}";

    /// <summary>The features in the order of the file.</summary>
    public IEnumerable<JsonElement> Features() =>
        Root.ValueKind == JsonValueKind.Object && Root.TryGetProperty("features", out JsonElement features) && features.ValueKind == JsonValueKind.Array
            ? features.EnumerateArray() : [];

    /// <summary>A feature's properties; null where it has none.</summary>
    public static JsonElement? Properties(JsonElement feature) =>
        feature.ValueKind == JsonValueKind.Object && feature.TryGetProperty("properties", out JsonElement p) && p.ValueKind == JsonValueKind.Object ? p : null;

    /// <summary>A member that is text; null where it is not.</summary>
    public static string? Text(JsonElement element, string member)
    {
        try
        {
            return element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: JSON, and yet no text.
            return null;
        }
    }
}
