namespace Tocsin.Ballistics;

/// <summary>Density and speed of sound of the air with their derivatives by height.</summary>
/// <param name="DensityKgM3">Density in kg/m3.</param>
/// <param name="SpeedOfSoundMps">Speed of sound in m/s.</param>
/// <param name="DensitySlope">Change of the density with height in kg/m3 per metre.</param>
/// <param name="SoundSlope">Change of the speed of sound with height in m/s per metre.</param>
public readonly record struct AirGradient(double DensityKgM3, double SpeedOfSoundMps, double DensitySlope, double SoundSlope);

/// <summary>Density and speed of sound of <see cref="Atmosphere"/> from a table, for hot paths.</summary>
/// <remarks>Cubic Hermite polynomials of the geopotential height in cells of 500 m, which the standard's layers do not cross.
/// Relative errors: of density 1e-8 below 11 km and 2e-7 up to 84.5 km, of the speed of sound 1e-9; beyond it is the
/// standard itself. The slopes are those of the polynomials, within 1e-5.</remarks>
public static class AtmosphereTable
{
    private const double LowestM = -5_000, HighestM = 84_500, CellM = 500;
    private const int Cells = (int)((HighestM - LowestM) / CellM);

    /// <summary>Terms of one cell: four of density, four of the speed of sound, lowest power of the share of the cell first.</summary>
    private const int Terms = 8;

    private static readonly double[] Table = MakeTable();

    /// <summary>Density in kg/m3 and speed of sound in m/s at a height above the ellipsoid in metres.</summary>
    public static (double DensityKgM3, double SpeedOfSoundMps) At(double heightM)
    {
        double geopotential = Atmosphere.GeopotentialM(heightM), cells = (geopotential - LowestM) * (1 / CellM);
        if (!(cells >= 0 && cells < Cells))
        {
            AirState air = Atmosphere.AtGeopotential(geopotential);
            return (air.DensityKgM3, air.SpeedOfSoundMps);
        }
        int cell = (int)cells;
        double s = cells - cell;
        ReadOnlySpan<double> c = Table.AsSpan(cell * Terms, Terms);
        return (c[0] + s * (c[1] + s * (c[2] + s * c[3])), c[4] + s * (c[5] + s * (c[6] + s * c[7])));
    }

    /// <summary>Density, speed of sound and their slopes at a height above the ellipsoid in metres.</summary>
    public static AirGradient WithSlopesAt(double heightM)
    {
        double shrink = Atmosphere.EarthRadiusM / (Atmosphere.EarthRadiusM + heightM), stretch = shrink * shrink;
        double geopotential = Atmosphere.GeopotentialM(heightM), cells = (geopotential - LowestM) * (1 / CellM);
        if (!(cells >= 0 && cells < Cells))
        {
            int layer = Atmosphere.LayerAt(geopotential);
            AirState air = Atmosphere.In(layer, geopotential);
            (double density, double sound) = Atmosphere.SlopesIn(layer, air);
            return new(air.DensityKgM3, air.SpeedOfSoundMps, density * stretch, sound * stretch);
        }
        int cell = (int)cells;
        double s = cells - cell;
        stretch *= 1 / CellM;
        ReadOnlySpan<double> c = Table.AsSpan(cell * Terms, Terms);
        return new(c[0] + s * (c[1] + s * (c[2] + s * c[3])), c[4] + s * (c[5] + s * (c[6] + s * c[7])),
            (c[1] + s * (2 * c[2] + 3 * s * c[3])) * stretch, (c[5] + s * (2 * c[6] + 3 * s * c[7])) * stretch);
    }

    private static double[] MakeTable()
    {
        var table = new double[Cells * Terms];
        for (int cell = 0; cell < Cells; cell++)
        {
            double lower = LowestM + cell * CellM;
            // Both ends by the law of the cell's own layer: at a layer's border the slopes jump.
            int layer = Atmosphere.LayerAt(lower);
            AirState start = Atmosphere.In(layer, lower), end = Atmosphere.In(layer, lower + CellM);
            (double startDensity, double startSound) = Atmosphere.SlopesIn(layer, start);
            (double endDensity, double endSound) = Atmosphere.SlopesIn(layer, end);
            Span<double> c = table.AsSpan(cell * Terms, Terms);
            SetHermite(c[..4], start.DensityKgM3, end.DensityKgM3, startDensity * CellM, endDensity * CellM);
            SetHermite(c[4..], start.SpeedOfSoundMps, end.SpeedOfSoundMps, startSound * CellM, endSound * CellM);
        }
        return table;
    }

    private static void SetHermite(Span<double> c, double start, double end, double startSlope, double endSlope)
    {
        double rise = end - start;
        (c[0], c[1], c[2], c[3]) = (start, startSlope, 3 * rise - 2 * startSlope - endSlope, startSlope + endSlope - 2 * rise);
    }
}
