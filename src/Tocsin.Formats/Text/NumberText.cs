using System.Globalization;

namespace Tocsin.Formats.Text;

/// <summary>How reading a number from text ended.</summary>
internal enum NumberStatus
{
    Ok,
    Empty,
    NotANumber,
    NotFinite,
    OutOfRange,
}

/// <summary>Numbers from decimal text: exact fixed point, and correctly rounded floating point with a quick way for short texts.</summary>
internal static class NumberText
{
    // Ten to the power of these is exact in a double, and so is a mantissa of up to 15 digits: one correctly rounded division or
    // product of the two is then the correctly rounded value (Clinger, "How to read floating point numbers accurately", PLDI 1990).
    private const int ExactPowers = 22;
    private const int ExactDigits = 15;
    private const int MostDigits = 18;
    private const long LastBeforeOverflow = long.MaxValue / 10 - 1;

    private static readonly double[] s_powersOfTen =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    private static readonly long[] s_longPowersOfTen =
        [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
            1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
            1_000_000_000_000_000_000];

    /// <summary>Ten to the power <paramref name="exponent"/>, 0 to 18.</summary>
    public static long PowerOfTen(int exponent) => s_longPowersOfTen[exponent];

    /// <summary>Reads a finite double, correctly rounded.</summary>
    public static NumberStatus ReadDouble(ReadOnlySpan<byte> text, out double value)
    {
        value = double.NaN;
        if (text.IsEmpty) return NumberStatus.Empty;
        if (Split(text, out bool negative, out long mantissa, out int digits, out int decimals) && digits <= ExactDigits && decimals <= ExactPowers)
        {
            double magnitude = mantissa / s_powersOfTen[decimals];
            value = negative ? -magnitude : magnitude;
            return NumberStatus.Ok;
        }
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed)) return NumberStatus.NotANumber;
        if (!double.IsFinite(parsed)) return NumberStatus.NotFinite;
        value = parsed;
        return NumberStatus.Ok;
    }

    /// <summary>Reads a decimal number as a count of 10^-<paramref name="places"/>: exact, further digits rounded to the nearest, ties away from zero.</summary>
    public static NumberStatus ReadFixed(ReadOnlySpan<byte> text, int places, out long value)
    {
        value = 0;
        if (text.IsEmpty) return NumberStatus.Empty;
        bool negative = text[0] == '-';
        int i = negative || text[0] == '+' ? 1 : 0, digits = 0, decimals = -1;
        long count = 0, next = 0;
        for (; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit > 9)
            {
                if (text[i] != '.' || decimals >= 0) return ReadUnusual(text, places, out value);
                decimals = 0;
                continue;
            }
            digits++;
            // The first digit left out decides the rounding alone, since a tie goes away from zero.
            if (decimals >= places)
            {
                if (decimals++ == places) next = digit;
                continue;
            }
            if (count > LastBeforeOverflow) return ReadUnusual(text, places, out value);
            count = count * 10 + digit;
            if (decimals >= 0) decimals++;
        }
        if (digits == 0) return NumberStatus.NotANumber;
        long unit = PowerOfTen(Math.Max(0, places - Math.Max(0, decimals)));
        if (count > LastBeforeOverflow * 10 / unit) return ReadUnusual(text, places, out value);
        count = count * unit + (next >= 5 ? 1 : 0);
        value = negative ? -count : count;
        return NumberStatus.Ok;
    }

    /// <summary>Numbers with an exponent, which a decimal holds to 28 digits, and those that do not fit.</summary>
    private static NumberStatus ReadUnusual(ReadOnlySpan<byte> text, int places, out long value)
    {
        value = 0;
        NumberStatus status = ReadDouble(text, out double approximate);
        if (status != NumberStatus.Ok) return status;
        if (Math.Abs(approximate) >= long.MaxValue / (double)PowerOfTen(places)) return NumberStatus.OutOfRange;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact)) return NumberStatus.OutOfRange;
        exact = Math.Round(exact * PowerOfTen(places), MidpointRounding.AwayFromZero);
        if (Math.Abs(exact) > long.MaxValue) return NumberStatus.OutOfRange;
        value = (long)exact;
        return NumberStatus.Ok;
    }

    /// <summary>Takes plain decimal text apart: sign, digits, point, digits; false for anything else or for more than 18 digits.</summary>
    private static bool Split(ReadOnlySpan<byte> text, out bool negative, out long mantissa, out int digits, out int decimals)
    {
        mantissa = 0;
        digits = decimals = 0;
        int i = 0;
        negative = text[0] == '-';
        if (negative || text[0] == '+') i = 1;
        int point = -1, first = i;
        for (; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                mantissa = mantissa * 10 + digit;
                if (i - first > MostDigits) return false;
            }
            else if (text[i] == '.' && point < 0) point = i;
            else return false;
        }
        digits = text.Length - first - (point >= 0 ? 1 : 0);
        decimals = point >= 0 ? text.Length - point - 1 : 0;
        return digits is > 0 and <= MostDigits;
    }
}
