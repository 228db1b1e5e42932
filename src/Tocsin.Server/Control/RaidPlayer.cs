using Tocsin.Formats;
using Tocsin.Server.Feeds;
using Tocsin.Server.Live;
using Tocsin.Server.Ports;

namespace Tocsin.Server.Control;

/// <summary>Plays a raid beside a site at work, moved so that it begins now by the site's clock.</summary>
public static class RaidPlayer
{
    private const double QuietS = 2;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>Plays until the last plot has come and the Site has nothing left to wait for.</summary>
    public static async Task PlayAsync(IRaid raid, LiveSite site, TimeProvider wall, CancellationToken stop)
    {
        SiteClock clock = site.Runner.Clock;
        long shift = clock.Now.Ticks - raid.Start.Ticks;
        foreach ((Instant arrival, Plot plot) in raid.Plots)
        {
            await RaidPace.UntilAsync(new(arrival.Ticks + shift), clock, wall, stop).ConfigureAwait(false);
            site.Runner.Queue.Offer(new QueuedPlot(CanonicalPlot.Of(plot with { Time = new(plot.Time.Ticks + shift) }), WallClock.InstantOf(wall.GetUtcNow()), -1));
        }
        await IdleAsync(site, clock.Now, wall, stop).ConfigureAwait(false);
    }

    /// <summary>Waits until a Site has nothing left to wait for, some seconds after a moment.</summary>
    public static async Task IdleAsync(LiveSite site, Instant since, TimeProvider wall, CancellationToken stop)
    {
        while (!site.IsIdle || site.Runner.Queue.Count > 0 || site.Runner.Clock.Now.SecondsSince(since) < QuietS)
            await Task.Delay(s_look, wall, stop).ConfigureAwait(false);
    }
}
