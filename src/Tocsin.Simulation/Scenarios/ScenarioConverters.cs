using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tocsin.Simulation.Scenarios;

/// <summary>Names of an enumeration as the file writes them: camel case, one of those there are.</summary>
internal abstract class NameConverter<T>(params T[] allowed) : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        foreach (T value in allowed)
            if (Name(value) == name) return value;
        throw new JsonException($"'{name ?? reader.TokenType.ToString()}' is not one of: {string.Join(", ", allowed.Select(Name))}");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Name(value));

    // Grades keep their capital letter; every other name begins small.
    private static string Name(T value)
    {
        string name = value.ToString();
        return name.Length == 1 ? name : JsonNamingPolicy.CamelCase.ConvertName(name);
    }
}

/// <summary>The kinds of rounds.</summary>
internal sealed class RoundKindConverter() : NameConverter<Kind>(Kind.Rocket, Kind.Artillery, Kind.Mortar);

internal sealed class GradeConverter() : NameConverter<SourceGrade>(Enum.GetValues<SourceGrade>());

internal sealed class SolveForConverter() : NameConverter<SolveFor>(Enum.GetValues<SolveFor>());

internal sealed class DragShapeConverter() : NameConverter<DragShape>(Enum.GetValues<DragShape>());

internal sealed class ScanModeConverter() : NameConverter<ScanMode>(Enum.GetValues<ScanMode>());

internal sealed class PreferenceConverter() : NameConverter<Preference>(Enum.GetValues<Preference>());

internal sealed class CampaignDesignConverter() : NameConverter<CampaignDesign>(Enum.GetValues<CampaignDesign>());

internal sealed class ClutterSpreadConverter() : NameConverter<ClutterSpread>(Enum.GetValues<ClutterSpread>());

internal sealed class DoctrineConverter() : NameConverter<Doctrine>(Enum.GetValues<Doctrine>());

internal sealed class ShellFuzeConverter() : NameConverter<ShellFuze>(Enum.GetValues<ShellFuze>());

/// <summary>An instant in RFC 3339, in UTC: an offset or a missing one would be a guess.</summary>
internal sealed class InstantConverter : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && InstantText.TryParse(reader.GetString()!, out Instant instant)
            ? instant
            : throw new JsonException("not an instant in UTC; write it like \"2020-12-20T17:30:00Z\"");

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>A number, or [least, most].</summary>
internal sealed class IntervalConverter : JsonConverter<Interval>
{
    public override Interval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            double value = reader.GetDouble();
            return new(value, value);
        }
        Span<double> ends = stackalloc double[2];
        return JsonNumbers.TryRead(ref reader, ends) && ends[0] <= ends[1]
            ? new(ends[0], ends[1])
            : throw new JsonException("not a range; write one number, or [least, most] with the least first");
    }

    public override void Write(Utf8JsonWriter writer, Interval value, JsonSerializerOptions options) =>
        JsonNumbers.Write(writer, [value.Min, value.Max]);
}

/// <summary>[longitude, latitude] in degrees, in the order of GeoJSON (RFC 7946, section 3.1.1).</summary>
internal sealed class LonLatConverter : JsonConverter<LonLat>
{
    public override LonLat Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<double> at = stackalloc double[2];
        return JsonNumbers.TryRead(ref reader, at) && IsOnEarth(at[0], at[1])
            ? new(at[0], at[1])
            : throw new JsonException("not a place; write [longitude, latitude] in degrees");
    }

    public override void Write(Utf8JsonWriter writer, LonLat value, JsonSerializerOptions options) =>
        JsonNumbers.Write(writer, [value.LongitudeDeg, value.LatitudeDeg]);

    // Near the poles east and north turn within a site; no site is there.
    public static bool IsOnEarth(double longitudeDeg, double latitudeDeg) => Math.Abs(longitudeDeg) <= 180 && Math.Abs(latitudeDeg) <= 89;
}

/// <summary>[longitude, latitude, height above the ellipsoid in metres].</summary>
internal sealed class LonLatHeightConverter : JsonConverter<LonLatHeight>
{
    public override LonLatHeight Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<double> at = stackalloc double[3];
        return JsonNumbers.TryRead(ref reader, at) && LonLatConverter.IsOnEarth(at[0], at[1])
            ? new(new(at[0], at[1]), at[2])
            : throw new JsonException("not a position; write [longitude, latitude, height above the ellipsoid in metres]");
    }

    public override void Write(Utf8JsonWriter writer, LonLatHeight value, JsonSerializerOptions options) =>
        JsonNumbers.Write(writer, [value.Ground.LongitudeDeg, value.Ground.LatitudeDeg, value.HeightM]);
}

/// <summary>Arrays of a known count of numbers.</summary>
internal static class JsonNumbers
{
    public static bool TryRead(ref Utf8JsonReader reader, scoped Span<double> values)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        foreach (ref double value in values)
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out value)) return false;
        return reader.Read() && reader.TokenType == JsonTokenType.EndArray;
    }

    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<double> values)
    {
        writer.WriteStartArray();
        foreach (double value in values) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
