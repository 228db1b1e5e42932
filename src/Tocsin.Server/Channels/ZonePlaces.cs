using System.Collections.Immutable;
using System.Text.Json;
using Tocsin.Formats.GeoJson;

namespace Tocsin.Server.Channels;

/// <summary>Takes the zones' ground from the site's own document: what channels draw is what the site's owner drew.</summary>
internal static class ZonePlaces
{
    /// <summary>The zones, in the order of the site.</summary>
    public static ImmutableArray<ZonePlace> Of(SiteFile file)
    {
        Dictionary<string, ImmutableArray<ImmutableArray<ImmutableArray<LonLat>>>> ground = new(StringComparer.Ordinal);
        using JsonDocument document = JsonDocument.Parse(file.CanonicalUtf8);
        foreach (JsonElement feature in document.RootElement.GetProperty("features").EnumerateArray())
        {
            if (!feature.TryGetProperty("properties", out JsonElement p) || p.ValueKind != JsonValueKind.Object || !p.TryGetProperty("kind", out JsonElement kind)
                || kind.ValueKind != JsonValueKind.String || !kind.ValueEquals("zone")) continue;
            JsonElement geometry = feature.GetProperty("geometry"), at = geometry.GetProperty("coordinates");
            ground[p.GetProperty("id").GetString()!] = geometry.GetProperty("type").ValueEquals("Polygon") ? [Rings(at)] : [.. at.EnumerateArray().Select(Rings)];
        }
        return [.. file.Definition.Zones.Select(z => new ZonePlace(z.Id, z.Name, z.Population, ground[z.Id]))];
    }

    private static ImmutableArray<ImmutableArray<LonLat>> Rings(JsonElement rings) =>
        [.. rings.EnumerateArray().Select(r => (ImmutableArray<LonLat>)[.. r.EnumerateArray().Select(p => new LonLat(p[0].GetDouble(), p[1].GetDouble()))])];
}
