using static Tocsin.Formats.Asterix.Notation;

namespace Tocsin.Formats.Asterix;

/// <summary>Category 065, status reports of a surveillance data processing system: EUROCONTROL-SPEC-0149-15, edition 1.6 of 2023-03-21.</summary>
/// <remarks>Read for inspection only; it gives no plots.</remarks>
public static class Category065
{
    /// <summary>The table.</summary>
    public static CategoryTable Table { get; } = new(65, "SDPS Service Status Reports", ["1.6"],
        [
            Item("000", "Message Type", Fixed(Code("", 8, null, "SDPS Status", "End of Batch", "Service Status Report"))),
            Item("010", "Data Source Identifier", SacSic()),
            Item("015", "Service Identification", Fixed(Raw("", 8))),
            Item("020", "Batch Number", Fixed(Unsigned("", 8))),
            Item("030", "Time of Message", Fixed(Unsigned("", 24, 1.0 / 128, "s"))),
            Item("040", "SDPS Configuration and Status", Fixed(
                Code("NOGO", 2, "Operational", "Degraded", "Not currently connected", "Unknown"),
                Code("OVL", 1, "Default", "Overload"),
                Code("TSV", 1, "Default", "Invalid Time Source"),
                Code("PSS", 2, "Not applicable", "SDPS-1 selected", "SDPS-2 selected", "SDPS-3 selected"),
                Raw("STTN", 1),
                Spare(1))),
            Item("050", "Service Status Report", Fixed(Code("", 8, null,
                "Service degradation",
                "Service degradation ended",
                "Main radar out of service",
                "Service interrupted by the operator",
                "Service interrupted due to contingency",
                "Ready for service restart after contingency",
                "Service ended by the operator",
                "Failure of user main radar",
                "Service restarted by the operator",
                "Main radar becoming operational",
                "Main radar becoming degraded",
                "Service continuity interrupted due to disconnection with adjacent unit",
                "Service continuity restarted",
                "Service synchronised on backup radar",
                "Service synchronised on main radar",
                "Main and backup radar, if any, failed"))),
            ReservedExpansion,
            SpecialPurpose,
        ],
        ["010", "000", "015", "030", "020", "040", "050",
         "", "", "", "", "", "RE", "SP"], timeItem: "030");
}
