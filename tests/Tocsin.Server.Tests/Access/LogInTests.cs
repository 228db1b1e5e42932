using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Access;

namespace Tocsin.Server.Tests.Access;

/// <summary>Guessing is slow and tells nothing.</summary>
public sealed class LogInTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Six_wrong_passwords_make_the_right_one_wait_from_there_and_not_from_elsewhere()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        await server.Users.AddAsync("anna", Role.Operator, AccessServer.Password, Actor.CommandLine, Stop);
        Browser browser = server.Browser();
        for (int i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await browser.LogInAsync("anna", "wrong")).StatusCode);
        using HttpResponseMessage refused = await browser.LogInAsync("ANNA");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(30, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Equal(HttpStatusCode.OK, (await server.Browser().LogInAsync("anna", AccessServer.Password, (AccessServer.RemoteAddress, "198.51.100.7"))).StatusCode);
        server.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.LogInAsync("anna")).StatusCode);
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await browser.LogInAsync("anna")).StatusCode);
    }

    [Fact]
    public async Task An_unknown_name_is_answered_as_a_wrong_password_is()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        await server.Users.AddAsync("anna", Role.Operator, AccessServer.Password, Actor.CommandLine, Stop);
        using HttpResponseMessage wrong = await server.Browser().LogInAsync("anna", "wrong"), unknown = await server.Browser().LogInAsync("nobody", "wrong");
        Assert.Equal(wrong.StatusCode, unknown.StatusCode);
        Assert.Equal(await wrong.Content.ReadAsStringAsync(Stop), await unknown.Content.ReadAsStringAsync(Stop));
        for (int i = 0; i < 4; i++) await server.Browser().LogInAsync("nobody", "wrong");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.Browser().LogInAsync("nobody", "wrong")).StatusCode);
    }

    [Fact]
    public async Task A_log_in_that_is_none_is_a_bad_request()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        foreach (string body in (string[])["{}", "{\"user\":5}", "{\"user\":\"a\",\"password\":null}", "[", ""])
        {
            Assert.Equal(HttpStatusCode.BadRequest, await server.Browser().StatusAsync(HttpMethod.Post, "/api/login", new StringContent(body, null, "application/json")));
            // A form that another site posts is not JSON.
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, await server.Browser().StatusAsync(HttpMethod.Post, "/api/login", new StringContent(body, null, "text/plain")));
        }
    }

    [Fact]
    public async Task A_check_of_an_unknown_account_costs_one_hash_like_any_other()
    {
        Counting hasher = new();
        using Passwords passwords = new(hasher);
        string hash = passwords.Hash(AccessServer.Password);
        Assert.False(await passwords.CheckAsync(null, AccessServer.Password, Stop));
        Assert.Equal(1, hasher.Verified);
        Assert.True(await passwords.CheckAsync(hash, AccessServer.Password, Stop));
        Assert.False(await passwords.CheckAsync(hash, "wrong", Stop));
        Assert.Equal(3, hasher.Verified);
        // Both compare with a hash of the same cost.
        Assert.Single(hasher.Lengths.Distinct());
    }

    [Fact]
    public async Task Passwords_are_checked_one_at_a_time_and_only_so_many_wait()
    {
        Counting hasher = new() { Gate = new ManualResetEventSlim() };
        using Passwords passwords = new(hasher);
        string hash = passwords.Hash(AccessServer.Password);
        List<Task<bool?>> checks = [.. Enumerable.Range(0, AccessLimits.WaitingLogIns + 5).Select(_ => passwords.CheckAsync(hash, AccessServer.Password, Stop))];
        Assert.Equal(5, checks.Count(c => c.IsCompletedSuccessfully && c.Result is null));
        hasher.Gate.Set();
        Assert.Equal(AccessLimits.WaitingLogIns, (await Task.WhenAll(checks)).Count(r => r == true));
        Assert.Equal(1, hasher.MostAtOnce);
    }

    [Theory]
    [InlineData("anna", "short", "shorter")]
    [InlineData("anna", "aaaaaaaaaaaaaaaaaaaa", "different characters")]
    [InlineData("annabellemaria", "AnnaBelleMaria", "user's name")]
    [InlineData("annabellemaria", "AnnaBelleMaria2026", "user's name")]
    [InlineData("anna", "annex to the harbour", null)]
    [InlineData("anna", "twelve chars", null)]
    public void A_password_is_long_and_not_the_name(string name, string password, string? problem)
    {
        if (problem is null) Assert.Null(Passwords.Problem(name, password));
        else Assert.Contains(problem, Passwords.Problem(name, password), StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_double_to_a_quarter_of_an_hour_and_are_forgotten()
    {
        FakeTimeProvider clock = new();
        LogInGuard guard = new(clock);
        List<double> waits = [];
        for (int i = 0; i < 16; i++)
        {
            while (guard.Begin("anna", "here") is { } wait)
            {
                waits.Add(wait.TotalSeconds);
                clock.Advance(wait);
            }
        }
        Assert.Equal([30, 60, 120, 240, 480, 900, 900, 900, 900, 900, 900], waits);
        clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Null(guard.Begin("anna", "here"));
        Assert.Null(guard.Begin("anna", "here"));
    }

    [Fact]
    public void A_stranger_keeps_the_operator_out_for_a_minute_at_most()
    {
        FakeTimeProvider clock = new();
        LogInGuard guard = new(clock);
        // Ten thousand addresses guess at one account.
        for (int i = 0; i < 10_000; i++) guard.Begin("anna", "bot" + i);
        TimeSpan wait = guard.Begin("anna", "her own desk")!.Value;
        Assert.InRange(wait.TotalSeconds, 1, 60);
        Assert.Null(guard.Begin("bela", "her own desk"));
    }

    [Fact]
    public void One_address_cannot_try_every_name()
    {
        LogInGuard guard = new(new FakeTimeProvider());
        Assert.Equal(30, Enumerable.Range(0, 1_000).Count(i => guard.Begin("name" + i, "there") is null));
        Assert.Null(guard.Begin("name", "here"));
        // An IPv6 site is one address, an IPv4 address is the same in either form.
        Assert.Equal(LogInGuard.AddressKey(IPAddress.Parse("2001:db8:1:2:3::1")), LogInGuard.AddressKey(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.NotEqual(LogInGuard.AddressKey(IPAddress.Parse("2001:db8:1:2::")), LogInGuard.AddressKey(IPAddress.Parse("2001:db8:1:3::")));
        Assert.Equal(LogInGuard.AddressKey(IPAddress.Parse("10.0.0.1")), LogInGuard.AddressKey(IPAddress.Parse("::ffff:10.0.0.1")));
    }

    [Fact]
    public void Those_who_succeed_are_never_made_to_wait_and_memory_is_bounded()
    {
        LogInGuard guard = new(new FakeTimeProvider());
        for (int i = 0; i < 1_000; i++)
        {
            Assert.Null(guard.Begin("anna", "desk"));
            guard.Succeeded("anna", "desk");
        }
        for (int i = 0; i < 5; i++) guard.Begin("mallory", "x");
        for (int i = 0; i < 3 * AccessLimits.RememberedFailures; i++) guard.Begin("n" + i, "a" + i);
        Assert.Null(guard.Begin("anna", "desk"));
    }

    private sealed class Counting : IPasswordHasher<string>
    {
        private readonly PasswordHasher<string> _inner = new(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        private int _now;

        public ManualResetEventSlim? Gate { get; init; }

        public int Verified { get; private set; }

        public int MostAtOnce { get; private set; }

        public List<int> Lengths { get; } = [];

        public string HashPassword(string user, string password) => _inner.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(string user, string hashedPassword, string providedPassword)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
            Gate?.Wait(Stop);
            Verified++;
            Lengths.Add(hashedPassword.Length);
            Interlocked.Decrement(ref _now);
            return _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
