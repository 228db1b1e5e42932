namespace Tocsin.Yardstick;

/// <summary>Three components; here always east, north, up in metres or m/s unless a name says ECEF.</summary>
internal readonly record struct Vec3(double X, double Y, double Z)
{
    public static Vec3 operator +(Vec3 a, Vec3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
    public static Vec3 operator -(Vec3 a, Vec3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);
    public static Vec3 operator *(double s, Vec3 a) => new(s * a.X, s * a.Y, s * a.Z);

    public double Length => Math.Sqrt(Dot(this));

    public double Dot(Vec3 b) => X * b.X + Y * b.Y + Z * b.Z;

    public Vec3 Cross(Vec3 b) => new(Y * b.Z - Z * b.Y, Z * b.X - X * b.Z, X * b.Y - Y * b.X);

    /// <summary>A direction by bearing (clockwise from north) and elevation.</summary>
    public static Vec3 Direction(double bearingRad, double elevationRad) =>
        new(Math.Sin(bearingRad) * Math.Cos(elevationRad), Math.Cos(bearingRad) * Math.Cos(elevationRad), Math.Sin(elevationRad));

    /// <summary>Cubic Hermite between two samples of position and velocity, <paramref name="u"/> in [0, 1].</summary>
    public static Vec3 Hermite(Vec3 p0, Vec3 v0, Vec3 p1, Vec3 v1, double dt, double u)
    {
        double u2 = u * u, u3 = u2 * u;
        return (2 * u3 - 3 * u2 + 1) * p0 + (dt * (u3 - 2 * u2 + u)) * v0 + (3 * u2 - 2 * u3) * p1 + (dt * (u3 - u2)) * v1;
    }
}

/// <summary>WGS-84 longitude and latitude in degrees, height above the ellipsoid in metres.</summary>
internal readonly record struct LonLat(double LonDeg, double LatDeg, double HeightM);

/// <summary>An east-north-up frame at a point of the WGS-84 ellipsoid.</summary>
internal sealed class Frame
{
    public const double A = 6_378_137.0;
    public const double F = 1 / 298.257223563;
    public const double E2 = F * (2 - F);

    private readonly Vec3 _east, _north, _up, _origin;

    public Frame(LonLat origin)
    {
        Origin = origin;
        (double sl, double cl) = Math.SinCos(origin.LonDeg * Math.PI / 180);
        (double sp, double cp) = Math.SinCos(origin.LatDeg * Math.PI / 180);
        _east = new(-sl, cl, 0);
        _north = new(-sp * cl, -sp * sl, cp);
        _up = new(cp * cl, cp * sl, sp);
        _origin = Ecef(origin);
    }

    public LonLat Origin { get; }

    /// <summary>The Earth's axis of rotation in this frame.</summary>
    public Vec3 Axis => new(_east.Z, _north.Z, _up.Z);

    public static Vec3 Ecef(LonLat g)
    {
        (double sl, double cl) = Math.SinCos(g.LonDeg * Math.PI / 180);
        (double sp, double cp) = Math.SinCos(g.LatDeg * Math.PI / 180);
        double n = A / Math.Sqrt(1 - E2 * sp * sp);
        return new((n + g.HeightM) * cp * cl, (n + g.HeightM) * cp * sl, (n * (1 - E2) + g.HeightM) * sp);
    }

    /// <summary>By iteration on the latitude, which settles to under a micrometre here in five turns.</summary>
    public static LonLat Geodetic(Vec3 e)
    {
        double p = Math.Sqrt(e.X * e.X + e.Y * e.Y), sp = e.Z / e.Length, n = A, h = 0;
        double lat = Math.Atan2(e.Z, p * (1 - E2));
        for (int i = 0; i < 5; i++)
        {
            (sp, double cp) = Math.SinCos(lat);
            n = A / Math.Sqrt(1 - E2 * sp * sp);
            h = p * cp + e.Z * sp - A * Math.Sqrt(1 - E2 * sp * sp);
            lat = Math.Atan2(e.Z, p * (1 - E2 * n / (n + h)));
        }
        return new(Math.Atan2(e.Y, e.X) * 180 / Math.PI, lat * 180 / Math.PI, h);
    }

    public Vec3 ToEcef(Vec3 enu) => _origin + RotateToEcef(enu);

    public Vec3 RotateToEcef(Vec3 enu) => enu.X * _east + enu.Y * _north + enu.Z * _up;

    public Vec3 RotateFromEcef(Vec3 e) => new(e.Dot(_east), e.Dot(_north), e.Dot(_up));

    public Vec3 FromEcef(Vec3 e) => RotateFromEcef(e - _origin);

    public LonLat ToGeodetic(Vec3 enu) => Geodetic(ToEcef(enu));

    public Vec3 FromGeodetic(LonLat g) => FromEcef(Ecef(g));
}
