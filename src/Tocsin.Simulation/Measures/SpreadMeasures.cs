namespace Tocsin.Simulation.Measures;

/// <summary>Who was alarmed far from every impact, and who was near one in silence: counted by people's places and not by zones, so that sites with zones of different
/// sizes can be compared.</summary>
/// <remarks>People are taken as evenly spread over their zone, on a lattice of points. A zone within another one that is counted is not counted again.</remarks>
internal static class SpreadMeasures
{
    /// <summary>Whoever has no impact within this distance need not have been alarmed, in metres. Chosen: several times the radius in which people are harmed in the open.</summary>
    public const double FarM = 300;

    /// <summary>Whoever has an impact within this distance should have been alarmed, in metres: the distance of the score's needless warnings.</summary>
    public const double NearM = WarningMeasures.NeedlessDistanceM;

    // Chosen: steps of the lattice, and how many steps the longer side of a large zone has.
    private const double StepM = 25;
    private const int MostSteps = 64;

    public static IEnumerable<RunMeasure> Of(SiteDefinition site, IReadOnlyList<ZoneDefinition> homes, RunLog log, Truth truth)
    {
        (double East, double North, Instant Time)[] impacts =
        [
            .. truth.Rounds.Where(r => r.Impact is not null).Select(r =>
            {
                Geodesy.Enu at = site.Frame.ToEnu(r.Impact!.Value with { HeightM = site.GroundElevationM });
                return (at.East, at.North, r.ImpactTime!.Value);
            }),
        ];
        ILookup<int, WarningLog> warnings = log.Warnings.ToLookup(w => w.Zone);
        ZoneDefinition[] zones = [.. Headcount.Outermost(site).Select(z => site.Zones[z])], places = homes.Count > 0 ? [.. homes] : zones;
        Dictionary<string, int> indices = Enumerable.Range(0, site.Zones.Length).ToDictionary(z => site.Zones[z].Id, StringComparer.Ordinal);
        double far = 0, silent = 0;
        foreach (ZoneDefinition home in places)
        {
            // A home that is a zone is warned as that zone; of others each point is, as the zone that holds it.
            if (home.Population <= 0) continue;
            int own = homes.Count > 0 ? -1 : indices[home.Id];
            if (own >= 0 && !warnings.Contains(own) && Array.TrueForAll(impacts, i => home.Area.DistanceM(i.East, i.North) > NearM)) continue;
            int points = 0, farPoints = 0, silentPoints = 0;
            foreach ((double east, double north) in Lattice(home.Area))
            {
                points++;
                int zone = own >= 0 ? own : Array.FindIndex(zones, z => z.Area.Contains(east, north)) is >= 0 and int found ? indices[zones[found].Id] : -1;
                double nearest = double.PositiveInfinity;
                bool unwarned = false;
                foreach ((double e, double n, Instant time) in impacts)
                {
                    double square = (e - east) * (e - east) + (n - north) * (n - north);
                    nearest = Math.Min(nearest, square);
                    if (square <= NearM * NearM && !warnings[zone].Any(w => w.StandsAt(time))) unwarned = true;
                }
                if (nearest > FarM * FarM && warnings.Contains(zone)) farPoints++;
                if (unwarned) silentPoints++;
            }
            if (points == 0) continue;
            far += home.Population * farPoints / points;
            silent += home.Population * silentPoints / points;
        }
        yield return new("people_alarmed_far", $"People alarmed with no impact within {FarM:0} m of where they are, taken as evenly spread over their zone: means the same whatever the zones' size.", Statistics.Rounded(far));
        yield return new("people_near_unwarned", $"People within {NearM:0} m of an impact at which no warning stood for them, taken as evenly spread over their zone.", Statistics.Rounded(silent));
    }

    private static IEnumerable<(double East, double North)> Lattice(Geodesy.GroundPolygon area)
    {
        double width = area.MaxEastM - area.MinEastM, height = area.MaxNorthM - area.MinNorthM;
        double step = Math.Max(StepM, Math.Max(width, height) / MostSteps);
        int columns = Math.Max(1, (int)(width / step)), rows = Math.Max(1, (int)(height / step));
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double east = area.MinEastM + (column + 0.5) * width / columns, north = area.MinNorthM + (row + 0.5) * height / rows;
                if (area.Contains(east, north)) yield return (east, north);
            }
        }
    }
}
