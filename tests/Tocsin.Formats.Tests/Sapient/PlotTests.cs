using CsCheck;
using Tocsin.Formats.GeoJson;
using Tocsin.Formats.Sapient;
using Tocsin.Formats.Sapient.Wire;
using Info = Tocsin.Formats.Sapient.Wire.DetectionReport.Types.TrackObjectInfo;

namespace Tocsin.Formats.Tests.Sapient;

/// <summary>From a detection report to a plot, and which sensor a node is.</summary>
public class PlotTests
{
    private const double Deg = Math.PI / 180;
    private static readonly SiteFile Site = TestSite.File;
    private static readonly SapientPlots Plots = new(Site.Definition);
    private static readonly Instant Now = new(17_000_000_001_234_567);

    private static DetectionReport Polar(RangeBearingCoordinateSystem units = RangeBearingCoordinateSystem.DegreesM, double range = 4_000, double azimuth = 250, double elevation = 30) => new()
    {
        RangeBearing = new() { Range = range, Azimuth = azimuth, Elevation = elevation, CoordinateSystem = units, Datum = RangeBearingDatum.True },
    };

    private static DetectionReport Place(double lon, double lat, double height) => new()
    {
        Location = new() { X = lon, Y = lat, Z = height, CoordinateSystem = LocationCoordinateSystem.LatLngDegM, Datum = LocationDatum.Wgs84E },
    };

    private static Plot Read(DetectionReport report, int sensor = 0)
    {
        Assert.Null(Plots.Read(sensor, Now, report, out Plot plot));
        Assert.Equal(plot, CanonicalPlot.Of(plot));
        Assert.Equal((Now, sensor), (plot.Time, plot.Sensor));
        return plot;
    }

    private static string Refused(DetectionReport report)
    {
        string? reason = Plots.Read(0, Now, report, out _);
        Assert.NotNull(reason);
        return reason;
    }

    [Fact]
    public void All_units_give_the_same_plot()
    {
        Plot plot = Read(Polar());
        Assert.Equal(4_000, plot.Measurement.RangeM);
        Assert.Equal(250 * Deg, plot.Measurement.AzimuthRad, 1e-11);
        Assert.Equal(30 * Deg, plot.Measurement.ElevationRad, 1e-11);
        Assert.True(double.IsNaN(plot.ElevationSigmaRad) && double.IsNaN(plot.RangeRateMps) && double.IsNaN(plot.SnrDb));
        Assert.Equal(plot, Read(Polar(RangeBearingCoordinateSystem.RadiansM, 4_000, 250 * Deg, 30 * Deg)));
        Assert.Equal(plot, Read(Polar(RangeBearingCoordinateSystem.DegreesKm, 4)));
        Assert.Equal(plot, Read(Polar(RangeBearingCoordinateSystem.RadiansKm, 4, 250 * Deg, 30 * Deg)));
        Assert.Equal(plot, Read(Polar(azimuth: -110)));
    }

    [Fact]
    public void An_elevation_s_own_error_is_its_sigma_within_reason()
    {
        DetectionReport report = Polar();
        report.RangeBearing.ElevationError = 0.5;
        Assert.Equal(0.5 * Deg, Read(report).ElevationSigmaRad, 1e-11);
        report.RangeBearing.ElevationError = 1e-12;
        Assert.Equal(1e-5, Read(report).ElevationSigmaRad, 1e-10);
        report.RangeBearing.ElevationError = 1e12;
        Assert.Equal(0.5, Read(report).ElevationSigmaRad, 1e-10);
        report.RangeBearing.ElevationError = double.NaN;
        Assert.True(double.IsNaN(Read(report).ElevationSigmaRad));
    }

    /// <summary>The position on the ellipsoid is worked out a second time, by the textbook's formulae.</summary>
    [Fact]
    public void A_location_is_what_the_sensor_would_have_measured() =>
        Gen.Select(Gen.Double[7.9, 8.1], Gen.Double[45.9, 46.1], Gen.Double[250, 20_000]).Sample((lon, lat, height) =>
        {
            Plot plot = Read(Place(lon, lat, height));
            (double x, double y, double z) = Ecef(lon, lat, height);
            (double x0, double y0, double z0) = Ecef(8.0, 46.0, 210);
            double dx = x - x0, dy = y - y0, dz = z - z0, sl = Math.Sin(8 * Deg), cl = Math.Cos(8 * Deg), sp = Math.Sin(46 * Deg), cp = Math.Cos(46 * Deg);
            double east = -sl * dx + cl * dy, north = -sp * cl * dx - sp * sl * dy + cp * dz, up = cp * cl * dx + cp * sl * dy + sp * dz;
            Assert.Equal(Math.Sqrt(dx * dx + dy * dy + dz * dz), plot.Measurement.RangeM, 1e-6);
            // Compared as places, for straight above the sensor there is no azimuth.
            (double r, double az, double el) = (plot.Measurement.RangeM, plot.Measurement.AzimuthRad, plot.Measurement.ElevationRad);
            Assert.Equal(east, r * Math.Cos(el) * Math.Sin(az), 1e-4);
            Assert.Equal(north, r * Math.Cos(el) * Math.Cos(az), 1e-4);
            Assert.Equal(up, r * Math.Sin(el), 1e-4);
            Assert.True(double.IsNaN(plot.ElevationSigmaRad));
        });

    private static (double, double, double) Ecef(double lonDeg, double latDeg, double h)
    {
        const double A = 6_378_137, F = 1 / 298.257223563, E2 = F * (2 - F);
        double lat = latDeg * Deg, lon = lonDeg * Deg, n = A / Math.Sqrt(1 - E2 * Math.Sin(lat) * Math.Sin(lat));
        return ((n + h) * Math.Cos(lat) * Math.Cos(lon), (n + h) * Math.Cos(lat) * Math.Sin(lon), (n * (1 - E2) + h) * Math.Sin(lat));
    }

    [Fact]
    public void A_height_s_error_becomes_the_elevation_s()
    {
        DetectionReport report = Place(8.0, 46.1, 1_210);
        double ground = Read(report).Measurement is var m ? m.RangeM * Math.Cos(m.ElevationRad) : 0;
        report.Location.ZError = 60;
        Assert.Equal(60 / ground, Read(report).ElevationSigmaRad, 1e-9);
        // Above the geoid, whose height over the ellipsoid is not known: 30 m more, root of squares, with the sensor's own 0.18 degrees.
        DetectionReport geoid = Place(8.0, 46.1, 1_210);
        geoid.Location.Datum = LocationDatum.Wgs84G;
        double own = 0.18 * Deg * ground;
        Assert.Equal(Math.Sqrt(own * own + 900) / ground, Read(geoid).ElevationSigmaRad, 1e-9);
    }

    [Fact]
    public void Radians_and_degrees_place_alike()
    {
        DetectionReport report = Place(8.05 * Deg, 46.05 * Deg, 900);
        report.Location.CoordinateSystem = LocationCoordinateSystem.LatLngRadM;
        Plot a = Read(report), b = Read(Place(8.05, 46.05, 900));
        Assert.Equal(a.Measurement.RangeM, b.Measurement.RangeM, 1e-6);
        Assert.Equal(a.Measurement.AzimuthRad, b.Measurement.AzimuthRad, 1e-10);
    }

    [Fact]
    public void What_cannot_be_placed_is_refused_with_the_reason()
    {
        DetectionReport With(Action<RangeBearing> change)
        {
            DetectionReport r = Polar();
            change(r.RangeBearing);
            return r;
        }

        DetectionReport At(Action<Location> change)
        {
            DetectionReport r = Place(8.05, 46.05, 900);
            change(r.Location);
            return r;
        }

        Assert.Contains("no position", Refused(new()), StringComparison.Ordinal);
        Assert.Contains("units", Refused(With(r => r.ClearCoordinateSystem())), StringComparison.Ordinal);
        Assert.Contains("units", Refused(With(r => r.CoordinateSystem = (RangeBearingCoordinateSystem)5)), StringComparison.Ordinal);
        foreach (RangeBearingDatum datum in (RangeBearingDatum[])[RangeBearingDatum.Unspecified, RangeBearingDatum.Magnetic, RangeBearingDatum.Grid, RangeBearingDatum.Platform])
            Assert.Contains("true north", Refused(With(r => r.Datum = datum)), StringComparison.Ordinal);
        Assert.Contains("three dimensions", Refused(With(r => r.ClearElevation())), StringComparison.Ordinal);
        Assert.Contains("range", Refused(With(r => r.ClearRange())), StringComparison.Ordinal);
        foreach (double bad in (double[])[0, -5, double.NaN, double.PositiveInfinity, 1e300]) Refused(With(r => r.Range = bad));
        foreach (double bad in (double[])[double.NaN, double.NegativeInfinity, 721]) Refused(With(r => r.Azimuth = bad));
        foreach (double bad in (double[])[double.NaN, double.NegativeInfinity, 90.1]) Refused(With(r => r.Elevation = bad));
        foreach (double bad in (double[])[double.NaN, double.NegativeInfinity, 1e300])
        {
            Refused(At(l => l.X = bad));
            Refused(At(l => l.Y = bad));
            Refused(At(l => l.Z = bad));
        }
        Assert.Contains("three dimensions", Refused(At(l => l.ClearZ())), StringComparison.Ordinal);
        Assert.Contains("datum", Refused(At(l => l.ClearDatum())), StringComparison.Ordinal);
        Assert.Contains("coordinate_system", Refused(At(l => l.CoordinateSystem = LocationCoordinateSystem.UtmM)), StringComparison.Ordinal);
        Refused(Place(8.0, 46.0, 210));
        Assert.Contains("timestamp", Plots.Read(0, null, Polar(), out _)!, StringComparison.Ordinal);
        DetectionReport derived = Polar();
        derived.DerivedDetection.Add(new DetectionReport.Types.DerivedDetection { NodeId = "x" });
        Assert.Contains("derived", Refused(derived), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_marked_as_an_exercise_gives_no_plot()
    {
        DetectionReport report = Polar();
        report.ObjectInfo.Add(new Info { Type = "Exercise", Value = "Test" });
        Assert.Contains("exercise", Refused(report), StringComparison.Ordinal);
        report.ObjectInfo[0].Value = "false";
        Read(report);
    }

    [Fact]
    public void A_lost_object_is_no_detection()
    {
        Assert.True(SapientPlots.IsLoss(new() { State = "Object Lost" }));
        Assert.False(SapientPlots.IsLoss(new() { State = "new" }));
        Assert.False(SapientPlots.IsLoss(new()));
    }

    [Fact]
    public void A_node_s_own_place_is_compared_with_the_site_file()
    {
        Assert.True(double.IsNaN(Plots.MisplacedM(0, null)));
        Location here = Place(8.0, 46.0, 0).Location;
        here.ClearZ();
        Assert.Equal(0, Plots.MisplacedM(0, here), 1e-6);
        // A thousandth of a degree of latitude at 46 degrees north: 111.15 m (meridian radius 6,368,4xx m).
        here.Y = 46.001;
        Assert.Equal(111.15, Plots.MisplacedM(0, here), 0.05);
    }

    [Fact]
    public void A_node_is_found_by_the_site_file_or_by_its_names()
    {
        const string Uuid = "3f2a9c1e-5b7d-4e8f-9a01-2c3d4e5f6a7b";
        SiteFile site = TestSite.Parse(TestSite.Json.Replace("\"minElevationDeg\": 1.0,", $"\"minElevationDeg\": 1.0, \"sapient\": {{ \"nodeId\": \"{Uuid}\" }},", StringComparison.Ordinal)).Value!;
        List<string> problems = [];
        SapientSensors sensors = SapientSensors.Of(site, problems);
        Assert.Empty(problems);
        Assert.Equal(0, sensors.Find(Uuid));
        Assert.Equal(0, sensors.Find(Uuid.ToUpperInvariant()));
        Assert.Equal(1, sensors.Find("Rädar \"2\""));
        Assert.Equal(1, sensors.Find("0b0b", "Rädar \"2\"", ""));
        Assert.Equal(1, sensors.Find("0b0b", "", "Rädar \"2\""));
        Assert.Equal(-1, sensors.Find("0b0b", "nobody", "no one"));
        // R1 is that node's and no other's, whatever it calls itself.
        Assert.Equal(-1, sensors.Find("0b0b", "R1", "R1"));
        Assert.Equal(-1, sensors.Find("R1"));
    }

    [Fact]
    public void A_wrong_node_id_is_told()
    {
        List<string> problems = [];
        SapientSensors.Of(TestSite.Parse(TestSite.Json.Replace("\"minElevationDeg\": 1.0,", "\"minElevationDeg\": 1.0, \"sapient\": { \"nodeId\": 5 },", StringComparison.Ordinal)).Value!, problems);
        Assert.Contains("nodeId", Assert.Single(problems), StringComparison.Ordinal);
    }
}
