using Tocsin.Formats.Text;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Formats.Asterix;

/// <summary>Reads category 015 target reports as plots.</summary>
/// <remarks>A position comes as range, azimuth and elevation (I015/625, 627, 628); as range and azimuth with a height above the ellipsoid
/// (I015/601); or as latitude, longitude and height (I015/600, 601). The best that is there is taken, in that order.</remarks>
internal static class Category015Plots
{
    /// <summary>Message type 5, the end of a track: it reports nothing seen.</summary>
    public const long TrackEnd = 5;

    /// <summary>The message type.</summary>
    public static readonly FieldLocation MessageType = Category015.Table.Locate("000/MT");

    private static readonly FieldLocation TimeOfApplicability = Category015.Table.Locate("145");
    private static readonly FieldLocation Stations = Category015.Table.Locate("020/MOMU");
    private static readonly FieldLocation Taxonomy = Category015.Table.Locate("020/TTAX");
    private static readonly FieldLocation Extrapolated = Category015.Table.Locate("170/CSTP");
    private static readonly FieldLocation HeightExtrapolated = Category015.Table.Locate("170/CSTH");
    private static readonly FieldLocation Range = Category015.Table.Locate("625/R");
    private static readonly FieldLocation RangeRate = Category015.Table.Locate("625/RR");
    private static readonly FieldLocation Doppler = Category015.Table.Locate("626/DV");
    private static readonly FieldLocation Azimuth = Category015.Table.Locate("627/AZ");
    private static readonly FieldLocation Elevation = Category015.Table.Locate("628/EL");
    private static readonly FieldLocation ElevationSigma = Category015.Table.Locate("628/SDEL");
    private static readonly FieldLocation Latitude = Category015.Table.Locate("600/P84/LATITUDE");
    private static readonly FieldLocation Longitude = Category015.Table.Locate("600/P84/LONGITUDE");
    private static readonly FieldLocation Height = Category015.Table.Locate("601/GH");
    private static readonly FieldLocation HeightSigma = Category015.Table.Locate("601/SDGH");
    private static readonly FieldLocation EchoSnr = Category015.Table.Locate("630/RPS");

    /// <summary>Reads a report; null where there is a plot, else the reason why not.</summary>
    public static string? Read(in AsterixRecord record, AsterixSensor sensor, out PlotContent content)
    {
        content = default;
        if (record.TryRead(Taxonomy, out long taxonomy) && taxonomy != 0) return "reference, synthetic or simulated target (I015/020 TTAX)";
        if (record.TryRead(Stations, out long stations) && stations != 0) return "not from a mono-static sensor (I015/020 MOMU): its range is no distance";
        if (record.IsSet(Extrapolated)) return "extrapolated position (I015/170 CSTP)";
        if (!record.TryRead(TimeOfApplicability, out long time)) return "no time of applicability (I015/145)";
        string? problem = Position(record, sensor, out Polar polar, out double sigma);
        if (problem is not null) return problem;
        double doppler = record.Read(Doppler);
        content = new(time, polar)
        {
            ElevationSigmaRad = sigma,
            RangeRateMps = double.IsNaN(doppler) ? record.Read(RangeRate) : doppler,
            SnrDb = record.Read(EchoSnr),
        };
        return null;
    }

    private static string? Position(in AsterixRecord record, AsterixSensor sensor, out Polar polar, out double elevationSigma)
    {
        elevationSigma = double.NaN;
        polar = default;
        double heightM = record.IsSet(HeightExtrapolated) ? double.NaN : record.Read(Height);
        double rangeM = record.Read(Range), azimuthRad = record.Read(Azimuth) * CanonicalAngle.RadPerDegree;
        if (double.IsNaN(rangeM) || double.IsNaN(azimuthRad)) return FromGeodetic(record, sensor, heightM, out polar, out elevationSigma);
        if (rangeM <= 0) return "range is not positive (I015/625)";
        if (record.TryRead(Elevation, out _))
        {
            polar = new(rangeM, azimuthRad, record.Read(Elevation) * CanonicalAngle.RadPerDegree);
            if (record.TryRead(ElevationSigma, out long steps) && steps > 0) elevationSigma = steps * ElevationSigma.Field.Lsb * CanonicalAngle.RadPerDegree;
            return null;
        }
        if (double.IsNaN(heightM)) return "no elevation and no height (I015/628, I015/601): cannot be placed in three dimensions";
        if (!sensor.Geometry.TryElevation(rangeM, azimuthRad, heightM, out double elevationRad, out double heightPerRad)) return "range and height contradict each other";
        polar = new(rangeM, azimuthRad, elevationRad);
        elevationSigma = SlantGeometry.ElevationSigma(SigmaOfHeight(record, sensor, rangeM), heightPerRad, rangeM);
        return null;
    }

    private static string? FromGeodetic(in AsterixRecord record, AsterixSensor sensor, double heightM, out Polar polar, out double elevationSigma)
    {
        polar = default;
        elevationSigma = double.NaN;
        double latitude = record.Read(Latitude), longitude = record.Read(Longitude);
        if (double.IsNaN(latitude) || double.IsNaN(heightM)) return "no range, azimuth and elevation (I015/625, 627, 628) and no position with a height (I015/600, 601)";
        if (Math.Abs(latitude) > 90) return "latitude beyond 90 degrees (I015/600)";
        Enu p = sensor.Geometry.Frame.ToEnu(new Geodetic(latitude * CanonicalAngle.RadPerDegree, longitude * CanonicalAngle.RadPerDegree, heightM));
        double ground = Math.Sqrt(p.East * p.East + p.North * p.North), range = Math.Sqrt(ground * ground + p.Up * p.Up);
        if (!(range > 0)) return "position of the sensor itself (I015/600)";
        polar = new(range, Elementary.Atan2(p.East, p.North), Elementary.Atan2(p.Up, ground));
        elevationSigma = SlantGeometry.ElevationSigma(SigmaOfHeight(record, sensor, range), ground, range);
        return null;
    }

    /// <summary>The report's own sigma of height, or else what the sensor's sigma of elevation makes of it.</summary>
    private static double SigmaOfHeight(in AsterixRecord record, AsterixSensor sensor, double rangeM) =>
        record.TryRead(HeightSigma, out long steps) && steps > 0
            ? steps * HeightSigma.Field.Lsb
            : sensor.Definition.ElevationSigmaRad * rangeM;
}
