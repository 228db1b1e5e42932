using Tocsin.Formats.Text;
using Tocsin.Geodesy;

namespace Tocsin.Formats.Asterix;

/// <summary>Reads category 048 target reports as plots.</summary>
/// <remarks>The report has slant range and azimuth; its height takes the place of an elevation. Two heights serve, the better first:
/// I048/110, which a 3D radar measured (above mean sea level), and I048/090, which the target's transponder reported (pressure altitude).</remarks>
internal static class Category048Plots
{
    /// <summary>Sigma of the height of mean sea level above the ellipsoid: the root mean square of the geoid's undulation over the
    /// Earth, which runs from -107 m to +86 m (EGM96: NASA/TP-1998-206861).</summary>
    public const double GeoidSigmaM = 30;

    /// <summary>Sigma of pressure altitude near the ground: 10 hPa of weather at 8.23 m/hPa (27 ft/hPa, ICAO Doc 7488).</summary>
    public const double PressureSigmaM = 83;

    /// <summary>Sigma of pressure altitude with height: 3 % for air 8 K warmer or colder than the standard's 255 K or so.</summary>
    public const double PressureSigmaPerHeight = 0.03;

    /// <summary>Sigma of rounding to steps of 25 ft: the step over the square root of 12.</summary>
    private const double StepSigmaM = 25 * Units.MetresPerFoot * 0.28867513459481287;

    private static readonly FieldLocation TimeOfDay = Category048.Table.Locate("140");
    private static readonly FieldLocation Simulated = Category048.Table.Locate("020/SIM");
    private static readonly FieldLocation FieldMonitor = Category048.Table.Locate("020/RAB");
    private static readonly FieldLocation Test = Category048.Table.Locate("020/TST");
    private static readonly FieldLocation ExtendedRange = Category048.Table.Locate("020/ERR");
    private static readonly FieldLocation Rho = Category048.Table.Locate("040/RHO");
    private static readonly FieldLocation Theta = Category048.Table.Locate("040/THETA");
    private static readonly FieldLocation Height3D = Category048.Table.Locate("110/3DH");
    private static readonly FieldLocation LevelNotValidated = Category048.Table.Locate("090/V");
    private static readonly FieldLocation LevelGarbled = Category048.Table.Locate("090/G");
    private static readonly FieldLocation FlightLevel = Category048.Table.Locate("090/FL");
    private static readonly FieldLocation DopplerDoubtful = Category048.Table.Locate("120/CAL/D");
    private static readonly FieldLocation Doppler = Category048.Table.Locate("120/CAL/CAL");

    /// <summary>Reads a report; null where there is a plot, else the reason why not.</summary>
    public static string? Read(in AsterixRecord record, AsterixSensor sensor, out PlotContent content)
    {
        content = default;
        if (record.IsSet(Simulated) || record.IsSet(Test)) return "simulated or test target (I048/020 SIM, TST)";
        if (record.IsSet(FieldMonitor)) return "fixed test transponder (I048/020 RAB)";
        if (!record.TryRead(TimeOfDay, out long time)) return "no time of day (I048/140)";
        if (!record.TryRead(Rho, out long rho)) return "no measured position (I048/040): a coasted or ended track";
        if (record.IsSet(ExtendedRange)) return "range beyond 256 NM (I048/020 ERR)";
        if (rho == 0) return "range is 0 (I048/040)";
        double rangeM = rho * Rho.Field.Lsb * Units.MetresPerNauticalMile;
        double azimuthRad = record.Read(Theta) * CanonicalAngle.RadPerDegree;
        if (!TryHeight(record, sensor, rangeM, out double heightM, out double heightSigmaM)) return "no height (I048/110 or a valid I048/090): cannot be placed in three dimensions";
        if (!sensor.Geometry.TryElevation(rangeM, azimuthRad, heightM, out double elevationRad, out double heightPerRad)) return "range and height contradict each other";
        content = new(time, new Polar(rangeM, azimuthRad, elevationRad))
        {
            ElevationSigmaRad = SlantGeometry.ElevationSigma(heightSigmaM, heightPerRad, rangeM),
            RangeRateMps = record.IsSet(DopplerDoubtful) ? double.NaN : record.Read(Doppler),
        };
        return null;
    }

    /// <summary>The height above mean sea level, taken as that above the ellipsoid with the geoid in its sigma.</summary>
    private static bool TryHeight(in AsterixRecord record, AsterixSensor sensor, double rangeM, out double heightM, out double sigmaM)
    {
        double measured, other;
        if (record.TryRead(Height3D, out long steps))
        {
            heightM = steps * Height3D.Field.Lsb * Units.MetresPerFoot;
            // The radar made the height of an elevation that it measured with the sensor's own sigma.
            measured = sensor.Definition.ElevationSigmaRad * rangeM;
            other = StepSigmaM;
        }
        else if (record.TryRead(FlightLevel, out long level) && !record.IsSet(LevelNotValidated) && !record.IsSet(LevelGarbled))
        {
            heightM = level * FlightLevel.Field.Lsb * 100 * Units.MetresPerFoot;
            measured = PressureSigmaM;
            other = PressureSigmaPerHeight * Math.Abs(heightM);
        }
        else
        {
            heightM = sigmaM = double.NaN;
            return false;
        }
        sigmaM = Math.Sqrt(GeoidSigmaM * GeoidSigmaM + measured * measured + other * other);
        return true;
    }
}
