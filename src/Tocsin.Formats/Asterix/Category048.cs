using static Tocsin.Formats.Asterix.Notation;

namespace Tocsin.Formats.Asterix;

/// <summary>Category 048, monoradar target reports: EUROCONTROL-SPEC-0149-4, edition 1.32 of 2024-07-01.</summary>
/// <remarks>The profile has not moved since edition 1.15; later editions appended parts to I048/020 and I048/170 and codes to
/// I048/030, which older senders do not set. One table therefore reads all of them.</remarks>
public static class Category048
{
    private static readonly string[] NotValidated = ["Code validated", "Code not validated"];
    private static readonly string[] Garbled = ["Default", "Garbled code"];

    /// <summary>The table.</summary>
    public static CategoryTable Table { get; } = new(48, "Monoradar Target Reports",
        ["1.15", "1.16", "1.17", "1.18", "1.19", "1.20", "1.21", "1.22", "1.23", "1.24", "1.25", "1.26", "1.27", "1.28", "1.29", "1.30", "1.31", "1.32"],
        [
            Item("010", "Data Source Identifier", SacSic()),
            Item("020", "Target Report Descriptor", Extended(
                [
                    Code("TYP", 3, "No detection", "Single PSR detection", "Single SSR detection", "SSR + PSR detection",
                        "Single ModeS All-Call", "Single ModeS Roll-Call", "ModeS All-Call + PSR", "ModeS Roll-Call +PSR"),
                    Code("SIM", 1, "Actual target report", "Simulated target report"),
                    Code("RDP", 1, "Report from RDP Chain 1", "Report from RDP Chain 2"),
                    Code("SPI", 1, "Absence of SPI", "Special Position Identification"),
                    Code("RAB", 1, "Report from aircraft transponder", "Report from field monitor (fixed transponder)"),
                ],
                [
                    Code("TST", 1, "Real target report", "Test target report"),
                    Code("ERR", 1, "No Extended Range", "Extended Range present"),
                    Code("XPP", 1, "No X-Pulse present", "X-Pulse present"),
                    Code("ME", 1, "No military emergency", "Military emergency"),
                    Code("MI", 1, "No military identification", "Military identification"),
                    Code("FOEFRI", 2, "No Mode 4 interrogation", "Friendly target", "Unknown target", "No reply"),
                ],
                [
                    .. Populated("ADSB", Code("VAL", 1, "Not available", "Available")),
                    .. Populated("SCN", Code("VAL", 1, "Not available", "Available")),
                    .. Populated("PAI", Code("VAL", 1, "Not available", "Available")),
                    Spare(1),
                ],
                [
                    .. Populated("ACASXV", Code("VAL", 4, "Non-Extended Version", "ACAS Xa Version 1", "ACAS Xu Version 1")),
                    .. Populated("POXPR", Code("VAL", 1, "PO not supported (PPM only)", "PO supported")),
                ],
                [
                    .. Populated("POACT", Code("VAL", 1, "PO not active", "PO active")),
                    .. Populated("DTFXPR", Code("VAL", 1, "Basic Dataflash not supported", "Basic Dataflash supported")),
                    .. Populated("DTFACT", Code("VAL", 1, "Basic Dataflash not active", "Basic Dataflash active")),
                    Spare(1),
                ],
                [
                    .. Populated("IRMXPR", Code("VAL", 1, "Transponder not IRM capable", "Transponder IRM capable")),
                    .. Populated("IRMACT", Code("VAL", 1, "IRM not active", "IRM active")),
                    Spare(3),
                ])),
            Item("030", "Warning/Error Conditions and Target Classification", Chained(Code("", 7,
                "Not defined; never used",
                "Multipath Reply (Reflection)",
                "Reply due to sidelobe interrogation/reception",
                "Split plot",
                "Second time around reply",
                "Angel",
                "Slow moving target correlated with road infrastructure (terrestrial vehicle)",
                "Fixed PSR plot",
                "Slow PSR target",
                "Low quality PSR plot",
                "Phantom SSR plot",
                "Non-Matching Mode-3/A Code",
                "Mode C code / Mode S altitude code abnormal value compared to the track",
                "Target in Clutter Area",
                "Maximum Doppler Response in Zero Filter",
                "Transponder anomaly detected",
                "Duplicated or Illegal Mode S Aircraft Address",
                "Mode S error correction applied",
                "Undecodable Mode C code / Mode S altitude code",
                "Birds",
                "Flock of Birds",
                "Mode-1 was present in original reply",
                "Mode-2 was present in original reply",
                "Plot potentially caused by Wind Turbine",
                "Helicopter",
                "Maximum number of re-interrogations reached (surveillance information)",
                "Maximum number of re-interrogations reached (BDS Extractions)",
                "BDS Overlay Incoherence",
                "Potential BDS Swap Detected",
                "Track Update in the Zenithal Gap",
                "Mode S Track re-acquired",
                "Duplicated Mode 5 Pair NO/PIN detected",
                "Wrong DF reply format detected",
                "Transponder anomaly (MS XPD replies with Mode A/C to Mode A/C-only all-call)",
                "Transponder anomaly (SI capability report wrong)",
                "Potential IC Conflict",
                "IC Conflict detection possible-no conflict currently detected",
                "Duplicate Mode 5 PIN (refer to the Mode 5 items in the REF)"))),
            Item("040", "Measured Position in Polar Co-ordinates", Fixed(
                Unsigned("RHO", 16, 1.0 / 256, "NM"),
                Unsigned("THETA", 16, 360.0 / 65536, "°"))),
            Item("042", "Calculated Position in Cartesian Co-ordinates", Fixed(
                Signed("X", 16, 1.0 / 128, "NM"),
                Signed("Y", 16, 1.0 / 128, "NM"))),
            Item("050", "Mode-2 Code in Octal Representation", Fixed(
                Code("V", 1, NotValidated),
                Code("G", 1, Garbled),
                Code("L", 1, "Mode-2 code as derived from the reply of the transponder", "Smoothed Mode-2 code as provided by a local tracker"),
                Spare(1),
                Octal("MODE2", 12))),
            Item("055", "Mode-1 Code in Octal Representation", Fixed(
                Code("V", 1, NotValidated),
                Code("G", 1, Garbled),
                Code("L", 1, "Mode-1 code as derived from the reply of the transponder", "Smoothed Mode-1 code as provided by a local tracker"),
                Raw("MODE1", 5))),
            Item("060", "Mode-2 Code Confidence Indicator", Fixed(
                [Spare(4), .. Pulses("A4", "A2", "A1", "B4", "B2", "B1", "C4", "C2", "C1", "D4", "D2", "D1")])),
            Item("065", "Mode-1 Code Confidence Indicator", Fixed([Spare(3), .. Pulses("A4", "A2", "A1", "B2", "B1")])),
            Item("070", "Mode-3/A Code in Octal Representation", Fixed(
                Code("V", 1, NotValidated),
                Code("G", 1, Garbled),
                Code("L", 1, "Mode-3/A code derived from the reply of the transponder", "Mode-3/A code not extracted during the last scan"),
                Spare(1),
                Octal("MODE3A", 12))),
            Item("080", "Mode-3/A Code Confidence Indicator", Fixed(
                [Spare(4), .. Pulses("A4", "A2", "A1", "B4", "B2", "B1", "C4", "C2", "C1", "D4", "D2", "D1")])),
            Item("090", "Flight Level in Binary Representation", Fixed(
                Code("V", 1, NotValidated),
                Code("G", 1, Garbled),
                Signed("FL", 14, 0.25, "FL"))),
            Item("100", "Mode-C Code and Code Confidence Indicator", Fixed(
                [
                    Code("V", 1, NotValidated),
                    Code("G", 1, Garbled),
                    Spare(2),
                    Raw("MODEC", 12),
                    Spare(4),
                    .. Pulses("C1", "A1", "C2", "A2", "C4", "A4", "B1", "D1", "B2", "D2", "B4", "D4"),
                ])),
            Item("110", "Height Measured by a 3D Radar", Fixed(
                Spare(2),
                Signed("3DH", 14, 25, "ft"))),
            Item("120", "Radial Doppler Speed", Compound(
                Item("CAL", "Calculated Doppler Speed", Fixed(
                    Code("D", 1, "Doppler speed is valid", "Doppler speed is doubtful"),
                    Spare(5),
                    Signed("CAL", 10, 1, "m/s"))),
                Item("RDS", "Raw Doppler Speed", Repetitive(
                    Unsigned("DOP", 16, 1, "m/s"),
                    Unsigned("AMB", 16, 1, "m/s"),
                    Unsigned("FRQ", 16, 1, "MHz"))))),
            Item("130", "Radar Plot Characteristics", Compound(
                Item("SRL", "SSR Plot Runlength", Fixed(Unsigned("", 8, 360.0 / 8192, "°"))),
                Item("SRR", "Number of Received Replies for (M)SSR", Fixed(Unsigned("", 8))),
                Item("SAM", "Amplitude of (M)SSR Reply", Fixed(Signed("", 8, 1, "dBm"))),
                Item("PRL", "Primary Plot Runlength", Fixed(Unsigned("", 8, 360.0 / 8192, "°"))),
                Item("PAM", "Amplitude of Primary Plot", Fixed(Signed("", 8, 1, "dBm"))),
                Item("RPD", "Difference in Range Between PSR and SSR Plot", Fixed(Signed("", 8, 1.0 / 256, "NM"))),
                Item("APD", "Difference in Azimuth Between PSR and SSR Plot", Fixed(Signed("", 8, 360.0 / 16384, "°"))))),
            Item("140", "Time of Day", Fixed(Unsigned("", 24, 1.0 / 128, "s"))),
            Item("161", "Track Number", Fixed(Spare(4), Raw("TRN", 12))),
            Item("170", "Track Status", Extended(
                [
                    Code("CNF", 1, "Confirmed Track", "Tentative Track"),
                    Code("RAD", 2, "Combined Track", "PSR Track", "SSR/Mode S Track", "Invalid"),
                    Code("DOU", 1, "Normal confidence", "Low confidence in plot to track association"),
                    Code("MAH", 1, "No horizontal man.sensed", "Horizontal man. sensed"),
                    Code("CDM", 2, "Maintaining", "Climbing", "Descending", "Unknown"),
                ],
                [
                    Code("TRE", 1, "Track still alive", "End of track lifetime(last report for this track)"),
                    Code("GHO", 1, "True target track", "Ghost target track"),
                    Code("SUP", 1, "No", "Yes"),
                    Code("TCC", 1,
                        "Tracking performed in so-called 'Radar Plane', i.e. neither slant range correction nor stereographical projection was applied",
                        "Slant range correction and a suitable projection technique are used to track in a 2D.reference plane, tangential to the earth model at the Radar Site co-ordinates"),
                    Spare(3),
                ])),
            Item("200", "Calculated Track Velocity in Polar Co-ordinates", Fixed(
                Unsigned("GSP", 16, 1.0 / 16384, "NM/s"),
                Unsigned("HDG", 16, 360.0 / 65536, "°"))),
            Item("210", "Track Quality", Fixed(
                Unsigned("SIGX", 8, 1.0 / 128, "NM"),
                Unsigned("SIGY", 8, 1.0 / 128, "NM"),
                Unsigned("SIGV", 8, 1.0 / 16384, "NM/s"),
                Unsigned("SIGH", 8, 360.0 / 4096, "°"))),
            Item("220", "Aircraft Address", Fixed(Raw("", 24))),
            Item("230", "Communications/ACAS Capability and Flight Status", Fixed(
                Code("COM", 3, "No communications capability (surveillance only)", "Comm. A and Comm. B capability",
                    "Comm. A, Comm. B and Uplink ELM", "Comm. A, Comm. B, Uplink ELM and Downlink ELM", "Level 5 Transponder capability"),
                Code("STAT", 3, "No alert, no SPI, aircraft airborne", "No alert, no SPI, aircraft on ground", "Alert, no SPI, aircraft airborne",
                    "Alert, no SPI, aircraft on ground", "Alert, SPI, aircraft airborne or on ground", "No alert, SPI, aircraft airborne or on ground",
                    null, "Unknown"),
                Code("SI", 1, "SI-Code Capable", "II-Code Capable"),
                Spare(1),
                Code("MSSC", 1, "No", "Yes"),
                Code("ARC", 1, "100 ft resolution", "25 ft resolution"),
                Code("AIC", 1, "No", "Yes"),
                Raw("B1A", 1),
                Raw("B1B", 4))),
            Item("240", "Aircraft Identification", Fixed(Icao("", 48))),
            Item("250", "BDS Register Data", Repetitive(Raw("MBDATA", 56), Raw("BDS1", 4), Raw("BDS2", 4))),
            Item("260", "ACAS Resolution Advisory Report", Fixed(Raw("", 56))),
            ReservedExpansion,
            SpecialPurpose,
        ],
        ["010", "140", "020", "040", "070", "090", "130",
         "220", "240", "250", "161", "042", "200", "170",
         "210", "030", "080", "100", "110", "120", "230",
         "260", "055", "050", "065", "060", "SP", "RE"], timeItem: "140");

    /// <summary>A value with the bit that says whether it was populated.</summary>
    private static Field[] Populated(string name, Field value) =>
        Named(name, Code("EP", 1, $"{name} not populated", $"{name} populated"), value);

    /// <summary>The confidence bits of a code's pulses.</summary>
    private static Field[] Pulses(params string[] pulses) =>
        [.. pulses.Select(p => Code("Q" + p, 1, $"High quality pulse {p}", $"Low quality pulse {p}"))];
}
