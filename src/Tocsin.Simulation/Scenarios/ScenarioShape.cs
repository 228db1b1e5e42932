using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tocsin.Simulation.Scenarios;

/// <summary>Finds members that are missing, unknown, repeated or of the wrong make, before the text is read into records.</summary>
/// <remarks>The serializer would find them too, but says so in terms of types; a planner wants the member's name and the nearest right one.</remarks>
internal static class ScenarioShape
{
    /// <summary>The first fault below <paramref name="element"/> as (path, mend); null where there is none.</summary>
    public static (string Path, string Mend)? FirstFault(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind == JsonValueKind.Null) return (path, "is null; leave it out, or give it a value");
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                return element.ValueKind == JsonValueKind.Object ? FaultOfObject(element, type, path) : (path, "is not an object; write { … }");
            case JsonTypeInfoKind.Enumerable:
                if (element.ValueKind != JsonValueKind.Array) return (path, "is not a list; write [ … ]");
                JsonTypeInfo items = type.Options.GetTypeInfo(type.ElementType!);
                int i = 0;
                foreach (JsonElement item in element.EnumerateArray())
                    if (FirstFault(item, items, $"{path}[{i++}]") is { } fault) return fault;
                return null;
            default:
                return FaultOfValue(element, type, path);
        }
    }

    private static (string Path, string Mend)? FaultOfObject(JsonElement element, JsonTypeInfo type, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string at = $"{path}.{member.Name}";
            JsonPropertyInfo? known = type.Properties.FirstOrDefault(p => p.Name == member.Name);
            if (known is null) return (at, $"is not known here; did you mean '{Nearest(member.Name, type.Properties)}'?");
            if (!seen.Add(member.Name)) return (at, "stands twice; remove one");
            if (FirstFault(member.Value, type.Options.GetTypeInfo(known.PropertyType), at) is { } fault) return fault;
        }
        foreach (JsonPropertyInfo known in type.Properties)
            if (known.IsRequired && !seen.Contains(known.Name)) return ($"{path}.{known.Name}", "is missing; add it");
        return null;
    }

    private static (string Path, string Mend)? FaultOfValue(JsonElement element, JsonTypeInfo type, string path)
    {
        Type of = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (of == typeof(string) && element.ValueKind != JsonValueKind.String) return (path, "is not text; write \"…\"");
        if (of == typeof(double) && element.ValueKind != JsonValueKind.Number) return (path, "is not a number");
        if (of == typeof(double) && !double.IsFinite(element.GetDouble())) return (path, "is not a finite number");
        if (of == typeof(int) && !(element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out _))) return (path, "is not a whole number");
        if (of == typeof(long) && !(element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out _))) return (path, "is not a whole number");
        return null;
    }

    // The name that the fewest single-letter changes turn into the one written.
    private static string Nearest(string written, IList<JsonPropertyInfo> known) =>
        known.Select(p => p.Name).OrderBy(name => Distance(written, name)).ThenBy(name => name, StringComparer.Ordinal).First();

    /// <summary>Single-letter changes that turn one name into another (Levenshtein, Soviet Physics Doklady 10(8), 1966).</summary>
    internal static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
