using System.Text.Json;
using static Microsoft.Playwright.Assertions;

namespace Tocsin.Page.Tests;

/// <summary>The installed page: what its worker keeps, what it shows without a network, where it starts.</summary>
public sealed class InstallTests(BrowserFixture browser)
{
    private static readonly Wording English = Wording.Of("en");

    private const string KeptShell =
        "async () => { const c = await caches.open('tocsin-shell-1'); return (await c.match('/')) ? (await c.keys()).map(r => new URL(r.url).pathname) : null; }";

    [Fact]
    public async Task Opened_without_a_network_it_says_that_nobody_is_protected()
    {
        PageStub stub = await PageStub.StartAsync(says: new("warned", "drop", 60));
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        await Expect(open.Heading).ToHaveTextAsync(English["adviceDrop"]);
        string[] kept = await open.PollAsync<string[]>(KeptShell);
        Assert.DoesNotContain(kept, path => path.StartsWith("/api/", StringComparison.Ordinal));
        await stub.DisposeAsync();

        IPage later = await open.Context.NewPageAsync();
        await later.GotoAsync(stub.ZonePage);
        await Expect(later.Locator("h1")).ToHaveTextAsync(English["stateUnprotected"]);
        await Expect(later.Locator(".contact")).ToHaveTextAsync(English["neverHeard"]);
        // Nothing of the warning was kept: nobody knows whether it still stands.
        Assert.DoesNotContain(English["adviceDrop"], await later.Locator("#app").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_whose_files_do_not_come_is_not_blank_and_tries_again()
    {
        await using PageStub stub = await PageStub.StartAsync();
        IBrowserContext context = await browser.ContextAsync();
        await context.RouteAsync("**/assets/main-*.js", route => route.AbortAsync());
        await using OpenPage open = await OpenPage.AtAsync(context, stub.ZonePage);
        await Expect(open.Page.Locator("#app")).ToContainTextAsync("NOT PROTECTED NOW");
        await context.UnrouteAllAsync();
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);
    }

    [Fact]
    public async Task The_worker_lets_a_newer_page_through_and_drops_the_older_files()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        await open.PollAsync<string[]>(KeptShell);
        // A file of an older version lies in the cache; the next visit takes it away and keeps the page's own.
        await open.Page.EvaluateAsync("async () => (await caches.open('tocsin-shell-1')).put('/assets/old-12345678.js', new Response('old'))");
        await open.Page.ReloadAsync();
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);
        await open.PollAsync<bool>("async () => !(await (await caches.open('tocsin-shell-1')).match('/assets/old-12345678.js'))");
        string[] kept = await open.Page.EvaluateAsync<string[]>(KeptShell);
        Assert.Contains(kept, path => path.EndsWith(".css", StringComparison.Ordinal));
        Assert.True(kept.Count(path => path.EndsWith(".js", StringComparison.Ordinal)) >= 2);
    }

    [Fact]
    public async Task A_zone_is_installed_with_its_own_start()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        await open.PollAsync<string[]>(KeptShell);
        await open.Page.ReloadAsync();
        await Expect(open.Page.Locator("link[rel=manifest]")).ToHaveCountAsync(1);
        ICDPSession devtools = await open.Context.NewCDPSessionAsync(open.Page);
        JsonElement answer = (await devtools.SendAsync("Page.getAppManifest"))!.Value;
        Assert.Empty(answer.GetProperty("errors").EnumerateArray());
        using JsonDocument manifest = JsonDocument.Parse(answer.GetProperty("data").GetString()!);
        Assert.Equal("/zone/" + Uri.EscapeDataString(PageStub.Zone), manifest.RootElement.GetProperty("start_url").GetString());
        Assert.Equal("Annex", manifest.RootElement.GetProperty("short_name").GetString());
        JsonElement problems = (await devtools.SendAsync("Page.getInstallabilityErrors"))!.Value.GetProperty("installabilityErrors");
        // A profile of a test is a private window, which never installs; nothing else may be in the way.
        Assert.All(problems.EnumerateArray(), e => Assert.Equal("in-incognito", e.GetProperty("errorId").GetString()));
    }
}
