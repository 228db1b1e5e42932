using System.Text.Json;

namespace Tocsin.Formats.Events;

/// <summary>How events files spell the values of an enumeration: as the code does, in camel case, with the quotes.</summary>
internal static class EventNames<T> where T : struct, Enum
{
    private static readonly byte[][] s_quoted =
        [.. Enum.GetValues<T>().Select(v => JsonLineBuffer.Quoted(JsonNamingPolicy.CamelCase.ConvertName(v.ToString())))];

    /// <summary>The JSON of the value with this number; the enumerations of events count from 0 without gaps.</summary>
    public static ReadOnlySpan<byte> Of(int value) => s_quoted[value];
}
