using CsCheck;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.People;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Measures;
using Tocsin.Simulation.Tests.Scenarios;
using static Tocsin.Simulation.Tests.People.PeopleBench;

namespace Tocsin.Simulation.Tests.People;

public class PeopleModelTests
{
    private static readonly PeopleSettings s_outdoors = new() { ByHour = All(0, 1), BurstAlarmsWithinM = 0 };

    // Any warnings, any bursts, and pieces among them.
    private static readonly Gen<(RunLog Log, GroundStrike[] Strikes, int Seed)> s_raid = Gen.Select(
        Gen.Select(Gen.Int[0, 3], Gen.Double[0, 60], Gen.Double[0, 30], Gen.Double[1, 90]).Array[0, 5],
        Gen.Select(Gen.Double[0, 120], Place, Gen.Bool).Array[0, 12], Gen.Int[1, 1000], (warnings, strikes, seed) =>
        {
            var log = new RunLog();
            for (int i = 0; i < warnings.Length; i++)
            {
                (int zone, double raised, double lead, double stood) = warnings[i];
                log.Raise(raised, i + 1, zone, raised + lead);
                log.Clear(raised + stood, i + 1, zone);
            }
            return (log, strikes.Select(s => s.Item3 ? Burst(s.Item1, s.Item2.East, s.Item2.North) : Piece(s.Item1, s.Item2.East, s.Item2.North, 100)).ToArray(), seed);
        });

    [Fact]
    public void Without_a_warning_nobody_is_alarmed_and_nothing_is_averted()
        => s_raid.Sample(raid =>
        {
            PeopleSummary people = Judge(new() { Samples = 200 }, new(), raid.Strikes, raid.Seed);
            Assert.Equal(people.NoWarning, people.ThisRun);
            Assert.Equal(people.NoWarning, people.WholeSite);
            Assert.Equal(0, people.ThisRun.Alarmed + people.ThisRun.HurtByActing + people.ThisRun.NeedlessAlarmPersonS + people.SparedNet(people.ThisRun));
        }, iter: 30);

    [Fact]
    public void Figures_are_shares_of_each_other_and_people_are_conserved()
        => s_raid.Sample(raid =>
        {
            PeopleSummary people = Judge(new() { Samples = 200 }, raid.Log, raid.Strikes, raid.Seed);
            Assert.Equal(1000, people.Population, 9);
            foreach (WayOfWarning way in (WayOfWarning[])[people.ThisRun, people.WholeSite, people.NoWarning])
            {
                Assert.InRange(way.AlarmedNeedlessly, 0, way.Alarmed);
                Assert.InRange(way.Alarmed, 0, people.Population + 1e-9);
                Assert.InRange(way.WarnedInTime, 0, way.Warned);
                Assert.InRange(way.Warned, 0, people.InDanger);
                Assert.InRange(way.Protected, 0, people.InDanger + 1e-9);
                Assert.InRange(way.Killed, 0, way.Injured);
                Assert.InRange(way.InjuredByPieces, 0, way.Injured);
                Assert.InRange(way.Injured, 0, people.Population);
            }
            if (people.AtFirstBurst.Count == 0) return;
            Assert.Equal(1000, people.AtFirstBurst.Sum(s => s.ThisRun), 9);
            Assert.Equal(1000, people.AtFirstBurst.Sum(s => s.WholeSite), 9);
            Assert.Equal(1000, people.AtFirstBurst.Sum(s => s.NoWarning), 9);
        }, iter: 60);

    /// <summary>Who is warned moves nobody: what would have happened without any warning is the same beside every log.</summary>
    [Fact]
    public void The_same_persons_are_followed_whoever_is_warned()
        => Gen.Select(s_raid, s_raid).Sample((a, b) =>
        {
            PeopleSummary one = Judge(new() { Samples = 200 }, a.Log, a.Strikes, a.Seed), other = Judge(new() { Samples = 200 }, b.Log, a.Strikes, a.Seed);
            Assert.Equal((one.NoWarning, one.InDanger), (other.NoWarning, other.InDanger));
        }, iter: 30);

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_one_others()
    {
        GroundStrike[] strikes = [Burst(30, 500, 200), Burst(40, 900, 100, Kind.Mortar)];
        double?[] Of(int seed) => [.. Judge(new(), Warned(1, 20, 30, 90), strikes, seed).Measures().Select(m => m.Value)];
        Assert.Equal(Of(5), Of(5));
        Assert.NotEqual(Of(5), Of(6));
    }

    /// <summary>More lead, the same advice and a prediction that holds: never fewer under cover.</summary>
    [Fact]
    public void More_lead_never_protects_fewer()
        => Gen.Select(Place, Gen.Double[0, 40], Gen.Double[0, 40], Gen.Int[1, 1000]).Sample((at, a, b, seed) =>
        {
            WayOfWarning Of(double lead)
            {
                var log = new RunLog();
                for (int z = 0; z < 4; z++) log.Raise(100 - lead, z + 1, z, 100);
                for (int z = 0; z < 4; z++) log.Clear(160, z + 1, z);
                return Judge(new() { Samples = 400, BurstAlarmsWithinM = 0 }, log, [Burst(100, at.East, at.North)], seed).ThisRun;
            }
            WayOfWarning less = Of(Math.Min(a, b)), more = Of(Math.Max(a, b));
            Assert.True(more.Protected >= less.Protected - 1e-9);
            Assert.True(more.WarnedInTime >= less.WarnedInTime - 1e-9);
        }, iter: 60);

    /// <summary>The test's own count of those within the siren's range, each of whom is alarmed, and nobody else is.</summary>
    [Fact]
    public void One_alarm_for_the_site_reaches_everybody_in_the_sirens_range_and_everybody_with_a_phone()
    {
        PeopleSettings deaf = s_outdoors with { Channels = new() { PhoneShare = 0, WatchShare = 0 } };
        PeopleGround ground = PeopleGround.Of(Scenario(deaf), TestRun.Site());
        double near = Crowd.Draw(ground, Streams()).Where(p => Math.Sqrt((p.EastM - 200) * (p.EastM - 200) + (p.NorthM - 200) * (p.NorthM - 200)) <= 500).Sum(p => p.Weight);
        Assert.InRange(near, 200, 800);
        PeopleSummary people = Judge(deaf, Warned(3, 10, 40, 90), [Burst(40, 1400, 200)]);
        Assert.Equal(near, people.WholeSite.Alarmed, 9);
        // Zone D has no siren: by zones, nobody is told.
        Assert.Equal(0, people.ThisRun.Alarmed);
        PeopleSummary phones = Judge(s_outdoors with { Channels = new() { PhoneShare = 1, PhoneMedianS = 4 } }, Warned(3, 10, 40, 90), [Burst(40, 1400, 200)]);
        Assert.Equal(1000, phones.WholeSite.Alarmed, 9);
        Assert.Equal(400, phones.ThisRun.Alarmed, 9);
    }

    /// <summary>Poisson's hits over an even crowd, integrated by rings in the test, against the sum over persons.</summary>
    [Fact]
    public void Harm_of_one_burst_is_the_integral_over_the_crowd()
    {
        PeopleSummary people = Judge(s_outdoors with { Samples = 50_000 }, new(), [Burst(10, 1400, 200)]);
        const double density = 400 / (400.0 * 400), c = 0.58 * 100 * 100 / 55.7418;
        double Integral(double hits)
        {
            double sum = 0;
            const double dr = 0.01;
            for (double r = dr / 2; r < 100; r += dr) sum += 2 * Math.PI * r * dr * (1 - Math.Exp(-hits / Math.Max(1, r * r)));
            return density * sum;
        }
        Assert.Equal(1, people.NoWarning.Injured / Integral(c), 0.01);
        Assert.Equal(1, people.NoWarning.Killed / Integral(0.2 * c), 0.02);
        Assert.Equal(density * Math.PI * 50 * 50, people.InDanger, 0.01 * people.InDanger);
    }

    /// <summary>A piece hits somebody with their area over the zone's: 400 people on 160,000 m².</summary>
    [Theory]
    [InlineData(1, 79, 0.15)]
    [InlineData(0, 79, 0.015)]
    [InlineData(1, 78, 0)]
    public void Falling_pieces_hurt_by_area_and_from_their_energy_on(double outdoors, double energyJ, double areaM2)
    {
        GroundStrike[] pieces = [.. Enumerable.Range(0, 7).Select(i => Piece(10 + i, 1250 + 40 * i, 200, energyJ))];
        PeopleSummary people = Judge(s_outdoors with { ByHour = All(1 - outdoors, outdoors) }, new(), pieces);
        Assert.Equal(7 * areaM2 * 400 / 160_000, people.NoWarning.Injured, 6);
        Assert.Equal(people.NoWarning.Injured, people.NoWarning.InjuredByPieces);
        Assert.Equal(0, people.InDanger);
    }

    /// <summary>Who lies flat shows more to the sky: a warning saves from bursts and not from what falls.</summary>
    [Fact]
    public void Dropping_helps_against_bursts_and_hurts_against_falling_pieces()
    {
        PeopleSettings people = s_outdoors with { Channels = new() { PhoneShare = 1, PhoneMedianS = 4 } };
        SiteDefinition site = TestRun.Site() with { Shelters = [] };
        PeopleSummary bursts = Judge(people, Warned(3, 10, 60, 90), [Burst(60, 1400, 200)], 1, site), pieces = Judge(people, Warned(3, 10, 60, 90), [Piece(60, 1400, 200, 100)], 1, site);
        Assert.True(bursts.ThisRun.Injured < 0.7 * bursts.NoWarning.Injured);
        Assert.True(pieces.ThisRun.Injured > 2 * pieces.NoWarning.Injured);
    }

    /// <summary>Without a warning the first burst finds everybody upright; the second one those who heard the first under cover.</summary>
    [Fact]
    public void A_first_burst_warns_of_the_second()
    {
        PeopleSettings told = s_outdoors with { BurstAlarmsWithinM = 1000 };
        PeopleSummary first = Judge(told, new(), [Burst(10, 300, 200), Burst(100, 1000, 200)]), deaf = Judge(s_outdoors, new(), [Burst(10, 300, 200), Burst(100, 1000, 200)]);
        Assert.True(first.NoWarning.Injured < deaf.NoWarning.Injured);
        Assert.Equal(0, deaf.NoWarning.Protected);
        Assert.Equal(0, first.NoWarning.Alarmed);
        // Those near the second burst, and nobody near the first.
        Assert.InRange(first.NoWarning.Protected, 0.2 * first.InDanger, 0.8 * first.InDanger);
    }

    /// <summary>The hook of a study: a response of none is no warning at all, one of all is the settings' own, and fatigue is a response.</summary>
    [Fact]
    public void Every_figure_is_linear_in_the_share_that_acts()
        => s_raid.Sample(raid =>
        {
            PeopleSummary people = Judge(new() { Samples = 200 }, raid.Log, raid.Strikes, raid.Seed), none = people.At(0), all = people.At(1), half = people.At(0.5);
            Assert.Equal(none.NoWarning.Injured, none.ThisRun.Injured);
            Assert.Equal((none.NoWarning.Protected, 0.0), (none.ThisRun.Protected, none.ThisRun.HurtByActing));
            Assert.Equal((none.ThisRun.Injured + all.ThisRun.Injured) / 2, half.ThisRun.Injured, 9);
            Assert.Equal(all.ThisRun.Alarmed, none.ThisRun.Alarmed);
            PeopleSummary tired = Judge(new() { Samples = 200, Fatigue = new() { NeedlessBefore = 3, LossPerNeedless = 0.2 } }, raid.Log, raid.Strikes, raid.Seed);
            Assert.Equal(0.9 * 0.512, tired.Response, 9);
            Assert.Equal(people.At(tired.Response).Measures().Select(m => m.Value), tired.Measures().Select(m => m.Value));
        }, iter: 20);

    /// <summary>Alone in a zone that is told of a round somewhere else: every second from hearing to the clear is for nothing.</summary>
    [Fact]
    public void Time_in_needless_alarms_is_counted_from_hearing_to_the_clear()
    {
        PeopleSettings people = s_outdoors with { Channels = new() { PhoneShare = 1, PhoneLeastS = 4, PhoneMedianS = 4 } };
        SiteDefinition site = TestRun.Site() with { Sirens = [] };
        PeopleSummary far = Judge(people, Warned(0, 10, 40, 90), [Burst(40, 1400, 200)], 1, site);
        Assert.Equal(100, far.ThisRun.Alarmed, 9);
        Assert.Equal(far.ThisRun.Alarmed, far.ThisRun.AlarmedNeedlessly);
        Assert.Equal(100 * (90 - 14), far.ThisRun.NeedlessAlarmPersonS, 6);
        PeopleSummary near = Judge(people, Warned(0, 10, 40, 90), [Burst(40, 200, 200)], 1, site);
        // Those within 100 m of the middle of a square of 400 m were rightly alarmed.
        Assert.Equal(100 * (1 - Math.PI / 16), near.ThisRun.AlarmedNeedlessly, 3.0);
    }

    [Fact]
    public void Every_run_has_the_same_columns()
    {
        string[] columns = [.. Judge(new(), new(), []).Measures().Select(m => m.Column)];
        Assert.Equal(columns.Length, columns.Distinct().Count());
        Assert.All(columns, c => Assert.Matches("^[a-z_]+$", c));
        foreach (string name in (string[])["kidal", "false-alarm-2018"])
        {
            Scenario scenario = Shipped.Read(name);
            SiteDefinition site = Shipped.ReadSite(ScenarioFile.SitePath(Shipped.PathOf(name), scenario));
            PeopleSummary people = Shipped.Must(Simulation.Runs.RunResult.Of(scenario, site)).People;
            Assert.Equal(columns, people.Measures().Select(m => m.Column));
            Assert.Equal(site.Zones.Sum(z => z.Population), people.Population, 6);
            Assert.All(people.Measures(), m => Assert.True(m.Value is { } v && double.IsFinite(v) && (v >= 0 || m.Column.Contains("averted", StringComparison.Ordinal) || m.Column.Contains("net", StringComparison.Ordinal)), m.Column));
            // The night of machine-gun fire: nothing came down, so nothing can be averted.
            if (name == "false-alarm-2018") Assert.Equal(0, people.NoWarning.Injured + people.InDanger);
            else Assert.True(people.NoWarning.Injured > people.ThisRun.Injured);
        }
    }
}
