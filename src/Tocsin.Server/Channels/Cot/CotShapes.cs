using System.Collections.Immutable;
using NetTopologySuite.Geometries;

namespace Tocsin.Server.Channels.Cot;

/// <summary>Zones as shapes that TAK can draw: outlines without holes, and a point inside with the radius of a circle around the whole.</summary>
internal static class CotShapes
{
    /// <summary>Corners of one outline; a zone with more is drawn by its convex hull, and one whose hull has more by its bounding box: larger, never smaller.</summary>
    public const int Corners = 250;

    private const double DegreesPerRad = 180 / Math.PI;
    private const double EarthRadiusM = 6_371_008.8;

    /// <summary>What is drawn of a zone.</summary>
    /// <param name="At">A point inside: the centroid of its largest polygon, where that is inside.</param>
    /// <param name="RadiusM">Radius in metres of a circle around <paramref name="At"/> that holds every corner.</param>
    /// <param name="Outlines">Closed outlines, one for each polygon.</param>
    public readonly record struct Ground(LonLat At, double RadiusM, ImmutableArray<ImmutableArray<LonLat>> Outlines);

    /// <summary>What is drawn of a zone.</summary>
    public static Ground Of(ZonePlace zone)
    {
        var factory = GeometryFactory.Default;
        List<Polygon> polygons = [.. zone.Polygons.Where(p => p.Length > 0 && p[0].Length > 3)
            .Select(p => factory.CreatePolygon(Ring(factory, p[0]), [.. p.Skip(1).Where(h => h.Length > 3).Select(h => Ring(factory, h))]))];
        if (polygons.Count == 0) return new Ground(default, Tocsin.Formats.Cot.CotPoint.UnknownM, []);
        Polygon largest = polygons.MaxBy(p => p.Area)!;
        Point at = largest.Centroid;
        if (!largest.Contains(at)) at = largest.InteriorPoint;
        var center = new LonLat(at.X, at.Y);
        ImmutableArray<ImmutableArray<LonLat>> outlines = [.. polygons.Select(Outline)];
        return new Ground(center, outlines.Max(o => o.Max(c => DistanceM(center, c))), outlines);
    }

    private static ImmutableArray<LonLat> Outline(Polygon polygon)
    {
        LineString ring = polygon.Shell;
        if (ring.NumPoints > Corners + 1 && polygon.ConvexHull() is Polygon hull) ring = hull.Shell;
        if (ring.NumPoints > Corners + 1) ring = ((Polygon)polygon.Envelope).Shell;
        return [.. ring.Coordinates.Select(c => new LonLat(c.X, c.Y))];
    }

    private static LinearRing Ring(GeometryFactory factory, ImmutableArray<LonLat> ring) =>
        factory.CreateLinearRing([.. ring.Select(c => new Coordinate(c.LongitudeDeg, c.LatitudeDeg))]);

    /// <summary>Distance on a sphere in metres (haversine): within 0.5 % of the ellipsoid's.</summary>
    private static double DistanceM(LonLat a, LonLat b)
    {
        double sinLat = Math.Sin((b.LatitudeDeg - a.LatitudeDeg) / DegreesPerRad / 2), sinLon = Math.Sin((b.LongitudeDeg - a.LongitudeDeg) / DegreesPerRad / 2);
        double h = sinLat * sinLat + Math.Cos(a.LatitudeDeg / DegreesPerRad) * Math.Cos(b.LatitudeDeg / DegreesPerRad) * sinLon * sinLon;
        return 2 * EarthRadiusM * Math.Asin(Math.Sqrt(Math.Min(1, h)));
    }
}
