using System.Numerics;
using System.Runtime.Intrinsics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Prediction;

namespace Tocsin.Warnings;

/// <summary>The probability that a round comes down in an area or within a distance of it.</summary>
/// <remarks>The Gaussian is integrated over the widened area by a fixed set of points, equal in weight, that fill the plane evenly in
/// probability (Vogel's spiral, radii at the quantiles of Rayleigh's distribution): the error is a few hundredths at the most, and less for
/// convex areas; the same input gives the same bits.</remarks>
internal static class ZoneRisk
{
    private const int Points = 160;
    private const double Reach = 3.4;
    private static readonly double[] SpiralU = MakeSpiral(first: true), SpiralV = MakeSpiral(first: false);

    /// <summary>The probability for one Gaussian of an impact distribution.</summary>
    public static double Probability(in ImpactComponent c, GroundPolygon area, double distanceM)
    {
        double l11 = Math.Sqrt(Math.Max(1e-6, c.EastEastM2)), l21 = c.EastNorthM2 / l11;
        double l22 = Math.Sqrt(Math.Max(1e-6, c.NorthNorthM2 - l21 * l21));
        double reachEast = Reach * l11 + distanceM, reachNorth = Reach * Math.Sqrt(Math.Max(1e-6, c.NorthNorthM2)) + distanceM;
        if (c.EastM + reachEast < area.MinEastM || c.EastM - reachEast > area.MaxEastM
            || c.NorthM + reachNorth < area.MinNorthM || c.NorthM - reachNorth > area.MaxNorthM) return 0;
        double west = area.MinEastM - distanceM, east = area.MaxEastM + distanceM, south = area.MinNorthM - distanceM, north = area.MaxNorthM + distanceM;
        Vector256<double> meanEast = Vector256.Create(c.EastM), meanNorth = Vector256.Create(c.NorthM), e1 = Vector256.Create(l11), n1 = Vector256.Create(l21), n2 = Vector256.Create(l22);
        int inside = 0;
        for (int i = 0; i < Points; i += 4)
        {
            Vector256<double> u = Vector256.Create(SpiralU, i), v = Vector256.Create(SpiralV, i);
            Vector256<double> x = meanEast + e1 * u, y = meanNorth + n1 * u + n2 * v;
            // Most points of a wide ellipse are far from a small zone: its widened box settles those.
            uint near = (Vector256.GreaterThanOrEqual(x, Vector256.Create(west)) & Vector256.LessThanOrEqual(x, Vector256.Create(east))
                & Vector256.GreaterThanOrEqual(y, Vector256.Create(south)) & Vector256.LessThanOrEqual(y, Vector256.Create(north))).ExtractMostSignificantBits();
            if (near != 0) inside += BitOperations.PopCount(near & area.WithinM(x, y, distanceM));
        }
        return inside / (double)Points;
    }

    private static double[] MakeSpiral(bool first)
    {
        double golden = Math.PI * (3 - Math.Sqrt(5));
        var points = new double[Points];
        for (int i = 0; i < Points; i++)
        {
            double radius = Math.Sqrt(-2 * Elementary.Log(1 - (i + 0.5) / Points));
            (double sin, double cos) = Elementary.SinCos(i * golden);
            points[i] = radius * (first ? cos : sin);
        }
        return points;
    }
}
