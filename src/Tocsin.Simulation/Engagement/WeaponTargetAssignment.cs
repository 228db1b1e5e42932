using Tocsin.Simulation.Measures;

namespace Tocsin.Simulation.Engagement;

/// <summary>Which effector engages which target: the weapon-target assignment by expected harm averted.</summary>
/// <remarks>The greatest sum over targets of worth times (1 - the product of (1 - kill probability) over those assigned to it), less the expected harm that each engagement
/// causes; an effector may also stay silent. NP-complete (Lloyd and Witsenhausen, 1986), so two starts: the best marginal gain first, and the best one-to-one
/// assignment (exact, by <see cref="Assignment"/>) filled up in the same way; from each, single moves and exchanges of two while any helps. The better of both counts.
/// bench/Tocsin.Assignment measures the gap to the exact optimum.</remarks>
public static class WeaponTargetAssignment
{
    /// <summary>A gain below this share of the total worth ends the improvement: rounding must not keep it going.</summary>
    private const double LeastGain = 1e-12;

    /// <summary>The target of each effector; -1 for none.</summary>
    /// <param name="worth">Expected harm of each target.</param>
    /// <param name="kill">Kill probability, by effector and then target; 0 where it cannot engage.</param>
    /// <param name="cost">Expected harm that the engagement itself causes, in the same order; empty for none.</param>
    /// <param name="perTarget">How many may be assigned to each target.</param>
    public static int[] Solve(ReadOnlySpan<double> worth, ReadOnlySpan<double> kill, ReadOnlySpan<double> cost, ReadOnlySpan<int> perTarget)
    {
        int targets = worth.Length, effectors = targets > 0 ? kill.Length / targets : 0;
        ArgumentOutOfRangeException.ThrowIfNotEqual(kill.Length, effectors * targets, nameof(kill));
        ArgumentOutOfRangeException.ThrowIfNotEqual(perTarget.Length, targets, nameof(perTarget));
        if (!cost.IsEmpty) ArgumentOutOfRangeException.ThrowIfNotEqual(cost.Length, kill.Length, nameof(cost));
        double scale = 0;
        foreach (double w in worth) scale += w;
        var greedy = new State(worth, kill, cost, perTarget, effectors, targets);
        greedy.Greedy();
        greedy.Improve(LeastGain * scale);
        if (effectors < 2 || targets < 2) return greedy.TargetOf;
        var paired = new State(worth, kill, cost, perTarget, effectors, targets);
        paired.Pair();
        paired.Greedy();
        paired.Improve(LeastGain * scale);
        return Averted(worth, kill, cost, paired.TargetOf) > Averted(worth, kill, cost, greedy.TargetOf) + LeastGain * scale ? paired.TargetOf : greedy.TargetOf;
    }

    /// <summary>The expected harm averted by an assignment, less what it causes.</summary>
    public static double Averted(ReadOnlySpan<double> worth, ReadOnlySpan<double> kill, ReadOnlySpan<double> cost, ReadOnlySpan<int> targetOf)
    {
        double sum = 0;
        for (int t = 0; t < worth.Length; t++)
        {
            double survives = 1;
            for (int e = 0; e < targetOf.Length; e++)
            {
                if (targetOf[e] != t) continue;
                survives *= 1 - kill[e * worth.Length + t];
                if (!cost.IsEmpty) sum -= cost[e * worth.Length + t];
            }
            sum += worth[t] * (1 - survives);
        }
        return sum;
    }

    private readonly ref struct State(ReadOnlySpan<double> worth, ReadOnlySpan<double> kill, ReadOnlySpan<double> cost, ReadOnlySpan<int> perTarget, int effectors, int targets)
    {
        private readonly ReadOnlySpan<double> _worth = worth, _kill = kill, _cost = cost;
        private readonly ReadOnlySpan<int> _perTarget = perTarget;
        private readonly List<int>[] _on = [.. Enumerable.Range(0, targets).Select(_ => new List<int>())];
        private readonly double[] _survives = [.. Enumerable.Repeat(1.0, targets)];

        public int[] TargetOf { get; } = [.. Enumerable.Repeat(-1, effectors)];

        public void Pair()
        {
            var loss = new double[effectors * targets];
            for (int e = 0; e < effectors; e++)
                for (int t = 0; t < targets; t++) loss[e * targets + t] = _perTarget[t] > 0 ? -Math.Max(0, Gain(e, t, 1)) : 0;
            int[] pairs = Assignment.Solve(loss, effectors, targets);
            for (int e = 0; e < effectors; e++)
                if (pairs[e] >= 0 && loss[e * targets + pairs[e]] < 0) Set(e, pairs[e]);
        }

        public void Greedy()
        {
            for (; ; )
            {
                int best = -1, at = -1;
                double most = 0;
                for (int e = 0; e < effectors; e++)
                {
                    if (TargetOf[e] >= 0) continue;
                    for (int t = 0; t < targets; t++)
                    {
                        if (_on[t].Count >= _perTarget[t] || Gain(e, t, _survives[t]) is var gain && gain <= most) continue;
                        (best, at, most) = (e, t, gain);
                    }
                }
                if (best < 0) return;
                Set(best, at);
            }
        }

        public void Improve(double least)
        {
            for (bool any = true; any;)
            {
                any = false;
                for (int e = 0; e < effectors; e++) any |= Move(e, least);
                for (int e = 0; e < effectors; e++)
                    for (int f = e + 1; f < effectors; f++) any |= Exchange(e, f, least);
            }
        }

        // To another target, or to none.
        private bool Move(int e, double least)
        {
            int from = TargetOf[e], best = from;
            double lost = from >= 0 ? Gain(e, from, Without(from, e)) : 0, most = lost + least;
            if (from >= 0 && most < 0) (best, most) = (-1, 0);
            for (int t = 0; t < targets; t++)
            {
                if (t == from || _on[t].Count >= _perTarget[t]) continue;
                double gain = Gain(e, t, _survives[t]);
                if (gain > most) (best, most) = (t, gain);
            }
            if (best == from) return false;
            Set(e, best);
            return true;
        }

        // The two change places; one may have none.
        private bool Exchange(int e, int f, double least)
        {
            int a = TargetOf[e], b = TargetOf[f];
            if (a == b) return false;
            double now = 0, then = 0;
            if (a >= 0)
            {
                double others = Without(a, e);
                (now, then) = (now + Gain(e, a, others), then + Gain(f, a, others));
            }
            if (b >= 0)
            {
                double others = Without(b, f);
                (now, then) = (now + Gain(f, b, others), then + Gain(e, b, others));
            }
            if (then <= now + least) return false;
            Set(e, -1);
            Set(f, a);
            Set(e, b);
            return true;
        }

        private double Gain(int e, int t, double survives) => _worth[t] * survives * _kill[e * targets + t] - (_cost.IsEmpty ? 0 : _cost[e * targets + t]);

        private double Without(int t, int e)
        {
            double survives = 1;
            foreach (int other in _on[t])
                if (other != e) survives *= 1 - _kill[other * targets + t];
            return survives;
        }

        private void Set(int e, int t)
        {
            int from = TargetOf[e];
            if (from >= 0)
            {
                _on[from].Remove(e);
                _survives[from] = Without(from, -1);
            }
            TargetOf[e] = t;
            if (t < 0) return;
            _on[t].Add(e);
            _survives[t] = Without(t, -1);
        }
    }
}
