using Tocsin.Numerics;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.People;

/// <summary>Where somebody is when the raid begins.</summary>
internal enum Whereabouts
{
    Indoors,
    Outdoors,
    InVehicle,
}

/// <summary>Ages that act differently.</summary>
internal enum AgeGroup
{
    Child,
    Adult,
    Older,
}

/// <summary>One person of the sample.</summary>
internal struct Person
{
    /// <summary>Index of the innermost zone that holds them.</summary>
    public int Zone;

    /// <summary>Where they are, metres in the site's frame.</summary>
    public double EastM, NorthM;

    /// <summary>How many people they stand for.</summary>
    public double Weight;

    public Whereabouts At;
    public AgeGroup Age;

    /// <summary>Seconds from a warning of their zone until the first of loudspeaker, phone and watch tells them; infinite where they have none.</summary>
    public double MessageDelayS;

    /// <summary>Seconds from hearing to acting; a vehicle is stopped by then.</summary>
    public double ReactionS;

    /// <summary>What the wall or the vehicle around them takes from a siren's sound, dB; 0 outdoors.</summary>
    public double LossDb;

    /// <summary>Index of the shelter with a place for them; -1 for none.</summary>
    public int Shelter;

    /// <summary>Metres to it.</summary>
    public double WayM;
}

/// <summary>Draws the persons of a run: the same ones whoever is warned, so that ways of warning compare person by person.</summary>
internal static class Crowd
{
    // The additive recurrence of the plane's generalised golden ratio covers an area more evenly than random points (Roberts, The unreasonable effectiveness of quasirandom
    // sequences, 2018), shifted at random for each zone and run (Cranley and Patterson, SIAM J. Numer. Anal. 13, 1976).
    private const double Step1 = 0.75487766624669276005, Step2 = 0.56984029099805326591;

    // Tries for each person before one is put where another is: zones thinner than that have points enough.
    private const int TriesPerPerson = 200;

    public static Person[] Draw(PeopleGround ground, RunStreams streams)
    {
        var crowd = new List<Person>(ground.Settings.Samples + ground.Zones.Length);
        for (int z = 0; z < ground.Zones.Length; z++) Populate(crowd, ground, z, streams);
        return [.. crowd];
    }

    private static void Populate(List<Person> crowd, PeopleGround ground, int z, RunStreams streams)
    {
        PeopleZone zone = ground.Zones[z];
        if (zone.Sample == 0) return;
        PeopleSettings settings = ground.Settings;
        RandomStream places = streams.Of(Runs.Draw.PersonPlace, zone.Id), traits = streams.Of(Runs.Draw.PersonTraits, zone.Id), delays = streams.Of(Runs.Draw.PersonDelays, zone.Id);
        double u = places.NextUniform(), v = places.NextUniform();
        int first = crowd.Count;
        for (int i = 0, tries = 0; i < zone.Sample; i++)
        {
            Person person = default;
            (person.Zone, person.Weight, person.Shelter) = (z, zone.Population / zone.Sample, -1);
            bool found = false;
            while (!found && tries < zone.Sample * TriesPerPerson)
            {
                tries++;
                (u, v) = (Fraction(u + Step1), Fraction(v + Step2));
                person.EastM = zone.Area.MinEastM + u * (zone.Area.MaxEastM - zone.Area.MinEastM);
                person.NorthM = zone.Area.MinNorthM + v * (zone.Area.MaxNorthM - zone.Area.MinNorthM);
                found = zone.Area.Contains(person.EastM, person.NorthM) && !InChild(ground, zone, person.EastM, person.NorthM);
            }
            if (!found)
            {
                (double east, double north) = zone.Area.Rings[0][0];
                (person.EastM, person.NorthM) = i > 0 ? (crowd[first + i % (crowd.Count - first)].EastM, crowd[first + i % (crowd.Count - first)].NorthM) : (east, north);
            }
            Trait(ref person, ref traits, ground, settings, out bool speaker, out bool phone, out bool watch);
            Delay(ref person, ref delays, settings, speaker, phone, watch);
            crowd.Add(person);
        }
    }

    // Every person takes the same number of draws, whatever the settings: another share of phones must not move anybody's reaction.
    private static void Trait(ref Person person, ref RandomStream draws, PeopleGround ground, PeopleSettings settings, out bool speaker, out bool phone, out bool watch)
    {
        double where = draws.NextUniform(), age = draws.NextUniform();
        person.At = where < ground.IndoorsShare ? Whereabouts.Indoors : where < ground.IndoorsShare + ground.OutdoorsShare ? Whereabouts.Outdoors : Whereabouts.InVehicle;
        person.Age = age < settings.ChildShare ? AgeGroup.Child : age < 1 - settings.OlderShare ? AgeGroup.Adult : AgeGroup.Older;
        speaker = draws.NextUniform() < settings.Channels.SpeakerShare && person.At == Whereabouts.Indoors;
        phone = draws.NextUniform() < settings.Channels.PhoneShare;
        watch = draws.NextUniform() < settings.Channels.WatchShare;
    }

    private static void Delay(ref Person person, ref RandomStream draws, PeopleSettings settings, bool speaker, bool phone, bool watch)
    {
        PeopleChannels channels = settings.Channels;
        double reaction = draws.NextNormal(), loss = draws.NextNormal(), phoneZ = draws.NextNormal(), speakerShare = draws.NextUniform(), watchShare = draws.NextUniform();
        person.ReactionS = settings.Reaction.MedianS * Elementary.Exp(settings.Reaction.Sigma * reaction) + (person.At == Whereabouts.InVehicle ? settings.Reaction.StopVehicleS : 0);
        person.LossDb = person.At switch
        {
            Whereabouts.Indoors => Math.Max(0, settings.Sound.WallLossDb + settings.Sound.LossSigmaDb * loss),
            Whereabouts.InVehicle => Math.Max(0, settings.Sound.VehicleLossDb + settings.Sound.LossSigmaDb * loss),
            _ => 0,
        };
        double delay = double.PositiveInfinity;
        if (speaker) delay = channels.SpeakerDelayS.At(speakerShare);
        if (phone) delay = Math.Min(delay, channels.PhoneLeastS + (channels.PhoneMedianS - channels.PhoneLeastS) * Elementary.Exp(channels.PhoneSigma * phoneZ));
        if (watch) delay = Math.Min(delay, channels.WatchDelayS.At(watchShare));
        person.MessageDelayS = delay;
    }

    private static bool InChild(PeopleGround ground, PeopleZone zone, double eastM, double northM)
    {
        foreach (int child in zone.Children)
            if (ground.Zones[child].Area.Contains(eastM, northM)) return true;
        return false;
    }

    private static double Fraction(double x) => x >= 1 ? x - 1 : x;
}
