using Tocsin.Geodesy;

namespace Tocsin.Simulation.Measures;

/// <summary>The GOSPA distance between two sets of points and its parts, in metres squared (p is 2).</summary>
/// <param name="LocalisationM2">Sum of squared distances of the pairs.</param>
/// <param name="Matched">Number of pairs.</param>
/// <param name="Missed">Points of truth without a pair.</param>
/// <param name="False">Estimates without a pair.</param>
/// <param name="CutoffM">The cut-off c.</param>
public readonly record struct GospaParts(double LocalisationM2, int Matched, int Missed, int False, double CutoffM)
{
    /// <summary>The part of the missed: c²/2 each.</summary>
    public double MissedM2 => Missed * CutoffM * CutoffM / 2;

    /// <summary>The part of the false: c²/2 each.</summary>
    public double FalseM2 => False * CutoffM * CutoffM / 2;

    /// <summary>The distance itself in metres.</summary>
    public double DistanceM => Math.Sqrt(LocalisationM2 + MissedM2 + FalseM2);
}

/// <summary>The generalised optimal sub-pattern assignment metric (Rahmathullah, García-Fernández and Svensson, "Generalized optimal
/// sub-pattern assignment metric", FUSION 2017) with p = 2 and alpha = 2, over positions.</summary>
/// <remarks>With alpha = 2 a pair farther apart than c costs what a missed and a false point cost together, so it counts as those
/// (their proposition 1): the optimum needs only pairs nearer than c, and falls apart into the connected groups of such pairs.</remarks>
public static class Gospa
{
    /// <summary>Compares estimates with truth, both in one Cartesian frame.</summary>
    public static GospaParts Between(ReadOnlySpan<Enu> truth, ReadOnlySpan<Enu> estimates, double cutoffM)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cutoffM);
        int points = truth.Length + estimates.Length;
        int[] group = new int[points];
        for (int i = 0; i < points; i++) group[i] = i;
        for (int t = 0; t < truth.Length; t++)
            for (int e = 0; e < estimates.Length; e++)
                if (SquaredDistance(truth[t], estimates[e]) < cutoffM * cutoffM) Join(group, t, truth.Length + e);

        // Members by group; groups in the order of their first member, so that sums always run in the same order.
        var members = new List<int>?[points];
        for (int i = 0; i < points; i++) (members[Root(group, i)] ??= []).Add(i);

        double localisation = 0;
        int matched = 0;
        foreach (List<int>? set in members)
        {
            if (set is not { Count: > 1 }) continue;
            (double sum, int pairs) = MatchGroup(truth, estimates, set, cutoffM);
            localisation += sum;
            matched += pairs;
        }
        return new(localisation, matched, truth.Length - matched, estimates.Length - matched, cutoffM);
    }

    private static (double Sum, int Pairs) MatchGroup(ReadOnlySpan<Enu> truth, ReadOnlySpan<Enu> estimates, List<int> members, double cutoffM)
    {
        // Truth has the lower numbers, and members are in order.
        int rows = 0;
        while (members[rows] < truth.Length) rows++;
        int columns = members.Count - rows;
        double[] cost = new double[rows * columns];
        double cut = cutoffM * cutoffM;
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                cost[r * columns + c] = Math.Min(cut, SquaredDistance(truth[members[r]], estimates[members[rows + c] - truth.Length]));
        double sum = 0;
        int pairs = 0;
        int[] columnOf = Assignment.Solve(cost, rows, columns);
        for (int r = 0; r < rows; r++)
        {
            if (columnOf[r] < 0 || cost[r * columns + columnOf[r]] >= cut) continue;
            sum += cost[r * columns + columnOf[r]];
            pairs++;
        }
        return (sum, pairs);
    }

    internal static double SquaredDistance(in Enu a, in Enu b)
    {
        double e = a.East - b.East, n = a.North - b.North, u = a.Up - b.Up;
        return e * e + n * n + u * u;
    }

    private static int Root(int[] group, int i)
    {
        while (group[i] != i) i = group[i] = group[group[i]];
        return i;
    }

    private static void Join(int[] group, int a, int b)
    {
        (a, b) = (Root(group, a), Root(group, b));
        if (a < b) group[b] = a;
        else group[a] = b;
    }
}
