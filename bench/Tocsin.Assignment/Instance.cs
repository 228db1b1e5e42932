using Tocsin.Numerics;
using Tocsin.Simulation.Engagement;

namespace Tocsin.Assignment;

/// <summary>A random weapon-target assignment problem: each effector takes one target at most.</summary>
/// <param name="Worth">Worth of each target.</param>
/// <param name="Kill">Kill probabilities, by effector and then target.</param>
/// <param name="Cost">What an engagement costs, in the same order; empty for nothing.</param>
/// <param name="Room">How many effectors a target may take.</param>
internal sealed record Instance(double[] Worth, double[] Kill, double[] Cost, int[] Room)
{
    /// <summary>Number of effectors.</summary>
    public int Effectors => Kill.Length / Worth.Length;

    /// <summary>Draws a problem. Worth and kill probabilities are uniform, in the ranges that the literature's random instances use (worth 25 to 100, kill 0.6 to 0.9: Ahuja, Kumar, Jha
    /// and Orlin, Operations Research 55(6), 2007), or as a defence meets them: many that cannot be reached, wide ranges, and a cost.</summary>
    public static Instance Draw(ulong seed, uint number, int effectors, int targets, bool asDefence)
    {
        var draws = new RandomStream(seed, number, 0, 1);
        var worth = new double[targets];
        var kill = new double[effectors * targets];
        var cost = asDefence ? new double[kill.Length] : [];
        var room = new int[targets];
        for (int t = 0; t < targets; t++) (worth[t], room[t]) = (asDefence ? draws.NextUniform(0.1, 100) : draws.NextUniform(25, 100), asDefence ? 1 + (int)(3 * draws.NextUniform()) : effectors);
        for (int i = 0; i < kill.Length; i++)
        {
            kill[i] = asDefence ? (draws.NextUniform() < 0.3 ? 0 : draws.NextUniform(0.02, 0.9)) : draws.NextUniform(0.6, 0.9);
            if (asDefence) cost[i] = draws.NextUniform() < 0.5 ? 0 : draws.NextUniform(0, 5);
        }
        return new(worth, kill, cost, room);
    }

    /// <summary>What the program's assignment averts.</summary>
    public double Heuristic() => WeaponTargetAssignment.Averted(Worth, Kill, Cost, WeaponTargetAssignment.Solve(Worth, Kill, Cost, Room));
}
