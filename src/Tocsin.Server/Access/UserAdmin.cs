using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Tocsin.Server.Live;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Access;

/// <summary>One account in a list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">Its role.</param>
/// <param name="Created">When it was made.</param>
public sealed record UserLine(string Name, Role Role, Instant Created);

/// <summary>Manages the local accounts, for the command line and the page. Each change and its line of the audit log are one transaction.</summary>
public sealed class UserAdmin : IDisposable
{
    private readonly Store _store;
    private readonly TimeProvider _clock;
    private readonly Passwords _passwords;
    private readonly Action? _changed;
    private readonly bool _owns;

    /// <summary>For the command line: opens the database itself. Throws what the database throws when it is used (see <see cref="JournalReader.IsUnavailable"/>).</summary>
    public UserAdmin(StorageSettings settings, TimeProvider clock) : this(new Store(settings), clock, new Passwords(AccessLimits.HashIterations), null) => _owns = true;

    internal UserAdmin(Store store, TimeProvider clock, Passwords passwords, Action? changed) => (_store, _clock, _passwords, _changed) = (store, clock, passwords, changed);

    /// <summary>What is wrong with a name; null where nothing is.</summary>
    public static string? NameProblem(string name) => name.Length is > 0 and <= AccessLimits.NameCharacters && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        ? null : $"a name has 1 to {AccessLimits.NameCharacters} letters, digits, dots, hyphens and underscores";

    /// <summary>Adds an account.</summary>
    public async Task<AccessResult> AddAsync(string name, Role role, string password, Actor by, CancellationToken stop)
    {
        if ((NameProblem(name) ?? Passwords.Problem(name, password)) is { } problem) return new(AccessOutcome.Refused, problem);
        string hash = _passwords.Hash(password);
        return await ChangeAsync(by, "addUser", $"{name} as {Roles.Of(role)}", async db =>
        {
            if (await db.Users.AnyAsync(u => u.NameKey == Key(name), stop)) return new(AccessOutcome.Conflict, $"there is a user {name} already");
            if (await db.Users.CountAsync(stop) >= AccessLimits.Users) return new(AccessOutcome.Conflict, $"there are {AccessLimits.Users} users already");
            db.Users.Add(new() { NameKey = Key(name), Name = name, Role = Roles.Of(role), PasswordHash = hash, Stamp = NewStamp(), CreatedTicks = Now });
            return AccessResult.Done;
        }, stop);
    }

    /// <summary>Gives an account another role, and ends its sessions.</summary>
    public Task<AccessResult> SetRoleAsync(string name, Role role, Actor by, CancellationToken stop) => ChangeAsync(by, "setRole", $"{name} to {Roles.Of(role)}", async db =>
    {
        if (await db.Users.FindAsync([Key(name)], stop) is not { } user) return NoUser(name);
        if (role != Role.Administrator && await IsLastAdministrator(db, user, stop)) return LastAdministrator(name);
        (user.Role, user.Stamp) = (Roles.Of(role), NewStamp());
        return AccessResult.Done;
    }, stop);

    /// <summary>Gives an account another password, and ends its sessions.</summary>
    public async Task<AccessResult> SetPasswordAsync(string name, string password, Actor by, CancellationToken stop)
    {
        if (Passwords.Problem(name, password) is { } problem) return new(AccessOutcome.Refused, problem);
        string hash = _passwords.Hash(password);
        return await ChangeAsync(by, "setPassword", name, async db =>
        {
            if (await db.Users.FindAsync([Key(name)], stop) is not { } user) return NoUser(name);
            (user.PasswordHash, user.Stamp) = (hash, NewStamp());
            return AccessResult.Done;
        }, stop);
    }

    /// <summary>Removes an account, and ends its sessions.</summary>
    public Task<AccessResult> RemoveAsync(string name, Actor by, CancellationToken stop) => ChangeAsync(by, "removeUser", name, async db =>
    {
        if (await db.Users.FindAsync([Key(name)], stop) is not { } user) return NoUser(name);
        if (await IsLastAdministrator(db, user, stop)) return LastAdministrator(name);
        db.Users.Remove(user);
        return AccessResult.Done;
    }, stop);

    /// <summary>The accounts, by name.</summary>
    public async Task<IReadOnlyList<UserLine>> ListAsync(CancellationToken stop)
    {
        await using TocsinDb db = await _store.OpenAsync(stop);
        List<UserRow> users = await db.Users.AsNoTracking().ToListAsync(stop);
        return [.. users.OrderBy(u => u.NameKey, StringComparer.Ordinal).Select(u => new UserLine(u.Name, Roles.Parse(u.Role) ?? Role.Viewer, new(u.CreatedTicks)))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_owns) return;
        _passwords.Dispose();
        _store.Dispose();
    }

    /// <summary>The name by which an account is found.</summary>
    internal static string Key(string name) => name.ToLowerInvariant();

    private long Now => WallClock.InstantOf(_clock.GetUtcNow()).Ticks;

    private static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static AccessResult NoUser(string name) => new(AccessOutcome.Missing, $"there is no user {name}");

    private static AccessResult LastAdministrator(string name) => new(AccessOutcome.Conflict, $"{name} is the last administrator; make another one first");

    private static async Task<bool> IsLastAdministrator(TocsinDb db, UserRow user, CancellationToken stop)
    {
        string administrator = Roles.Of(Role.Administrator);
        return user.Role == administrator && !await db.Users.AnyAsync(u => u.Role == administrator && u.NameKey != user.NameKey, stop);
    }

    private async Task<AccessResult> ChangeAsync(Actor by, string act, string detail, Func<TocsinDb, Task<AccessResult>> change, CancellationToken stop)
    {
        await using TocsinDb db = await _store.OpenAsync(stop);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, stop);
        AccessResult result = await change(db);
        if (result.Outcome != AccessOutcome.Done) return result;
        db.Audit.Add(JournalWriter.AuditLine(Guid.NewGuid(), _clock.GetUtcNow(), by.Who, act, detail, by.RemoteAddress));
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
        _changed?.Invoke();
        return result;
    }
}
