using Tocsin.Formats.Text;
using Tocsin.Geodesy;

namespace Tocsin.Formats;

/// <summary>Moves a plot onto the grid on which files hold plots: angles in steps of 1e-9 degrees, azimuth in [0, 360).</summary>
/// <remarks>What the pipeline is fed must be what the recording holds, bit for bit, or a replay could part from the run that it
/// repeats. The CSV and events readers give canonical plots; whoever makes plots by other means (ASTERIX, a radar model) passes them through here
/// before the Site sees them.</remarks>
public static class CanonicalPlot
{
    /// <summary>The canonical plot nearest to <paramref name="plot"/>: at most 0.5e-9 degrees away, under 0.1 mm at 10 km.</summary>
    public static Plot Of(in Plot plot) => plot with
    {
        Measurement = new Polar(
            plot.Measurement.RangeM,
            CanonicalAngle.RoundAzimuth(plot.Measurement.AzimuthRad),
            CanonicalAngle.Round(plot.Measurement.ElevationRad)),
        ElevationSigmaRad = CanonicalAngle.Round(plot.ElevationSigmaRad),
    };
}
