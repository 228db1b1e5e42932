using static Microsoft.Playwright.Assertions;

namespace Tocsin.Page.Tests;

/// <summary>The page of a zone as people see it: states, marks, directions, and what it says when it hears nothing.</summary>
public sealed class ZonePageTests(BrowserFixture browser)
{
    private static readonly Wording English = Wording.Of("en");
    private static readonly ZoneSays Clear = new();
    private static readonly ZoneSays Over = new("over");

    private static ZoneSays Warned(double inS = 30, string advice = "shelter", bool drill = false) => new("warned", advice, inS, drill);

    [Fact]
    public async Task A_warning_appears_with_its_advice_counts_down_and_clears()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);
        await Expect(open.Page.Locator(".zone-name")).ToHaveTextAsync("Annex");
        await Expect(open.Page.Locator(".mark-band")).ToBeHiddenAsync();

        stub.Say(Warned(inS: 4.5));
        await Expect(open.Heading).ToHaveTextAsync(English["adviceShelter"]);
        await Expect(open.Number).ToHaveTextAsync("4");
        await Expect(open.Assertive).ToContainTextAsync(English["adviceShelter"] + ". " + English["warnedWords"] + " Annex.");
        Assert.Contains(English["adviceShelter"], await open.Page.TitleAsync(), StringComparison.Ordinal);
        await Expect(open.Number).ToHaveTextAsync("2");
        await Expect(open.Heading).ToHaveTextAsync(English["stayInCover"]);
        await Expect(open.Number).ToBeHiddenAsync();

        stub.Say(Over);
        await Expect(open.Heading).ToHaveTextAsync(English["stateOver"]);
        await Expect(open.Polite).ToContainTextAsync(English["stateOver"]);
        stub.Say(Clear);
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Each_advice_is_the_largest_text_of_the_first_screen()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        foreach ((string advice, string key) in ((string, string)[])[("drop", "adviceDrop"), ("awayFromWindows", "adviceAway"), ("shelter", "adviceShelter")])
        {
            stub.Say(Warned(advice: advice));
            await Expect(open.Heading).ToHaveTextAsync(English[key]);
            await Expect(open.Heading).ToBeInViewportAsync(new() { Ratio = 1 });
            await Expect(open.Number).ToBeInViewportAsync(new() { Ratio = 1 });
            double size = await open.Heading.EvaluateAsync<double>("e => parseFloat(getComputedStyle(e).fontSize)");
            double rest = await open.Page.EvaluateAsync<double>(
                "() => Math.max(...[...document.querySelectorAll('main p, main li, footer *')].map(e => parseFloat(getComputedStyle(e).fontSize)))");
            Assert.True(size >= 1.8 * rest, $"{size} against {rest}");
        }
    }

    [Fact]
    public async Task A_withdrawn_warning_is_said_to_be_withdrawn()
    {
        await using PageStub stub = await PageStub.StartAsync(says: Warned());
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        await Expect(open.Heading).ToHaveTextAsync(English["adviceShelter"]);
        stub.Say(new("over", Retracted: true));
        await Expect(open.Heading).ToHaveTextAsync(English["stateRetracted"]);
        await Expect(open.Polite).ToContainTextAsync(English["retractedWords"]);
    }

    [Fact]
    public async Task The_countdown_goes_by_the_sites_clock_at_the_sites_speed()
    {
        // The site is in 2020 and runs at four times the phone's pace. The page itself takes both readings: on a loaded machine this test would come late for them.
        await using PageStub stub = await PageStub.StartAsync(speed: 4, says: Warned(inS: 59));
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        await open.Page.WaitForFunctionAsync("() => document.querySelector('.number')");
        double rate = await open.Page.EvaluateAsync<double>("""
            () => new Promise(done => {
                const read = () => Number(document.querySelector('.number')?.textContent ?? 'NaN'), first = read(), at = performance.now();
                const timer = setInterval(() => {
                    if (read() > first - 12) return;
                    clearInterval(timer);
                    done((first - read()) / ((performance.now() - at) / 1000));
                }, 20);
            })
            """);
        Assert.InRange(rate, 2.7, 5);
    }

    [Fact]
    public async Task What_is_not_real_is_marked_first_in_sight_and_in_speech()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        foreach ((string status, bool drill, string key) in ((string, bool, string)[])
            [("exercise", false, "markExercise"), ("test", false, "markTest"), ("actual", true, "markDrill")])
        {
            stub.Status = status;
            stub.Say(Warned(drill: drill));
            await Expect(open.Mark).ToHaveTextAsync(English[key]);
            await Expect(open.Mark).ToBeInViewportAsync(new() { Ratio = 1 });
            await open.BeginsAsync("[aria-live=assertive]", English[key + "Words"]);
            Assert.StartsWith(English[key], await open.Page.TitleAsync(), StringComparison.Ordinal);
            Assert.StartsWith(English[key], (await open.Page.Locator("#app").InnerTextAsync()).TrimStart(), StringComparison.Ordinal);
            // Also when the page is scrolled to its end.
            await open.Page.EvaluateAsync("() => scrollTo(0, document.documentElement.scrollHeight)");
            await Expect(open.Mark).ToBeInViewportAsync(new() { Ratio = 1 });
        }
    }

    [Fact]
    public async Task A_real_warning_that_ends_a_drill_says_that_it_is_real()
    {
        await using PageStub stub = await PageStub.StartAsync(says: Warned(drill: true));
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        await Expect(open.Mark).ToHaveTextAsync(English["markDrill"]);
        stub.Say(Warned(20));
        await Expect(open.Mark).ToBeHiddenAsync();
        await open.BeginsAsync("[aria-live=assertive]", English["notDrill"]);
    }

    [Fact]
    public async Task Each_language_has_its_words_and_its_direction()
    {
        await using PageStub stub = await PageStub.StartAsync(says: Warned(300));
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        foreach (string tag in Wording.Tags)
        {
            Wording words = Wording.Of(tag);
            await open.Page.GotoAsync(stub.ZonePage + "?lang=" + tag);
            await Expect(open.Heading).ToHaveTextAsync(words["adviceShelter"]);
            await Expect(open.Page.Locator("html")).ToHaveAttributeAsync("lang", tag);
            await Expect(open.Page.Locator("html")).ToHaveAttributeAsync("dir", words.Direction);
            // The name really stands on the side where that language begins.
            LocatorBoundingBoxResult name = (await open.Page.Locator(".zone-name").BoundingBoxAsync())!;
            Assert.Equal(words.Direction == "rtl", name.X + name.Width / 2 > BrowserFixture.Phone.Width / 2.0);
            await Expect(open.Page.Locator(".unreviewed")).ToBeVisibleAsync(new() { Visible = !stub.Reviewed.Contains(tag) });
        }
    }

    [Fact]
    public async Task The_phones_own_language_is_taken_and_a_choice_is_remembered()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync("fr-CA"), stub.ZonePage);
        await Expect(open.Heading).ToHaveTextAsync(Wording.Of("fr")["stateClear"]);
        await open.Page.Locator("select").SelectOptionAsync("he");
        await Expect(open.Heading).ToHaveTextAsync(Wording.Of("he")["stateClear"]);
        await open.Page.ReloadAsync();
        await Expect(open.Heading).ToHaveTextAsync(Wording.Of("he")["stateClear"]);
        await open.Page.GotoAsync(stub.ZonePage + "?lang=uk");
        await Expect(open.Heading).ToHaveTextAsync(Wording.Of("uk")["stateClear"]);
        // A choice beats the address that it was made on.
        await open.Page.Locator("select").SelectOptionAsync("ar");
        await open.Page.ReloadAsync();
        await Expect(open.Heading).ToHaveTextAsync(Wording.Of("ar")["stateClear"]);
    }

    [Fact]
    public async Task A_lost_connection_is_dated_then_nobody_is_protected_and_it_resumes_by_itself()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage, handClock: true);
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);
        stub.Refuse();
        await open.Page.Clock.FastForwardAsync(4000);
        await Expect(open.Contact).ToContainTextAsync(English["staleWords"]);
        await Expect(open.Contact).ToContainTextAsync("seconds ago");
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);
        await open.Page.Clock.FastForwardAsync(7000);
        await Expect(open.Heading).ToHaveTextAsync(English["stateUnprotected"]);
        await Expect(open.Polite).ToContainTextAsync(English["stateUnprotected"]);
        await open.KeepPictureAsync("lost-connection");

        // What happened in between is on the page as soon as there is a connection.
        stub.Say(Warned(25, "drop"));
        stub.Resume();
        await Expect(open.Heading).ToHaveTextAsync(English["adviceDrop"]);
        await Expect(open.Assertive).ToContainTextAsync(English["adviceDrop"]);
        await Expect(open.Contact).ToContainTextAsync(English["connected"]);
    }

    [Fact]
    public async Task A_stream_that_dies_without_a_word_under_a_warning_keeps_people_in_cover()
    {
        await using PageStub stub = await PageStub.StartAsync("exercise", says: Warned());
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage, handClock: true);
        await Expect(open.Heading).ToHaveTextAsync(English["adviceShelter"]);
        stub.FallSilent();
        stub.Refuse();
        // The phone slept, and wakes up twenty minutes later.
        await open.Page.Clock.FastForwardAsync("20:00");
        await Expect(open.Heading).ToHaveTextAsync(English["stateUnprotected"]);
        await Expect(open.Page.Locator(".lost-warning")).ToHaveTextAsync(English["lostWhileWarned"]);
        await Expect(open.Contact).ToContainTextAsync("minutes ago");
        await Expect(open.Mark).ToHaveTextAsync(English["markExercise"]);
        await open.KeepPictureAsync("lost-under-warning");
        stub.Say(Over);
        stub.Resume();
        await Expect(open.Heading).ToHaveTextAsync(English["stateOver"]);
    }

    [Fact]
    public async Task An_open_stream_without_beats_is_not_believed()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage, handClock: true);
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);
        // Requests are cut off as well: they would give a state.
        await open.Page.RouteAsync("**/api/public/zones/*", route => route.AbortAsync());
        stub.FallSilent();
        await open.Page.Clock.FastForwardAsync(11_000);
        await Expect(open.Heading).ToHaveTextAsync(English["stateUnprotected"]);
    }

    [Fact]
    public async Task A_zone_that_the_site_does_not_know_says_that_it_cannot_warn()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.Address + "/zone/nowhere");
        await Expect(open.Heading).ToHaveTextAsync(English["stateUnknown"]);
        await open.Page.Locator("a.button").ClickAsync();
        await Expect(open.Heading).ToHaveTextAsync(English["startTitle"]);
    }

    [Fact]
    public async Task A_name_is_text_whatever_it_holds()
    {
        const string Name = "<img src=x onerror=alert(1)> ‮annex";
        await using PageStub stub = await PageStub.StartAsync(zoneName: Name);
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage);
        await Expect(open.Page.Locator(".zone-name")).ToHaveTextAsync(Name);
        Assert.Equal(0, await open.Page.Locator("#app img").CountAsync());
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Nothing_is_kept_but_language_and_sound_and_no_position_is_asked()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage, script:
            "navigator.geolocation.getCurrentPosition = navigator.geolocation.watchPosition = () => console.error('asked for a position');");
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);
        await open.Page.Locator("select").SelectOptionAsync("uk");
        await open.Page.Locator("button.sound").ClickAsync();
        Assert.Empty(await open.Context.CookiesAsync());
        Assert.Equal(["tocsin.language", "tocsin.sound"], await open.Page.EvaluateAsync<string[]>("() => Object.keys(localStorage).sort()"));
        Assert.Equal(0, await open.Page.EvaluateAsync<int>("() => sessionStorage.length"));
        Assert.Empty(await open.Page.EvaluateAsync<string[]>("async () => (await indexedDB.databases()).map(d => d.name)"));
        Assert.All(stub.Asked, path => Assert.StartsWith("/api/public/", path, StringComparison.Ordinal));
        Assert.Empty(open.Complaints);
    }
}
