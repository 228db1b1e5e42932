using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Tests.Storage;

/// <summary>A database that is locked, full, damaged, missing or killed: nobody waits for it, what is lost is counted, and it is written again when it is back.</summary>
public sealed class BrokenDatabaseTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Journal Make(Store store, FakeTimeProvider clock, int capacity = 16) => new(store, clock, NullLogger<Journal>.Instance, capacity);

    private static Audited Line(int i) => new(Samples.Wall.AddSeconds(i), "who", "act " + i, null, null);

    private static async Task<int> Lines(Store store) => (await new JournalReader(store).AuditAsync(1_000, Stop)).Count;

    [Fact]
    public void Recording_needs_no_database_and_no_writer()
    {
        using TestDatabase database = new(StorageKind.Sqlite);
        Journal journal = Make(database.Store, new(), capacity: 5);
        for (int i = 0; i < 8; i++) journal.Record(Line(i));
        Assert.Equal((5, 3L), (journal.State.Queued, journal.State.Lost));
    }

    [Fact]
    public async Task A_locked_database_is_waited_for_and_what_the_queue_cannot_hold_is_counted()
    {
        using TestDatabase database = new(StorageKind.Sqlite);
        await database.Store.CheckAsync(Stop);
        FakeTimeProvider clock = new(Samples.Wall);
        await using Journal journal = Make(database.Store, clock);
        await using (SqliteConnection other = new($"Data Source={database.Settings.SqliteFile};Pooling=false"))
        {
            await other.OpenAsync(Stop);
            await using SqliteTransaction held = other.BeginTransaction();
            await journal.StartAsync(Stop);
            journal.Record(Line(0));
            await Eventually.TrueAsync(() => !journal.State.Ok);
            for (int i = 1; i < 100; i++) journal.Record(Line(i));
            JournalState broken = journal.State;
            Assert.Equal(Samples.Wall, broken.FailingSince);
            Assert.Contains("another program holds it locked", broken.Note, StringComparison.Ordinal);
            // One is in the writer's hand and sixteen wait.
            Assert.Equal((17, 83L), (broken.Queued, broken.Lost));
        }
        await Eventually.TrueAsync(() => journal.State.Ok && journal.State.Queued == 0, () => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(17, await Lines(database.Store));
        Assert.Contains("83 entries", journal.State.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_database_says_so_and_is_written_again_when_there_is_room()
    {
        using TestDatabase database = new(StorageKind.Sqlite, sizeLimitMb: 1);
        FakeTimeProvider clock = new(Samples.Wall);
        await using Journal journal = Make(database.Store, clock, capacity: 10_000);
        await journal.StartAsync(Stop);
        for (int i = 0; i < 1_000; i++) journal.Record(new Audited(Samples.Wall, "who", "fill", new string('x', 1_900), null));
        await Eventually.TrueAsync(() => !journal.State.Ok);
        Assert.Contains("it is full", journal.State.Note, StringComparison.Ordinal);
        Assert.Equal(0, journal.State.Lost);
        Assert.True(new FileInfo(database.Settings.SqliteFile).Length <= 1 << 20);

        using (Store wider = database.Open(database.Settings with { SizeLimitMb = 64 }))
        {
            await using TocsinDb db = await wider.OpenAsync(Stop);
            await db.Audit.ExecuteDeleteAsync(Stop);
            // Room for what still waits, as an operator who raises the limit makes it.
            await db.Database.ExecuteSqlRawAsync("CREATE TABLE room (x)", Stop);
        }
        Store raised = database.Open(database.Settings with { SizeLimitMb = 64 });
        await using Journal restarted = Make(raised, clock);
        await restarted.StartAsync(Stop);
        restarted.Record(Line(1));
        await restarted.FlushAsync(Stop);
        Assert.True(restarted.State.Ok);
        // The first journal has the room of the rows that were deleted: it goes on where it stood.
        int before = journal.State.Queued;
        await Eventually.TrueAsync(() => journal.State.Queued < before, () => clock.Advance(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_damaged_file_is_named_and_a_mended_one_used()
    {
        using TestDatabase database = new(StorageKind.Sqlite);
        await File.WriteAllTextAsync(database.Settings.SqliteFile, string.Concat(Enumerable.Repeat("this is no database ", 500)), Stop);
        FakeTimeProvider clock = new(Samples.Wall);
        await using Journal journal = Make(database.Store, clock);
        await journal.StartAsync(Stop);
        journal.Record(Line(0));
        await Eventually.TrueAsync(() => !journal.State.Ok);
        Assert.Contains("damaged or no database", journal.State.Note, StringComparison.Ordinal);
        File.Delete(database.Settings.SqliteFile);
        await Eventually.TrueAsync(() => journal.State.Ok && journal.State.Queued == 0, () => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(1, await Lines(database.Store));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_a_failing_journal_and_no_exception()
    {
        string file = Path.GetTempFileName();
        try
        {
            using Store store = new(new(StorageKind.Sqlite, Path.Combine(file, "data")));
            await using Journal journal = Make(store, new(Samples.Wall));
            await journal.StartAsync(Stop);
            journal.Record(Line(0));
            await Eventually.TrueAsync(() => !journal.State.Ok);
            Assert.Equal(1, journal.State.Queued);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_killed_PostgreSQL_is_waited_for_and_written_when_it_is_back()
    {
        using PostgresServer server = new();
        using TestDatabase database = new(StorageKind.PostgreSql, server: server);
        FakeTimeProvider clock = new(Samples.Wall);
        await using Journal journal = Make(database.Store, clock);
        await journal.StartAsync(Stop);
        journal.Record(Line(0));
        await journal.FlushAsync(Stop);
        server.Kill();
        journal.Record(Line(1));
        await Eventually.TrueAsync(() => !journal.State.Ok);
        for (int i = 2; i < 50; i++) journal.Record(Line(i));
        // What the writer holds in its hand counts as queued or not, by the moment: nothing else may go, and all that goes is counted.
        long lost = journal.State.Lost;
        Assert.InRange(lost, 32, 33);
        server.Start();
        await Eventually.TrueAsync(() => journal.State.Ok && journal.State.Queued == 0, () => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(50 - lost, await Lines(database.Store));
    }
}
