using System.Globalization;

namespace Tocsin.Simulation.Campaigns;

/// <summary>Cells of comma-separated values (RFC 4180; lines end in a line feed).</summary>
public static class CsvText
{
    /// <summary>A figure: the shortest text that reads back to the same bits; nothing where there is none.</summary>
    public static string Of(double? value) => value is { } v ? v.ToString("R", CultureInfo.InvariantCulture) : "";

    /// <summary>A whole number.</summary>
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text, in quotes where it needs them.</summary>
    public static string Of(string? text) => text is null ? "" : text.AsSpan().IndexOfAny("\",\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A line.</summary>
    public static string Line(IEnumerable<string> cells) => string.Join(',', cells) + "\n";
}
