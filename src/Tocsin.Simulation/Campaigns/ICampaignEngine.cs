using Tocsin.Simulation.Measures;

namespace Tocsin.Simulation.Campaigns;

/// <summary>A finished run with its measures' columns.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Row">What is kept of it.</param>
public sealed record FinishedRun(IReadOnlyList<MeasureColumn> Columns, RunRow Row);

/// <summary>Makes the runs of a campaign. Whoever implements it chooses where and in which order they are made, never what comes of them.</summary>
public interface ICampaignEngine
{
    /// <summary>Makes runs and hands them over one by one, in the order of their numbers.</summary>
    /// <param name="plan">The campaign.</param>
    /// <param name="first">The first run to make.</param>
    /// <param name="end">The run before which to end.</param>
    /// <param name="take">Takes a run, on the calling thread; gives false where no more are wanted.</param>
    /// <param name="stop">Asks to end: runs handed over until then stand.</param>
    /// <returns>Why a run could not be made; null where all is well.</returns>
    string? Run(CampaignPlan plan, int first, int end, Func<FinishedRun, bool> take, CancellationToken stop);
}
