using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Access;
using Tocsin.Server.Configuration;
using Tocsin.Server.Storage;
using Tocsin.Server.Tests.Storage;

namespace Tocsin.Server.Tests.Access;

/// <summary>How a session begins and what ends it.</summary>
public sealed class SessionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<HttpStatusCode> See(Browser browser) => browser.StatusAsync(HttpMethod.Get, "/see");

    [Fact]
    public async Task Logging_in_and_out_is_told_as_the_protocol_says_and_audited()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser browser = server.Browser();
        Assert.Equal("""{"user":null,"role":null,"csrf":null,"firstAdministratorMissing":true,"oidc":false}""", (await browser.MeAsync()).GetRawText());
        await server.Users.AddAsync("Anna", Role.Administrator, AccessServer.Password, Actor.CommandLine, Stop);
        using HttpResponseMessage response = await browser.LogInAsync("anna");
        JsonElement me = await browser.MeAsync();
        Assert.Equal(("Anna", "administrator", false), (me.GetProperty("user").GetString(), me.GetProperty("role").GetString(), me.GetProperty("firstAdministratorMissing").GetBoolean()));
        string stolen = browser.Cookie!;
        Assert.Equal(HttpStatusCode.NoContent, await browser.StatusAsync(HttpMethod.Post, "/api/logout"));
        Assert.Null(browser.Cookie);
        // A copy of the cookie is worth nothing any more.
        Assert.Equal(HttpStatusCode.Unauthorized, await See(new Browser(server) { Cookie = stolen }));
        // All at one moment of the test's clock, so in no order.
        Assert.Equal(["Anna login administrator 127.0.0.1", "Anna logout  127.0.0.1", $"{Actor.CommandLine.Who} addUser Anna as administrator "], (await server.AuditAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_cookie_is_out_of_scripts_and_other_sites_reach()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        await server.Users.AddAsync("anna", Role.Viewer, AccessServer.Password, Actor.CommandLine, Stop);
        using HttpResponseMessage response = await server.Browser().LogInAsync("anna");
        string[] parts = [.. Assert.Single(response.Headers.GetValues("Set-Cookie")).Split("; ").Select(p => p.ToLowerInvariant())];
        Assert.StartsWith("tocsin=", parts[0], StringComparison.Ordinal);
        Assert.Equal(["httponly", "path=/", "samesite=strict"], parts[1..].Order());
    }

    [Fact]
    public async Task Over_https_the_cookie_is_bound_to_this_host_and_a_renewed_certificate_is_used()
    {
        string folder = Directory.CreateTempSubdirectory("tocsin-tls-").FullName;
        try
        {
            string pem = Path.Combine(folder, "server.pem"), key = Path.Combine(folder, "server.key");
            string first = WriteCertificate(pem, key, DateTime.UnixEpoch);
            Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = new(Samples.Wall);
            List<ConfigProblem> problems = [];
            using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(new { tls = new { certificate = pem, key } }));
            AccessSettings read = AccessSettings.Read(new ConfigSection(json.RootElement, problems), ["https://127.0.0.1:0"], OperationStatus.Exercise, clock);
            Assert.Empty(problems);
            await using AccessServer server = await AccessServer.StartAsync(s => s with { Certificate = read.Certificate }, clock: clock, url: "https://127.0.0.1:0");
            await server.Users.AddAsync("anna", Role.Viewer, AccessServer.Password, Actor.CommandLine, Stop);
            Browser browser = server.Browser();
            using HttpResponseMessage response = await browser.LogInAsync("anna");
            string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
            Assert.StartsWith("__Host-tocsin=", cookie, StringComparison.Ordinal);
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("max-age=", Assert.Single(response.Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, await See(browser));

            Assert.Equal(first, await Thumbprint(server.Address));
            string second = WriteCertificate(pem, key, DateTime.UnixEpoch.AddDays(1));
            Assert.Equal(first, await Thumbprint(server.Address));
            clock.Advance(TimeSpan.FromMinutes(2));
            Assert.Equal(second, await Thumbprint(server.Address));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Another_password_or_role_ends_the_sessions_of_the_account()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser administrator = await server.LoggedInAsync(Role.Administrator), anna = await server.LoggedInAsync(Role.Operator, "anna"), bela = await server.LoggedInAsync(Role.Operator, "bela"),
            cora = await server.LoggedInAsync(Role.Operator, "cora");
        Assert.Equal(HttpStatusCode.NoContent, await administrator.StatusAsync(HttpMethod.Put, "/api/users/anna", new { password = "another long password" }));
        Assert.Equal(HttpStatusCode.NoContent, await administrator.StatusAsync(HttpMethod.Put, "/api/users/bela", new { role = "viewer" }));
        Assert.Equal(HttpStatusCode.NoContent, await administrator.StatusAsync(HttpMethod.Delete, "/api/users/cora"));
        foreach (Browser b in (Browser[])[anna, bela, cora]) Assert.Equal(HttpStatusCode.Unauthorized, await See(b));
        Assert.Equal(HttpStatusCode.OK, await See(administrator));
        Assert.Equal(HttpStatusCode.OK, (await anna.LogInAsync("anna", "another long password")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Browser().LogInAsync("cora")).StatusCode);
    }

    [Fact]
    public async Task What_the_command_line_changes_is_seen_within_seconds()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser anna = await server.LoggedInAsync(Role.Operator, "anna");
        using UserAdmin other = new(server.Database.Open(), server.Clock, new Passwords(1_000), null);
        await other.SetRoleAsync("anna", Role.Viewer, Actor.CommandLine, Stop);
        server.Clock.Advance(TimeSpan.FromSeconds(AccessLimits.DirectoryAgeS + 1));
        // A request waits for the database for half a second, and is judged by what was known before when that is slower.
        await Eventually.TrueAsync(async () => await See(anna) == HttpStatusCode.Unauthorized, "the session ends");
    }

    [Fact]
    public async Task A_session_lasts_while_it_is_used_and_at_most_a_day()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser idle = await server.LoggedInAsync(Role.Viewer, "idle"), busy = await server.LoggedInAsync(Role.Viewer, "busy");
        for (int hour = 7; hour < 24; hour += 7)
        {
            server.Clock.Advance(TimeSpan.FromHours(7));
            Assert.Equal(HttpStatusCode.OK, await See(busy));
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await See(idle));
        server.Clock.Advance(TimeSpan.FromHours(4));
        Assert.Equal(HttpStatusCode.Unauthorized, await See(busy));
    }

    [Fact]
    public async Task Sessions_and_their_ends_outlive_a_restart()
    {
        using TestDatabase database = new(StorageKind.Sqlite);
        Browser kept, ended;
        string cookie, stolen;
        await using (AccessServer before = await AccessServer.StartAsync(on: database))
        {
            kept = await before.LoggedInAsync(Role.Viewer, "kept");
            ended = await before.LoggedInAsync(Role.Viewer, "ended");
            (cookie, stolen) = (kept.Cookie!, ended.Cookie!);
            await ended.PostAsync("/api/logout");
            await before.AuditAsync();
        }
        await using AccessServer after = await AccessServer.StartAsync(on: database);
        Assert.Equal(HttpStatusCode.OK, await See(new Browser(after) { Cookie = cookie }));
        Assert.Equal(HttpStatusCode.Unauthorized, await See(new Browser(after) { Cookie = stolen }));
        string[] keys = Directory.GetFiles(Path.Combine(database.Folder, "keys"));
        Assert.NotEmpty(keys);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(database.Folder, "keys")));
        foreach (string key in keys) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    [Fact]
    public async Task A_stream_that_is_open_ends_when_its_session_or_key_does_and_no_other()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser administrator = await server.LoggedInAsync(Role.Administrator), anna = await server.LoggedInAsync(Role.Operator, "anna"), bela = await server.LoggedInAsync(Role.Viewer, "bela"),
            cora = await server.LoggedInAsync(Role.Viewer, "cora");
        (Browser machine, IssuedKey key) = await server.WithKeyAsync("viewer");
        StreamReader stays = await administrator.OpenAsync("/stream");
        (string Who, Func<Task> End, StreamReader Stream)[] ended =
        [
            ("deleted", () => administrator.StatusAsync(HttpMethod.Delete, "/api/users/anna"), await anna.OpenAsync("/stream")),
            ("logged out", () => bela.StatusAsync(HttpMethod.Post, "/api/logout"), await bela.OpenAsync("/stream")),
            ("another role", () => administrator.StatusAsync(HttpMethod.Put, "/api/users/cora", new { role = "operator" }), await cora.OpenAsync("/stream")),
            ("revoked", () => server.Keys.RevokeAsync(key.Id, Actor.CommandLine, Stop), await machine.OpenAsync("/stream")),
        ];
        foreach ((string _, Func<Task> end, StreamReader _) in ended) await end();
        foreach ((string who, Func<Task> _, StreamReader stream) in ended)
        {
            Task<string?> line = stream.ReadLineAsync(Stop).AsTask();
            await Eventually.TrueAsync(() => line.IsCompleted, () => server.Clock.Advance(TimeSpan.FromSeconds(1)));
            // Its end, and no line of it.
            Assert.Equal((who, null), (who, await line));
        }
        Task<string?> still = stays.ReadLineAsync(Stop).AsTask();
        server.Clock.Advance(TimeSpan.FromSeconds(3 * AccessLimits.StreamLookS));
        Assert.Equal(HttpStatusCode.OK, await See(administrator));
        Assert.False(still.IsCompleted);
    }

    [Fact]
    public async Task Operators_go_on_acting_while_the_database_is_broken()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser browser = await server.LoggedInAsync(Role.Operator);
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync(HttpMethod.Post, "/act"));
        // Nothing may be under way in the database: a connection that closes after this writes the pages back which the test spoils. What the first flush waits for may be
        // followed by the pruning, and that is over when the second is.
        Journal journal = server.Services.GetRequiredService<Journal>();
        await journal.FlushAsync(Stop);
        await journal.FlushAsync(Stop);
        // With its last connection SQLite puts everything into the one file; its shared memory must not be written over while it is mapped.
        server.Database.Store.Distrust();
        await using (FileStream file = new(server.Database.Settings.SqliteFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            await file.WriteAsync(new byte[200], Stop);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync(HttpMethod.Post, "/act"));
        Assert.Equal(HttpStatusCode.OK, (await server.Browser().LogInAsync("operator")).StatusCode);
        await Eventually.TrueAsync(() => !journal.State.Ok);
        await using AccessServer elsewhere = await AccessServer.StartAsync(on: server.Database);
        // A server that starts on a broken database serves what is public, and says why nobody can log in.
        Assert.Equal(HttpStatusCode.OK, await elsewhere.Browser().StatusAsync(HttpMethod.Get, "/public"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await elsewhere.Browser().LogInAsync("operator")).StatusCode);
    }

    private static string WriteCertificate(string pem, string key, DateTime written)
    {
        using RSA rsa = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=127.0.0.1", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(pem, certificate.ExportCertificatePem());
        File.WriteAllText(key, rsa.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(pem, written);
        File.SetLastWriteTimeUtc(key, written);
        return certificate.Thumbprint;
    }

    private static async Task<string> Thumbprint(Uri address)
    {
        using System.Net.Sockets.TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port, Stop);
        await using System.Net.Security.SslStream tls = new(client.GetStream(), false, (_, certificate, _, _) => certificate?.Subject == "CN=127.0.0.1");
        await tls.AuthenticateAsClientAsync(address.Host);
        return new X509Certificate2(tls.RemoteCertificate!).Thumbprint;
    }
}
