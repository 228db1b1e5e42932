using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>A plot turned into the site's local frame once, with all that gating and updating ask of it.</summary>
internal struct SightedPlot
{
    /// <summary>The plot.</summary>
    public Plot Plot;

    /// <summary>Its position in the site's local frame, metres.</summary>
    public double X, Y, Z;

    /// <summary>Unit vector from the sensor to it, in the site's local frame.</summary>
    public double Ux, Uy, Uz;

    /// <summary>Sigmas: range (m), azimuth and elevation (rad), range rate (m/s; NaN for none).</summary>
    public double RangeSigmaM, AzimuthSigmaRad, ElevationSigmaRad, RangeRateSigmaMps;

    /// <summary>Natural logarithm of the density of clutter here, per cubic metre and scan.</summary>
    public double LogClutterPerM3;

    /// <summary>Number of clutter plots expected in a whole scan, for the odds of a new object.</summary>
    public double ClutterPerScan;

    /// <summary>Whether a confirmed track has it, or it repeats one that a track has.</summary>
    public bool Taken;
}

/// <summary>The difference between a plot and what an estimate expects, in metres along the line of sight, across it clockwise and
/// across it upward; with the directions of these three in the site's local frame and the variances of the measurement.</summary>
internal struct Innovation
{
    /// <summary>Measured less expected: range, azimuth, elevation, as lengths.</summary>
    public double Range, Azimuth, Elevation;

    /// <summary>Unit vectors of the three directions.</summary>
    public double Rx, Ry, Rz, Ax, Ay, Az, Ex, Ey, Ez;

    /// <summary>Variances of the measurement in the three directions, m2.</summary>
    public double RangeVariance, AzimuthVariance, ElevationVariance;

    /// <summary>Expected range in metres.</summary>
    public double ExpectedRangeM;
}

/// <summary>One sensor as the tracker sees it: its place and axes in the site's local frame, and its measurement equation.</summary>
/// <remarks>
/// The filter works in the sensor's own polar measurement. Angle innovations are taken as lengths in the plane across the line of
/// sight (the projection of the measured direction on it), which is the polar innovation to second order and stays regular overhead,
/// where azimuth alone does not.
/// </remarks>
internal sealed class SensorView
{
    private readonly Enu _east, _north;

    /// <summary>Makes the view of one sensor of a site.</summary>
    public SensorView(SiteDefinition site, int index)
    {
        Definition = site.Sensors[index];
        var own = new LocalFrame(Definition.Position);
        Position = site.Frame.ToEnu(Definition.Position);
        _east = site.Frame.RotateToEnu(own.RotateToEcef(new(1, 0, 0)));
        _north = site.Frame.RotateToEnu(own.RotateToEcef(new(0, 1, 0)));
        Up = site.Frame.RotateToEnu(own.RotateToEcef(new(0, 0, 1)));
        SinMinElevation = Elementary.Sin(Definition.MinElevationRad);
        MissLog = Elementary.Log(1 - Math.Clamp(Definition.DetectionProbability, 0.01, 0.995));
        DetectionLog = Elementary.Log(Math.Clamp(Definition.DetectionProbability, 0.01, 0.995));
    }

    /// <summary>The sensor's definition.</summary>
    public SensorDefinition Definition { get; }

    /// <summary>Where it stands in the site's local frame.</summary>
    public Enu Position { get; }

    /// <summary>Its own vertical in the site's local frame.</summary>
    public Enu Up { get; }

    /// <summary>Sine of the lowest elevation.</summary>
    public double SinMinElevation { get; }

    /// <summary>Logarithm of the probability that an object in coverage gives no plot in one scan.</summary>
    public double MissLog { get; }

    /// <summary>Logarithm of the probability that it gives one.</summary>
    public double DetectionLog { get; }

    /// <summary>Turns a plot into the site's local frame.</summary>
    public SightedPlot Sight(in Plot plot)
    {
        (double sinAz, double cosAz) = Elementary.SinCos(plot.Measurement.AzimuthRad);
        (double sinEl, double cosEl) = Elementary.SinCos(plot.Measurement.ElevationRad);
        double e = cosEl * sinAz, n = cosEl * cosAz, u = sinEl, r = plot.Measurement.RangeM;
        SightedPlot s = new()
        {
            Plot = plot,
            Ux = _east.East * e + _north.East * n + Up.East * u,
            Uy = _east.North * e + _north.North * n + Up.North * u,
            Uz = _east.Up * e + _north.Up * n + Up.Up * u,
            RangeSigmaM = Definition.RangeSigmaM,
            AzimuthSigmaRad = Definition.AzimuthSigmaRad,
            ElevationSigmaRad = double.IsNaN(plot.ElevationSigmaRad) ? Definition.ElevationSigmaRad : plot.ElevationSigmaRad,
            RangeRateSigmaMps = double.IsNaN(plot.RangeRateMps) ? double.NaN : Definition.RangeRateSigmaMps,
        };
        s.X = Position.East + r * s.Ux;
        s.Y = Position.North + r * s.Uy;
        s.Z = Position.Up + r * s.Uz;
        return s;
    }

    /// <summary>Whether a point of the site's local frame is in range and above the lowest elevation.</summary>
    public bool Covers(double x, double y, double z)
    {
        double dx = x - Position.East, dy = y - Position.North, dz = z - Position.Up;
        double r2 = dx * dx + dy * dy + dz * dz;
        if (r2 > Definition.MaxRangeM * Definition.MaxRangeM) return false;
        double up = dx * Up.East + dy * Up.North + dz * Up.Up;
        return up > SinMinElevation * Math.Sqrt(r2);
    }

    /// <summary>The difference between <paramref name="plot"/> and an expected position.</summary>
    public void Innovate(in SightedPlot plot, double x, double y, double z, out Innovation d)
    {
        double dx = x - Position.East, dy = y - Position.North, dz = z - Position.Up;
        double r = Math.Sqrt(Math.Max(1, dx * dx + dy * dy + dz * dz)), inverse = 1 / r;
        double ux = dx * inverse, uy = dy * inverse, uz = dz * inverse;
        double sinEl = ux * Up.East + uy * Up.North + uz * Up.Up;
        double cosEl = Math.Sqrt(Math.Max(1e-12, 1 - sinEl * sinEl)), c = 1 / cosEl;
        // Upward across the line of sight: what is left of up; clockwise: the line of sight crossed with that.
        double ex = (Up.East - sinEl * ux) * c, ey = (Up.North - sinEl * uy) * c, ez = (Up.Up - sinEl * uz) * c;
        double ax = uy * ez - uz * ey, ay = uz * ex - ux * ez, az = ux * ey - uy * ex;
        double acrossAz = r * cosEl * plot.AzimuthSigmaRad, acrossEl = r * plot.ElevationSigmaRad;
        double azimuth = plot.Ux * ax + plot.Uy * ay + plot.Uz * az;
        // Near the zenith the plot's own azimuth may be far from the expected one, and by its sine elevation's error lies across.
        double sinElPlot = plot.Ux * Up.East + plot.Uy * Up.North + plot.Uz * Up.Up;
        double turned2 = Math.Min(1, azimuth * azimuth / Math.Max(1e-12, 1 - sinElPlot * sinElPlot));
        d = new()
        {
            Range = plot.Plot.Measurement.RangeM - r,
            Azimuth = r * azimuth,
            Elevation = r * (plot.Ux * ex + plot.Uy * ey + plot.Uz * ez),
            Rx = ux,
            Ry = uy,
            Rz = uz,
            Ax = ax,
            Ay = ay,
            Az = az,
            Ex = ex,
            Ey = ey,
            Ez = ez,
            RangeVariance = plot.RangeSigmaM * plot.RangeSigmaM,
            AzimuthVariance = acrossAz * acrossAz + turned2 * acrossEl * acrossEl,
            ElevationVariance = acrossEl * acrossEl,
            ExpectedRangeM = r,
        };
    }
}
