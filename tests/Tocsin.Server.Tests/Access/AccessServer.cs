using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Access;
using Tocsin.Server.Storage;
using Tocsin.Server.Tests.Storage;

namespace Tocsin.Server.Tests.Access;

/// <summary>A real Kestrel on loopback with the access module and an endpoint for each policy.</summary>
internal sealed class AccessServer : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    /// <summary>Before everything else, this header of a test's request becomes the connection's address.</summary>
    public const string RemoteAddress = "X-Test-Remote";

    private readonly WebApplication _app;
    private readonly TestDatabase? _owned;

    private AccessServer(WebApplication app, TestDatabase database, TestDatabase? owned, FakeTimeProvider clock) =>
        (_app, Database, _owned, Clock, Address) = (app, database, owned, clock, new Uri(app.Urls.First()));

    public FakeTimeProvider Clock { get; }

    public TestDatabase Database { get; }

    public Uri Address { get; }

    public IServiceProvider Services => _app.Services;

    public UserAdmin Users => Services.GetRequiredService<UserAdmin>();

    public KeyAdmin Keys => Services.GetRequiredService<KeyAdmin>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<AccessServer> StartAsync(Func<AccessSettings, AccessSettings>? change = null, TestDatabase? on = null, FakeTimeProvider? clock = null, string url = "http://127.0.0.1:0",
        StorageKind kind = StorageKind.Sqlite)
    {
        TestDatabase database = on ?? new(kind);
        clock ??= new(Samples.Wall);
        AccessSettings access = new() { Urls = [url], Status = OperationStatus.Exercise, HashIterations = 1_000, AllowedHosts = ["localhost", "127.0.0.1"] };
        if (change is not null) access = change(access);
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = database.Folder });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddTocsinAccess(access, database.Settings);
        builder.WebHost.UseUrls(url).ConfigureKestrel(access.ConfigureKestrel);
        WebApplication app = builder.Build();
        app.Use((context, next) =>
        {
            if (context.Request.Headers.TryGetValue(RemoteAddress, out var remote)) context.Connection.RemoteIpAddress = IPAddress.Parse(remote.ToString());
            return next(context);
        });
        app.UseTocsinAccess();
        app.MapTocsinAccess();
        app.MapGet("/see", () => "seen").RequireAuthorization(AccessPolicies.Viewer);
        app.MapGet("/stream", (HttpContext context, Sessions sessions) => sessions.WhileStandsAsync(context.User, async stop =>
        {
            await context.Response.WriteAsync("begun\n", stop);
            await context.Response.Body.FlushAsync(stop);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }, context.RequestAborted)).RequireAuthorization(AccessPolicies.Viewer);
        app.MapPost("/act", () => "done").RequireAuthorization(AccessPolicies.Operator);
        app.MapGet("/manage", () => "managed").RequireAuthorization(AccessPolicies.Administrator);
        app.MapPost("/api/feeds/{name}/plots", (HttpRequest _) => "taken").RequireAuthorization(AccessPolicies.Feed);
        app.MapPost("/body", async (HttpRequest request) => (await new StreamReader(request.Body).ReadToEndAsync()).Length).AllowAnonymous();
        app.MapGet("/metrics", () => "figures").RequireAuthorization(AccessPolicies.Metrics);
        app.MapGet("/gateway", () => "texts").RequireAuthorization(AccessPolicies.Gateway);
        app.MapGet("/undeclared", () => "for whom?");
        app.MapGet("/public", () => "zone").AllowAnonymous();
        app.MapGet("/scalar/v1", () => "reference").AllowAnonymous();
        await app.StartAsync(Stop);
        return new(app, database, on is null ? database : null, clock);
    }

    /// <summary>A browser that knows nothing yet.</summary>
    public Browser Browser() => new(this);

    /// <summary>A browser of a new user of a role.</summary>
    public async Task<Browser> LoggedInAsync(Role role, string? name = null)
    {
        name ??= Roles.Of(role);
        Assert.Equal(AccessResult.Done, await Users.AddAsync(name, role, Password, Actor.CommandLine, Stop));
        Browser browser = Browser();
        Assert.Equal(HttpStatusCode.OK, (await browser.LogInAsync(name)).StatusCode);
        return browser;
    }

    /// <summary>A browser without a session, for requests with a key.</summary>
    public async Task<(Browser Browser, IssuedKey Key)> WithKeyAsync(params string[] scopes)
    {
        (AccessResult result, IssuedKey? key) = await Keys.AddAsync("machine", scopes, Actor.CommandLine, Stop);
        Assert.Equal(AccessResult.Done, result);
        return (new Browser(this) { Authorization = "Bearer " + key!.Key }, key);
    }

    public async Task<IReadOnlyList<string>> AuditAsync()
    {
        await Services.GetRequiredService<Journal>().FlushAsync(Stop);
        return [.. (await Services.GetRequiredService<JournalReader>().AuditAsync(100, Stop)).Select(l => $"{l.Who} {l.Act} {l.Detail} {l.RemoteAddress}")];
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _owned?.Dispose();
    }
}

/// <summary>A browser as far as these tests need one: it keeps the session's cookie and its token, and sends what it is told to.</summary>
internal sealed class Browser(AccessServer server)
{
    private static readonly HttpClient s_http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = new() { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=127.0.0.1" },
    });

    public string? Cookie { get; set; }

    public string? Csrf { get; set; }

    public string? Authorization { get; set; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, new Uri(server.Address, path));
        if (Cookie is not null) request.Headers.Add("Cookie", Cookie);
        if (Csrf is not null) request.Headers.Add("X-Tocsin-Csrf", Csrf);
        if (Authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null) request.Content = body as HttpContent ?? JsonContent.Create(body);
        HttpResponseMessage response = await s_http.SendAsync(request, Stop);
        if (response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set))
            foreach (string c in set.Select(c => c.Split(';')[0]).Where(c => c.Contains(SessionCookies.Name, StringComparison.Ordinal))) Cookie = c.EndsWith('=') ? null : c;
        return response;
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>Opens a stream, and gives it when its first line has come.</summary>
    public async Task<StreamReader> OpenAsync(string path)
    {
        HttpRequestMessage request = new(HttpMethod.Get, new Uri(server.Address, path));
        if (Cookie is not null) request.Headers.Add("Cookie", Cookie);
        if (Authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        HttpResponseMessage response = await s_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        StreamReader lines = new(await response.Content.ReadAsStreamAsync(Stop));
        Assert.Equal("begun", await lines.ReadLineAsync(Stop));
        return lines;
    }

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, body, headers);

    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await SendAsync(method, path, body, headers);
        return response.StatusCode;
    }

    public async Task<HttpResponseMessage> LogInAsync(string user, string password = AccessServer.Password, params (string Name, string Value)[] headers)
    {
        HttpResponseMessage response = await PostAsync("/api/login", new { user, password }, headers);
        if (response.IsSuccessStatusCode) Csrf = (await JsonAsync(response)).GetProperty("csrf").GetString();
        return response;
    }

    public async Task<JsonElement> MeAsync()
    {
        using HttpResponseMessage response = await GetAsync("/api/me");
        return await JsonAsync(response);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonElement>(Stop)).Clone();

    public static async Task<string> TitleAsync(HttpResponseMessage response) => (await JsonAsync(response)).GetProperty("title").GetString()!;
}
