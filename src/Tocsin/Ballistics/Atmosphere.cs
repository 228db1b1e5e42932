using System.Collections.Immutable;
using Tocsin.Numerics;

namespace Tocsin.Ballistics;

/// <summary>The state of the air at a place.</summary>
/// <param name="DensityKgM3">Density in kg/m3.</param>
/// <param name="SpeedOfSoundMps">Speed of sound in m/s.</param>
/// <param name="PressurePa">Pressure in pascal.</param>
/// <param name="TemperatureK">Temperature in kelvin (above 80 km the molecular-scale temperature).</param>
public readonly record struct AirState(double DensityKgM3, double SpeedOfSoundMps, double PressurePa, double TemperatureK);

/// <summary>The US Standard Atmosphere 1976 (NOAA, NASA, USAF: NOAA-S/T 76-1562), by height.</summary>
/// <remarks>Heights are taken above the ellipsoid; the standard's are above sea level, which lies up to 105 m away: 1 % of
/// density, less than the weather's own variation. Exact to the standard from -5 to 86 km (the temperature is the
/// molecular-scale one, 0.04 % above the kinetic at 86 km). Above, the temperature stays and density goes on falling
/// exponentially: density there is below 7e-6 kg/m3 and moves nothing that this program follows.</remarks>
public static class Atmosphere
{
    /// <summary>The radius of the Earth by which the standard turns heights into geopotential heights, metres.</summary>
    public const double EarthRadiusM = 6_356_766;

    /// <summary>Standard gravity in m/s2 by which the standard counts geopotential metres.</summary>
    public const double StandardGravityMps2 = 9.80665;

    /// <summary>Pressure at sea level in pascal.</summary>
    public const double SeaLevelPressurePa = 101_325;

    /// <summary>Gas constant of the standard, 8314.32 J/(kmol K), over its molar mass of air, 28.9644 kg/kmol.</summary>
    internal const double SpecificGasConstant = 8_314.32 / 28.9644;

    /// <summary>Ratio of specific heats.</summary>
    internal const double HeatRatio = 1.4;

    /// <summary>A layer of constant lapse rate.</summary>
    /// <param name="BaseM">Geopotential height of its base in metres.</param>
    /// <param name="TemperatureK">Temperature at its base.</param>
    /// <param name="LapseKPerM">Change of temperature with geopotential height.</param>
    /// <param name="PressurePa">Pressure at its base.</param>
    private readonly record struct Layer(double BaseM, double TemperatureK, double LapseKPerM, double PressurePa)
    {
        public double TemperatureAt(double geopotentialM) => TemperatureK + LapseKPerM * (geopotentialM - BaseM);

        // Equations 33a and 33b of the standard.
        public double PressureAt(double geopotentialM) => PressurePa * (LapseKPerM == 0
            ? Elementary.Exp(-StandardGravityMps2 / SpecificGasConstant * (geopotentialM - BaseM) / TemperatureK)
            : Elementary.Pow(TemperatureK / TemperatureAt(geopotentialM), StandardGravityMps2 / SpecificGasConstant / LapseKPerM));
    }

    private static readonly ImmutableArray<Layer> Layers = MakeLayers();

    /// <summary>The layers' bases in geopotential metres, lowest first.</summary>
    internal static IEnumerable<double> LayerBasesM => Layers.Select(l => l.BaseM);

    /// <summary>The air at a height above the ellipsoid in metres.</summary>
    public static AirState At(double heightM) => AtGeopotential(GeopotentialM(heightM));

    /// <summary>The geopotential height of a height, both in metres (equation 18 of the standard).</summary>
    public static double GeopotentialM(double heightM) => EarthRadiusM * heightM / (EarthRadiusM + heightM);

    /// <summary>The air at a geopotential height in metres.</summary>
    internal static AirState AtGeopotential(double geopotentialM) => In(LayerAt(geopotentialM), geopotentialM);

    /// <summary>The number of the layer that holds a geopotential height; a border belongs to the layer above.</summary>
    internal static int LayerAt(double geopotentialM)
    {
        int i = Layers.Length - 1;
        while (i > 0 && geopotentialM < Layers[i].BaseM) i--;
        return i;
    }

    /// <summary>The air at a geopotential height by the law of one layer.</summary>
    internal static AirState In(int layer, double geopotentialM)
    {
        double temperature = Layers[layer].TemperatureAt(geopotentialM), pressure = Layers[layer].PressureAt(geopotentialM);
        return new(pressure / (SpecificGasConstant * temperature), Math.Sqrt(HeatRatio * SpecificGasConstant * temperature), pressure, temperature);
    }

    /// <summary>Derivatives of density and speed of sound by geopotential height, within a layer.</summary>
    internal static (double Density, double Sound) SlopesIn(int layer, in AirState air)
    {
        double lapse = Layers[layer].LapseKPerM, inverse = 1 / air.TemperatureK;
        return (-air.DensityKgM3 * inverse * (StandardGravityMps2 / SpecificGasConstant + lapse), 0.5 * air.SpeedOfSoundMps * inverse * lapse);
    }

    // Table 4 of the standard: base in geopotential metres and lapse in K/m. The last entry is the continuation above 86 km.
    private static ImmutableArray<Layer> MakeLayers()
    {
        ReadOnlySpan<(double BaseM, double LapseKPerM)> table =
        [
            (0, -0.0065), (11_000, 0), (20_000, 0.001), (32_000, 0.0028), (47_000, 0), (51_000, -0.0028), (71_000, -0.002), (84_852, 0),
        ];
        var layers = ImmutableArray.CreateBuilder<Layer>(table.Length);
        var below = new Layer(0, 288.15, table[0].LapseKPerM, SeaLevelPressurePa);
        layers.Add(below);
        foreach ((double baseM, double lapse) in table[1..])
        {
            below = new Layer(baseM, below.TemperatureAt(baseM), lapse, below.PressureAt(baseM));
            layers.Add(below);
        }
        return layers.MoveToImmutable();
    }
}
