using System.Security.Claims;

namespace Tocsin.Server.Access;

/// <summary>What somebody may do; each role may do all that those before it may.</summary>
public enum Role
{
    /// <summary>Sees the operator's page.</summary>
    Viewer,
    /// <summary>Acts upon warnings and runs drills.</summary>
    Operator,
    /// <summary>Manages users and keys, and reads the audit log.</summary>
    Administrator,
}

/// <summary>The names of the authorization policies.</summary>
public static class AccessPolicies
{
    /// <summary>A viewer or more, or a key with the scope <c>viewer</c>.</summary>
    public const string Viewer = "viewer";

    /// <summary>An operator or an administrator.</summary>
    public const string Operator = "operator";

    /// <summary>An administrator.</summary>
    public const string Administrator = "administrator";

    /// <summary>A key with the scope <c>feed:*</c>, or <c>feed:NAME</c> where the route has a value <c>name</c>.</summary>
    public const string Feed = "feed";

    /// <summary>A key with the scope <c>metrics</c>, a viewer or more, or anybody on this machine.</summary>
    public const string Metrics = "metrics";

    /// <summary>A key with the scope <c>gateway</c>, or an operator or more.</summary>
    public const string Gateway = "gateway";
}

/// <summary>Who does something, for the audit log.</summary>
/// <param name="Who">The name.</param>
/// <param name="RemoteAddress">Where the request came from; null for the command line.</param>
public sealed record Actor(string Who, string? RemoteAddress)
{
    /// <summary>Whoever runs the program on this machine.</summary>
    public static Actor CommandLine { get; } = new($"command line ({Environment.UserName})", null);
}

/// <summary>Roles as words, and in claims.</summary>
internal static class Roles
{
    public static string Of(Role role) => role switch { Role.Viewer => "viewer", Role.Operator => "operator", _ => "administrator" };

    public static Role? Parse(string? word) => word switch { "viewer" => Role.Viewer, "operator" => Role.Operator, "administrator" => Role.Administrator, _ => null };

    public static Role? Of(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true } ? Parse(user.FindFirstValue(AccessClaims.Role)) : null;

    public static bool Has(ClaimsPrincipal user, Role least) => Of(user) >= least;
}

/// <summary>What is in a principal.</summary>
internal static class AccessClaims
{
    public const string Name = "name", Role = "role", Scope = "scope", Via = "via", Session = "sid", Stamp = "stamp", Begun = "begun", Key = "key";

    // How somebody was recognised.
    public const string ViaLocal = "local", ViaOidc = "oidc", ViaOpen = "open", ViaKey = "key";
}

/// <summary>The names of the authentication schemes.</summary>
internal static class AccessSchemes
{
    public const string Choice = "tocsin", Session = "session", Key = "key", Oidc = "oidc";
}
