using CsCheck;
using Tocsin.Simulation.People;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Measures;

namespace Tocsin.Simulation.Tests.People;

public class CrowdTests
{
    private static Person[] Draw(PeopleSettings people, int seed = 1, SiteDefinition? site = null) =>
        Crowd.Draw(PeopleGround.Of(PeopleBench.Scenario(people), site ?? TestRun.Site()), PeopleBench.Streams(seed));

    /// <summary>A part of a zone has its own people, and what is left of the zone is around it.</summary>
    [Fact]
    public void Everybody_is_in_their_zone_and_counted_once()
    {
        SiteDefinition site = TestRun.Site(TestRun.Zone("A1", 100, 60, "A", 200));
        Person[] crowd = Draw(new(), 3, site);
        Assert.Equal(1000, crowd.Sum(p => p.Weight), 9);
        for (int z = 0; z < site.Zones.Length; z++)
        {
            Person[] own = [.. crowd.Where(p => p.Zone == z)];
            Assert.Equal(site.Zones[z].Id switch { "A" => 40, _ => site.Zones[z].Population }, own.Sum(p => p.Weight), 9);
            Assert.All(own, p => Assert.True(site.Zones[z].Area.Contains(p.EastM, p.NorthM)));
            if (site.Zones[z].Id == "A") Assert.All(own, p => Assert.False(site.Zones[4].Area.Contains(p.EastM, p.NorthM)));
        }
    }

    /// <summary>Each ninth of a square zone holds its ninth of the people, better than chance would have it.</summary>
    [Fact]
    public void People_are_spread_evenly()
        => Gen.Int[1, 1000].Sample(seed =>
        {
            Person[] own = [.. Draw(new() { Samples = 3000 }, seed).Where(p => p.Zone == 3)];
            foreach (IGrouping<(int, int), Person> ninth in own.GroupBy(p => ((int)((p.EastM - 1200) / 133.4), (int)(p.NorthM / 133.4))))
                Assert.InRange(ninth.Count(), own.Length / 9.0 - 12, own.Length / 9.0 + 12);
        }, iter: 20);

    [Fact]
    public void Shares_are_those_of_the_hour()
    {
        PeopleSettings people = new() { Samples = 40_000, UtcOffsetH = 0, ByHour = [new() { FromHour = 0, Indoors = 1, Outdoors = 0 }, new() { FromHour = 22, Indoors = 0.5, Outdoors = 0.3 }] };
        // The epoch of the test is 22:13:20 UTC.
        Person[] crowd = Draw(people);
        double n = crowd.Length, sigma = Math.Sqrt(0.25 / n);
        Assert.Equal(0.5, crowd.Count(p => p.At == Whereabouts.Indoors) / n, 4 * sigma);
        Assert.Equal(0.3, crowd.Count(p => p.At == Whereabouts.Outdoors) / n, 4 * sigma);
        Assert.All(Draw(people with { UtcOffsetH = -1 }), p => Assert.Equal(Whereabouts.Indoors, p.At));
        // Before the first row, yesterday's last goes on.
        Assert.All(Draw(people with { ByHour = [new() { FromHour = 23, Indoors = 0, Outdoors = 1 }] }), p => Assert.Equal(Whereabouts.Outdoors, p.At));
    }

    /// <summary>Common random numbers: another share of phones or another table changes that, and nobody's place or reaction.</summary>
    [Fact]
    public void A_setting_moves_nothing_but_what_it_sets()
    {
        Person[] some = Draw(new()), more = Draw(new() { Channels = new() { PhoneShare = 0.1, WatchShare = 0.9, SpeakerShare = 0.5 }, ChildShare = 0.6 });
        for (int i = 0; i < some.Length; i++)
        {
            Assert.Equal((some[i].EastM, some[i].NorthM, some[i].ReactionS, some[i].At), (more[i].EastM, more[i].NorthM, more[i].ReactionS, more[i].At));
        }
        Assert.Contains(some.Zip(more), p => p.First.MessageDelayS != p.Second.MessageDelayS);
    }

    [Fact]
    public void Phones_have_the_delays_that_the_settings_say()
    {
        Person[] crowd = Draw(new() { Samples = 20_000, Channels = new() { PhoneShare = 1, WatchShare = 0 } });
        double[] delays = [.. crowd.Select(p => p.MessageDelayS).Order()];
        Assert.True(delays[0] >= 4);
        // The median of a sample of n errs by the density's half over root n: 0.04 s here.
        Assert.Equal(13, delays[delays.Length / 2], 0.2);
    }

    [Fact]
    public void No_shelter_gets_more_people_than_it_holds_and_nobody_runs_farther_than_they_would()
        => Gen.Select(Gen.Int[0, 60].Array[1, 6], PeopleBench.Place.Array[6], Gen.Int[10, 400], Gen.Int[1, 99]).Sample((capacities, places, samples, seed) =>
        {
            SiteDefinition site = TestRun.Site() with { Shelters = [.. capacities.Select((c, i) => new ShelterDefinition($"H{i}", TestRun.Ground(places[i].East, places[i].North), c))] };
            PeopleGround ground = PeopleGround.Of(PeopleBench.Scenario(new() { Samples = samples }), site);
            Person[] crowd = Crowd.Draw(ground, PeopleBench.Streams(seed));
            ShelterPlan.Assign(ground, crowd);
            for (int s = 0; s < capacities.Length; s++)
            {
                Assert.True(crowd.Where(p => p.Shelter == s).Sum(p => p.Weight) <= capacities[s] + 1e-9);
                foreach (Person p in crowd.Where(p => p.Shelter == s))
                {
                    double east = p.EastM - ground.Shelters[s].EastM, north = p.NorthM - ground.Shelters[s].NorthM;
                    Assert.Equal(Math.Sqrt(east * east + north * north), p.WayM, 9);
                    Assert.True(p.WayM <= WalkingGround.FarthestM);
                }
            }
            // Whoever is left out found the near shelters full: no place was left for one more of them.
            foreach (Person p in crowd.Where(p => p.Shelter < 0))
                for (int s = 0; s < capacities.Length; s++)
                    if (ground.Shelters[s].LengthM(p.EastM, p.NorthM) <= WalkingGround.FarthestM)
                        Assert.True(crowd.Where(q => q.Shelter == s).Sum(q => q.Weight) + p.Weight > capacities[s] - 1e-9);
        }, iter: 50);
}
