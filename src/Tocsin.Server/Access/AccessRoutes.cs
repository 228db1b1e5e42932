using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Access;

/// <summary>The API of log-in, users, keys and the audit log.</summary>
public static class AccessRoutes
{
    internal const string LogInPath = "/api/login";
    private const string Unavailable = "the database cannot be used now; warnings are sent all the same";

    private sealed record Me(string? User, string? Role, string? Csrf, bool FirstAdministratorMissing, bool Oidc);

    private sealed record LogInBody(string? User, string? Password);

    private sealed record PasswordBody(string? Old, string? New);

    private sealed record UserBody(string? Name, string? Role, string? Password);

    private sealed record UserChange(string? Role, string? Password);

    private sealed record KeyBody(string? Name, IReadOnlyList<string>? Scopes);

    private sealed record UserShown(string Name, string Role, string Created);

    private sealed record KeyShown(string Id, string Name, IReadOnlyList<string> Scopes, string Created, string? LastUsed, string? Revoked);

    /// <summary>Maps <c>/api/me</c>, <c>/api/login</c>, <c>/api/logout</c>, <c>/api/login/oidc</c>, <c>/api/password</c>, <c>/api/users</c>, <c>/api/keys</c>
    /// and <c>/api/audit</c>.</summary>
    public static IEndpointRouteBuilder MapTocsinAccess(this IEndpointRouteBuilder routes)
    {
        AccessSettings access = routes.ServiceProvider.GetRequiredService<AccessSettings>();
        RouteGroupBuilder group = routes.MapGroup("/api").WithTags("access").AddEndpointFilter(async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (Exception e) when (JournalReader.IsUnavailable(e))
            {
                return Answer.Of(StatusCodes.Status503ServiceUnavailable, Unavailable);
            }
        });
        group.MapGet("/me", async (HttpContext context, AccessDirectory directory, CsrfGuard csrf) =>
            TypedResults.Ok(await MeAsync(context.User, directory, csrf, access, context.RequestAborted))).AllowAnonymous().WithSummary("Who you are");
        group.MapPost("/login", LogInAsync).AllowAnonymous().WithSummary("Log in with a local account");
        group.MapPost("/logout", LogOutAsync).RequireAuthorization(AccessPolicies.Viewer).WithSummary("End this session");
        group.MapGet("/login/oidc", (HttpContext _) => access.Oidc is null
            ? Answer.Of(StatusCodes.Status404NotFound, "no OpenID Connect provider is configured")
            : TypedResults.Challenge(new AuthenticationProperties { RedirectUri = "/operator" }, [AccessSchemes.Oidc])).AllowAnonymous().WithSummary("Log in at the OpenID Connect provider");
        group.MapPost("/password", ChangePasswordAsync).RequireAuthorization(AccessPolicies.Viewer).WithSummary("Change your own password");
        MapUsers(group.MapGroup("/users").RequireAuthorization(AccessPolicies.Administrator));
        MapKeys(group.MapGroup("/keys").RequireAuthorization(AccessPolicies.Administrator));
        group.MapGet("/audit", async (JournalReader reader, CancellationToken stop, int limit = 200) => TypedResults.Ok(await reader.AuditAsync(limit, stop)))
            .RequireAuthorization(AccessPolicies.Administrator).WithSummary("The audit log, the newest first");
        return routes;
    }

    private static void MapUsers(RouteGroupBuilder users)
    {
        users.MapGet("", async (UserAdmin admin, CancellationToken stop) =>
            TypedResults.Ok((await admin.ListAsync(stop)).Select(u => new UserShown(u.Name, Roles.Of(u.Role), u.Created.ToString())))).WithSummary("The local accounts");
        users.MapPost("", async (UserBody body, HttpContext context, UserAdmin admin) =>
        {
            if (Roles.Parse(body.Role) is not { } role || body.Name is null || body.Password is null) return Answer.Of(StatusCodes.Status400BadRequest, "give name, password, and role: viewer, operator or administrator");
            AccessResult result = await admin.AddAsync(body.Name, role, body.Password, context.Actor(), context.RequestAborted);
            return Answer.Of(result) ?? TypedResults.Json(new { body.Name, body.Role }, statusCode: StatusCodes.Status201Created);
        }).WithSummary("Add a local account");
        users.MapPut("/{name}", async (string name, UserChange body, HttpContext context, UserAdmin admin) =>
        {
            Role? role = Roles.Parse(body.Role);
            if ((role is null && body.Role is not null) || (body.Role is null && body.Password is null)) return Answer.Of(StatusCodes.Status400BadRequest, "give a role (viewer, operator or administrator), a password, or both");
            if (body.Password is not null && Answer.Of(await admin.SetPasswordAsync(name, body.Password, context.Actor(), context.RequestAborted)) is { } wrong) return wrong;
            return role is null ? TypedResults.NoContent() : Answer.Of(await admin.SetRoleAsync(name, role.Value, context.Actor(), context.RequestAborted)) ?? TypedResults.NoContent();
        }).WithSummary("Change a local account; its sessions end");
        users.MapDelete("/{name}", async (string name, HttpContext context, UserAdmin admin) =>
            Answer.Of(await admin.RemoveAsync(name, context.Actor(), context.RequestAborted)) ?? TypedResults.NoContent()).WithSummary("Remove a local account; its sessions end");
    }

    private static void MapKeys(RouteGroupBuilder keys)
    {
        keys.MapGet("", async (KeyAdmin admin, CancellationToken stop) => TypedResults.Ok((await admin.ListAsync(stop))
            .Select(k => new KeyShown(k.Id, k.Name, k.Scopes, k.Created.ToString(), k.LastUsed?.ToString(), k.Revoked?.ToString())))).WithSummary("The keys of machines");
        keys.MapPost("", async (KeyBody body, HttpContext context, KeyAdmin admin) =>
        {
            if (body.Name is null || body.Scopes is null) return Answer.Of(StatusCodes.Status400BadRequest, "give name and scopes");
            (AccessResult result, IssuedKey? key) = await admin.AddAsync(body.Name, body.Scopes, context.Actor(), context.RequestAborted);
            return Answer.Of(result) ?? TypedResults.Json(key, statusCode: StatusCodes.Status201Created);
        }).WithSummary("Make a key; it is shown this once");
        keys.MapDelete("/{id}", async (string id, HttpContext context, KeyAdmin admin) =>
            Answer.Of(await admin.RevokeAsync(id, context.Actor(), context.RequestAborted)) ?? TypedResults.NoContent()).WithSummary("Revoke a key");
    }

    private static async Task<Me> MeAsync(ClaimsPrincipal user, AccessDirectory directory, CsrfGuard csrf, AccessSettings access, CancellationToken stop)
    {
        AccessPicture? now = await directory.NowAsync(stop);
        Role? role = Roles.Of(user);
        return new(role is null ? null : user.FindFirstValue(AccessClaims.Name), role is { } r ? Roles.Of(r) : null, csrf.Token(user), now?.FirstAdministratorMissing ?? false, access.Oidc is not null);
    }

    private static async Task<IResult> LogInAsync(LogInBody body, HttpContext context, AccessSettings access, AccessDirectory directory, CsrfGuard csrf, LogInGuard guard, Passwords passwords,
        Sessions sessions, Journal journal, TimeProvider clock)
    {
        CancellationToken stop = context.RequestAborted;
        if (body.User is not { Length: > 0 and <= AccessLimits.NameCharacters } name || body.Password is not { Length: > 0 and <= AccessLimits.MostPasswordCharacters } password)
            return Answer.Of(StatusCodes.Status400BadRequest, "give user and password");
        if (await directory.NowAsync(stop) is not { } now) return Answer.Of(StatusCodes.Status503ServiceUnavailable, Unavailable);
        string account = UserAdmin.Key(name), address = LogInGuard.AddressKey(context.Connection.RemoteIpAddress);
        if (guard.Begin(account, address) is { } wait) return TooMany(context, wait, "too many log-ins failed; wait");
        now.Users.TryGetValue(account, out KnownUser? known);
        bool? right = null;
        try
        {
            right = await passwords.CheckAsync(known?.PasswordHash, password, stop);
        }
        finally
        {
            if (right is null) guard.Undecided(account, address);
        }
        if (right is null) return TooMany(context, TimeSpan.FromSeconds(1), "too many log in at once; wait a second");
        string? from = context.Actor().RemoteAddress;
        if (right is false)
        {
            journal.Record(new Audited(clock.GetUtcNow(), name, "loginRefused", null, from));
            return Answer.Of(StatusCodes.Status401Unauthorized, "the name or the password is not right");
        }
        guard.Succeeded(account, address);
        // A session that another person left open at this screen ends with the next log-in.
        sessions.End(context.User);
        ClaimsPrincipal user = sessions.Begin(known!.Name, known.Role, AccessClaims.ViaLocal, known.Stamp);
        await context.SignInAsync(AccessSchemes.Session, user);
        journal.Record(new Audited(clock.GetUtcNow(), known.Name, "login", Roles.Of(known.Role), from));
        return TypedResults.Ok(await MeAsync(user, directory, csrf, access, stop));
    }

    private static async Task<IResult> LogOutAsync(HttpContext context, Sessions sessions, Journal journal, TimeProvider clock)
    {
        sessions.End(context.User);
        Actor who = context.Actor();
        journal.Record(new Audited(clock.GetUtcNow(), who.Who, "logout", null, who.RemoteAddress));
        await context.SignOutAsync(AccessSchemes.Session);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> ChangePasswordAsync(PasswordBody body, HttpContext context, AccessDirectory directory, LogInGuard guard, Passwords passwords, UserAdmin admin)
    {
        CancellationToken stop = context.RequestAborted;
        if (context.User.FindFirstValue(AccessClaims.Via) != AccessClaims.ViaLocal) return Answer.Of(StatusCodes.Status409Conflict, "you have no password here");
        if (body.Old is not { Length: > 0 and <= AccessLimits.MostPasswordCharacters } old || body.New is null) return Answer.Of(StatusCodes.Status400BadRequest, "give old and new");
        Actor who = context.Actor();
        string account = UserAdmin.Key(who.Who), address = LogInGuard.AddressKey(context.Connection.RemoteIpAddress);
        // Somebody at a screen that was left open must not guess faster here than at the log-in.
        if (guard.Begin(account, address) is { } wait) return TooMany(context, wait, "too many log-ins failed; wait");
        string? hash = (await directory.NowAsync(stop))?.Users.GetValueOrDefault(account)?.PasswordHash;
        if (await passwords.CheckAsync(hash, old, stop) is not true) return Answer.Of(StatusCodes.Status403Forbidden, "the old password is not right");
        guard.Succeeded(account, address);
        return Answer.Of(await admin.SetPasswordAsync(who.Who, body.New, who, stop)) ?? TypedResults.NoContent();
    }

    private static IResult TooMany(HttpContext context, TimeSpan wait, string title)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Answer.Of(StatusCodes.Status429TooManyRequests, title);
    }
}
