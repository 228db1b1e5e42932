using System.Collections.Immutable;
using Tocsin.Geodesy;

namespace Tocsin.Simulation.People;

/// <summary>The ground on which people run to shelters: free, or a grid with obstacles on it.</summary>
/// <remarks>On a grid, shortest ways go from cell to cell by sixteen directions (Dijkstra, Numerische Mathematik 1, 1959): at most 2.8 % longer than the straight line where nothing is in the way. No
/// step cuts a blocked cell's corner.</remarks>
internal sealed class WalkingGround
{
    /// <summary>The farthest that anybody runs to a shelter, in metres: a minute at 2.5 m/s. Chosen; whoever has it farther takes cover where they are.</summary>
    public const double FarthestM = 150;

    /// <summary>Cells of a grid at most: larger sites get larger cells.</summary>
    public const int MaxCells = 250_000;

    /// <summary>Width of a cell in metres, where the site is not too large for it. Chosen: a building's passage.</summary>
    public const double FinestCellM = 4;

    // Steps by their east and north cells: 4 straight, 4 diagonal, 8 of a knight.
    private static readonly ImmutableArray<(int East, int North)> s_steps =
    [
        (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1),
        (2, 1), (1, 2), (-1, 2), (-2, 1), (-2, -1), (-1, -2), (1, -2), (2, -1),
    ];

    private readonly double _westM, _southM;
    private readonly bool[] _blocked;

    private WalkingGround(double westM, double southM, double cellM, int columns, int rows, bool[] blocked) =>
        (_westM, _southM, CellM, Columns, Rows, _blocked) = (westM, southM, cellM, columns, rows, blocked);

    /// <summary>Width of a cell in metres; 0 where there is no grid.</summary>
    public double CellM { get; }

    /// <summary>Cells from west to east.</summary>
    public int Columns { get; }

    /// <summary>Cells from south to north.</summary>
    public int Rows { get; }

    /// <summary>Ground with nothing in the way.</summary>
    public static WalkingGround Free { get; } = new(0, 0, 0, 0, 0, []);

    /// <summary>Lays a grid over an area with obstacles.</summary>
    /// <param name="westM">West edge, metres in the site's frame; and so on.</param>
    /// <param name="southM">South edge.</param>
    /// <param name="eastM">East edge.</param>
    /// <param name="northM">North edge.</param>
    /// <param name="obstacles">What nobody walks through; <see cref="Free"/> where there is none.</param>
    public static WalkingGround Of(double westM, double southM, double eastM, double northM, IReadOnlyList<GroundPolygon> obstacles)
    {
        if (obstacles.Count == 0) return Free;
        double cellM = Math.Max(FinestCellM, Math.Sqrt((eastM - westM) * (northM - southM) / MaxCells));
        int columns = Math.Max(1, (int)Math.Ceiling((eastM - westM) / cellM)), rows = Math.Max(1, (int)Math.Ceiling((northM - southM) / cellM));
        var blocked = new bool[columns * rows];
        foreach (GroundPolygon obstacle in obstacles)
        {
            int west = Math.Max(0, (int)Math.Floor((obstacle.MinEastM - westM) / cellM)), east = Math.Min(columns - 1, (int)Math.Floor((obstacle.MaxEastM - westM) / cellM));
            int south = Math.Max(0, (int)Math.Floor((obstacle.MinNorthM - southM) / cellM)), north = Math.Min(rows - 1, (int)Math.Floor((obstacle.MaxNorthM - southM) / cellM));
            for (int row = south; row <= north; row++)
                for (int column = west; column <= east; column++)
                    blocked[row * columns + column] |= Touches(obstacle, westM + column * cellM, southM + row * cellM, cellM);
        }
        return new(westM, southM, cellM, columns, rows, blocked);
    }

    /// <summary>A grid given cell by cell, from the south-west corner eastward: for tests.</summary>
    public static WalkingGround Of(double cellM, int columns, bool[] blocked) => new(0, 0, cellM, columns, blocked.Length / columns, blocked);

    /// <summary>Whether nobody walks on a cell.</summary>
    public bool Blocked(int column, int row) => column < 0 || row < 0 || column >= Columns || row >= Rows || _blocked[row * Columns + column];

    /// <summary>The ways to one place from everywhere near enough to run there.</summary>
    public WaysTo To(double eastM, double northM) => new(this, eastM, northM);

    /// <summary>Lengths of the shortest ways from every cell to a place, metres; infinite from where none leads there within <paramref name="farthestM"/>.</summary>
    internal double[] LengthsTo(double eastM, double northM, double farthestM)
    {
        var lengths = new double[_blocked.Length];
        Array.Fill(lengths, double.PositiveInfinity);
        var open = new PriorityQueue<int, double>();
        foreach ((int cell, double offsetM) in CellsAround(eastM, northM))
        {
            if (_blocked[cell] || offsetM >= lengths[cell]) continue;
            lengths[cell] = offsetM;
            open.Enqueue(cell, offsetM);
        }
        while (open.TryDequeue(out int cell, out double length))
        {
            if (length > lengths[cell]) continue;
            int column = cell % Columns, row = cell / Columns;
            foreach ((int east, int north) in s_steps)
            {
                if (!CanStep(column, row, east, north)) continue;
                int next = (row + north) * Columns + column + east;
                double through = length + CellM * Math.Sqrt(east * east + north * north);
                if (through > farthestM || through >= lengths[next]) continue;
                lengths[next] = through;
                open.Enqueue(next, through);
            }
        }
        return lengths;
    }

    /// <summary>The cells whose centres surround a place, with the centres' distances from it.</summary>
    internal IEnumerable<(int Cell, double OffsetM)> CellsAround(double eastM, double northM)
    {
        double x = (eastM - _westM) / CellM - 0.5, y = (northM - _southM) / CellM - 0.5;
        int column = (int)Math.Floor(x), row = (int)Math.Floor(y);
        for (int n = row; n <= row + 1; n++)
            for (int e = column; e <= column + 1; e++)
                if (e >= 0 && n >= 0 && e < Columns && n < Rows) yield return (n * Columns + e, CellM * Math.Sqrt((x - e) * (x - e) + (y - n) * (y - n)));
    }

    // A diagonal passes between two cells, a knight's step over two: all must be free.
    private bool CanStep(int column, int row, int east, int north)
    {
        if (Blocked(column + east, row + north)) return false;
        if (east == 0 || north == 0) return true;
        int e = Math.Sign(east), n = Math.Sign(north);
        if (Math.Abs(east) == Math.Abs(north)) return !Blocked(column + e, row) && !Blocked(column, row + n);
        return !Blocked(column + e, row + n) && (Math.Abs(east) > Math.Abs(north) ? !Blocked(column + e, row) : !Blocked(column, row + n));
    }

    // A cell is blocked where any of nine points of it is, so that a wall half a cell thick does not slip through.
    private static bool Touches(GroundPolygon obstacle, double westM, double southM, double cellM)
    {
        for (int n = 0; n <= 2; n++)
            for (int e = 0; e <= 2; e++)
                if (obstacle.Contains(westM + e * cellM / 2, southM + n * cellM / 2)) return true;
        return false;
    }
}

/// <summary>The shortest ways to one place.</summary>
internal sealed class WaysTo
{
    private readonly WalkingGround _ground;
    private readonly double[] _lengths;

    public WaysTo(WalkingGround ground, double eastM, double northM)
    {
        (_ground, EastM, NorthM) = (ground, eastM, northM);
        _lengths = ground.CellM > 0 ? ground.LengthsTo(eastM, northM, WalkingGround.FarthestM) : [];
    }

    /// <summary>The place, metres east.</summary>
    public double EastM { get; }

    /// <summary>Metres north.</summary>
    public double NorthM { get; }

    /// <summary>Length in metres of the shortest way from a place; infinite where it is longer than <see cref="WalkingGround.FarthestM"/> or there is none.</summary>
    public double LengthM(double eastM, double northM)
    {
        double east = eastM - EastM, north = northM - NorthM, straight = Math.Sqrt(east * east + north * north);
        if (straight > WalkingGround.FarthestM) return double.PositiveInfinity;
        if (_ground.CellM == 0) return straight;
        double best = double.PositiveInfinity;
        foreach ((int cell, double offsetM) in _ground.CellsAround(eastM, northM)) best = Math.Min(best, _lengths[cell] + offsetM);
        return best > WalkingGround.FarthestM ? double.PositiveInfinity : Math.Max(best, straight);
    }
}
