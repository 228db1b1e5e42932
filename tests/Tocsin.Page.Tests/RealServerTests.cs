using Tocsin.TestSupport;

namespace Tocsin.Page.Tests;

/// <summary>The real program and the real page together: the demonstration's raid at speed, and a site with log-in.</summary>
public sealed class RealServerTests(BrowserFixture browser)
{
    private const float SlowMs = 120_000;
    private static readonly ViewportSize s_desk = new() { Width = 1400, Height = 900 };

    [Fact]
    public async Task The_raid_is_seen_by_operators_and_in_the_zones_from_the_first_warning_to_the_last()
    {
        // Slow enough that a machine with other work opens three pages before the warning is over.
        await using ServerProcess server = await StartAsync("demo", "--speed", "3");
        await using OpenPage desk = await OpenPage.AtAsync(await browser.ContextAsync(size: s_desk), server.Address + "/operator");
        await using OpenPage zone = await OpenPage.AtAsync(await browser.ContextAsync(), server.Address + "/zone/C03?lang=en");
        await using OpenPage arabic = await OpenPage.AtAsync(await browser.ContextAsync(), server.Address + "/zone/C03?lang=ar");
        await Assertions.Expect(desk.Page.GetByText("EXERCISE", new() { Exact = true }).First).ToBeVisibleAsync(new() { Timeout = SlowMs });
        // A warning comes up on every page, with the zone's own advice.
        await Assertions.Expect(desk.Page.GetByText("Acknowledge", new() { Exact = true }).First).ToBeVisibleAsync(new() { Timeout = SlowMs });
        await zone.Page.WaitForFunctionAsync("() => document.querySelector('.number') && /shelter|windows|Drop|cover/i.test(document.querySelector('h1').textContent)", null, new() { Timeout = SlowMs });
        Assert.Equal("rtl", await arabic.Page.EvaluateAsync<string>("() => document.documentElement.dir"));
        Assert.Contains("EXERCISE", await zone.Mark.First.InnerTextAsync(), StringComparison.Ordinal);
        await ShootAsync(desk, "real-operator");
        await ShootAsync(zone, "real-zone");
        await ShootAsync(arabic, "real-zone-ar");
        await desk.Page.GetByText("Acknowledge", new() { Exact = true }).First.ClickAsync(new() { Timeout = SlowMs });
        await Assertions.Expect(desk.Page.GetByText("✓ everybody").First).ToBeVisibleAsync(new() { Timeout = SlowMs });
        // Nothing that is said without log-in names a point, a track or a sensor.
        string said = await zone.Page.EvaluateAsync<string>("() => fetch('/api/public/zones/C03').then(r => r.text())");
        foreach (string secret in (string[])["track", "position", "ellipse", "sensor", "probability"]) Assert.DoesNotContain(secret, said, StringComparison.OrdinalIgnoreCase);
        // And it ends by itself.
        await zone.Page.WaitForFunctionAsync("() => !document.querySelector('.number') || /over|No warning/i.test(document.querySelector('h1').textContent)", null, new() { Timeout = SlowMs });
        Assert.Empty(desk.Complaints);
        Assert.Empty(zone.Complaints);
    }

    [Fact]
    public async Task Without_a_name_and_a_password_nobody_sees_more_than_the_zones()
    {
        string data = Directory.CreateTempSubdirectory("tocsin-page-").FullName;
        try
        {
            const string password = "correct horse battery staple";
            Assert.Equal(0, await RunAsync(password, "user", "add", "alice", "--role", "operator", "--data", data));
            await using ServerProcess server = await StartAsync("serve", "--site", Path.Combine(SharedData.RepositoryRoot, "scenarios", "green-zone.site.geojson"), "--data", data);
            await using OpenPage page = await OpenPage.AtAsync(await browser.ContextAsync(size: s_desk), server.Address + "/operator");
            await Assertions.Expect(page.Page.Locator("#login-name")).ToBeVisibleAsync(new() { Timeout = SlowMs });
            Assert.Equal(401, await page.Page.EvaluateAsync<int>("() => fetch('/api/stream').then(r => r.status)"));
            await LogInAsync(page, "alice", "wrong horse battery staple");
            await Assertions.Expect(page.Page.Locator(".login-refused")).Not.ToBeEmptyAsync(new() { Timeout = SlowMs });
            await ShootAsync(page, "real-login-refused");
            await LogInAsync(page, "alice", password);
            await Assertions.Expect(page.Page.GetByText("alice · operator")).ToBeVisibleAsync(new() { Timeout = SlowMs });
            await Assertions.Expect(page.Page.GetByText("TEST", new() { Exact = true }).First).ToBeVisibleAsync(new() { Timeout = SlowMs });
            await ShootAsync(page, "real-operator-logged-in");
            await page.Page.GetByText("Log out").ClickAsync();
            await Assertions.Expect(page.Page.Locator("#login-name")).ToBeVisibleAsync(new() { Timeout = SlowMs });
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task LogInAsync(OpenPage page, string name, string password)
    {
        await page.Page.Locator("#login-name").FillAsync(name);
        await page.Page.Locator("#login-password").FillAsync(password);
        await page.Page.GetByText("Log in", new() { Exact = true }).ClickAsync();
    }

    private static Task<ServerProcess> StartAsync(string command, params string[] arguments) => ServerProcess.StartAsync(Program(), [command, .. arguments, "--urls", "http://127.0.0.1:0"], 120);

    private static string Program()
    {
        BrowserFixture.DistOrSkip();
        return Path.Combine(SharedData.RepositoryRoot, "tocsin");
    }

    private static async Task<int> RunAsync(string input, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Program(), arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static async Task ShootAsync(OpenPage page, string name)
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "out", "screenshots");
        Directory.CreateDirectory(folder);
        await page.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), Animations = ScreenshotAnimations.Disabled });
    }
}
