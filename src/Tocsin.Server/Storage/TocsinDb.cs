using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Tocsin.Server.Storage;

/// <summary>The database: what is kept of incidents, warnings, acts, feeds, deliveries, users and keys.</summary>
/// <remarks>Times are <see cref="Instant.Ticks"/>: a 64-bit number means and sorts the same in SQLite and PostgreSQL. Enumerations are the words that the
/// protocol uses, so that a query by hand reads well. Plots and events are not here but in the recordings.</remarks>
internal sealed class TocsinDb(DbContextOptions<TocsinDb> options) : DbContext(options)
{
    public DbSet<SchemaRow> Schema => Set<SchemaRow>();

    public DbSet<IncidentRow> Incidents => Set<IncidentRow>();

    public DbSet<MessageRow> Messages => Set<MessageRow>();

    public DbSet<OperatorActRow> OperatorActs => Set<OperatorActRow>();

    public DbSet<FeedChangeRow> FeedChanges => Set<FeedChangeRow>();

    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    public DbSet<UserRow> Users => Set<UserRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<EndedSessionRow> EndedSessions => Set<EndedSessionRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SchemaRow>(e => e.ToTable("schema_version").Property(r => r.Id).ValueGeneratedNever());
        modelBuilder.Entity<IncidentRow>(e => e.ToTable("incident").HasIndex(r => r.OpenedTicks));
        modelBuilder.Entity<MessageRow>(e =>
        {
            e.ToTable("warning_message").HasKey(r => new { r.Identity, r.Revision });
            e.HasIndex(r => r.Incident);
        });
        modelBuilder.Entity<OperatorActRow>(e => e.ToTable("operator_act").HasKey(r => new { r.Identity, r.TimeTicks, r.Who, r.Act }));
        modelBuilder.Entity<FeedChangeRow>(e => e.ToTable("feed_change").HasKey(r => new { r.TimeTicks, r.Feed, r.State }));
        modelBuilder.Entity<DeliveryRow>(e => e.ToTable("delivery").HasKey(r => new { r.Identity, r.Revision, r.Channel }));
        modelBuilder.Entity<AuditRow>(e =>
        {
            e.ToTable("audit").Property(r => r.Id).ValueGeneratedNever();
            e.HasIndex(r => r.TimeTicks);
        });
        modelBuilder.Entity<UserRow>(e => e.ToTable("app_user").HasKey(r => r.NameKey));
        modelBuilder.Entity<ApiKeyRow>(e => e.ToTable("api_key"));
        modelBuilder.Entity<EndedSessionRow>(e => e.ToTable("ended_session"));
        foreach (IMutableEntityType type in modelBuilder.Model.GetEntityTypes())
            foreach (IMutableProperty p in type.GetProperties()) p.SetColumnName(Snake(p.Name));
    }

    // Names without capitals need no quotes in a query by hand.
    private static string Snake(string name)
    {
        StringBuilder text = new();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }
}

/// <summary>The one row that says which schema this is.</summary>
internal sealed class SchemaRow
{
    public int Id { get; set; }

    public int Version { get; set; }
}

/// <summary>One incident: from the first track that could harm to the last.</summary>
internal sealed class IncidentRow
{
    public string Id { get; set; } = "";

    public long OpenedTicks { get; set; }

    public long? ClosedTicks { get; set; }

    public string Status { get; set; } = "";

    public bool Drill { get; set; }

    public string Recording { get; set; } = "";

    public long FirstLine { get; set; }

    public long? LastLine { get; set; }

    public int Rounds { get; set; }
}

/// <summary>One message of a warning: what was said, to which zone, and when.</summary>
internal sealed class MessageRow
{
    public string Identity { get; set; } = "";

    public int Revision { get; set; }

    public string Incident { get; set; } = "";

    public string Warning { get; set; } = "";

    public string Act { get; set; } = "";

    public string Zone { get; set; } = "";

    public long TimeTicks { get; set; }

    public long RaisedTicks { get; set; }

    public long ImpactTicks { get; set; }

    public long ExpiresTicks { get; set; }

    public double? Probability { get; set; }

    public string Advice { get; set; } = "";

    public string Status { get; set; } = "";

    public bool Drill { get; set; }
}

/// <summary>What an operator did to a warning, or to the site (<see cref="Identity"/> empty).</summary>
internal sealed class OperatorActRow
{
    public string Identity { get; set; } = "";

    public long TimeTicks { get; set; }

    public string Who { get; set; } = "";

    public string Act { get; set; } = "";

    public string? Detail { get; set; }
}

/// <summary>A feed's health from one moment on.</summary>
internal sealed class FeedChangeRow
{
    public long TimeTicks { get; set; }

    public string Feed { get; set; } = "";

    public string State { get; set; } = "";

    public string Meaning { get; set; } = "";
}

/// <summary>What became of one message on one channel.</summary>
internal sealed class DeliveryRow
{
    public string Identity { get; set; } = "";

    public int Revision { get; set; }

    public string Channel { get; set; } = "";

    public long? SentTicks { get; set; }

    public double? DelayS { get; set; }

    public int Failures { get; set; }

    public long? LastFailedTicks { get; set; }

    public string? LastReason { get; set; }
}

/// <summary>One line of the audit log. Rows are added and, after <c>keepDays</c>, removed; never changed.</summary>
internal sealed class AuditRow
{
    public Guid Id { get; set; }

    public long TimeTicks { get; set; }

    public string Who { get; set; } = "";

    public string Act { get; set; } = "";

    public string? Detail { get; set; }

    public string? RemoteAddress { get; set; }
}

/// <summary>A local account.</summary>
internal sealed class UserRow
{
    /// <summary>The name in lower case: names differ by more than their case.</summary>
    public string NameKey { get; set; } = "";

    public string Name { get; set; } = "";

    public string Role { get; set; } = "";

    public string PasswordHash { get; set; } = "";

    /// <summary>Changes with the password and the role; a session that holds another one has ended.</summary>
    public string Stamp { get; set; } = "";

    public long CreatedTicks { get; set; }
}

/// <summary>A machine's key: its hash, never the key.</summary>
internal sealed class ApiKeyRow
{
    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>Scopes, separated by spaces.</summary>
    public string Scopes { get; set; } = "";

    public byte[] SecretHash { get; set; } = [];

    public long CreatedTicks { get; set; }

    public long? LastUsedTicks { get; set; }

    public long? RevokedTicks { get; set; }
}

/// <summary>A session that was ended before its time: its cookie must not be taken again.</summary>
internal sealed class EndedSessionRow
{
    public string Id { get; set; } = "";

    public long ForgetTicks { get; set; }
}
