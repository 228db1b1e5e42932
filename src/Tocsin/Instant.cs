namespace Tocsin;

/// <summary>An instant on the UTC time line: a count of 100 ns since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX).</summary>
/// <remarks>Not a duration and not a clock. Floating-point seconds appear only as differences from another instant.</remarks>
/// <param name="Ticks">Count of 100 ns since the POSIX epoch.</param>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>Ticks in one second.</summary>
    public const long TicksPerSecond = 10_000_000;

    /// <summary>The earliest instant, before any plot.</summary>
    public static Instant MinValue { get; } = new(long.MinValue);

    /// <summary>The seconds from <paramref name="earlier"/> to this instant, negative where it is later.</summary>
    public double SecondsSince(Instant earlier) => (Ticks - earlier.Ticks) / (double)TicksPerSecond;

    /// <summary>This instant moved by <paramref name="seconds"/>, rounded to the nearest tick.</summary>
    public Instant AddSeconds(double seconds) => new(Ticks + (long)Math.Round(seconds * TicksPerSecond));

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    /// <summary>Whether <paramref name="a"/> is earlier than <paramref name="b"/>.</summary>
    public static bool operator <(Instant a, Instant b) => a.Ticks < b.Ticks;

    /// <summary>Whether <paramref name="a"/> is later than <paramref name="b"/>.</summary>
    public static bool operator >(Instant a, Instant b) => a.Ticks > b.Ticks;

    /// <summary>Whether <paramref name="a"/> is not later than <paramref name="b"/>.</summary>
    public static bool operator <=(Instant a, Instant b) => a.Ticks <= b.Ticks;

    /// <summary>Whether <paramref name="a"/> is not earlier than <paramref name="b"/>.</summary>
    public static bool operator >=(Instant a, Instant b) => a.Ticks >= b.Ticks;

    /// <summary>RFC 3339 in UTC, milliseconds at least and more digits only where the instant has them.</summary>
    public override string ToString()
    {
        if (Ticks < -DateTime.UnixEpoch.Ticks || Ticks > DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) return "out of range";
        var utc = new DateTime(Ticks + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc);
        return utc.ToString(Ticks % 10_000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'",
            System.Globalization.CultureInfo.InvariantCulture);
    }
}
