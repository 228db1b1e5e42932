using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>One Gaussian over a state of seven: position (m), velocity (m/s) in the site's local frame and the natural logarithm of
/// the ballistic coefficient (kg/m2).</summary>
internal struct Estimate
{
    /// <summary>Index of position east, north, up in the state.</summary>
    public const int X = 0, Y = 1, Z = 2;

    /// <summary>Index of velocity east, north, up in the state.</summary>
    public const int Vx = 3, Vy = 4, Vz = 5;

    /// <summary>Index of the logarithm of the ballistic coefficient in the state.</summary>
    public const int LogBeta = 6;

    /// <summary>The time of the estimate.</summary>
    public Instant Time;

    /// <summary>Mean.</summary>
    public Vector7 Mean;

    /// <summary>Covariance.</summary>
    public Matrix7 Covariance;

    /// <summary>Ground speed and climb together: the length of the velocity in m/s.</summary>
    public readonly double SpeedMps => Math.Sqrt(Mean[Vx] * Mean[Vx] + Mean[Vy] * Mean[Vy] + Mean[Vz] * Mean[Vz]);
}
