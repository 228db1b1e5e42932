using Tocsin.Numerics;

namespace Tocsin.Geodesy;

/// <summary>A sensor's own east-north-up frame within the site's: a rotation and a translation, since both are fixed to the Earth.</summary>
/// <remarks>At 10 km from the site's origin a sensor's vertical leans 1.6 mrad from the site's: as much as it can measure.</remarks>
public sealed class SensorFrame
{
    private readonly Matrix3 _toSite, _toSensor;

    /// <summary>Relates a sensor at <paramref name="sensor"/> to the frame of its site.</summary>
    public SensorFrame(Geodetic sensor, LocalFrame site)
    {
        Frame = new LocalFrame(sensor);
        PositionInSite = site.ToEnu(sensor);
        Enu east = site.RotateToEnu(Frame.RotateToEcef(new(1, 0, 0)));
        Enu north = site.RotateToEnu(Frame.RotateToEcef(new(0, 1, 0)));
        Enu up = site.RotateToEnu(Frame.RotateToEcef(new(0, 0, 1)));
        _toSite = new(east.East, north.East, up.East, east.North, north.North, up.North, east.Up, north.Up, up.Up);
        _toSensor = _toSite.Transposed;
    }

    /// <summary>The sensor's own frame.</summary>
    public LocalFrame Frame { get; }

    /// <summary>Where the sensor stands in the site's frame, metres.</summary>
    public Enu PositionInSite { get; }

    /// <summary>The rotation of vectors from the sensor's frame into the site's.</summary>
    public Matrix3 RotationToSite => _toSite;

    /// <summary>A position of the sensor's frame in the site's, metres.</summary>
    public Enu ToSite(in Enu inSensor)
    {
        Enu v = RotateToSite(inSensor);
        return new(v.East + PositionInSite.East, v.North + PositionInSite.North, v.Up + PositionInSite.Up);
    }

    /// <summary>A measurement of the sensor as a position in the site's frame, metres.</summary>
    public Enu ToSite(in Polar measurement) => ToSite(measurement.ToEnu());

    /// <summary>A measurement as a position in the site's frame, and its derivative by range (m/m), azimuth and elevation (m/rad).</summary>
    public (Enu Position, Matrix3 Jacobian) ToSiteWithJacobian(in Polar measurement)
    {
        (Enu inSensor, Matrix3 jacobian) = measurement.ToEnuWithJacobian();
        return (ToSite(inSensor), _toSite.Times(jacobian));
    }

    /// <summary>A position of the site's frame in the sensor's, metres.</summary>
    public Enu ToSensor(in Enu inSite) =>
        RotateToSensor(new(inSite.East - PositionInSite.East, inSite.North - PositionInSite.North, inSite.Up - PositionInSite.Up));

    /// <summary>What the sensor would measure of a position in the site's frame.</summary>
    public Polar Measure(in Enu inSite) => ToSensor(inSite).ToPolar();

    /// <summary>What the sensor would measure of a position in the site's frame, and its derivative by that position (m/m, rad/m).</summary>
    public (Polar Measurement, Matrix3 Jacobian) MeasureWithJacobian(in Enu inSite)
    {
        (Polar measurement, Matrix3 jacobian) = ToSensor(inSite).ToPolarWithJacobian();
        return (measurement, jacobian.Times(_toSensor));
    }

    /// <summary>Range rate in m/s that the sensor would measure, positive away from it, of a position and velocity in the site's frame.</summary>
    public double RangeRateMps(in Enu inSite, in Enu velocityMps)
    {
        double e = inSite.East - PositionInSite.East, n = inSite.North - PositionInSite.North, u = inSite.Up - PositionInSite.Up;
        return (e * velocityMps.East + n * velocityMps.North + u * velocityMps.Up) / Math.Sqrt(e * e + n * n + u * u);
    }

    /// <summary>Turns a vector of the sensor's frame into the site's.</summary>
    public Enu RotateToSite(in Enu v)
    {
        (double e, double n, double u) = _toSite.Times(v.East, v.North, v.Up);
        return new(e, n, u);
    }

    /// <summary>Turns a vector of the site's frame into the sensor's.</summary>
    public Enu RotateToSensor(in Enu v)
    {
        (double e, double n, double u) = _toSensor.Times(v.East, v.North, v.Up);
        return new(e, n, u);
    }
}
