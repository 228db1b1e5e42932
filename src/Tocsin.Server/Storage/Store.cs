using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Tocsin.Server.Storage;

/// <summary>The database cannot be used, for a reason that an operator can mend.</summary>
public sealed class StoreException(string message) : Exception(message);

/// <summary>Opens the database, and makes or upgrades its schema the first time that it can be reached.</summary>
/// <remarks>Making a <see cref="Store"/> touches nothing: the server starts, and warns, with a database that is broken. Safe for many threads.</remarks>
public sealed class Store : IDisposable
{
    // A second that a writer waits for another is long enough for a backup, and short enough that a lock is soon shown.
    private const int BusyTimeoutS = 1, SchemaTimeoutS = 10, ConnectTimeoutS = 3, CommandTimeoutS = 5, PoolSize = 20;
    private const int PageBytes = 4_096;

    // "tocs": the number of the lock that keeps two programs from making the schema at once.
    private const long SchemaLock = 0x746f6373;
    private readonly StorageSettings _settings;
    private readonly DbContextOptions<TocsinDb> _options;
    private readonly IReadOnlyList<SchemaStep> _steps;
    private readonly int _newest;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile bool _ready;

    /// <summary>Makes a store; nothing is opened yet.</summary>
    public Store(StorageSettings settings) : this(settings, SchemaStep.All, SchemaStep.Newest)
    {
    }

    internal Store(StorageSettings settings, IReadOnlyList<SchemaStep> steps, int newest)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_settings, _steps, _newest) = (settings, steps, newest);
        DbContextOptionsBuilder<TocsinDb> builder = new();
        if (settings.Kind == StorageKind.Sqlite)
        {
            SqliteConnectionStringBuilder connection = new() { DataSource = settings.SqliteFile, DefaultTimeout = BusyTimeoutS };
            builder.UseSqlite(connection.ConnectionString).AddInterceptors(new SizeLimit(settings.SizeLimitMb));
        }
        else
        {
            NpgsqlConnectionStringBuilder given = new(settings.Connection);
            NpgsqlConnectionStringBuilder connection = new(settings.Connection) { ApplicationName = given.ApplicationName ?? "tocsin", IncludeErrorDetail = false };
            // What the site's own string says of time-outs stands.
            if (!given.ShouldSerialize("Timeout")) connection.Timeout = ConnectTimeoutS;
            if (!given.ShouldSerialize("Command Timeout")) connection.CommandTimeout = CommandTimeoutS;
            if (!given.ShouldSerialize("Maximum Pool Size")) connection.MaxPoolSize = PoolSize;
            builder.UseNpgsql(connection.ConnectionString);
        }
        _options = builder.Options;
    }

    /// <summary>The settings that it was made with.</summary>
    public StorageSettings Settings => _settings;

    /// <summary>Opens the database and makes sure of its schema; throws what the database throws, and <see cref="StoreException"/>.</summary>
    public async Task CheckAsync(CancellationToken stop)
    {
        await using TocsinDb db = await OpenAsync(stop);
        await db.Schema.AsNoTracking().Select(r => r.Version).FirstAsync(stop);
    }

    /// <summary>A context on the database, with its schema as this program knows it.</summary>
    internal async Task<TocsinDb> OpenAsync(CancellationToken stop)
    {
        if (!_ready)
        {
            await _gate.WaitAsync(stop);
            try
            {
                if (!_ready)
                {
                    await MakeSchemaAsync(stop);
                    _ready = true;
                }
            }
            finally
            {
                _gate.Release();
            }
        }
        return new TocsinDb(_options);
    }

    /// <summary>Says that something failed: the schema is looked at again before the next use, and connections that may be broken are let go.</summary>
    internal void Distrust()
    {
        _ready = false;
        if (_settings.Kind != StorageKind.Sqlite) return;
        using TocsinDb db = new(_options);
        if (db.Database.GetDbConnection() is SqliteConnection connection) SqliteConnection.ClearPool(connection);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using TocsinDb db = new(_options);
        if (db.Database.GetDbConnection() is SqliteConnection sqlite) SqliteConnection.ClearPool(sqlite);
        else if (db.Database.GetDbConnection() is NpgsqlConnection npgsql) NpgsqlConnection.ClearPool(npgsql);
        _gate.Dispose();
    }

    private async Task MakeSchemaAsync(CancellationToken stop)
    {
        await using TocsinDb db = new(_options);
        IRelationalDatabaseCreator creator = db.GetService<IRelationalDatabaseCreator>();
        if (_settings.Kind == StorageKind.Sqlite)
        {
            PrivateFiles.Folder(_settings.DataFolder);
            PrivateFiles.Touch(_settings.SqliteFile);
            // Readers and the one writer do not wait for each other; the mode stays with the file.
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", stop);
        }
        else if (!await creator.ExistsAsync(stop)) await creator.CreateAsync(stop);
        // Nothing is locked where there is nothing to make.
        if (await HasSchemaAsync(db, stop) && await db.Schema.AsNoTracking().Select(r => r.Version).SingleOrDefaultAsync(stop) == _newest) return;
        // Another program that makes it at this moment may take its time.
        if (db.Database.GetDbConnection() is SqliteConnection sqlite) sqlite.DefaultTimeout = SchemaTimeoutS;
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(stop);
        if (_settings.Kind == StorageKind.PostgreSql) await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({SchemaLock})", stop);
        if (!await HasSchemaAsync(db, stop))
        {
            await creator.CreateTablesAsync(stop);
            db.Schema.Add(new() { Id = 1, Version = _newest });
            await db.SaveChangesAsync(stop);
        }
        else await UpgradeAsync(db, stop);
        await transaction.CommitAsync(stop);
    }

    // PostgreSQL's to_regclass answers from a cache of the session, which does not hear of a table that another session made while this one waited for the lock.
    private async Task<bool> HasSchemaAsync(TocsinDb db, CancellationToken stop) => await (_settings.Kind == StorageKind.Sqlite
        ? db.Database.SqlQuery<int>($"SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'")
        : db.Database.SqlQuery<int>($"SELECT COUNT(*)::int AS \"Value\" FROM pg_catalog.pg_tables WHERE tablename = 'schema_version' AND schemaname = ANY (current_schemas(false))"))
        .SingleAsync(stop) > 0;

    private async Task UpgradeAsync(TocsinDb db, CancellationToken stop)
    {
        SchemaRow row = await db.Schema.SingleAsync(stop);
        if (row.Version > _newest) throw new StoreException($"the database has schema {row.Version}, made by a newer Tocsin; this one knows {_newest}: update this program");
        if (row.Version == _newest) return;
        foreach (SchemaStep step in _steps.Where(s => s.Version > row.Version && s.Version <= _newest))
            await db.Database.ExecuteSqlRawAsync(_settings.Kind == StorageKind.Sqlite ? step.Sqlite : step.PostgreSql, stop);
        row.Version = _newest;
        await db.SaveChangesAsync(stop);
    }

    /// <summary>Keeps an SQLite database from filling the disk that the recordings need: SQLite then says that it is full.</summary>
    private sealed class SizeLimit(int mb) : DbConnectionInterceptor
    {
        private readonly string _pragma = $"PRAGMA max_page_count={(long)mb * (1 << 20) / PageBytes}";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Limit(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Limit(connection);
            return Task.CompletedTask;
        }

        private void Limit(DbConnection connection)
        {
            using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant and a number.
            command.CommandText = _pragma;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
