using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Storage;
using Tocsin.Server.Tests.Storage;

namespace Tocsin.Server.Tests.Access;

/// <summary>Accounts and keys.</summary>
public sealed class AdminTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static UserAdmin Users(TestDatabase database) => new(database.Store, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Samples.Wall), new Passwords(1_000), null);

    [Theory, InlineData(StorageKind.Sqlite), InlineData(StorageKind.PostgreSql)]
    public async Task Accounts_are_added_changed_listed_and_removed(StorageKind kind)
    {
        using TestDatabase database = new(kind);
        using UserAdmin admin = Users(database);
        Actor by = new("root", null);
        Assert.Equal(AccessResult.Done, await admin.AddAsync("Anna", Role.Administrator, AccessServer.Password, by, Stop));
        Assert.Equal(AccessOutcome.Conflict, (await admin.AddAsync("anna", Role.Viewer, AccessServer.Password, by, Stop)).Outcome);
        Assert.Equal(AccessOutcome.Refused, (await admin.AddAsync("an na", Role.Viewer, AccessServer.Password, by, Stop)).Outcome);
        Assert.Equal(AccessOutcome.Refused, (await admin.AddAsync("bela", Role.Viewer, "short", by, Stop)).Outcome);
        Assert.Equal(AccessResult.Done, await admin.AddAsync("bela", Role.Viewer, AccessServer.Password, by, Stop));
        Assert.Equal(AccessOutcome.Missing, (await admin.SetRoleAsync("cora", Role.Viewer, by, Stop)).Outcome);
        Assert.Equal(AccessResult.Done, await admin.SetRoleAsync("BELA", Role.Operator, by, Stop));
        // Nobody could manage the server any more.
        Assert.Equal(AccessOutcome.Conflict, (await admin.RemoveAsync("Anna", by, Stop)).Outcome);
        Assert.Equal(AccessOutcome.Conflict, (await admin.SetRoleAsync("Anna", Role.Operator, by, Stop)).Outcome);
        Assert.Equal([("Anna", Role.Administrator), ("bela", Role.Operator)], (await admin.ListAsync(Stop)).Select(u => (u.Name, u.Role)));
        Assert.Equal(AccessResult.Done, await admin.SetPasswordAsync("bela", "another long password", by, Stop));
        Assert.Equal(AccessResult.Done, await admin.RemoveAsync("bela", by, Stop));
        Assert.Equal(["addUser Anna as administrator", "addUser bela as viewer", "removeUser bela", "setPassword bela", "setRole BELA to operator"],
            (await new JournalReader(database.Store).AuditAsync(100, Stop)).Select(l => $"{l.Act} {l.Detail}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stored_password_is_a_slow_salted_hash()
    {
        using TestDatabase database = new(StorageKind.Sqlite);
        using UserAdmin admin = new(database.Settings, TimeProvider.System);
        await admin.AddAsync("anna", Role.Viewer, AccessServer.Password, Actor.CommandLine, Stop);
        await using TocsinDb db = await database.Store.OpenAsync(Stop);
        byte[] hash = Convert.FromBase64String((await db.Users.SingleAsync(Stop)).PasswordHash);
        // ASP.NET Core Identity, version 3: format 1, PRF 2 (HMAC-SHA-512), iterations, length of the salt; all big-endian. Computed again here.
        Assert.Equal((1, 2u, (uint)AccessLimits.HashIterations, 16u), (hash[0], BigEndian(hash, 1), BigEndian(hash, 5), BigEndian(hash, 9)));
        Assert.Equal(hash[29..], Rfc2898DeriveBytes.Pbkdf2(AccessServer.Password, hash[13..29], AccessLimits.HashIterations, HashAlgorithmName.SHA512, hash.Length - 29));
    }

    [Theory, InlineData(StorageKind.Sqlite), InlineData(StorageKind.PostgreSql)]
    public async Task A_key_is_shown_once_and_stored_as_its_hash(StorageKind kind)
    {
        await using AccessServer server = await AccessServer.StartAsync(kind: kind);
        Browser administrator = await server.LoggedInAsync(Role.Administrator);
        using HttpResponseMessage made = await administrator.PostAsync("/api/keys", new { name = "north-radar", scopes = (string[])["feed:north", "metrics"] });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        string key = (await Browser.JsonAsync(made)).GetProperty("key").GetString()!, secret = key.Split('_', 3)[2];
        Assert.Equal(256 / 8, System.Buffers.Text.Base64Url.DecodeFromChars(secret).Length);
        await using (TocsinDb db = await server.Database.Store.OpenAsync(Stop))
            Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(secret)), (await db.ApiKeys.SingleAsync(Stop)).SecretHash);
        if (kind == StorageKind.Sqlite)
            foreach (string file in Directory.GetFiles(server.Database.Folder, "tocsin.db*"))
            {
                await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                byte[] bytes = new byte[stream.Length];
                await stream.ReadExactlyAsync(bytes, Stop);
                Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)));
            }
        string list = await (await administrator.GetAsync("/api/keys")).Content.ReadAsStringAsync(Stop);
        Assert.Contains("north-radar", list, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, list, StringComparison.Ordinal);
        Assert.DoesNotContain(await server.AuditAsync(), l => l.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing_from_that_moment()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser administrator = await server.LoggedInAsync(Role.Administrator);
        (Browser machine, IssuedKey key) = await server.WithKeyAsync("feed:north");
        Assert.Equal(HttpStatusCode.OK, await machine.StatusAsync(HttpMethod.Post, "/api/feeds/north/plots"));
        await server.AuditAsync();
        JsonElement line = Assert.Single((await Browser.JsonAsync(await administrator.GetAsync("/api/keys"))).EnumerateArray());
        Assert.Equal(new Instant(0).AddSeconds(Samples.Wall.ToUnixTimeSeconds()).ToString(), line.GetProperty("lastUsed").GetString());
        Assert.Equal(JsonValueKind.Null, line.GetProperty("revoked").ValueKind);
        Assert.Equal(HttpStatusCode.NoContent, await administrator.StatusAsync(HttpMethod.Delete, "/api/keys/" + key.Id));
        Assert.Equal(HttpStatusCode.Unauthorized, await machine.StatusAsync(HttpMethod.Post, "/api/feeds/north/plots"));
        Assert.Equal(HttpStatusCode.NotFound, await administrator.StatusAsync(HttpMethod.Delete, "/api/keys/404"));
        Assert.Contains(await server.AuditAsync(), l => l.StartsWith("administrator revokeKey " + key.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_but_a_key_is_a_key()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        (Browser machine, IssuedKey key) = await server.WithKeyAsync("viewer");
        List<string> wrong = ["", "Bearer", "Bearer ", "Basic " + key.Key, "Bearer " + key.Key[..^1], "Bearer " + key.Key + "A", "Bearer tocsin_" + new string('0', 16) + key.Key[23..], $"Bearer {key.Key}, {key.Key}"];
        wrong.AddRange(Gen.String[Gen.Char[' ', '~'], 0, 80].Array[20].Single().Select(s => "Bearer " + s));
        // The last character of 256 bits in base64url holds two spare bits; they are part of the key too.
        wrong.Add("Bearer " + key.Key[..^1] + (key.Key[^1] == 'A' ? 'B' : 'A'));
        foreach (string text in wrong)
        {
            machine.Authorization = text;
            Assert.Equal(HttpStatusCode.Unauthorized, await machine.StatusAsync(HttpMethod.Get, "/see"));
        }
        machine.Authorization = "bearer " + key.Key;
        Assert.Equal(HttpStatusCode.OK, await machine.StatusAsync(HttpMethod.Get, "/see"));
    }

    [Fact]
    public async Task A_key_has_only_scopes_that_there_are()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser administrator = await server.LoggedInAsync(Role.Administrator);
        foreach (string[] scopes in (string[][])[[], ["administrator"], ["feed:"], ["feed:a b"], ["viewer", "operator"]])
            Assert.Equal(HttpStatusCode.BadRequest, await administrator.StatusAsync(HttpMethod.Post, "/api/keys", new { name = "x", scopes }));
    }

    [Fact]
    public async Task The_page_manages_accounts_and_everybody_his_own_password()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser administrator = await server.LoggedInAsync(Role.Administrator, "root");
        Assert.Equal(HttpStatusCode.Created, await administrator.StatusAsync(HttpMethod.Post, "/api/users", new { name = "anna", role = "operator", password = AccessServer.Password }));
        Assert.Equal(HttpStatusCode.Conflict, await administrator.StatusAsync(HttpMethod.Post, "/api/users", new { name = "ANNA", role = "operator", password = AccessServer.Password }));
        Assert.Equal(HttpStatusCode.BadRequest, await administrator.StatusAsync(HttpMethod.Post, "/api/users", new { name = "bela", role = "king", password = AccessServer.Password }));
        Assert.Equal(HttpStatusCode.Conflict, await administrator.StatusAsync(HttpMethod.Delete, "/api/users/root"));
        Browser anna = server.Browser();
        await anna.LogInAsync("anna");
        Assert.Equal(HttpStatusCode.Forbidden, await anna.StatusAsync(HttpMethod.Post, "/api/password", new { old = "wrong", @new = "another long password" }));
        Assert.Equal(HttpStatusCode.BadRequest, await anna.StatusAsync(HttpMethod.Post, "/api/password", new { old = AccessServer.Password, @new = "short" }));
        Assert.Equal(HttpStatusCode.NoContent, await anna.StatusAsync(HttpMethod.Post, "/api/password", new { old = AccessServer.Password, @new = "another long password" }));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Browser().LogInAsync("anna")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Browser().LogInAsync("anna", "another long password")).StatusCode);
        string users = await (await administrator.GetAsync("/api/users")).Content.ReadAsStringAsync(Stop);
        Assert.DoesNotContain("assword", users, StringComparison.Ordinal);
        IReadOnlyList<string> audit = await server.AuditAsync();
        Assert.Contains("root addUser anna as operator 127.0.0.1", audit);
        Assert.Contains("anna setPassword anna 127.0.0.1", audit);
        Assert.Equal(audit.Count, (await Browser.JsonAsync(await administrator.GetAsync("/api/audit?limit=500"))).GetArrayLength());
    }

    private static uint BigEndian(byte[] bytes, int at) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
