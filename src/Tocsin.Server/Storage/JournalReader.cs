using Microsoft.EntityFrameworkCore;

namespace Tocsin.Server.Storage;

/// <summary>Reads what the journal wrote: bounded, the newest first. Throws what the database throws; see <see cref="IsUnavailable"/>.</summary>
public sealed class JournalReader(Store store)
{
    /// <summary>Whether an exception of a query says that the database cannot be used now; an API answers 503 then.</summary>
    public static bool IsUnavailable(Exception e)
    {
        for (Exception? x = e; x is not null; x = x.InnerException)
            if (x is System.Data.Common.DbException or StoreException or IOException or TimeoutException or UnauthorizedAccessException or System.Net.Sockets.SocketException) return true;
        return false;
    }

    /// <summary>Incidents, the newest first.</summary>
    public async Task<IReadOnlyList<IncidentSummary>> IncidentsAsync(int limit, CancellationToken stop)
    {
        await using TocsinDb db = await store.OpenAsync(stop);
        List<IncidentRow> rows = await db.Incidents.AsNoTracking().OrderByDescending(r => r.OpenedTicks).ThenByDescending(r => r.Id)
            .Take(Math.Clamp(limit, 1, StorageLimits.Incidents)).ToListAsync(stop);
        string[] ids = [.. rows.Select(r => r.Id)];
        var warnings = await db.Messages.AsNoTracking().Where(m => ids.Contains(m.Incident))
            .Select(m => new { m.Incident, m.Identity, m.Zone, m.RaisedTicks }).Distinct().ToListAsync(stop);
        var byIncident = warnings.ToLookup(w => w.Incident, StringComparer.Ordinal);
        return [.. rows.Select(r => new IncidentSummary(r.Id, new(r.OpenedTicks), At(r.ClosedTicks), r.Status, r.Drill, r.Rounds,
            [.. byIncident[r.Id].OrderBy(w => w.RaisedTicks).ThenBy(w => w.Zone, StringComparer.Ordinal).Select(w => w.Zone).Distinct(StringComparer.Ordinal)],
            byIncident[r.Id].Select(w => w.Identity).Distinct(StringComparer.Ordinal).Count(), r.Recording))];
    }

    /// <summary>One incident with its warnings; null where there is none of that id.</summary>
    public async Task<IncidentDetail?> IncidentAsync(string id, CancellationToken stop)
    {
        await using TocsinDb db = await store.OpenAsync(stop);
        if (await db.Incidents.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, stop) is not { } row) return null;
        IQueryable<MessageRow> ofIncident = db.Messages.AsNoTracking().Where(m => m.Incident == id);
        List<MessageRow> messages = await ofIncident.OrderBy(m => m.TimeTicks).Take(StorageLimits.MessagesPerIncident).ToListAsync(stop);
        IQueryable<string> identities = ofIncident.Select(m => m.Identity).Distinct();
        var acts = (await db.OperatorActs.AsNoTracking().Where(a => a.Act == OperatorActs.Acknowledge && identities.Contains(a.Identity))
            .Take(StorageLimits.MessagesPerIncident).ToListAsync(stop)).ToLookup(a => a.Identity, StringComparer.Ordinal);
        var deliveries = (await db.Deliveries.AsNoTracking().Where(d => identities.Contains(d.Identity))
            .Take(StorageLimits.MessagesPerIncident).ToListAsync(stop)).ToLookup(d => d.Identity, StringComparer.Ordinal);
        IEnumerable<IncidentWarning> unordered = messages.GroupBy(m => m.Identity, StringComparer.Ordinal)
            .Select(g => Of([.. g.OrderBy(m => m.Revision)], acts[g.Key].MinBy(a => a.TimeTicks), deliveries[g.Key]));
        List<IncidentWarning> warnings = [.. unordered.OrderBy(w => w.Raised).ThenBy(w => w.Identity, StringComparer.Ordinal)];
        return new(row.Id, new(row.OpenedTicks), At(row.ClosedTicks), row.Status, row.Drill, row.Rounds,
            [.. warnings.Select(w => w.Zone).Distinct(StringComparer.Ordinal)], row.Recording, warnings)
        { Lines = (row.FirstLine, row.LastLine) };
    }

    /// <summary>The audit log, the newest first.</summary>
    public async Task<IReadOnlyList<AuditLine>> AuditAsync(int limit, CancellationToken stop)
    {
        await using TocsinDb db = await store.OpenAsync(stop);
        return await db.Audit.AsNoTracking().OrderByDescending(r => r.TimeTicks).ThenByDescending(r => r.Id).Take(Math.Clamp(limit, 1, StorageLimits.AuditLines))
            .Select(r => new AuditLine(new Instant(r.TimeTicks), r.Who, r.Act, r.Detail, r.RemoteAddress)).ToListAsync(stop);
    }

    /// <summary>How the feeds' health changed, the newest first.</summary>
    public async Task<IReadOnlyList<FeedChange>> FeedChangesAsync(int limit, CancellationToken stop)
    {
        await using TocsinDb db = await store.OpenAsync(stop);
        return await db.FeedChanges.AsNoTracking().OrderByDescending(r => r.TimeTicks).ThenBy(r => r.Feed).Take(Math.Clamp(limit, 1, StorageLimits.FeedChanges))
            .Select(r => new FeedChange(new Instant(r.TimeTicks), r.Feed, r.State, r.Meaning)).ToListAsync(stop);
    }

    private static IncidentWarning Of(IReadOnlyList<MessageRow> messages, OperatorActRow? acknowledged, IEnumerable<DeliveryRow> deliveries)
    {
        MessageRow first = messages[0];
        MessageRow? end = messages.LastOrDefault(m => m.Act is "over" or "retracted");
        return new(first.Warning, first.Identity, first.Zone, new(first.RaisedTicks), At(end?.TimeTicks), end?.Act, messages.Max(m => m.Probability),
            new Instant(first.ImpactTicks).SecondsSince(new(first.RaisedTicks)), acknowledged?.Who, At(acknowledged?.TimeTicks),
            [.. deliveries.OrderBy(d => d.Channel, StringComparer.Ordinal).ThenBy(d => d.Revision)
                .Select(d => new IncidentDelivery(d.Channel, d.Revision, At(d.SentTicks), d.DelayS, d.Failures, d.LastReason))])
        {
            HeldS = new Instant(first.TimeTicks).SecondsSince(new(first.RaisedTicks)),
        };
    }

    private static Instant? At(long? ticks) => ticks is { } t ? new Instant(t) : null;
}
