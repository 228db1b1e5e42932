using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Campaigns;

/// <summary>Where a claim lies among the runs.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Below">Share of the runs with less than it names; null where nothing was measured that it is about.</param>
/// <param name="Agreeing">Share of the runs that agree with it.</param>
/// <param name="Above">Share of the runs with more.</param>
/// <param name="IsSet">Whether every run had the same: what the scenario sets decides then, and not what the runs found.</param>
public sealed record PlacedClaim(Claim Claim, double? Below, double? Agreeing, double? Above, bool IsSet);

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

    /// <summary>Statistics by alternative and measure.</summary>
    public required IReadOnlyList<IReadOnlyList<Aggregate>> Aggregates { get; init; }

    /// <summary>Differences between alternatives, of every measure.</summary>
    public required IReadOnlyList<Difference> Differences { get; init; }

    /// <summary>Histograms of the measures that the report draws.</summary>
    public required IReadOnlyDictionary<string, Histogram> Histograms { get; init; }

    /// <summary>The scenario's claims, as they lie among the runs of the first alternative.</summary>
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
    /// <exception cref="InvalidDataException">The campaign names a measure that there is not.</exception>
    public static CampaignResults Of(CampaignPlan plan, Journal journal, int runs, int wanted, bool stoppedByRule)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(journal);
        IReadOnlyList<MeasureColumn> columns = journal.Columns;
        int alternatives = plan.Alternatives.Count, replications = runs / alternatives;
        MeasureColumn measure = MeasureOf(plan, columns);
        HashSet<string> drawn = [measure.Name, .. Headlines.Names, .. plan.Scenario.Claims.Select(c => c.About ?? "")];
        var resampler = new Resampler(replications, plan.Seed);
        var aggregates = Enumerable.Range(0, alternatives).Select(_ => new List<Aggregate>()).ToArray();
        var differences = new List<Difference>();
        var histograms = new SortedDictionary<string, Histogram>(StringComparer.Ordinal);
        var placed = new Dictionary<Claim, PlacedClaim>(ReferenceEqualityComparer.Instance);

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
                if (drawn.Contains(column.Name)) histograms[column.Name] = Histogram.Of(column.IsCount, byAlternative);
                foreach (Claim claim in plan.Scenario.Claims.Where(c => c.About == column.Name)) placed[claim] = Place(claim, byAlternative[0]);
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
            Claims = [.. plan.Scenario.Claims.Select(c => placed.GetValueOrDefault(c) ?? new(c, null, null, null, false))],
            Dispersions = dispersions,
        };
    }

    /// <summary>Pairs of alternatives that are compared: each with each where they are few, each with the first where they are many.</summary>
    internal static IEnumerable<(int Alternative, int Reference)> Pairs(int alternatives) =>
        from reference in Enumerable.Range(0, alternatives <= ComparedWithEachOther ? alternatives : 1)
        from alternative in Enumerable.Range(reference + 1, alternatives - reference - 1)
        select (alternative, reference);

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

    private static PlacedClaim Place(Claim claim, double[] values)
    {
        double least = claim.Value!.Value, most = claim.AtLeast ? double.PositiveInfinity : claim.UpTo ?? least;
        double[] measured = [.. values.Where(v => !double.IsNaN(v))];
        if (measured.Length == 0) return new(claim, null, null, null, false);
        double n = measured.Length, below = measured.Count(v => v < least), above = measured.Count(v => v > most);
        return new(claim, below / n, (n - below - above) / n, above / n, Array.TrueForAll(measured, v => v == measured[0]));
    }
}

/// <summary>The measures that a report shows first, whatever was asked.</summary>
internal static class Headlines
{
    public static IReadOnlyList<string> Names { get; } =
        ["rounds_landed_in_zone", "rounds_warned_5s", "rounds_missed", "warned_lead_median_s", "zones_needlessly_warned", "people_needlessly_warned"];

    /// <summary>What answers for a scenario that asks nothing.</summary>
    public static string Measure(Scenario scenario) => scenario.Salvos.Any(s => s.Count > s.FailToLaunch) ? "rounds_warned_in_time_share" : "zones_needlessly_warned";

    /// <summary>The question of a scenario that asks none.</summary>
    public static string Question(Scenario scenario) => scenario.Campaign?.Question ??
        (scenario.Salvos.Any(s => s.Count > s.FailToLaunch) ? "Over many raids of this kind: who is warned in time, who is missed, and who is alarmed for nothing?"
            : "Over many nights of this kind, on which nothing is fired at the site: who is alarmed for nothing?");
}
