using Tocsin.Formats.Asterix;
using Tocsin.Formats.Sapient.Wire;
using Tocsin.Formats.Text;
using Tocsin.Geodesy;

namespace Tocsin.Formats.Sapient;

/// <summary>Reads SAPIENT detection reports as plots.</summary>
/// <remarks>
/// A position comes as range, azimuth and elevation of the node (range_bearing) or as longitude, latitude and height (location), which is
/// turned into what the sensor would have measured from where the site file puts it. The time is the message's. Object ids, associations, predicted
/// places and velocities of the node's own tracking are not used: the Site makes its own tracks of single measurements.
/// </remarks>
public sealed class SapientPlots
{
    /// <summary>The type of the object_info that marks a detection of an exercise or a test, in what Tocsin sends and in what it reads.</summary>
    public const string ExerciseMark = "exercise";

    private const double MetresPerKilometre = 1_000;
    private readonly SiteDefinition _site;
    private readonly SlantGeometry[] _geometry;

    /// <summary>Makes a reader of one site's detections.</summary>
    public SapientPlots(SiteDefinition site)
    {
        _site = site;
        _geometry = [.. site.Sensors.Select(s => new SlantGeometry(s.Position))];
    }

    /// <summary>Whether a report says that its object is lost: it reports nothing seen.</summary>
    public static bool IsLoss(DetectionReport report) => report.HasState && report.State.Contains("lost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes the canonical plot of a detection.</summary>
    /// <param name="sensor">The sensor, as its index in the site.</param>
    /// <param name="time">The message's time; null where it had none.</param>
    /// <param name="report">The report.</param>
    /// <param name="plot">The plot.</param>
    /// <returns>Null where there is a plot, else the reason why not.</returns>
    public string? Read(int sensor, Instant? time, DetectionReport report, out Plot plot)
    {
        plot = default;
        if (time is not { } measured) return "no timestamp, or one that is no time";
        if (report.DerivedDetection.Count > 0) return "derived from other nodes' detections: not a measurement of this one";
        if (report.ObjectInfo.Any(i => string.Equals(i.Type, ExerciseMark, StringComparison.OrdinalIgnoreCase) && !string.Equals(i.Value, "false", StringComparison.OrdinalIgnoreCase)))
            return "marked as an exercise (object_info exercise)";
        double elevationSigma = double.NaN;
        Polar polar = default;
        string? problem = report.LocationOneofCase switch
        {
            DetectionReport.LocationOneofOneofCase.RangeBearing => Of(report.RangeBearing, out polar, out elevationSigma),
            DetectionReport.LocationOneofOneofCase.Location => Of(report.Location, sensor, out polar, out elevationSigma),
            _ => "no position: neither range_bearing nor location",
        };
        if (problem is not null) return problem;
        plot = CanonicalPlot.Of(new Plot
        {
            Time = measured,
            Sensor = sensor,
            Measurement = polar,
            ElevationSigmaRad = Bounded(elevationSigma),
        });
        return null;
    }

    /// <summary>Metres from where a node says that it stands to where the site file puts the sensor, over the ground; NaN where it does not say.</summary>
    public double MisplacedM(int sensor, Location? place)
    {
        if (place is null || Geodetic(place, needsHeight: false, out Geodetic g) is not null) return double.NaN;
        Enu p = _geometry[sensor].Frame.ToEnu(g with { HeightM = _site.Sensors[sensor].Position.HeightM });
        return Math.Sqrt(p.East * p.East + p.North * p.North);
    }

    private static string? Of(RangeBearing r, out Polar polar, out double elevationSigma)
    {
        polar = default;
        elevationSigma = double.NaN;
        (double angle, double length) = r.CoordinateSystem switch
        {
            RangeBearingCoordinateSystem.DegreesM => (CanonicalAngle.RadPerDegree, 1.0),
            RangeBearingCoordinateSystem.RadiansM => (1, 1),
            RangeBearingCoordinateSystem.DegreesKm => (CanonicalAngle.RadPerDegree, MetresPerKilometre),
            RangeBearingCoordinateSystem.RadiansKm => (1, MetresPerKilometre),
            _ => (double.NaN, double.NaN),
        };
        if (double.IsNaN(angle)) return "range_bearing without units (coordinate_system)";
        if (r.Datum != RangeBearingDatum.True) return "azimuth not from true north (datum); let the node report true north";
        if (!r.HasRange || !r.HasAzimuth) return "range_bearing without a range or an azimuth: it cannot be placed";
        if (!r.HasElevation) return "range_bearing without an elevation: it cannot be placed in three dimensions";
        double range = r.Range * length, azimuth = r.Azimuth * angle, elevation = r.Elevation * angle;
        if (!(range > 0 && range <= FormatLimits.PlotRangeM)) return "range is not positive, or too large";
        if (!(Math.Abs(azimuth) <= FormatLimits.PlotAzimuthDeg * CanonicalAngle.RadPerDegree)) return "azimuth is no azimuth";
        if (!(Math.Abs(elevation) <= Math.PI / 2)) return "elevation is beyond 90 degrees";
        polar = new(range, azimuth, elevation);
        if (r.HasElevationError && r.ElevationError > 0) elevationSigma = r.ElevationError * angle;
        return null;
    }

    private string? Of(Location l, int sensor, out Polar polar, out double elevationSigma)
    {
        polar = default;
        elevationSigma = double.NaN;
        string? problem = Geodetic(l, needsHeight: true, out Geodetic g);
        if (problem is not null) return problem;
        Enu p = _geometry[sensor].Frame.ToEnu(g);
        polar = p.ToPolar();
        if (!(polar.RangeM > 0 && polar.RangeM <= FormatLimits.PlotRangeM)) return "location of the sensor itself, or too far away";
        double ground = Math.Sqrt(p.East * p.East + p.North * p.North);
        // A height above the geoid counts from some tens of metres above or below the ellipsoid, nobody here knows which.
        double geoid = l.Datum == LocationDatum.Wgs84G ? Category048Plots.GeoidSigmaM : 0;
        double own = l.HasZError && l.ZError > 0 ? l.ZError : _site.Sensors[sensor].ElevationSigmaRad * ground;
        if (geoid > 0 || l.HasZError && l.ZError > 0) elevationSigma = SlantGeometry.ElevationSigma(Math.Sqrt(own * own + geoid * geoid), ground, polar.RangeM);
        return null;
    }

    private static string? Geodetic(Location l, bool needsHeight, out Geodetic g)
    {
        g = default;
        double angle = l.CoordinateSystem switch
        {
            LocationCoordinateSystem.LatLngDegM => CanonicalAngle.RadPerDegree,
            LocationCoordinateSystem.LatLngRadM => 1,
            _ => double.NaN,
        };
        if (double.IsNaN(angle)) return "location not in longitude and latitude (coordinate_system); let the node report those, or range_bearing";
        if (!l.HasX || !l.HasY) return "location without a longitude or a latitude";
        if (needsHeight && !l.HasZ) return "location without a height: it cannot be placed in three dimensions";
        if (needsHeight && l.Datum is not (LocationDatum.Wgs84E or LocationDatum.Wgs84G)) return "height of an unknown datum";
        double latitude = l.Y * angle, longitude = l.X * angle, height = l.HasZ ? l.Z : 0;
        if (!(Math.Abs(latitude) <= Math.PI / 2)) return "latitude beyond 90 degrees";
        if (!(Math.Abs(longitude) <= 2 * Math.PI)) return "longitude is no longitude";
        if (!(Math.Abs(height) <= FormatLimits.PlotRangeM)) return "height is no height";
        g = new(latitude, longitude, height);
        return null;
    }

    /// <summary>A sigma that a filter may be given; NaN (the sensor's own) stays so.</summary>
    private static double Bounded(double sigma) => double.IsNaN(sigma) ? sigma
        : Math.Clamp(sigma, SapientLimits.LeastElevationSigmaRad, SapientLimits.MostElevationSigmaRad);
}
