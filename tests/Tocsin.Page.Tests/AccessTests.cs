using static Microsoft.Playwright.Assertions;

namespace Tocsin.Page.Tests;

/// <summary>Whether everybody can use the page: axe-core, keyboard, sizes, zoom, motion.</summary>
public sealed class AccessTests(BrowserFixture browser)
{
    private static readonly Wording English = Wording.Of("en");

    private const string Misfits =
        """
        () => {
          const wrong = [];
          const root = document.documentElement;
          if (root.scrollWidth > innerWidth) wrong.push(root.scrollWidth + ' wide');
          for (const e of document.querySelectorAll('button, a, select, input')) {
            const box = e.getBoundingClientRect();
            if (e.checkVisibility() && (box.height < 44 || box.width < 44)) wrong.push('small: ' + e.outerHTML);
          }
          const h1 = document.querySelector('h1');
          h1.style.overflowWrap = 'normal';
          if (h1.scrollWidth > h1.clientWidth) wrong.push('a word is wider than the page: ' + h1.textContent);
          h1.style.overflowWrap = '';
          return wrong;
        }
        """;

    [Theory]
    [InlineData(ColorScheme.Light, "en")]
    [InlineData(ColorScheme.Dark, "ar")]
    public async Task Axe_finds_nothing_in_any_state(ColorScheme scheme, string tag)
    {
        Wording words = Wording.Of(tag);
        await using PageStub stub = await PageStub.StartAsync("exercise");
        await using OpenPage open = await OpenPage.AtAsync(
            await browser.ContextAsync(scheme: scheme, reducedMotion: true), stub.ZonePage + "?lang=" + tag, handClock: true);
        await Expect(open.Heading).ToHaveTextAsync(words["stateClear"]);
        Assert.Empty(await open.AxeAsync());

        stub.Say(new("warned", "awayFromWindows", 300));
        await Expect(open.Heading).ToHaveTextAsync(words["adviceAway"]);
        // A warning keeps 7:1.
        Assert.Empty(await open.AxeAsync("color-contrast-enhanced"));
        stub.Say(new("warned", "drop", -1));
        await Expect(open.Heading).ToHaveTextAsync(words["stayInCover"]);
        Assert.Empty(await open.AxeAsync("color-contrast-enhanced"));
        stub.Say(new("over"));
        await Expect(open.Heading).ToHaveTextAsync(words["stateOver"]);
        Assert.Empty(await open.AxeAsync());

        stub.Say(new("warned", "drop", 300));
        await Expect(open.Heading).ToHaveTextAsync(words["adviceDrop"]);
        stub.Refuse();
        await open.Page.Clock.FastForwardAsync(5000);
        await Expect(open.Contact).ToContainTextAsync(words["staleWords"]);
        Assert.Empty(await open.AxeAsync());
        await open.Page.Clock.FastForwardAsync(9000);
        await Expect(open.Heading).ToHaveTextAsync(words["stateUnprotected"]);
        Assert.Empty(await open.AxeAsync("color-contrast-enhanced"));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_the_start_page(ColorScheme scheme)
    {
        await using PageStub stub = await PageStub.StartAsync("test", otherZones: 14);
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(scheme: scheme), stub.Address + "/");
        await Expect(open.Page.Locator(".zones a")).ToHaveCountAsync(15);
        Assert.Empty(await open.AxeAsync());
    }

    [Fact]
    public async Task The_keyboard_alone_does_everything_and_a_raise_takes_no_focus_away()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);
        IKeyboard keys = open.Page.Keyboard;
        await keys.PressAsync("Tab");
        await Expect(open.Page.Locator("button.sound")).ToBeFocusedAsync();
        double outline = await open.Page.EvaluateAsync<double>("() => parseFloat(getComputedStyle(document.activeElement).outlineWidth)");
        Assert.True(outline >= 2);
        await keys.PressAsync("Enter");
        await Expect(open.Page.Locator("button.sound")).ToHaveTextAsync(English["soundOff"]);
        await keys.PressAsync("Tab");
        await Expect(open.Page.Locator("button.sound-test")).ToBeFocusedAsync();
        await keys.PressAsync("Tab");
        await Expect(open.Page.Locator("select")).ToBeFocusedAsync();
        stub.Say(new("warned", "drop", 60));
        await Expect(open.Heading).ToHaveTextAsync(English["adviceDrop"]);
        await Expect(open.Page.Locator("select")).ToBeFocusedAsync();
        await keys.TypeAsync("Fr");
        await Expect(open.Heading).ToHaveTextAsync(Wording.Of("fr")["adviceDrop"]);
        await Expect(open.Page.Locator("select")).ToBeFocusedAsync();
        stub.Say(new());
        await Expect(open.Heading).ToHaveTextAsync(Wording.Of("fr")["stateClear"]);
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Expect(open.Heading).ToHaveTextAsync(Wording.Of("fr")["startTitle"]);
    }

    [Fact]
    public async Task It_fits_any_width_with_targets_for_a_thumb_and_no_broken_word()
    {
        await using PageStub stub = await PageStub.StartAsync("exercise");
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        foreach ((ZoneSays says, string key) in ((ZoneSays, string)[])
            [(new("warned", "awayFromWindows", 300), "adviceAway"), (new("warned", "shelter", 300), "adviceShelter"), (new("warned", "drop", -1), "stayInCover")])
        {
            stub.Say(says);
            foreach (string tag in Wording.Tags)
            {
                await open.Page.Locator("select").SelectOptionAsync(tag);
                await Expect(open.Heading).ToHaveTextAsync(Wording.Of(tag)[key]);
                // 320 by 256 is a screen of 1280 by 1024 at 400 % zoom.
                foreach ((int width, int height) in ((int, int)[])[(390, 844), (844, 390), (320, 568), (320, 256), (1280, 800)])
                {
                    await open.Page.SetViewportSizeAsync(width, height);
                    string[] wrong = await open.Page.EvaluateAsync<string[]>(Misfits);
                    Assert.True(wrong.Length == 0, $"{tag} {width}x{height}: {string.Join("; ", wrong)}");
                    if (height < 600) continue;
                    // One hand: the button of the sound lies at the bottom of the first screen.
                    LocatorBoundingBoxResult box = (await open.Page.Locator("button.sound").BoundingBoxAsync())!;
                    Assert.InRange(box.Y, height * 0.6, height - box.Height);
                    await Expect(open.Heading).ToBeInViewportAsync(new() { Ratio = 1 });
                }
            }
        }
    }

    [Fact]
    public async Task Text_twice_as_large_hides_nothing()
    {
        await using PageStub stub = await PageStub.StartAsync(says: new("warned", "shelter", 300));
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage + "?lang=uk");
        await Expect(open.Number).ToBeVisibleAsync();
        await open.Page.AddStyleTagAsync(new() { Content = "html { font-size: 200% }" });
        Assert.True(await open.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= 390);
    }

    [Fact]
    public async Task Motion_is_slow_and_stops_where_it_is_unwanted()
    {
        await using PageStub stub = await PageStub.StartAsync(says: new("warned", "drop", 300));
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        await Expect(open.Heading).ToHaveTextAsync(English["adviceDrop"]);
        const string Periods = "() => document.getAnimations().map(a => Number(a.effect.getTiming().duration))";
        double[] periods = await open.Page.EvaluateAsync<double[]>(Periods);
        Assert.NotEmpty(periods);
        Assert.All(periods, ms => Assert.True(ms > 1000 / 3.0));
        await open.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        Assert.Empty(await open.Page.EvaluateAsync<double[]>(Periods));
    }
}
