using Tocsin.Geodesy;

namespace Tocsin.Simulation.Lint;

/// <summary>A zone with the points that stand for it, in the site's frame.</summary>
internal sealed class ZoneShape
{
    /// <summary>Points of a zone along each side of its bounding box. Chosen: every 60 m or so of a zone of 300 m.</summary>
    private const int Across = 5;

    /// <summary>Corners that stand for a zone's edge: the extremes of visibility and reach lie there.</summary>
    private const int Corners = 8;

    /// <summary>Rows on which the overlap of two zones is measured.</summary>
    private const int Rows = 64;

    public ZoneShape(ZoneDefinition zone, int index)
    {
        (Zone, Index) = (zone, index);
        GroundPolygon area = zone.Area;
        var inside = new List<(double East, double North)>();
        for (int i = 0; i < Across; i++)
            for (int j = 0; j < Across; j++)
            {
                double east = area.MinEastM + (i + 0.5) / Across * (area.MaxEastM - area.MinEastM);
                double north = area.MinNorthM + (j + 0.5) / Across * (area.MaxNorthM - area.MinNorthM);
                if (area.Contains(east, north)) inside.Add((east, north));
            }
        (double East, double North)[] edge = [.. area.Rings.SelectMany(r => r)];
        int step = Math.Max(1, edge.Length / Corners);
        (double East, double North)[] corners = [.. edge.Where((_, i) => i % step == 0)];
        // A zone thinner than the grid is stood for by its corners alone.
        Inside = inside.Count > 0 ? inside : corners;
        Points = [.. Inside, .. corners];
        Middle = Inside.MinBy(p => Square(p.East - Inside.Average(q => q.East)) + Square(p.North - Inside.Average(q => q.North)));
    }

    public ZoneDefinition Zone { get; }

    /// <summary>Its place among the site's zones.</summary>
    public int Index { get; }

    /// <summary>Points inside it, evenly over it.</summary>
    public IReadOnlyList<(double East, double North)> Inside { get; }

    /// <summary>Points inside it and corners of it.</summary>
    public IReadOnlyList<(double East, double North)> Points { get; }

    /// <summary>The point inside it that is nearest to its middle.</summary>
    public (double East, double North) Middle { get; }

    /// <summary>Area in square metres, by rows.</summary>
    public double AreaM2 => CommonM2(Zone.Area, Zone.Area);

    /// <summary>Area in square metres that it has in common with another zone, by rows: exact along each row.</summary>
    public double CommonM2(ZoneShape other) => CommonM2(Zone.Area, other.Zone.Area);

    private static double CommonM2(GroundPolygon a, GroundPolygon b)
    {
        double south = Math.Max(a.MinNorthM, b.MinNorthM), north = Math.Min(a.MaxNorthM, b.MaxNorthM);
        if (!(north > south) || !(Math.Min(a.MaxEastM, b.MaxEastM) > Math.Max(a.MinEastM, b.MinEastM))) return 0;
        double sum = 0;
        for (int i = 0; i < Rows; i++)
        {
            double at = south + (i + 0.5) / Rows * (north - south);
            List<double> first = Crossings(a, at), second = Crossings(b, at);
            for (int j = 0; j + 1 < first.Count; j += 2)
                for (int k = 0; k + 1 < second.Count; k += 2)
                    sum += Math.Max(0, Math.Min(first[j + 1], second[k + 1]) - Math.Max(first[j], second[k]));
        }
        return sum * (north - south) / Rows;
    }

    // Where a line of one northing crosses the edges, from west to east: the area is between the first and the second, the third and the fourth, ...
    private static List<double> Crossings(GroundPolygon area, double northM)
    {
        var crossings = new List<double>();
        foreach (var ring in area.Rings)
        {
            (double e0, double n0) = ring[^1];
            foreach ((double e1, double n1) in ring)
            {
                if (n1 > northM != n0 > northM) crossings.Add((e0 - e1) * (northM - n1) / (n0 - n1) + e1);
                (e0, n0) = (e1, n1);
            }
        }
        crossings.Sort();
        return crossings;
    }

    private static double Square(double x) => x * x;
}
