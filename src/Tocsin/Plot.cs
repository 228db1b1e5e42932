using Tocsin.Geodesy;

namespace Tocsin;

/// <summary>One report of one sensor: where it saw something and when, with the sigmas of that measurement.</summary>
/// <remarks>Not yet anything real: most plots of a busy radar are clutter. The measurement is polar at the sensor: azimuth
/// clockwise from true north, elevation above the local horizontal of the WGS-84 ellipsoid. Its errors are taken as
/// independent and Gaussian.</remarks>
public readonly record struct Plot
{
    /// <summary>When the sensor measured it.</summary>
    public required Instant Time { get; init; }

    /// <summary>The sensor, as its index in <see cref="SiteDefinition.Sensors"/>; <see cref="UnknownSensor"/> where the site does not know it.</summary>
    public required int Sensor { get; init; }

    /// <summary>Range, azimuth and elevation at the sensor.</summary>
    public required Polar Measurement { get; init; }

    /// <summary>Range rate in m/s, positive away from the sensor; NaN where the sensor gives none.</summary>
    public double RangeRateMps { get; init; } = double.NaN;

    /// <summary>Signal-to-noise ratio in dB; NaN where the sensor gives none.</summary>
    public double SnrDb { get; init; } = double.NaN;

    /// <summary>Sigma of the elevation in radians where this plot's differs from its sensor's (a height converted to an elevation); else NaN.</summary>
    public double ElevationSigmaRad { get; init; } = double.NaN;

    /// <summary>The number the feed gave this plot, counted from 1 in the order of arrival; 0 where it has none yet.</summary>
    public long Number { get; init; }

    /// <summary>The value of <see cref="Sensor"/> for a sensor that the site does not know.</summary>
    public const int UnknownSensor = -1;

    /// <summary>Makes a plot; the required members must be set.</summary>
    public Plot() { }
}
