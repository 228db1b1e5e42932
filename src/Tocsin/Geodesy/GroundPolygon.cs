using System.Collections.Immutable;
using System.Runtime.Intrinsics;

namespace Tocsin.Geodesy;

/// <summary>An area on the site's ground: rings of east and north in metres, in the site's local frame, by the even-odd rule.</summary>
/// <remarks>Rings are not repeated at their end. Holes and several parts are further rings. Rings do not cross (the reader of
/// the site file refuses those that do).</remarks>
public sealed class GroundPolygon
{
    /// <summary>Makes a polygon of at least one ring of at least three corners.</summary>
    /// <exception cref="ArgumentException">No ring, or a ring of fewer than three corners.</exception>
    public GroundPolygon(ImmutableArray<ImmutableArray<(double East, double North)>> rings)
    {
        if (rings.IsDefaultOrEmpty) throw new ArgumentException("a polygon needs a ring", nameof(rings));
        double minE = double.MaxValue, minN = double.MaxValue, maxE = double.MinValue, maxN = double.MinValue;
        foreach (ImmutableArray<(double East, double North)> ring in rings)
        {
            if (ring.Length < 3) throw new ArgumentException("a ring needs three corners", nameof(rings));
            foreach ((double e, double n) in ring)
            {
                minE = Math.Min(minE, e); maxE = Math.Max(maxE, e);
                minN = Math.Min(minN, n); maxN = Math.Max(maxN, n);
            }
        }
        Rings = rings;
        (MinEastM, MinNorthM, MaxEastM, MaxNorthM) = (minE, minN, maxE, maxN);
    }

    /// <summary>The rings.</summary>
    public ImmutableArray<ImmutableArray<(double East, double North)>> Rings { get; }

    /// <summary>West edge of the bounding box, metres.</summary>
    public double MinEastM { get; }

    /// <summary>South edge of the bounding box, metres.</summary>
    public double MinNorthM { get; }

    /// <summary>East edge of the bounding box, metres.</summary>
    public double MaxEastM { get; }

    /// <summary>North edge of the bounding box, metres.</summary>
    public double MaxNorthM { get; }

    /// <summary>Whether the point is inside, by the even-odd rule.</summary>
    public bool Contains(double eastM, double northM)
    {
        bool inside = false;
        foreach (ImmutableArray<(double East, double North)> ring in Rings)
        {
            (double e0, double n0) = ring[^1];
            foreach ((double e1, double n1) in ring)
            {
                if (n1 > northM != n0 > northM && eastM < (e0 - e1) * (northM - n1) / (n0 - n1) + e1) inside = !inside;
                (e0, n0) = (e1, n1);
            }
        }
        return inside;
    }

    /// <summary>Distance in metres from the point to the area; 0 inside it.</summary>
    public double DistanceM(double eastM, double northM)
    {
        if (Contains(eastM, northM)) return 0;
        double best = double.MaxValue;
        foreach (ImmutableArray<(double East, double North)> ring in Rings)
        {
            (double e0, double n0) = ring[^1];
            foreach ((double e1, double n1) in ring)
            {
                double de = e1 - e0, dn = n1 - n0, length2 = de * de + dn * dn;
                double s = length2 > 0 ? Math.Clamp(((eastM - e0) * de + (northM - n0) * dn) / length2, 0, 1) : 0;
                double x = eastM - e0 - s * de, y = northM - n0 - s * dn;
                best = Math.Min(best, x * x + y * y);
                (e0, n0) = (e1, n1);
            }
        }
        return Math.Sqrt(best);
    }

    /// <summary>Which of four points lie in the area or within <paramref name="distanceM"/> of it, a bit each from the lowest: what <see cref="DistanceM"/> says of them, by the same arithmetic.</summary>
    internal uint WithinM(Vector256<double> eastM, Vector256<double> northM, double distanceM)
    {
        Vector256<double> inside = Vector256<double>.Zero, best = Vector256.Create(double.MaxValue), one = Vector256<double>.One;
        foreach (ImmutableArray<(double East, double North)> ring in Rings)
        {
            (double e0, double n0) = ring[^1];
            foreach ((double e1, double n1) in ring)
            {
                Vector256<double> east1 = Vector256.Create(e1), above = Vector256.GreaterThan(Vector256.Create(n1), northM) ^ Vector256.GreaterThan(Vector256.Create(n0), northM);
                // A level edge is crossed by no point's line: what its division gives is masked out.
                Vector256<double> left = Vector256.LessThan(eastM, Vector256.Create(e0 - e1) * (northM - Vector256.Create(n1)) / Vector256.Create(n0 - n1) + east1);
                inside ^= above & left;
                double de = e1 - e0, dn = n1 - n0, length2 = de * de + dn * dn;
                Vector256<double> east = eastM - Vector256.Create(e0), north = northM - Vector256.Create(n0), s = Vector256<double>.Zero;
                Vector256<double> deltaEast = Vector256.Create(de), deltaNorth = Vector256.Create(dn);
                if (length2 > 0) s = Vector256.Min(Vector256.Max((east * deltaEast + north * deltaNorth) / Vector256.Create(length2), s), one);
                Vector256<double> x = east - s * deltaEast, y = north - s * deltaNorth;
                best = Vector256.Min(best, x * x + y * y);
                (e0, n0) = (e1, n1);
            }
        }
        return (inside | Vector256.LessThanOrEqual(Vector256.Sqrt(best), Vector256.Create(distanceM))).ExtractMostSignificantBits();
    }
}
