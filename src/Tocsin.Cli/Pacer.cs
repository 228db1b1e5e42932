namespace Tocsin.Cli;

/// <summary>Waits so that the time of a raid passes as the clock's, times a speed.</summary>
/// <param name="speed">How much faster than the clock the raid runs.</param>
/// <param name="host">The clock, the wait, and whether to stop.</param>
internal sealed class Pacer(double speed, Host host)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(100);
    private Instant _start = Instant.MinValue;
    private long _startTimestamp;

    /// <summary>Waits until the raid's time has come to <paramref name="time"/>; the first call starts it there.</summary>
    /// <exception cref="OperationCanceledException">A signal asked the program to end.</exception>
    public void WaitFor(Instant time)
    {
        if (_start == Instant.MinValue) (_start, _startTimestamp) = (time, host.Clock.GetTimestamp());
        while (true)
        {
            host.Stop.ThrowIfCancellationRequested();
            Instant now = _start.AddSeconds(host.Clock.GetElapsedTime(_startTimestamp).TotalSeconds * speed);
            double aheadS = time.SecondsSince(now) / speed;
            if (aheadS <= 0) return;
            host.Wait(TimeSpan.FromSeconds(Math.Min(aheadS, s_longest.TotalSeconds)));
        }
    }
}
