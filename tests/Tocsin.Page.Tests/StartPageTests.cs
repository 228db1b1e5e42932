using static Microsoft.Playwright.Assertions;

namespace Tocsin.Page.Tests;

/// <summary>The start page: what this is, and the way to one's zone.</summary>
public sealed class StartPageTests(BrowserFixture browser)
{
    private static readonly Wording English = Wording.Of("en");

    [Fact]
    public async Task It_leads_to_the_zone_and_to_the_operators_page()
    {
        await using PageStub stub = await PageStub.StartAsync("exercise");
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.Address + "/");
        await Expect(open.Heading).ToHaveTextAsync(English["startTitle"]);
        await Expect(open.Mark).ToHaveTextAsync(English["markExercise"]);
        await Expect(open.Page.Locator(".controls a")).ToHaveAttributeAsync("href", "/operator");
        await open.KeepPictureAsync("start-en-light");
        await open.Page.GetByText("Annex").ClickAsync();
        await Expect(open.Heading).ToHaveTextAsync(English["stateClear"]);
        Assert.Equal(stub.ZonePage, open.Page.Url);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Among_many_zones_one_is_found_by_its_name()
    {
        await using PageStub stub = await PageStub.StartAsync(otherZones: 40);
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.Address + "/?lang=ar");
        ILocator zones = open.Page.Locator(".zones a");
        await Expect(zones).ToHaveCountAsync(41);
        // In the order that people count in, not that of characters.
        Assert.Equal(["Zone 9", "Zone 10"], (await zones.AllInnerTextsAsync()).Where(z => z is "Zone 9" or "Zone 10"));
        await open.Page.Locator("input").FillAsync("anN");
        await Expect(zones).ToHaveCountAsync(1);
        await open.Page.Locator("input").FillAsync("nowhere");
        await Expect(open.Contact).ToHaveTextAsync(Wording.Of("ar")["zonesNone"]);
        await open.Page.Locator("input").FillAsync("annex");
        await zones.ClickAsync();
        // The language goes along.
        await Expect(open.Heading).ToHaveTextAsync(Wording.Of("ar")["stateClear"]);
    }

    [Fact]
    public async Task Without_the_server_it_says_so_and_tries_again()
    {
        await using PageStub stub = await PageStub.StartAsync();
        stub.Refuse();
        await using OpenPage open = await OpenPage.AtAsync(await browser.ContextAsync(), stub.Address + "/");
        await Expect(open.Contact).ToHaveTextAsync(English["zonesFailed"]);
        stub.Resume();
        await Expect(open.Page.Locator(".zones a")).ToHaveCountAsync(3);
    }
}
