using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Campaigns;

/// <summary>Where a claim lies among the runs of one alternative, or of several in which it lies alike.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Alternatives">Indices of the alternatives; none where nothing was measured that it is about.</param>
/// <param name="Below">Share of the runs with less than it names; null where nothing was measured that it is about.</param>
/// <param name="Agreeing">Share of the runs that agree with it.</param>
/// <param name="Above">Share of the runs with more.</param>
/// <param name="IsSet">Whether the scenario sets what it is about: that decides then, and not what the runs found.</param>
public sealed record PlacedClaim(Claim Claim, IReadOnlyList<int> Alternatives, double? Below, double? Agreeing, double? Above, bool IsSet);

/// <summary>What a campaign's runs say together.</summary>
public sealed record CampaignResults
{
    /// <summary>The campaign.</summary>
    public required CampaignPlan Plan { get; init; }

    /// <summary>The measures.</summary>
    public required IReadOnlyList<MeasureColumn> Columns { get; init; }

    /// <summary>Runs made.</summary>
    public required int Runs { get; init; }

    /// <summary>Whole replications among them: what the statistics are over.</summary>
    public required int Replications { get; init; }

    /// <summary>Replications asked for.</summary>
    public required int Wanted { get; init; }

    /// <summary>Whether the campaign's own rule ended it.</summary>
    public required bool StoppedByRule { get; init; }

    /// <summary>The measure that answers the question.</summary>
    public required MeasureColumn Measure { get; init; }

    /// <summary>The alternative that does best by that measure, where the campaign says which way is better; else the one with the least of it.</summary>
    public required int Best { get; init; }

    /// <summary>Statistics by alternative and measure.</summary>
    public required IReadOnlyList<IReadOnlyList<Aggregate>> Aggregates { get; init; }

    /// <summary>Differences between alternatives, of every measure.</summary>
    public required IReadOnlyList<Difference> Differences { get; init; }

    /// <summary>Histograms of the measures that the report draws.</summary>
    public required IReadOnlyDictionary<string, Histogram> Histograms { get; init; }

    /// <summary>The scenario's claims in their order, each once for every group of alternatives in which it lies alike.</summary>
    public required IReadOnlyList<PlacedClaim> Claims { get; init; }

    /// <summary>Where impacts lay.</summary>
    public required IReadOnlyList<Dispersion> Dispersions { get; init; }

    /// <summary>Whether all that was asked for was made.</summary>
    public bool IsComplete => Replications >= Wanted || StoppedByRule;

    // Chosen: as many alternatives fit a page; of more, all are compared with the first one alone.
    internal const int ComparedWithEachOther = 8;

    /// <summary>The aggregate of one alternative and measure.</summary>
    public Aggregate Of(int alternative, string measure) => Aggregates[alternative].First(a => a.Column.Name == measure);

    /// <summary>Reads the runs and makes the statistics: some columns at a time, so that memory is bounded.</summary>
    /// <exception cref="InvalidDataException">The campaign names a measure that there is not: <see cref="Unknown"/> finds it before the runs are made.</exception>
    public static CampaignResults Of(CampaignPlan plan, Journal journal, int runs, int wanted, bool stoppedByRule)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(journal);
        IReadOnlyList<MeasureColumn> columns = journal.Columns;
        int alternatives = plan.Alternatives.Count, replications = runs / alternatives;
        MeasureColumn measure = MeasureOf(plan, columns);
        int best = 0;
        HashSet<string> drawn = [measure.Name, .. Headlines.Names, .. plan.Scenario.Claims.Select(c => c.About ?? "")];
        var resampler = new Resampler(replications, plan.Seed);
        var aggregates = Enumerable.Range(0, alternatives).Select(_ => new List<Aggregate>()).ToArray();
        var differences = new List<Difference>();
        var histograms = new SortedDictionary<string, Histogram>(StringComparer.Ordinal);
        var placed = new Dictionary<Claim, IReadOnlyList<PlacedClaim>>(ReferenceEqualityComparer.Instance);

        int atOnce = (int)Math.Clamp(CampaignLimits.ColumnBytes / (8L * Math.Max(1, runs)), 1, columns.Count);
        for (int first = 0; first < columns.Count; first += atOnce)
        {
            int count = Math.Min(atOnce, columns.Count - first);
            double[][][] values = Read(journal, first, count, alternatives, replications);
            for (int c = 0; c < count; c++)
            {
                MeasureColumn column = columns[first + c];
                double[][] byAlternative = [.. values.Select(v => v[c])];
                for (int a = 0; a < alternatives; a++) aggregates[a].Add(resampler.Aggregate(column, byAlternative[a]));
                foreach ((int a, int reference) in Pairs(alternatives)) differences.Add(resampler.Difference(column, a, reference, byAlternative[a], byAlternative[reference]));
                // The answer is about the best alternative: all others are compared with it, however many there are.
                if (column.Name == measure.Name)
                {
                    best = Ranked(plan, [.. aggregates.Select(own => own[^1])]).FirstOrDefault();
                    if (alternatives > ComparedWithEachOther && best > 0)
                        foreach (int a in Enumerable.Range(1, alternatives - 1).Where(a => a != best)) differences.Add(resampler.Difference(column, a, best, byAlternative[a], byAlternative[best]));
                }
                if (drawn.Contains(column.Name)) histograms[column.Name] = Histogram.Of(column.IsCount, byAlternative);
                foreach (Claim claim in plan.Scenario.Claims.Where(c => c.About == column.Name)) placed[claim] = Place(claim, byAlternative);
            }
        }
        var dispersions = new List<Dispersion>();
        foreach (CampaignAlternative alternative in plan.Alternatives.Take(ComparedWithEachOther))
        {
            IEnumerable<RunRow> Own() => journal.Read(replications * alternatives).Where(r => plan.AlternativeOf(r.Run).Index == alternative.Index);
            if (Dispersion.Of(alternative, plan.Alternatives[0].Site.Frame, Own) is { } dispersion) dispersions.Add(dispersion);
        }
        return new()
        {
            Plan = plan,
            Columns = columns,
            Runs = runs,
            Replications = replications,
            Wanted = wanted,
            StoppedByRule = stoppedByRule,
            Measure = measure,
            Aggregates = aggregates,
            Differences = differences,
            Histograms = histograms,
            Best = best,
            Claims = [.. plan.Scenario.Claims.SelectMany(c => placed.GetValueOrDefault(c) is { Count: > 0 } found ? found : [new(c, [], null, null, null, false)])],
            Dispersions = dispersions,
        };
    }

    /// <summary>Pairs of alternatives that are compared: each with each where they are few, each with the first where they are many.</summary>
    internal static IEnumerable<(int Alternative, int Reference)> Pairs(int alternatives) =>
        from reference in Enumerable.Range(0, alternatives <= ComparedWithEachOther ? alternatives : 1)
        from alternative in Enumerable.Range(reference + 1, alternatives - reference - 1)
        select (alternative, reference);

    /// <summary>The first measure that the campaign names and that its runs have not, as a line that says where it stands and the mend; null where all are there.</summary>
    public static string? Unknown(CampaignPlan plan, IReadOnlyList<MeasureColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(columns);
        if (plan.Scenario.Campaign is not { } campaign) return null;
        (string Path, string? Name)[] named = [("measure", campaign.Measure), .. campaign.Also.Select((a, i) => ($"also[{i}]", (string?)a)), ("stop.measure", campaign.Stop?.Measure)];
        foreach ((string path, string? name) in named)
        {
            if (name is null || columns.Any(c => c.Name == name)) continue;
            return $"$.campaign.{path}: '{name}' is no column of the results; {(Lint.SiteMembers.Nearest(name, columns.Select(c => c.Name)) is { } near ? $"did you mean '{near}'?" : "name one of schema.json, which a campaign of one run writes")}";
        }
        return null;
    }

    private static MeasureColumn MeasureOf(CampaignPlan plan, IReadOnlyList<MeasureColumn> columns)
    {
        string name = plan.Scenario.Campaign?.Measure ?? Headlines.Measure(plan.Scenario);
        return columns.FirstOrDefault(c => c.Name == name)
            ?? throw new InvalidDataException($"$.campaign.measure '{name}' is no column of the results; name one of schema.json");
    }

    private static double[][][] Read(Journal journal, int first, int count, int alternatives, int replications)
    {
        double[][][] values = [.. Enumerable.Range(0, alternatives).Select(_ => Enumerable.Range(0, count).Select(_ => new double[replications]).ToArray())];
        foreach (RunRow row in journal.Read(replications * alternatives))
            for (int c = 0; c < count; c++) values[row.Run % alternatives][c][row.Run / alternatives] = row.Values[first + c] ?? double.NaN;
        return values;
    }

    // In each of the first alternatives; those in which a claim lies alike are told together.
    private static PlacedClaim[] Place(Claim claim, double[][] byAlternative)
    {
        double least = claim.Value!.Value, most = claim.AtLeast ? double.PositiveInfinity : claim.UpTo ?? least;
        var places = new List<(int Alternative, double Below, double Above)>();
        for (int a = 0; a < Math.Min(byAlternative.Length, ComparedWithEachOther); a++)
        {
            double[] measured = [.. byAlternative[a].Where(v => !double.IsNaN(v))];
            if (measured.Length > 0) places.Add((a, measured.Count(v => v < least) / (double)measured.Length, measured.Count(v => v > most) / (double)measured.Length));
        }
        bool isSet = Headlines.SetByScenario.Contains(claim.About!, StringComparer.Ordinal);
        return [.. places.GroupBy(p => (p.Below, p.Above)).Select(g => new PlacedClaim(claim, [.. g.Select(p => p.Alternative)], g.Key.Below, Math.Max(0, 1 - g.Key.Below - g.Key.Above), g.Key.Above, isSet))];
    }

    /// <summary>Alternatives in which the answer's measure was measured, the best first; where neither way is better, the least first.</summary>
    internal static IEnumerable<int> Ranked(CampaignPlan plan, IReadOnlyList<Aggregate> measures) =>
        from a in Enumerable.Range(0, measures.Count)
        where measures[a].Count > 0
        orderby plan.Scenario.Campaign?.Better == Preference.More ? -measures[a].Mean.Value : measures[a].Mean.Value, a
        select a;
}

/// <summary>The measures that a report shows first, whatever was asked.</summary>
internal static class Headlines
{
    public static IReadOnlyList<string> Names { get; } =
        ["rounds_landed_in_zone", "rounds_warned_5s", "rounds_missed", "warned_lead_median_s", "zones_needlessly_warned", "people_needlessly_warned"];

    /// <summary>Measures that are the same in every run because the scenario says so: claims about them are told apart from what runs found.</summary>
    public static IReadOnlyList<string> SetByScenario { get; } = ["rounds_fired", "rounds_flew"];

    /// <summary>What answers for a scenario that asks nothing.</summary>
    public static string Measure(Scenario scenario) => scenario.Salvos.Any(s => s.Count > s.FailToLaunch) ? "rounds_warned_in_time_share" : "zones_needlessly_warned";

    /// <summary>The question of a scenario that asks none.</summary>
    public static string Question(Scenario scenario) => scenario.Campaign?.Question ??
        (scenario.Salvos.Any(s => s.Count > s.FailToLaunch) ? "Over many raids of this kind: who is warned in time, who is missed, and who is alarmed for nothing?"
            : "Over many nights of this kind, on which nothing is fired at the site: who is alarmed for nothing?");
}
