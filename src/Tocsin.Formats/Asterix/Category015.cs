using static Tocsin.Formats.Asterix.Notation;

namespace Tocsin.Formats.Asterix;

/// <summary>Category 015, independent non-cooperative surveillance target reports: EUROCONTROL ASTERIX part 29, edition 1.2 of 2024-05-01.</summary>
/// <remarks>Editions 1.0 and 1.1 lay every item out alike.</remarks>
public static class Category015
{
    /// <summary>The table.</summary>
    public static CategoryTable Table { get; } = new(15, "Independent Non-Cooperative Surveillance System Target Reports", ["1.0", "1.1", "1.2"],
        [
            Item("000", "Message Type", Fixed(
                Code("MT", 7, null, "Measurement Plot", "Measurement Track", "Sensor Centric Plot", "Sensor Centric Track", "Track End Message"),
                Code("RG", 1, "Periodic Report", "Event Driven Report"))),
            Item("010", "Data Source Identifier", SacSic()),
            Item("015", "Service Identification", Fixed(Raw("", 8))),
            Item("020", "Target Report Descriptor", Extended(
                [
                    Code("MOMU", 2, "Mono-Static Sensor", "Multi-Static Sensor", "Other", "Unknown"),
                    Code("TTAX", 2, "Actual Target Report", "Reference Target", "Synthetic Target", "Simulated / Replayed Target"),
                    Code("SCD", 2, "Unknown", "Forward", "Backward", "Static"),
                    Spare(1),
                ])),
            Item("030", "Warning/Error Conditions", Chained(Raw("", 7))),
            Item("050", "Update Period", Fixed(Spare(2), Unsigned("UPD", 14, 1.0 / 128, "s"))),
            Item("145", "Time of Applicability", Fixed(Unsigned("", 24, 1.0 / 128, "s"))),
            Item("161", "Track/Plot Number", Fixed(Unsigned("", 16))),
            Item("170", "Track/Plot Status", Extended(
                [
                    Code("BIZ", 1, "Target not in Blind Zone", "Target in Blind Zone"),
                    Code("BAZ", 1, "Target not in Blanked Zone", "Target in Blanked Zone"),
                    Code("TUR", 1, "Track Alive", "Track Terminated by User Request"),
                    Spare(1),
                    Code("CSTP", 1, "Not extrapolated", "Extrapolated"),
                    Code("CSTH", 1, "Not extrapolated", "Extrapolated"),
                    Code("CNF", 1, "Confirmed Track", "Tentative Track"),
                ])),
            Item("270", "Target Size & Orientation", Compound(
                Item("LEN", "Target Length", Fixed(Unsigned("", 16, 0.01, "m"))),
                Item("WDT", "Target Width", Fixed(Unsigned("", 16, 0.01, "m"))),
                Item("HGT", "Target Height", Fixed(Unsigned("", 16, 0.01, "m"))),
                Item("ORT", "Target Orientation", Fixed(Unsigned("", 16, 360.0 / 65536, "°"))))),
            Item("300", "Object Classification", Repetitive(Unsigned("CLS", 9), Unsigned("PRB", 7))),
            Item("400", "Measurement Identifier", Fixed(Unsigned("PID", 16), Unsigned("ON", 24))),
            Item("480", "Associations", Repetitive(Raw("", 40))),
            Item("600", "Horizontal Position Information", Compound(
                Item("P84", "Horizontal Position in WGS-84 Coordinates", Fixed(
                    Signed("LATITUDE", 32, 180.0 / 2147483648, "°"),
                    Signed("LONGITUDE", 32, 180.0 / 2147483648, "°"))),
                Item("HPR", "Horizontal Position Resolution", Fixed(
                    Unsigned("RSHPX", 16, 0.5, "m"), Unsigned("RSHPY", 16, 0.5, "m"), Correlation("CORSHPXY"))),
                Item("HPP", "Horizontal Position Precision", Fixed(
                    Unsigned("SDHPX", 16, 0.25, "m"), Unsigned("SDHPY", 16, 0.25, "m"), Correlation("COSDHPXY"))))),
            Item("601", "Geometric Height Information", Compound(
                Item("GH", "Geometric Height (WGS-84)", Fixed(Signed("", 24, 0.01, "m"))),
                Item("RSGH", "Geometric Height Resolution", Fixed(Unsigned("", 24, 0.01, "m"))),
                Item("SDGH", "Geometric Height Precision", Fixed(Unsigned("", 24, 0.01, "m"))),
                Item("CI6", "Confidence Interval for Geometric Height (67%)", Fixed(Unsigned("UCI6", 12, 16, "m"), Unsigned("LCI6", 12, 16, "m"))),
                Item("CI9", "Confidence Interval for Geometric Height (95%)", Fixed(Unsigned("UCI9", 12, 16, "m"), Unsigned("LCI9", 12, 16, "m"))),
                Item("COGHHP", "Correlation of Geometric Height and Horizontal Position", Correlations("X", "Y")),
                Item("COGHHV", "Correlation of Geometric Height and Horizontal Velocity", Correlations("X", "Y")),
                Item("COGHHA", "Correlation of Geometric Height and Horizontal Acceleration", Correlations("X", "Y")))),
            Item("602", "Horizontal Velocity Information", Compound(
                Item("HV", "Horizontal Velocity Vector", Fixed(Signed("X", 20, 0.01, "m/s"), Signed("Y", 20, 0.01, "m/s"))),
                Item("RSHV", "Horizontal Velocity Resolution", Fixed(
                    Unsigned("X", 16, 0.01, "m/s"), Unsigned("Y", 16, 0.01, "m/s"), Correlation("CORSHVXY"))),
                Item("SDHV", "Horizontal Velocity Precision", Fixed(
                    Unsigned("X", 16, 0.01, "m/s"), Unsigned("Y", 16, 0.01, "m/s"), Correlation("COHVXY"))),
                Item("COHVHP", "Correlation of Horizontal Velocity and Horizontal Position",
                    Correlations("COHVXHPX", "COHVXHPY", "COHVYHPX", "COHVYHPY")))),
            Item("603", "Horizontal Acceleration Information", Compound(
                Item("HA", "Horizontal Acceleration Vector", Fixed(Signed("X", 12, 0.0625, "m/s²"), Signed("Y", 12, 0.0625, "m/s²"))),
                Item("SDHA", "Horizontal Acceleration Precision", Fixed(
                    Unsigned("X", 12, 0.0625, "m/s²"), Unsigned("Y", 12, 0.0625, "m/s²"), Correlation("COHAXY"))),
                Item("COHAHP", "Correlation of Horizontal Acceleration and Horizontal Position",
                    Correlations("COHAXHPX", "COHAXHPY", "COHAYHPX", "COAYHPY")),
                Item("COHAHV", "Correlation of Horizontal Acceleration and Horizontal Velocity",
                    Correlations("COHAXHVX", "COHAXHVY", "COHAYHVX", "COHAYHVY")))),
            Item("604", "Vertical Velocity Information", Compound(
                Item("VV", "Vertical Velocity", Fixed(Signed("", 24, 0.01, "m/s"))),
                Item("RSVV", "Vertical Velocity Resolution", Fixed(Unsigned("", 16, 0.01, "m/s"))),
                Item("SDVV", "Vertical Velocity Precision", Fixed(Unsigned("SDVV", 16, 0.01, "m/s"), Correlation("COVVGH"))),
                Item("COVVHP", "Correlation of Vertical Velocity and Horizontal Position", Correlations("X", "Y")),
                Item("COVVHV", "Correlation of Vertical Velocity and Horizontal Velocity", Correlations("X", "Y")),
                Item("COVVHA", "Correlation of Vertical Velocity and Horizontal Acceleration", Correlations("X", "Y")))),
            Item("605", "Vertical Velocity Information", Compound(
                Item("VA", "Vertical Acceleration", Fixed(Signed("", 16, 0.01, "m/s²"))),
                Item("RSVA", "Vertical Acceleration Precision", Fixed(
                    Unsigned("SDVA", 16, 0.01, "m/s²"), Correlation("COVAGH"), Correlation("COVAVV"))),
                Item("COVAHP", "Correlation of Vertical Acceleration and Horizontal Position", Correlations("X", "Y")),
                Item("COVAHV", "Correlation of Vertical Acceleration and Horizontal Velocity", Correlations("X", "Y")),
                Item("COVAHA", "Correlation of Vertical Acceleration and Horizontal Acceleration", Correlations("X", "Y")))),
            Item("625", "Range Information", Compound(
                Item("R", "Range", Fixed(Signed("", 24, 0.1, "m"))),
                Item("RSR", "Range Resolution", Fixed(Unsigned("", 24, 0.1, "m"))),
                Item("SDR", "Range Precision", Fixed(Unsigned("", 24, 0.1, "m"))),
                Item("RR", "Range Rate", Fixed(Signed("", 24, 0.1, "m/s"))),
                Item("RSRR", "Range Rate Resolution", Fixed(Unsigned("", 24, 0.1, "m/s"))),
                Item("SDRR", "Range Rate Precision", Fixed(Unsigned("SDRR", 24, 0.1, "m/s"), Correlation("CORRR"))),
                Item("RA", "Range Acceleration", Fixed(Signed("", 16, 1.0 / 64, "m/s²"))),
                Item("SDRA", "Range Acceleration Precision", Fixed(
                    Unsigned("SDRA", 16, 1.0 / 128, "m/s²"), Correlation("CORAR"), Correlation("CORARR"))))),
            Item("626", "Doppler Information", Compound(
                Item("DV", "Doppler Velocity", Fixed(Signed("", 24, 0.01, "m/s"))),
                Item("SDDV", "Precision of Doppler Velocity", Fixed(Unsigned("", 16, 1.0 / 64, "m/s"))),
                Item("DA", "Doppler Acceleration", Fixed(Signed("", 16, 1.0 / 64, "m/s²"))),
                Item("SDDA", "Precision of Doppler Acceleration", Fixed(Unsigned("SDDA", 16, 1.0 / 64, "m/s²"), Correlation("CODADV"))),
                Item("CODVR", "Correlation of Doppler Velocity and Range", Correlations("")),
                Item("CODVRR", "Correlation of Doppler Velocity and Range Rate", Correlations("")),
                Item("CODVRA", "Correlation of Doppler Velocity and Range Acceleration", Correlations("")),
                Item("CODAR", "Correlation of Doppler Acceleration and Range", Correlations("")),
                Item("CODARR", "Correlation of Doppler Acceleration and Range Rate", Correlations("")),
                Item("CODARA", "Correlation of Doppler Acceleration and Range Acceleration", Correlations("")))),
            Item("627", "Azimuth Information", Compound(
                Item("AZ", "Azimuth", Fixed(Unsigned("", 16, 360.0 / 65536, "°"))),
                Item("RSAZ", "Azimuth Resolution", Fixed(Unsigned("", 16, 45.0 / 65536, "°"))),
                Item("SDASZ", "Standard Deviation of Azimuth", Fixed(Unsigned("", 16, 45.0 / 65536, "°"))),
                Item("AZR", "Azimuth Rate", Fixed(Signed("", 16, 180.0 / 65536, "°"))),
                Item("SDAZR", "Standard Deviation of Azimuth Rate", Fixed(Unsigned("SDAZR", 16, 45.0 / 65536, "°"), Correlation("COAZRAZ"))),
                Item("AZEX", "Azimuth Extent", Fixed(Unsigned("S", 16, 360.0 / 65536, "°"), Unsigned("E", 16, 360.0 / 65536, "°"))))),
            Item("628", "Elevation Information", Compound(
                Item("EL", "Elevation", Fixed(Signed("", 16, 180.0 / 65536, "°"))),
                Item("RSEL", "Elevation Resolution", Fixed(Unsigned("", 16, 45.0 / 65536, "°"))),
                Item("SDEL", "Standard Deviation of Elevation", Fixed(Unsigned("", 16, 45.0 / 65536, "°"))),
                Item("ER", "Elevation Rate", Fixed(Signed("", 16, 180.0 / 65536, "°/s"))),
                Item("SDER", "Standard Deviation of Elevation Rate", Fixed(Unsigned("SDELR", 16, 45.0 / 65536, "°/s"), Correlation("COELREL"))),
                Item("ELEX", "Elevation Extent", Fixed(Signed("S", 16, 180.0 / 65536, "°"), Signed("E", 16, 180.0 / 65536, "°"))))),
            Item("630", "Path Quality", Compound(
                Item("DPP", "Direct Path - Power", Fixed(Signed("", 8, 1, "dB"))),
                Item("DPS", "Direct Path - Signal to Noise Ratio (SNR)", Fixed(Signed("", 8, 1, "dB"))),
                Item("RPP", "Reflected Path - Power", Fixed(Spare(7), Signed("RPP", 9, 1, "dB"))),
                Item("RPS", "Reflected Path - Signal to Noise Ratio (SNR)", Fixed(Signed("", 8, 1, "dB"))))),
            Item("631", "Contour (Azimuth, Elevation Angle, Range Extent)", Repetitive(
                Unsigned("AZCON", 16, 360.0 / 65536, "°"),
                Signed("ELCON", 16, 180.0 / 65536, "°"),
                Unsigned("RGCONSTOP", 16, 10000.0 / 65536, "m"),
                Unsigned("RGCONSTART", 16, 10000.0 / 65536, "m"))),
            SpecialPurpose,
        ],
        ["010", "000", "015", "020", "030", "145", "161",
         "170", "050", "270", "300", "400", "600", "601",
         "602", "603", "604", "605", "480", "625", "626",
         "627", "628", "630", "631", "SP"], timeItem: "145");

    /// <summary>A correlation coefficient in two's complement.</summary>
    private static Field Correlation(string name) => Signed(name, 8, 1.0 / 128);

    private static FixedItem Correlations(params string[] names) => Fixed([.. names.Select(Correlation)]);
}
