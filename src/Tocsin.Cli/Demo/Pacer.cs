namespace Tocsin.Cli.Demo;

/// <summary>Passes plots on at the pace at which they were measured, times a speed.</summary>
/// <param name="next">Who gets them.</param>
/// <param name="speed">How much faster than the clock the time of the plots runs.</param>
/// <param name="host">The clock, the wait, and whether to stop.</param>
/// <param name="onTick">Told the time of the plots about <see cref="TicksPerSecond"/> times in each second of the clock.</param>
internal sealed class Pacer(IPlotSink next, double speed, Host host, Action<Instant> onTick) : IPlotSink
{
    /// <summary>How often a waiting picture is drawn anew.</summary>
    public const int TicksPerSecond = 10;

    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1.0 / TicksPerSecond);
    private Instant _start = Instant.MinValue;
    private long _startTimestamp;
    private long _lastTick;

    /// <inheritdoc/>
    public void Feed(in Plot plot)
    {
        WaitFor(plot.Time);
        host.Stop.ThrowIfCancellationRequested();
        next.Feed(plot);
    }

    /// <inheritdoc/>
    public void Reject(in Rejection rejection) => next.Reject(rejection);

    private void WaitFor(Instant time)
    {
        if (_start == Instant.MinValue)
        {
            _start = time;
            _startTimestamp = _lastTick = host.Clock.GetTimestamp();
        }
        while (!host.Stop.IsCancellationRequested)
        {
            Instant now = _start.AddSeconds(host.Clock.GetElapsedTime(_startTimestamp).TotalSeconds * speed);
            if (host.Clock.GetElapsedTime(_lastTick) >= s_tick)
            {
                _lastTick = host.Clock.GetTimestamp();
                onTick(now);
            }
            double aheadS = time.SecondsSince(now) / speed;
            if (aheadS <= 0) return;
            host.Wait(TimeSpan.FromSeconds(Math.Min(aheadS, s_tick.TotalSeconds)));
        }
    }
}
