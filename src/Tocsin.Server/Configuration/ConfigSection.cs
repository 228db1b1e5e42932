using System.Globalization;
using System.Text.Json;

namespace Tocsin.Server.Configuration;

/// <summary>One object of the configuration while it is read: gives checked values, and notes what is wrong and what nobody asked for.</summary>
/// <remarks>Reading never throws for bad input: a value that is wrong is noted and its default given, so that one reading finds every problem. Call
/// <see cref="End"/> when all keys have been asked for; keys that are left over are problems too, as a mistyped key must not be silent.</remarks>
public sealed class ConfigSection
{
    private const int ShownCharacters = 60;
    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<ConfigProblem> _problems;

    /// <summary>Reads a whole document; <paramref name="problems"/> collects what is wrong with it.</summary>
    public ConfigSection(JsonElement root, List<ConfigProblem> problems) : this(root, "", problems)
    {
    }

    private ConfigSection(JsonElement element, string path, List<ConfigProblem> problems)
    {
        (_path, _problems) = (path, problems);
        if (element.ValueKind == JsonValueKind.Object)
            foreach (JsonProperty p in element.EnumerateObject()) _members[p.Name] = p.Value;
        else if (element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)) problems.Add(new(path, Shown(element), "give an object: { … }"));
    }

    /// <summary>A section with nothing in it: every key has its default.</summary>
    public static ConfigSection Empty(List<ConfigProblem> problems) => new(default, problems);

    /// <summary>The path of this section from the top; empty for the top.</summary>
    public string Path => _path;

    /// <summary>Whether a key is there and not null.</summary>
    public bool Has(string key) => _members.TryGetValue(key, out JsonElement e) && e.ValueKind != JsonValueKind.Null;

    /// <summary>The keys that are there, in ordinal order: for sections whose keys are names that the site gives.</summary>
    public IReadOnlyList<string> Keys => [.. _members.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A text; null where the key is missing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="right">What would be right, said when <paramref name="accept"/> refuses it.</param>
    /// <param name="accept">Whether a text will do; all will where it is null.</param>
    public string? OptionalText(string key, string right = "give a text in quotes", Func<string, bool>? accept = null)
    {
        if (!Ask(key, out JsonElement e)) return null;
        if (e.ValueKind == JsonValueKind.String && e.GetString() is { Length: > 0 } text && (accept is null || accept(text))) return text;
        Wrong(key, Shown(e), right);
        return null;
    }

    /// <summary>A text that must be there; empty, and a problem, where it is not.</summary>
    public string Text(string key, string right = "give a text in quotes", Func<string, bool>? accept = null)
    {
        if (!Has(key))
        {
            _asked.Add(key);
            Wrong(key, "nothing", right);
            return "";
        }
        return OptionalText(key, right, accept) ?? "";
    }

    /// <summary>A secret: as <see cref="Text"/>, but taken from the file that <c>KEYFile</c> names where that is there, and never shown in a problem.</summary>
    public string? OptionalSecret(string key)
    {
        if (OptionalText(key + "File", "give the path of a file that holds the secret") is { } path)
        {
            try
            {
                return File.ReadAllText(path).Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
            {
                Wrong(key + "File", $"\"{path}\"", $"give a file that can be read ({e.Message})");
                return null;
            }
        }
        if (!Ask(key, out JsonElement s)) return null;
        if (s.ValueKind == JsonValueKind.String && s.GetString() is { Length: > 0 } secret) return secret;
        Wrong(key, "what it holds", $"give a text, or the path of a file that holds it as {key}File");
        return null;
    }

    /// <summary>A number in a range; its default where the key is missing.</summary>
    public double Number(string key, double otherwise, double least, double most)
    {
        if (!Ask(key, out JsonElement e)) return otherwise;
        if (e.ValueKind == JsonValueKind.Number && e.TryGetDouble(out double v) && v >= least && v <= most) return v;
        Wrong(key, Shown(e), string.Create(CultureInfo.InvariantCulture, $"give a number from {least} to {most}"));
        return otherwise;
    }

    /// <summary>A whole number in a range; its default where the key is missing.</summary>
    public int Count(string key, int otherwise, int least, int most)
    {
        if (!Ask(key, out JsonElement e)) return otherwise;
        if (e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out int v) && v >= least && v <= most) return v;
        Wrong(key, Shown(e), string.Create(CultureInfo.InvariantCulture, $"give a whole number from {least} to {most}"));
        return otherwise;
    }

    /// <summary>True or false; its default where the key is missing.</summary>
    public bool Flag(string key, bool otherwise)
    {
        if (!Ask(key, out JsonElement e)) return otherwise;
        if (e.ValueKind is JsonValueKind.True or JsonValueKind.False) return e.GetBoolean();
        Wrong(key, Shown(e), "give true or false");
        return otherwise;
    }

    /// <summary>One of several names; its default where the key is missing.</summary>
    public T Choice<T>(string key, T otherwise, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        if (!Ask(key, out JsonElement e)) return otherwise;
        List<string> names = [];
        foreach ((string name, T value) in choices)
        {
            if (e.ValueKind == JsonValueKind.String && e.ValueEquals(name)) return value;
            names.Add($"\"{name}\"");
        }
        Wrong(key, Shown(e), "give one of " + string.Join(", ", names));
        return otherwise;
    }

    /// <summary>Texts in a list; empty where the key is missing.</summary>
    public IReadOnlyList<string> Texts(string key, string right = "give a list of texts", Func<string, bool>? accept = null)
    {
        if (!Ask(key, out JsonElement e)) return [];
        List<string> texts = [];
        if (e.ValueKind != JsonValueKind.Array)
        {
            Wrong(key, Shown(e), right);
            return texts;
        }
        int i = 0;
        foreach (JsonElement item in e.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } text && (accept is null || accept(text))) texts.Add(text);
            else Wrong($"{key}[{i}]", Shown(item), right);
            i++;
        }
        return texts;
    }

    /// <summary>A section inside this one; an empty one where the key is missing.</summary>
    public ConfigSection Section(string key) => new(Ask(key, out JsonElement e) ? e : default, Join(key), _problems);

    /// <summary>The sections of a list; none where the key is missing.</summary>
    public IReadOnlyList<ConfigSection> Sections(string key)
    {
        if (!Ask(key, out JsonElement e)) return [];
        if (e.ValueKind != JsonValueKind.Array)
        {
            Wrong(key, Shown(e), "give a list of objects: [ { … } ]");
            return [];
        }
        return [.. e.EnumerateArray().Select((item, i) => new ConfigSection(item, $"{Join(key)}[{i}]", _problems))];
    }

    /// <summary>Notes that a key's value is wrong for a reason that only its reader knows.</summary>
    public void Wrong(string key, string value, string right) => _problems.Add(new(Join(key), value, right));

    /// <summary>Says that every key has been asked for: what is left over is a problem.</summary>
    public void End()
    {
        string known = string.Join(", ", _asked.Order(StringComparer.Ordinal));
        foreach (string key in _members.Keys.Where(k => !_asked.Contains(k) && k != "$schema" && k != "comment").Order(StringComparer.Ordinal))
            Wrong(key, "a key that nothing reads", known.Length == 0 ? "leave it out" : $"leave it out, or give one of {known}");
    }

    private bool Ask(string key, out JsonElement element)
    {
        _asked.Add(key);
        return _members.TryGetValue(key, out element) && element.ValueKind != JsonValueKind.Null;
    }

    private string Join(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private static string Shown(JsonElement e)
    {
        string text = e.GetRawText();
        return text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
    }
}
