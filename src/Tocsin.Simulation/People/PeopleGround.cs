using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.People;

/// <summary>One zone as people fill it: what is left of it outside the zones that are parts of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Area">Its ground.</param>
/// <param name="Population">Its people who are in none of its parts.</param>
/// <param name="GroundM2">Its area outside its parts, in m².</param>
/// <param name="Sample">How many persons of the sample stand for them.</param>
/// <param name="Children">The zones that are parts of it.</param>
/// <param name="Chain">Itself and the zones that it is part of, innermost first: whose warnings concern its people.</param>
internal sealed record PeopleZone(string Id, GroundPolygon Area, double Population, double GroundM2, int Sample, ImmutableArray<int> Children, ImmutableArray<int> Chain);

/// <summary>What does not change from run to run of one scenario: the zones' people, the sirens' fields, the ways to the shelters.</summary>
internal sealed class PeopleGround
{
    // Shares of people indoors and outdoors from each hour on. Chosen; over the day 88 % are indoors, 7 % outdoors and 5 % on the move, as the 87, 7 and 6 % of the
    // US National Human Activity Pattern Survey (Klepeis and others, J. Exposure Anal. Environ. Epidemiol. 11, 2001).
    private static readonly ImmutableArray<PeopleHour> s_byHour =
    [
        new() { FromHour = 0, Indoors = 0.97, Outdoors = 0.02 }, new() { FromHour = 6, Indoors = 0.88, Outdoors = 0.06 },
        new() { FromHour = 8, Indoors = 0.82, Outdoors = 0.08 }, new() { FromHour = 10, Indoors = 0.84, Outdoors = 0.10 },
        new() { FromHour = 12, Indoors = 0.82, Outdoors = 0.12 }, new() { FromHour = 14, Indoors = 0.84, Outdoors = 0.10 },
        new() { FromHour = 16, Indoors = 0.78, Outdoors = 0.12 }, new() { FromHour = 18, Indoors = 0.84, Outdoors = 0.08 },
        new() { FromHour = 20, Indoors = 0.90, Outdoors = 0.06 }, new() { FromHour = 22, Indoors = 0.95, Outdoors = 0.03 },
    ];

    // Width of the margin around zones and shelters in which people run, in metres.
    private const double MarginM = 30;

    // A cache, not a state: what it holds follows from its key alone, so a campaign's runs of one scenario need not make it anew.
    private static readonly ConditionalWeakTable<Scenario, PeopleGround> s_known = [];

    private PeopleGround(Scenario scenario, SiteDefinition site)
    {
        (Settings, Site, Start) = (scenario.People, site, scenario.StartTime);
        Zones = ZonesOf(site, Settings.Samples);
        Homes = scenario.Homes.Count == 0 ? Zones : ZonesOf(site with { Zones = [.. scenario.Homes] }, Settings.Samples);
        HourOfDay = HourAt(scenario.StartTime, Settings.UtcOffsetH ?? site.Frame.Origin.LongitudeRad * (12 / Math.PI));
        (IndoorsShare, OutdoorsShare) = SharesAt(Settings.ByHour.Count > 0 ? Settings.ByHour : s_byHour, HourOfDay);
        (double, double) wind = new WindProfile([.. scenario.Weather.Wind.Select(TruthWind.Level)]).At(site.GroundElevationM);
        Sirens = [.. site.Sirens.Select(s => At(s.Position)).Zip(site.Sirens, (p, s) => new SirenField(p.East, p.North, s.AudibleRangeM, Settings.Sound, wind))];
        SirenZones = [.. site.Sirens.Select(s => s.Zones.Select(id => IndexOf(site, id)).Where(z => z >= 0).ToImmutableArray())];
        GroundPolygon[] obstacles = [.. Settings.Obstacles.Select(o => new GroundPolygon([[.. o.Polygon.Select(c => At(c.At(site.GroundElevationM))).Select(p => (p.East, p.North))]]))];
        Enu[] shelters = [.. site.Shelters.Select(s => At(s.Position))];
        WalkingGround walking = Walking(shelters, obstacles);
        Shelters = [.. shelters.Select(p => walking.To(p.East, p.North))];
    }

    public PeopleSettings Settings { get; }

    public SiteDefinition Site { get; }

    /// <summary>When the scenario begins: people's times are seconds from here.</summary>
    public Instant Start { get; }

    public ImmutableArray<PeopleZone> Zones { get; }

    /// <summary>Where people are: the zones, or what the zones were before a campaign cut them anew.</summary>
    public ImmutableArray<PeopleZone> Homes { get; }

    public ImmutableArray<SirenField> Sirens { get; }

    /// <summary>The zones that each siren serves.</summary>
    public ImmutableArray<ImmutableArray<int>> SirenZones { get; }

    /// <summary>The ways to each shelter.</summary>
    public ImmutableArray<WaysTo> Shelters { get; }

    /// <summary>The local hour at the scenario's start, in [0, 24).</summary>
    public double HourOfDay { get; }

    public double IndoorsShare { get; }

    public double OutdoorsShare { get; }

    /// <summary>The share of the people who are there at the scenario's hour.</summary>
    public double ShareOf(Whereabouts at) => at switch
    {
        Whereabouts.Indoors => IndoorsShare,
        Whereabouts.Outdoors => OutdoorsShare,
        _ => Math.Max(0, 1 - IndoorsShare - OutdoorsShare),
    };

    /// <summary>The ground of a scenario at its site.</summary>
    public static PeopleGround Of(Scenario scenario, SiteDefinition site)
    {
        PeopleGround ground = s_known.GetValue(scenario, s => new(s, site));
        return ReferenceEquals(ground.Site, site) && ReferenceEquals(ground.Settings, scenario.People) ? ground : new(scenario, site);
    }

    /// <summary>The innermost zone that holds a place; -1 for none.</summary>
    public int ZoneAt(double eastM, double northM)
    {
        int best = -1;
        for (int z = 0; z < Zones.Length; z++)
        {
            GroundPolygon area = Zones[z].Area;
            if (eastM < area.MinEastM || eastM > area.MaxEastM || northM < area.MinNorthM || northM > area.MaxNorthM || !area.Contains(eastM, northM)) continue;
            if (best < 0 || Zones[z].Chain.Length > Zones[best].Chain.Length) best = z;
        }
        return best;
    }

    /// <summary>The place of something in the site's frame, taken down to its ground.</summary>
    public Enu At(Geodetic place) => Site.Frame.ToEnu(place with { HeightM = Site.GroundElevationM });

    private WalkingGround Walking(Enu[] shelters, GroundPolygon[] obstacles)
    {
        if (obstacles.Length == 0 || shelters.Length == 0) return WalkingGround.Free;
        double west = shelters.Min(s => s.East), east = shelters.Max(s => s.East), south = shelters.Min(s => s.North), north = shelters.Max(s => s.North);
        foreach (PeopleZone zone in Zones)
        {
            (west, east) = (Math.Min(west, zone.Area.MinEastM), Math.Max(east, zone.Area.MaxEastM));
            (south, north) = (Math.Min(south, zone.Area.MinNorthM), Math.Max(north, zone.Area.MaxNorthM));
        }
        return WalkingGround.Of(west - MarginM, south - MarginM, east + MarginM, north + MarginM, obstacles);
    }

    private static ImmutableArray<PeopleZone> ZonesOf(SiteDefinition site, int samples)
    {
        int[][] chains = [.. site.Zones.Select((_, z) => ChainOf(site, z))];
        var children = new List<int>[site.Zones.Length];
        for (int z = 0; z < children.Length; z++) children[z] = [];
        for (int z = 0; z < children.Length; z++)
            if (chains[z].Length > 1) children[chains[z][1]].Add(z);
        // A zone's number includes its parts' (the measures count it so); what is left is its own.
        double[] own = [.. site.Zones.Select((zone, z) => Math.Max(0, zone.Population - children[z].Sum(c => site.Zones[c].Population)))];
        double all = own.Sum();
        return
        [
            .. site.Zones.Select((zone, z) => new PeopleZone(zone.Id, zone.Area, own[z],
                Math.Max(1, AreaM2(zone.Area) - children[z].Sum(c => AreaM2(site.Zones[c].Area))),
                own[z] > 0 ? Math.Max(1, (int)Math.Round(samples * (own[z] / all))) : 0, [.. children[z]], [.. chains[z]])),
        ];
    }

    // Parents that go round in a circle end where they began.
    private static int[] ChainOf(SiteDefinition site, int zone)
    {
        var chain = new List<int> { zone };
        while (site.Zones[chain[^1]].Parent is { } parent && IndexOf(site, parent) is >= 0 and int next && !chain.Contains(next)) chain.Add(next);
        return [.. chain];
    }

    private static int IndexOf(SiteDefinition site, string id)
    {
        for (int z = 0; z < site.Zones.Length; z++)
            if (site.Zones[z].Id == id) return z;
        return -1;
    }

    // Rings do not cross, so a ring within an odd number of others is a hole.
    internal static double AreaM2(GroundPolygon polygon)
    {
        double area = 0;
        for (int i = 0; i < polygon.Rings.Length; i++)
        {
            ImmutableArray<(double East, double North)> ring = polygon.Rings[i];
            double twice = 0;
            (double e0, double n0) = ring[^1];
            foreach ((double e1, double n1) in ring)
            {
                twice += e0 * n1 - e1 * n0;
                (e0, n0) = (e1, n1);
            }
            int around = 0;
            for (int j = 0; j < polygon.Rings.Length; j++)
                if (j != i && new GroundPolygon([polygon.Rings[j]]).Contains(ring[0].East, ring[0].North)) around++;
            area += (around % 2 == 0 ? 0.5 : -0.5) * Math.Abs(twice);
        }
        return area;
    }

    private static double HourAt(Instant start, double offsetH)
    {
        const long day = 86_400 * Instant.TicksPerSecond;
        double hour = (start.Ticks % day + day) % day / (3600.0 * Instant.TicksPerSecond) + offsetH;
        return hour - 24 * Math.Floor(hour / 24);
    }

    // Before the first row the last one of the day before goes on.
    private static (double Indoors, double Outdoors) SharesAt(IReadOnlyList<PeopleHour> rows, double hour)
    {
        PeopleHour found = rows[^1];
        foreach (PeopleHour row in rows)
            if (row.FromHour <= hour) found = row;
        return (found.Indoors, found.Outdoors);
    }
}
