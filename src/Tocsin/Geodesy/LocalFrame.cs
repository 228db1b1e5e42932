using Tocsin.Numerics;

namespace Tocsin.Geodesy;

/// <summary>The WGS-84 ellipsoid (NGA.STND.0036, 2014, table 3.1).</summary>
public static class Wgs84
{
    /// <summary>Semi-major axis in metres.</summary>
    public const double SemiMajorAxisM = 6_378_137.0;

    /// <summary>Flattening.</summary>
    public const double Flattening = 1 / 298.257223563;

    /// <summary>First eccentricity squared.</summary>
    public const double EccentricitySquared = Flattening * (2 - Flattening);

    /// <summary>Earth's rotation in rad/s.</summary>
    public const double RotationRadPerS = 7.292115e-5;

    /// <summary>Geodetic to Earth-centred, Earth-fixed.</summary>
    public static Ecef ToEcef(in Geodetic g)
    {
        (double sinLat, double cosLat) = Elementary.SinCos(g.LatitudeRad);
        (double sinLon, double cosLon) = Elementary.SinCos(g.LongitudeRad);
        double n = SemiMajorAxisM / Math.Sqrt(1 - EccentricitySquared * sinLat * sinLat);
        return new((n + g.HeightM) * cosLat * cosLon, (n + g.HeightM) * cosLat * sinLon, (n * (1 - EccentricitySquared) + g.HeightM) * sinLat);
    }

    /// <summary>Earth-centred, Earth-fixed to geodetic: Bowring's formula (Survey Review 23(181), 1976), iterated twice.</summary>
    public static Geodetic ToGeodetic(in Ecef e)
    {
        (double height, LocalAxes axes) = Vertical(e);
        return new(Elementary.Atan2(axes.SinLatitude, axes.CosLatitude), Elementary.Atan2(axes.SinLongitude, axes.CosLongitude), height);
    }

    /// <summary>Height above the ellipsoid in metres near the ground, and the vertical's direction (flattened X, flattened Y, Z) with
    /// the square of that vector's length.</summary>
    /// <remarks>With D = diag(1, 1, 1/(1 - e²)) / a² the ellipsoid is r·Dr = 1. For r = f + h n, f the foot on the ellipsoid and n its
    /// normal, f·Dn = N/a² and n·Dn = (1 + e'² sin² lat)/a², so that h solves a quadratic equation exactly once the latitude is
    /// known; it enters by e² h only. The latitude is Bowring's, tan lat = z / (p (1 - e² N / (N + h))), with the height to second order in excess in place of h / N.</remarks>
    internal static double HeightM(in Ecef e, out double flattened, out double length2)
    {
        const double a = SemiMajorAxisM, e2 = EccentricitySquared, inverseA = 1 / a, inverseB2 = 1 / (1 - e2);
        double s = e.X * e.X + e.Y * e.Y, z2 = e.Z * e.Z;
        double excess = s - a * a + z2 * inverseB2;
        double h = excess * (0.5 * inverseA * inverseA);
        h *= 1 - 0.5 * h;
        flattened = 1 - e2 * (1 - h * (1 - h));
        length2 = s * flattened * flattened + z2;
        double n2 = a * a * length2 / (length2 - e2 * z2), c = 1 + e2 * inverseB2 * z2 / length2;
        return excess / (Math.Sqrt(n2) + Math.Sqrt(n2 + c * excess));
    }

    /// <summary>The same as <see cref="Vertical"/> near the ground, in one step: the height within 1e-5 m from -1 to 20 km and 1e-4 m up to 100 km, the axes within 5e-8 rad.</summary>
    internal static (double HeightM, LocalAxes Axes) NearVertical(in Ecef e)
    {
        double height = HeightM(e, out double flattened, out double length2), scale = 1 / Math.Sqrt(length2), p = Math.Sqrt(e.X * e.X + e.Y * e.Y);
        if (!(p > 0)) return Vertical(e);
        double inverseP = 1 / p;
        return (height, new(e.Z * scale, p * flattened * scale, e.Y * inverseP, e.X * inverseP));
    }

    /// <summary>Height above the ellipsoid in metres, and the local axes, without a trigonometric function: for hot paths.</summary>
    /// <remarks>On the axis of the Earth the longitude is 0.</remarks>
    public static (double HeightM, LocalAxes Axes) Vertical(in Ecef e)
    {
        const double b = SemiMajorAxisM * (1 - Flattening);
        const double ep2 = EccentricitySquared / (1 - EccentricitySquared);
        double p = Math.Sqrt(e.X * e.X + e.Y * e.Y);
        double sinU = e.Z * SemiMajorAxisM, cosU = p * b, sinLat = 0, cosLat = 1;
        for (int i = 0; i < 2; i++)
        {
            double scale = 1 / Math.Sqrt(sinU * sinU + cosU * cosU);
            (sinU, cosU) = (sinU * scale, cosU * scale);
            double y = e.Z + ep2 * b * sinU * sinU * sinU;
            double x = p - EccentricitySquared * SemiMajorAxisM * cosU * cosU * cosU;
            scale = 1 / Math.Sqrt(x * x + y * y);
            (sinLat, cosLat) = (y * scale, x * scale);
            (sinU, cosU) = ((1 - Flattening) * sinLat, cosLat);
        }
        double height = p * cosLat + e.Z * sinLat - SemiMajorAxisM * Math.Sqrt(1 - EccentricitySquared * sinLat * sinLat);
        return (height, p > 0 ? new(sinLat, cosLat, e.Y / p, e.X / p) : new(sinLat, cosLat, 0, 1));
    }
}

/// <summary>An east-north-up frame, tangent to the ellipsoid's parallel surface at its origin and fixed to the Earth.</summary>
/// <remarks>Its plane leaves the ground as one goes away: 7.8 m at 10 km.</remarks>
public sealed class LocalFrame
{
    private readonly Ecef _origin;
    private readonly LocalAxes _axes;

    /// <summary>Makes the frame at <paramref name="origin"/>.</summary>
    public LocalFrame(Geodetic origin)
    {
        Origin = origin;
        _origin = Wgs84.ToEcef(origin);
        _axes = LocalAxes.At(origin);
    }

    /// <summary>The frame's origin.</summary>
    public Geodetic Origin { get; }

    /// <summary>The position of <paramref name="e"/> in this frame.</summary>
    public Enu ToEnu(in Ecef e) => RotateToEnu(new(e.X - _origin.X, e.Y - _origin.Y, e.Z - _origin.Z));

    /// <summary>The position of <paramref name="g"/> in this frame.</summary>
    public Enu ToEnu(in Geodetic g) => ToEnu(Wgs84.ToEcef(g));

    /// <summary>The Earth-fixed position of <paramref name="p"/>.</summary>
    public Ecef ToEcef(in Enu p)
    {
        Ecef d = RotateToEcef(p);
        return new(d.X + _origin.X, d.Y + _origin.Y, d.Z + _origin.Z);
    }

    /// <summary>The geodetic position of <paramref name="p"/>.</summary>
    public Geodetic ToGeodetic(in Enu p) => Wgs84.ToGeodetic(ToEcef(p));

    /// <summary>Height of <paramref name="p"/> above the ellipsoid in metres, without a trigonometric function or an iteration: for hot paths.</summary>
    /// <remarks>Within 1e-5 m of the exact height from -1 to 20 km, within 1e-4 m up to 100 km, at any distance (see
    /// <see cref="HeightWithGradient"/>).</remarks>
    public double HeightM(in Enu p)
    {
        Ecef e = ToEcef(p);
        return Wgs84.HeightM(e, out _, out _);
    }

    /// <summary>Height of <paramref name="p"/> above the ellipsoid in metres, and its gradient in this frame: the unit vector of the local vertical there.</summary>
    /// <remarks>The gradient is within 5e-8 rad of the exact one from -1 to 20 km.</remarks>
    public (double HeightM, Enu Gradient) HeightWithGradient(in Enu p)
    {
        Ecef e = ToEcef(p);
        double height = Wgs84.HeightM(e, out double flattened, out double length2), scale = 1 / Math.Sqrt(length2);
        return (height, RotateToEnu(new(e.X * flattened * scale, e.Y * flattened * scale, e.Z * scale)));
    }

    /// <summary>Turns a vector of the Earth-fixed frame into this frame; the origin plays no part.</summary>
    public Enu RotateToEnu(in Ecef v) => _axes.RotateToEnu(v);

    /// <summary>Turns a vector of this frame into the Earth-fixed frame.</summary>
    public Ecef RotateToEcef(in Enu v) => _axes.RotateToEcef(v);
}
