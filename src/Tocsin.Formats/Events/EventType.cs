using System.Text.Json;

namespace Tocsin.Formats.Events;

/// <summary>What a line of an events file is.</summary>
internal enum EventType
{
    Malformed,
    Unknown,
    RecordingOpened,
    Plot,
    TrackConfirmed,
    TrackUpdated,
    TrackEnded,
    ImpactPredicted,
    WarningRaised,
    WarningUpdated,
    WarningCleared,
    SensorState,
    InputRejected,
    RecordingSealed,
}

/// <summary>Finds out what a line is without reading the rest of it.</summary>
internal static class EventTypes
{
    private static readonly (byte[] Name, EventType Type)[] s_types =
    [
        ("track.updated"u8.ToArray(), EventType.TrackUpdated),
        ("plot"u8.ToArray(), EventType.Plot),
        ("impact.predicted"u8.ToArray(), EventType.ImpactPredicted),
        ("track.confirmed"u8.ToArray(), EventType.TrackConfirmed),
        ("track.ended"u8.ToArray(), EventType.TrackEnded),
        ("warning.raised"u8.ToArray(), EventType.WarningRaised),
        ("warning.updated"u8.ToArray(), EventType.WarningUpdated),
        ("warning.cleared"u8.ToArray(), EventType.WarningCleared),
        ("sensor.state"u8.ToArray(), EventType.SensorState),
        ("input.rejected"u8.ToArray(), EventType.InputRejected),
        ("recording.opened"u8.ToArray(), EventType.RecordingOpened),
        ("recording.sealed"u8.ToArray(), EventType.RecordingSealed),
    ];

    /// <summary>The type of a line; malformed where it is no whole object with a type.</summary>
    public static EventType Of(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> head = "{\"type\":\""u8;
        if (!line.TrimEnd(" \t\r"u8).EndsWith("}"u8)) return EventType.Malformed;
        if (!line.StartsWith(head)) return OfAnyOrder(line);
        ReadOnlySpan<byte> name = line[head.Length..];
        int end = name.IndexOf((byte)'"');
        if (end < 0) return EventType.Malformed;
        return name[..end].Contains((byte)'\\') ? OfAnyOrder(line) : OfName(name[..end]);
    }

    private static EventType OfName(ReadOnlySpan<byte> name)
    {
        foreach ((byte[] known, EventType type) in s_types)
            if (name.SequenceEqual(known)) return type;
        return EventType.Unknown;
    }

    /// <summary>The type of a line that another program wrote, with white space or its members in another order.</summary>
    private static EventType OfAnyOrder(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return EventType.Malformed;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isType = reader.ValueTextEquals("type"u8);
                reader.Read();
                if (!isType)
                {
                    reader.Skip();
                    continue;
                }
                if (reader.TokenType != JsonTokenType.String) return EventType.Malformed;
                foreach ((byte[] known, EventType type) in s_types)
                    if (reader.ValueTextEquals(known)) return type;
                return EventType.Unknown;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON.
        }
        return EventType.Malformed;
    }
}
