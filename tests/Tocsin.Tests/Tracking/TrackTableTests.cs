using CsCheck;
using Tocsin.Numerics;
using Tocsin.Tracking;

namespace Tocsin.Tests.Tracking;

/// <summary>The tracks as columns of numbers, against the same question asked of one file after the other.</summary>
public sealed class TrackTableTests
{
    private const double Gravity = 9.8, PeriodS = 0.5;
    private static readonly SiteDefinition Place = Bench.Place([Bench.Radar(periodS: PeriodS), Bench.Radar("R2", new(0.5801, 0.775, 300), PeriodS)]);
    private static readonly SensorView[] Views = [new(Place, 0), new(Place, 1)];

    /// <summary>What a test does to the table: a file more, a file less, a plot, a look.</summary>
    private enum Act
    {
        Add,
        Drop,
        Change,
        Look,
    }

    // More come than go.
    private static readonly Act[] Acts = [Act.Add, Act.Add, Act.Add, Act.Drop, Act.Change, Act.Change, Act.Look, Act.Look, Act.Look];
    private static readonly Gen<(Act, int, uint)> Step = Gen.Select(Gen.Int[0, Acts.Length - 1].Select(i => Acts[i]), Gen.Int[0, 1_000], Gen.UInt);

    [Fact]
    public void A_look_says_of_each_file_what_the_file_itself_says() => Step.Array[1, 120].Sample(steps =>
    {
        var table = new TrackTable(Views.Length, Gravity);
        var files = new List<TrackFile>();
        var looks = new Dictionary<TrackFile, Instant[]>();
        var wind = new WindEstimate();
        Instant now = Bench.Start;
        foreach ((Act act, int which, uint seed) in steps)
        {
            var draws = new RandomStream(seed, 7, 0, 0);
            now = now.AddSeconds(0.01 + 0.2 * draws.NextUniform());
            TrackFile? t = files.Count == 0 ? null : files[which % files.Count];
            if (act == Act.Add)
            {
                var added = new TrackFile(Views.Length);
                Draw(added, now, ref draws);
                table.Add(added, now);
                files.Add(added);
                looks[added] = [now, now];
            }
            else if (act == Act.Drop && t is not null)
            {
                table.Drop(t);
                var gone = new List<TrackFile>();
                table.Sweep(gone.Add);
                Assert.Equal([t], gone);
                files.Remove(t);
            }
            else if (act == Act.Change && t is not null)
            {
                Draw(t, now, ref draws);
                table.Note(t);
                table.Saw(t, which % 2, now);
                looks[t][which % 2] = now;
            }
            else if (act == Act.Look) Look(table, files, looks, wind, which % 2, now, draws.NextUniform() < 0.5, ref draws);
            Assert.Equal(files.Count, table.Count);
        }
    }, iter: 300);

    private static void Look(TrackTable table, List<TrackFile> files, Dictionary<TrackFile, Instant[]> looks, WindEstimate wind, int sensor, Instant now, bool open, ref RandomStream draws)
    {
        wind.Learn(draws.NextNormal(), 1, draws.NextNormal(), draws.NextNormal());
        SensorView view = Views[sensor];
        var plots = new SightedPlot[(int)(draws.NextUniform() * 12)];
        for (int i = 0; i < plots.Length; i++)
            plots[i] = new() { X = 6_000 * draws.NextNormal(), Y = 6_000 * draws.NextNormal(), Z = 3_000 * draws.NextUniform(), Taken = draws.NextUniform() < 0.3 };
        table.Look(view, sensor, now, plots, open, wind);
        for (int i = 0; i < files.Count; i++)
        {
            TrackFile t = files[i];
            Assert.Same(t, table[i]);
            Estimate e = t.HasBallistic ? t.Ballistic : t.Level;
            double dt = now.SecondsSince(e.Time), fall = t.HasBallistic ? Gravity / 2 * dt * dt : 0;
            double[] at = [e.Mean[0] + dt * e.Mean[3], e.Mean[1] + dt * e.Mean[4], e.Mean[2] + dt * e.Mean[5] - fall];
            (double x, double y, double z, double reach) = table.Whereabouts(i);
            Assert.Equal(at, [x, y, z], (a, b) => Math.Abs(a - b) < 1e-6);
            // Four sigmas of where it is, of how fast, and of the radar, and what it may have done since.
            double range = Math.Sqrt(Square(e.Mean[0] - view.Position.East) + Square(e.Mean[1] - view.Position.North) + Square(e.Mean[2] - view.Position.Up));
            double position = Math.Sqrt(Enumerable.Range(0, 3).Max(k => e.Covariance[k, k])), speed = Math.Sqrt(Enumerable.Range(3, 3).Max(k => e.Covariance[k, k]));
            double blown = t.HasBallistic ? Math.Abs(t.Wind.East[0] * wind.East + t.Wind.North[0] * wind.North) + Math.Abs(t.Wind.East[1] * wind.East + t.Wind.North[1] * wind.North) : 0;
            double expected = blown + 4.3 * (position + speed * dt + Math.Max(15, range * 0.003)) + (t.HasBallistic && t.BoostProbability > 0 ? 225 : 20) * dt * dt;
            Assert.Equal(expected, reach, 1e-6 * expected);
            bool near = plots.Any(p => !(open && p.Taken) && Square(p.X - x) + Square(p.Y - y) + Square(p.Z - z) <= reach * reach);
            if (!view.Covers(x, y, z)) looks[t][sensor] = now;
            bool due = now.SecondsSince(looks[t][sensor]) >= 1.25 * PeriodS;
            Assert.Equal((near ? LookFlags.PlotNear : LookFlags.None) | (due ? LookFlags.MissDue : LookFlags.None), table.FlagsOf(i));
            if (!due) continue;
            table.Missed(t, sensor, PeriodS);
            looks[t][sensor] = looks[t][sensor].AddSeconds(PeriodS);
        }
    }

    private static double Square(double x) => x * x;

    private static void Draw(TrackFile t, Instant time, ref RandomStream draws)
    {
        Estimate e = default;
        e.Time = time.AddSeconds(-draws.NextUniform());
        double[] scale = [9_000, 9_000, 800, 200, 200, 150, 1];
        for (int i = 0; i < 7; i++)
        {
            e.Mean[i] = scale[i] * draws.NextNormal();
            e.Covariance[i, i] = 0.01 * scale[i] * draws.NextUniform();
        }
        t.HasBallistic = draws.NextUniform() < 0.6;
        t.HasLevel = !t.HasBallistic;
        (t.Ballistic, t.Level) = (e, e);
        t.BoostProbability = draws.NextUniform() < 0.3 ? 0.2 : 0;
        for (int i = 0; i < 2; i++) (t.Wind.East[i], t.Wind.North[i]) = (draws.NextNormal(), draws.NextNormal());
    }
}
