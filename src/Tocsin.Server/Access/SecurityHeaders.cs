using Microsoft.AspNetCore.Http;

namespace Tocsin.Server.Access;

/// <summary>Tells browsers what a page of this server may do: next to nothing beyond the server itself.</summary>
internal sealed class SecurityHeaders
{
    private const string ApiReference = "/scalar";
    private readonly string _page;
    private readonly string _reference;

    public SecurityHeaders(AccessSettings settings)
    {
        string tiles = string.Concat(settings.TileOrigins.Select(o => " " + o));
        string common = $"default-src 'self'; img-src 'self' data: blob:{tiles}; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'{tiles}; " +
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        _page = common;
        // The API's reference starts by a script in its page; the operator's page has none.
        _reference = common + "; script-src 'self' 'unsafe-inline'; font-src 'self' data:";
    }

    /// <summary>Puts the headers on an answer when it starts, over whatever cleared them before.</summary>
    public void Apply(HttpContext context) => context.Response.OnStarting(() =>
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(ApiReference, StringComparison.OrdinalIgnoreCase) ? _reference : _page;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
        // What the API says belongs to one moment and often to one person.
        if (headers.CacheControl.Count == 0 && context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)) headers.CacheControl = "no-store";
        return Task.CompletedTask;
    });
}
