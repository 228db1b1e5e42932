using System.Text;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Channels;
using Tocsin.Server.Live;

namespace Tocsin.Server.Storage;

/// <summary>An entry can never be written, whatever the database's health.</summary>
internal sealed class UnusableEntryException(string message) : Exception(message);

/// <summary>What each entry changes in the database. Every change can be made twice without harm.</summary>
internal static class JournalWriter
{
    /// <summary>Makes the changes of one entry in <paramref name="db"/>, which its caller saves.</summary>
    /// <param name="db">The database, in a transaction.</param>
    /// <param name="key">The entry's own key, the same in each attempt: it makes a line of the audit log the same line.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="stop">Ends the attempt.</param>
    public static Task ApplyAsync(TocsinDb db, Guid key, JournalEntry entry, CancellationToken stop) => entry switch
    {
        IncidentOpened e => OpenAsync(db, e, stop),
        IncidentClosed e => CloseAsync(db, e, stop),
        WarningSaid e => SayAsync(db, e, stop),
        OperatorActed e => ActAsync(db, key, e, stop),
        FeedChanged e => ChangeFeedAsync(db, e, stop),
        Delivered e => DeliverAsync(db, e, stop),
        DeliveryFailed e => FailAsync(db, e, stop),
        Audited e => AuditAsync(db, key, e, stop),
        KeyUsed e => UseKeyAsync(db, e, stop),
        SessionEnded e => EndSessionAsync(db, e, stop),
        _ => throw new UnusableEntryException($"no table for {entry.GetType().Name}"),
    };

    /// <summary>A line of the audit log.</summary>
    public static AuditRow AuditLine(Guid key, DateTimeOffset wall, string who, string act, string? detail, string? remoteAddress) => new()
    {
        Id = key,
        TimeTicks = WallClock.InstantOf(wall).Ticks,
        Who = Name(who),
        Act = Name(act),
        Detail = Text(detail),
        RemoteAddress = remoteAddress is null ? null : Name(remoteAddress),
    };

    private static async Task OpenAsync(TocsinDb db, IncidentOpened e, CancellationToken stop)
    {
        string id = Name(e.Id);
        if (await db.Incidents.FindAsync([id], stop) is not null) return;
        db.Incidents.Add(new()
        {
            Id = id,
            OpenedTicks = e.Time.Ticks,
            Status = Words.Of(e.Status),
            Drill = e.Drill,
            Recording = Name(e.Recording),
            FirstLine = e.FirstLine,
        });
    }

    private static async Task CloseAsync(TocsinDb db, IncidentClosed e, CancellationToken stop)
    {
        IncidentRow row = await db.Incidents.FindAsync([Name(e.Id)], stop) ?? throw new UnusableEntryException($"incident {e.Id} is closed but was never opened");
        (row.ClosedTicks, row.Rounds, row.LastLine) = (e.Time.Ticks, e.Rounds, e.LastLine);
    }

    private static async Task SayAsync(TocsinDb db, WarningSaid e, CancellationToken stop)
    {
        WarningMessage m = e.Message;
        string identity = Name(m.Identity);
        if (await db.Messages.FindAsync([identity, m.Revision], stop) is not null) return;
        db.Messages.Add(new()
        {
            Identity = identity,
            Revision = m.Revision,
            Incident = Name(e.Incident),
            Warning = m.Warning.ToString(),
            Act = Words.Of(m.Act),
            Zone = Name(m.Zone.Id),
            TimeTicks = m.Time.Ticks,
            RaisedTicks = m.RaisedTime.Ticks,
            ImpactTicks = m.ImpactTime.Ticks,
            ExpiresTicks = m.Expires.Ticks,
            Probability = Finite(m.Probability),
            Advice = Words.Of(m.Advice),
            Status = Words.Of(m.Status),
            Drill = e.Drill,
        });
    }

    private static async Task ActAsync(TocsinDb db, Guid key, OperatorActed e, CancellationToken stop)
    {
        string identity = e.Identity is null ? "" : Name(e.Identity), who = Name(e.Who), act = Name(e.Act);
        // An act that is known has its line of the audit log too: both were written in one transaction.
        if (await db.OperatorActs.FindAsync([identity, e.Time.Ticks, who, act], stop) is not null) return;
        db.OperatorActs.Add(new() { Identity = identity, TimeTicks = e.Time.Ticks, Who = who, Act = act, Detail = Text(e.Detail) });
        string detail = string.Join(' ', new[] { e.Identity, e.Detail }.Where(t => !string.IsNullOrEmpty(t)));
        db.Audit.Add(AuditLine(key, e.Wall, e.Who, e.Act, detail.Length == 0 ? null : detail, e.RemoteAddress));
    }

    private static async Task ChangeFeedAsync(TocsinDb db, FeedChanged e, CancellationToken stop)
    {
        string feed = Name(e.Feed), state = Name(e.State);
        if (await db.FeedChanges.FindAsync([e.Time.Ticks, feed, state], stop) is not null) return;
        db.FeedChanges.Add(new() { TimeTicks = e.Time.Ticks, Feed = feed, State = state, Meaning = Text(e.Meaning) ?? "" });
    }

    private static async Task DeliverAsync(TocsinDb db, Delivered e, CancellationToken stop)
    {
        DeliveryRow row = await DeliveryAsync(db, e.Identity, e.Revision, e.Channel, stop);
        // A repeat after a restart does not make the first delivery later than it was.
        if (row.SentTicks <= e.Time.Ticks) return;
        (row.SentTicks, row.DelayS) = (e.Time.Ticks, Finite(e.DelayS));
    }

    private static async Task FailAsync(TocsinDb db, DeliveryFailed e, CancellationToken stop)
    {
        DeliveryRow row = await DeliveryAsync(db, e.Identity, e.Revision, e.Channel, stop);
        if (row.LastFailedTicks >= e.Time.Ticks) return;
        (row.LastFailedTicks, row.LastReason, row.Failures) = (e.Time.Ticks, Text(e.Reason), row.Failures + 1);
    }

    private static async Task<DeliveryRow> DeliveryAsync(TocsinDb db, string identity, int revision, string channel, CancellationToken stop)
    {
        (identity, channel) = (Name(identity), Name(channel));
        if (await db.Deliveries.FindAsync([identity, revision, channel], stop) is { } known) return known;
        DeliveryRow row = new() { Identity = identity, Revision = revision, Channel = channel };
        db.Deliveries.Add(row);
        return row;
    }

    private static async Task AuditAsync(TocsinDb db, Guid key, Audited e, CancellationToken stop)
    {
        if (await db.Audit.FindAsync([key], stop) is null) db.Audit.Add(AuditLine(key, e.Wall, e.Who, e.Act, e.Detail, e.RemoteAddress));
    }

    private static async Task UseKeyAsync(TocsinDb db, KeyUsed e, CancellationToken stop)
    {
        long ticks = WallClock.InstantOf(e.Wall).Ticks;
        if (await db.ApiKeys.FindAsync([e.Id], stop) is { } row && !(row.LastUsedTicks >= ticks)) row.LastUsedTicks = ticks;
    }

    private static async Task EndSessionAsync(TocsinDb db, SessionEnded e, CancellationToken stop)
    {
        if (await db.EndedSessions.FindAsync([e.Id], stop) is null)
            db.EndedSessions.Add(new() { Id = e.Id, ForgetTicks = WallClock.InstantOf(e.Forget).Ticks });
    }

    // SQLite would take NaN for NULL.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Name(string text) => Clean(text, StorageLimits.NameCharacters);

    private static string? Text(string? text) => text is null ? null : Clean(text, StorageLimits.TextCharacters);

    /// <summary>A text that both databases take: PostgreSQL refuses the character zero, and neither has a code for half a surrogate pair.</summary>
    private static string Clean(string text, int most)
    {
        if (text.Length > most) text = text[..most];
        return text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') || text.Contains('\0', StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd')
            : text;
    }
}
