using Tocsin.TestSupport;

// One browser for all tests, one test at a time: they share two cores with it.
[assembly: AssemblyFixture(typeof(Tocsin.Page.Tests.BrowserFixture))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Tocsin.Page.Tests;

/// <summary>Debian's Chromium, driven by Playwright's own driver; nothing is downloaded. A test without it says 'skipped'.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>A phone's size in CSS pixels.</summary>
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    private const float PatienceMs = 60_000;
    private const string Executable = "/usr/bin/chromium";

    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string _missing = "";

    /// <summary>The built page; skips the running test where it was not built.</summary>
    public static string DistOrSkip()
    {
        string dist = Path.Combine(SharedData.RepositoryRoot, "web", "dist");
        Assert.SkipUnless(File.Exists(Path.Combine(dist, "index.html")), "the page is not built: npm ci && npm run build in web/");
        return dist;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable))
        {
            _missing = Executable + " is not here";
            return;
        }
        try
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Flags, Headless = true });
        }
        catch (PlaywrightException e)
        {
            // A machine where Chromium cannot start is one without it; the reason is the one that it gives.
            _missing = "Chromium does not start: " + e.Message.Split('\n')[0];
        }
    }

    /// <summary>A fresh profile, phone-sized unless told otherwise; skips the running test where there is no browser.</summary>
    public async Task<IBrowserContext> ContextAsync(
        string locale = "en-US", ColorScheme scheme = ColorScheme.Light, ViewportSize? size = null, bool reducedMotion = false)
    {
        Assert.SkipWhen(_browser is null, _missing);
        IBrowserContext context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = size ?? Phone,
            Locale = locale,
            ColorScheme = scheme,
            HasTouch = size is null,
            ReducedMotion = reducedMotion ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
        });
        // A busy machine is slow; what never comes does not come in a minute either.
        context.SetDefaultTimeout(PatienceMs);
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        return context;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}
