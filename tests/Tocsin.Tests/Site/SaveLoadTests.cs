namespace Tocsin.Tests;

/// <summary>A Site taken over in the middle of a raid goes on as if nothing had happened.</summary>
public sealed class SaveLoadTests
{
    [Fact]
    public void A_loaded_site_says_what_the_saved_one_would_have_said()
    {
        foreach (double share in (double[])[0.05, 0.35, 0.6, 0.85])
        {
            int cut = (int)(share * SiteTests.Raid.Count);
            var (site, said) = Run(SiteTests.Raid[..cut]);
            byte[] state = site.Save();
            ulong hash = site.Hash();
            Site taken = Site.Load(site.Definition, OperationStatus.Test, state);
            Assert.Equal(hash, taken.Hash());
            Assert.Equal(state, taken.Save());

            var onward = new Recorder();
            Go(site, said, SiteTests.Raid[cut..]);
            int before = said.Lines.Count;
            Go(taken, onward, SiteTests.Raid[cut..]);
            Assert.NotEmpty(onward.Lines);
            Assert.Equal(said.Lines.TakeLast(onward.Lines.Count), onward.Lines);
            Assert.Equal(site.Hash(), taken.Hash());
            Assert.True(before >= onward.Lines.Count);
        }
    }

    [Fact]
    public void The_hash_follows_the_state_and_nothing_else()
    {
        (Site a, _) = Run(SiteTests.Raid[..(SiteTests.Raid.Count / 2)]);
        (Site b, _) = Run(SiteTests.Raid[..(SiteTests.Raid.Count / 2)]);
        Assert.Equal(a.Hash(), b.Hash());
        Assert.Equal(a.Hash(), a.Hash());
        (Site c, _) = Run(SiteTests.Raid[..(SiteTests.Raid.Count / 2 + 1)]);
        Assert.NotEqual(a.Hash(), c.Hash());
    }

    [Fact]
    public void A_state_that_is_cut_spoilt_or_of_another_place_is_refused()
    {
        (Site site, _) = Run(SiteTests.Raid[..(SiteTests.Raid.Count * 3 / 4)]);
        byte[] state = site.Save();
        for (int length = 0; length < state.Length; length += 97)
            Assert.Throws<FormatException>(() => Site.Load(site.Definition, OperationStatus.Test, state[..length]));
        Assert.Throws<FormatException>(() => Site.Load(site.Definition, OperationStatus.Test, [.. state, 0]));
        Assert.Throws<FormatException>(() => Site.Load(site.Definition with { Name = "elsewhere" }, OperationStatus.Test, state));
        Assert.Throws<FormatException>(() => Site.Load(site.Definition, OperationStatus.Actual, state));
    }

    private static (Site, Recorder) Run(IReadOnlyList<Plot> plots)
    {
        var said = new Recorder();
        var site = new Site(SiteTests.Place, OperationStatus.Test);
        Go(site, said, plots);
        return (site, said);
    }

    private static void Go(Site site, Recorder said, IReadOnlyList<Plot> plots)
    {
        Instant now = site.Now;
        foreach (Plot plot in plots)
        {
            if (plot.Time > now) now = plot.Time;
            site.Accept(plot);
            site.Advance(now, said);
        }
    }
}
