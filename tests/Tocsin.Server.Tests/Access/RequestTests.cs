using System.Net;
using Tocsin.Server.Access;

namespace Tocsin.Server.Tests.Access;

/// <summary>Forged, oversized, misdirected and too many requests; headers of answers; the role without log-in.</summary>
public sealed class RequestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_needs_the_token_of_its_own_session()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser anna = await server.LoggedInAsync(Role.Operator, "anna"), bela = await server.LoggedInAsync(Role.Operator, "bela");
        string own = anna.Csrf!;
        Assert.Equal(HttpStatusCode.OK, await anna.StatusAsync(HttpMethod.Post, "/act"));
        foreach (string? other in (string?[])[null, "", "x", bela.Csrf, own[..^1], own + "A", new string('A', 5_000)])
        {
            anna.Csrf = other;
            using HttpResponseMessage response = await anna.PostAsync("/act");
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Contains("X-Tocsin-Csrf", await Browser.TitleAsync(response), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, await anna.StatusAsync(HttpMethod.Post, "/api/logout"));
            Assert.Equal(HttpStatusCode.OK, await anna.StatusAsync(HttpMethod.Get, "/see"));
        }
        anna.Csrf = (await anna.MeAsync()).GetProperty("csrf").GetString();
        Assert.Equal(HttpStatusCode.OK, await anna.StatusAsync(HttpMethod.Post, "/act"));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Origin", "https://evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "SELF", true)]
    public async Task A_change_that_says_it_comes_from_elsewhere_is_refused_with_the_token_too(string header, string value, bool taken)
    {
        await using AccessServer server = await AccessServer.StartAsync();
        (string, string) sent = (header, value == "SELF" ? server.Address.GetLeftPart(UriPartial.Authority) : value);
        Browser browser = await server.LoggedInAsync(Role.Operator);
        Assert.Equal(taken ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await browser.StatusAsync(HttpMethod.Post, "/act", null, sent));
        Assert.Equal(taken ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await server.Browser().LogInAsync("operator", AccessServer.Password, sent)).StatusCode);
        // A machine has no browser that could be made to act for it.
        Assert.Equal(HttpStatusCode.OK, await (await server.WithKeyAsync("feed:*")).Browser.StatusAsync(HttpMethod.Post, "/api/feeds/north/plots", null, sent));
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_even_a_refusal()
    {
        await using AccessServer server = await AccessServer.StartAsync(s => s with { TileOrigins = ["https://tiles.example"] });
        foreach (string path in (string[])["/public", "/see", "/nothing", "/api/me"])
        {
            using HttpResponseMessage response = await server.Browser().GetAsync(path);
            string csp = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            foreach (string part in (string[])["default-src 'self';", "img-src 'self' data: blob: https://tiles.example;", "worker-src 'self' blob:;", "style-src 'self' 'unsafe-inline';",
                "connect-src 'self' https://tiles.example;", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"])
                Assert.Contains(part, csp, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src", csp, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.True(response.Headers.Contains("Permissions-Policy"));
            Assert.False(response.Headers.Contains("Server"));
            // Over http there is nothing that a browser could keep to.
            Assert.False(response.Headers.Contains("Strict-Transport-Security"));
            Assert.Equal(path.StartsWith("/api", StringComparison.Ordinal), response.Headers.CacheControl?.NoStore == true);
        }
        using HttpResponseMessage reference = await server.Browser().GetAsync("/scalar/v1");
        Assert.Contains("script-src 'self' 'unsafe-inline'", Assert.Single(reference.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:99", HttpStatusCode.OK)]
    public async Task A_request_for_another_host_is_refused(string host, HttpStatusCode status)
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Assert.Equal(status, await server.Browser().StatusAsync(HttpMethod.Get, "/public", null, ("Host", host)));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await server.Browser().StatusAsync(HttpMethod.Post, "/body", new ByteArrayContent(new byte[AccessLimits.BodyBytes])));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await server.Browser().StatusAsync(HttpMethod.Post, "/body", new ByteArrayContent(new byte[AccessLimits.BodyBytes + 1])));
    }

    [Fact]
    public async Task An_address_that_asks_too_much_is_told_to_wait_and_others_are_served()
    {
        await using AccessServer server = await AccessServer.StartAsync(s => s with { BurstRequests = 20, RequestsPerS = 1 });
        Browser browser = server.Browser();
        List<HttpStatusCode> answers = [];
        for (int i = 0; i < 60; i++) answers.Add(await browser.StatusAsync(HttpMethod.Get, "/public"));
        Assert.Equal(HttpStatusCode.OK, answers[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync(HttpMethod.Get, "/public", null, (AccessServer.RemoteAddress, "198.51.100.7")));
    }

    [Fact]
    public async Task Without_log_in_everybody_of_this_machine_has_the_role_and_still_needs_the_token()
    {
        await using AccessServer server = await AccessServer.StartAsync(s => s with { Open = Role.Operator });
        Browser browser = server.Browser();
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync(HttpMethod.Get, "/see"));
        Assert.Equal(HttpStatusCode.Forbidden, await browser.StatusAsync(HttpMethod.Post, "/act"));
        browser.Csrf = (await browser.MeAsync()).GetProperty("csrf").GetString();
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync(HttpMethod.Post, "/act"));
        Assert.Equal(HttpStatusCode.Forbidden, await browser.StatusAsync(HttpMethod.Post, "/act", null, ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await browser.StatusAsync(HttpMethod.Get, "/manage"));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync(HttpMethod.Get, "/see", null, (AccessServer.RemoteAddress, "198.51.100.7")));
        // A cookie of another server on this machine, which its browser sends here too, changes nothing.
        browser.Cookie = "tocsin=CfDJ8rubbish";
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync(HttpMethod.Get, "/see"));
        // A key that is none is no way to be everybody.
        browser.Authorization = "Bearer rubbish";
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync(HttpMethod.Get, "/see"));
    }

    [Fact]
    public async Task A_server_that_strangers_can_reach_does_not_start_without_log_in() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => AccessServer.StartAsync(s => s with { Open = Role.Viewer, Status = OperationStatus.Actual }));
}
