using System.Text.Json;

namespace Tocsin.Formats.Inspect;

/// <summary>What a line of JSON Lines says at its top level: the two members that every event has.</summary>
/// <param name="Type">Its type; empty for none.</param>
/// <param name="Time">Its time as written; empty for none.</param>
internal readonly record struct JsonLine(string Type, string Time)
{
    /// <summary>Reads a line; false where it is not one JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out JsonLine result)
    {
        result = new("", "");
        var reader = new Utf8JsonReader(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool type = reader.ValueTextEquals("type"u8), time = reader.ValueTextEquals("time"u8);
                reader.Read();
                if (type && reader.TokenType == JsonTokenType.String) result = result with { Type = reader.GetString()! };
                else if (time && reader.TokenType == JsonTokenType.String) result = result with { Time = reader.GetString()! };
                else reader.Skip();
            }
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
