namespace Tocsin.Cli.Demo;

/// <summary>Waits so that the time of a raid passes as the clock's, times a speed.</summary>
/// <param name="speed">How much faster than the clock the raid runs.</param>
/// <param name="host">The clock, the wait, and whether to stop.</param>
/// <param name="onTick">Told the raid's time about <see cref="TicksPerSecond"/> times in each second of the clock.</param>
internal sealed class Pacer(double speed, Host host, Action<Instant> onTick)
{
    /// <summary>How often a waiting picture is drawn anew.</summary>
    public const int TicksPerSecond = 10;

    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1.0 / TicksPerSecond);
    private Instant _start = Instant.MinValue;
    private long _startTimestamp;
    private long _lastTick;

    /// <summary>Waits until the raid's time has come to <paramref name="time"/>; the first call starts it there.</summary>
    /// <exception cref="OperationCanceledException">A signal asked the program to end.</exception>
    public void WaitFor(Instant time)
    {
        if (_start == Instant.MinValue)
        {
            _start = time;
            _startTimestamp = _lastTick = host.Clock.GetTimestamp();
        }
        while (true)
        {
            host.Stop.ThrowIfCancellationRequested();
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
