using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Access;

/// <summary>An account as log-in and sessions see it.</summary>
internal sealed record KnownUser(string Name, Role Role, string PasswordHash, string Stamp);

/// <summary>A key as requests see it.</summary>
internal sealed record KnownKey(string Id, string Name, FrozenSet<string> Scopes, byte[] SecretHash, bool Revoked);

/// <summary>All accounts, keys and ended sessions at one moment.</summary>
internal sealed record AccessPicture(FrozenDictionary<string, KnownUser> Users, FrozenDictionary<string, KnownKey> Keys, FrozenSet<string> EndedSessions)
{
    /// <summary>Whether nobody could manage the server: the first administrator is made on the command line.</summary>
    public bool FirstAdministratorMissing => !Users.Values.Any(u => u.Role == Role.Administrator);
}

/// <summary>What is known of accounts and keys, a few seconds old at most.</summary>
/// <remarks>They are few, so all are kept in memory: a feed's posts do not each cost a query, and operators who are logged in go on acting while the
/// database is broken. What this program changes is seen at once; what another one changes, after <see cref="AccessLimits.DirectoryAgeS"/>.</remarks>
internal sealed class AccessDirectory(Store store, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private AccessPicture? _picture;
    private long _readAt;
    private int _version;
    private int _readVersion = -1;
    private Task<AccessPicture>? _reading;

    /// <summary>Says that something was changed: what is known must be read again before it is used.</summary>
    public void Changed()
    {
        lock (_gate)
        {
            _version++;
            // A reading that began before the change may not have seen it.
            _reading = null;
        }
    }

    /// <summary>What is known. While the database is broken, what was known last; null where it was never read.</summary>
    public async ValueTask<AccessPicture?> NowAsync(CancellationToken stop)
    {
        Task<AccessPicture> reading;
        double waitS;
        lock (_gate)
        {
            bool fresh = _readVersion == _version && clock.GetElapsedTime(_readAt).TotalSeconds < AccessLimits.DirectoryAgeS;
            if (fresh && _picture is not null) return _picture;
            // SQLite answers on the caller's thread: the reading has one of its own, so that a slow disk keeps no request.
            reading = _reading ??= Start(_version);
            waitS = _picture is null || _readVersion != _version ? AccessLimits.DirectoryFirstWaitS : AccessLimits.DirectoryWaitS;
        }
        try
        {
            return await reading.WaitAsync(TimeSpan.FromSeconds(waitS), stop);
        }
        catch (Exception e) when (e is TimeoutException || JournalReader.IsUnavailable(e))
        {
            lock (_gate) return _picture;
        }
    }

    private Task<AccessPicture> Start(int version)
    {
        Task<AccessPicture> reading = Task.Run(() => ReadAsync(CancellationToken.None));
        _ = reading.ContinueWith(t => Finish(t, version), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return reading;
    }

    private void Finish(Task<AccessPicture> reading, int version)
    {
        lock (_gate)
        {
            if (_reading == reading) _reading = null;
            if (!reading.IsCompletedSuccessfully)
            {
                _ = reading.Exception;
                return;
            }
            if (version < _readVersion) return;
            (_picture, _readVersion, _readAt) = (reading.Result, version, clock.GetTimestamp());
        }
    }

    private async Task<AccessPicture> ReadAsync(CancellationToken stop)
    {
        await using TocsinDb db = await store.OpenAsync(stop);
        List<UserRow> users = await db.Users.AsNoTracking().ToListAsync(stop);
        List<ApiKeyRow> keys = await db.ApiKeys.AsNoTracking().ToListAsync(stop);
        List<string> ended = await db.EndedSessions.AsNoTracking().Select(s => s.Id).ToListAsync(stop);
        return new(
            users.ToFrozenDictionary(u => u.NameKey, u => new KnownUser(u.Name, Roles.Parse(u.Role) ?? Role.Viewer, u.PasswordHash, u.Stamp), StringComparer.Ordinal),
            keys.ToFrozenDictionary(k => k.Id, k => new KnownKey(k.Id, k.Name, k.Scopes.Split(' ').ToFrozenSet(StringComparer.Ordinal), k.SecretHash, k.RevokedTicks is not null), StringComparer.Ordinal),
            ended.ToFrozenSet(StringComparer.Ordinal));
    }
}
