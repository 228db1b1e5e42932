using Tocsin.Formats;
using Tocsin.Server.Live;
using Tocsin.Server.Ports;

namespace Tocsin.Server.Feeds;

/// <summary>A raid as a feed: a demonstration's plots come the way a radar's do, each at the moment of its arrival by the site's clock.</summary>
internal sealed class RaidFeed(FeedSettings settings, IRaid raid, SiteClock site, TimeProvider wall) : Feed(settings.Name, settings.Uri)
{
    /// <summary>What is set about such a feed.</summary>
    public static FeedSettings Settings(IRaid raid) => new() { Name = "raid", Kind = FeedKind.File, Uri = new("raid:" + TocsinServer.SiteKey(raid.Title)), Shift = TimeShift.None };

    /// <inheritdoc/>
    public override async Task RunAsync(IFeedSink sink, CancellationToken stop)
    {
        foreach ((Instant arrival, Plot plot) in raid.Plots)
        {
            await RaidPace.UntilAsync(arrival, site, wall, stop).ConfigureAwait(false);
            sink.Heard(1);
            sink.Take(CanonicalPlot.Of(plot), WallClock.InstantOf(wall.GetUtcNow()));
        }
    }
}

/// <summary>Waits for moments of a Site's clock.</summary>
internal static class RaidPace
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(100), s_shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits until the Site's clock has come to a time.</summary>
    public static async Task UntilAsync(Instant time, SiteClock clock, TimeProvider wall, CancellationToken stop)
    {
        while (time.SecondsSince(clock.Now) / clock.Speed is > 0 and var ahead)
        {
            TimeSpan wait = TimeSpan.FromSeconds(Math.Min(ahead, s_longest.TotalSeconds));
            await Task.Delay(wait < s_shortest ? s_shortest : wait, wall, stop).ConfigureAwait(false);
        }
    }
}
