using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Tocsin.Server.Access;

namespace Tocsin.Server.Tests.Access;

/// <summary>Log-in at a provider, against a small one of the test's own that checks what OpenID Connect Core 1.0 and RFC 7636 ask of a client.</summary>
public sealed class OidcTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, Role> s_roles = new(StringComparer.Ordinal) { ["watch"] = Role.Viewer, ["duty"] = Role.Operator };

    [Theory]
    [InlineData(new[] { "watch", "duty", "choir" }, "operator")]
    [InlineData(new[] { "watch" }, "viewer")]
    public async Task A_group_gives_its_role(string[] groups, string role)
    {
        await using Provider provider = await Provider.StartAsync(groups);
        await using AccessServer server = await StartAsync(provider);
        (Browser browser, HttpResponseMessage last) = await LogInAsync(server);
        Assert.Equal("/operator", last.Headers.Location!.OriginalString);
        Assert.Contains("samesite=strict", last.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("tocsin=", StringComparison.Ordinal)), StringComparison.OrdinalIgnoreCase);
        JsonElement me = await browser.MeAsync();
        Assert.Equal(("oidc:anna", role, true), (me.GetProperty("user").GetString(), me.GetProperty("role").GetString(), me.GetProperty("oidc").GetBoolean()));
        browser.Csrf = me.GetProperty("csrf").GetString();
        Assert.Equal(role == "operator" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await browser.StatusAsync(HttpMethod.Post, "/act"));
        string stolen = browser.Cookie!;
        Assert.Equal(HttpStatusCode.NoContent, await browser.StatusAsync(HttpMethod.Post, "/api/logout"));
        Assert.Equal(HttpStatusCode.Unauthorized, await new Browser(server) { Cookie = stolen }.StatusAsync(HttpMethod.Get, "/see"));
        Assert.Contains($"oidc:anna login {role} 127.0.0.1", await server.AuditAsync());
    }

    [Fact]
    public async Task Somebody_without_a_group_gets_in_nowhere()
    {
        await using Provider provider = await Provider.StartAsync(["choir"]);
        await using AccessServer server = await StartAsync(provider);
        (Browser browser, HttpResponseMessage last) = await LogInAsync(server);
        Assert.Equal(HttpStatusCode.Forbidden, last.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync(HttpMethod.Get, "/see"));
        Assert.Contains("oidc:anna loginRefused no group of his has a role here 127.0.0.1", await server.AuditAsync());
    }

    [Fact]
    public async Task A_token_signed_by_another_key_or_an_answer_that_nobody_asked_for_is_refused()
    {
        await using Provider provider = await Provider.StartAsync(["duty"], forged: true);
        await using AccessServer server = await StartAsync(provider);
        (Browser browser, HttpResponseMessage last) = await LogInAsync(server);
        Assert.Equal(HttpStatusCode.Unauthorized, last.StatusCode);
        Assert.Null(browser.Cookie);
        using HttpResponseMessage unasked = await server.Browser().GetAsync("/api/login/oidc/callback?code=x&state=y");
        Assert.Equal(HttpStatusCode.Unauthorized, unasked.StatusCode);
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_such_log_in()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, await server.Browser().StatusAsync(HttpMethod.Get, "/api/login/oidc"));
    }

    private static Task<AccessServer> StartAsync(Provider provider) =>
        AccessServer.StartAsync(s => s with { Oidc = new(provider.Address, "tocsin", "the secret", "groups", s_roles) }, clock: new FakeTimeProvider(TimeProvider.System.GetUtcNow()));

    /// <summary>Follows the way of a browser: to the provider, and back with its answer.</summary>
    private static async Task<(Browser Browser, HttpResponseMessage Last)> LogInAsync(AccessServer server)
    {
        Browser browser = server.Browser();
        HttpResponseMessage challenge = await browser.GetAsync("/api/login/oidc");
        Assert.Equal(HttpStatusCode.Redirect, challenge.StatusCode);
        string cookies = string.Join("; ", challenge.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
        browser.Cookie = null;
        using HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
        HttpResponseMessage answer = await http.GetAsync(challenge.Headers.Location, Stop);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return (browser, await browser.GetAsync(answer.Headers.Location!.PathAndQuery, ("Cookie", cookies)));
    }

    /// <summary>An OpenID Connect provider that lets one person in without asking.</summary>
    private sealed class Provider : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly RSA _key = RSA.Create(2048), _other = RSA.Create(2048);
        private readonly Dictionary<string, (string Challenge, string Nonce)> _codes = new(StringComparer.Ordinal);

        private Provider(string[] groups, bool forged)
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.MapGet("/.well-known/openid-configuration", () => TypedResults.Json(new Dictionary<string, object>
            {
                ["issuer"] = Issuer,
                ["authorization_endpoint"] = Issuer + "/authorize",
                ["token_endpoint"] = Issuer + "/token",
                ["jwks_uri"] = Issuer + "/keys",
                ["response_types_supported"] = (string[])["code"],
                ["id_token_signing_alg_values_supported"] = (string[])["RS256"],
            }));
            RSAParameters p = _key.ExportParameters(false);
            _app.MapGet("/keys", () => TypedResults.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = "k1", alg = "RS256", n = Base64UrlEncoder.Encode(p.Modulus), e = Base64UrlEncoder.Encode(p.Exponent) } } }));
            _app.MapGet("/authorize", (HttpRequest r) =>
            {
                if (r.Query["client_id"] != "tocsin" || r.Query["response_type"] != "code" || r.Query["code_challenge_method"] != "S256" || !r.Query["scope"].ToString().Split(' ').Contains("openid"))
                    return Results.BadRequest();
                string code = Guid.NewGuid().ToString("N");
                _codes[code] = (r.Query["code_challenge"].ToString(), r.Query["nonce"].ToString());
                return Results.Redirect($"{r.Query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(r.Query["state"].ToString())}");
            });
            _app.MapPost("/token", async (HttpRequest r) =>
            {
                IFormCollection form = await r.ReadFormAsync();
                string verifier = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
                if (form["client_secret"] != "the secret" || !_codes.Remove(form["code"].ToString(), out var asked) || asked.Challenge != verifier) return Results.BadRequest(new { error = "invalid_grant" });
                DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
                ClaimsIdentity subject = new([new("sub", "4711"), new("preferred_username", "anna"), new("nonce", asked.Nonce), .. groups.Select(g => new Claim("groups", g))]);
                string token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
                {
                    Issuer = Issuer,
                    Audience = "tocsin",
                    Subject = subject,
                    IssuedAt = now,
                    NotBefore = now,
                    Expires = now.AddMinutes(5),
                    SigningCredentials = new(new RsaSecurityKey(forged ? _other : _key) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256),
                });
                return Results.Json(new { access_token = "x", token_type = "Bearer", expires_in = 300, id_token = token });
            });
        }

        public Uri Address => new(_app.Urls.First());

        private string Issuer => _app.Urls.First();

        public static async Task<Provider> StartAsync(string[] groups, bool forged = false)
        {
            Provider provider = new(groups, forged);
            await provider._app.StartAsync(Stop);
            return provider;
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _key.Dispose();
            _other.Dispose();
        }
    }
}
