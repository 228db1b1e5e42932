using Tocsin.Simulation.Campaigns;

namespace Tocsin.Simulation.Scenarios;

/// <summary>Checks what a campaign's shape cannot say: paths that may not be varied, members that exclude each other, sizes.</summary>
internal static class CampaignChecks
{
    private const string At = "$.campaign";

    /// <summary>The first fault as (path, mend); null where the campaign can be made.</summary>
    public static (string Path, string Mend)? FirstFault(CampaignSettings campaign)
    {
        if (campaign.Question.Length == 0) return ($"{At}.question", "is empty; ask it in a sentence");
        if (!IsColumn(campaign.Measure)) return ($"{At}.measure", "is not the name of a column; write one such as people_needlessly_warned");
        for (int i = 0; i < campaign.Also.Count; i++)
            if (!IsColumn(campaign.Also[i])) return ($"{At}.also[{i}]", "is not the name of a column; write one such as people_needlessly_warned");
        if (campaign.Also.Count > CampaignLimits.AlsoMeasures) return ($"{At}.also", $"names more than {CampaignLimits.AlsoMeasures} columns; aggregates.csv holds all of them anyway");
        bool hypercube = campaign.Design == CampaignDesign.LatinHypercube;
        if (hypercube != campaign.Points is not null) return ($"{At}.points", hypercube ? "is missing; say how many points the Latin hypercube has" : "belongs to a Latin hypercube; leave it out, or set design to latinHypercube");
        if (campaign.Points is < 2 or > CampaignLimits.Alternatives) return ($"{At}.points", $"is {campaign.Points}; it must be 2 to {CampaignLimits.Alternatives}");
        if (campaign.Factors.Count > CampaignLimits.Factors) return ($"{At}.factors", $"are more than {CampaignLimits.Factors}; leave some out");
        if (hypercube && campaign.Factors.Count == 0) return ($"{At}.factors", "is empty; a Latin hypercube needs ranges");
        var names = new HashSet<string>(StringComparer.Ordinal);
        long alternatives = 1;
        for (int i = 0; i < campaign.Factors.Count; i++)
        {
            CampaignFactor factor = campaign.Factors[i];
            if (FaultOf(factor, $"{At}.factors[{i}]", hypercube) is { } fault) return fault;
            if (!names.Add(DesignMatrix.ColumnOf(factor))) return ($"{At}.factors[{i}].name", $"'{factor.Name}' stands twice; give each factor its own");
            int count = DesignMatrix.CountOf(factor);
            if (campaign.Design == CampaignDesign.List && i > 0 && count != DesignMatrix.CountOf(campaign.Factors[0]))
                return ($"{At}.factors[{i}]", $"has {count} values where the first factor has {DesignMatrix.CountOf(campaign.Factors[0])}; a list needs equally many");
            alternatives = campaign.Design == CampaignDesign.Factorial ? Math.Min(alternatives * count, int.MaxValue) : campaign.Points ?? count;
        }
        if (alternatives > CampaignLimits.Alternatives)
            return ($"{At}.factors", $"make {alternatives} alternatives; at most {CampaignLimits.Alternatives} fit one campaign: take fewer values, or a Latin hypercube");
        return campaign.Stop is { } stop ? FaultOf(stop) : null;
    }

    private static (string Path, string Mend)? FaultOf(CampaignFactor factor, string at, bool hypercube)
    {
        if (factor.Name.Length is 0 or > 40 || DesignMatrix.Slug(factor.Name).Length == 0) return ($"{at}.name", "must have 1 to 40 letters");
        if (factor.Unit is { } unit && !IsColumn(unit)) return ($"{at}.unit", "must be in small letters, such as s or m");
        if (hypercube)
        {
            if (factor.Path is null || factor.Range is null || factor.Values.Count + factor.Levels.Count + factor.Labels.Count > 0)
                return (at, "of a Latin hypercube needs path and range, and nothing else");
            return factor.Range.Max > factor.Range.Min ? FaultOf(factor.Path, $"{at}.path") : ($"{at}.range", "is one number; write [least, most]");
        }
        if (factor.Range is not null) return ($"{at}.range", "belongs to a Latin hypercube; give values instead");
        if (factor.Path is null != factor.Values.Count is 0 || factor.Path is null == factor.Levels.Count is 0) return (at, "needs either path with values, or levels");
        if (factor.Labels.Count > 0 && factor.Labels.Count != factor.Values.Count) return ($"{at}.labels", $"are {factor.Labels.Count} for {factor.Values.Count} values; give each value one, or none");
        if (factor.Path is { } path) return FaultOf(path, $"{at}.path");
        for (int l = 0; l < factor.Levels.Count; l++)
        {
            for (int s = 0; s < factor.Levels[l].Set.Count; s++)
                if (FaultOf(factor.Levels[l].Set[s].Path, $"{at}.levels[{l}].set[{s}].path") is { } fault) return fault;
        }
        return null;
    }

    private static (string Path, string Mend)? FaultOf(string path, string at) =>
        CampaignPath.Parse(path).Succeeded(out _, out string? problem) ? null : (at, problem);

    private static (string Path, string Mend)? FaultOf(StopRule stop)
    {
        const string at = At + ".stop";
        if (stop.Measure is { } measure && !IsColumn(measure)) return ($"{at}.measure", "is not the name of a column");
        if (!(stop.HalfWidth >= 0)) return ($"{at}.halfWidth", "must be 0 or more");
        if (!(stop.Confidence is >= 0.5 and <= 0.999)) return ($"{at}.confidence", "must be 0.5 to 0.999");
        if (stop.MinReplications is < 2 or > 1_000_000) return ($"{at}.minReplications", "must be 2 to 1000000");
        if (stop.MaxReplications < stop.MinReplications) return ($"{at}.maxReplications", "is below minReplications");
        return null;
    }

    private static bool IsColumn(string text) => text.Length is > 0 and <= 80 && text[0] is >= 'a' and <= 'z' && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_');
}
