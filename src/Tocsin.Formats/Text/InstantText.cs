namespace Tocsin.Formats.Text;

/// <summary>Instants as RFC 3339 in UTC, as <see cref="Instant.ToString"/> writes them, to and from UTF-8 without a string between.</summary>
public static class InstantText
{
    /// <summary>Bytes of the longest text.</summary>
    public const int MaxBytes = 28;

    private const int DateAndTimeBytes = 19;
    private const int TickDigits = 7;

    /// <summary>The earliest instant with a text: the year 1.</summary>
    public static Instant Earliest { get; } = new(-DateTime.UnixEpoch.Ticks);

    /// <summary>The latest instant with a text: the year 9999.</summary>
    public static Instant Latest { get; } = new(DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks);

    /// <summary>Writes an instant and gives the count of bytes; one outside the years 1 to 9999 is written as the nearest end.</summary>
    public static int Write(Span<byte> to, Instant instant)
    {
        long ticks = Math.Clamp(instant.Ticks, Earliest.Ticks, Latest.Ticks) + DateTime.UnixEpoch.Ticks;
        DateOnly.FromDayNumber((int)(ticks / TimeSpan.TicksPerDay)).Deconstruct(out int year, out int month, out int day);
        long ofDay = ticks % TimeSpan.TicksPerDay;
        uint second = (uint)(ofDay / TimeSpan.TicksPerSecond), fraction = (uint)(ofDay % TimeSpan.TicksPerSecond);
        Two(to, (uint)year / 100);
        Two(to[2..], (uint)year % 100);
        to[4] = (byte)'-';
        Two(to[5..], (uint)month);
        to[7] = (byte)'-';
        Two(to[8..], (uint)day);
        to[10] = (byte)'T';
        Two(to[11..], second / 3600);
        to[13] = (byte)':';
        Two(to[14..], second / 60 % 60);
        to[16] = (byte)':';
        Two(to[17..], second % 60);
        to[19] = (byte)'.';
        bool milliseconds = fraction % TimeSpan.TicksPerMillisecond == 0;
        if (milliseconds) fraction /= (uint)TimeSpan.TicksPerMillisecond;
        int end = 20 + (milliseconds ? 3 : TickDigits);
        for (int i = end - 1; i >= 20; i--, fraction /= 10) to[i] = (byte)('0' + fraction % 10);
        to[end] = (byte)'Z';
        return end + 1;
    }

    /// <summary>Reads RFC 3339 in UTC (<c>Z</c>), with no fraction or one of up to seven digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (text.Length <= DateAndTimeBytes || text[^1] != 'Z') return false;
        if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
        if (!Digits(text[..4], out int year) || !Digits(text[5..7], out int month) || !Digits(text[8..10], out int day) ||
            !Digits(text[11..13], out int hour) || !Digits(text[14..16], out int minute) || !Digits(text[17..19], out int second)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return false;
        ReadOnlySpan<byte> fraction = text[DateAndTimeBytes..^1];
        int ticks = 0;
        if (!fraction.IsEmpty)
        {
            if (fraction[0] != '.' || fraction.Length is < 2 or > TickDigits + 1 || !Digits(fraction[1..], out ticks)) return false;
            for (int i = fraction.Length - 1; i < TickDigits; i++) ticks *= 10;
        }
        instant = new Instant(new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + ticks - DateTime.UnixEpoch.Ticks);
        return true;
    }

    private static void Two(Span<byte> to, uint value)
    {
        to[1] = (byte)('0' + value % 10);
        to[0] = (byte)('0' + value / 10);
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (byte b in text)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9) return false;
            value = value * 10 + (int)digit;
        }
        return true;
    }
}
