using Tocsin.Geodesy;

namespace Tocsin.Formats.Asterix;

/// <summary>What a record of a plot category says: a time of day and a measurement, or why it gives none.</summary>
/// <param name="TimeOfDay">Count of 1/128 s since midnight UTC.</param>
/// <param name="Measurement">Range, azimuth and elevation at the sensor.</param>
internal readonly record struct PlotContent(long TimeOfDay, Polar Measurement)
{
    /// <summary>Range rate in m/s, positive away; NaN for none.</summary>
    public double RangeRateMps { get; init; } = double.NaN;

    /// <summary>Signal-to-noise ratio in dB; NaN for none.</summary>
    public double SnrDb { get; init; } = double.NaN;

    /// <summary>Sigma of the elevation in radians; NaN for the sensor's.</summary>
    public double ElevationSigmaRad { get; init; } = double.NaN;
}

/// <summary>A sensor of the site that sends ASTERIX.</summary>
internal sealed class AsterixSensor(int index, SensorDefinition definition)
{
    /// <summary>Its index in the site.</summary>
    public int Index { get; } = index;

    /// <summary>The sensor as the site describes it.</summary>
    public SensorDefinition Definition { get; } = definition;

    /// <summary>The geometry at its place.</summary>
    public SlantGeometry Geometry { get; } = new(definition.Position);

    /// <summary>Whether its edition is one of the table's; a sensor without an edition is read by the newest.</summary>
    public bool Reads(CategoryTable table) => Definition.Asterix!.Edition is not { } edition || table.Editions.Contains(edition);
}
