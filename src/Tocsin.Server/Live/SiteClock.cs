namespace Tocsin.Server.Live;

/// <summary>The time that a live Site goes by.</summary>
public abstract class SiteClock
{
    /// <summary>The Site's time now.</summary>
    public abstract Instant Now { get; }

    /// <summary>How many seconds of the Site pass in one of the machine's.</summary>
    public virtual double Speed => 1;
}

/// <summary>The machine's own clock in UTC: the clock of every real site.</summary>
public sealed class WallClock(TimeProvider clock) : SiteClock
{
    /// <inheritdoc/>
    public override Instant Now => InstantOf(clock.GetUtcNow());

    /// <summary>An instant as the core counts it.</summary>
    public static Instant InstantOf(DateTimeOffset time) => new(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks);
}

/// <summary>A raid's own time, which starts at a given moment and runs at a given speed.</summary>
public sealed class ExerciseClock(TimeProvider clock, Instant start, double speed) : SiteClock
{
    private readonly long _began = clock.GetTimestamp();

    /// <inheritdoc/>
    public override Instant Now => start.AddSeconds(clock.GetElapsedTime(_began).TotalSeconds * speed);

    /// <inheritdoc/>
    public override double Speed => speed;
}

/// <summary>A clock that stands until it is moved on.</summary>
internal sealed class StepClock : SiteClock
{
    /// <summary>The Site's time.</summary>
    public required Instant Time { get; set; }

    /// <inheritdoc/>
    public override Instant Now => Time;
}
