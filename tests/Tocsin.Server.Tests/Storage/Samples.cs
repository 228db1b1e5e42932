using Tocsin.Server.Channels;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Tests.Storage;

/// <summary>Entries as a small raid makes them.</summary>
internal static class Samples
{
    public static Instant Start { get; } = new(16_084_962_000_000_000); // 2020-12-20T20:30:00Z

    public static DateTimeOffset Wall { get; } = new(2026, 11, 23, 22, 43, 0, TimeSpan.Zero);

    public static WarningMessage Message(string identity, int revision, WarningAct act, double atS, string zone = "Z1", double probability = 0.5) => new()
    {
        Identity = identity,
        Warning = new(3),
        Revision = revision,
        Act = act,
        Status = OperationStatus.Exercise,
        Site = "Green Zone",
        Zone = new(zone, "Zone " + zone, 100, []),
        Time = Start.AddSeconds(atS),
        RaisedTime = Start.AddSeconds(1),
        ImpactTime = Start.AddSeconds(16.5),
        Expires = Start.AddSeconds(600),
        Probability = probability,
        Advice = Advice.AwayFromWindows,
    };

    /// <summary>An incident with two warnings, one of them updated, acknowledged and ended.</summary>
    public static IReadOnlyList<JournalEntry> Raid(string incident = "I1") =>
    [
        new IncidentOpened(incident, Start, OperationStatus.Exercise, true, "2020-12-20", 17),
        new FeedChanged(Start, "north", "silent", "rounds from the north may not be seen"),
        new WarningSaid(Message(incident + ".W3", 1, WarningAct.Raised, 1), incident, true),
        new Delivered("sirens", incident + ".W3", 1, Start.AddSeconds(1.25), 0.25),
        new DeliveryFailed("tak", incident + ".W3", 1, Start.AddSeconds(2), "connection refused"),
        new DeliveryFailed("tak", incident + ".W3", 1, Start.AddSeconds(4), "no route"),
        new WarningSaid(Message(incident + ".W3", 2, WarningAct.Updated, 2, probability: 0.875), incident, true),
        new WarningSaid(Message(incident + ".W4", 1, WarningAct.Raised, 3, "Z2"), incident, true),
        new OperatorActed(Start.AddSeconds(5), Wall, "anna", OperatorActs.Acknowledge, incident + ".W3", null, "10.0.0.7"),
        new OperatorActed(Start.AddSeconds(6), Wall.AddSeconds(1), "bela", OperatorActs.Acknowledge, incident + ".W3", null, "10.0.0.8"),
        new WarningSaid(Message(incident + ".W3", 3, WarningAct.Over, 76.5, probability: 0), incident, true),
        new Audited(Wall.AddSeconds(2), "anna", "login", "tab\there", "10.0.0.7"),
        new IncidentClosed(incident, Start.AddSeconds(80), 21, 4_711),
    ];
}
