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
    private const int FixedDigits = 18;

    private static ReadOnlySpan<double> PowersOfTen =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    private static ReadOnlySpan<long> LongPowersOfTen =>
        [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
            1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
            1_000_000_000_000_000_000];

    /// <summary>Ten to the power <paramref name="exponent"/>, 0 to 18.</summary>
    public static long PowerOfTen(int exponent) => LongPowersOfTen[exponent];

    /// <summary>Reads a finite double, correctly rounded.</summary>
    public static NumberStatus ReadDouble(ReadOnlySpan<byte> text, out double value)
    {
        value = double.NaN;
        if (text.IsEmpty) return NumberStatus.Empty;
        if (Split(text, out bool negative, out long mantissa, out int digits, out int decimals) && digits <= ExactDigits && decimals <= ExactPowers)
        {
            double magnitude = mantissa / PowersOfTen[decimals];
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
        if (Split(text, out bool negative, out long mantissa, out int digits, out int decimals))
        {
            if (decimals > places)
            {
                long unit = PowerOfTen(decimals - places);
                mantissa = mantissa / unit + (mantissa % unit >= unit / 2 ? 1 : 0);
            }
            else
            {
                if (digits + places - decimals > FixedDigits && mantissa > long.MaxValue / PowerOfTen(places - decimals)) return NumberStatus.OutOfRange;
                mantissa *= PowerOfTen(places - decimals);
            }
            value = negative ? -mantissa : mantissa;
            return NumberStatus.Ok;
        }
        NumberStatus status = ReadDouble(text, out double approximate);
        if (status != NumberStatus.Ok) return status;
        if (Math.Abs(approximate) >= long.MaxValue / (double)PowerOfTen(places)) return NumberStatus.OutOfRange;
        // Texts with an exponent or more than 18 digits; a decimal holds 28.
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
                if (i - first > FixedDigits) return false;
            }
            else if (text[i] == '.' && point < 0) point = i;
            else return false;
        }
        digits = text.Length - first - (point >= 0 ? 1 : 0);
        decimals = point >= 0 ? text.Length - point - 1 : 0;
        return digits is > 0 and <= FixedDigits;
    }
}
