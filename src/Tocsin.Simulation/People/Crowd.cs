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

    /// <summary>Side in metres of the square of ground that is theirs in the sample.</summary>
    public double PatchM;

    /// <summary>How many people they stand for.</summary>
    public double Weight;

    public Whereabouts At;
    public AgeGroup Age;

    /// <summary>What they would have wherever they were: seconds until a phone or watch tells them of a warning, until a loudspeaker in the room would (infinite for none), from hearing to
    /// acting on foot, and by how many sigmas the wall or vehicle around them differs from the mean.</summary>
    public double DeviceDelayS, SpeakerDelayS, FootReactionS, LossSigmas;

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

    /// <summary>Puts them indoors, outdoors or in a vehicle.</summary>
    public void Put(Whereabouts at, PeopleSettings settings)
    {
        At = at;
        MessageDelayS = at == Whereabouts.Indoors ? Math.Min(DeviceDelayS, SpeakerDelayS) : DeviceDelayS;
        ReactionS = FootReactionS + (at == Whereabouts.InVehicle ? settings.Reaction.StopVehicleS : 0);
        SirenSound sound = settings.Sound;
        LossDb = at == Whereabouts.Outdoors ? 0 : Math.Max(0, (at == Whereabouts.Indoors ? sound.WallLossDb : sound.VehicleLossDb) + sound.LossSigmaDb * LossSigmas);
    }
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
        for (int z = 0; z < ground.Homes.Length; z++) Populate(crowd, ground, z, streams);
        // Homes that are no zones: whoever is under no zone at all is nobody whom this site can warn, and nobody whom it counts.
        if (ground.Homes != ground.Zones)
        {
            foreach (ref Person person in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(crowd)) person.Zone = ground.ZoneAt(person.EastM, person.NorthM);
            crowd.RemoveAll(p => p.Zone < 0);
        }
        return [.. crowd];
    }

    private static void Populate(List<Person> crowd, PeopleGround ground, int z, RunStreams streams)
    {
        PeopleZone zone = ground.Homes[z];
        if (zone.Sample == 0) return;
        RandomStream places = streams.Of(Runs.Draw.PersonPlace, zone.Id), traits = streams.Of(Runs.Draw.PersonTraits, zone.Id), delays = streams.Of(Runs.Draw.PersonDelays, zone.Id);
        double u = places.NextUniform(), v = places.NextUniform();
        int first = crowd.Count;
        for (int i = 0, tries = 0; i < zone.Sample; i++)
        {
            Person person = default;
            (person.Zone, person.Weight, person.Shelter, person.PatchM) = (z, zone.Population / zone.Sample, -1, Math.Sqrt(zone.GroundM2 / zone.Sample));
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
            Equip(ref person, ref traits, ref delays, ground);
            crowd.Add(person);
        }
    }

    // Every person takes the same number of draws, whatever the settings: another share of phones must not move anybody's reaction.
    private static void Equip(ref Person person, ref RandomStream traits, ref RandomStream delays, PeopleGround ground)
    {
        PeopleSettings settings = ground.Settings;
        PeopleChannels channels = settings.Channels;
        double where = traits.NextUniform(), age = traits.NextUniform();
        bool speaker = traits.NextUniform() < channels.SpeakerShare, phone = traits.NextUniform() < channels.PhoneShare, watch = traits.NextUniform() < channels.WatchShare;
        double reaction = delays.NextNormal(), loss = delays.NextNormal(), phoneSigmas = delays.NextNormal(), speakerShare = delays.NextUniform(), watchShare = delays.NextUniform();

        person.Age = age < settings.ChildShare ? AgeGroup.Child : age < 1 - settings.OlderShare ? AgeGroup.Adult : AgeGroup.Older;
        person.FootReactionS = settings.Reaction.MedianS * Elementary.Exp(settings.Reaction.Sigma * reaction);
        person.LossSigmas = loss;
        person.SpeakerDelayS = speaker ? channels.SpeakerDelayS.At(speakerShare) : double.PositiveInfinity;
        double phoneS = phone ? channels.PhoneLeastS + (channels.PhoneMedianS - channels.PhoneLeastS) * Elementary.Exp(channels.PhoneSigma * phoneSigmas) : double.PositiveInfinity;
        person.DeviceDelayS = Math.Min(phoneS, watch ? channels.WatchDelayS.At(watchShare) : double.PositiveInfinity);
        person.Put(where < ground.IndoorsShare ? Whereabouts.Indoors : where < ground.IndoorsShare + ground.OutdoorsShare ? Whereabouts.Outdoors : Whereabouts.InVehicle, settings);
    }

    private static bool InChild(PeopleGround ground, PeopleZone zone, double eastM, double northM)
    {
        foreach (int child in zone.Children)
            if (ground.Homes[child].Area.Contains(eastM, northM)) return true;
        return false;
    }

    private static double Fraction(double x) => x >= 1 ? x - 1 : x;
}
