using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Tocsin.Server.Live;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Access;

/// <summary>One key in a list; the key itself is known only to who was given it.</summary>
/// <param name="Id">Its id, the part of it that is no secret.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">What it may be used for.</param>
/// <param name="Created">When it was made.</param>
/// <param name="LastUsed">When it was last used, to about a minute; null where it never was.</param>
/// <param name="Revoked">When it was revoked; null where it stands.</param>
public sealed record KeyLine(string Id, string Name, IReadOnlyList<string> Scopes, Instant Created, Instant? LastUsed, Instant? Revoked);

/// <summary>A key, shown once.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">The key.</param>
public sealed record IssuedKey(string Id, string Key);

/// <summary>Manages the keys of machines. Each change and its line of the audit log are one transaction.</summary>
/// <remarks>A key is <c>tocsin_ID_SECRET</c>: 16 hexadecimal digits and 256 random bits in base64url. Its SHA-256 is stored; a slow hash is for
/// what people can remember, and 256 random bits cannot be guessed at any speed.</remarks>
public sealed class KeyAdmin : IDisposable
{
    private const string Prefix = "tocsin_";
    private const int IdCharacters = 16, SecretBytes = 32, SecretCharacters = 43;
    private readonly Store _store;
    private readonly TimeProvider _clock;
    private readonly Action? _changed;
    private readonly bool _owns;

    /// <summary>For the command line: opens the database itself.</summary>
    public KeyAdmin(StorageSettings settings, TimeProvider clock) : this(new Store(settings), clock, null) => _owns = true;

    internal KeyAdmin(Store store, TimeProvider clock, Action? changed) => (_store, _clock, _changed) = (store, clock, changed);

    /// <summary>Makes a key.</summary>
    public async Task<(AccessResult Result, IssuedKey? Key)> AddAsync(string name, IReadOnlyList<string> scopes, Actor by, CancellationToken stop)
    {
        if (UserAdmin.NameProblem(name) is { } problem) return (new(AccessOutcome.Refused, problem), null);
        if (scopes.Count is 0 or > AccessLimits.ScopesPerKey || !scopes.All(IsScope))
            return (new(AccessOutcome.Refused, "give at least one scope of feed:NAME, feed:*, metrics, gateway, viewer"), null);
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdCharacters / 2));
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        string joined = string.Join(' ', scopes.Distinct(StringComparer.Ordinal));
        await using TocsinDb db = await _store.OpenAsync(stop);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, stop);
        if (await db.ApiKeys.CountAsync(stop) >= AccessLimits.Keys) return (new(AccessOutcome.Conflict, $"there are {AccessLimits.Keys} keys already"), null);
        db.ApiKeys.Add(new() { Id = id, Name = name, Scopes = joined, SecretHash = HashOf(secret), CreatedTicks = Now });
        db.Audit.Add(JournalWriter.AuditLine(Guid.NewGuid(), _clock.GetUtcNow(), by.Who, "addKey", $"{id} {name} for {joined}", by.RemoteAddress));
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
        _changed?.Invoke();
        return (AccessResult.Done, new(id, $"{Prefix}{id}_{secret}"));
    }

    /// <summary>Revokes a key, for ever. Revoking it again changes nothing.</summary>
    public async Task<AccessResult> RevokeAsync(string id, Actor by, CancellationToken stop)
    {
        await using TocsinDb db = await _store.OpenAsync(stop);
        if (await db.ApiKeys.FindAsync([id], stop) is not { } row) return new(AccessOutcome.Missing, "there is no key of that id");
        if (row.RevokedTicks is not null) return AccessResult.Done;
        row.RevokedTicks = Now;
        db.Audit.Add(JournalWriter.AuditLine(Guid.NewGuid(), _clock.GetUtcNow(), by.Who, "revokeKey", $"{id} {row.Name}", by.RemoteAddress));
        await db.SaveChangesAsync(stop);
        _changed?.Invoke();
        return AccessResult.Done;
    }

    /// <summary>The keys, the newest first.</summary>
    public async Task<IReadOnlyList<KeyLine>> ListAsync(CancellationToken stop)
    {
        await using TocsinDb db = await _store.OpenAsync(stop);
        List<ApiKeyRow> rows = await db.ApiKeys.AsNoTracking().OrderByDescending(k => k.CreatedTicks).ThenBy(k => k.Id).ToListAsync(stop);
        return [.. rows.Select(k => new KeyLine(k.Id, k.Name, k.Scopes.Split(' '), new(k.CreatedTicks), At(k.LastUsedTicks), At(k.RevokedTicks)))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_owns) _store.Dispose();
    }

    /// <summary>Takes a key apart; false where it is none.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out string? id, [NotNullWhen(true)] out byte[]? secretHash)
    {
        (id, secretHash) = (null, null);
        int separator = Prefix.Length + IdCharacters;
        if (text.Length != separator + 1 + SecretCharacters || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[separator] != '_') return false;
        (id, secretHash) = (text[Prefix.Length..separator], HashOf(text[(separator + 1)..]));
        return true;
    }

    private long Now => WallClock.InstantOf(_clock.GetUtcNow()).Ticks;

    private static Instant? At(long? ticks) => ticks is { } t ? new Instant(t) : null;

    // Both the secret's characters and its bits are its own: the characters are hashed.
    private static byte[] HashOf(string secret) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret));

    private static bool IsScope(string scope) => scope is "metrics" or "gateway" or "viewer" or "feed:*"
        || (scope.StartsWith("feed:", StringComparison.Ordinal) && UserAdmin.NameProblem(scope[5..]) is null);
}
