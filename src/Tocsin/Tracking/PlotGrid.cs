using System.Runtime.InteropServices;

namespace Tocsin.Tracking;

/// <summary>Plots found by where they are: columns of the local frame hashed into lists.</summary>
internal sealed class PlotGrid
{
    private const double CellsPerM = 1.0 / 600;
    private const int FewestBuckets = 64, MostBuckets = 4_096;
    private readonly int[] _head = new int[MostBuckets];
    private int[] _next = new int[256];
    private (int X, int Y)[] _cells = new (int, int)[256];
    private int _count, _mask = MostBuckets - 1;

    /// <summary>Takes in these plots and no others.</summary>
    public void Build(ReadOnlySpan<SightedPlot> plots)
    {
        // No more lists than the plots need: to empty them would cost more than a small batch.
        int buckets = FewestBuckets;
        while (buckets < plots.Length && buckets < MostBuckets) buckets *= 2;
        _mask = buckets - 1;
        Array.Fill(_head, -1, 0, buckets);
        _count = 0;
        foreach (ref readonly SightedPlot plot in plots) Add(plot);
    }

    /// <summary>Takes in one plot more; its index is the number of those before it.</summary>
    public void Add(in SightedPlot plot)
    {
        if (_count == _next.Length)
        {
            Array.Resize(ref _next, 2 * _count);
            Array.Resize(ref _cells, 2 * _count);
        }
        (int x, int y) = _cells[_count] = (Cell(plot.X), Cell(plot.Y));
        ref int head = ref _head[Bucket(x, y)];
        (_next[_count], head) = (head, _count);
        _count++;
    }

    /// <summary>Puts the indices of the plots within <paramref name="radius"/> of a point into <paramref name="found"/>, in their order.</summary>
    public void Near(ReadOnlySpan<SightedPlot> plots, double x, double y, double z, double radius, List<int> found)
    {
        found.Clear();
        double r2 = radius * radius;
        int x0 = Cell(x - radius), x1 = Cell(x + radius), y0 = Cell(y - radius), y1 = Cell(y + radius);
        if ((long)(x1 - x0 + 1) * (y1 - y0 + 1) > _count)
        {
            for (int i = 0; i < plots.Length; i++)
                if (Distance2(plots[i], x, y, z) <= r2) found.Add(i);
            return;
        }
        for (int cx = x0; cx <= x1; cx++)
            for (int cy = y0; cy <= y1; cy++)
                for (int i = _head[Bucket(cx, cy)]; i >= 0; i = _next[i])
                    // Another cell may share the bucket: only this cell's own plots count, so none is found twice.
                    if (_cells[i].X == cx && _cells[i].Y == cy && Distance2(plots[i], x, y, z) <= r2) found.Add(i);
        if (found.Count > 1) CollectionsMarshal.AsSpan(found).Sort();
    }

    private static double Distance2(in SightedPlot p, double x, double y, double z)
    {
        double dx = p.X - x, dy = p.Y - y, dz = p.Z - z;
        return dx * dx + dy * dy + dz * dz;
    }

    private static int Cell(double metres) => (int)Math.Floor(Math.Clamp(metres, -1e8, 1e8) * CellsPerM);

    private int Bucket(int cx, int cy) => (int)((uint)cx * 73_856_093u ^ (uint)cy * 19_349_663u) & _mask;
}
