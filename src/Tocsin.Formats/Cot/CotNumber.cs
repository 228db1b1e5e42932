using System.Globalization;

namespace Tocsin.Formats.Cot;

/// <summary>Numbers as CoT writes them: <c>xs:decimal</c>, which knows no exponent, no infinity and no NaN.</summary>
internal static class CotNumber
{
    /// <summary>The shortest text that reads as the same number, without an exponent.</summary>
    public static string Write(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 0) return text;
        int exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string sign = text[0] == '-' ? "-" : "", digits = text[sign.Length..e];
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        int whole = (point < 0 ? digits.Length : point) + exponent;
        digits = digits.Replace(".", "", StringComparison.Ordinal);
        if (whole <= 0) return $"{sign}0.{new string('0', -whole)}{digits}";
        return whole >= digits.Length ? sign + digits.PadRight(whole, '0') : $"{sign}{digits[..whole]}.{digits[whole..]}";
    }

    /// <summary>Reads a number. An exponent is accepted, as programs in the field write one; nothing that is not finite is.</summary>
    public static bool TryRead(string? text, out double value)
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        value = 0;
        return text is { Length: > 0 and <= CotLimits.NumberCharacters }
            && double.TryParse(text, styles, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }
}
