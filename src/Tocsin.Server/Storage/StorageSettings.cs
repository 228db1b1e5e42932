using Npgsql;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Storage;

/// <summary>Which database is used.</summary>
public enum StorageKind
{
    /// <summary>The file <c>tocsin.db</c> in the data folder.</summary>
    Sqlite,
    /// <summary>A PostgreSQL server.</summary>
    PostgreSql,
}

/// <summary>Where the database is: the section <c>storage</c> of the configuration.</summary>
/// <param name="Kind">Which database.</param>
/// <param name="DataFolder">The folder of <c>--data</c>; the SQLite database and the keys of sessions are in it.</param>
/// <param name="Connection">PostgreSQL's connection string, a secret; null for SQLite.</param>
/// <param name="SizeLimitMb">How large the SQLite database may grow, in MiB.</param>
/// <param name="KeepDays">How many days entries are kept; 0 keeps them for ever.</param>
public sealed record StorageSettings(StorageKind Kind, string DataFolder, string? Connection = null, int SizeLimitMb = 4_096, int KeepDays = 0)
{
    /// <summary>The SQLite database.</summary>
    public string SqliteFile => Path.Combine(DataFolder, "tocsin.db");

    /// <summary>The database as people may read it, without its secrets.</summary>
    public string Shown => Kind == StorageKind.Sqlite ? SqliteFile : ShownPostgreSql(Connection);

    /// <summary>Reads <c>storage</c>: <c>kind</c> ("sqlite", "postgresql"), <c>connection</c> or <c>connectionFile</c>, <c>sizeLimitMb</c>, <c>keepDays</c>.</summary>
    public static StorageSettings Read(ConfigSection section, string dataFolder)
    {
        StorageKind kind = section.Choice("kind", StorageKind.Sqlite, ("sqlite", StorageKind.Sqlite), ("postgresql", StorageKind.PostgreSql));
        string? connection = section.OptionalSecret("connection");
        int sizeLimitMb = section.Count("sizeLimitMb", 4_096, StorageLimits.LeastSizeMb, StorageLimits.MostSizeMb);
        int keepDays = section.Count("keepDays", 0, 0, StorageLimits.MostKeepDays);
        section.End();
        const string Example = "give PostgreSQL's connection string: Host=…;Database=tocsin;Username=tocsin;Password=…";
        if (kind == StorageKind.PostgreSql && connection is null && !section.Has("connectionFile")) section.Wrong("connection", "nothing", Example);
        else if (kind == StorageKind.PostgreSql && connection is not null && !IsConnection(connection)) section.Wrong("connection", "what it holds", Example);
        else if (kind == StorageKind.Sqlite && connection is not null) section.Wrong("connection", "what it holds", "leave it out, or set kind to \"postgresql\": SQLite is always in the data folder");
        return new(kind, dataFolder, kind == StorageKind.PostgreSql ? connection : null, sizeLimitMb, keepDays);
    }

    // A record's own text would hold the connection string, and so its password.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(Shown);
        return true;
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            return false;
        }
    }

    private static string ShownPostgreSql(string? connection)
    {
        if (connection is null || !IsConnection(connection)) return "PostgreSQL";
        NpgsqlConnectionStringBuilder b = new(connection);
        return $"PostgreSQL {b.Database} on {b.Host}:{b.Port}";
    }
}
