namespace Tocsin.Formats.Text;

/// <summary>Angles as files hold them: degrees in steps of 1e-9 (0.1 mm at 6,000 km), so that writing and reading again gives the same bits.</summary>
internal static class CanonicalAngle
{
    /// <summary>Decimals of a degree.</summary>
    public const int Decimals = 9;

    /// <summary>Steps in one degree.</summary>
    public const long StepsPerDegree = 1_000_000_000;

    /// <summary>Steps in a full turn.</summary>
    public const long FullTurn = 360 * StepsPerDegree;

    /// <summary>Radians in one degree.</summary>
    public const double RadPerDegree = Math.PI / 180;

    /// <summary>Degrees in one radian.</summary>
    public const double DegreesPerRad = 180 / Math.PI;

    /// <summary>Radians of a count of steps.</summary>
    public static double ToRad(long steps) => steps / (double)StepsPerDegree * RadPerDegree;

    /// <summary>The nearest count of steps. The product errs by some 1e-13 degrees within a turn, far less than half a step, so that
    /// <see cref="ToRad"/> of an integer comes back as the same integer.</summary>
    public static long FromRad(double rad) => (long)Math.Round(rad * DegreesPerRad * StepsPerDegree);

    /// <summary>The count of steps in [0, <see cref="FullTurn"/>) with the same direction.</summary>
    public static long Wrap(long steps)
    {
        long rest = steps % FullTurn;
        return rest < 0 ? rest + FullTurn : rest;
    }

    /// <summary>An angle moved to its nearest step; what is not finite stays so.</summary>
    public static double Round(double rad) => double.IsFinite(rad) ? ToRad(FromRad(rad)) : rad;

    /// <summary>An azimuth moved to its nearest step in [0, 2 pi); what is not finite stays so.</summary>
    public static double RoundAzimuth(double rad) => double.IsFinite(rad) ? ToRad(Wrap(FromRad(rad))) : rad;
}
