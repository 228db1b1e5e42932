using Tocsin.Formats.GeoJson;
using Tocsin.Server.Live;
using Tocsin.Server.Tests.Channels;

namespace Tocsin.Server.Tests.Live;

/// <summary>Memory that serves again: never while somebody still reads it, and with the whole state each time.</summary>
public sealed class SavedStateTests
{
    private static readonly SiteFile s_site = ChannelSamples.Site();

    [Fact]
    public void A_state_is_whole_in_memory_that_has_served_before_and_not_overwritten_while_it_is_read()
    {
        var pool = new StatePool();
        var site = new Site(s_site.Definition, OperationStatus.Test);
        byte[] expected = site.Save();
        SavedState first = pool.Of(site), shared = first.Share();
        first.Release();
        SavedState second = pool.Of(site);
        Assert.False(first.Bytes.Span.Overlaps(second.Bytes.Span));
        shared.Release();
        second.Release();
        for (int i = 0; i < 3; i++)
        {
            SavedState again = pool.Of(site);
            Assert.True(first.Bytes.Span.Overlaps(again.Bytes.Span) || second.Bytes.Span.Overlaps(again.Bytes.Span));
            Assert.Equal(expected, again.Bytes.ToArray());
            again.Release();
        }
    }
}
