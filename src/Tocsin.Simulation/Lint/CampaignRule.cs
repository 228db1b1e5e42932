namespace Tocsin.Simulation.Lint;

/// <summary>What a campaign's matrix may vary: the defence, the site, the weather and the policy, and never the raid.</summary>
/// <remarks>The project searches for no raid that beats a defence. So this is a list of what may be varied, and what is not on it is refused:
/// a member that somebody adds to scenarios later is not open to a search until it is put here.</remarks>
public static class CampaignRule
{
    private const string Rule = "campaign";

    /// <summary>What a path may begin with: members of the scenario, or <c>site</c> for the site's file.</summary>
    public static IReadOnlyList<string> Varied { get; } = ["site", "weather", "radars", "policy", "warning", "release", "people", "defence", "effectors", "guns", "interceptors"];

    private static readonly string[] s_raid = ["salvos", "birds", "aircraft", "gunfire"];

    /// <summary>The refusals of a matrix's factors.</summary>
    /// <param name="file">What findings call the scenario's file.</param>
    /// <param name="factors">For each factor the path that it varies, such as <c>$.radars[0].scanPeriodS</c> or <c>site.tocsin.warning.holdTimeS</c>, and its own
    /// place in the file.</param>
    public static IReadOnlyList<LintFinding> Check(string file, IEnumerable<(string Path, string Place)> factors)
    {
        var findings = new List<LintFinding>();
        foreach ((string path, string place) in factors)
        {
            string root = Root(path);
            if (Varied.Contains(root)) continue;
            string why = s_raid.Contains(root) ? "is the raid's: its figures are nuisance draws, which no campaign ranks or searches" : "is not of what a campaign may vary";
            string shown = string.Concat(path.Select(c => char.IsControl(c) ? ' ' : c));
            findings.Add(new(LintSeverity.Error, Rule, file, place, $"'{shown}' {why}; vary {string.Join(", ", Varied.Take(Varied.Count - 1))} or {Varied[^1]}"));
        }
        return findings;
    }

    // The first name in the path, however the path is written: $.salvos[0], $['salvos'], salvos.0, /salvos/0.
    private static string Root(string path)
    {
        int from = 0;
        while (from < path.Length && !IsOfName(path[from])) from++;
        int to = from;
        while (to < path.Length && IsOfName(path[to])) to++;
        return path[from..to];
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
