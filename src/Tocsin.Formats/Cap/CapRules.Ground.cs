using System.Collections.Immutable;

namespace Tocsin.Formats.Cap;

// The rules about places.
public static partial class CapRules
{
    private static string? PolygonClosed(ImmutableArray<CapPoint> p) =>
        p.Length < 4 ? "it has fewer than four points" : p[0] != p[^1] ? "its last point is not its first" : null;

    private static IEnumerable<CapFinding> Wgs84(CapAlert a) =>
        EachPolygon(a, static p => p.FirstOrDefault(static x => Off(x)) is var off && Off(off) ? Outside(off) : null)
            .Concat(EachArea(a, static x => x.Circles.SelectMany(static (c, n) => Off(c.Centre) ? new CapFinding[] { new($"circle[{n + 1}]", Outside(c.Centre)) } : [])));

    private static bool Off(CapPoint p) => !(Math.Abs(p.LatitudeDeg) <= 90 && Math.Abs(p.LongitudeDeg) <= 180);

    private static string Outside(CapPoint p) =>
        Math.Abs(p.LatitudeDeg) > 90 && Math.Abs(p.LongitudeDeg) <= 90 ? "a latitude is beyond 90: longitude seems to be written first" : "a point is not on the Earth";

    private static IEnumerable<CapFinding> CircleRadius(CapArea x)
    {
        for (int n = 0; n < x.Circles.Length; n++)
            if (!(x.Circles[n].RadiusKm >= 0)) yield return new($"circle[{n + 1}]", "its radius is negative");
    }

    private static IEnumerable<CapFinding> Ceiling(CapArea x)
    {
        if (x.CeilingFt is not { } ceiling) yield break;
        if (x.AltitudeFt is not { } altitude) yield return new("ceiling[1]", "there is no altitude");
        else if (ceiling < altitude) yield return new("ceiling[1]", "it is below the altitude");
    }

    /// <summary>Tries every pair of edges that are not neighbours. Edges that only touch do not count, as zones may meet themselves in a point.</summary>
    private static string? PolygonSimple(ImmutableArray<CapPoint> p)
    {
        if (p.Length > CapLimits.MaxCrossingPoints) return null;
        for (int i = 0; i + 1 < p.Length; i++)
            for (int j = i + 2; j + 1 < p.Length; j++)
                if (Cross(p[i], p[i + 1], p[j], p[j + 1])) return "it crosses itself";
        return null;
    }

    private static bool Cross(CapPoint a, CapPoint b, CapPoint c, CapPoint d) => Side(a, b, c) * Side(a, b, d) < 0 && Side(c, d, a) * Side(c, d, b) < 0;

    private static int Side(CapPoint a, CapPoint b, CapPoint c) =>
        Math.Sign((b.LongitudeDeg - a.LongitudeDeg) * (c.LatitudeDeg - a.LatitudeDeg) - (b.LatitudeDeg - a.LatitudeDeg) * (c.LongitudeDeg - a.LongitudeDeg));
}
