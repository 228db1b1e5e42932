using System.Collections.Immutable;

namespace Tocsin.Ballistics;

/// <summary>How a shape's drag coefficient changes with the Mach number, relative to a reference value.</summary>
/// <remarks>Only the shape of the curve is here; its scale is the ballistic coefficient's (<see cref="Round"/>). Between the
/// points the curve is a monotone cubic (Fritsch and Carlson, SIAM J. Numer. Anal. 17(2), 1980): its slope is continuous and it
/// makes no bumps of its own. Beyond the points it is constant.</remarks>
public sealed class DragCurve
{
    /// <summary>Cells of the index in one Mach.</summary>
    private const double CellsPerMach = 32;

    private readonly double[] _mach, _value, _slope;
    private readonly int[] _segmentOfCell;

    /// <summary>Makes a curve through points with strictly rising Mach numbers and positive values.</summary>
    /// <exception cref="ArgumentException">No point, Mach numbers that do not rise, or a value that is not positive.</exception>
    public DragCurve(ImmutableArray<(double Mach, double Value)> points)
    {
        if (points.IsDefaultOrEmpty) throw new ArgumentException("a drag curve needs a point", nameof(points));
        for (int i = 0; i < points.Length; i++)
        {
            if (!(points[i].Mach >= 0 && points[i].Mach <= 100) || i > 0 && !(points[i].Mach > points[i - 1].Mach))
                throw new ArgumentException("Mach numbers must rise from 0 or more to 100 at most", nameof(points));
            if (!(points[i].Value > 0 && double.IsFinite(points[i].Value))) throw new ArgumentException("drag must be positive", nameof(points));
        }
        Points = points;
        (_mach, _value) = (points.Select(p => p.Mach).ToArray(), points.Select(p => p.Value).ToArray());
        _slope = MonotoneSlopes(_mach, _value);
        _segmentOfCell = new int[(int)Math.Ceiling(_mach[^1] * CellsPerMach) + 1];
        for (int cell = 0, segment = 0; cell < _segmentOfCell.Length; cell++)
        {
            while (segment < _mach.Length - 2 && _mach[segment + 1] <= cell / CellsPerMach) segment++;
            _segmentOfCell[cell] = segment;
        }
    }

    /// <summary>A coefficient that does not depend on the Mach number.</summary>
    public static DragCurve Constant { get; } = new([(0, 1)]);

    /// <summary>A generic curve for fin-stabilised rockets and shells: flat below Mach 0.8, a steep rise to 2.6 times that at Mach 1.1, a slow fall.</summary>
    /// <remarks>Chosen by this project, of no particular round. It rises where the open standard shapes G1 (blunt) and G7 (slender, boat-tailed)
    /// rise and falls beyond Mach 1.1 as G7 does, to 58 % of the peak at Mach 3 (G7 60 %, G1 77 %). Its peak is lower than theirs, 3.3 and 3.4
    /// times the least subsonic value, since fins and blunt bases raise the subsonic value of rockets. What it misses of a real round belongs in the tracker's process noise.</remarks>
    public static DragCurve Reference { get; } = new(
    [
        (0, 1), (0.6, 1), (0.8, 1.03), (0.875, 1.15), (0.925, 1.42), (0.975, 1.95), (1.025, 2.4), (1.1, 2.6), (1.2, 2.57), (1.4, 2.4),
        (1.7, 2.15), (2, 1.95), (2.5, 1.7), (3, 1.52), (4, 1.28), (5, 1.14),
    ]);

    /// <summary>The points given.</summary>
    public ImmutableArray<(double Mach, double Value)> Points { get; }

    /// <summary>The relative drag coefficient at a Mach number.</summary>
    public double At(double mach) => WithSlopeAt(mach).Value;

    /// <summary>The relative drag coefficient at a Mach number and its derivative by the Mach number.</summary>
    public (double Value, double SlopePerMach) WithSlopeAt(double mach)
    {
        if (!(mach > _mach[0])) return (_value[0], 0);
        if (mach >= _mach[^1]) return (_value[^1], 0);
        int i = _segmentOfCell[(int)(mach * CellsPerMach)];
        while (mach >= _mach[i + 1]) i++;
        double width = _mach[i + 1] - _mach[i], s = (mach - _mach[i]) / width, rise = _value[i + 1] - _value[i];
        double bendStart = width * _slope[i] - rise, bendEnd = rise - width * _slope[i + 1];
        double value = _value[i] + s * (rise + (1 - s) * (bendStart + s * (bendEnd - bendStart)));
        double slope = rise + (1 - 2 * s) * bendStart + s * (2 - 3 * s) * (bendEnd - bendStart);
        return (value, slope / width);
    }

    private static double[] MonotoneSlopes(double[] x, double[] y)
    {
        var slope = new double[x.Length];
        // The ends stay flat, so that the curve meets its constant continuations with a continuous slope.
        for (int i = 1; i < x.Length - 1; i++)
        {
            double before = (y[i] - y[i - 1]) / (x[i] - x[i - 1]), after = (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
            if (before * after <= 0) continue;
            // The weighted harmonic mean of Fritsch and Butland (SIAM J. Sci. Stat. Comput. 5(2), 1984) satisfies the monotonicity condition.
            double w1 = 2 * (x[i + 1] - x[i]) + (x[i] - x[i - 1]), w2 = x[i + 1] - x[i] + 2 * (x[i] - x[i - 1]);
            slope[i] = (w1 + w2) / (w1 / before + w2 / after);
        }
        return slope;
    }
}
