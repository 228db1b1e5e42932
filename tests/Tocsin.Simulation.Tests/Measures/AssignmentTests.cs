using CsCheck;
using Tocsin.Simulation.Measures;

namespace Tocsin.Simulation.Tests.Measures;

public class AssignmentTests
{
    private static readonly Gen<(int Rows, int Columns, double[] Cost)> s_matrix =
        from rows in Gen.Int[0, 6]
        from columns in Gen.Int[0, 6]
            // Small whole numbers make ties common.
        from cost in Gen.OneOf(Gen.Double[-5, 5], Gen.Int[0, 3].Select(i => (double)i)).Array[rows * columns]
        select (rows, columns, cost);

    [Fact]
    public void The_total_is_that_of_the_best_of_all_assignments()
        => s_matrix.Sample(m =>
        {
            int[] columnOf = Assignment.Solve(m.Cost, m.Rows, m.Columns);
            int[] used = [.. columnOf.Where(c => c >= 0)];
            Assert.Equal(Math.Min(m.Rows, m.Columns), used.Length);
            Assert.Equal(used.Length, used.Distinct().Count());
            double total = columnOf.Select((c, r) => c >= 0 ? m.Cost[r * m.Columns + c] : 0).Sum();
            Assert.Equal(Best(m.Cost, m.Rows, m.Columns, 0, 0, Math.Max(0, m.Rows - m.Columns)), total, 9);
        });

    [Fact]
    public void Takes_the_detour_that_a_greedy_choice_misses()
        // Greedy takes 1 + 100; the best is 2 + 3.
        => Assert.Equal([1, 0], Assignment.Solve([1, 2, 3, 100], 2, 2));

    [Fact]
    public void A_cost_matrix_of_the_wrong_size_is_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => Assignment.Solve([1, 2, 3], 2, 2));

    // Tries every assignment; rows may be left over only as often as there are more of them.
    private static double Best(double[] cost, int rows, int columns, int row, int used, int skips)
    {
        if (row == rows) return 0;
        double best = skips > 0 ? Best(cost, rows, columns, row + 1, used, skips - 1) : double.PositiveInfinity;
        for (int c = 0; c < columns; c++)
            if ((used & (1 << c)) == 0) best = Math.Min(best, cost[row * columns + c] + Best(cost, rows, columns, row + 1, used | (1 << c), skips));
        return best;
    }
}
