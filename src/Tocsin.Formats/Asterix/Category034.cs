using static Tocsin.Formats.Asterix.Notation;

namespace Tocsin.Formats.Asterix;

/// <summary>Category 034, monoradar service messages: EUROCONTROL-SPEC-0149-2b, edition 1.29 of 2021-03-15.</summary>
/// <remarks>The profile has not moved since edition 1.26; later editions added codes.</remarks>
public static class Category034
{
    private static readonly string?[] Overload = ["No overload", "Overload"];
    private static readonly string?[] Antenna = ["Antenna 1", "Antenna 2"];
    private static readonly string?[] Monitoring = ["Monitoring system connected", "Monitoring system disconnected"];
    private static readonly string?[] Channel = ["Channel A in use", "Channel B in use"];
    private static readonly string?[] Reduction =
    [
        "No reduction active", "Reduction step 1 active", "Reduction step 2 active", "Reduction step 3 active",
        "Reduction step 4 active", "Reduction step 5 active", "Reduction step 6 active", "Reduction step 7 active",
    ];

    /// <summary>The table.</summary>
    public static CategoryTable Table { get; } = new(34, "Transmission of Monoradar Service Messages", ["1.26", "1.27", "1.28", "1.29"],
        [
            Item("000", "Message Type", Fixed(Code("", 8, null, "North marker message", "Sector crossing message", "Geographical filtering message",
                "Jamming strobe message", "Solar Storm Message", "SSR Jamming Strobe Message", "Mode S Jamming Strobe Message"))),
            Item("010", "Data Source Identifier", SacSic()),
            Item("020", "Sector Number", Fixed(Unsigned("", 8, 360.0 / 256, "°"))),
            Item("030", "Time of Day", Fixed(Unsigned("", 24, 1.0 / 128, "s"))),
            Item("041", "Antenna Rotation Speed", Fixed(Unsigned("", 16, 1.0 / 128, "s"))),
            Item("050", "System Configuration and Status", Compound(
                Item("COM", "Common Part", Fixed(
                    Code("NOGO", 1, "System is released for operational use",
                        "Operational use of System is inhibited, i.e. the data shall be discarded by an operational SDPS"),
                    Code("RDPC", 1, "RDPC-1 selected", "RDPC-2 selected"),
                    Code("RDPR", 1, "Default situation", "Reset of RDPC"),
                    Code("OVLRDP", 1, "Default, no overload", "Overload in RDP"),
                    Code("OVLXMT", 1, "Default, no overload", "Overload in transmission subsystem"),
                    Code("MSC", 1, Monitoring),
                    Code("TSV", 1, "Valid", "Invalid"),
                    Spare(1))),
                null,
                null,
                Item("PSR", "Specific Status Information for a PSR Sensor", Fixed(
                    Code("ANT", 1, Antenna),
                    Code("CHAB", 2, "No channel selected", "Channel A only selected", "Channel B only selected",
                        "Diversity mode ; Channel A and B selected"),
                    Code("OVL", 1, Overload),
                    Code("MSC", 1, Monitoring),
                    Spare(3))),
                Item("SSR", "Specific Status Information for a SSR Sensor", Fixed(
                    Code("ANT", 1, Antenna),
                    Code("CHAB", 2, "No channel selected", "Channel A only selected", "Channel B only selected", "Invalid combination"),
                    Code("OVL", 1, Overload),
                    Code("MSC", 1, Monitoring),
                    Spare(3))),
                Item("MDS", "Specific Status Information for a Mode S Sensor", Fixed(
                    Code("ANT", 1, Antenna),
                    Code("CHAB", 2, "No channel selected", "Channel A only selected", "Channel B only selected", "Illegal combination"),
                    Code("OVLSUR", 1, Overload),
                    Code("MSC", 1, Monitoring),
                    Code("SCF", 1, Channel),
                    Code("DLF", 1, Channel),
                    Code("OVLSCF", 1, Overload),
                    Code("OVLDLF", 1, Overload),
                    Spare(7))))),
            Item("060", "System Processing Mode", Compound(
                Item("COM", "Common Part", Fixed(
                    Spare(1),
                    Code("REDRDP", 3, Reduction),
                    Code("REDXMT", 3, Reduction),
                    Spare(1))),
                null,
                null,
                Item("PSR", "Specific Processing Mode Information for a PSR Sensor", Fixed(
                    Code("POL", 1, "Linear polarization", "Circular polarization"),
                    Code("REDRAD", 3, Reduction),
                    Code("STC", 2, "STC Map-1", "STC Map-2", "STC Map-3", "STC Map-4"),
                    Spare(2))),
                Item("SSR", "Specific Processing Mode Information for a SSR Sensor", Fixed(
                    Code("REDRAD", 3, Reduction),
                    Spare(5))),
                Item("MDS", "Specific Processing Mode Information for a Mode S Sensor", Fixed(
                    Code("REDRAD", 3, Reduction),
                    Code("CLU", 1, "Autonomous", "Not autonomous"),
                    Spare(4))))),
            Item("070", "Message Count Values", Repetitive(
                Code("TYP", 5,
                    "No detection (number of misses)",
                    "Single PSR target reports",
                    "Single SSR target reports (Non-Mode S)",
                    "SSR+PSR target reports (Non-Mode S)",
                    "Single All-Call target reports (Mode S)",
                    "Single Roll-Call target reports (Mode S)",
                    "All-Call + PSR (Mode S) target reports",
                    "Roll-Call + PSR (Mode S) target reports",
                    "Filter for Weather data",
                    "Filter for Jamming Strobe",
                    "Filter for PSR data",
                    "Filter for SSR/Mode S data",
                    "Filter for SSR/Mode S+PSR data",
                    "Filter for Enhanced Surveillance data",
                    "Filter for PSR+Enhanced Surveillance",
                    "Filter for PSR+Enhanced Surveillance + SSR/Mode S data not in Area of Prime Interest",
                    "Filter for PSR+Enhanced Surveillance + all SSR/Mode S data",
                    "Re-Interrogations (per sector)",
                    "BDS Swap and wrong DF replies(per sector)",
                    "Mode A/C FRUIT (per sector)",
                    "Mode S FRUIT (per sector)"),
                Unsigned("COUNT", 11))),
            Item("090", "Collimation Error", Fixed(
                Signed("RNG", 8, 1.0 / 128, "NM"),
                Signed("AZM", 8, 360.0 / 16384, "°"))),
            Item("100", "Generic Polar Window", Fixed(
                Unsigned("RHOST", 16, 1.0 / 256, "NM"),
                Unsigned("RHOEND", 16, 1.0 / 256, "NM"),
                Unsigned("THETAST", 16, 360.0 / 65536, "°"),
                Unsigned("THETAEND", 16, 360.0 / 65536, "°"))),
            Item("110", "Data Filter", Fixed(Code("", 8,
                "Invalid value",
                "Filter for Weather data",
                "Filter for Jamming Strobe",
                "Filter for PSR data",
                "Filter for SSR/Mode S data",
                "Filter for SSR/Mode S + PSR data",
                "Enhanced Surveillance data",
                "Filter for PSR+Enhanced Surveillance data",
                "Filter for PSR+Enhanced Surveillance + SSR/Mode S data not in Area of Prime Interest",
                "Filter for PSR+Enhanced Surveillance + all SSR/Mode S data"))),
            Item("120", "3D-Position Of Data Source", Fixed(
                Signed("HGT", 16, 1, "m"),
                Signed("LAT", 24, 180.0 / 8388608, "°"),
                Signed("LON", 24, 180.0 / 8388608, "°"))),
            ReservedExpansion,
            SpecialPurpose,
        ],
        ["010", "000", "030", "020", "041", "050", "060",
         "070", "100", "110", "120", "090", "RE", "SP"], timeItem: "030");
}
