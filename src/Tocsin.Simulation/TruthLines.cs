using System.Text.Json;
using Tocsin.Geodesy;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation;

/// <summary>Gathers truth line by line. A state may come before the line of its round: files of other makers mix them.</summary>
internal sealed class TruthLines
{
    private readonly List<TruthRound> _rounds = [];
    private readonly List<TruthObject> _others = [];
    private readonly Dictionary<string, int> _roundIndex = new(StringComparer.Ordinal), _otherIndex = new(StringComparer.Ordinal);
    private readonly List<(string Id, int Line, TruthState State)> _states = [];
    private readonly List<(string Id, int Line, TruthObjectState State)> _otherStates = [];

    /// <summary>Whether any line was one of truth.</summary>
    public bool SawTruth { get; private set; }

    /// <summary>Takes one line; what is wrong with it, or null.</summary>
    public string? Take(string line, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object || Text(json, "type") is not { } type) return "has no member 'type'; a truth line is an object with one";
            SawTruth |= type.StartsWith("truth.", StringComparison.Ordinal);
            return type switch
            {
                "truth.round" => TakeRound(json),
                "truth.object" => TakeObject(json),
                "truth.state" => TakeState(json, number),
                "truth.objectState" => TakeObjectState(json, number),
                _ => null,
            };
        }
        catch (JsonException e)
        {
            return $"is not JSON: {JsonProblems.Why(e)}";
        }
        catch (InvalidOperationException)
        {
            return JsonProblems.HalfASurrogate;
        }
    }

    /// <summary>What was gathered, states in the order of time.</summary>
    public Truth ToTruth() => new(_rounds, [.. _states.Select(s => s.State with { Round = _roundIndex[s.Id] }).OrderBy(s => s.Time)])
    {
        Others = _others,
        OtherStates = [.. _otherStates.Select(s => s.State with { Object = _otherIndex[s.Id] }).OrderBy(s => s.Time)],
    };

    /// <summary>The first state whose round or object has no line of its own, as a sentence; null where each has.</summary>
    public string? Orphan()
    {
        foreach ((string id, int line, _) in _states)
            if (!_roundIndex.ContainsKey(id)) return $"line {line}: round '{id}' has no truth.round line; add it";
        foreach ((string id, int line, _) in _otherStates)
            if (!_otherIndex.ContainsKey(id)) return $"line {line}: object '{id}' has no truth.object line; add it";
        return null;
    }

    private string? TakeRound(JsonElement json)
    {
        if (Text(json, "round") is not { } id) return Missing("round");
        if (!TryName(Text(json, "kind"), TruthFile.KindName, out Kind kind)) return "has no known 'kind'";
        if (!InstantText.TryParse(Text(json, "launchTime") ?? "", out Instant launch)) return Missing("launchTime");
        Instant? impactTime = null;
        Geodetic? impact = null;
        if (!IsNull(json, "impactTime"))
        {
            if (!InstantText.TryParse(Text(json, "impactTime") ?? "", out Instant time)) return Missing("impactTime");
            impactTime = time;
        }
        if (!IsNull(json, "impact"))
        {
            Span<double> at = stackalloc double[2];
            if (!Numbers(json, "impact", at)) return Missing("impact");
            impact = new LonLat(at[0], at[1]).At(0);
        }
        if (impact is null != impactTime is null) return "has only one of 'impactTime' and 'impact'";
        if (NeutralisationOf(json, out Neutralisation? neutralised) is { } problem) return problem;
        if (neutralised is not null && impact is not null) return "has both an impact and a 'neutralisedTime'; a round that was neutralised never came down";
        if (!_roundIndex.TryAdd(id, _rounds.Count)) return $"tells of round '{id}' a second time";
        _rounds.Add(new(id, kind, launch, impactTime, impact) { Neutralised = neutralised });
        return null;
    }

    private static string? NeutralisationOf(JsonElement json, out Neutralisation? neutralised)
    {
        neutralised = null;
        if (!json.TryGetProperty("neutralisedTime", out _)) return null;
        Span<double> at = stackalloc double[2];
        if (!InstantText.TryParse(Text(json, "neutralisedTime") ?? "", out Instant time)) return Missing("neutralisedTime");
        if (Text(json, "neutralisedBy") is not { } by) return Missing("neutralisedBy");
        if (!InstantText.TryParse(Text(json, "avertedImpactTime") ?? "", out Instant averted)) return Missing("avertedImpactTime");
        if (!Numbers(json, "avertedImpact", at)) return Missing("avertedImpact");
        neutralised = new(time, by, averted, new LonLat(at[0], at[1]).At(0));
        return null;
    }

    private string? TakeObject(JsonElement json)
    {
        if (Text(json, "object") is not { } id) return Missing("object");
        if (!TryName(Text(json, "cause"), TruthFile.CauseName, out TruthCause cause)) return "has no known 'cause'";
        if (!_otherIndex.TryAdd(id, _others.Count)) return $"tells of object '{id}' a second time";
        _others.Add(new(id, cause));
        return null;
    }

    private string? TakeState(JsonElement json, int line)
    {
        if (Text(json, "round") is not { } id) return Missing("round");
        if (Motion(json, out Instant time, out Geodetic position, out Enu velocity, out bool visible) is { } problem) return problem;
        _states.Add((id, line, new(time, -1, position, velocity, visible)));
        return null;
    }

    private string? TakeObjectState(JsonElement json, int line)
    {
        if (Text(json, "object") is not { } id) return Missing("object");
        if (Motion(json, out Instant time, out Geodetic position, out Enu velocity, out bool visible) is { } problem) return problem;
        _otherStates.Add((id, line, new(time, -1, position, velocity, visible)));
        return null;
    }

    private static string? Motion(JsonElement json, out Instant time, out Geodetic position, out Enu velocity, out bool visible)
    {
        Span<double> at = stackalloc double[3], along = stackalloc double[3];
        (position, velocity, visible) = (default, default, false);
        if (!InstantText.TryParse(Text(json, "time") ?? "", out time)) return Missing("time");
        if (!Numbers(json, "position", at)) return Missing("position");
        if (!Numbers(json, "velocity", along)) return Missing("velocity");
        if (!json.TryGetProperty("visible", out JsonElement flag) || flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return Missing("visible");
        position = new LonLat(at[0], at[1]).At(at[2]);
        velocity = new(along[0], along[1], along[2]);
        visible = flag.GetBoolean();
        return null;
    }

    private static string Missing(string member) => $"has no '{member}' that can be read; see truth lines in the contract";

    private static bool IsNull(JsonElement json, string member) => json.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Numbers(JsonElement json, string member, Span<double> values)
    {
        if (!json.TryGetProperty(member, out JsonElement array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() != values.Length) return false;
        for (int i = 0; i < values.Length; i++)
            if (array[i].ValueKind != JsonValueKind.Number || !array[i].TryGetDouble(out values[i]) || !double.IsFinite(values[i])) return false;
        return true;
    }

    private static bool TryName<T>(string? written, Func<T, string> name, out T value)
        where T : struct, Enum
    {
        foreach (T known in Enum.GetValues<T>())
        {
            if (name(known) != written) continue;
            value = known;
            return true;
        }
        value = default;
        return false;
    }
}
