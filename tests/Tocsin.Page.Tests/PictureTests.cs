using static Microsoft.Playwright.Assertions;

namespace Tocsin.Page.Tests;

/// <summary>Pictures of every state, by day and by night and in every language, kept below <c>out/screenshots</c> for people to look at.</summary>
public sealed class PictureTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, "actual")]
    [InlineData(ColorScheme.Dark, "exercise")]
    public async Task Pictures(ColorScheme scheme, string status)
    {
        await using PageStub stub = await PageStub.StartAsync(status);
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(scheme: scheme), stub.ZonePage, handClock: true);
        (string Name, ZoneSays Says, string Key, string[] Tags)[] states =
        [
            ("clear", new(), "stateClear", Wording.Tags),
            ("drop", new("warned", "drop", 5.9), "adviceDrop", ["en"]),
            ("away", new("warned", "awayFromWindows", 14.9), "adviceAway", ["en"]),
            ("shelter", new("warned", "shelter", 24.9), "adviceShelter", Wording.Tags),
            ("cover", new("warned", "shelter", 0), "stayInCover", ["en", "uk"]),
            ("over", new("over"), "stateOver", ["en", "he"]),
            ("retracted", new("over", Retracted: true), "stateRetracted", ["en", "ar"]),
        ];
        foreach (var state in states)
        {
            stub.Say(state.Says);
            await KeepAsync(open, state.Name, state.Key, state.Tags, scheme);
        }
        stub.Refuse();
        await open.Page.Clock.FastForwardAsync(5000);
        await Expect(open.Page.Locator("[data-contact=stale]")).ToBeVisibleAsync();
        await KeepAsync(open, "stale", "stateRetracted", ["en"], scheme);
        await open.Page.Clock.FastForwardAsync(7000);
        await KeepAsync(open, "unprotected", "stateUnprotected", Wording.Tags, scheme);
    }

    private static async Task KeepAsync(OpenPage open, string state, string key, string[] tags, ColorScheme scheme)
    {
        foreach (string tag in tags)
        {
            await open.Page.Locator("select").SelectOptionAsync(tag);
            await Expect(open.Heading).ToHaveTextAsync(Wording.Of(tag)[key]);
            await open.KeepPictureAsync($"{state}-{tag}-{(scheme == ColorScheme.Light ? "light" : "dark")}");
        }
    }
}
