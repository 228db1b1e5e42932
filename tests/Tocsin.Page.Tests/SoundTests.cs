using static Microsoft.Playwright.Assertions;

namespace Tocsin.Page.Tests;

/// <summary>Sound, vibration and the screen lock, as the browser is asked for them.</summary>
public sealed class SoundTests(BrowserFixture browser)
{
    private static readonly Wording English = Wording.Of("en");

    // Notes every glide that begins, every vibration and every wake lock, and lets them happen.
    private const string Spy =
        """
        window.heard = { glides: [], vibrations: [], locks: 0 };
        const ramp = AudioParam.prototype.linearRampToValueAtTime;
        const set = AudioParam.prototype.setValueAtTime;
        AudioParam.prototype.setValueAtTime = function (v, t) { this.from = v; return set.call(this, v, t); };
        AudioParam.prototype.linearRampToValueAtTime = function (v, t) { if (v > 20) heard.glides.push([this.from, v]); return ramp.call(this, v, t); };
        Object.defineProperty(Navigator.prototype, 'vibrate', { configurable: true, value: (p) => { if (p !== 0) heard.vibrations.push(p); return true; } });
        Object.defineProperty(Navigator.prototype, 'wakeLock', { configurable: true, get: () => ({ request: async () => { heard.locks++; const e = new EventTarget(); e.released = false; e.release = async () => {}; return e; } }) });
        """;

    [Fact]
    public async Task Sound_is_on_after_a_touch_and_the_warning_and_its_end_sound_unlike()
    {
        await using PageStub stub = await PageStub.StartAsync();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage, script: Spy);
        ILocator button = open.Page.Locator("button.sound");
        await Expect(button).ToHaveTextAsync(English["soundOn"]);
        await Expect(open.Page.Locator(".note")).ToContainTextAsync(English["soundNote"]);
        stub.Say(new("warned", "drop", 60));
        await Expect(open.Heading).ToHaveTextAsync(English["adviceDrop"]);
        Assert.Equal(0, await CountAsync(open, "glides"));
        stub.Say(new());
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);

        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync(English["soundOff"]);
        await Expect(open.Page.Locator(".note")).ToContainTextAsync(English["screenStaysOn"]);
        Assert.Equal(1, await CountAsync(open, "glides"));
        stub.Say(new("warned", "drop", 60));
        await open.Page.WaitForFunctionAsync("() => heard.glides.filter(([a, b]) => b > a).length >= 3");
        // It goes on until it is turned off or over.
        await open.Page.WaitForFunctionAsync("() => heard.glides.filter(([a, b]) => b > a).length >= 6");
        stub.Say(new("over"));
        await open.Page.WaitForFunctionAsync("() => heard.glides.slice(-3).every(([a, b]) => a === b) && heard.glides.at(-1)[0] < heard.glides.at(-3)[0]");
        Assert.True(await open.Page.EvaluateAsync<bool>("() => heard.vibrations.some(p => p.length > 3) && heard.vibrations.at(-1).length === 1"));
        Assert.Equal(1, await open.Page.EvaluateAsync<int>("() => heard.locks"));

        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync(English["soundOn"]);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task The_choice_is_remembered_and_waits_honestly_for_a_touch()
    {
        await using PageStub stub = await PageStub.StartAsync("exercise");
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.ZonePage, script: Spy +
            // A browser that lets no sound out before a touch, as phones do; this headless one lets it out.
            """
            ;let touched = false; addEventListener('pointerdown', () => (touched = true));
            const resume = AudioContext.prototype.resume;
            AudioContext.prototype.resume = function () { return touched ? resume.call(this) : new Promise(() => {}); };
            Object.defineProperty(AudioContext.prototype, 'state', { get() { return touched ? 'running' : 'suspended'; } });
            """);
        ILocator button = open.Page.Locator("button.sound");
        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync(English["soundOff"]);
        await open.Page.ReloadAsync();
        await Expect(button).ToHaveTextAsync(English["soundPaused"]);
        // The first touch unlocks it, even where it is the button itself.
        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync(English["soundOff"]);
        // An exercise sounds its three pips first.
        int before = await CountAsync(open, "glides");
        stub.Say(new("warned", "shelter", 60));
        await open.Page.WaitForFunctionAsync("n => heard.glides.length >= n + 6", before);
        Assert.True(await open.Page.EvaluateAsync<bool>("n => heard.glides.slice(n, n + 3).every(([a, b]) => a === b)", before));
    }

    private static Task<int> CountAsync(OpenPage open, string what) => open.Page.EvaluateAsync<int>("what => heard[what].length", what);
}
