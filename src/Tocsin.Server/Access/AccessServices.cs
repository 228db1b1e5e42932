using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Access;

/// <summary>Puts storage, log-in and web security into a server.</summary>
public static class AccessServices
{
    /// <summary>Adds the database (<see cref="Store"/>, <see cref="Journal"/> as a hosted service, <see cref="JournalReader"/>) and access
    /// (<see cref="UserAdmin"/>, <see cref="KeyAdmin"/>, <see cref="Sessions"/>, authentication, the policies of <see cref="AccessPolicies"/>, rate limits).</summary>
    public static IServiceCollection AddTocsinAccess(this IServiceCollection services, AccessSettings access, StorageSettings storage)
    {
        if (access.Open is not null && AccessSettings.OpenProblem(access.Urls, access.Status) is { } problem) throw new InvalidOperationException("access.open: " + problem);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(access).AddSingleton(storage);
        services.AddSingleton<Store>().AddSingleton<Journal>().AddSingleton<JournalReader>();
        services.AddHostedService(s => s.GetRequiredService<Journal>());
        services.AddSingleton<AccessDirectory>().AddSingleton<KeyUse>().AddSingleton<LogInGuard>().AddSingleton<CsrfGuard>();
        services.AddSingleton(_ => new Passwords(access.HashIterations));
        services.AddSingleton(s => new Sessions(s.GetRequiredService<AccessDirectory>(), access, s.GetRequiredService<Journal>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new UserAdmin(s.GetRequiredService<Store>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<Passwords>(), s.GetRequiredService<AccessDirectory>().Changed));
        services.AddSingleton(s => new KeyAdmin(s.GetRequiredService<Store>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<AccessDirectory>().Changed));
        AddKeys(services, storage);
        AddAuthentication(services, access);
        services.AddAuthorization(o => AddPolicies(o, access));
        services.AddHostFiltering(o => o.AllowedHosts = [.. access.AllowedHosts]);
        services.AddRateLimiter(o =>
        {
            o.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
                LogInGuard.AddressKey(context.Connection.RemoteIpAddress), _ => new()
                {
                    TokenLimit = access.BurstRequests,
                    TokensPerPeriod = access.RequestsPerS,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    QueueLimit = 0,
                }));
            o.OnRejected = async (context, _) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = "1";
                await Answer.WriteAsync(context.HttpContext, StatusCodes.Status429TooManyRequests, "too many requests from your address; wait a second");
            };
        });
        return services;
    }

    /// <summary>Sets Kestrel's limits, and the certificate of https.</summary>
    public static void ConfigureKestrel(this AccessSettings access, KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = AccessLimits.BodyBytes;
        kestrel.Limits.MaxConcurrentConnections = AccessLimits.Connections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        if (access.Certificate is not { } certificate) return;
        kestrel.ConfigureHttpsDefaults(https =>
        {
            https.ServerCertificate = certificate.Current.TargetCertificate;
            https.OnAuthenticate = (_, options) => options.ServerCertificateContext = certificate.Current;
        });
    }

    /// <summary>Puts access before everything else: headers, proxies, hosts, rate limits, log-in, forged requests, roles.</summary>
    /// <remarks>An endpoint that says nothing of who may use it is for viewers and more: what is public says so by <c>AllowAnonymous</c>. Static files that a
    /// middleware serves after this one are public.</remarks>
    public static IApplicationBuilder UseTocsinAccess(this IApplicationBuilder app)
    {
        AccessSettings access = app.ApplicationServices.GetRequiredService<AccessSettings>();
        CsrfGuard csrf = app.ApplicationServices.GetRequiredService<CsrfGuard>();
        SecurityHeaders headers = new(access);
        app.Use((context, next) =>
        {
            ConnectionOrigin.Note(context);
            headers.Apply(context);
            return next(context);
        });
        if (access.TrustedProxies.Count > 0)
        {
            ForwardedHeadersOptions forwarded = new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost, ForwardLimit = null };
            // The defaults believe everybody on this machine.
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (System.Net.IPNetwork network in access.TrustedProxies) forwarded.KnownIPNetworks.Add(network);
            app.UseForwardedHeaders(forwarded);
        }
        app.UseHostFiltering();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.Use(async (context, next) =>
        {
            if (access.Open is { } role && context.User.Identity is not { IsAuthenticated: true } && !KeyScheme.IsFor(context.Request) && ConnectionOrigin.IsLocal(context, access)) context.User = OpenUser(role);
            if (csrf.Problem(context) is { } problem) await Answer.WriteAsync(context, StatusCodes.Status403Forbidden, problem);
            else await next(context);
        });
        app.UseAuthorization();
        app.Use(async (context, next) =>
        {
            // What says 405 or 415 is no endpoint of anybody's.
            if (context.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
                && !Roles.Has(context.User, Role.Viewer)) await (context.User.Identity is { IsAuthenticated: true } ? context.ForbidAsync() : context.ChallengeAsync());
            else await next(context);
        });
        return app;
    }

    /// <summary>Who makes a request, for the audit log and the event <c>operator.acted</c>.</summary>
    public static Actor Actor(this HttpContext context) =>
        new(context.User.FindFirstValue(AccessClaims.Name) ?? "nobody", context.Connection.RemoteIpAddress is { } a ? ConnectionOrigin.Plain(a).ToString() : null);

    /// <summary>The role of whoever makes a request; null for somebody without one, and for a key.</summary>
    public static Role? RoleOf(this HttpContext context) => Roles.Of(context.User);

    private static ClaimsPrincipal OpenUser(Role role)
    {
        ClaimsIdentity identity = new(AccessClaims.ViaOpen, AccessClaims.Name, AccessClaims.Role);
        identity.AddClaim(new(AccessClaims.Name, "everybody"));
        identity.AddClaim(new(AccessClaims.Role, Roles.Of(role)));
        identity.AddClaim(new(AccessClaims.Via, AccessClaims.ViaOpen));
        return new(identity);
    }

    private static void AddKeys(IServiceCollection services, StorageSettings storage)
    {
        DirectoryInfo folder = new(Path.Combine(storage.DataFolder, "keys"));
        try
        {
            PrivateFiles.Folder(storage.DataFolder);
            PrivateFiles.Folder(folder.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A data folder that cannot be written is said elsewhere; warnings go out without sessions.
        }
        services.AddDataProtection().PersistKeysToFileSystem(folder).SetApplicationName("tocsin");
        // It warns that the keys are not encrypted: what could decrypt them would lie beside them.
        services.AddLogging(l => l.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
    }

    private static void AddAuthentication(IServiceCollection services, AccessSettings access)
    {
        AuthenticationBuilder authentication = services.AddAuthentication(AccessSchemes.Choice)
            .AddPolicyScheme(AccessSchemes.Choice, null, o => o.ForwardDefaultSelector = context => KeyScheme.IsFor(context.Request) ? AccessSchemes.Key : AccessSchemes.Session)
            .AddCookie(AccessSchemes.Session)
            .AddScheme<AuthenticationSchemeOptions, KeyScheme>(AccessSchemes.Key, null);
        services.AddOptions<CookieAuthenticationOptions>(AccessSchemes.Session).Configure<Sessions>((o, sessions) => SessionCookies.Configure(o, access, sessions));
        if (access.Oidc is not { } oidc) return;
        authentication.AddOpenIdConnect(AccessSchemes.Oidc, _ => { });
        services.AddOptions<OpenIdConnectOptions>(AccessSchemes.Oidc).Configure<Sessions, Journal, TimeProvider>((o, s, j, clock) => OidcScheme.Configure(o, oidc, s, j, clock));
    }

    /// <summary>The rule of <see cref="AccessPolicies.Feed"/>.</summary>
    internal static bool MayFeed(ClaimsPrincipal user, HttpContext? context) =>
        user.HasClaim(AccessClaims.Scope, "feed:*") || (context?.GetRouteValue("name") is string feed && user.HasClaim(AccessClaims.Scope, "feed:" + feed));

    private static void AddPolicies(AuthorizationOptions options, AccessSettings access)
    {
        void Add(string name, Func<ClaimsPrincipal, HttpContext?, bool> allows) =>
            options.AddPolicy(name, p => p.RequireAssertion(c => allows(c.User, c.Resource as HttpContext)));
        Add(AccessPolicies.Viewer, (user, _) => Roles.Has(user, Role.Viewer) || user.HasClaim(AccessClaims.Scope, "viewer"));
        Add(AccessPolicies.Operator, (user, _) => Roles.Has(user, Role.Operator));
        Add(AccessPolicies.Administrator, (user, _) => Roles.Has(user, Role.Administrator));
        Add(AccessPolicies.Feed, MayFeed);
        Add(AccessPolicies.Metrics, (user, context) => Roles.Has(user, Role.Viewer) || user.HasClaim(AccessClaims.Scope, "metrics") || (context is not null && ConnectionOrigin.IsLocal(context, access)));
        Add(AccessPolicies.Gateway, (user, _) => Roles.Has(user, Role.Operator) || user.HasClaim(AccessClaims.Scope, "gateway"));
    }
}
