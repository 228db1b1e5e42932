using System.Text.Json;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Lint;

/// <summary>Finds misspelt members of a site file.</summary>
/// <remarks>Members that are not known pass through a site untouched, since map programs and others keep their own there; so one that was meant
/// for Tocsin and is misspelt says nothing. Only a name that is nearly a known one, and stands where that one does not, is told.
/// A scenario's members need no such rule: its reader refuses those that it does not know.</remarks>
internal static class SiteMembers
{
    private const string Rule = "member";

    /// <summary>Letters of a name from which on a beginning is taken for the whole: rangeSigma for rangeSigmaM. Chosen.</summary>
    private const int LongBeginning = 5;

    private static readonly string[] s_root = ["type", "features", "tocsin"];
    private static readonly string[] s_settings = ["name", "groundElevationM", "latenessS", "warning", "wind"];
    private static readonly string[] s_warning =
    [
        "silenceToNeedlessHarmRatio", "rocketHarmRadiusM", "artilleryHarmRadiusM", "mortarHarmRadiusM", "holdTimeS", "channelDelayS", "timeSigmaShare",
    ];
    private static readonly string[] s_wind = ["heightM", "speedMps", "fromDeg"];
    private static readonly string[] s_asterix = ["sac", "sic", "edition"];
    private static readonly (string Kind, string[] Members)[] s_kinds =
    [
        ("sensor", ["kind", "id", "rangeSigmaM", "azimuthSigmaDeg", "elevationSigmaDeg", "rangeRateSigmaMps", "scanPeriodS", "maxRangeM", "minElevationDeg", "detectionProbability", "asterix"]),
        ("zone", ["kind", "id", "name", "population", "timeToShelterS", "parent"]),
        ("siren", ["kind", "id", "zones", "audibleRangeM"]),
        ("shelter", ["kind", "id", "capacity"]),
    ];

    /// <summary>Every member that is known anywhere in a site file.</summary>
    public static IEnumerable<string> Known => [.. s_root, .. s_settings, .. s_warning, .. s_wind, .. s_asterix, .. s_kinds.SelectMany(k => k.Members)];

    public static void Check(LintContext context)
    {
        JsonElement root = context.Places.Root;
        if (root.ValueKind != JsonValueKind.Object) return;
        Look(context, root, "$", s_root);
        if (root.TryGetProperty("tocsin", out JsonElement settings) && settings.ValueKind == JsonValueKind.Object)
        {
            Look(context, settings, "$.tocsin", s_settings);
            if (settings.TryGetProperty("warning", out JsonElement warning)) Look(context, warning, "$.tocsin.warning", s_warning);
            if (settings.TryGetProperty("wind", out JsonElement wind) && wind.ValueKind == JsonValueKind.Array)
            {
                int level = 0;
                foreach (JsonElement w in wind.EnumerateArray()) Look(context, w, $"$.tocsin.wind[{level++}]", s_wind);
            }
        }
        int i = 0;
        foreach (JsonElement feature in context.Places.Features()) CheckFeature(context, feature, $"$.features[{i++}].properties");
    }

    private static void CheckFeature(LintContext context, JsonElement feature, string at)
    {
        if (SitePlaces.Properties(feature) is not { } properties || SitePlaces.Text(properties, "kind") is not { } kind) return;
        foreach ((string known, string[] members) in s_kinds)
        {
            if (known != kind) continue;
            Look(context, properties, at, members);
            if (properties.TryGetProperty("asterix", out JsonElement asterix)) Look(context, asterix, at + ".asterix", s_asterix);
            return;
        }
        if (Nearest(kind, s_kinds.Select(k => k.Kind)) is { } near)
            context.WarnOfSite(Rule, at + ".kind", $"'{kind}' is no kind that this program knows, and the feature counts for nothing; did you mean '{near}'?");
    }

    private static void Look(LintContext context, JsonElement element, string at, string[] known)
    {
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (known.Contains(member.Name)) continue;
            if (Nearest(member.Name, known.Where(k => !element.TryGetProperty(k, out _))) is { } near)
                context.WarnOfSite(Rule, $"{at}.{member.Name}", $"'{member.Name}' is not known and passed over; did you mean '{near}'?");
        }
    }

    /// <summary>The known name that a written one is nearly; null where it is near to none.</summary>
    internal static string? Nearest(string written, IEnumerable<string> known)
    {
        string plain = Plain(written);
        return known.Where(k => IsNear(plain, Plain(k)))
            .OrderBy(k => ScenarioShape.Distance(plain, Plain(k))).ThenBy(k => k, StringComparer.Ordinal).FirstOrDefault();
    }

    // A quarter of the letters may differ: two in "populaton", one in "name".
    private static bool IsNear(string written, string known) =>
        ScenarioShape.Distance(written, known) <= Math.Max(1, known.Length / 4) * (known.Length > 3 ? 1 : 0)
        || (Math.Min(written.Length, known.Length) >= LongBeginning
            && (written.StartsWith(known, StringComparison.Ordinal) || known.StartsWith(written, StringComparison.Ordinal)));

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
