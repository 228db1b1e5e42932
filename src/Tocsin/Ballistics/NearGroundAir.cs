using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tocsin.Numerics;

namespace Tocsin.Ballistics;

/// <summary>Air and drag as the tracker and the impact predictor use them: smooth, free of tables and branches, alike for one number
/// and for four at once.</summary>
/// <remarks>
/// Density: a polynomial through the US Standard Atmosphere 1976 at Chebyshev nodes, within 0.1 % of sea-level density up to 20 km and
/// constant above.
/// Speed of sound: the standard's troposphere (T = 288.15 K - 6.5 K/km, not below 216.65 K), exact to 20 km.
/// Drag: one reference curve over Mach, 1 at low speed. A tracker does not know the round, so this stands for the middle of the
/// published standard projectiles (G1, G5 to G8, GS and a constant): a rise centred at Mach 1 to about 1.7 times the subsonic
/// coefficient and a slow fall beyond. What a round's own curve differs by belongs in the process noise (see Tracking.FlightModel).
/// </remarks>
public sealed class NearGroundAir
{
    private const int Degree = 8;
    private const double LowestM = -1_000, HighestM = 20_000;
    private const double Centre = (LowestM + HighestM) / 2, Half = (HighestM - LowestM) / 2;
    private const double GammaR = 1.4 * 287.05287, SeaLevelTemperatureK = 288.15, LapseKPerM = 0.0065, TropopauseK = 216.65;
    private const double RiseWidth = 0.24, RiseHalf = 0.4, SupersonicFall = 0.125;
    private readonly double[] _density;

    private NearGroundAir(double[] density) => _density = density;

    /// <summary>The one instance: the standard atmosphere.</summary>
    public static NearGroundAir Standard { get; } = new(Chebyshev.Interpolate(h => Atmosphere.At(h).DensityKgM3, Degree, Centre, Half));

    /// <summary>Density in kg/m3 at a height above the ellipsoid in metres.</summary>
    public double DensityKgM3(double heightM)
    {
        double t = (Math.Clamp(heightM, LowestM, HighestM) - Centre) / Half;
        double s = _density[Degree];
        for (int i = Degree - 1; i >= 0; i--) s = s * t + _density[i];
        return s;
    }

    /// <summary>The same for four heights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> DensityKgM3(Vector256<double> heightM)
    {
        Vector256<double> h = Vector256.Min(Vector256.Max(heightM, Vector256.Create(LowestM)), Vector256.Create(HighestM));
        Vector256<double> t = (h - Vector256.Create(Centre)) / Vector256.Create(Half);
        // Written out: the loop cost more than the arithmetic.
        double[] c = _density;
        Vector256<double> s = Vector256.Create(c[8]) * t + Vector256.Create(c[7]);
        s = s * t + Vector256.Create(c[6]);
        s = s * t + Vector256.Create(c[5]);
        s = s * t + Vector256.Create(c[4]);
        s = s * t + Vector256.Create(c[3]);
        s = s * t + Vector256.Create(c[2]);
        s = s * t + Vector256.Create(c[1]);
        return s * t + Vector256.Create(c[0]);
    }

    /// <summary>Square of the speed of sound, m2/s2.</summary>
    public static double SoundSquared(double heightM) => GammaR * Math.Max(TropopauseK, SeaLevelTemperatureK - LapseKPerM * heightM);

    /// <summary>The same for four heights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> SoundSquared(Vector256<double> heightM) => Vector256.Create(GammaR)
        * Vector256.Max(Vector256.Create(TropopauseK), Vector256.Create(SeaLevelTemperatureK) - Vector256.Create(LapseKPerM) * heightM);

    /// <summary>The reference drag curve, 1 at low speed, at the square of a Mach number: smooth, and free of a square root more.</summary>
    public static double Drag(double machSquared)
    {
        double above = machSquared - 1, u = above * (1 / RiseWidth), root = Math.Sqrt(1 + u * u);
        return 1 + RiseHalf * (root + u) / (root * Math.Max(1, 1 + SupersonicFall * above));
    }

    /// <summary>The same for four Mach numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Drag(Vector256<double> machSquared)
    {
        Vector256<double> one = Vector256<double>.One, above = machSquared - one, u = above * Vector256.Create(1 / RiseWidth);
        Vector256<double> root = Vector256.Sqrt(one + u * u);
        Vector256<double> fall = Vector256.Max(one, one + Vector256.Create(SupersonicFall) * above);
        return one + Vector256.Create(RiseHalf) * (root + u) / (root * fall);
    }
}
