using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Configuration;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Tests.Storage;

/// <summary>The schema's versions, the files' modes, the settings.</summary>
public sealed class StoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The columns of version 1. Where a change of the model fails this test, it needs a <see cref="SchemaStep"/> to version 2, and this list stays.</summary>
    private const string Version1 = """
        api_key: created_ticks id last_used_ticks name revoked_ticks scopes secret_hash
        app_user: created_ticks name name_key password_hash role stamp
        audit: act detail id remote_address time_ticks who
        delivery: channel delay_s failures identity last_failed_ticks last_reason revision sent_ticks
        ended_session: forget_ticks id
        feed_change: feed meaning state time_ticks
        incident: closed_ticks drill first_line id last_line opened_ticks recording rounds status
        operator_act: act detail identity time_ticks who
        schema_version: id version
        warning_message: act advice drill expires_ticks identity impact_ticks incident probability raised_ticks revision status time_ticks warning zone
        """;

    [Theory, InlineData(StorageKind.Sqlite), InlineData(StorageKind.PostgreSql)]
    public async Task The_schema_of_version_1_stays_as_it_is(StorageKind kind)
    {
        using TestDatabase database = new(kind);
        await using TocsinDb db = await database.Store.OpenAsync(Stop);
        List<string> columns = kind == StorageKind.Sqlite
            ? await db.Database.SqlQueryRaw<string>("SELECT m.name || '.' || p.name AS \"Value\" FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'").ToListAsync(Stop)
            : await db.Database.SqlQueryRaw<string>("SELECT table_name || '.' || column_name AS \"Value\" FROM information_schema.columns WHERE table_schema = 'public'").ToListAsync(Stop);
        string found = string.Join('\n', columns.Select(c => c.Split('.')).GroupBy(c => c[0], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Key}: {string.Join(' ', g.Select(c => c[1]).Order(StringComparer.Ordinal))}"));
        Assert.Equal(Version1, found);
        Assert.Equal(1, SchemaStep.Newest);
    }

    [Theory, InlineData(StorageKind.Sqlite), InlineData(StorageKind.PostgreSql)]
    public async Task An_old_database_is_brought_up_once_and_whole(StorageKind kind)
    {
        using TestDatabase database = new(kind);
        await database.Store.CheckAsync(Stop);
        SchemaStep two = new(2, "ALTER TABLE incident ADD note TEXT", "ALTER TABLE incident ADD note TEXT");
        SchemaStep wrong = new(3, "ALTER TABLE nothing ADD x TEXT", "ALTER TABLE nothing ADD x TEXT");
        using (Store broken = new(database.Settings, [two, wrong], 3)) await Assert.ThrowsAnyAsync<Exception>(() => broken.CheckAsync(Stop));
        // Nothing of the failed upgrade is left, so version 2 can still add its column.
        using (Store upgraded = new(database.Settings, [two], 2)) await upgraded.CheckAsync(Stop);
        using (Store again = new(database.Settings, [two], 2)) await again.CheckAsync(Stop);
        using Store old = new(database.Settings);
        StoreException e = await Assert.ThrowsAsync<StoreException>(() => old.CheckAsync(Stop));
        Assert.Contains("newer Tocsin", e.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(StorageKind.Sqlite), InlineData(StorageKind.PostgreSql)]
    public async Task Programs_that_start_at_once_make_one_schema(StorageKind kind)
    {
        using TestDatabase database = new(kind);
        // The first to come makes the database of PostgreSQL itself; its schema is what they race for.
        if (kind == StorageKind.PostgreSql)
        {
            await using TocsinDb db = await database.Store.OpenAsync(Stop);
            await db.Database.ExecuteSqlRawAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public", Stop);
        }
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.Open()).Select(s => Task.Run(() => s.CheckAsync(Stop))));
        await using TocsinDb after = await database.Open().OpenAsync(Stop);
        Assert.Equal(1, await after.Schema.CountAsync(Stop));
    }

    [Fact]
    public async Task Only_the_server_itself_may_read_the_database()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are Unix's");
            return;
        }
        using TestDatabase database = new(StorageKind.Sqlite);
        Store nested = database.Open(database.Settings with { DataFolder = Path.Combine(database.Folder, "new") });
        await using TocsinDb db = await nested.OpenAsync(Stop);
        db.Audit.Add(new() { Id = Guid.NewGuid() });
        await db.SaveChangesAsync(Stop);
        string[] files = Directory.GetFiles(nested.Settings.DataFolder);
        Assert.Contains(nested.Settings.SqliteFile, files);
        foreach (string f in files) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(nested.Settings.DataFolder));
    }

    private static (StorageSettings Settings, List<ConfigProblem> Problems) Read(string json)
    {
        List<ConfigProblem> problems = [];
        using JsonDocument document = JsonDocument.Parse(json);
        StorageSettings settings = StorageSettings.Read(new ConfigSection(document.RootElement, problems).Section("storage"), "/data");
        return (settings, problems);
    }

    [Fact]
    public void Nothing_configured_is_SQLite_in_the_data_folder()
    {
        (StorageSettings settings, List<ConfigProblem> problems) = Read("{}");
        Assert.Empty(problems);
        Assert.Equal((StorageKind.Sqlite, "/data/tocsin.db", "/data/tocsin.db"), (settings.Kind, settings.SqliteFile, settings.Shown));
    }

    [Theory]
    [InlineData("""{"storage":{"kind":"mysql"}}""", "storage.kind")]
    [InlineData("""{"storage":{"kind":"postgresql"}}""", "storage.connection")]
    [InlineData("""{"storage":{"kind":"postgresql","connection":"Password=hunter2"}}""", "storage.connection")]
    [InlineData("""{"storage":{"kind":"postgresql","connection":"Host=x;Oops=hunter2"}}""", "storage.connection")]
    [InlineData("""{"storage":{"connection":"Host=x;Password=hunter2"}}""", "storage.connection")]
    [InlineData("""{"storage":{"sizeLimitMb":0}}""", "storage.sizeLimitMb")]
    [InlineData("""{"storage":{"conection":"hunter2"}}""", "storage.conection")]
    public void A_wrong_setting_is_named_and_no_secret_is_shown(string json, string key)
    {
        ConfigProblem problem = Assert.Single(Read(json).Problems);
        Assert.Equal(key, problem.Key);
        Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_show_the_server_and_never_its_password()
    {
        (StorageSettings settings, List<ConfigProblem> problems) = Read("""{"storage":{"kind":"postgresql","connection":"Host=db;Database=tocsin;Username=t;Password=hunter2"}}""");
        Assert.Empty(problems);
        Assert.Equal("PostgreSQL tocsin on db:5432", settings.Shown);
        Assert.DoesNotContain("hunter2", settings.ToString(), StringComparison.Ordinal);
    }
}
