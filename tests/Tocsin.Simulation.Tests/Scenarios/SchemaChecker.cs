using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tocsin.Simulation.Tests.Scenarios;

/// <summary>Validates by the part of JSON Schema 2020-12 that the scenario schema uses, and refuses to judge by a keyword that it does not know.</summary>
internal sealed class SchemaChecker(JsonElement root)
{
    private static readonly HashSet<string> s_annotations = ["$schema", "$id", "title", "description", "default", "$defs"];

    public List<string> Errors { get; } = [];

    public bool Accepts(JsonElement value)
    {
        Errors.Clear();
        Check(root, value, "$");
        return Errors.Count == 0;
    }

    private void Check(JsonElement schema, JsonElement value, string at)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            JsonElement rule = keyword.Value;
            bool holds = keyword.Name switch
            {
                "$ref" => Refer(rule.GetString()!, value, at),
                "type" => IsOf(rule.GetString()!, value),
                "const" => JsonElement.DeepEquals(rule, value),
                "enum" => rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
                "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= rule.GetDouble(),
                "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() <= rule.GetDouble(),
                "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= rule.GetInt32(),
                "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= rule.GetInt32(),
                "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)),
                "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= rule.GetInt32(),
                "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= rule.GetInt32(),
                "items" or "prefixItems" => Items(keyword, value, at),
                "oneOf" => rule.EnumerateArray().Count(one => new SchemaChecker(root).Quietly(one, value)) == 1,
                "required" => value.ValueKind != JsonValueKind.Object || rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
                "properties" => Properties(rule, value, at),
                "additionalProperties" => NoOthers(schema, rule, value),
                _ => s_annotations.Contains(keyword.Name) ? true : throw new NotSupportedException($"the checker does not know '{keyword.Name}'"),
            };
            if (!holds) Errors.Add($"{at}: {keyword.Name}");
        }
    }

    private bool Quietly(JsonElement schema, JsonElement value)
    {
        Check(schema, value, "$");
        return Errors.Count == 0;
    }

    private bool Refer(string reference, JsonElement value, string at)
    {
        Check(root.GetProperty("$defs").GetProperty(reference["#/$defs/".Length..]), value, at);
        return true;
    }

    private bool Items(JsonProperty keyword, JsonElement value, string at)
    {
        if (value.ValueKind != JsonValueKind.Array) return true;
        int i = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (keyword.Name == "items") Check(keyword.Value, item, $"{at}[{i}]");
            else if (i < keyword.Value.GetArrayLength()) Check(keyword.Value[i], item, $"{at}[{i}]");
            i++;
        }
        return true;
    }

    private bool Properties(JsonElement members, JsonElement value, string at)
    {
        if (value.ValueKind != JsonValueKind.Object) return true;
        foreach (JsonProperty member in value.EnumerateObject())
            if (members.TryGetProperty(member.Name, out JsonElement schema)) Check(schema, member.Value, $"{at}.{member.Name}");
        return true;
    }

    private static bool NoOthers(JsonElement schema, JsonElement rule, JsonElement value)
    {
        if (rule.ValueKind != JsonValueKind.False) throw new NotSupportedException("additionalProperties is false here");
        return value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(m => schema.GetProperty("properties").TryGetProperty(m.Name, out _));
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new NotSupportedException($"the checker does not know the type '{type}'"),
    };
}
