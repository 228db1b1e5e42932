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
    private static readonly (double U, double V)[] Spiral = MakeSpiral();

    /// <summary>The probability for one Gaussian of an impact distribution.</summary>
    public static double Probability(in ImpactComponent c, GroundPolygon area, double distanceM)
    {
        double l11 = Math.Sqrt(Math.Max(1e-6, c.EastEastM2)), l21 = c.EastNorthM2 / l11;
        double l22 = Math.Sqrt(Math.Max(1e-6, c.NorthNorthM2 - l21 * l21));
        double reachEast = Reach * l11 + distanceM, reachNorth = Reach * Math.Sqrt(Math.Max(1e-6, c.NorthNorthM2)) + distanceM;
        if (c.EastM + reachEast < area.MinEastM || c.EastM - reachEast > area.MaxEastM
            || c.NorthM + reachNorth < area.MinNorthM || c.NorthM - reachNorth > area.MaxNorthM) return 0;
        double west = area.MinEastM - distanceM, east = area.MaxEastM + distanceM, south = area.MinNorthM - distanceM, north = area.MaxNorthM + distanceM;
        int inside = 0;
        foreach ((double u, double v) in Spiral)
        {
            double x = c.EastM + l11 * u, y = c.NorthM + l21 * u + l22 * v;
            // Most points of a wide ellipse are far from a small zone: its widened box settles those.
            if (x >= west && x <= east && y >= south && y <= north && area.DistanceM(x, y) <= distanceM) inside++;
        }
        return inside / (double)Points;
    }

    private static (double U, double V)[] MakeSpiral()
    {
        double golden = Math.PI * (3 - Math.Sqrt(5));
        var points = new (double, double)[Points];
        for (int i = 0; i < Points; i++)
        {
            double radius = Math.Sqrt(-2 * Elementary.Log(1 - (i + 0.5) / Points));
            (double sin, double cos) = Elementary.SinCos(i * golden);
            points[i] = (radius * cos, radius * sin);
        }
        return points;
    }
}
