using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Runs;

namespace Tocsin.Simulation.Campaigns;

/// <summary>A column of measures.</summary>
/// <param name="Name">Its name, its unit at its end.</param>
/// <param name="Means">What it is, in a sentence.</param>
/// <param name="IsCount">Whether its figures are whole by their nature.</param>
public sealed record MeasureColumn(string Name, string Means, bool IsCount)
{
    /// <summary>Its unit: <c>s</c>, <c>m</c>, <c>1</c> for a share, <c>people</c>, and <c>count</c> for what is counted or expected in number.</summary>
    public string Unit => Ends("_person_s") ? "person s" : Ends("_person_min") ? "person min" : Ends("_share") || Ends("_probability") ? "1"
        : Name.Contains("people", StringComparison.Ordinal) || Name.Contains("injuries", StringComparison.Ordinal) ? "people" : IsCount ? "count"
        : Ends("_mps") ? "m/s" : Ends("_j") ? "J" : Ends("_deg") ? "deg" : Ends("_min") ? "min" : Ends("_s") ? "s" : Ends("_m2") ? "m2" : Ends("_m") ? "m" : "count";

    private bool Ends(string end) => Name.EndsWith(end, StringComparison.Ordinal);
}

/// <summary>Where a round came down, in decimetres from the campaign's origin.</summary>
/// <param name="Salvo">Index of its salvo in the scenario; -1 for none.</param>
/// <param name="EastDm">East.</param>
/// <param name="NorthDm">North.</param>
public readonly record struct ImpactPoint(int Salvo, int EastDm, int NorthDm);

/// <summary>What a campaign keeps of one run.</summary>
/// <param name="Run">Its number.</param>
/// <param name="Values">Its measures, in the order of the columns; null where there was nothing to measure.</param>
/// <param name="Impacts">Where its rounds came down.</param>
public sealed record RunRow(int Run, IReadOnlyList<double?> Values, IReadOnlyList<ImpactPoint> Impacts)
{
    /// <summary>The columns of a run's measures.</summary>
    public static IReadOnlyList<MeasureColumn> ColumnsOf(IReadOnlyList<RunMeasure> measures) => [.. measures.Select(m => new MeasureColumn(m.Column, m.Means, m.IsCount))];

    /// <summary>What is kept of a run.</summary>
    public static RunRow Of(int run, RunResult result, IReadOnlyList<RunMeasure> measures, LocalFrame origin)
    {
        var impacts = new List<ImpactPoint>();
        foreach (TruthRound round in result.Truth.Rounds)
        {
            if (round.Impact is not { } impact || impacts.Count >= CampaignLimits.ImpactsPerRun) continue;
            Enu at = origin.ToEnu(impact);
            impacts.Add(new(SalvoOf(result.Run, round.Id), Decimetres(at.East), Decimetres(at.North)));
        }
        return new(run, [.. measures.Select(m => m.Value)], impacts);
    }

    // A round is called after its salvo: A-01.
    private static int SalvoOf(SimulationRun run, string round)
    {
        int dash = round.LastIndexOf('-');
        for (int i = 0; dash > 0 && i < run.Scenario.Salvos.Count; i++)
            if (run.Scenario.Salvos[i].Id == round[..dash]) return i;
        return -1;
    }

    private static int Decimetres(double metres) => (int)Math.Round(metres * 10, MidpointRounding.AwayFromZero);
}
