using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tocsin.Server.Messages;

/// <summary>How a language is written.</summary>
public enum TextDirection
{
    /// <summary>Left to right.</summary>
    LeftToRight,
    /// <summary>Right to left.</summary>
    RightToLeft,
}

/// <summary>One thing that is wrong with a language file.</summary>
/// <param name="File">The file.</param>
/// <param name="Key">Which text: <c>messages.short.raised</c>.</param>
/// <param name="Says">What is wrong and what would be right.</param>
public sealed record LanguageProblem(string File, string Key, string Says)
{
    /// <summary>The problem as one line.</summary>
    public override string ToString() => $"{File}: {Key}: {Says}";
}

/// <summary>The texts of warnings in one language: the object <c>messages</c> of <c>web/languages/TAG.json</c>.</summary>
/// <remarks>A text may hold placeholders in braces; which ones, <c>docs/channels/languages.md</c> says for each.</remarks>
public sealed class Language
{
    /// <summary>Every text that a language must have: its key, and the placeholders that it must hold, as it may hold no others.</summary>
    private static readonly (string Key, string[] Placeholders)[] Needed =
    [
        ("event", []), ("place", ["zone", "site"]), ("mark.exercise", []), ("mark.test", []), ("note.exercise", []), ("note.test", []),
        ("headline.raised", ["place"]), ("headline.updated", ["place"]), ("headline.over", ["place"]), ("headline.retracted", ["place"]),
        ("instruction.drop", []), ("instruction.awayFromWindows", []), ("instruction.shelter", []), ("until", []), ("after.over", []), ("after.retracted", []),
        ("brief.drop", []), ("brief.awayFromWindows", []), ("brief.shelter", []),
        ("short.raised", ["place", "advice"]), ("short.updated", ["place", "advice"]), ("short.over", ["place"]), ("short.retracted", ["place"]),
        ("long.raised", ["site", "place", "instruction", "until"]), ("long.updated", ["site", "place", "instruction", "until"]),
        ("long.over", ["site", "place", "after"]), ("long.retracted", ["site", "place", "after"]),
    ];

    private readonly Dictionary<string, string> _texts;

    private Language(string tag, string name, TextDirection direction, Dictionary<string, string> texts)
    {
        (Tag, Name, Direction, _texts) = (tag, name, direction, texts);
        string whole = string.Join('\n', texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}"));
        Wording = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..12];
    }

    /// <summary>Its BCP 47 tag.</summary>
    public string Tag { get; }

    /// <summary>Its name in itself.</summary>
    public string Name { get; }

    /// <summary>How it is written.</summary>
    public TextDirection Direction { get; }

    /// <summary>The first 12 digits of the SHA-256 of its texts: a sign-off can name it, and no longer holds when a text is changed.</summary>
    public string Wording { get; }

    /// <summary>The event in words.</summary>
    public string Event => this["event"];

    /// <summary>One text, its placeholders not filled.</summary>
    internal string this[string key] => _texts[key];

    /// <summary>Keys of the texts.</summary>
    internal static IEnumerable<string> Keys => Needed.Select(n => n.Key);

    /// <summary>Reads a language file; null where something is wrong, which <paramref name="problems"/> then names.</summary>
    public static Language? Read(string file, ReadOnlyMemory<byte> json, List<LanguageProblem> problems)
    {
        int before = problems.Count;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            problems.Add(new(file, "", $"it is not JSON: {e.Message}"));
            return null;
        }
        using (document)
        {
            JsonElement root = document.RootElement;
            string tag = Top(root, "tag", file, problems), name = Top(root, "name", file, problems), direction = Top(root, "direction", file, problems);
            if (tag.Length > 0 && tag + ".json" != Path.GetFileName(file)) problems.Add(new(file, "tag", $"it is \"{tag}\"; give the file's name without .json"));
            if (direction is not ("ltr" or "rtl" or "")) problems.Add(new(file, "direction", $"it is \"{direction}\"; give ltr or rtl"));
            Dictionary<string, string> texts = new(StringComparer.Ordinal);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("messages", out JsonElement messages)) Flatten(messages, "", file, texts, problems);
            Check(file, texts, problems);
            if (problems.Count > before) return null;
            var language = new Language(tag, name, direction == "rtl" ? TextDirection.RightToLeft : TextDirection.LeftToRight, texts);
            problems.AddRange(WarningComposer.Rooms(language).Select(r => new LanguageProblem(file, "messages." + r.Key, r.Says)));
            return problems.Count > before ? null : language;
        }
    }

    private static string Top(JsonElement root, string key, string file, List<LanguageProblem> problems)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out JsonElement e) && e.ValueKind == JsonValueKind.String && e.GetString() is { Length: > 0 } text) return text;
        problems.Add(new(file, key, "it is missing; give a text"));
        return "";
    }

    private static void Flatten(JsonElement e, string key, string file, Dictionary<string, string> texts, List<LanguageProblem> problems)
    {
        if (e.ValueKind == JsonValueKind.Object)
            foreach (JsonProperty p in e.EnumerateObject()) Flatten(p.Value, key.Length == 0 ? p.Name : $"{key}.{p.Name}", file, texts, problems);
        else if (e.ValueKind == JsonValueKind.String) texts[key] = e.GetString()!;
        else problems.Add(new(file, "messages." + key, "it is not a text"));
    }

    private static void Check(string file, Dictionary<string, string> texts, List<LanguageProblem> problems)
    {
        foreach ((string key, string[] placeholders) in Needed)
        {
            void Wrong(string says) => problems.Add(new(file, "messages." + key, says));
            if (!texts.TryGetValue(key, out string? text) || string.IsNullOrWhiteSpace(text))
            {
                Wrong("the text is missing");
                continue;
            }
            if (text.Any(char.IsControl) || text != text.Trim()) Wrong("it has a control character, or space at an end");
            if (!TryPlaceholders(text, out ImmutableArray<string> found))
            {
                Wrong("a brace is not closed, or closes nothing");
                continue;
            }
            foreach (string p in found.Where(p => !placeholders.Contains(p, StringComparer.Ordinal))) Wrong($"the placeholder {{{p}}} is unknown here; {Known(placeholders)}");
            foreach (string p in placeholders.Where(p => found.Count(f => f == p) != 1)) Wrong($"the placeholder {{{p}}} must be there exactly once");
            // A name in other letters at the start would turn the direction of a whole line.
            if (key != "place" && text[0] == '{') Wrong("it begins with a placeholder; begin with a word of the language");
        }
        foreach (string key in texts.Keys.Except(Needed.Select(n => n.Key), StringComparer.Ordinal)) problems.Add(new(file, "messages." + key, "no text has this name; leave it out"));
    }

    private static string Known(string[] placeholders) =>
        placeholders.Length == 0 ? "there are none here" : "known are " + string.Join(", ", placeholders.Select(p => $"{{{p}}}"));

    private static bool TryPlaceholders(string text, out ImmutableArray<string> found)
    {
        var all = ImmutableArray.CreateBuilder<string>();
        found = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '}') return false;
            if (text[i] != '{') continue;
            int end = text.IndexOfAny(['{', '}'], i + 1);
            if (end < 0 || text[end] == '{') return false;
            all.Add(text[(i + 1)..end]);
            i = end;
        }
        found = all.ToImmutable();
        return true;
    }
}
