using CsCheck;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.People;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Measures;

namespace Tocsin.Simulation.Tests.People;

public class TimelineTests
{
    // Warnings of any zone at any time: raised, expected impact after that, cleared.
    private static readonly Gen<RunLog> s_log = Gen.Select(Gen.Int[0, 3], Gen.Double[0, 300], Gen.Double[0, 120], Gen.Double[1, 90]).Array[0, 6].Select(warnings =>
    {
        var log = new RunLog();
        for (int i = 0; i < warnings.Length; i++)
        {
            (int zone, double raised, double lead, double stood) = warnings[i];
            log.Raise(raised, i + 1, zone, raised + lead);
            log.Clear(raised + stood, i + 1, zone);
        }
        return log;
    });

    [Fact]
    public void Nobody_leaps_nobody_outruns_themselves_and_all_come_home()
        => Gen.Select(s_log, Gen.Int[1, 50], Gen.Double[0, 400]).Sample((log, seed, burst) =>
        {
            SiteDefinition site = TestRun.Site() with { Shelters = [new("H1", TestRun.Ground(600, 200), 150), new("H2", TestRun.Ground(200, 100), 50)] };
            PeopleGround ground = PeopleGround.Of(PeopleBench.Scenario(new() { Samples = 60 }), site);
            Person[] crowd = Crowd.Draw(ground, PeopleBench.Streams(seed));
            ShelterPlan.Assign(ground, crowd);
            var plan = AlarmPlan.ByZones(ground, log, [1.0]);
            var timeline = new Timeline(ground);
            foreach (Person person in crowd)
            {
                timeline.Follow(person, burst);
                timeline.Warn(plan, [true]);
                const double step = 0.25;
                double speed = ShelterPlan.SpeedMps(ground.Settings.Reaction, person.Age);
                (double e0, double n0) = (person.EastM, person.NorthM);
                for (double t = -10; t < 900; t += step)
                {
                    PersonState state = timeline.At(t, out double e, out double n);
                    Assert.True(Math.Sqrt((e - e0) * (e - e0) + (n - n0) * (n - n0)) <= speed * step + 1e-6, $"leapt at {t}");
                    if (state == PersonState.InShelter) Assert.Equal((ground.Shelters[person.Shelter].EastM, ground.Shelters[person.Shelter].NorthM), (e, n));
                    if (state is not (PersonState.InShelter or PersonState.Running)) Assert.Equal((person.EastM, person.NorthM), (e, n));
                    (e0, n0) = (e, n);
                }
                Assert.Equal((person.EastM, person.NorthM), (e0, n0));
                foreach (Episode run in timeline.Episodes.Where(r => r.Runs)) Assert.True(run.DoneS - run.ActS >= person.WayM / speed - 1e-9);
            }
        }, iter: 20);

    [Fact]
    public void Times_in_which_one_is_alarmed_are_in_order_and_apart()
        => s_log.Sample(log =>
        {
            PeopleGround ground = PeopleGround.Of(PeopleBench.Scenario(new() { Samples = 40 }), TestRun.Site());
            var timeline = new Timeline(ground);
            var plan = AlarmPlan.ByZones(ground, log, [1.0]);
            foreach (Person person in Crowd.Draw(ground, PeopleBench.Streams()))
            {
                timeline.Follow(person, double.PositiveInfinity);
                timeline.Warn(plan, [true]);
                Assert.All(timeline.Episodes, e => Assert.True(e.HearS < e.EndS && e.HearS <= e.ActS && e.ActS <= e.DoneS));
                Assert.All(timeline.Episodes.Zip(timeline.Episodes.Skip(1)), p => Assert.True(p.First.EndS < p.Second.HearS));
            }
        });

    /// <summary>Sound takes a second for 343 m; phones are told by their own zone only, a siren tells whoever hears it.</summary>
    [Fact]
    public void A_siren_tells_those_who_hear_it_and_a_phone_those_of_its_zone()
    {
        PeopleGround ground = PeopleGround.Of(PeopleBench.Scenario(new()), TestRun.Site());
        var plan = AlarmPlan.ByZones(ground, PeopleBench.Warned(0, 10, 60, 70), [1.5]);
        var timeline = new Timeline(ground);
        var inA = new Person { Zone = 0, EastM = 200, NorthM = 200, MessageDelayS = 5, ReactionS = 2, Shelter = -1, At = Whereabouts.Outdoors, Age = AgeGroup.Adult };
        Person inB = inA with { Zone = 1, EastM = 543, NorthM = 200 };
        Assert.Equal([11.5], Hear(inA, true));
        Assert.Equal([15.0], Hear(inA, false));
        Assert.Equal([12.5], Hear(inB, true));
        Assert.Empty(Hear(inB, false));

        double[] Hear(Person person, bool siren)
        {
            timeline.Follow(person, double.PositiveInfinity);
            timeline.Warn(plan, [siren]);
            // The plane's point under a place of the ground is some micrometres off.
            return [.. timeline.Episodes.Select(e => Math.Round(e.HearS, 6))];
        }
    }

    [Theory]
    [InlineData(Whereabouts.Outdoors, Advice.Shelter, 61, true, 15.5, PersonState.InShelter)]
    [InlineData(Whereabouts.Outdoors, Advice.Shelter, 15, false, 6.5, PersonState.Prone)]
    [InlineData(Whereabouts.Indoors, Advice.Shelter, 61, true, 23.5, PersonState.InShelter)]
    [InlineData(Whereabouts.Indoors, Advice.Shelter, 20, false, 9, PersonState.InnerWall)]
    [InlineData(Whereabouts.Indoors, Advice.AwayFromWindows, 61, false, 9, PersonState.InnerWall)]
    [InlineData(Whereabouts.Indoors, Advice.Drop, 61, false, 6.5, PersonState.ProneIndoors)]
    [InlineData(Whereabouts.InVehicle, Advice.Drop, 61, false, 6.5, PersonState.Prone)]
    internal void People_do_as_they_are_told_where_there_is_time(Whereabouts at, Advice advice, double impactS, bool runs, double doneS, PersonState cover)
    {
        PeopleGround ground = PeopleGround.Of(PeopleBench.Scenario(new()), TestRun.Site());
        var log = new RunLog();
        log.WarningRaised(TestRun.At(0), new() { Id = new(1), Status = OperationStatus.Exercise, Zone = 1, Probability = 1, ImpactTime = TestRun.At(impactS), LeadTimeS = impactS, Advice = advice, Tracks = [] });
        log.Clear(100, 1, 1);
        // 23.1 m at 2.2 m/s are 10.5 s; hearing takes 3 s, reacting 2.
        var person = new Person { Zone = 1, EastM = 623.1, NorthM = 200, MessageDelayS = 3, ReactionS = 2, At = at, Age = AgeGroup.Adult, Shelter = 0, WayM = 23.1 };
        var timeline = new Timeline(ground);
        timeline.Follow(person, double.PositiveInfinity);
        timeline.Warn(AlarmPlan.ByZones(ground, log, [1.0]), [false]);
        Episode episode = Assert.Single(timeline.Episodes);
        Assert.Equal((runs, cover), (episode.Runs, episode.Cover));
        Assert.Equal(doneS, episode.DoneS, 9);
        Assert.NotEqual(cover, timeline.At(doneS - 0.01, out _, out _));
        Assert.Equal(cover, timeline.At(doneS + 0.01, out _, out _));
        Assert.NotEqual(cover, timeline.At(100.01, out _, out _));
    }
}
