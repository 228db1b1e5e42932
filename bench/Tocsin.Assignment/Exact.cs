using Google.OrTools.LinearSolver;

namespace Tocsin.Assignment;

/// <summary>The exact optimum of a small problem, by an integer programme over sets: each target takes one set of effectors, each effector is in one set at most.</summary>
internal static class Exact
{
    /// <summary>The optimum.</summary>
    public static double Solve(Instance instance)
    {
        using Solver solver = Solver.CreateSolver("SCIP") ?? throw new InvalidOperationException("the solver is not in the package");
        int effectors = instance.Effectors, targets = instance.Worth.Length;
        Constraint[] once = [.. Enumerable.Range(0, effectors).Select(_ => solver.MakeConstraint(0, 1))];
        Objective objective = solver.Objective();
        objective.SetMaximization();
        for (int t = 0; t < targets; t++)
        {
            Constraint one = solver.MakeConstraint(0, 1);
            for (int set = 1; set < 1 << effectors; set++)
            {
                if (System.Numerics.BitOperations.PopCount((uint)set) > instance.Room[t]) continue;
                double survives = 1, cost = 0;
                for (int e = 0; e < effectors; e++)
                {
                    if ((set >> e & 1) == 0) continue;
                    survives *= 1 - instance.Kill[e * targets + t];
                    if (instance.Cost.Length > 0) cost += instance.Cost[e * targets + t];
                }
                double value = instance.Worth[t] * (1 - survives) - cost;
                if (value <= 0) continue;
                Variable chosen = solver.MakeBoolVar("");
                objective.SetCoefficient(chosen, value);
                one.SetCoefficient(chosen, 1);
                for (int e = 0; e < effectors; e++)
                    if ((set >> e & 1) == 1) once[e].SetCoefficient(chosen, 1);
            }
        }
        if (solver.Solve() != Solver.ResultStatus.OPTIMAL) throw new InvalidOperationException("the solver found no optimum");
        return objective.Value();
    }
}
