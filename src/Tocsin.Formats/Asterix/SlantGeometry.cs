using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Formats.Asterix;

/// <summary>Turns a slant range, an azimuth and a height into the elevation at a sensor, on the WGS-84 ellipsoid.</summary>
/// <remarks>The result is the elevation of the straight line; the bending of the ray is the radar's to correct before it reports a height.</remarks>
internal sealed class SlantGeometry
{
    // The first guess misses by metres at 100 km; each step of Newton squares the relative error.
    private const int NewtonSteps = 2;

    private readonly LocalFrame _frame;
    private readonly double _height, _meridianRadius, _normalRadius;

    public SlantGeometry(Geodetic sensor)
    {
        _frame = new LocalFrame(sensor);
        _height = sensor.HeightM;
        double sinLat = Elementary.Sin(sensor.LatitudeRad);
        double w2 = 1 - Wgs84.EccentricitySquared * sinLat * sinLat;
        _normalRadius = Wgs84.SemiMajorAxisM / Math.Sqrt(w2);
        _meridianRadius = _normalRadius * (1 - Wgs84.EccentricitySquared) / w2;
    }

    /// <summary>The frame at the sensor.</summary>
    public LocalFrame Frame => _frame;

    /// <summary>Finds the elevation at which something <paramref name="rangeM"/> away is <paramref name="heightM"/> above the ellipsoid.</summary>
    /// <param name="rangeM">Slant range in metres, positive.</param>
    /// <param name="azimuthRad">Clockwise from true north.</param>
    /// <param name="heightM">Height above the ellipsoid in metres.</param>
    /// <param name="elevationRad">Above the local horizontal at the sensor.</param>
    /// <param name="heightPerRad">How much higher the target is for more elevation, in m/rad: range times the cosine of the elevation at the target.</param>
    /// <returns>False where no elevation puts anything at that height so near, or so far.</returns>
    public bool TryElevation(double rangeM, double azimuthRad, double heightM, out double elevationRad, out double heightPerRad)
    {
        (double sinAz, double cosAz) = Elementary.SinCos(azimuthRad);
        // Euler: the curvature of the ellipsoid in the plane of the azimuth.
        double radius = 1 / (cosAz * cosAz / _meridianRadius + sinAz * sinAz / _normalRadius);
        // The law of cosines in the triangle of the Earth's centre, the sensor and the target.
        double sinEl = ((heightM - _height) * (2 * radius + heightM + _height) - rangeM * rangeM) / (2 * rangeM * (radius + _height));
        elevationRad = heightPerRad = double.NaN;
        if (!(Math.Abs(sinEl) < 1)) return false;
        elevationRad = Elementary.Asin(sinEl);
        double bend = (radius + _height) / (radius + heightM);
        for (int i = 0; ; i++)
        {
            (sinEl, double cosEl) = Elementary.SinCos(elevationRad);
            heightPerRad = rangeM * cosEl * bend;
            // Near the zenith the height hardly depends on the elevation, and the first guess is as good as it gets.
            if (i == NewtonSteps || cosEl < 1e-3) return true;
            double height = _frame.ToGeodetic(new Enu(rangeM * cosEl * sinAz, rangeM * cosEl * cosAz, rangeM * sinEl)).HeightM;
            elevationRad += (heightM - height) / heightPerRad;
        }
    }

    /// <summary>The sigma of the elevation that comes of the sigma of a height.</summary>
    /// <remarks>To first order sigma_h / (dh/del); near the zenith, where that has no bound, the second order term h = range el^2 / 2 bounds it.</remarks>
    public static double ElevationSigma(double heightSigmaM, double heightPerRad, double rangeM) =>
        Math.Min(heightSigmaM / heightPerRad, Math.Sqrt(2 * heightSigmaM / rangeM));
}
