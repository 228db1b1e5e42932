using System.Globalization;
using System.Text.Json;

namespace Tocsin.Formats.GeoJson;

/// <summary>The first thing found wrong in a file, with the place that was being read when it was found.</summary>
internal sealed class Problems(string file)
{
    /// <summary>Where the reading stands: <c>feature 12 (zone Z4)</c>.</summary>
    public string Place { get; set; } = "";

    /// <summary>The first problem; null while all is well.</summary>
    public InputError? First { get; private set; }

    /// <summary>Notes a problem; only the first is kept, since later ones are often its consequence.</summary>
    public void Add(string problem, string mend) => First ??= new InputError(file, Place, problem, mend);
}

/// <summary>The numbers that a member may have.</summary>
internal readonly record struct NumberRule(double Min, double Max, bool AboveMin = false)
{
    /// <summary>Above 0, up to <paramref name="max"/>.</summary>
    public static NumberRule Positive(double max) => new(0, max, AboveMin: true);

    public bool Allows(double value) => double.IsFinite(value) && value <= Max && (AboveMin ? value > Min : value >= Min);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(AboveMin ? "above" : "from")} {Min} to {Max}");
}

/// <summary>The members of one JSON object by name and type. A member that is missing or wrong is noted in the problems and read as a default.</summary>
internal readonly struct JsonMembers(JsonElement owner, Problems problems)
{
    public string Text(string name) => Find(name, optional: false, out JsonElement e) ? TextOf(e, name) : "";

    public string? OptionalText(string name) => Find(name, optional: true, out JsonElement e) ? TextOf(e, name) : null;

    public double Number(string name, NumberRule rule) => Find(name, optional: false, out JsonElement e) ? NumberOf(e, name, rule) : double.NaN;

    public double Number(string name, NumberRule rule, double otherwise) =>
        Find(name, optional: true, out JsonElement e) ? NumberOf(e, name, rule) : otherwise;

    public int Integer(string name, NumberRule rule)
    {
        double value = Number(name, rule);
        if (value != Math.Floor(value)) problems.Add($"{name} is not a whole number", $"write a whole number {rule}");
        return double.IsFinite(value) && Math.Abs(value) <= int.MaxValue ? (int)value : 0;
    }

    public JsonMembers? OptionalObject(string name)
    {
        if (!Find(name, optional: true, out JsonElement e)) return null;
        if (e.ValueKind == JsonValueKind.Object) return new JsonMembers(e, problems);
        Wrong(name, e, "an object");
        return null;
    }

    public JsonElement[]? OptionalArray(string name) => Find(name, optional: true, out JsonElement e) ? ArrayOf(e, name) : null;

    public JsonElement[] Array(string name) => Find(name, optional: false, out JsonElement e) ? ArrayOf(e, name) : [];

    public void Wrong(string name, JsonElement e, string wanted) => problems.Add($"{name} is {NameOf(e)}", $"write {wanted}");

    /// <summary>What a value is, in words.</summary>
    public static string NameOf(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    /// <summary>The text of a string; null for other values, and for escapes that are no character (half a surrogate pair).</summary>
    public static string? StringOrNull(JsonElement e)
    {
        if (e.ValueKind != JsonValueKind.String) return null;
        try
        {
            return e.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private bool Find(string name, bool optional, out JsonElement e)
    {
        if (owner.TryGetProperty(name, out e)) return true;
        if (!optional) problems.Add($"{name} is missing", "add it");
        return false;
    }

    private string TextOf(JsonElement e, string name)
    {
        string? text = StringOrNull(e);
        if (text is null) Wrong(name, e, "a string of whole characters");
        else if (string.IsNullOrWhiteSpace(text)) problems.Add($"{name} is empty", "give it a text");
        return text ?? "";
    }

    private double NumberOf(JsonElement e, string name, NumberRule rule)
    {
        if (e.ValueKind != JsonValueKind.Number)
        {
            Wrong(name, e, $"a number {rule}");
            return double.NaN;
        }
        double value = e.GetDouble();
        if (!rule.Allows(value)) problems.Add($"{name} is {e.GetRawText()}", $"write a number {rule}");
        return value;
    }

    private JsonElement[] ArrayOf(JsonElement e, string name)
    {
        if (e.ValueKind == JsonValueKind.Array) return [.. e.EnumerateArray()];
        Wrong(name, e, "an array");
        return [];
    }
}
