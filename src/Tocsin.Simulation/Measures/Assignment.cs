namespace Tocsin.Simulation.Measures;

/// <summary>The assignment of rows to columns with the least total cost, each used once at most.</summary>
/// <remarks>Shortest augmenting paths with potentials (Jonker and Volgenant, Computing 38, 1987, for rectangular matrices as in Crouse,
/// IEEE Transactions on Aerospace and Electronic Systems 52(4), 2016): O(rows² columns) where rows are the fewer. Exact; of
/// several optima it always finds the same one.</remarks>
public static class Assignment
{
    /// <summary>The column of each row; -1 for rows left over where there are more rows than columns.</summary>
    /// <param name="cost">Finite costs, row by row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    public static int[] Solve(ReadOnlySpan<double> cost, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cost.Length, rows * columns, nameof(cost));
        int[] columnOf = new int[rows];
        Array.Fill(columnOf, -1);
        if (rows == 0 || columns == 0) return columnOf;
        if (rows <= columns)
        {
            SolveWide(cost, rows, columns, columnOf);
            return columnOf;
        }
        double[] transposed = new double[cost.Length];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                transposed[c * rows + r] = cost[r * columns + c];
        int[] rowOf = new int[columns];
        SolveWide(transposed, columns, rows, rowOf);
        for (int c = 0; c < columns; c++) columnOf[rowOf[c]] = c;
        return columnOf;
    }

    // Every row is added in turn by the shortest path, in reduced costs, from it to a free column; the potentials keep reduced
    // costs from going negative, so that Dijkstra's method finds the path.
    private static void SolveWide(ReadOnlySpan<double> cost, int rows, int columns, Span<int> columnOf)
    {
        double[] rowPotential = new double[rows], columnPotential = new double[columns], distance = new double[columns];
        int[] rowOf = new int[columns], previousRow = new int[columns];
        bool[] done = new bool[columns], reached = new bool[rows];
        Array.Fill(rowOf, -1);
        columnOf.Fill(-1);
        for (int start = 0; start < rows; start++)
        {
            Array.Fill(distance, double.PositiveInfinity);
            Array.Clear(done);
            Array.Clear(reached);
            int row = start, sink = -1;
            double shortest = 0;
            while (sink < 0)
            {
                reached[row] = true;
                int next = -1;
                for (int c = 0; c < columns; c++)
                {
                    if (done[c]) continue;
                    double through = shortest + cost[row * columns + c] - rowPotential[row] - columnPotential[c];
                    if (through < distance[c]) (distance[c], previousRow[c]) = (through, row);
                    if (next < 0 || distance[c] < distance[next]) next = c;
                }
                shortest = distance[next];
                done[next] = true;
                if (rowOf[next] < 0) sink = next;
                else row = rowOf[next];
            }
            rowPotential[start] += shortest;
            for (int r = 0; r < rows; r++)
                if (reached[r] && r != start) rowPotential[r] += shortest - distance[columnOf[r]];
            for (int c = 0; c < columns; c++)
                if (done[c]) columnPotential[c] -= shortest - distance[c];
            for (int c = sink; ;)
            {
                int r = previousRow[c];
                rowOf[c] = r;
                (columnOf[r], c) = (c, columnOf[r]);
                if (r == start) break;
            }
        }
    }
}
