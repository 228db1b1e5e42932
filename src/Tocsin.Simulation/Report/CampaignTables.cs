using System.Xml.Linq;
using Tocsin.Simulation.Campaigns;
using Tocsin.Simulation.Scenarios;
using static Tocsin.Simulation.Report.CampaignSvg;
using static Tocsin.Simulation.Report.Markup;
using static Tocsin.Simulation.Report.ReportPage;

namespace Tocsin.Simulation.Report;

/// <summary>Parts of a campaign's report beside its answer: what else the alternatives change, and where claims lie.</summary>
internal static class CampaignTables
{
    // Chosen: as many alternatives can be told apart in the drawings of one claim.
    private const int MostDrawn = 3;

    /// <summary>The measures that the campaign wants beside its answer: each alternative's mean, and how it differs from the first one's.</summary>
    public static IEnumerable<XElement> Also(CampaignResults results)
    {
        IReadOnlyList<string> also = results.Plan.Scenario.Campaign?.Also ?? [];
        if (also.Count == 0) yield break;
        yield return H("h2", "What else changes");
        CampaignAlternative first = results.Plan.Alternatives[0];
        foreach (string name in also)
        {
            MeasureColumn column = results.Columns.First(c => c.Name == name);
            yield return Scroll(Table($"{name}: {column.Means}", ["alternative", "mean", "95 % interval", $"less {first.Name}", "95 % interval", "told apart"], 1,
                results.Plan.Alternatives.Select(a => Row(results, column, a))));
        }
    }

    private static IReadOnlyList<object> Row(CampaignResults results, MeasureColumn column, CampaignAlternative alternative)
    {
        Aggregate a = results.Of(alternative.Index, column.Name);
        Difference? d = alternative.Index == 0 ? null : results.Differences.FirstOrDefault(d => d.Column.Name == column.Name && d.Alternative == alternative.Index && d.Reference == 0 && d.Count > 0);
        string Between(Estimate e) => $"{Number(column, e.Low)} to {Number(column, e.High)}";
        return
        [
            alternative.Name, a.Count > 0 ? Number(column, a.Mean.Value) : NoFigure, a.Count > 0 ? Between(a.Mean) : NoFigure,
            d is null ? NoFigure : Number(column, d.Mean.Value), d is null ? NoFigure : Between(d.Mean), d is null ? NoFigure : CampaignAnswer.Tells(d) ? "yes" : "no",
        ];
    }

    /// <summary>Where claims lie among the runs.</summary>
    public static IEnumerable<XElement> Claimed(CampaignResults results)
    {
        if (results.Claims.Count == 0) yield break;
        yield return H("h2", "What is claimed, and where it lies among the runs");
        yield return H("p", A("class", "note"), "Claims, by who makes them. They differ, and nothing here decides between them. A claim that many runs agree with is possible under the scenario's assumptions; one that none agrees with is not possible under them. Neither is proof: the assumptions themselves were chosen, and are listed below.");
        int drawing = 0;
        foreach (IGrouping<string, PlacedClaim> claims in results.Claims.Where(c => c.Agreeing is not null).GroupBy(c => c.Claim.About!, StringComparer.Ordinal))
        {
            MeasureColumn column = results.Columns.First(c => c.Name == claims.Key);
            Histogram histogram = results.Histograms[column.Name];
            // Alternatives that change nothing about it are drawn once.
            foreach (IGrouping<string, int> alike in claims.SelectMany(c => c.Alternatives).Distinct().Order().GroupBy(i => string.Join(',', histogram.Counts[i]), StringComparer.Ordinal).Take(MostDrawn))
            {
                int alternative = alike.First();
                Aggregate a = results.Of(alternative, column.Name);
                yield return Captioned("spread", Distribution($"claim{drawing++}", column, histogram, alternative, a, [.. claims.Select(c => c.Claim).Distinct()], CampaignAnswer.Spread(a)),
                    $"{column.Means} {CampaignAnswer.Spread(a)}" + (claims.First().IsSet ? " The scenario sets it: this is what is assumed, and the runs cannot speak for or against it." : "") +
                    (results.Plan.Alternatives.Count > 1 ? $" Of: {Names(results, [.. alike])}." : ""));
            }
        }
        bool several = results.Plan.Alternatives.Count > 1;
        string[] heads = ["claim", "grade", "measure", .. several ? (string[])["alternative"] : [], "less", "agree", "more"];
        yield return Scroll(Table("Every claim beside the share of the runs that have less than it says, agree with it, or have more.", heads, heads.Length - 3,
            results.Claims.Select(c => (IReadOnlyList<object>)
            [
                $"{c.Claim.By}: {c.Claim.Says}", c.Claim.Grade.ToString(), c.Claim.About is { } name ? Where(results, name, c) : "words only",
                .. several ? (object[])[c.Alternatives.Count > 0 ? Names(results, c.Alternatives) : NoFigure] : [], Percent(c.Below), Percent(c.Agreeing), Percent(c.Above),
            ])));
    }

    private static string Names(CampaignResults results, IReadOnlyList<int> alternatives) =>
        alternatives.Count == results.Plan.Alternatives.Count ? "all" : string.Join(", ", alternatives.Select(i => results.Plan.Alternatives[i].Name));

    private static string Where(CampaignResults results, string name, PlacedClaim claim) =>
        !results.Columns.Any(c => c.Name == name) ? $"{name}: no such measure here" : claim.Agreeing is null ? $"{name}: not simulated here" : claim.IsSet ? $"{name}, set by the scenario" : name;
}
