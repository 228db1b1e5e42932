using System.Globalization;
using System.Xml.Linq;
using Tocsin.Simulation.Campaigns;
using Tocsin.Simulation.Scenarios;
using static Tocsin.Simulation.Report.CampaignSvg;
using static Tocsin.Simulation.Report.Markup;
using static Tocsin.Simulation.Report.ReportPage;

namespace Tocsin.Simulation.Report;

/// <summary>Writes the report of a campaign: the question, the answer with its interval, where claims lie among the runs, and what all of it assumes.</summary>
/// <remarks>One HTML file that stands by itself, without script, network and clock: the same runs give the same bytes.</remarks>
public static class CampaignReport
{
    // Chosen: tables of more would not fit a page; the files beside it hold all.
    private const int MostInTables = 12, AllPairs = 4;

    /// <summary>Writes the report.</summary>
    public static void Write(TextWriter writer, CampaignResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        CampaignPlan plan = results.Plan;
        ReportContext context = ReportContext.Of(plan.Scenario, plan.Seed, plan.Product);
        string about = string.Create(CultureInfo.InvariantCulture,
            $"{plan.Alternatives[0].Site.Name} · {plan.Alternatives.Count} {(plan.Alternatives.Count == 1 ? "alternative" : "alternatives")} · {results.Replications} replications · seed {plan.Seed} · {plan.Product}");
        Markup.Write(writer, ReportPage.Of(context, plan.Scenario.Name + ": campaign", about,
            "Intervals say how well the mean over such runs is known; they say nothing of whether the scenario's assumptions hold. The ground is taken as level. Definitions of all measures: schema.json beside this file, and docs/internals/measures.md.",
            [
                results.IsComplete ? null : H("p", A("class", "incomplete"), $"INCOMPLETE: {results.Replications} of {results.Wanted} replications. The campaign was stopped; the same command goes on with it."),
                H("p", A("class", "question"), Headlines.Question(plan.Scenario)),
                H("ul", A("class", "answer"), Answer(results).Select(line => H("li", line))),
                H("p", A("class", "note"), $"Measured by {results.Measure.Name}: {results.Measure.Means}"),
                plan.Alternatives.Count > 1 ? Comparison(results) : Cards(results),
                plan.Alternatives.Count > 1 ? CampaignTables.Also(results) : null,
                Distributions(results),
                CampaignTables.Claimed(results),
                Fallen(results),
                H("h2", "All measures"), AllMeasures(results),
                H("h2", "How it was made"), Method(results),
            ]));
    }

    /// <summary>The answer in plain sentences.</summary>
    public static IReadOnlyList<string> Answer(CampaignResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return results.Plan.Alternatives.Count > 1 ? CampaignAnswer.OfAlternatives(results) : CampaignAnswer.OfOne(results);
    }

    private static IEnumerable<XElement> Comparison(CampaignResults results)
    {
        MeasureColumn column = results.Measure;
        (string, Aggregate)[] rows = [.. results.Plan.Alternatives.Select(a => (a.Name, results.Of(a.Index, column.Name)))];
        yield return H("h2", "Alternatives");
        yield return Captioned("spread", ByAlternative("forest", column, rows, string.Join(' ', Answer(results))),
            "Dot: mean of the runs. Thick: its 95 % interval. Thin: from the 5 % to the 95 % run." + (rows.Length > MaxAlternatives ? $" The first {MaxAlternatives} of {rows.Length}; aggregates.csv has all." : ""));
        // What tells alternatives apart is the paired difference: the spread from raid to raid, which the drawing above shows, hides it.
        (string, Aggregate)[] paired = [.. results.Differences.Where(d => d.Column.Name == column.Name && d.Reference == 0 && d.Count > 0).OrderBy(d => d.Alternative)
            .Select(d => (results.Plan.Alternatives[d.Alternative].Name, new Aggregate(column, d.Count, d.Mean, d.Deviation, [.. Aggregate.Shares.Select(s => s < 0.5 ? d.Mean.Low : d.Mean.High)])))];
        if (paired.Length > 0)
            yield return Captioned("spread", ByAlternative("paired", column, paired, "Paired differences of the means with their intervals.", $"less {results.Plan.Alternatives[0].Name}, replication by replication"),
                $"Dot: mean of the paired differences from {results.Plan.Alternatives[0].Name}. Thick: its 95 % interval. Where it does not touch the line at nought, the two are told apart.");
        if (results.Plan.Alternatives.Count > MostInTables) yield break;
        // Of few alternatives all pairs; of more, those with the first one and with the best. differences.csv holds what was computed.
        Difference[] differences = [.. results.Differences.Where(d => d.Column.Name == column.Name && d.Count > 0
            && (results.Plan.Alternatives.Count <= AllPairs || d.Reference == 0 || d.Reference == results.Best || d.Alternative == results.Best))];
        yield return Scroll(Table("Paired differences of the means: both met the same raids, weather and chance, so that what they share cancels. An interval without nought tells the two apart; of many such intervals, one in twenty errs.",
            ["compared", "difference", "95 % interval", "less", "more"], 1,
            differences.Select(d => (IReadOnlyList<object>)
            [
                $"{results.Plan.Alternatives[d.Alternative].Name} minus {results.Plan.Alternatives[d.Reference].Name}", Number(column, d.Mean.Value),
                $"{Number(column, d.Mean.Low)} to {Number(column, d.Mean.High)}", Percent(Null(d.LessShare)), Percent(Null(d.MoreShare)),
            ])));
    }

    private static XElement Cards(CampaignResults results) => H("ul", A("class", "cards"), Headlines.Names.Select(name => results.Aggregates[0].First(a => a.Column.Name == name)).Where(a => a.Count > 0)
        .Select(a => H("li", H("b", Number(a.Column, a.Mean.Value)), H("span", $"{CampaignAnswer.Words(a.Column)}, mean of the runs"), H("span", $"95 % interval {Number(a.Column, a.Mean.Low)} to {Number(a.Column, a.Mean.High)}"))));

    private static IEnumerable<XElement> Distributions(CampaignResults results)
    {
        yield return H("h2", "Distribution");
        // Of many, the first and the best: drawings of more look alike. The plots beside the report hold them over each other.
        int[] drawn = results.Plan.Alternatives.Count <= AllPairs ? [.. Enumerable.Range(0, results.Plan.Alternatives.Count)] : [.. new[] { 0, results.Best }.Distinct()];
        foreach (CampaignAlternative alternative in drawn.Select(i => results.Plan.Alternatives[i]))
        {
            Aggregate a = results.Of(alternative.Index, results.Measure.Name);
            string name = results.Plan.Alternatives.Count > 1 ? $"{alternative.Name}: " : "";
            if (a.Count == 0) yield return H("p", $"{name}nothing of it was measured in any run.");
            else yield return Captioned("spread", Distribution($"spread{alternative.Index}", results.Measure, results.Histograms[results.Measure.Name], alternative.Index, a, [], CampaignAnswer.Spread(a)),
                $"{name}{CampaignAnswer.Spread(a)} Upright line: the mean; the thick stroke below it is its 95 % interval.");
        }
    }

    private static IEnumerable<XElement> Fallen(CampaignResults results)
    {
        if (results.Dispersions.Count == 0) yield break;
        Dispersion first = results.Dispersions[0];
        // Alternatives that change nothing in the air have the same impacts: said once.
        Dispersion[] different = [.. results.Dispersions.DistinctBy(d => (d.Count, d.MeanEastM, d.MeanNorthM, d.SigmaMajorM, d.SigmaMinorM))];
        string words = $"{Count(first.Count)} impacts, {Number(first.MeanEastM)} m east and {Number(first.MeanNorthM)} m north of the aim in the mean; sigmas {Number(first.SigmaMajorM)} and {Number(first.SigmaMinorM)} m.";
        yield return H("h2", "Where rounds fell");
        yield return H("p", A("class", "note"), "All runs together, each salvo about its own aim: a check of what the scenario assumes, not a finding about anybody's rounds.");
        yield return Captioned("spread", Impacts("impacts", first, words),
            "Impacts (a sample) about the aim (cross), with the ellipses of 1, 2 and 3 sigmas about their mean: of a normal distribution they hold 39, 86 and 99 %.");
        yield return Scroll(Table("Radii that hold half, nine tenths and nineteen twentieths of the impacts; counted, with no distribution assumed.",
            ["alternative", "impacts", "sigma along", "sigma across", "major axis", "R50", "R90", "R95", "R50 about the aim", "R90", "R95"], 1,
            different.Select(d => (IReadOnlyList<object>)
            [
                different.Length == 1 ? "all" : results.Plan.Alternatives[d.Alternative].Name, Count(d.Count), $"{Number(d.SigmaMajorM)} m", $"{Number(d.SigmaMinorM)} m",
                $"{Number(Degrees.FromRad(d.OrientationRad))}°", .. d.FromMean.Concat(d.FromAim).Select(r => (object)$"{Number(r)} m"),
            ])));
    }

    private static IEnumerable<XElement> AllMeasures(CampaignResults results)
    {
        foreach (CampaignAlternative alternative in results.Plan.Alternatives.Take(results.Plan.Alternatives.Count > MostInTables ? 1 : 4))
        {
            Aggregate[] measured = [.. results.Aggregates[alternative.Index].Where(a => a.Count > 0)];
            yield return Scroll(Table((results.Plan.Alternatives.Count > 1 ? alternative.Name + ". " : "") + "Means with their 95 % intervals, and the spread of single runs.",
                ["measure", "unit", "runs", "mean", "95 % interval", "5 %", "median", "95 %"], 2,
                measured.Select(a => (IReadOnlyList<object>)
                [
                    H("span", A("title", a.Column.Means), a.Column.Name), a.Column.Unit == "1" ? "%" : a.Column.Unit, Count(a.Count), Number(a.Column, a.Mean.Value), $"{Number(a.Column, a.Mean.Low)} to {Number(a.Column, a.Mean.High)}",
                    Number(a.Column, a.Quantiles[1]), Number(a.Column, a.Median), Number(a.Column, a.Quantiles[5]),
                ])));
        }
        string[] empty = [.. results.Aggregates[0].Where(a => a.Count == 0).Select(a => a.Column.Name)];
        if (empty.Length > 0) yield return H("p", A("class", "note"), $"Never measured here: {string.Join(", ", empty)}.");
        if (results.Plan.Alternatives.Count > 4) yield return H("p", A("class", "note"), "The other alternatives are in aggregates.csv.");
    }

    private static IEnumerable<XElement> Method(CampaignResults results)
    {
        CampaignPlan plan = results.Plan;
        int alternatives = plan.Alternatives.Count;
        yield return H("p", $"{Count(results.Runs)} runs: {Count(results.Replications)} replications{(alternatives > 1 ? $" of {Count(alternatives)} alternatives" : "")}, from the root seed {plan.Seed}. " +
            (alternatives > 1 ? "In one replication all alternatives meet the same raid, weather and chance. " : "") +
            (results.StoppedByRule ? $"The campaign ended by its own rule: the mean of {plan.Scenario.Campaign!.Stop!.Measure ?? results.Measure.Name} is known to ±{CsvText.Of(plan.Scenario.Campaign.Stop.HalfWidth)} or better. " : "") +
            (results.Replications <= CampaignLimits.ResampledReplications ? $"Intervals are the percentiles of {Resampler.Resamples} resamples of the replications." : "Intervals are Student's."));
        if (plan.Factors.Count > 0)
        {
            yield return Scroll(Table("What is varied. The raid is not: its figures are drawn anew in every replication.", ["factor", "member", "values"], 3,
                plan.Factors.Select((f, i) => (IReadOnlyList<object>)
                [
                    f.Factor.Name + (f.Factor.Unit is { } unit ? $" ({unit})" : ""), f.Factor.Path ?? string.Join(", ", f.Factor.Levels.SelectMany(l => l.Set).Select(s => s.Path).Distinct()),
                    f.Factor.Range is { } range ? $"{Number(range.Min)} to {Number(range.Max)}" : string.Join("; ", plan.Alternatives.Select(a => a.Labels[i]).Distinct().Take(MostInTables)),
                ])));
        }
        yield return H("p", "Any run can be made again by its number: ", H("code", "tocsin run --campaign THIS_FOLDER --number K --report DIR"), ", and shown on the page: ", H("code", "tocsin demo --campaign THIS_FOLDER --number K"), ". ",
            "campaign.json holds the scenario, the site, the seed and the program's version; runs.csv and runs.parquet hold a row for each run, schema.json what their columns mean, aggregates.csv and differences.csv every measure.");
        yield return H("p", A("class", "note"), $"Identity {plan.Identity[..16]}.");
    }

    internal static double? Null(double value) => double.IsNaN(value) ? null : value;
}
