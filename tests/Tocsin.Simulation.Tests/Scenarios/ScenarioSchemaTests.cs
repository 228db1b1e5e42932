using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tocsin.Simulation.Scenarios;
using Tocsin.TestSupport;

namespace Tocsin.Simulation.Tests.Scenarios;

public sealed class ScenarioSchemaTests
{
    private static readonly JsonElement s_schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Shipped.Folder, "scenario.schema.json"))).RootElement;

    public static TheoryData<string> Scenarios => [.. Shipped.Names];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void EveryShippedScenarioIsValidAndNamesTheSchema(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Shipped.PathOf(name)));
        var checker = new SchemaChecker(s_schema);
        Assert.True(checker.Accepts(document.RootElement), string.Join("; ", checker.Errors));
        Assert.Equal("./scenario.schema.json", document.RootElement.GetProperty("$schema").GetString());
    }

    public static TheoryData<string> Studies => [.. Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "docs", "studies"), "*.json").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Studies))]
    public void EveryStudyIsValidAndNamesTheSchema(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var checker = new SchemaChecker(s_schema);
        Assert.True(checker.Accepts(document.RootElement), string.Join("; ", checker.Errors));
        Assert.Equal("../../scenarios/scenario.schema.json", document.RootElement.GetProperty("$schema").GetString());
    }

    /// <summary>Every record of the model has its definition, with the same members, the same needed ones and the same defaults.</summary>
    [Fact]
    public void TheSchemaSaysWhatTheReaderReads()
    {
        var seen = new List<string>();
        Compare(ScenarioJson.Default.Scenario, s_schema, seen);
        int objects = s_schema.GetProperty("$defs").EnumerateObject().Count(d => d.Value.TryGetProperty("properties", out _));
        Assert.Equal(objects + 1, seen.Count);
    }

    private static void Compare(JsonTypeInfo type, JsonElement schema, List<string> seen)
    {
        if (seen.Contains(type.Type.Name)) return;
        seen.Add(type.Type.Name);
        JsonElement members = schema.GetProperty("properties");
        Assert.Equal(type.Properties.Select(p => p.Name).Order(StringComparer.Ordinal), members.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal(type.Properties.Where(p => p.IsRequired).Select(p => p.Name).Order(StringComparer.Ordinal),
            schema.GetProperty("required").EnumerateArray().Select(m => m.GetString()!).Order(StringComparer.Ordinal));
        object? empty = type.Properties.Any(p => p.IsRequired) ? null : Activator.CreateInstance(type.Type);
        foreach (JsonPropertyInfo property in type.Properties)
        {
            JsonElement member = members.GetProperty(property.Name);
            Assert.False(string.IsNullOrWhiteSpace(member.GetProperty("description").GetString()), $"{type.Type.Name}.{property.Name} has no description");
            JsonElement target = Resolve(member);
            JsonTypeInfo of = type.Options.GetTypeInfo(property.PropertyType);
            if (of.Kind == JsonTypeInfoKind.Enumerable)
            {
                Assert.Equal("array", target.GetProperty("type").GetString());
                of = type.Options.GetTypeInfo(of.ElementType!);
                target = Resolve(target.GetProperty("items"));
            }
            if (of.Kind == JsonTypeInfoKind.Object) Compare(of, target, seen);
            if (empty is not null && member.TryGetProperty("default", out JsonElement byDefault))
                AssertDefault(byDefault, property.Get!(empty), $"{type.Type.Name}.{property.Name}");
        }
    }

    private static JsonElement Resolve(JsonElement schema) =>
        schema.TryGetProperty("$ref", out JsonElement reference) ? s_schema.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]) : schema;

    private static void AssertDefault(JsonElement expected, object? actual, string at)
    {
        switch (actual)
        {
            case int whole: Assert.True(expected.GetInt32() == whole, $"{at}: {whole}"); break;
            case double number: Assert.True(expected.GetDouble() == number, $"{at}: {number}"); break;
            case bool flag: Assert.Equal(expected.GetBoolean(), flag); break;
            case Interval range: Assert.True(expected.GetDouble() == range.Min && range.Min == range.Max, $"{at}: {range}"); break;
            case Enum name: Assert.Equal(expected.GetString(), JsonNamingPolicy.CamelCase.ConvertName(name.ToString())); break;
            case System.Collections.IEnumerable list: Assert.Empty(list); break;
            default: Assert.Fail($"{at}: {actual}"); break;
        }
    }

    /// <summary>Defaults of records with needed members: a scenario that leaves everything out reads as one that says every default of the schema.</summary>
    [Fact]
    public void LeavingOutIsTheSameAsWritingTheDefault()
    {
        string minimal = ScenarioText.WithCampaign();
        JsonNode full = JsonNode.Parse(minimal)!;
        Assert.True(WriteDefaults(full, s_schema) > 25);
        Scenario left = Shipped.Must(ScenarioText.Parse(minimal)), written = Shipped.Must(ScenarioText.Parse(full.ToJsonString()));
        Assert.Equal(JsonSerializer.Serialize(left, ScenarioJson.Default.Scenario), JsonSerializer.Serialize(written, ScenarioJson.Default.Scenario));
    }

    // The count of members written.
    private static int WriteDefaults(JsonNode node, JsonElement schema)
    {
        if (node is JsonArray list) return list.Sum(item => WriteDefaults(item!, Resolve(schema.GetProperty("items"))));
        if (node is not JsonObject value || !schema.TryGetProperty("properties", out JsonElement members)) return 0;
        int written = 0;
        foreach (JsonProperty member in members.EnumerateObject())
        {
            if (value[member.Name] is { } present)
            {
                JsonElement resolved = Resolve(member.Value);
                if (present is JsonObject || (resolved.TryGetProperty("items", out JsonElement items) && Resolve(items).TryGetProperty("properties", out _))) written += WriteDefaults(present, resolved);
            }
            else if (member.Value.TryGetProperty("default", out JsonElement byDefault))
            {
                value[member.Name] = JsonNode.Parse(byDefault.GetRawText());
                written++;
            }
        }
        return written;
    }

    [Fact]
    public void TheGuideTellsOfEveryMember()
    {
        string guide = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "scenarios.md"));
        IEnumerable<JsonElement> objects = s_schema.GetProperty("$defs").EnumerateObject().Select(d => d.Value).Where(d => d.TryGetProperty("properties", out _)).Append(s_schema);
        foreach (JsonProperty member in objects.SelectMany(o => o.GetProperty("properties").EnumerateObject()))
            Assert.Contains($"| `{member.Name}`", guide, StringComparison.Ordinal);
    }
}
