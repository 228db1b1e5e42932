namespace Tocsin.Server.Storage;

/// <summary>How a database of the version before becomes one of <paramref name="Version"/>.</summary>
/// <remarks>
/// The schema has its own version table instead of EF's migrations: two providers would need two sets of generated migrations and snapshots, which nobody
/// reads and no test compares. Here a new database is made from the model, an old one is brought up by these steps in one transaction, and
/// a test brings up an old one and compares its columns with a new one's.
/// </remarks>
/// <param name="Version">The version that it leads to.</param>
/// <param name="Sqlite">The statements for SQLite.</param>
/// <param name="PostgreSql">The statements for PostgreSQL.</param>
internal sealed record SchemaStep(int Version, string Sqlite, string PostgreSql)
{
    /// <summary>The version that the model is.</summary>
    public const int Newest = 1;

    /// <summary>Every step from version 1 on, in order. None yet: version 1 is the first that was released.</summary>
    public static IReadOnlyList<SchemaStep> All { get; } = [];
}
