using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tocsin.Formats.Text;

namespace Tocsin.Server.Channels;

/// <summary>A <see cref="WarningMessage"/> as JSON and back, with nothing lost: what is kept for a restart, and what webhooks send.</summary>
/// <remarks>Names are camelCase; an instant is RFC 3339 in UTC, or its count of ticks where it has no such text; ids are as people read them
/// (<c>"W3"</c>, <c>"T12"</c>); a position is [longitude, latitude] in degrees; acts, status and advice are names.</remarks>
public static class WarningMessageJson
{
    /// <summary>Bytes of the longest message that is read.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="tracks">Whether the tracks behind it are written; they are for roles that may have them.</param>
    public static byte[] Write(WarningMessage message, bool tracks = true) =>
        JsonSerializer.SerializeToUtf8Bytes(tracks ? message : message with { Tracks = [] }, WarningMessageContext.Default.WarningMessage);

    /// <summary>Writes a message into another document.</summary>
    public static void Write(Utf8JsonWriter to, WarningMessage message, bool tracks = true) =>
        JsonSerializer.Serialize(to, tracks ? message : message with { Tracks = [] }, WarningMessageContext.Default.WarningMessage);

    /// <summary>Reads a message; null, and the reason, where it is none.</summary>
    public static WarningMessage? Read(ReadOnlySpan<byte> utf8, out string reason)
    {
        reason = "";
        if (utf8.Length > MaxBytes)
        {
            reason = $"longer than {MaxBytes} bytes";
            return null;
        }
        try
        {
            if (JsonSerializer.Deserialize(utf8, WarningMessageContext.Default.WarningMessage) is { } message) return Whole(message, out reason);
            reason = "null is no message";
        }
        catch (JsonException e)
        {
            reason = e.Message;
        }
        return null;
    }

    /// <summary>Lists that were left out are empty; what must be there is.</summary>
    private static WarningMessage? Whole(WarningMessage m, out string reason)
    {
        reason = "";
        if (string.IsNullOrEmpty(m.Identity) || m.Site is null || m.Zone is null || m.Zone.Id is null || m.Zone.Name is null) reason = "identity, site or zone is null";
        else if (m.Revision < 1) reason = "a revision counts from 1";
        else if (!m.Texts.IsDefault && m.Texts.Any(t => t is null)) reason = "a text is null";
        if (reason.Length > 0) return null;
        ZonePlace zone = m.Zone!.Polygons.IsDefault ? m.Zone with { Polygons = [] } : m.Zone;
        if (zone.Polygons.Any(p => p.IsDefault || p.Any(r => r.IsDefault)))
        {
            reason = "a polygon or a ring is null";
            return null;
        }
        return m with
        {
            Zone = zone,
            Tracks = m.Tracks.IsDefault ? [] : m.Tracks,
            Prior = m.Prior.IsDefault ? [] : m.Prior,
            Texts = m.Texts.IsDefault ? [] : m.Texts,
        };
    }

    /// <summary>How JSON that leaves by a channel is escaped: people's languages are readable in it, and nothing of it is put into HTML.</summary>
    internal static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    AllowDuplicateProperties = false,
    Converters = [typeof(InstantConverter), typeof(WarningIdConverter), typeof(TrackIdConverter), typeof(LonLatConverter), typeof(ActConverter), typeof(StatusConverter), typeof(AdviceConverter)])]
[JsonSerializable(typeof(WarningMessage))]
internal sealed partial class WarningMessageContext : JsonSerializerContext;

internal sealed class ActConverter() : JsonStringEnumConverter<WarningAct>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class StatusConverter() : JsonStringEnumConverter<OperationStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class AdviceConverter() : JsonStringEnumConverter<Advice>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>An instant as its text; as its count of ticks where the years 1 to 9999 do not hold it.</summary>
internal sealed class InstantConverter : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long ticks)) return new Instant(ticks);
        if (reader.TokenType == JsonTokenType.String && Encoding.UTF8.GetBytes(reader.GetString()!) is { Length: <= InstantText.MaxBytes } text && InstantText.TryParse(text, out Instant instant)) return instant;
        throw new JsonException("an instant is RFC 3339 in UTC");
    }

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options)
    {
        if (value < InstantText.Earliest || value > InstantText.Latest)
        {
            writer.WriteNumberValue(value.Ticks);
            return;
        }
        Span<byte> text = stackalloc byte[InstantText.MaxBytes];
        writer.WriteStringValue(text[..InstantText.Write(text, value)]);
    }
}

/// <summary>An id as a letter and a number.</summary>
internal abstract class IdConverter<T>(char letter) : JsonConverter<T> where T : struct
{
    protected abstract T Of(int number);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 1 } text && text[0] == letter &&
        int.TryParse(text.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? Of(number)
            : throw new JsonException($"an id is {letter} and a number");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class WarningIdConverter() : IdConverter<WarningId>('W')
{
    protected override WarningId Of(int number) => new(number);
}

internal sealed class TrackIdConverter() : IdConverter<TrackId>('T')
{
    protected override TrackId Of(int number) => new(number);
}

/// <summary>A position as GeoJSON has it: [longitude, latitude].</summary>
internal sealed class LonLatConverter : JsonConverter<LonLat>
{
    public override LonLat Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartArray && Next(ref reader) is { } longitude && Next(ref reader) is { } latitude && reader.Read() && reader.TokenType == JsonTokenType.EndArray)
            return new LonLat(longitude, latitude);
        throw new JsonException("a position is [longitude, latitude]");

        static double? Next(ref Utf8JsonReader r) => r.Read() && r.TokenType == JsonTokenType.Number && r.TryGetDouble(out double v) ? v : null;
    }

    public override void Write(Utf8JsonWriter writer, LonLat value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.LongitudeDeg);
        writer.WriteNumberValue(value.LatitudeDeg);
        writer.WriteEndArray();
    }
}
