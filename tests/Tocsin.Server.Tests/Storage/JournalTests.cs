using System.Text.Json;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Channels;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Tests.Storage;

/// <summary>What is recorded is read again, the same from both databases.</summary>
public sealed class JournalTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task Write(Store store, params IEnumerable<JournalEntry> entries)
    {
        await using Journal journal = new(store, new FakeTimeProvider(Samples.Wall), NullLogger<Journal>.Instance);
        await journal.StartAsync(Stop);
        foreach (JournalEntry e in entries) journal.Record(e);
        await journal.FlushAsync(Stop);
        await journal.StopAsync(Stop);
        Assert.Equal("", journal.State.Note);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static async Task<string> Everything(Store store)
    {
        JournalReader reader = new(store);
        List<object?> all = [await reader.IncidentsAsync(100, Stop), await reader.AuditAsync(100, Stop), await reader.FeedChangesAsync(100, Stop)];
        foreach (IncidentSummary i in await reader.IncidentsAsync(100, Stop)) all.Add(await reader.IncidentAsync(i.Id, Stop));
        return JsonSerializer.Serialize(all, JsonSerializerOptions.Web);
    }

    [Theory, InlineData(StorageKind.Sqlite), InlineData(StorageKind.PostgreSql)]
    public async Task An_incident_is_read_as_it_was(StorageKind kind)
    {
        using TestDatabase database = new(kind);
        await Write(database.Store, Samples.Raid());
        JournalReader reader = new(database.Store);

        IncidentSummary summary = Assert.Single(await reader.IncidentsAsync(10, Stop));
        Assert.Equal("""{"id":"I1","opened":"2020-12-20T20:30:00.000Z","closed":"2020-12-20T20:31:20.000Z","status":"exercise","drill":true,"rounds":21,"zones":["Z1","Z2"],"warnings":2,"recording":"2020-12-20"}""",
            JsonSerializer.Serialize(summary, JsonSerializerOptions.Web));

        IncidentDetail detail = (await reader.IncidentAsync("I1", Stop))!;
        Assert.Equal((17, 4_711), detail.Lines);
        IncidentWarning first = detail.Warnings[0], second = detail.Warnings[1];
        Assert.Equal(("W3", "I1.W3", "Z1", "over", 0.875, 15.5, "anna"), (first.Warning, first.Identity, first.Zone, first.Reason, first.Probability, first.LeadTimeS, first.AcknowledgedBy));
        Assert.Equal((Samples.Start.AddSeconds(1), Samples.Start.AddSeconds(76.5), Samples.Start.AddSeconds(5)), (first.Raised, first.Cleared, first.Acknowledged));
        Assert.Equal(("I1.W4", "Z2", null, null), (second.Identity, second.Zone, second.Reason, second.AcknowledgedBy));
        Assert.Equal([new("sirens", 1, Samples.Start.AddSeconds(1.25), 0.25, 0, null), new("tak", 1, null, null, 2, "no route")], first.Deliveries);

        Assert.Equal(["login", "acknowledge", "acknowledge"], (await reader.AuditAsync(10, Stop)).Select(l => l.Act));
        Assert.Equal(["anna", "bela"], (await reader.AuditAsync(2, Stop)).Select(l => l.Who));
        Assert.Null(await reader.IncidentAsync("I2", Stop));
    }

    [Theory, InlineData(StorageKind.Sqlite), InlineData(StorageKind.PostgreSql)]
    public async Task Telling_it_again_after_a_restart_changes_nothing(StorageKind kind)
    {
        using TestDatabase database = new(kind);
        // A line of the audit log alone has no name by which a repeat could be known; whoever starts again does not tell it again.
        List<JournalEntry> raid = [.. Samples.Raid().Where(e => e is not Audited)];
        await Write(database.Store, raid);
        string once = await Everything(database.Store);
        await Write(database.Open(), raid.Concat(raid));
        Assert.Equal(once, await Everything(database.Store));
    }

    [Fact]
    public async Task Both_databases_give_the_same_in_the_same_order()
    {
        using TestDatabase sqlite = new(StorageKind.Sqlite), postgres = new(StorageKind.PostgreSql);
        // Names whose order differs between alphabets, times before 1970 and beyond 32 bits, texts that a database may dislike.
        Gen<JournalEntry> entry = Gen.OneOf<JournalEntry>(
            Gen.Select(OneOf("a", "B", "ä", "_", "Z"), Gen.Long[-1_000, 1_000], Gen.Bool).Select((id, t, d) => new IncidentOpened(id, new(t * 99_999_999_999), OperationStatus.Actual, d, "r", t)),
            Gen.Select(OneOf("a", "B", "ä"), Gen.Int[1, 4], Gen.Enum<WarningAct>(), Gen.Double[0, 1], OneOf("a", "B", "c"))
                .Select((w, r, act, p, i) => new WarningSaid(Samples.Message(w, r, act, r, probability: p), i, false)),
            Gen.Select(OneOf("x", "Y"), OneOf("a", "B"), Gen.Int[1, 2], Gen.Int[-9, 9], Gen.String).Select((c, w, r, t, s) => new DeliveryFailed(c, w, r, new(t), s)),
            Gen.Select(OneOf("x", "Y"), OneOf("a", "B"), Gen.Int[1, 2], Gen.Int[-9, 9]).Select((c, w, r, t) => new Delivered(c, w, r, new(t), t)),
            Gen.Select(Gen.Int[0, 1_000_000], Gen.String, Gen.String).Select((t, who, what) => new OperatorActed(new(t), Samples.Wall.AddTicks(t), who, "retract", null, what)));
        List<JournalEntry> entries = [.. entry.Array[400].Single()];
        // Acts at the same moment have no order that could be the same.
        entries = [.. entries.Where(e => e is not OperatorActed), .. entries.OfType<OperatorActed>().DistinctBy(a => a.Time)];
        await Write(sqlite.Store, entries);
        await Write(postgres.Store, entries);
        Assert.Equal(await Everything(sqlite.Store), await Everything(postgres.Store));
    }

    [Theory, InlineData(StorageKind.Sqlite), InlineData(StorageKind.PostgreSql)]
    public async Task A_text_that_no_database_takes_is_mended_and_cut(StorageKind kind)
    {
        using TestDatabase database = new(kind);
        await Write(database.Store, new Audited(Samples.Wall, "a\0b", "x\ud800y", new string('d', 9_999), null));
        AuditLine line = Assert.Single(await new JournalReader(database.Store).AuditAsync(1, Stop));
        Assert.Equal(("a\ufffdb", "x\ufffdy", StorageLimits.TextCharacters), (line.Who, line.Act, line.Detail!.Length));
    }

    [Theory, InlineData(StorageKind.Sqlite), InlineData(StorageKind.PostgreSql)]
    public async Task An_entry_that_cannot_be_written_is_counted_and_keeps_no_other(StorageKind kind)
    {
        using TestDatabase database = new(kind);
        await using Journal journal = new(database.Store, new FakeTimeProvider(Samples.Wall), NullLogger<Journal>.Instance);
        journal.Record(new IncidentOpened("I1", Samples.Start, OperationStatus.Actual, false, "r", 1));
        journal.Record(new IncidentClosed("I404", Samples.Start, 1, 1));
        journal.Record(new IncidentOpened("I2", Samples.Start, OperationStatus.Actual, false, "r", 1));
        await journal.StartAsync(Stop);
        await journal.FlushAsync(Stop);
        Assert.Equal((true, 1L), (journal.State.Ok, journal.State.Lost));
        Assert.Contains("I404", journal.State.Note, StringComparison.Ordinal);
        Assert.Equal(2, (await new JournalReader(database.Store).IncidentsAsync(10, Stop)).Count);
    }

    [Theory, InlineData(StorageKind.Sqlite), InlineData(StorageKind.PostgreSql)]
    public async Task What_is_older_than_the_site_keeps_is_removed(StorageKind kind)
    {
        using TestDatabase database = new(kind, keepDays: 30);
        await Write(database.Store, new Audited(Samples.Wall.AddDays(-31), "old", "x", null, null), new Audited(Samples.Wall.AddDays(-29), "young", "x", null, null));
        // A day passes between two prunings; a new journal prunes with its first batch.
        await Write(database.Store, new Audited(Samples.Wall, "new", "x", null, null));
        Assert.Equal(["new", "young"], (await new JournalReader(database.Store).AuditAsync(9, Stop)).Select(l => l.Who));
    }

    [Fact]
    public async Task Stopping_writes_what_waits()
    {
        using TestDatabase database = new(StorageKind.Sqlite);
        // A machine that is busy may need longer for the first connection than a stop waits: how long that is is not what is tested here.
        await using Journal journal = new(database.Store, new FakeTimeProvider(Samples.Wall), NullLogger<Journal>.Instance) { DrainAtStop = TimeSpan.FromMinutes(2) };
        foreach (JournalEntry e in Samples.Raid()) journal.Record(e);
        await journal.StartAsync(Stop);
        await journal.StopAsync(Stop);
        Assert.Single(await new JournalReader(database.Store).IncidentsAsync(10, Stop));
    }
}
