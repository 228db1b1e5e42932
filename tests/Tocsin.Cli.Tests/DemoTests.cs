namespace Tocsin.Cli.Tests;

/// <summary>The demonstration's pace on a clock of the test's own.</summary>
public class DemoTests
{
    private static readonly Instant s_start = new(16_084_890_000_000_000);

    [Theory]
    [InlineData(1, 20)]
    [InlineData(4, 5)]
    [InlineData(0.5, 40)]
    public void A_raid_of_20_s_takes_that_time_over_the_speed(double speed, double expectedS)
    {
        var clock = new ManualClock();
        var pacer = new Pacer(speed, new Host { OpenOutput = () => Stream.Null, Error = TextWriter.Null, Clock = clock, Waiting = clock.Advance });
        for (double s = 0; s <= 20; s += 0.25)
        {
            pacer.WaitFor(s_start.AddSeconds(s));
            Assert.Equal(s / speed, clock.ElapsedS, 1e-3);
        }
        Assert.Equal(expectedS, clock.ElapsedS, 1e-3);
    }

    [Fact]
    public void A_late_loop_catches_up_without_waiting()
    {
        var clock = new ManualClock();
        var pacer = new Pacer(1, new Host { OpenOutput = () => Stream.Null, Error = TextWriter.Null, Clock = clock, Waiting = clock.Advance });
        pacer.WaitFor(s_start);
        clock.Advance(TimeSpan.FromSeconds(3));
        pacer.WaitFor(s_start.AddSeconds(2));
        Assert.Equal(3, clock.ElapsedS, 1e-6);
    }

    [Fact]
    public void A_signal_ends_the_wait()
    {
        using var stop = new CancellationTokenSource();
        var pacer = new Pacer(1, new Host { OpenOutput = () => Stream.Null, Error = TextWriter.Null, Clock = new ManualClock(), Stop = stop.Token, Waiting = _ => stop.Cancel() });
        pacer.WaitFor(s_start);
        Assert.Throws<OperationCanceledException>(() => pacer.WaitFor(s_start.AddSeconds(3600)));
    }

    /// <summary>A clock that moves only when it is told to.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public double ElapsedS => _ticks / (double)TimeSpan.TicksPerSecond;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += Math.Max(1, time.Ticks);
    }
}
