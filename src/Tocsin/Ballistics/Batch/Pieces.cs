using System.Runtime.CompilerServices;
using Tocsin.Numerics;

namespace Tocsin.Ballistics.Batch;

/// <summary>A function of one number in pieces, each a polynomial. Every lane holds the piece that it is in, so that a table costs a comparison until the
/// lane leaves its piece.</summary>
/// <remarks>A row is the piece's lower end, its upper end, and its terms. The pieces cover all numbers, each exactly once: which one a lane holds depends
/// on its number alone, never on where it or its neighbours came from.</remarks>
internal sealed class Pieces
{
    private readonly double[] _rows;
    private readonly int _row;

    private Pieces(List<double[]> rows)
    {
        rows[0][0] = double.NegativeInfinity;
        rows[^1][1] = double.PositiveInfinity;
        _row = rows[0].Length;
        _rows = [.. rows.SelectMany(r => r)];
    }

    /// <summary>Numbers in a row of the air: ends, centre, 1 over half the width, seven terms of half the density, six of 1 over the speed of sound.</summary>
    public const int AirTerms = 17;

    /// <summary>Numbers in a row of the drag: ends, start, four terms.</summary>
    public const int DragTerms = 7;

    /// <summary>Numbers in a row of the wind: ends, start, two terms east, two terms north.</summary>
    public const int WindTerms = 7;

    private const int DensityDegree = 6, SoundDegree = 5;

    /// <summary>The standard atmosphere by height above the ellipsoid.</summary>
    /// <remarks>Polynomials through <see cref="Atmosphere"/> at Chebyshev nodes, in pieces of 6.5 km or less that cross no border of its layers; one below 11 km. Relative
    /// errors: of density 1e-8 below 11 km and 1e-7 up to 80 km, of the speed of sound 3e-7. Below -5 km and above 120 km the air stays what it is there.</remarks>
    public static Pieces Air { get; } = MakeAir();

    /// <summary>A drag curve: its own cubics.</summary>
    public static Pieces Of(DragCurve drag)
    {
        List<double[]> rows = [[0, drag.Points[0].Mach, 0, drag.Points[0].Value, 0, 0, 0]];
        for (int i = 1; i < drag.Points.Length; i++)
        {
            (double m0, double v0) = drag.Points[i - 1];
            (double m1, double v1) = drag.Points[i];
            double width = m1 - m0, rise = v1 - v0, s0 = drag.WithSlopeAt(m0).SlopePerMach, s1 = drag.WithSlopeAt(m1).SlopePerMach;
            rows.Add([m0, m1, m0, v0, s0, (3 * rise / width - 2 * s0 - s1) / width, (s0 + s1 - 2 * rise / width) / (width * width)]);
        }
        rows.Add([drag.Points[^1].Mach, 0, 0, drag.Points[^1].Value, 0, 0, 0]);
        return new(rows);
    }

    /// <summary>A wind profile: its own straight lines.</summary>
    public static Pieces Of(WindProfile wind)
    {
        if (wind.Levels.IsEmpty) return new([[0, 0, 0, 0, 0, 0, 0]]);
        WindLevel first = wind.Levels[0], last = wind.Levels[^1];
        List<double[]> rows = [[0, first.HeightM, 0, first.EastMps, 0, first.NorthMps, 0]];
        for (int i = 1; i < wind.Levels.Length; i++)
        {
            WindLevel a = wind.Levels[i - 1], b = wind.Levels[i];
            double rise = b.HeightM - a.HeightM;
            rows.Add([a.HeightM, b.HeightM, a.HeightM, a.EastMps, (b.EastMps - a.EastMps) / rise, a.NorthMps, (b.NorthMps - a.NorthMps) / rise]);
        }
        rows.Add([last.HeightM, 0, 0, last.EastMps, 0, last.NorthMps, 0]);
        return new(rows);
    }

    /// <summary>Gives each lane that has left its piece the one that its number is in.</summary>
    /// <param name="held">The first of the pieces' vectors, the others behind it.</param>
    /// <param name="at">The lanes' numbers.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Turn<TLanes>(ref TLanes held, TLanes at) where TLanes : unmanaged, ILanes<TLanes>
    {
        for (int lane = 0; lane < TLanes.Width; lane++)
        {
            double x = LaneBits.Lane(ref at, lane);
            if (x >= LaneBits.Lane(ref held, lane) && x < LaneBits.Lane(ref Unsafe.Add(ref held, 1), lane)) continue;
            // NaN takes the first piece, and stays NaN.
            int row = 0;
            while (x >= _rows[row + 1]) row += _row;
            for (int i = 0; i < _row; i++) LaneBits.Lane(ref Unsafe.Add(ref held, i), lane) = _rows[row + i];
        }
    }

    private static Pieces MakeAir()
    {
        const double lowestM = -5_000, highestM = 120_000, widthM = 6_500;
        double[] bases = [.. Atmosphere.LayerBasesM.Select(h => Atmosphere.EarthRadiusM * h / (Atmosphere.EarthRadiusM - h))];
        bases[0] = lowestM;
        List<double[]> rows = [Constant(lowestM)];
        for (int layer = 0; layer < bases.Length; layer++)
        {
            double low = bases[layer], high = layer + 1 < bases.Length ? bases[layer + 1] : highestM;
            int parts = layer == 0 ? 1 : (int)Math.Ceiling((high - low) / widthM);
            for (int i = 0; i < parts; i++) rows.Add(Fit(low + (high - low) * i / parts, low + (high - low) * (i + 1) / parts));
        }
        rows.Add(Constant(highestM));
        // Ends that two pieces share are the same number, whatever rounding made of them.
        for (int i = 1; i < rows.Count; i++) rows[i - 1][1] = rows[i][0];
        return new(rows);

        static double[] Fit(double low, double high)
        {
            double centre = (low + high) / 2, half = (high - low) / 2;
            return [low, high, centre, 1 / half, .. Chebyshev.Interpolate(h => 0.5 * Atmosphere.At(h).DensityKgM3, DensityDegree, centre, half),
                .. Chebyshev.Interpolate(h => 1 / Atmosphere.At(h).SpeedOfSoundMps, SoundDegree, centre, half)];
        }

        static double[] Constant(double height)
        {
            var row = new double[AirTerms];
            AirState air = Atmosphere.At(height);
            (row[0], row[1], row[4], row[4 + DensityDegree + 1]) = (height, height, 0.5 * air.DensityKgM3, 1 / air.SpeedOfSoundMps);
            return row;
        }
    }
}
