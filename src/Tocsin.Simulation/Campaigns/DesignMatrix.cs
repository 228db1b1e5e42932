using System.Globalization;
using System.Text;
using System.Text.Json;
using Tocsin.Numerics;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Campaigns;

/// <summary>What one factor is in one alternative.</summary>
/// <param name="Label">What reports call it.</param>
/// <param name="Number">Its value, where that is a number.</param>
/// <param name="Settings">What it sets.</param>
internal sealed record Level(string Label, double? Number, IReadOnlyList<PathValue> Settings);

/// <summary>Puts the values of factors together to alternatives.</summary>
internal static class DesignMatrix
{
    /// <summary>The levels of every alternative, one for each factor: a single alternative without levels where nothing is varied.</summary>
    /// <param name="campaign">The campaign; null where there is none.</param>
    /// <param name="seed">The root seed, from which a Latin hypercube is drawn.</param>
    public static IReadOnlyList<IReadOnlyList<Level>> Of(CampaignSettings? campaign, long seed)
    {
        if (campaign is null || campaign.Factors.Count == 0) return [[]];
        if (campaign.Design == CampaignDesign.LatinHypercube) return LatinHypercube(campaign, seed);
        Level[][] levels = [.. campaign.Factors.Select(f => LevelsOf(f).ToArray())];
        if (campaign.Design == CampaignDesign.List) return [.. Enumerable.Range(0, levels[0].Length).Select(i => (IReadOnlyList<Level>)[.. levels.Select(l => l[i])])];
        // The last factor changes fastest, as in a table that is read down.
        IEnumerable<Level[]> rows = [[]];
        foreach (Level[] factor in levels) rows = [.. rows.SelectMany(row => factor.Select(level => (Level[])[.. row, level]))];
        return [.. rows];
    }

    /// <summary>How many values a factor has.</summary>
    public static int CountOf(CampaignFactor factor) => Math.Max(factor.Values.Count, factor.Levels.Count);

    /// <summary>A factor's column in the results.</summary>
    public static string ColumnOf(CampaignFactor factor)
    {
        string name = "factor_" + Slug(factor.Name);
        return factor.Unit is not { } unit || name.EndsWith("_" + unit, StringComparison.Ordinal) ? name : $"{name}_{unit}";
    }

    /// <summary>A name in small letters, figures and underscores.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '_') slug.Append('_');
        }
        return slug.ToString().TrimEnd('_');
    }

    private static IEnumerable<Level> LevelsOf(CampaignFactor factor)
    {
        foreach (FactorLevel level in factor.Levels) yield return new(level.Label, null, level.Set);
        for (int i = 0; i < factor.Values.Count; i++)
        {
            JsonElement value = factor.Values[i];
            double? number = value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
            string label = factor.Labels.Count > 0 ? factor.Labels[i] : value.ValueKind == JsonValueKind.String ? value.GetString()! : Shortened(value.GetRawText());
            yield return new(label, number, [new() { Path = factor.Path!, Value = value }]);
        }
    }

    private static string Shortened(string json)
    {
        const int most = 40;
        string line = string.Join(' ', json.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : line[..(most - 1)] + "…";
    }

    /// <summary>Point i takes stratum s(i) of each factor's range, s a random permutation of the factor's own, at a random place within it
    /// (McKay, Beckman and Conover, Technometrics 21(2), 1979).</summary>
    private static List<IReadOnlyList<Level>> LatinHypercube(CampaignSettings campaign, long seed)
    {
        int points = campaign.Points!.Value;
        var streams = new RunStreams(unchecked((ulong)seed), 0);
        var columns = new List<Level[]>();
        foreach (CampaignFactor factor in campaign.Factors)
        {
            RandomStream draws = streams.Of(Draw.CampaignDesign, factor.Name);
            int[] strata = [.. Enumerable.Range(0, points)];
            for (int i = points - 1; i > 0; i--)
            {
                int other = (int)(draws.NextUniform() * (i + 1));
                (strata[i], strata[other]) = (strata[other], strata[i]);
            }
            var column = new Level[points];
            for (int i = 0; i < points; i++)
            {
                // Nine figures: what the documents hold is the value itself.
                double value = factor.Range!.At((strata[i] + draws.NextUniform()) / points);
                string text = value.ToString("G9", CultureInfo.InvariantCulture);
                using JsonDocument json = JsonDocument.Parse(text);
                column[i] = new(text, double.Parse(text, CultureInfo.InvariantCulture), [new() { Path = factor.Path!, Value = json.RootElement.Clone() }]);
            }
            columns.Add(column);
        }
        return [.. Enumerable.Range(0, points).Select(i => (IReadOnlyList<Level>)[.. columns.Select(c => c[i])])];
    }
}
