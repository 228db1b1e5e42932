using Tocsin.Numerics;

namespace Tocsin.Ballistics;

/// <summary>temporary</summary>
/// <param name="DensityKgM3">a</param>
public readonly record struct AirState(double DensityKgM3);

/// <summary>temporary</summary>
public static class Atmosphere
{
    /// <summary>temporary</summary>
    public static AirState At(double h)
    {
        double hg = h * 6356766 / (6356766 + h);
        double t = Math.Max(216.65, 288.15 - 0.0065 * hg);
        double p = hg < 11000 ? 101325 * Elementary.Pow(t / 288.15, 5.255880) : 22632.06 * Elementary.Exp(-9.80665 * (hg - 11000) / (287.05287 * 216.65));
        return new(p / (287.05287 * t));
    }
}
