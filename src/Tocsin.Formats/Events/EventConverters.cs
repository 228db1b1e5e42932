using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tocsin.Formats.Text;

namespace Tocsin.Formats.Events;

/// <summary>Reads one kind of value; events files are written by <see cref="EventWriter"/> alone.</summary>
internal abstract class ReadingConverter<T> : JsonConverter<T>
{
    // Longer than any instant, id or name.
    protected const int TextBytes = 64;

    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        throw new NotSupportedException("events are written by EventWriter");

    /// <summary>Copies a short string, its escapes resolved, and gives its length; 0 where it is no string or longer.</summary>
    protected static int ShortText(ref Utf8JsonReader reader, scoped Span<byte> room) =>
        reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= room.Length ? reader.CopyString(room) : 0;
}

/// <summary>RFC 3339 in UTC.</summary>
internal sealed class InstantConverter : ReadingConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[TextBytes];
        text = text[..ShortText(ref reader, text)];
        return InstantText.TryParse(text, out Instant instant) ? instant : throw new JsonException("an instant is not RFC 3339 in UTC");
    }
}

/// <summary>A letter and a number from 1: <c>T12</c>.</summary>
internal abstract class IdConverter<T>(char letter) : ReadingConverter<T>
{
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[TextBytes];
        text = text[..ShortText(ref reader, text)];
        if (text.Length > 1 && text[0] == letter && int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return Of(number);
        throw new JsonException($"an id is not {letter} and a number");
    }

    protected abstract T Of(int number);
}

/// <summary>The id of a track.</summary>
internal sealed class TrackIdConverter() : IdConverter<TrackId>('T')
{
    protected override TrackId Of(int number) => new(number);
}

/// <summary>The id of a warning.</summary>
internal sealed class WarningIdConverter() : IdConverter<WarningId>('W')
{
    protected override WarningId Of(int number) => new(number);
}

/// <summary>A finite number; null is NaN.</summary>
internal sealed class NullAsNaNConverter : ReadingConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null) return double.NaN;
        double value = reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : throw new JsonException("a number is not a number");
        return double.IsFinite(value) ? value : throw new JsonException("a number is out of range");
    }
}

/// <summary>A value of an enumeration, by the name that the writer gives it.</summary>
internal sealed class NameConverter<T> : ReadingConverter<T> where T : struct, Enum
{
    private static readonly T[] s_values = Enum.GetValues<T>();

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[TextBytes];
        text = text[..ShortText(ref reader, text)];
        for (int i = 0; i < s_values.Length; i++)
            if (EventNames<T>.Of(i)[1..^1].SequenceEqual(text)) return s_values[i];
        throw new JsonException($"a name is none of {typeof(T).Name}");
    }
}
