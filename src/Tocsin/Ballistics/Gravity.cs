using Tocsin.Geodesy;

namespace Tocsin.Ballistics;

/// <summary>The Earth's gravity.</summary>
/// <remarks>Gravitation is the pull of the mass alone, as an inertial frame sees it; gravity is what a plumb line on the turning
/// Earth feels: gravitation and the centrifugal acceleration together. What is left out, the higher terms of the field, is below 1e-3 m/s2.</remarks>
public static class Gravity
{
    /// <summary>Gravitational constant times the Earth's mass in m3/s2, the atmosphere included (NGA.STND.0036, 2014, table 3.1).</summary>
    public const double EarthGm = 3.986004418e14;

    /// <summary>The Earth's dynamic form factor of degree 2 of the WGS-84 ellipsoid (NGA.STND.0036, 2014, table 3.5).</summary>
    public const double J2 = 1.082629821313e-3;

    /// <summary>Gravitation in m/s2 at a position of the Earth-fixed frame: point mass and J2 (Vallado, Fundamentals of
    /// Astrodynamics and Applications, 4th ed., section 8.7.1).</summary>
    public static Ecef GravitationAt(in Ecef r)
    {
        double inverse2 = 1 / (r.X * r.X + r.Y * r.Y + r.Z * r.Z);
        double pointMass = EarthGm * inverse2 * Math.Sqrt(inverse2);
        double k = 1.5 * J2 * Wgs84.SemiMajorAxisM * Wgs84.SemiMajorAxisM * inverse2, z2 = 5 * r.Z * r.Z * inverse2;
        double equatorial = -pointMass * (1 + k * (1 - z2)), polar = -pointMass * (1 + k * (3 - z2));
        return new(equatorial * r.X, equatorial * r.Y, polar * r.Z);
    }

    /// <summary>Normal gravity in m/s2, along the ellipsoid's vertical, at a height above the ellipsoid and a latitude given by its sine:
    /// Somigliana's formula and the second-order height term (NGA.STND.0036, 2014, equations 4-1 and 4-3).</summary>
    /// <remarks>Within 2e-7 of the closed formula up to 20 km.</remarks>
    public static double NormalMps2(double sinLatitude, double heightM)
    {
        const double equatorial = 9.7803253359, k = 0.001931852652458, m = 0.003449786506841;
        double sin2 = sinLatitude * sinLatitude;
        double surface = equatorial * (1 + k * sin2) / Math.Sqrt(1 - Wgs84.EccentricitySquared * sin2);
        double ratio = heightM / Wgs84.SemiMajorAxisM;
        return surface * (1 - 2 * (1 + Wgs84.Flattening + m - 2 * Wgs84.Flattening * sin2) * ratio + 3 * ratio * ratio);
    }
}
