#pragma warning disable RS0030 // Placeholder: to be replaced by the project's own implementations.
namespace Tocsin.Numerics;

/// <summary>Elementary functions whose bits do not depend on the platform.</summary>
public static class Elementary
{
    /// <summary>Sine of an angle in radians.</summary>
    public static double Sin(double x) => Math.Sin(x);

    /// <summary>Cosine of an angle in radians.</summary>
    public static double Cos(double x) => Math.Cos(x);

    /// <summary>Sine and cosine of an angle in radians.</summary>
    public static (double Sin, double Cos) SinCos(double x) => Math.SinCos(x);

    /// <summary>Angle in radians of the vector (x, y), in [-pi, pi].</summary>
    public static double Atan2(double y, double x) => Math.Atan2(y, x);

    /// <summary>Arc sine in radians.</summary>
    public static double Asin(double x) => Math.Asin(x);

    /// <summary>Exponential.</summary>
    public static double Exp(double x) => Math.Exp(x);

    /// <summary>Natural logarithm.</summary>
    public static double Log(double x) => Math.Log(x);

    /// <summary>x to the power y, x positive.</summary>
    public static double Pow(double x, double y) => Math.Pow(x, y);
}
