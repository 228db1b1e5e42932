using System.Buffers;

namespace Tocsin.Server.Messages;

/// <summary>Counts text as wireless alerts do.</summary>
/// <remarks>
/// 90 and 360 characters are the limits of 47 CFR 10.430 (Wireless Emergency Alerts). What a character is depends on how the cell broadcast carries it
/// (3GPP TS 23.038): a text all of whose characters are in the GSM 7-bit default alphabet (6.2.1) goes out in septets, where the ten characters of the
/// extension table (6.2.1.1) take two; any other text goes out whole in UCS-2, one unit for each UTF-16 code unit. Arabic, Hebrew and Ukrainian
/// are always UCS-2; one letter such as ê makes a French text so. A page of a cell broadcast holds 82 octets: 93 septets or 41 UCS-2 units, and a
/// message at most 15 pages (TS 23.041, 9.4.1), so that 360 of either fit.
/// </remarks>
public static class WirelessLength
{
    /// <summary>The short limit: phones and networks without LTE.</summary>
    public const int Short = 90;

    /// <summary>The long limit.</summary>
    public const int Long = 360;

    /// <summary>Septets of one page.</summary>
    public const int SeptetsPerPage = 93;

    /// <summary>UCS-2 units of one page.</summary>
    public const int Ucs2PerPage = 41;

    private static readonly SearchValues<char> Basic = SearchValues.Create(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");

    private static readonly SearchValues<char> Extension = SearchValues.Create("\f^{}\\[~]|€");

    /// <summary>Whether a text can go out in septets.</summary>
    public static bool IsGsm7(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
            if (!Basic.Contains(c) && !Extension.Contains(c)) return false;
        return true;
    }

    /// <summary>Characters of a text as the limits count them.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        if (!IsGsm7(text)) return text.Length;
        int n = text.Length;
        foreach (char c in text)
            if (Extension.Contains(c)) n++;
        return n;
    }

    /// <summary>Pages of a cell broadcast that a text takes.</summary>
    public static int Pages(ReadOnlySpan<char> text)
    {
        int perPage = IsGsm7(text) ? SeptetsPerPage : Ucs2PerPage;
        return Math.Max(1, (Of(text) + perPage - 1) / perPage);
    }
}
