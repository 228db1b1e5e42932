using System.Globalization;
using System.Text.Json;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO.Converters;
using NetTopologySuite.Operation.Valid;
using Tocsin.Formats.Text;
using Tocsin.Geodesy;

namespace Tocsin.Formats.GeoJson;

/// <summary>Geometries of a site file: read and judged by NetTopologySuite, refused with the place and the mend where they are not valid.</summary>
internal static class SiteGeometry
{
    private static readonly JsonSerializerOptions s_options = new() { Converters = { new GeoJsonConverterFactory() } };

    /// <summary>Reads a Point; a height that it does not give is <paramref name="otherwiseHeightM"/>.</summary>
    public static Geodetic ReadPoint(JsonElement geometry, double otherwiseHeightM, NumberRule heightRule, Problems problems)
    {
        if (Read(geometry, problems, "give a Point: [longitude, latitude, height]") is not Geometry read) return default;
        if (read is not Point { IsEmpty: false } point)
        {
            problems.Add($"its geometry is a {Name(read)}", "give a Point: [longitude, latitude, height]");
            return default;
        }
        CheckPositions(point, problems);
        double heightM = double.IsNaN(point.Z) ? otherwiseHeightM : point.Z;
        if (!heightRule.Allows(heightM)) problems.Add($"its height {heightM} m is out of range", $"write a height {heightRule}");
        return new Geodetic(point.Y * CanonicalAngle.RadPerDegree, point.X * CanonicalAngle.RadPerDegree, heightM);
    }

    /// <summary>Reads a Polygon or a MultiPolygon that is valid as it stands: nothing is mended in silence, since nobody would know where people are warned.</summary>
    public static Geometry? ReadArea(JsonElement geometry, Problems problems)
    {
        const string mend = "give a Polygon or a MultiPolygon whose rings end where they begin";
        if (Read(geometry, problems, mend) is not Geometry read) return null;
        if (read is not (Polygon { IsEmpty: false } or MultiPolygon { IsEmpty: false }))
        {
            problems.Add($"its geometry is a {Name(read)}", mend);
            return null;
        }
        CheckPositions(read, problems);
        if (problems.First is not null) return null;
        if (new IsValidOp(read).ValidationError is TopologyValidationError error)
        {
            (string problem, string how) = Explain(error.ErrorType);
            problems.Add($"{problem} near {Show(error.Coordinate)}", how);
            return null;
        }
        return read;
    }

    /// <summary>The rings of all polygons, shells and holes alike, without the repeated position at their end.</summary>
    public static IEnumerable<Coordinate[]> Rings(Geometry area)
    {
        for (int i = 0; i < area.NumGeometries; i++)
        {
            var polygon = (Polygon)area.GetGeometryN(i);
            yield return polygon.Shell.Coordinates[..^1];
            foreach (LinearRing hole in polygon.Holes) yield return hole.Coordinates[..^1];
        }
    }

    /// <summary>A position as the file writes it.</summary>
    public static string Show(Coordinate c) =>
        string.Create(CultureInfo.InvariantCulture, $"[{Math.Round(c.X, 7)}, {Math.Round(c.Y, 7)}]");

    private static Geometry? Read(JsonElement geometry, Problems problems, string mend)
    {
        try
        {
            Geometry? read = geometry.Deserialize<Geometry>(s_options);
            if (read is null) problems.Add("its geometry is missing", mend);
            return read;
        }
        catch (ArgumentException e)
        {
            // The library's answer to a ring that is not closed or of two positions, and to a type that is no geometry's.
            problems.Add($"its geometry cannot be read ({InputError.OneLine(e.Message)})", mend);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            problems.Add("its geometry's coordinates are not positions of two or three numbers", mend);
        }
        return null;
    }

    private static void CheckPositions(Geometry geometry, Problems problems)
    {
        foreach (Coordinate c in geometry.Coordinates)
        {
            if (!double.IsFinite(c.X) || !double.IsFinite(c.Y)) problems.Add("a coordinate is not finite", "write numbers");
            else if (Math.Abs(c.X) > 180) problems.Add($"longitude {c.X} is out of range", "positions are [longitude, latitude], -180 to 180 and -90 to 90");
            else if (Math.Abs(c.Y) > 90) problems.Add($"latitude {c.Y} is out of range", "positions are [longitude, latitude], -180 to 180 and -90 to 90");
        }
    }

    private static string Name(Geometry geometry) => (geometry.IsEmpty ? "empty " : "") + geometry.GeometryType;

    private static (string Problem, string Mend) Explain(TopologyValidationErrors error) => error switch
    {
        TopologyValidationErrors.SelfIntersection or TopologyValidationErrors.RingSelfIntersection =>
            ("the polygon crosses itself", "redraw its ring"),
        TopologyValidationErrors.HoleOutsideShell => ("a hole lies outside its polygon", "move the hole or make it a polygon"),
        TopologyValidationErrors.NestedHoles => ("a hole lies in a hole", "leave one out"),
        TopologyValidationErrors.NestedShells => ("a polygon lies in another of the same zone", "leave one out"),
        TopologyValidationErrors.DisconnectedInteriors => ("its holes cut the polygon in two", "make it a MultiPolygon"),
        TopologyValidationErrors.DuplicateRings => ("a ring is there twice", "leave one out"),
        TopologyValidationErrors.TooFewPoints => ("a ring has fewer than three corners", "redraw its ring"),
        _ => ("the polygon is not valid", "redraw its ring"),
    };
}
