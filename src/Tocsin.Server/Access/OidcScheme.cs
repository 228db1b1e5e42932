using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Access;

/// <summary>Log-in at an OpenID Connect provider: authorization code flow with PKCE.</summary>
internal static class OidcScheme
{
    public const string CallbackPath = "/api/login/oidc/callback";

    /// <summary>Before the name of everybody from the provider: a local account cannot have a colon, so the audit log cannot mistake one for the other.</summary>
    public const string NamePrefix = "oidc:";

    public static void Configure(OpenIdConnectOptions options, OidcSettings oidc, Sessions sessions, Journal journal, TimeProvider clock)
    {
        options.SignInScheme = AccessSchemes.Session;
        options.Authority = oidc.Authority.ToString();
        // Only a provider on this machine is reached by http; the settings refuse any other.
        options.RequireHttpsMetadata = oidc.Authority.Scheme == Uri.UriSchemeHttps;
        options.ClientId = oidc.ClientId;
        options.ClientSecret = oidc.ClientSecret;
        options.CallbackPath = CallbackPath;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // The answer comes as a link, with which browsers send cookies that are SameSite=Lax; a form would need SameSite=None.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.SaveTokens = false;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = false;
        foreach (Microsoft.AspNetCore.Http.CookieBuilder cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.HttpOnly = true;
        }
        options.Events = new()
        {
            OnTokenValidated = context =>
            {
                ClaimsPrincipal user = context.Principal!;
                string name = NamePrefix + (user.FindFirstValue("preferred_username") ?? user.FindFirstValue("email") ?? user.FindFirstValue("sub") ?? "nobody");
                string? address = context.HttpContext.Connection.RemoteIpAddress?.ToString();
                Role? role = user.FindAll(oidc.RoleClaim).Select(c => oidc.Roles.TryGetValue(c.Value, out Role r) ? r : (Role?)null).Max();
                if (role is null)
                {
                    journal.Record(new Audited(clock.GetUtcNow(), name, "loginRefused", "no group of his has a role here", address));
                    context.Fail("no group of yours has a role here");
                    return Task.CompletedTask;
                }
                context.Principal = sessions.Begin(name, role.Value, AccessClaims.ViaOidc, "");
                context.Properties!.IsPersistent = false;
                // The session has the cookie's own times, not the token's.
                (context.Properties.ExpiresUtc, context.Properties.IssuedUtc) = (null, null);
                journal.Record(new Audited(clock.GetUtcNow(), name, "login", Roles.Of(role.Value), address));
                return Task.CompletedTask;
            },
            OnRemoteFailure = context =>
            {
                context.HandleResponse();
                bool noRole = context.Failure?.Message.Contains("role here", StringComparison.Ordinal) == true;
                return Answer.WriteAsync(context.HttpContext, noRole ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized,
                    noRole ? "no group of yours has a role here" : "the log-in at the provider failed; try again");
            },
        };
    }
}
