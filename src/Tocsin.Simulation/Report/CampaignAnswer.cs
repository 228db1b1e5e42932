using Tocsin.Simulation.Campaigns;
using Tocsin.Simulation.Scenarios;
using static Tocsin.Simulation.Report.CampaignSvg;
using static Tocsin.Simulation.Report.Markup;

namespace Tocsin.Simulation.Report;

/// <summary>The answer of a campaign in plain sentences, from the same figures as its tables.</summary>
internal static class CampaignAnswer
{
    /// <summary>What one alternative's runs say.</summary>
    public static IReadOnlyList<string> OfOne(CampaignResults results)
    {
        var lines = new List<string>();
        Aggregate measure = results.Of(0, results.Measure.Name);
        lines.Add(measure.Count == 0
            ? $"Nothing of {Words(results.Measure)} was measured in any of {Count(results.Replications)} runs."
            : $"{Capital(Words(results.Measure))}: {Value(measure)} on average over {Count(measure.Count)} runs. {Spread(measure)}");
        // What the scenario asks for stands first; what always matters follows.
        if (results.Plan.Scenario.Campaign is not null) return lines;
        Aggregate landed = results.Of(0, "rounds_landed_in_zone"), five = results.Of(0, "rounds_warned_5s"), missed = results.Of(0, "rounds_missed"), needless = results.Of(0, "people_needlessly_warned");
        if (landed.Mean.Value > 0)
            lines.Add($"Of {Value(landed)} rounds that land in a zone, {Value(five)} are announced there 5 s ahead or more, and {Value(missed)} not at all.");
        if (needless.Count > 0)
        {
            Aggregate siren = results.Of(0, "people_needlessly_warned_one_siren");
            lines.Add(needless.Quantiles[6] == 0 ? "Nobody was alarmed for nothing in any run." : $"{Value(needless)} people are alarmed for nothing in a run" +
                // Without a warning the one siren is silent too, and nothing was measured of it.
                (siren.Count == 0 ? "." : siren.Count == needless.Count ? $"; one siren for the whole site would alarm {Value(siren)} for nothing."
                : $"; one siren for the whole site would sound in {Count(siren.Count)} of {Count(needless.Count)} runs, and alarm {Value(siren)} for nothing when it does."));
        }
        return lines;
    }

    /// <summary>What several alternatives' runs say: which is best where the campaign says which way is better, and which cannot be told apart.</summary>
    public static IReadOnlyList<string> OfAlternatives(CampaignResults results)
    {
        Preference better = results.Plan.Scenario.Campaign?.Better ?? Preference.Neither;
        var measured = CampaignResults.Ranked(results.Plan, [.. results.Plan.Alternatives.Select(a => results.Of(a.Index, results.Measure.Name))])
            .Select(i => (Index: i, results.Plan.Alternatives[i].Name, Aggregate: results.Of(i, results.Measure.Name))).ToArray();
        if (measured.Length == 0) return [$"Nothing of {Words(results.Measure)} was measured in any run."];
        var lines = new List<string>();
        string measure = Words(results.Measure);
        if (better == Preference.Neither)
        {
            lines.Add($"{Capital(measure)}, from the least to the most: {string.Join("; ", measured.Take(8).Select(m => $"{m.Name}, {Value(m.Aggregate)}"))}{(measured.Length > 8 ? "; and so on" : "")}.");
            if (Against(results, measured[^1].Index, measured[0].Index) is { } range) lines.Add(Sentence(results, range));
            return lines;
        }
        (int index, string name, Aggregate best) = measured[0];
        (int Other, Difference Against)[] others = [.. measured.Skip(1).Select(m => (m.Index, Against(results, m.Index, index)!)).Where(o => o.Item2 is not null)];
        int[] same = [.. others.Where(o => !Tells(o.Against)).Select(o => o.Other)];
        lines.Add($"{(better == Preference.Less ? "Least" : "Most")} {measure}: {name}, {Value(best)} on average over {Count(best.Count)} replications.");
        if (same.Length == 1 && Against(results, same[0], index) is { } only) lines.Add(Sentence(results, only));
        else if (same.Length > 3 && same.Length == measured.Length - 1) lines.Add("These runs do not tell it apart from any other alternative: more runs may, or there is no difference that matters.");
        else if (same.Length is > 0 and <= 8) lines.Add($"These runs do not tell it apart from {Listed([.. same.Select(i => results.Plan.Alternatives[i].Name)])}.");
        else if (same.Length > 8) lines.Add($"These runs do not tell it apart from {same.Length} others.");
        // The first alternative is what the others are to improve on: it is always said how far the best is from it.
        lines.AddRange(others.Where(o => Tells(o.Against)).OrderBy(o => o.Other != 0).Take(MostSentences).Select(o => Sentence(results, o.Against)));
        int unsaid = others.Count(o => Tells(o.Against)) - MostSentences;
        if (unsaid > 0) lines.Add($"{unsaid} more are told apart from it: see the tables.");
        return lines;
    }

    // Chosen: more sentences are a table.
    private const int MostSentences = 6;

    /// <summary>Whether the interval of a difference leaves nought out.</summary>
    public static bool Tells(Difference d) => d.Mean.Low > 0 || d.Mean.High < 0;

    private static string Listed(IReadOnlyList<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";

    /// <summary>How single runs spread.</summary>
    public static string Spread(Aggregate a)
    {
        if (a.Count == 0) return "Nothing was measured.";
        if (a.Quantiles[0] == a.Quantiles[6]) return $"It is {Number(a.Column, a.Quantiles[0])} in every run.";
        string Figure(int quantile) => Number(a.Column, a.Quantiles[quantile]);
        string half = a.Quantiles[2] == a.Quantiles[4] ? $"In half of the runs it is {Figure(2)}" : $"Half of the runs lie between {Figure(2)} and {Figure(4)}";
        return a.Quantiles[1] == a.Quantiles[5] ? $"In nine of ten runs it is {Figure(1)}; the least is {Figure(0)}, the greatest {Figure(6)}." : $"{half}, nine in ten lie between {Figure(1)} and {Figure(5)}.";
    }

    private static string Sentence(CampaignResults results, Difference d)
    {
        string Figure(double value) => Number(d.Column, value);
        (double low, double high) = (Math.Min(Math.Abs(d.Mean.Low), Math.Abs(d.Mean.High)), Math.Max(Math.Abs(d.Mean.Low), Math.Abs(d.Mean.High)));
        string size = $"{Figure(Math.Abs(d.Mean.Value))} (95 % interval {Figure(low)} to {Figure(high)})";
        string name = results.Plan.Alternatives[d.Alternative].Name, reference = results.Plan.Alternatives[d.Reference].Name;
        if (!Tells(d)) return $"{Capital(name)} and {reference} are not told apart: their difference is {Figure(d.Mean.Value)} (95 % interval {Figure(d.Mean.Low)} to {Figure(d.Mean.High)}).";
        return $"{Capital(name)}: {size} {(d.Mean.Value > 0 ? "more" : "less")} than {reference}, and {(d.Mean.Value > 0 ? "more" : "less")} in {Percent(d.Mean.Value > 0 ? d.MoreShare : d.LessShare)} of the replications.";
    }

    // The difference of two alternatives, whichever way it was computed; null where they were not compared.
    private static Difference? Against(CampaignResults results, int alternative, int reference)
    {
        foreach (Difference d in results.Differences)
        {
            if (d.Column.Name != results.Measure.Name || d.Count == 0) continue;
            if (d.Alternative == alternative && d.Reference == reference) return d;
            if (d.Alternative == reference && d.Reference == alternative)
                return d with { Alternative = alternative, Reference = reference, Mean = new(-d.Mean.Value, -d.Mean.High, -d.Mean.Low), LessShare = d.MoreShare, MoreShare = d.LessShare };
        }
        return null;
    }

    /// <summary>A column's name as words.</summary>
    public static string Words(MeasureColumn column) => column.Name.Replace('_', ' ');

    private static string Value(Aggregate a)
    {
        Estimate e = a.Mean;
        return e.Low == e.High ? Number(a.Column, e.Value) : $"{Number(a.Column, e.Value)} (95 % interval {Number(a.Column, e.Low)} to {Number(a.Column, e.High)})";
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
