using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Tocsin.Server.Live;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Access;

/// <summary>Sessions of people: how they begin, when they end, and whether one still stands.</summary>
public sealed class Sessions
{
    private const int EndedInMemory = 10_000;
    private readonly AccessDirectory _directory;
    private readonly AccessSettings _settings;
    private readonly Journal _journal;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly Queue<string> _endedOrder = new();
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    internal Sessions(AccessDirectory directory, AccessSettings settings, Journal journal, TimeProvider clock) =>
        (_directory, _settings, _journal, _clock) = (directory, settings, journal, clock);

    /// <summary>Whether whoever made a request may still be who he was then. A stream that stays open asks every
    /// <see cref="AccessLimits.StreamLookS"/> and ends where not (<see cref="WhileStandsAsync"/>).</summary>
    public async ValueTask<bool> StandsAsync(ClaimsPrincipal user, CancellationToken stop)
    {
        string? via = user.FindFirstValue(AccessClaims.Via);
        if (via == AccessClaims.ViaOpen) return _settings.Open is not null;
        if (await _directory.NowAsync(stop) is not { } now) return false;
        switch (via)
        {
            case AccessClaims.ViaKey:
                return user.FindFirstValue(AccessClaims.Key) is { } id && now.Keys.TryGetValue(id, out KnownKey? key) && !key.Revoked;
            case AccessClaims.ViaLocal:
                return IsWithinTime(user, now) && user.FindFirstValue(AccessClaims.Name) is { } name && now.Users.TryGetValue(UserAdmin.Key(name), out KnownUser? known)
                    && known.Stamp == user.FindFirstValue(AccessClaims.Stamp);
            case AccessClaims.ViaOidc:
                return _settings.Oidc is not null && IsWithinTime(user, now);
            default:
                return false;
        }
    }

    /// <summary>Serves a request that stays open, for as long as whoever made it may still be who he was then.</summary>
    /// <param name="user">Who made it.</param>
    /// <param name="serve">Serves it until its token is cancelled.</param>
    /// <param name="stop">Ends it in any case.</param>
    public async Task WhileStandsAsync(ClaimsPrincipal user, Func<CancellationToken, Task> serve, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task watching = WatchAsync(user, end);
        try
        {
            await serve(end.Token);
        }
        finally
        {
            await end.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchAsync(ClaimsPrincipal user, CancellationTokenSource end)
    {
        do await Task.Delay(TimeSpan.FromSeconds(AccessLimits.StreamLookS), _clock, end.Token);
        while (await StandsAsync(user, end.Token));
        await end.CancelAsync();
    }

    /// <summary>A principal whose session begins now.</summary>
    internal ClaimsPrincipal Begin(string name, Role role, string via, string stamp)
    {
        ClaimsIdentity identity = new(via, AccessClaims.Name, AccessClaims.Role);
        identity.AddClaim(new(AccessClaims.Name, name));
        identity.AddClaim(new(AccessClaims.Role, Roles.Of(role)));
        identity.AddClaim(new(AccessClaims.Via, via));
        identity.AddClaim(new(AccessClaims.Stamp, stamp));
        identity.AddClaim(new(AccessClaims.Session, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))));
        identity.AddClaim(new(AccessClaims.Begun, WallClock.InstantOf(_clock.GetUtcNow()).Ticks.ToString(CultureInfo.InvariantCulture)));
        return new(identity);
    }

    /// <summary>Ends a session for good: its cookie is not taken again, wherever a copy of it may be.</summary>
    internal void End(ClaimsPrincipal user)
    {
        if (user.FindFirstValue(AccessClaims.Session) is not { } id) return;
        lock (_gate)
        {
            if (!_ended.Add(id)) return;
            _endedOrder.Enqueue(id);
            if (_endedOrder.Count > EndedInMemory) _ended.Remove(_endedOrder.Dequeue());
        }
        _journal.Record(new SessionEnded(id, _clock.GetUtcNow() + _settings.SessionLongest));
    }

    private bool IsWithinTime(ClaimsPrincipal user, AccessPicture now)
    {
        string? id = user.FindFirstValue(AccessClaims.Session);
        if (id is null || now.EndedSessions.Contains(id)) return false;
        lock (_gate)
        {
            if (_ended.Contains(id)) return false;
        }
        return long.TryParse(user.FindFirstValue(AccessClaims.Begun), CultureInfo.InvariantCulture, out long begun)
            && WallClock.InstantOf(_clock.GetUtcNow()).SecondsSince(new(begun)) < _settings.SessionLongest.TotalSeconds;
    }
}

/// <summary>The cookie of a session. Over https its name begins with <c>__Host-</c>, which browsers take only from this very host and over https.</summary>
internal sealed class SessionCookies : ICookieManager
{
    public const string Name = "tocsin";
    private readonly ChunkingCookieManager _inner = new();

    public string? GetRequestCookie(HttpContext context, string key) => _inner.GetRequestCookie(context, NameOf(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) => _inner.AppendResponseCookie(context, NameOf(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _inner.DeleteCookie(context, NameOf(context, key), options);

    /// <summary>The settings of the scheme.</summary>
    public static void Configure(CookieAuthenticationOptions options, AccessSettings settings, Sessions sessions)
    {
        options.Cookie.Name = Name;
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.CookieManager = new SessionCookies();
        options.ExpireTimeSpan = settings.SessionIdle < settings.SessionLongest ? settings.SessionIdle : settings.SessionLongest;
        options.SlidingExpiration = true;
        options.Events = new()
        {
            OnValidatePrincipal = async context =>
            {
                if (context.Principal is { } user && await sessions.StandsAsync(user, context.HttpContext.RequestAborted)) return;
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(AccessSchemes.Session);
            },
            OnRedirectToLogin = context => Answer.WriteAsync(context.HttpContext, StatusCodes.Status401Unauthorized, "log in first"),
            OnRedirectToAccessDenied = context => Answer.WriteAsync(context.HttpContext, StatusCodes.Status403Forbidden, "your role does not allow this"),
        };
    }

    private static string NameOf(HttpContext context, string key) => context.Request.IsHttps ? "__Host-" + key : key;
}
