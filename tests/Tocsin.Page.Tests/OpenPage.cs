using System.Text.Json;
using Tocsin.TestSupport;

namespace Tocsin.Page.Tests;

/// <summary>A page in a profile of its own, with what its console complained about.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> _complaints = [];

    private OpenPage(IBrowserContext context, IPage page)
    {
        Context = context;
        Page = page;
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            // A refused request is what several tests are about; everything else is a defect, a breach of the security policy above all.
            if (message.Type == "error" && !message.Text.Contains("Failed to load resource", StringComparison.Ordinal)) _complaints.Add(message.Text);
        };
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>Errors and breaches of the content security policy, so far.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public ILocator Heading => Page.Locator("h1");

    public ILocator Number => Page.Locator(".number");

    public ILocator Mark => Page.Locator(".mark");

    public ILocator Assertive => Page.Locator("[aria-live=assertive]");

    public ILocator Polite => Page.Locator("[aria-live=polite]");

    public ILocator Contact => Page.Locator(".contact");

    /// <summary>Opens an address in a fresh profile.</summary>
    /// <param name="context">The profile; closed with this page.</param>
    /// <param name="address">Where to.</param>
    /// <param name="handClock">Whether the page's clocks can be moved by the test (they also run by themselves).</param>
    /// <param name="script">Run in the page before its own.</param>
    public static async Task<OpenPage> AtAsync(IBrowserContext context, string address, bool handClock = false, string? script = null)
    {
        if (script is not null) await context.AddInitScriptAsync(script);
        OpenPage open = new(context, await context.NewPageAsync());
        if (handClock) await open.Page.Clock.InstallAsync();
        await open.Page.GotoAsync(address);
        return open;
    }

    public async ValueTask DisposeAsync() => await Context.CloseAsync();

    /// <summary>Waits until an element's text begins with these words.</summary>
    public Task BeginsAsync(string selector, string words) =>
        Page.WaitForFunctionAsync("([s, w]) => document.querySelector(s)?.textContent.startsWith(w)", new[] { selector, words });

    /// <summary>Waits until an asynchronous function of the page gives something, and gives that.</summary>
    public Task<T> PollAsync<T>(string function) => Page.EvaluateAsync<T>(
        $$"""
        async () => {
          for (const end = performance.now() + 60000; performance.now() < end; await new Promise((r) => setTimeout(r, 50))) {
            const value = await ({{function}})();
            if (value) return value;
          }
          throw new Error('waited in vain');
        }
        """);

    /// <summary>Keeps a picture below <c>out/screenshots</c>, for people to look at.</summary>
    public async Task KeepPictureAsync(string name)
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "out", "screenshots");
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), Animations = ScreenshotAnimations.Disabled });
    }

    /// <summary>What axe-core finds against WCAG 2.2 AA; skips the running test where axe-core is not installed.</summary>
    /// <param name="alsoRules">Rules beyond level AA.</param>
    public async Task<string[]> AxeAsync(params string[] alsoRules)
    {
        string source = Path.Combine(SharedData.RepositoryRoot, "web", "node_modules", "axe-core", "axe.min.js");
        Assert.SkipUnless(File.Exists(source), "axe-core is not installed: npm ci in web/");
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window")) await Page.EvaluateAsync(await File.ReadAllTextAsync(source));
        string found = await Page.EvaluateAsync<string>(
            """
            async (alsoRules) => {
              const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
              const rules = Object.fromEntries(alsoRules.map((rule) => [rule, { enabled: true }]));
              const { violations, passes } = await axe.run(document, { runOnly: { type: 'tag', values: levels }, rules });
              if (passes.length < 5) return JSON.stringify(['axe checked next to nothing']);
              return JSON.stringify(violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html + ' ' + n.failureSummary).join(' | ')));
            }
            """, alsoRules);
        return JsonSerializer.Deserialize<string[]>(found)!;
    }
}
