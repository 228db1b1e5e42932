using static Tocsin.Formats.Asterix.Notation;

namespace Tocsin.Formats.Asterix;

/// <summary>Category 062, system tracks: EUROCONTROL-SPEC-0149-9, edition 1.21 of 2025-06-05.</summary>
/// <remarks>Read for inspection only; it gives no plots. The meanings of its codes are left out. Editions below 1.0 lay other items out under
/// the same presence bits and cannot be told apart by the octets.</remarks>
public static class Category062
{
    private const double Wgs84Lsb25 = 180.0 / 33554432, Wgs84Lsb23 = 180.0 / 8388608;

    /// <summary>The table.</summary>
    public static CategoryTable Table { get; } = new(62, "SDPS Track Messages", ["1.21"],
        [
            Item("010", "Data Source Identifier", SacSic()),
            Item("015", "Service Identification", Fixed(Raw("", 8))),
            Item("040", "Track Number", Fixed(Raw("", 16))),
            Item("060", "Track Mode 3/A Code", Fixed(Code("V", 1), Code("G", 1), Code("CH", 1), Spare(1), Octal("MODE3A", 12))),
            Item("070", "Time Of Track Information", Fixed(Unsigned("", 24, 1.0 / 128, "s"))),
            Item("080", "Track Status", Extended(
                [Code("MON", 1), Code("SPI", 1), Code("MRH", 1), Code("SRC", 3), Code("CNF", 1)],
                [Code("SIM", 1), Code("TSE", 1), Code("TSB", 1), Code("FPC", 1), Code("AFF", 1), Code("STP", 1), Code("KOS", 1)],
                [Code("AMA", 1), Code("MD4", 2), Code("ME", 1), Code("MI", 1), Code("MD5", 2)],
                [Code("CST", 1), Code("PSR", 1), Code("SSR", 1), Code("MDS", 1), Code("ADS", 1), Code("SUC", 1), Code("AAC", 1)],
                [Code("SDS", 2), Code("EMS", 3), Code("PFT", 1), Code("FPLT", 1)],
                [Code("DUPT", 1), Code("DUPF", 1), Code("DUPM", 1), Code("SFC", 1), Code("IDD", 1), Code("IEC", 1), Code("MLAT", 1)],
                [Code("M5I", 1), Spare(6)])),
            Item("100", "Calculated Track Position (Cartesian)", Fixed(Signed("X", 24, 0.5, "m"), Signed("Y", 24, 0.5, "m"))),
            Item("105", "Calculated Position In WGS-84 Co-ordinates", Fixed(Signed("LAT", 32, Wgs84Lsb25, "°"), Signed("LON", 32, Wgs84Lsb25, "°"))),
            Item("110", "Mode 5 Data Reports and Extended Mode 1 Code", Compound(
                Item("SUM", "Mode 5 Summary", Fixed(
                    Code("M5", 1), Code("ID", 1), Code("DA", 1), Code("M1", 1), Code("M2", 1), Code("M3", 1), Code("MC", 1), Code("X", 1))),
                Item("PMN", "Mode 5 PIN/ National Origin/Mission Code", Fixed(Spare(2), Raw("PIN", 14), Spare(3), Raw("NAT", 5), Spare(2), Raw("MIS", 6))),
                Item("POS", "Mode 5 Reported Position", Fixed(Signed("LAT", 24, Wgs84Lsb23, "°"), Signed("LON", 24, Wgs84Lsb23, "°"))),
                Item("GA", "Mode 5 GNSS-derived Altitude", Fixed(Spare(1), Code("RES", 1), Signed("GA", 14, 25, "ft"))),
                Item("EM1", "Extended Mode 1 Code in Octal Representation", Fixed(Spare(4), Octal("EM1", 12))),
                Item("TOS", "Time Offset for POS and GA", Fixed(Signed("", 8, 1.0 / 128, "s"))),
                Item("XP", "X Pulse Presence", Fixed(Spare(3), Code("X5", 1), Code("XC", 1), Code("X3", 1), Code("X2", 1), Code("X1", 1))))),
            Item("120", "Track Mode 2 Code", Fixed(Spare(4), Octal("MODE2", 12))),
            Item("130", "Calculated Track Geometric Altitude", Fixed(Signed("", 16, 6.25, "ft"))),
            Item("135", "Calculated Track Barometric Altitude", Fixed(Code("QNH", 1), Signed("CTB", 15, 0.25, "FL"))),
            Item("136", "Measured Flight Level", Fixed(Signed("", 16, 0.25, "FL"))),
            Item("185", "Calculated Track Velocity (Cartesian)", Fixed(Signed("VX", 16, 0.25, "m/s"), Signed("VY", 16, 0.25, "m/s"))),
            Item("200", "Mode of Movement", Fixed(Code("TRANS", 2), Code("LONG", 2), Code("VERT", 2), Code("ADF", 1), Spare(1))),
            Item("210", "Calculated Acceleration (Cartesian)", Fixed(Signed("AX", 8, 0.25, "m/s²"), Signed("AY", 8, 0.25, "m/s²"))),
            Item("220", "Calculated Rate of Climb/Descent", Fixed(Signed("", 16, 6.25, "ft/min"))),
            Item("245", "Target Identification", Fixed(Code("STI", 2), Spare(6), Icao("CHR", 48))),
            Item("270", "Target Size and Orientation", Extended(
                [Unsigned("LENGTH", 7, 1, "m")],
                [Unsigned("ORIENTATION", 7, 360.0 / 128, "°")],
                [Unsigned("WIDTH", 7, 1, "m")])),
            Item("290", "System Track Update Ages", Compound(
                Age("TRK", "Track"), Age("PSR", "PSR"), Age("SSR", "SSR"), Age("MDS", "Mode S"),
                Item("ADS", "ADS-C Age", Fixed(Unsigned("", 16, 0.25, "s"))),
                Age("ES", "ADS-B Extended Squitter"), Age("VDL", "ADS-B VDL Mode 4"), Age("UAT", "ADS-B UAT"), Age("LOP", "Loop"), Age("MLT", "Multilateration"))),
            Item("295", "Track Data Ages", Compound(
                Age("MFL", "Measured Flight Level"), Age("MD1", "Mode 1"), Age("MD2", "Mode 2"), Age("MDA", "Mode 3/A"), Age("MD4", "Mode 4"),
                Age("MD5", "Mode 5"), Age("MHG", "Magnetic Heading"), Age("IAS", "Indicated Airspeed / Mach Nb"), Age("TAS", "True Airspeed"),
                Age("SAL", "Selected Altitude"), Age("FSS", "Final State Selected Altitude"), Age("TID", "Trajectory Intent"),
                Age("COM", "Communication/ACAS Capability and Flight Status"), Age("SAB", "Status Reported by ADS-B"),
                Age("ACS", "ACAS Resolution Advisory Report"), Age("BVR", "Barometric Vertical Rate"), Age("GVR", "Geometrical Vertical Rate"),
                Age("RAN", "Roll Angle"), Age("TAR", "Track Angle Rate"), Age("TAN", "Track Angle"), Age("GSP", "Ground Speed"),
                Age("VUN", "Velocity Uncertainty"), Age("MET", "Meteorological Data"), Age("EMC", "Emitter Category"), Age("POS", "Position"),
                Age("GAL", "Geometric Altitude"), Age("PUN", "Position Uncertainty"), Age("MB", "BDS Register Data"),
                Age("IAR", "Indicated Airspeed Data"), Age("MAC", "Mach Number Data"), Age("BPS", "Barometric Pressure Setting Data"))),
            Item("300", "Vehicle Fleet Identification", Fixed(Code("", 8))),
            Item("340", "Measured Information", Compound(
                Item("SID", "Sensor Identification", SacSic()),
                Item("POS", "Measured Position", Fixed(Unsigned("RHO", 16, 1.0 / 256, "NM"), Unsigned("THETA", 16, 360.0 / 65536, "°"))),
                Item("HEIGHT", "Measured 3-D Height", Fixed(Signed("", 16, 25, "ft"))),
                Item("MDC", "", Fixed(Code("V", 1), Code("G", 1), Signed("LMC", 14, 0.25, "FL"))),
                Item("MDA", "", Fixed(Code("V", 1), Code("G", 1), Code("L", 1), Spare(1), Octal("MODE3A", 12))),
                Item("TYP", "", Fixed(Code("TYP", 3), Code("SIM", 1), Code("RAB", 1), Code("TST", 1), Spare(2))))),
            Item("380", "Aircraft Derived Data", Compound(
                Item("ADR", "Target Address", Fixed(Raw("", 24))),
                Item("ID", "Target Identification", Fixed(Icao("", 48))),
                Item("MHG", "Magnetic Heading", Fixed(Unsigned("", 16, 360.0 / 65536, "°"))),
                // IM says whether IAS counts 2^-14 NM/s or 0.001 Mach.
                Item("IAS", "Indicated Airspeed/Mach No", Fixed(Code("IM", 1), Raw("IAS", 15))),
                Item("TAS", "True Airspeed", Fixed(Unsigned("", 16, 1, "kt"))),
                Item("SAL", "Selected Altitude", Fixed(Code("SAS", 1), Code("SRC", 2), Signed("ALT", 13, 25, "ft"))),
                Item("FSS", "Final State Selected Altitude", Fixed(Code("MV", 1), Code("AH", 1), Code("AM", 1), Signed("ALT", 13, 25, "ft"))),
                Item("TIS", "Trajectory Intent Status", Extended([Code("NAV", 1), Code("NVB", 1), Spare(5)])),
                Item("TID", "Trajectory Intent Data", Repetitive(
                    Code("TCA", 1), Code("NC", 1), Raw("TCPN", 6), Signed("ALT", 16, 10, "ft"),
                    Signed("LAT", 24, Wgs84Lsb23, "°"), Signed("LON", 24, Wgs84Lsb23, "°"),
                    Code("PT", 4), Code("TD", 2), Code("TRA", 1), Code("TOA", 1), Unsigned("TOV", 24, 1, "s"), Unsigned("TTR", 16, 0.01, "NM"))),
                Item("COM", "Communications/ACAS Capability and Flight Status", Fixed(
                    Code("COM", 3), Code("STAT", 3), Spare(2), Code("SSC", 1), Code("ARC", 1), Code("AIC", 1), Raw("B1A", 1), Raw("B1B", 4))),
                Item("SAB", "Status Reported by ADS-B", Fixed(Code("AC", 2), Code("MN", 2), Code("DC", 2), Code("GBS", 1), Spare(6), Code("STAT", 3))),
                Item("ACS", "ACAS Resolution Advisory Report", Fixed(Raw("", 56))),
                Item("BVR", "Barometric Vertical Rate", Fixed(Signed("", 16, 6.25, "ft/min"))),
                Item("GVR", "Geometric Vertical Rate", Fixed(Signed("", 16, 6.25, "ft/min"))),
                Item("RAN", "Roll Angle", Fixed(Signed("", 16, 0.01, "°"))),
                Item("TAR", "Track Angle Rate", Fixed(Code("TI", 2), Spare(6), Signed("ROT", 7, 0.25, "°/s"), Spare(1))),
                Item("TAN", "Track Angle", Fixed(Unsigned("", 16, 360.0 / 65536, "°"))),
                Item("GS", "Ground Speed", Fixed(Signed("", 16, 1.0 / 16384, "NM/s"))),
                Item("VUN", "Velocity Uncertainty", Fixed(Raw("", 8))),
                Item("MET", "Meteorological Data", Fixed(
                    Code("WS", 1), Code("WD", 1), Code("TMP", 1), Code("TRB", 1), Spare(4),
                    Unsigned("WSD", 16, 1, "kt"), Unsigned("WDD", 16, 1, "°"), Signed("TMPD", 16, 0.25, "°C"), Unsigned("TRBD", 8))),
                Item("EMC", "Emitter Category", Fixed(Code("", 8))),
                Item("POS", "Position", Fixed(Signed("LAT", 24, Wgs84Lsb23, "°"), Signed("LON", 24, Wgs84Lsb23, "°"))),
                Item("GAL", "Geometric Altitude", Fixed(Signed("", 16, 6.25, "ft"))),
                Item("PUN", "Position Uncertainty", Fixed(Spare(4), Raw("PUN", 4))),
                Item("BDSDATA", "BDS Register DATA", Repetitive(Raw("", 64))),
                Item("IAR", "Indicated Airspeed", Fixed(Unsigned("", 16, 1, "kt"))),
                Item("MAC", "Mach Number", Fixed(Unsigned("", 16, 0.008, "Mach"))),
                Item("BPS", "Barometric Pressure Setting", Fixed(Spare(4), Unsigned("BPS", 12, 0.1, "mb"))))),
            Item("390", "Flight Plan Related Data", Compound(
                Item("TAG", "FPPS Identification Tag", SacSic()),
                Item("CS", "Callsign", Fixed(Ascii("", 56))),
                Item("IFI", "IFPS_FLIGHT_ID", Fixed(Code("TYP", 2), Spare(3), Unsigned("NBR", 27))),
                Item("FCT", "Flight Category", Fixed(Code("GATOAT", 2), Code("FR1FR2", 2), Code("RVSM", 2), Code("HPR", 1), Spare(1))),
                Item("TAC", "Type of Aircraft", Fixed(Ascii("", 32))),
                Item("WTC", "Wake Turbulence Category", Fixed(Ascii("", 8))),
                Item("DEP", "Departure Airport", Fixed(Ascii("", 32))),
                Item("DST", "Destination Airport", Fixed(Ascii("", 32))),
                Item("RDS", "Runway Designation", Fixed(Ascii("NU1", 8), Ascii("NU2", 8), Ascii("LTR", 8))),
                Item("CFL", "Current Cleared Flight Level", Fixed(Unsigned("", 16, 0.25, "FL"))),
                Item("CTL", "Current Control Position", Fixed(Raw("CENTRE", 8), Raw("POSITION", 8))),
                Item("TOD", "Time of Departure / Arrival", Repetitive(
                    Code("TYP", 5), Code("DAY", 2), Spare(4), Unsigned("HOR", 5), Spare(2), Unsigned("MIN", 6), Code("AVS", 1), Spare(1), Unsigned("SEC", 6))),
                Item("AST", "Aircraft Stand", Fixed(Ascii("", 48))),
                Item("STS", "Stand Status", Fixed(Code("EMP", 2), Code("AVL", 2), Spare(4))),
                Item("STD", "Standard Instrument Departure", Fixed(Ascii("", 56))),
                Item("STA", "Standard Instrument Arrival", Fixed(Ascii("", 56))),
                Item("PEM", "Pre-Emergency Mode 3/A", Fixed(Spare(3), Code("VA", 1), Octal("MODE3A", 12))),
                Item("PEC", "Pre-Emergency Callsign", Fixed(Ascii("", 56))))),
            Item("500", "Estimated Accuracies", Compound(
                Item("APC", "Estimated Accuracy Of Track Position (Cartesian)", Fixed(Unsigned("X", 16, 0.5, "m"), Unsigned("Y", 16, 0.5, "m"))),
                Item("COV", "XY Covariance Component", Fixed(Signed("", 16, 0.5, "m"))),
                Item("APW", "Estimated Accuracy Of Track Position (WGS-84)", Fixed(Unsigned("LAT", 16, Wgs84Lsb25, "°"), Unsigned("LON", 16, Wgs84Lsb25, "°"))),
                Item("AGA", "Estimated Accuracy Of Calculated Track Geometric Altitude", Fixed(Unsigned("", 8, 6.25, "ft"))),
                Item("ABA", "Estimated Accuracy Of Calculated Track Barometric Altitude", Fixed(Unsigned("", 8, 0.25, "FL"))),
                Item("ATV", "Estimated Accuracy Of Track Velocity (Cartesian)", Fixed(Unsigned("X", 8, 0.25, "m/s"), Unsigned("Y", 8, 0.25, "m/s"))),
                Item("AA", "Estimated Accuracy Of Acceleration (Cartesian)", Fixed(Unsigned("X", 8, 0.25, "m/s²"), Unsigned("Y", 8, 0.25, "m/s²"))),
                Item("ARC", "Estimated Accuracy Of Rate Of Climb/Descent", Fixed(Unsigned("", 8, 6.25, "ft/min"))))),
            Item("510", "Composed Track Number", Chained(Raw("IDENT", 8), Raw("TRACK", 15))),
            ReservedExpansion,
            SpecialPurpose,
        ],
        ["010", "", "015", "070", "105", "100", "185",
         "210", "060", "245", "380", "040", "080", "290",
         "200", "295", "136", "130", "135", "220", "390",
         "270", "300", "110", "120", "510", "500", "340",
         "", "", "", "", "", "RE", "SP"], timeItem: "070");

    /// <summary>An age in quarters of a second.</summary>
    private static ItemDefinition Age(string name, string what) => Item(name, what + " Age", Fixed(Unsigned("", 8, 0.25, "s")));
}
