using Tocsin.Numerics;

namespace Tocsin.Geodesy;

/// <summary>The directions east, north and up at a place, as the sines and cosines of its geodetic latitude and longitude.</summary>
/// <param name="SinLatitude">Sine of the geodetic latitude.</param>
/// <param name="CosLatitude">Cosine of the geodetic latitude.</param>
/// <param name="SinLongitude">Sine of the longitude.</param>
/// <param name="CosLongitude">Cosine of the longitude.</param>
public readonly record struct LocalAxes(double SinLatitude, double CosLatitude, double SinLongitude, double CosLongitude)
{
    /// <summary>The axes at <paramref name="g"/>.</summary>
    public static LocalAxes At(in Geodetic g)
    {
        (double sinLat, double cosLat) = Elementary.SinCos(g.LatitudeRad);
        (double sinLon, double cosLon) = Elementary.SinCos(g.LongitudeRad);
        return new(sinLat, cosLat, sinLon, cosLon);
    }

    /// <summary>Geodetic latitude in radians.</summary>
    public double LatitudeRad => Elementary.Atan2(SinLatitude, CosLatitude);

    /// <summary>Longitude in radians.</summary>
    public double LongitudeRad => Elementary.Atan2(SinLongitude, CosLongitude);

    /// <summary>Turns a vector of the Earth-fixed frame into east, north and up.</summary>
    public Enu RotateToEnu(in Ecef v)
    {
        double t = CosLongitude * v.X + SinLongitude * v.Y;
        return new(-SinLongitude * v.X + CosLongitude * v.Y, -SinLatitude * t + CosLatitude * v.Z, CosLatitude * t + SinLatitude * v.Z);
    }

    /// <summary>Turns a vector of east, north and up into the Earth-fixed frame.</summary>
    public Ecef RotateToEcef(in Enu v)
    {
        double t = CosLatitude * v.Up - SinLatitude * v.North;
        return new(-SinLongitude * v.East + CosLongitude * t, CosLongitude * v.East + SinLongitude * t, SinLatitude * v.Up + CosLatitude * v.North);
    }
}
