using Tocsin.Formats;
using Tocsin.Server.Live;
using Tocsin.Server.Ports;

namespace Tocsin.Server.Control;

/// <summary>Plays a raid's plots to a live Site, each at the moment of its arrival by the Site's clock.</summary>
public static class RaidPlayer
{
    private const double QuietS = 2;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100), s_shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>Plays until the last plot has come and the Site has nothing left to wait for.</summary>
    /// <param name="raid">The raid.</param>
    /// <param name="site">The Site.</param>
    /// <param name="wall">The machine's clock.</param>
    /// <param name="shiftToNow">Whether the raid's times are moved so that it begins now by the Site's clock: a drill beside a site at work.</param>
    /// <param name="stop">Breaks off.</param>
    public static async Task PlayAsync(IRaid raid, LiveSite site, TimeProvider wall, bool shiftToNow, CancellationToken stop)
    {
        SiteClock clock = site.Runner.Clock;
        long shift = shiftToNow ? clock.Now.Ticks - raid.Start.Ticks : 0;
        foreach ((Instant came, Plot plot) in raid.Plots)
        {
            var arrival = new Instant(came.Ticks + shift);
            while (arrival.SecondsSince(clock.Now) / clock.Speed is > 0 and var ahead)
            {
                TimeSpan wait = TimeSpan.FromSeconds(ahead);
                await Task.Delay(wait > s_look ? s_look : wait < s_shortest ? s_shortest : wait, wall, stop).ConfigureAwait(false);
            }
            site.Runner.Queue.Offer(new Feeds.QueuedPlot(CanonicalPlot.Of(plot with { Time = new(plot.Time.Ticks + shift) }), WallClock.InstantOf(wall.GetUtcNow()), -1));
        }
        Instant last = clock.Now;
        while (!site.IsIdle || site.Runner.Queue.Count > 0 || clock.Now.SecondsSince(last) < QuietS)
            await Task.Delay(s_look, wall, stop).ConfigureAwait(false);
    }
}
