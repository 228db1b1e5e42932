using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Campaigns;

/// <summary>Cuts a site's zones anew: squares of one size over the ground that its zones cover, or one zone for all.</summary>
/// <remarks>People stay where they are, evenly spread within a zone of the file (<see cref="Scenario.Homes"/>), and a square has of each zone the share of the people that it has of the ground. The
/// time to shelter is the longest of the zones that a square touches, and a siren serves the squares that touch one of its zones: both chosen. Squares are laid from the south-west corner
/// of the zones' bounding box and end at its sides; those without ground of a zone are left out. Areas are those of the plane of longitude and latitude at the box's middle,
/// within some 1e-4 of the true shares over a site of 10 km. Zones within another zone (<c>parent</c>) are left out of the cutting, for their people are counted there.</remarks>
internal static class ZoneGrid
{
    /// <summary>The value that makes one zone of all.</summary>
    public const string Whole = "whole";

    /// <summary>Squares of one site at most: <see cref="Limits.Zones"/>.</summary>
    private const int MaxSquares = Limits.Zones;

    private sealed record OldZone(string Id, JsonObject Feature, double Population, double TimeToShelterS, List<(double X, double Y)[]> Rings, double AreaM2);

    private sealed record NewZone(string Id, string Name, double Population, double TimeToShelterS, List<string> From, JsonNode Geometry, JsonObject Like);

    /// <summary>Replaces the zones of a site's document.</summary>
    /// <returns>What stands in the way, with the mend; null where it is done.</returns>
    public static string? Cut(JsonNode site, JsonElement size)
    {
        double? gridM = size.ValueKind == JsonValueKind.Number ? size.GetDouble() : null;
        if (gridM is null ? size.ValueKind != JsonValueKind.String || size.GetString() != Whole : !(gridM >= 20 && gridM <= 100_000))
            return $"site:zones.gridM is {size.GetRawText()}; write the squares' side, 20 to 100000 metres, or \"{Whole}\" for one zone";
        if (site["features"] is not JsonArray features) return "the site has no features; give a GeoJSON FeatureCollection";
        JsonObject[] zones = [.. features.OfType<JsonObject>().Where(f => Text(f, "kind") == "zone" && f["properties"]!["parent"] is null)];
        if (zones.Length == 0) return "the site has no zones to cut";

        (double lon0, double lat0, double lon1, double lat1) = Box(zones);
        // The ellipsoid's radii of curvature at the middle, along the meridian and across it (WGS-84).
        (double sin, double cos) = Elementary.SinCos(Degrees.ToRad((lat0 + lat1) / 2));
        double w2 = 1 - Wgs84.EccentricitySquared * sin * sin, acrossM = Wgs84.SemiMajorAxisM / Math.Sqrt(w2);
        double metresPerLat = Degrees.ToRad(acrossM * (1 - Wgs84.EccentricitySquared) / w2), metresPerLon = Degrees.ToRad(acrossM * cos);
        OldZone[] old = [.. zones.Select(z => Read(z, p => ((p.Lon - lon0) * metresPerLon, (p.Lat - lat0) * metresPerLat)))];

        List<NewZone>? made = gridM is { } m ? Squares(old, m, (lon1 - lon0) * metresPerLon, (lat1 - lat0) * metresPerLat,
            (x, y) => (lon0 + x / metresPerLon, lat0 + y / metresPerLat)) : [One(old)];
        if (made is null) return $"squares of {gridM} m are more than {MaxSquares} zones; take larger ones";

        JsonNode[] kept = [.. features.Where(f => f is not JsonObject o || Text(o, "kind") != "zone").Select(f => f!.DeepClone())];
        foreach (JsonNode siren in kept.Where(f => f is JsonObject o && Text(o, "kind") == "siren"))
        {
            HashSet<string> served = [.. siren["properties"]!["zones"]!.AsArray().Select(z => (string)z!)];
            siren["properties"]!["zones"] = new JsonArray([.. made.Where(n => n.From.Exists(served.Contains)).Select(n => (JsonNode)n.Id)]);
        }
        site["features"] = new JsonArray([.. kept, .. made.Select(Feature)]);
        return null;
    }

    /// <summary>The zones of the site before they were cut, in the frame of the site after: where people are still.</summary>
    public static ZoneDefinition[] HomesIn(SiteDefinition after, SiteDefinition before)
    {
        (double, double) Moved((double East, double North) corner)
        {
            Enu at = after.Frame.ToEnu(before.Frame.ToGeodetic(new Enu(corner.East, corner.North, 0)) with { HeightM = before.GroundElevationM });
            return (at.East, at.North);
        }
        return [.. before.Zones.Where(z => z.Parent is null).Select(z => z with { Area = new GroundPolygon([.. z.Area.Rings.Select(r => (ImmutableArray<(double, double)>)[.. r.Select(Moved)])]) })];
    }

    private static List<NewZone>? Squares(OldZone[] old, double sideM, double widthM, double heightM, Func<double, double, (double Lon, double Lat)> place)
    {
        int columns = Math.Max(1, (int)Math.Ceiling(widthM / sideM - 1e-9)), rows = Math.Max(1, (int)Math.Ceiling(heightM / sideM - 1e-9));
        if ((long)columns * rows > 4L * MaxSquares) return null;
        var made = new List<NewZone>();
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double x0 = column * sideM, y0 = row * sideM, x1 = Math.Min(x0 + sideM, widthM), y1 = Math.Min(y0 + sideM, heightM), population = 0, shelterS = 0, most = -1;
                var from = new List<string>();
                JsonObject? like = null;
                foreach (OldZone zone in old)
                {
                    double shared = SharedArea(zone.Rings, x0, y0, x1, y1);
                    // Less than a thousandth of a square is the rounding of neighbours' corners.
                    if (shared < 1e-3 * (x1 - x0) * (y1 - y0)) continue;
                    from.Add(zone.Id);
                    population += zone.Population * shared / zone.AreaM2;
                    shelterS = Math.Max(shelterS, zone.TimeToShelterS);
                    if (shared > most) (most, like) = (shared, zone.Feature);
                }
                if (like is null) continue;
                (double Lon, double Lat)[] corners = [place(x0, y0), place(x1, y0), place(x1, y1), place(x0, y1), place(x0, y0)];
                var ring = new JsonArray([.. corners.Select(c => new JsonArray(Math.Round(c.Lon, 7), Math.Round(c.Lat, 7)))]);
                string id = string.Create(CultureInfo.InvariantCulture, $"G{row + 1:00}-{column + 1:00}");
                made.Add(new(id, $"Square {id}", Math.Round(population, 6), shelterS, from, new JsonObject { ["type"] = "Polygon", ["coordinates"] = new JsonArray(ring) }, like));
                if (made.Count > MaxSquares) return null;
            }
        }
        return made;
    }

    private static NewZone One(OldZone[] old)
    {
        JsonArray Polygon(JsonNode coordinates) => (JsonArray)coordinates.DeepClone();
        (double x0, double y0, double x1, double y1) = Box([.. old.Select(o => o.Feature)]);
        // Neighbours share sides, which no valid MultiPolygon may: one zone is the box of all.
        var ring = new JsonArray(new JsonArray(x0, y0), new JsonArray(x1, y0), new JsonArray(x1, y1), new JsonArray(x0, y1), new JsonArray(x0, y0));
        JsonNode geometry = old.Length == 1 ? new JsonObject { ["type"] = (string)old[0].Feature["geometry"]!["type"]!, ["coordinates"] = Polygon(old[0].Feature["geometry"]!["coordinates"]!) }
            : new JsonObject { ["type"] = "Polygon", ["coordinates"] = new JsonArray(ring) };
        return new("ALL", "Whole site", old.Sum(o => o.Population), old.Max(o => o.TimeToShelterS), [.. old.Select(o => o.Id)], geometry, old[0].Feature);
    }

    private static JsonNode Feature(NewZone zone)
    {
        // What the simulation of people reads of a zone besides goes along with the zone that the square has most ground of.
        var properties = (JsonObject)zone.Like["properties"]!.DeepClone();
        (properties["id"], properties["name"], properties["population"], properties["timeToShelterS"]) = (zone.Id, zone.Name, zone.Population, zone.TimeToShelterS);
        return new JsonObject { ["type"] = "Feature", ["geometry"] = zone.Geometry.DeepClone(), ["properties"] = properties };
    }

    private static OldZone Read(JsonObject feature, Func<(double Lon, double Lat), (double, double)> project)
    {
        List<(double, double)[]> rings = [.. Rings(feature).Select(r => r.Select(project).ToArray())];
        return new(Text(feature, "id")!, feature, Number(feature, "population", 0), Number(feature, "timeToShelterS", 10), rings, SharedArea(rings, -1e9, -1e9, 1e9, 1e9));
    }

    // Shells and holes alike: areas are signed by the place in the polygon, the first ring being the shell.
    private static IEnumerable<(double Lon, double Lat)[]> Rings(JsonObject feature)
    {
        JsonNode geometry = feature["geometry"]!;
        JsonNode?[] polygons = [.. geometry["coordinates"]!.AsArray()];
        if ((string)geometry["type"]! == "Polygon") polygons = [geometry["coordinates"]];
        foreach (JsonNode? polygon in polygons)
        {
            bool shell = true;
            foreach (JsonNode? ring in polygon!.AsArray())
            {
                (double Lon, double Lat)[] points = [.. ring!.AsArray().SkipLast(1).Select(p => ((double)p![0]!, (double)p[1]!))];
                // Shells run anticlockwise and holes clockwise from here on, so that signed areas add up.
                if (Signed(points) > 0 != shell) Array.Reverse(points);
                shell = false;
                yield return points;
            }
        }
    }

    private static double SharedArea(List<(double X, double Y)[]> rings, double x0, double y0, double x1, double y1)
    {
        double area = 0;
        foreach ((double X, double Y)[] ring in rings)
        {
            List<(double X, double Y)> inside = Clip([.. ring], p => p.X - x0);
            inside = Clip(inside, p => x1 - p.X);
            inside = Clip(inside, p => p.Y - y0);
            area += Signed([.. Clip(inside, p => y1 - p.Y)]);
        }
        return area;
    }

    /// <summary>The part of a ring on one side of a line (Sutherland and Hodgman, Communications of the ACM 17(1), 1974): its area is right for any ring.</summary>
    private static List<(double X, double Y)> Clip(List<(double X, double Y)> ring, Func<(double X, double Y), double> side)
    {
        var kept = new List<(double X, double Y)>();
        for (int i = 0; i < ring.Count; i++)
        {
            (double X, double Y) from = ring[i], to = ring[(i + 1) % ring.Count];
            double a = side(from), b = side(to);
            if (a >= 0) kept.Add(from);
            if (a >= 0 != b >= 0)
            {
                double t = a / (a - b);
                kept.Add((from.X + t * (to.X - from.X), from.Y + t * (to.Y - from.Y)));
            }
        }
        return kept;
    }

    private static double Signed(ReadOnlySpan<(double X, double Y)> ring)
    {
        double twice = 0;
        for (int i = 0; i < ring.Length; i++)
        {
            (double X, double Y) a = ring[i], b = ring[(i + 1) % ring.Length];
            twice += a.X * b.Y - b.X * a.Y;
        }
        return twice / 2;
    }

    private static (double, double, double, double) Box(JsonObject[] zones)
    {
        (double Lon, double Lat)[] points = [.. zones.SelectMany(Rings).SelectMany(r => r)];
        return (points.Min(p => p.Lon), points.Min(p => p.Lat), points.Max(p => p.Lon), points.Max(p => p.Lat));
    }

    private static string? Text(JsonObject feature, string member) => feature["properties"]?[member] is JsonValue v && v.GetValueKind() == JsonValueKind.String ? (string)v! : null;

    private static double Number(JsonObject feature, string member, double otherwise) => feature["properties"]?[member] is JsonValue v && v.GetValueKind() == JsonValueKind.Number ? (double)v : otherwise;
}
