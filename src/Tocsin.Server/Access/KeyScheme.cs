using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Access;

/// <summary>When each key was last noted as used: once a minute is enough for people, and not a write for each post of plots.</summary>
internal sealed class KeyUse(Journal journal, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);

    public void Note(string id)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (_noted.TryGetValue(id, out DateTimeOffset last) && (now - last).TotalSeconds < AccessLimits.KeyUseNoteS) return;
        _noted[id] = now;
        journal.Record(new KeyUsed(id, now));
    }
}

/// <summary>Recognises machines by <c>Authorization: Bearer KEY</c> (RFC 6750, section 2.1).</summary>
internal sealed class KeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessDirectory directory, KeyUse use)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    /// <summary>Whether a request comes with a key: then nothing else of it counts, no cookie either.</summary>
    public static bool IsFor(HttpRequest request) => request.Headers.Authorization.Count > 0;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        if (!KeyAdmin.TryParse(header[Bearer.Length..].Trim(), out string? id, out byte[]? hash)) return AuthenticateResult.Fail("this is no key");
        if (await directory.NowAsync(Context.RequestAborted) is not { } now) return AuthenticateResult.Fail("keys cannot be read now");
        if (!now.Keys.TryGetValue(id, out KnownKey? key) || !CryptographicOperations.FixedTimeEquals(hash, key.SecretHash)) return AuthenticateResult.Fail("this key is not known");
        if (key.Revoked) return AuthenticateResult.Fail("this key is revoked");
        use.Note(id);
        ClaimsIdentity identity = new(AccessClaims.ViaKey, AccessClaims.Name, AccessClaims.Role);
        identity.AddClaim(new(AccessClaims.Name, $"key {key.Name}"));
        identity.AddClaim(new(AccessClaims.Via, AccessClaims.ViaKey));
        identity.AddClaim(new(AccessClaims.Key, id));
        foreach (string scope in key.Scopes) identity.AddClaim(new(AccessClaims.Scope, scope));
        return AuthenticateResult.Success(new(new(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Answer.WriteAsync(Context, StatusCodes.Status401Unauthorized, "give a key that stands: Authorization: Bearer KEY");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Answer.WriteAsync(Context, StatusCodes.Status403Forbidden, "this key is not for that");
}
