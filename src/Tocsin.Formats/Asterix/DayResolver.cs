namespace Tocsin.Formats.Asterix;

/// <summary>Gives times of day their date: the one that brings a message nearest to when it must have been sent.</summary>
/// <remarks>With the time of capture that is within 12 h of it. Without, the first message is of the date given, and each later one within
/// 12 h of those before it. Midnight is so crossed in both directions, late messages from before it included.</remarks>
internal sealed class DayResolver
{
    private const long TicksPerDay = 86_400 * Instant.TicksPerSecond;

    // A single message whose clock is wrong must not take the following ones with it; two that agree are a gap in the data.
    private const long AgreementTicks = 60 * Instant.TicksPerSecond;

    private readonly DateOnly? _date;
    private Instant? _reference;
    private Instant _previous = Instant.MinValue;

    public DayResolver(DateOnly? date) => _date = date;

    /// <summary>The instant of a time of day; null where nothing says which day it is.</summary>
    /// <param name="timeOfDay">Ticks since midnight UTC.</param>
    /// <param name="captured">When the message was captured; null where that is not known.</param>
    public Instant? Resolve(long timeOfDay, Instant? captured)
    {
        if (_date is null) return captured is { } when ? Nearest(timeOfDay, when) : null;
        if (_reference is not { } reference)
        {
            long midnight = (_date.Value.ToDateTime(TimeOnly.MinValue) - DateTime.UnixEpoch).Ticks;
            _reference = _previous = new Instant(midnight + timeOfDay);
            return _reference;
        }
        Instant time = Nearest(timeOfDay, reference);
        if (Agree(time, reference) || Agree(time, _previous)) _reference = time;
        _previous = time;
        return time;
    }

    private static bool Agree(Instant a, Instant b) => Math.Abs(a.Ticks - b.Ticks) <= AgreementTicks;

    private static Instant Nearest(long timeOfDay, Instant reference)
    {
        (long day, long rest) = long.DivRem(reference.Ticks - timeOfDay + TicksPerDay / 2, TicksPerDay);
        if (rest < 0) day--;
        return new Instant(day * TicksPerDay + timeOfDay);
    }
}
