using System.Collections.Immutable;
using CsCheck;
using Tocsin.Geodesy;
using Tocsin.Simulation.People;

namespace Tocsin.Simulation.Tests.People;

public class WalkingGroundTests
{
    private const double Cell = 5;
    private const int Columns = 14, Rows = 11;

    /// <summary>Bellman's and Ford's way, over steps that are tested by the cells that their line touches: no code in common with Dijkstra's.</summary>
    [Fact]
    public void Ways_agree_with_those_found_by_relaxing_every_step_until_nothing_changes()
        => Gen.Select(Gen.Bool.Array[Columns * Rows], Gen.Bool.Array[Columns * Rows], Gen.Double[0, Columns * Cell], Gen.Double[0, Rows * Cell]).Sample((a, b, e, n) =>
        {
            bool[] blocked = [.. a.Zip(b, (x, y) => x && y)];
            double[] found = WalkingGround.Of(Cell, Columns, blocked).LengthsTo(e, n, double.PositiveInfinity);
            double[] expected = BellmanFord(blocked, e, n);
            for (int i = 0; i < found.Length; i++)
            {
                if (double.IsInfinity(expected[i])) Assert.Equal(expected[i], found[i]);
                else Assert.Equal(expected[i], found[i], 9);
            }
        });

    private static double[] BellmanFord(bool[] blocked, double e, double n)
    {
        var best = new double[blocked.Length];
        for (int i = 0; i < best.Length; i++)
        {
            double dx = (i % Columns + 0.5) * Cell - e, dy = (i / Columns + 0.5) * Cell - n;
            // The four centres around a place are those less than a cell away both ways.
            best[i] = !blocked[i] && Math.Abs(dx) < Cell && Math.Abs(dy) < Cell ? Math.Sqrt(dx * dx + dy * dy) : double.PositiveInfinity;
        }
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int from = 0; from < best.Length; from++)
                for (int to = 0; to < best.Length; to++)
                {
                    int dc = to % Columns - from % Columns, dr = to / Columns - from / Columns, longer = Math.Max(Math.Abs(dc), Math.Abs(dr)), shorter = Math.Min(Math.Abs(dc), Math.Abs(dr));
                    if (from == to || longer > 2 || (longer == 2 && shorter != 1) || double.IsInfinity(best[from]) || CutsBlocked(blocked, from, dc, dr)) continue;
                    double through = best[from] + Cell * Math.Sqrt(dc * dc + dr * dr);
                    if (through < best[to] - 1e-9) (best[to], changed) = (through, true);
                }
        }
        return best;
    }

    // Every cell that the open segment between two centres meets, corners included, by sampling it finely on both sides.
    private static bool CutsBlocked(bool[] blocked, int from, int dc, int dr)
    {
        double c = from % Columns + 0.5, r = from / Columns + 0.5;
        foreach (double side in (double[])[-1e-6, 1e-6])
            for (int k = 0; k <= 400; k++)
            {
                double x = c + dc * k / 400.0 - side * dr, y = r + dr * k / 400.0 + side * dc;
                if (blocked[(int)Math.Floor(y) * Columns + (int)Math.Floor(x)]) return true;
            }
        return false;
    }

    [Fact]
    public void Without_obstacles_the_way_is_the_straight_line()
        => Gen.Select(Gen.Double[-100, 100], Gen.Double[-100, 100]).Sample((e, n) =>
            Assert.Equal(Math.Sqrt(e * e + n * n), WalkingGround.Free.To(0, 0).LengthM(e, n), 9));

    /// <summary>A wall between two places: the shortest way bends at its end, and is known exactly.</summary>
    [Fact]
    public void A_wall_is_walked_round_at_little_more_than_the_least_length()
    {
        GroundPolygon wall = new([ImmutableArray.Create((0.0, -200.0), (1.0, -200.0), (1.0, 20.0), (0.0, 20.0))]);
        var ground = WalkingGround.Of(-150, -150, 150, 150, [wall]);
        WaysTo ways = ground.To(40, 0);
        Gen.Select(Gen.Double[-60, -10], Gen.Double[-30, 10]).Sample((e, n) =>
        {
            double least = Length(e, n, 0, 20) + 1 + Length(1, 20, 40, 0), found = ways.LengthM(e, n);
            Assert.InRange(found, least, 1.028 * least + 4 * ground.CellM);
        });
    }

    [Fact]
    public void Who_is_walled_in_reaches_no_shelter()
    {
        GroundPolygon ring = new([ImmutableArray.Create((-30.0, -30.0), (30.0, -30.0), (30.0, 30.0), (-30.0, 30.0)), ImmutableArray.Create((-20.0, -20.0), (20.0, -20.0), (20.0, 20.0), (-20.0, 20.0))]);
        Assert.True(double.IsPositiveInfinity(WalkingGround.Of(-100, -100, 100, 100, [ring]).To(60, 0).LengthM(0, 0)));
    }

    private static double Length(double e0, double n0, double e1, double n1) => Math.Sqrt((e1 - e0) * (e1 - e0) + (n1 - n0) * (n1 - n0));
}
