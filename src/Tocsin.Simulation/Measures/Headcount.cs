namespace Tocsin.Simulation.Measures;

/// <summary>Counts people by zone.</summary>
internal static class Headcount
{
    /// <summary>The people of a set of zones: a zone within another one of the set (see <see cref="ZoneDefinition.Parent"/>) is not counted again.</summary>
    public static double Of(SiteDefinition site, IEnumerable<int> zones)
    {
        HashSet<string> ids = [];
        int[] set = [.. zones.Distinct()];
        foreach (int zone in set) ids.Add(site.Zones[zone].Id);
        double people = 0;
        foreach (int zone in set)
            if (!HasAncestorIn(site, zone, ids)) people += site.Zones[zone].Population;
        return people;
    }

    private static bool HasAncestorIn(SiteDefinition site, int zone, HashSet<string> ids)
    {
        string? parent = site.Zones[zone].Parent;
        // Not more steps than zones: parents that go round in a circle must not hang the count.
        for (int steps = 0; parent is not null && parent != site.Zones[zone].Id && steps < site.Zones.Length; steps++)
        {
            if (ids.Contains(parent)) return true;
            string id = parent;
            parent = site.Zones.FirstOrDefault(z => z.Id == id)?.Parent;
        }
        return false;
    }
}
