using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.People;

/// <summary>Gives the shelters' places to those who have the shortest ways to them, before anything happens, as a site's plan would.</summary>
/// <remarks>Greedy by the length of the way, so the same for every way of warning; no shelter gets more people than it holds. People of zones that are not alarmed keep their places: what
/// that costs the others is part of such a plan.</remarks>
internal static class ShelterPlan
{
    public static void Assign(PeopleGround ground, Person[] crowd)
    {
        var pairs = new List<(double WayM, int Person, int Shelter)>();
        for (int s = 0; s < ground.Shelters.Length; s++)
        {
            WaysTo ways = ground.Shelters[s];
            for (int i = 0; i < crowd.Length; i++)
            {
                // Nobody runs farther than this; the square saves most of the roots.
                double east = crowd[i].EastM - ways.EastM, north = crowd[i].NorthM - ways.NorthM;
                if (east * east + north * north > WalkingGround.FarthestM * WalkingGround.FarthestM) continue;
                double way = ways.LengthM(crowd[i].EastM, crowd[i].NorthM);
                if (way <= WalkingGround.FarthestM) pairs.Add((way, i, s));
            }
        }
        pairs.Sort();
        double[] left = [.. ground.Site.Shelters.Select(s => (double)s.Capacity)];
        foreach ((double way, int i, int s) in pairs)
        {
            ref Person person = ref crowd[i];
            if (person.Shelter >= 0 || left[s] < person.Weight) continue;
            left[s] -= person.Weight;
            (person.Shelter, person.WayM) = (s, way);
        }
    }

    /// <summary>How fast somebody runs, in m/s.</summary>
    public static double SpeedMps(PeopleReaction reaction, AgeGroup age) => age switch
    {
        AgeGroup.Child => reaction.ChildSpeedMps,
        AgeGroup.Adult => reaction.AdultSpeedMps,
        _ => reaction.OlderSpeedMps,
    };
}
