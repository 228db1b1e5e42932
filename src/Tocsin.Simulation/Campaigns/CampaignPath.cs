using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tocsin.Simulation.Campaigns;

/// <summary>A member that a campaign may vary: <c>$.radars[0].detection.probability</c> in the scenario, <c>site:$.tocsin.warning.channelDelayS</c> in the site
/// file, <c>site:zones.gridM</c> for the site's zones cut anew.</summary>
/// <remarks>Steps: <c>.member</c>; <c>[2]</c>; <c>[kind=sensor,id=R2]</c>, the element with these members, in itself or in its <c>properties</c>; <c>[+]</c>, a new
/// element at the end. Objects and lists that are missing on the way are made. A raid's own members are refused: see <see cref="Refusal"/>.</remarks>
public sealed class CampaignPath
{
    /// <summary>The path that cuts a site's zones anew.</summary>
    public const string ZoneGridPath = "site:zones.gridM";

    private const string SitePrefix = "site:";

    // A list of what may be varied, not of what may not: a member that somebody adds to scenarios later is not open to a search until it is put here.
    private static readonly string[] s_varied = ["site", "weather", "radars", "operator", "people", "defence"];

    // What is fired and what flies besides is drawn. A campaign that ranked any of these would search for raids.
    private static readonly string[] s_raid = ["salvos", "gunfire", "aircraft", "birds", "startTime", "durationS", "seed"];

    private readonly IReadOnlyList<Step> _steps;

    private CampaignPath(string text, bool isSite, bool isZoneGrid, IReadOnlyList<Step> steps) =>
        (Text, IsSite, IsZoneGrid, _steps) = (text, isSite, isZoneGrid, steps);

    /// <summary>The path as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether it leads into the site file.</summary>
    public bool IsSite { get; }

    /// <summary>Whether it cuts the site's zones anew.</summary>
    public bool IsZoneGrid { get; }

    private readonly record struct Step(string? Member, int Index, IReadOnlyList<(string Key, string Value)>? Where)
    {
        public const int Append = -1;
    }

    /// <summary>Reads a path.</summary>
    /// <returns>The path, or what is wrong with it and the mend.</returns>
    public static Loaded<CampaignPath> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == ZoneGridPath) return Loaded<CampaignPath>.Of(new(text, true, true, []));
        bool isSite = text.StartsWith(SitePrefix, StringComparison.Ordinal);
        string path = isSite ? text[SitePrefix.Length..] : text;
        if (StepsOf(path) is not { Count: > 0 } steps || steps[0].Member is null)
            return Loaded<CampaignPath>.Failed($"'{text}' is not a path; write it like $.radars[0].detection.probability, site:$.tocsin.warning.channelDelayS or {ZoneGridPath}");
        return !isSite && Refusal(steps[0].Member!) is { } refusal ? Loaded<CampaignPath>.Failed($"'{text}' {refusal}") : Loaded<CampaignPath>.Of(new(text, isSite, false, steps));
    }

    /// <summary>Why a member of a scenario must not be varied; null where it may be.</summary>
    public static string? Refusal(string member) =>
        s_varied.Contains(member, StringComparer.Ordinal) ? null
        : s_raid.Contains(member, StringComparer.Ordinal)
            ? "is the raid's: a campaign varies the defence, the site, the weather and the policy; what is fired and what flies is drawn for every run, and never ranked or searched"
            : $"is not of what a campaign may vary; vary {string.Join(", ", s_varied)} or a member of the site file";

    /// <summary>Sets the member in a document.</summary>
    /// <returns>What stands in the way, with the mend; null where it is done.</returns>
    public string? Apply(JsonNode document, JsonElement value)
    {
        JsonNode at = document;
        for (int i = 0; i < _steps.Count; i++)
        {
            bool last = i == _steps.Count - 1;
            JsonNode? next = last ? Node(value) : null;
            string? problem = _steps[i].Member is { } member ? IntoMember(ref at, member, next, i) : IntoList(ref at, _steps[i], next, i);
            if (problem is not null) return $"'{Text}': {problem}";
        }
        return null;
    }

    private string? IntoMember(ref JsonNode at, string member, JsonNode? value, int step)
    {
        if (at is not JsonObject owner) return $"what holds '{member}' is not an object; name a member of one";
        if (value is not null) owner[member] = value;
        else if (owner[member] is { } there) at = there;
        else owner[member] = at = _steps[step + 1].Member is null ? new JsonArray() : new JsonObject();
        return null;
    }

    private string? IntoList(ref JsonNode at, in Step wanted, JsonNode? value, int step)
    {
        if (at is not JsonArray list) return "what comes before [ ] is not a list; name a member that is one";
        if (wanted is { Where: null, Index: Step.Append })
        {
            JsonNode added = value ?? (_steps[step + 1].Member is null ? new JsonArray() : new JsonObject());
            list.Add(added);
            at = added;
            return null;
        }
        int index = wanted.Where is { } where ? Find(list, where) : wanted.Index;
        if (index < 0 || index >= list.Count) return $"there is no such element; the list has {list.Count}";
        if (value is not null) list[index] = value;
        else at = list[index]!;
        return null;
    }

    private static int Find(JsonArray list, IReadOnlyList<(string Key, string Value)> where)
    {
        for (int i = 0; i < list.Count; i++)
            if (list[i] is JsonObject o && where.All(w => Is(o[w.Key], w.Value) || (o["properties"] is JsonObject p && Is(p[w.Key], w.Value)))) return i;
        return -1;
    }

    private static bool Is(JsonNode? node, string value) => node is JsonValue && (node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString()) == value;

    private static JsonNode Node(JsonElement value) => JsonNode.Parse(value.GetRawText())!;

    private static List<Step>? StepsOf(string path)
    {
        if (!path.StartsWith('$')) return null;
        var steps = new List<Step>();
        for (int i = 1; i < path.Length;)
        {
            if (path[i] == '.')
            {
                int end = path.IndexOfAny(['.', '['], i + 1);
                if (end < 0) end = path.Length;
                if (end == i + 1) return null;
                steps.Add(new(path[(i + 1)..end], 0, null));
                i = end;
                continue;
            }
            int close = path.IndexOf(']', i);
            if (path[i] != '[' || close < 0) return null;
            string inside = path[(i + 1)..close];
            i = close + 1;
            if (inside == "+") steps.Add(new(null, Step.Append, null));
            else if (int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out int index)) steps.Add(new(null, index, null));
            else if (ConditionsOf(inside) is { } where) steps.Add(new(null, 0, where));
            else return null;
        }
        return steps;
    }

    private static List<(string, string)>? ConditionsOf(string text)
    {
        var conditions = new List<(string, string)>();
        foreach (string condition in text.Split(','))
        {
            int equals = condition.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == condition.Length - 1) return null;
            conditions.Add((condition[..equals].Trim(), condition[(equals + 1)..].Trim()));
        }
        return conditions;
    }
}
