using System.Collections.Immutable;
using System.Text.Json;
using Tocsin.Formats.Asterix;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.Asterix;

/// <summary>Compares every item of the tables with machine-readable specifications made by others.</summary>
public class SpecificationTests
{
    [Theory]
    [InlineData("cat048-cat-1.32.json", 48)]
    [InlineData("cat034-cat-1.29.json", 34)]
    [InlineData("cat015-cat-1.2.json", 15)]
    [InlineData("cat062-cat-1.21.json", 62)]
    [InlineData("cat065-cat-1.6.json", 65)]
    public void The_table_is_the_specification(string file, int category)
    {
        string path = SharedData.PathOrSkip("asterix/specs/" + file);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement spec = document.RootElement.GetProperty("contents");
        CategoryTable table = CategorySet.All[category]!;

        Assert.Equal(spec.GetProperty("category").GetInt32(), table.Category);
        Assert.Equal(spec.GetProperty("title").GetString(), table.Title);
        JsonElement edition = spec.GetProperty("edition");
        Assert.Equal($"{edition.GetProperty("major")}.{edition.GetProperty("minor")}", table.Editions[^1]);
        Assert.Equal(
            spec.GetProperty("uap").GetProperty("contents").EnumerateArray().Select(u => Tag(u) == "UapItem" ? u.GetProperty("contents").GetString() : null),
            table.Profile.Select(i => i?.Name));

        JsonElement[] items = [.. spec.GetProperty("catalogue").EnumerateArray()];
        Assert.Equal(items.Select(i => i.GetProperty("name").GetString()), table.Items.Select(i => i.Name));
        foreach ((JsonElement expected, ItemDefinition actual) in items.Zip(table.Items)) CompareItem($"{category:000}/{actual.Name}", expected, actual);
    }

    private static string Tag(JsonElement e) => e.GetProperty("tag").GetString()!;

    private static void CompareItem(string where, JsonElement expected, ItemDefinition actual)
    {
        Assert.Equal(expected.GetProperty("title").GetString(), actual.Title);
        CompareStructure(where, ContextFree(expected.GetProperty("rule")), actual.Structure);
    }

    private static void CompareStructure(string where, JsonElement expected, ItemStructure actual)
    {
        JsonElement contents = expected.GetProperty("contents");
        switch (Tag(expected))
        {
            case "Element":
                CompareFields(where, [Flat("", contents)], Assert.IsType<FixedItem>(actual).Fields);
                break;
            case "Group":
                CompareFields(where, Flatten(contents, ""), Assert.IsType<FixedItem>(actual).Fields);
                break;
            case "Extended":
                ImmutableArray<ImmutableArray<Field>> parts = Assert.IsType<ExtendedItem>(actual).Parts;
                int part = 0;
                List<JsonElement> current = [];
                foreach (JsonElement e in contents.EnumerateArray())
                {
                    if (e.ValueKind != JsonValueKind.Null)
                    {
                        current.Add(e);
                        continue;
                    }
                    CompareFields($"{where} part {part}", [.. current.SelectMany(c => FlattenOne(c, ""))], parts[part++]);
                    current.Clear();
                }
                Assert.Empty(current);
                Assert.Equal(part, parts.Length);
                break;
            case "Repetitive" when Tag(contents.GetProperty("type")) == "RepetitiveFx":
                CompareFields(where, Repeated(contents), Assert.IsType<ChainedItem>(actual).Fields);
                break;
            case "Repetitive":
                Assert.Equal(1, contents.GetProperty("type").GetProperty("contents").GetProperty("byteSize").GetInt32());
                CompareFields(where, Repeated(contents), Assert.IsType<RepetitiveItem>(actual).Element.Fields);
                break;
            case "Compound":
                ImmutableArray<ItemDefinition?> subItems = Assert.IsType<CompoundItem>(actual).SubItems;
                JsonElement[] expectedItems = [.. contents.EnumerateArray()];
                Assert.Equal(expectedItems.Length, subItems.Length);
                for (int i = 0; i < expectedItems.Length; i++)
                {
                    Assert.Equal(expectedItems[i].ValueKind == JsonValueKind.Null, subItems[i] is null);
                    if (subItems[i] is not { } sub) continue;
                    Assert.Equal(expectedItems[i].GetProperty("name").GetString(), sub.Name);
                    CompareItem($"{where}/{sub.Name}", expectedItems[i], sub);
                }
                break;
            case "Explicit":
                Assert.IsType<ExplicitItem>(actual);
                break;
            default:
                Assert.Fail($"{where}: {Tag(expected)}");
                break;
        }
    }

    private static (string Name, JsonElement? Element, int Bits)[] Repeated(JsonElement contents)
    {
        JsonElement variation = contents.GetProperty("variation");
        return Tag(variation) == "Element" ? [Flat("", variation.GetProperty("contents"))] : Flatten(variation.GetProperty("contents"), "");
    }

    private static (string Name, JsonElement? Element, int Bits) Flat(string name, JsonElement element) =>
        (name, Content(element.GetProperty("rule")), element.GetProperty("bitSize").GetInt32());

    private static (string Name, JsonElement? Element, int Bits)[] Flatten(JsonElement items, string prefix) =>
        [.. items.EnumerateArray().SelectMany(i => FlattenOne(i, prefix))];

    private static (string Name, JsonElement? Element, int Bits)[] FlattenOne(JsonElement item, string prefix)
    {
        JsonElement contents = item.GetProperty("contents");
        if (Tag(item) == "Spare") return [("", null, contents.GetInt32())];
        string name = prefix + contents.GetProperty("name").GetString();
        JsonElement variation = ContextFree(contents.GetProperty("rule"));
        return Tag(variation) == "Group"
            ? Flatten(variation.GetProperty("contents"), name + ".")
            : [Flat(name, variation.GetProperty("contents"))];
    }

    private static void CompareFields(string where, (string Name, JsonElement? Element, int Bits)[] expected, ImmutableArray<Field> actual)
    {
        Assert.Equal(expected.Select(e => $"{where}: {e.Name} {e.Bits}"), actual.Select(f => $"{where}: {f.Name} {f.Bits}"));
        foreach (((string name, JsonElement? element, _), Field field) in expected.Zip(actual)) CompareField($"{where}/{name}", element, field);
    }

    private static void CompareField(string where, JsonElement? expected, Field field)
    {
        if (expected is not { } rule)
        {
            Assert.True(field.Kind == FieldKind.Spare, where);
            return;
        }
        (FieldKind kind, double lsb, string unit) = (field.Kind, field.Lsb, field.Unit);
        switch (Tag(rule))
        {
            case "ContentRaw" or "ContentBds":
                Assert.True(kind == FieldKind.Raw, where);
                break;
            case "ContentTable":
                Assert.True(kind == FieldKind.Code, where);
                if (where.StartsWith("062", StringComparison.Ordinal)) break;
                Dictionary<int, string?> meanings = rule.GetProperty("contents").EnumerateArray().ToDictionary(v => v[0].GetInt32(), v => v[1].GetString());
                Assert.Equal(meanings.Keys.Max() + 1, field.Meanings.Length);
                for (int i = 0; i < field.Meanings.Length; i++)
                    Assert.Equal($"{where} {i}: {meanings.GetValueOrDefault(i)}", $"{where} {i}: {field.Meanings[i]}");
                break;
            case "ContentString":
                FieldKind text = Tag(rule.GetProperty("contents")) switch
                {
                    "StringOctal" => FieldKind.Octal,
                    "StringICAO" => FieldKind.Icao,
                    _ => FieldKind.Ascii,
                };
                Assert.True(kind == text, where);
                break;
            case "ContentInteger":
                Assert.Equal((where, Sign(rule.GetProperty("contents")), 1.0, ""), (where, kind, lsb, unit));
                break;
            case "ContentQuantity":
                JsonElement quantity = rule.GetProperty("contents");
                Assert.Equal((where, Sign(quantity), Number(quantity.GetProperty("lsb")), quantity.GetProperty("unit").GetString()!), (where, kind, lsb, unit));
                break;
            default:
                Assert.Fail($"{where}: {Tag(rule)}");
                break;
        }
    }

    private static FieldKind Sign(JsonElement content) => Tag(content.GetProperty("signedness")) == "Signed" ? FieldKind.Signed : FieldKind.Unsigned;

    private static double Number(JsonElement number)
    {
        JsonElement contents = number.GetProperty("contents");
        return Tag(number) switch
        {
            "NumInt" => contents.GetInt64(),
            "NumDiv" => Number(contents.GetProperty("numerator")) / Number(contents.GetProperty("denominator")),
            "NumPow" => Math.Pow(contents.GetProperty("base").GetInt32(), contents.GetProperty("exponent").GetInt32()),
            _ => throw new InvalidDataException(Tag(number)),
        };
    }

    /// <summary>A content; one that another field decides is compared by its last resort, a bare bit pattern.</summary>
    private static JsonElement Content(JsonElement rule) =>
        Tag(rule) == "Dependent" ? rule.GetProperty("contents").GetProperty("default") : ContextFree(rule);

    private static JsonElement ContextFree(JsonElement rule)
    {
        Assert.Equal("ContextFree", Tag(rule));
        return rule.GetProperty("contents");
    }
}
