using Tocsin.Geodesy;

namespace Tocsin.Simulation.Lint;

/// <summary>Zones, sirens and shelters of the site: who hears, who has where to go, and who is counted twice or not at all.</summary>
internal static class PlaceRules
{
    private const string Zone = "zone", Siren = "siren", Shelter = "shelter";

    /// <summary>Speed of people on their way to shelter in m/s. Chosen: between adults' comfortable walk (1.3 to 1.5) and their fastest (1.7 to 2.5) in
    /// Bohannon, Age and Ageing 26(1), 1997.</summary>
    public const double WalkingMps = 1.8;

    /// <summary>Share of a zone that its sirens must reach. Chosen.</summary>
    private const double HeardShare = 0.5;

    /// <summary>Share of the smaller of two zones that they may have in common: drawn by hand and rounded, neighbours overlap a little. Chosen.</summary>
    private const double CommonShare = 0.02;

    public static void Check(LintContext context)
    {
        if (context.Zones.Count == 0) context.WarnOfSite(Zone, "$.features", "the site has no zone: nobody can be warned; add features with \"kind\": \"zone\"");
        CheckPopulation(context);
        CheckOverlaps(context);
        CheckSirens(context);
        CheckShelters(context);
    }

    private static void CheckPopulation(LintContext context)
    {
        var empty = context.Zones.Where(z => z.Zone.Population == 0).Select(z => z.Zone.Id).ToList();
        if (empty.Count > 0)
            context.WarnOfSite(Zone, context.Places.Of("zone", empty[0], "population"),
                $"{LintText.Names("zone", empty)} {Verb(empty, "has", "have")} a population of 0: warnings there count for nobody; give the number of people, unless it is empty ground");
    }

    private static void CheckOverlaps(LintContext context)
    {
        // From west to east, so that each zone is compared with those only that begin before it ends.
        ZoneShape[] sorted = [.. context.Zones.OrderBy(z => z.Zone.Area.MinEastM).ThenBy(z => z.Index)];
        Dictionary<string, string?> parents = [];
        foreach (ZoneShape zone in context.Zones) parents.TryAdd(zone.Zone.Id, zone.Zone.Parent);
        for (int i = 0; i < sorted.Length; i++)
            for (int j = i + 1; j < sorted.Length && sorted[j].Zone.Area.MinEastM < sorted[i].Zone.Area.MaxEastM; j++)
            {
                ZoneShape a = sorted[i], b = sorted[j];
                if (IsBelow(a.Zone, b.Zone) || IsBelow(b.Zone, a.Zone)) continue;
                double common = a.CommonM2(b);
                if (common == 0) continue;
                double smaller = Math.Min(a.AreaM2, b.AreaM2);
                if (!(common > CommonShare * smaller)) continue;
                (ZoneShape first, ZoneShape second) = a.Index < b.Index ? (a, b) : (b, a);
                string mend = common > 0.98 * smaller ? "make the larger one the parent of the other, or redraw one" : "redraw one, or give both people once only";
                context.WarnOfSite(Zone, context.Places.Of("zone", second.Zone.Id),
                    $"zones {first.Zone.Id} and {second.Zone.Id} have {LintText.Metres(common)}2 in common though neither is the other's parent: people there are warned and counted twice; {mend}");
            }

        bool IsBelow(ZoneDefinition zone, ZoneDefinition above)
        {
            // The site's reader refuses parents that go round; a site made in code may have them.
            string? parent = zone.Parent;
            for (int steps = 0; parent is not null && steps < context.Zones.Count; steps++)
            {
                if (parent == above.Id) return true;
                parent = parents.GetValueOrDefault(parent);
            }
            return false;
        }
    }

    private static void CheckSirens(LintContext context)
    {
        if (context.Site.Sirens.IsEmpty)
        {
            if (context.Zones.Count > 0) context.WarnOfSite(Siren, "$.features", "the site has no siren: with 15 to 25 s of flight telephones come late; add features with \"kind\": \"siren\"");
            return;
        }
        var serving = context.Site.Sirens.Select(s => (Siren: s, At: context.Site.Frame.ToEnu(s.Position))).ToArray();
        var without = new List<string>();
        foreach (ZoneShape zone in context.Zones)
        {
            var own = serving.Where(s => s.Siren.Zones.Contains(zone.Zone.Id)).ToArray();
            if (own.Length == 0)
            {
                without.Add(zone.Zone.Id);
                continue;
            }
            double heard = zone.Inside.Count(p => own.Any(s => Distance(p, s.At) <= s.Siren.AudibleRangeM)) / (double)zone.Inside.Count;
            // A siren that is not heard at all is named below.
            if (heard < HeardShare && own.Any(s => zone.Zone.Area.DistanceM(s.At.East, s.At.North) <= s.Siren.AudibleRangeM))
                context.WarnOfSite(Siren, context.Places.Of("zone", zone.Zone.Id),
                    $"sirens reach {(heard * 100).ToString("0", System.Globalization.CultureInfo.InvariantCulture)} % of zone {zone.Zone.Id}: the rest hears nothing; add or move a siren");
        }
        if (without.Count > 0)
            context.WarnOfSite(Siren, context.Places.Of("zone", without[0]), $"{LintText.Names("zone", without)} {Verb(without, "is", "are")} served by no siren; name {Verb(without, "it", "them")} in a siren's \"zones\"");
        foreach ((SirenDefinition siren, Enu at) in serving)
        {
            var far = context.Zones.Where(z => siren.Zones.Contains(z.Zone.Id) && z.Zone.Area.DistanceM(at.East, at.North) > siren.AudibleRangeM).ToList();
            if (far.Count == 0) continue;
            double nearest = far.Min(z => z.Zone.Area.DistanceM(at.East, at.North));
            context.WarnOfSite(Siren, context.Places.Of("siren", siren.Id, "zones"),
                $"siren {siren.Id} is heard to {LintText.Metres(siren.AudibleRangeM)}, but serves {LintText.Names("zone", [.. far.Select(z => z.Zone.Id)])} from {LintText.Metres(nearest)} away; let a nearer siren serve {Verb(far, "it", "them")}");
        }
    }

    private static void CheckShelters(LintContext context)
    {
        ZoneShape[] lived = [.. context.Zones.Where(z => z.Zone.Population > 0)];
        if (context.Site.Shelters.IsEmpty)
        {
            if (lived.Length > 0) context.WarnOfSite(Shelter, "$.features", "the site has no shelter: all that people can do is drop and get away from windows; add features with \"kind\": \"shelter\"");
            return;
        }
        var shelters = context.Site.Shelters.Select(s => (s.Capacity, At: context.Site.Frame.ToEnu(s.Position))).ToArray();
        var far = new List<string>();
        var small = new List<(string Id, double Share)>();
        foreach (ZoneShape zone in lived)
        {
            double reachM = WalkingMps * zone.Zone.TimeToShelterS;
            var near = shelters.Where(s => zone.Zone.Area.DistanceM(s.At.East, s.At.North) <= reachM).ToArray();
            double room = near.Sum(s => (double)s.Capacity);
            if (near.Length == 0) far.Add(zone.Zone.Id);
            else if (room < zone.Zone.Population) small.Add((zone.Zone.Id, room / zone.Zone.Population));
        }
        if (far.Count > 0)
            context.WarnOfSite(Shelter, context.Places.Of("zone", far[0], "timeToShelterS"),
                $"{LintText.Names("zone", far)} {Verb(far, "has", "have")} no shelter in or within {LintText.Number(WalkingMps)} m/s times {Verb(far, "its", "their")} timeToShelterS; add shelters, or see that people know where in a building to go");
        if (small.Count > 0)
        {
            small = [.. small.OrderBy(s => s.Share)];
            context.WarnOfSite(Shelter, context.Places.Of("zone", small[0].Id, "population"),
                $"the shelters near {LintText.Worst("zone", [.. small.Select(s => s.Id)])} hold {(small[0].Share * 100).ToString("0", System.Globalization.CultureInfo.InvariantCulture)} % of its people; add shelters or capacity");
        }
    }

    private static double Distance((double East, double North) p, Enu at) =>
        Math.Sqrt((p.East - at.East) * (p.East - at.East) + (p.North - at.North) * (p.North - at.North));

    private static string Verb<T>(List<T> of, string one, string many) => of.Count == 1 ? one : many;
}
