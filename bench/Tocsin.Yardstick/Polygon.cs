namespace Tocsin.Yardstick;

/// <summary>Distances to polygons in the plane.</summary>
internal static class Polygon
{
    /// <summary>Whether a point is inside a ring, by counting crossings.</summary>
    public static bool Contains((double E, double N)[] ring, double e, double n)
    {
        bool inside = false;
        for (int i = 0, j = ring.Length - 1; i < ring.Length; j = i++)
        {
            if (ring[i].N > n != ring[j].N > n && e < (ring[j].E - ring[i].E) * (n - ring[i].N) / (ring[j].N - ring[i].N) + ring[i].E)
                inside = !inside;
        }
        return inside;
    }

    /// <summary>Distance from a point to a ring's area in metres; zero inside.</summary>
    public static double Distance((double E, double N)[] ring, double e, double n) => Contains(ring, e, n) ? 0 : ToEdge(ring, e, n);

    /// <summary>Distance from a point to a ring's line in metres.</summary>
    public static double ToEdge((double E, double N)[] ring, double e, double n)
    {
        double best = double.PositiveInfinity;
        for (int i = 0, j = ring.Length - 1; i < ring.Length; j = i++)
        {
            (double de, double dn) = (ring[i].E - ring[j].E, ring[i].N - ring[j].N);
            double square = de * de + dn * dn;
            double u = square == 0 ? 0 : Math.Clamp(((e - ring[j].E) * de + (n - ring[j].N) * dn) / square, 0, 1);
            double x = ring[j].E + u * de - e, y = ring[j].N + u * dn - n;
            best = Math.Min(best, Math.Sqrt(x * x + y * y));
        }
        return best;
    }
}
