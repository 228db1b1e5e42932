using static Microsoft.Playwright.Assertions;

namespace Tocsin.Page.Tests;

/// <summary>Pictures of every language by day and by night, kept below <c>out/screenshots</c> for people to look at.</summary>
public sealed class PictureTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("en")]
    [InlineData("ar")]
    [InlineData("fr")]
    [InlineData("he")]
    [InlineData("uk")]
    public async Task Pictures(string tag)
    {
        Wording words = Wording.Of(tag);
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            string name = $"{tag}-{(scheme == ColorScheme.Light ? "light" : "dark")}";
            await using PageStub stub = await PageStub.StartAsync(scheme == ColorScheme.Light ? "actual" : "exercise");
            await using OpenPage open = await OpenPage.AtAsync(
                await browser.ContextAsync(scheme: scheme), stub.ZonePage + "?lang=" + tag, handClock: true);
            (string, ZoneSays, string)[] states =
            [
                ("clear", new(), "stateClear"), ("drop", new("warned", "drop", 5.9), "adviceDrop"), ("away", new("warned", "awayFromWindows", 14.9), "adviceAway"),
                ("shelter", new("warned", "shelter", 24.9), "adviceShelter"), ("cover", new("warned", "shelter", 0), "stayInCover"),
                ("over", new("over"), "stateOver"), ("retracted", new("over", Retracted: true), "stateRetracted"),
            ];
            foreach ((string state, ZoneSays says, string key) in states)
            {
                stub.Say(says);
                await Expect(open.Heading).ToHaveTextAsync(words[key]);
                await open.KeepPictureAsync($"{state}-{name}");
            }
            stub.Refuse();
            await open.Page.Clock.FastForwardAsync(11_000);
            await Expect(open.Heading).ToHaveTextAsync(words["stateUnprotected"]);
            await open.KeepPictureAsync($"unprotected-{name}");
        }
    }
}
