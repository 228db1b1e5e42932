using Tocsin.Numerics;

namespace Tocsin.Geodesy;

/// <summary>Between what a sensor measures and the east-north-up frame at the sensor, with the derivatives of both ways.</summary>
/// <remarks>East = range cos(elevation) sin(azimuth), north = range cos(elevation) cos(azimuth), up = range sin(elevation). The
/// Jacobians are the exact derivatives of these; rows are components of the result, columns those of the argument, in
/// the order of their types.</remarks>
public static class PolarConversion
{
    /// <summary>The position in the sensor's frame of a measurement.</summary>
    public static Enu ToEnu(this in Polar p)
    {
        (double sinAz, double cosAz) = Elementary.SinCos(p.AzimuthRad);
        (double sinEl, double cosEl) = Elementary.SinCos(p.ElevationRad);
        double ground = p.RangeM * cosEl;
        return new(ground * sinAz, ground * cosAz, p.RangeM * sinEl);
    }

    /// <summary>Range, azimuth in [0, 2 pi) and elevation of a position in the sensor's frame; straight above it the azimuth is 0.</summary>
    public static Polar ToPolar(this in Enu p)
    {
        double ground2 = p.East * p.East + p.North * p.North;
        return new(Math.Sqrt(ground2 + p.Up * p.Up), AzimuthRad(p.East, p.North), Elementary.Atan2(p.Up, Math.Sqrt(ground2)));
    }

    /// <summary>The position in the sensor's frame of a measurement, and its derivative by range (m/m), azimuth and elevation (m/rad).</summary>
    public static (Enu Position, Matrix3 Jacobian) ToEnuWithJacobian(this in Polar p)
    {
        (double sinAz, double cosAz) = Elementary.SinCos(p.AzimuthRad);
        (double sinEl, double cosEl) = Elementary.SinCos(p.ElevationRad);
        double ground = p.RangeM * cosEl, up = p.RangeM * sinEl;
        return (new(ground * sinAz, ground * cosAz, up), new(
            cosEl * sinAz, ground * cosAz, -up * sinAz,
            cosEl * cosAz, -ground * sinAz, -up * cosAz,
            sinEl, 0, ground));
    }

    /// <summary>Range, azimuth and elevation of a position in the sensor's frame, and their derivative by east, north and up (m/m, rad/m).</summary>
    /// <remarks>Straight above the sensor azimuth and elevation have no derivative: those rows are not finite there.</remarks>
    public static (Polar Measurement, Matrix3 Jacobian) ToPolarWithJacobian(this in Enu p)
    {
        double ground2 = p.East * p.East + p.North * p.North, ground = Math.Sqrt(ground2), range2 = ground2 + p.Up * p.Up, range = Math.Sqrt(range2);
        double inverseGround2 = 1 / ground2, inverseRange = 1 / range, k = p.Up / (range2 * ground);
        return (new(range, AzimuthRad(p.East, p.North), Elementary.Atan2(p.Up, ground)), new(
            p.East * inverseRange, p.North * inverseRange, p.Up * inverseRange,
            p.North * inverseGround2, -p.East * inverseGround2, 0,
            -p.East * k, -p.North * k, ground / range2));
    }

    private static double AzimuthRad(double east, double north)
    {
        const double turn = 2 * Math.PI;
        if (east == 0 && north == 0) return 0;
        double azimuth = Elementary.Atan2(east, north);
        if (azimuth < 0) azimuth += turn;
        // A hair west of north rounds up to the whole turn, which is north.
        return azimuth < turn ? azimuth : 0;
    }
}
