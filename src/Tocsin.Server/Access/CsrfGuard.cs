using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Tocsin.Server.Access;

/// <summary>Keeps other sites from acting through an operator's browser (cross-site request forgery).</summary>
/// <remarks>Three locks, each enough: the cookie is SameSite=Strict; a request that changes something must not say that it comes from elsewhere
/// (<c>Sec-Fetch-Site</c>, <c>Origin</c>); and it must carry the token of its session, which another site cannot read. Requests with a key are not concerned:
/// a browser sends no key by itself.</remarks>
internal sealed class CsrfGuard(IDataProtectionProvider protection)
{
    /// <summary>The header with the token.</summary>
    public const string Header = "X-Tocsin-Csrf";

    // Where there is no log-in there is no session; the token still cannot be read from another site.
    private const string OpenSession = "open";
    private readonly IDataProtector _protector = protection.CreateProtector("Tocsin.Csrf");

    /// <summary>The token of a session; null for somebody without one.</summary>
    public string? Token(ClaimsPrincipal user) => SessionOf(user) is { } session ? _protector.Protect(session) : null;

    /// <summary>Why a request must not be answered; null where it may.</summary>
    public string? Problem(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) return null;
        if (context.User.FindFirstValue(AccessClaims.Via) == AccessClaims.ViaKey) return null;
        if (IsFromElsewhere(request)) return "the request comes from another site; behind a proxy, name it in access.trustedProxies";
        if (SessionOf(context.User) is not { } session || request.Path.Equals(AccessRoutes.LogInPath, StringComparison.OrdinalIgnoreCase)) return null;
        return IsToken(request.Headers[Header].ToString(), session) ? null : $"the header {Header} is missing or not this session's";
    }

    private static bool IsFromElsewhere(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site is not ("same-origin" or "none");
        string origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && string.Equals(uri.Authority, Authority(request), StringComparison.OrdinalIgnoreCase));
    }

    // As in an origin: without the scheme's own port.
    private static string Authority(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out Uri? uri) ? uri.Authority : request.Host.ToString();

    private static string? SessionOf(ClaimsPrincipal user) => user.FindFirstValue(AccessClaims.Via) switch
    {
        AccessClaims.ViaLocal or AccessClaims.ViaOidc => user.FindFirstValue(AccessClaims.Session),
        AccessClaims.ViaOpen => OpenSession,
        _ => null,
    };

    private bool IsToken(string token, string session)
    {
        try
        {
            return token.Length is > 0 and < 1_024 && _protector.Unprotect(token) == session;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
