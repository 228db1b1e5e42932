namespace Tocsin.Assignment;

/// <summary>An upper bound of a large problem without costs: the optimum where effectors may be divided, approached from above.</summary>
/// <remarks>With shares x the surviving worth is the sum of worth times exp(sum of x ln(1 - kill)), which is convex. Frank and Wolfe's method (Naval Research Logistics 3, 1956) walks to its
/// least; at every step the tangent's least over all divisions, found effector by effector, bounds it from below, and so bounds every undivided assignment.</remarks>
internal static class Bound
{
    private const int Steps = 400;

    /// <summary>No assignment averts more.</summary>
    public static double Of(Instance instance)
    {
        int effectors = instance.Effectors, targets = instance.Worth.Length;
        var log = new double[instance.Kill.Length];
        for (int i = 0; i < log.Length; i++) log[i] = Math.Log(1 - instance.Kill[i]);
        var sum = new double[targets];
        var choice = new int[effectors];
        var there = new double[targets];
        double best = double.NegativeInfinity, all = instance.Worth.Sum();
        for (int step = 0; step < Steps; step++)
        {
            double value = 0;
            var surviving = new double[targets];
            for (int t = 0; t < targets; t++) value += surviving[t] = instance.Worth[t] * Math.Exp(sum[t]);
            Array.Clear(there);
            for (int e = 0; e < effectors; e++)
            {
                double least = double.PositiveInfinity;
                for (int t = 0; t < targets; t++)
                    if (surviving[t] * log[e * targets + t] < least) (least, choice[e]) = (surviving[t] * log[e * targets + t], t);
                there[choice[e]] += log[e * targets + choice[e]];
            }
            // The gradient is by the sums alone: tangent = value + surviving . (there - sum).
            double tangent = value;
            for (int t = 0; t < targets; t++) tangent += surviving[t] * (there[t] - sum[t]);
            best = Math.Max(best, tangent);
            double share = LineSearch(instance.Worth, sum, there);
            for (int t = 0; t < targets; t++) sum[t] += share * (there[t] - sum[t]);
        }
        return all - best;
    }

    private static double LineSearch(double[] worth, double[] from, double[] to)
    {
        double low = 0, high = 1;
        for (int i = 0; i < 40; i++)
        {
            double middle = (low + high) / 2, slope = 0;
            for (int t = 0; t < worth.Length; t++) slope += worth[t] * Math.Exp(from[t] + middle * (to[t] - from[t])) * (to[t] - from[t]);
            if (slope > 0) high = middle;
            else low = middle;
        }
        return (low + high) / 2;
    }
}
