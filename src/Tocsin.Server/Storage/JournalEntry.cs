using Tocsin.Server.Channels;

namespace Tocsin.Server.Storage;

/// <summary>Something that the database is told. The set is closed: the records below.</summary>
/// <remarks>Telling the same again changes nothing, so a server that starts again may tell what it is not sure of. Instants are the site's clock; a
/// <see cref="DateTimeOffset"/> is the machine's.</remarks>
public abstract record JournalEntry
{
    private protected JournalEntry()
    {
    }
}

/// <summary>An incident has begun.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Time">When.</param>
/// <param name="Status">Actual, exercise or test.</param>
/// <param name="Drill">Whether it belongs to a drill that runs beside the real Site.</param>
/// <param name="Recording">The name of the recording that holds its events.</param>
/// <param name="FirstLine">The first line of it in the recording, counted from 1.</param>
public sealed record IncidentOpened(string Id, Instant Time, OperationStatus Status, bool Drill, string Recording, long FirstLine) : JournalEntry;

/// <summary>An incident is over.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Time">When.</param>
/// <param name="Rounds">How many rounds were tracked in it.</param>
/// <param name="LastLine">The last line of it in the recording.</param>
public sealed record IncidentClosed(string Id, Instant Time, int Rounds, long LastLine) : JournalEntry;

/// <summary>A warning was raised, updated or ended.</summary>
/// <param name="Message">The message, as the channels had it.</param>
/// <param name="Incident">The incident that it belongs to.</param>
/// <param name="Drill">Whether it belongs to a drill that runs beside the real Site.</param>
public sealed record WarningSaid(WarningMessage Message, string Incident, bool Drill) : JournalEntry;

/// <summary>An operator did something. It is also a line of the audit log.</summary>
/// <param name="Time">The site's clock.</param>
/// <param name="Wall">The machine's clock, for the audit log.</param>
/// <param name="Who">The operator.</param>
/// <param name="Act">What was done: one of <see cref="OperatorActs"/>.</param>
/// <param name="Identity">The identity (<see cref="WarningMessage.Identity"/>) of the warning that it was done to; null where it was to the site.</param>
/// <param name="Detail">More of it: a zone, a raid.</param>
/// <param name="RemoteAddress">Where the request came from.</param>
public sealed record OperatorActed(Instant Time, DateTimeOffset Wall, string Who, string Act, string? Identity, string? Detail, string? RemoteAddress = null) : JournalEntry;

/// <summary>A feed's health has changed.</summary>
/// <param name="Time">When.</param>
/// <param name="Feed">The feed.</param>
/// <param name="State">Its state from now on, as the page's protocol has it: <c>ok</c>, <c>silent</c>, …</param>
/// <param name="Meaning">What that means for the people.</param>
public sealed record FeedChanged(Instant Time, string Feed, string State, string Meaning) : JournalEntry;

/// <summary>A channel has delivered a message.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Identity">The warning's identity.</param>
/// <param name="Revision">Which of its messages.</param>
/// <param name="Time">When.</param>
/// <param name="DelayS">Seconds from the message's own time to its delivery.</param>
public sealed record Delivered(string Channel, string Identity, int Revision, Instant Time, double DelayS) : JournalEntry;

/// <summary>A channel could not deliver a message; it will try again.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Identity">The warning's identity.</param>
/// <param name="Revision">Which of its messages.</param>
/// <param name="Time">When; an attempt that is not later than the last one noted is the same one.</param>
/// <param name="Reason">Why, without any secret.</param>
public sealed record DeliveryFailed(string Channel, string Identity, int Revision, Instant Time, string Reason) : JournalEntry;

/// <summary>Somebody did something that is no act upon a warning: logged in, was refused, changed a user.</summary>
/// <param name="Wall">The machine's clock.</param>
/// <param name="Who">Who, as far as that is known.</param>
/// <param name="Act">What.</param>
/// <param name="Detail">More of it, without any secret.</param>
/// <param name="RemoteAddress">Where the request came from; null for the command line.</param>
public sealed record Audited(DateTimeOffset Wall, string Who, string Act, string? Detail, string? RemoteAddress) : JournalEntry;

/// <summary>A machine's key was used.</summary>
internal sealed record KeyUsed(string Id, DateTimeOffset Wall) : JournalEntry;

/// <summary>A session was ended by its user.</summary>
internal sealed record SessionEnded(string Id, DateTimeOffset Forget) : JournalEntry;

/// <summary>The names of operators' acts, as in the event <c>operator.acted</c> and the audit log.</summary>
public static class OperatorActs
{
    /// <summary>The operator has seen the warning.</summary>
    public const string Acknowledge = "acknowledge";

    /// <summary>The operator withdrew the warning.</summary>
    public const string Retract = "retract";

    /// <summary>The operator let a held warning go.</summary>
    public const string Confirm = "confirm";

    /// <summary>The operator said that the danger is past.</summary>
    public const string AllClear = "allClear";

    /// <summary>The operator began a drill.</summary>
    public const string StartDrill = "startDrill";

    /// <summary>The operator ended a drill.</summary>
    public const string EndDrill = "endDrill";
}
