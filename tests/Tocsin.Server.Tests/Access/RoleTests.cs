using System.Net;
using Tocsin.Server.Access;

namespace Tocsin.Server.Tests.Access;

/// <summary>Who may do what.</summary>
public sealed class RoleTests
{
    private static readonly (string Name, HttpMethod Method, string Path)[] s_doors =
    [
        ("public", HttpMethod.Get, "/public"), ("undeclared", HttpMethod.Get, "/undeclared"), ("see", HttpMethod.Get, "/see"), ("act", HttpMethod.Post, "/act"), ("manage", HttpMethod.Get, "/manage"),
        ("north", HttpMethod.Post, "/api/feeds/north/plots"), ("south", HttpMethod.Post, "/api/feeds/south/plots"), ("metrics", HttpMethod.Get, "/metrics"), ("gateway", HttpMethod.Get, "/gateway"),
        ("users", HttpMethod.Get, "/api/users"), ("keys", HttpMethod.Get, "/api/keys"), ("audit", HttpMethod.Get, "/api/audit"),
    ];

    [Theory]
    [InlineData("nobody", "public")]
    [InlineData("viewer", "public undeclared see metrics")]
    [InlineData("operator", "public undeclared see act metrics gateway")]
    [InlineData("administrator", "public undeclared see act manage metrics gateway users keys audit")]
    [InlineData("key feed:north", "public north")]
    [InlineData("key feed:*", "public north south")]
    [InlineData("key metrics", "public metrics")]
    [InlineData("key gateway", "public gateway")]
    [InlineData("key viewer", "public see")]
    public async Task Each_door_opens_to_those_it_is_for(string who, string open)
    {
        await using AccessServer server = await AccessServer.StartAsync();
        Browser browser = who switch
        {
            "nobody" => server.Browser(),
            _ when who.StartsWith("key ", StringComparison.Ordinal) => (await server.WithKeyAsync(who[4..])).Browser,
            _ => await server.LoggedInAsync(Roles.Parse(who)!.Value),
        };
        List<string> opened = [];
        foreach ((string name, HttpMethod method, string path) in s_doors)
        {
            HttpStatusCode status = await browser.StatusAsync(method, path, null, (AccessServer.RemoteAddress, "198.51.100.7"));
            if (status == HttpStatusCode.OK) opened.Add(name);
            else Assert.Equal(who == "nobody" ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, status);
        }
        Assert.Equal(open, string.Join(' ', opened));
    }

    [Fact]
    public async Task A_refusal_says_why_and_is_never_a_redirect()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        using HttpResponseMessage nobody = await server.Browser().GetAsync("/see");
        Assert.Equal((HttpStatusCode.Unauthorized, "log in first"), (nobody.StatusCode, await Browser.TitleAsync(nobody)));
        using HttpResponseMessage viewer = await (await server.LoggedInAsync(Role.Viewer)).PostAsync("/act");
        Assert.Equal((HttpStatusCode.Forbidden, "your role does not allow this"), (viewer.StatusCode, await Browser.TitleAsync(viewer)));
    }

    [Fact]
    public async Task Metrics_need_no_key_on_this_machine_alone()
    {
        await using AccessServer server = await AccessServer.StartAsync();
        foreach ((string address, string? forwardedFor, bool open) in ((string, string?, bool)[])
        [
            ("127.0.0.1", null, true), ("127.0.0.2", null, true), ("::1", null, true), ("::ffff:127.0.0.1", null, true), ("198.51.100.7", null, false), ("::ffff:198.51.100.7", null, false),
            // A header cannot make a stranger local, but it can show that a proxy on this machine speaks for one.
            ("198.51.100.7", "127.0.0.1", false), ("127.0.0.1", "198.51.100.7", false), ("127.0.0.1", "127.0.0.1", false),
        ])
            Assert.Equal((address, forwardedFor, open ? HttpStatusCode.OK : HttpStatusCode.Unauthorized), (address, forwardedFor, await Metrics(server, address, forwardedFor)));
    }

    [Fact]
    public async Task Behind_a_proxy_of_this_machine_nobody_is_local()
    {
        await using AccessServer server = await AccessServer.StartAsync(s => s with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        foreach ((string address, string? forwardedFor) in ((string, string?)[])[("127.0.0.1", "198.51.100.7"), ("127.0.0.1", "127.0.0.1"), ("127.0.0.1", null), ("198.51.100.7", "127.0.0.1")])
            Assert.Equal(HttpStatusCode.Unauthorized, await Metrics(server, address, forwardedFor));
    }

    private static Task<HttpStatusCode> Metrics(AccessServer server, string address, string? forwardedFor) => server.Browser().StatusAsync(HttpMethod.Get, "/metrics", null,
        forwardedFor is null ? [(AccessServer.RemoteAddress, address)] : [(AccessServer.RemoteAddress, address), ("X-Forwarded-For", forwardedFor)]);

    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9")]
    // A stranger cannot choose his own address.
    [InlineData("198.51.100.7", "198.51.100.7")]
    public async Task Only_a_trusted_proxy_says_who_somebody_is(string connection, string noted)
    {
        await using AccessServer server = await AccessServer.StartAsync(s => s with { TrustedProxies = [IPNetwork.Parse("127.0.0.1/32")] });
        await server.Browser().LogInAsync("who", "wrong", (AccessServer.RemoteAddress, connection), ("X-Forwarded-For", "203.0.113.9"));
        Assert.Equal($"who loginRefused  {noted}", Assert.Single(await server.AuditAsync()));
    }
}
