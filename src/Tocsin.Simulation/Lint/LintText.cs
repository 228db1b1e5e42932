using System.Globalization;

namespace Tocsin.Simulation.Lint;

/// <summary>Figures and lists as findings print them.</summary>
internal static class LintText
{
    /// <summary>Ids that one finding names before it only counts.</summary>
    private const int NamesShown = 5;

    /// <summary>Metres, whole.</summary>
    public static string Metres(double m) => m.ToString("0", CultureInfo.InvariantCulture) + " m";

    /// <summary>Seconds, to the tenth.</summary>
    public static string Seconds(double s) => s.ToString("0.#", CultureInfo.InvariantCulture) + " s";

    /// <summary>A plain number.</summary>
    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>"zone Z4", or "zones Z4, Z5 and 3 more": a finding is one line, however many it concerns.</summary>
    public static string Names(string one, IReadOnlyList<string> ids)
    {
        if (ids.Count == 1) return $"{one} {ids[0]}";
        string shown = string.Join(", ", ids.Take(NamesShown));
        return ids.Count > NamesShown ? $"{one}s {shown} and {ids.Count - NamesShown} more" : $"{one}s {shown}";
    }

    /// <summary>"zone Z4 (and 3 more zones: Z5, Z6, Z7)": the worst first.</summary>
    public static string Worst(string one, IReadOnlyList<string> ids)
    {
        if (ids.Count == 1) return $"{one} {ids[0]}";
        string more = string.Join(", ", ids.Skip(1).Take(NamesShown - 1)) + (ids.Count > NamesShown ? ", …" : "");
        return $"{one} {ids[0]} (and {ids.Count - 1} more: {more})";
    }
}
