namespace Tocsin.Server.Storage;

/// <summary>Every limit of the storage, by name. What exceeds one is counted and said.</summary>
public static class StorageLimits
{
    /// <summary>Entries that wait for the database; further ones are lost and counted. An hour of a busy site, some tens of megabytes.</summary>
    public const int QueuedEntries = 32_768;

    /// <summary>Entries that are written in one transaction.</summary>
    public const int BatchEntries = 256;

    /// <summary>Characters of a short text: a name, an id, an address.</summary>
    public const int NameCharacters = 200;

    /// <summary>Characters of a longer text: a reason, a detail. What is longer is cut.</summary>
    public const int TextCharacters = 2_000;

    /// <summary>Incidents that one query gives.</summary>
    public const int Incidents = 500;

    /// <summary>Messages of one incident that are looked at for its account.</summary>
    public const int MessagesPerIncident = 50_000;

    /// <summary>Lines of the audit log that one query gives.</summary>
    public const int AuditLines = 1_000;

    /// <summary>Feed changes that one query gives.</summary>
    public const int FeedChanges = 1_000;

    /// <summary>Smallest and largest size of an SQLite database that can be configured, in MiB.</summary>
    public const int LeastSizeMb = 1, MostSizeMb = 1 << 20;

    /// <summary>Most days that can be configured to keep entries.</summary>
    public const int MostKeepDays = 36_500;
}
