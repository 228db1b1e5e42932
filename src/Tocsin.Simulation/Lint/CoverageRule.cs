using Tocsin.Simulation.Radar;

namespace Tocsin.Simulation.Lint;

/// <summary>What no radar sees over each zone, against the heights at which rounds come in.</summary>
internal static class CoverageRule
{
    private const string Rule = "coverage";

    /// <summary>Pairs of zone and radar above which a zone's middle alone stands for it: a linter answers in seconds.</summary>
    private const int PairsLookedAtWhole = 4_096;

    private const string Mend = "lower minElevationDeg, widen its sectors, or move or add a radar";

    public static void Check(LintContext context)
    {
        foreach (ZoneShape zone in context.Zones) context.Coverage.Add(Look(context, zone));
        if (context.Radars.Count == 0) return;

        var never = context.Coverage.Where(c => double.IsInfinity(c.BlindBelowM)).Select(c => c.Zone).ToList();
        if (never.Count > 0)
            context.Warn(Rule, "$.radars", $"no radar sees all of the sky over {LintText.Names("zone", never)} at any height: out of range, sector or elevation; {Mend}");
        Report(context, context.Radars.Count == 1 ? $"radar {context.Radars[0].Settings.Sensor}" : "every radar", "$.radars", c => c.BlindBelowM);
        if (context.Radars.Count == 1) return;
        for (int i = 0; i < context.Radars.Count; i++)
        {
            int radar = i;
            LintRadar r = context.Radars[i];
            Report(context, $"radar {r.Settings.Sensor}", $"$.radars[{r.Index}]", c => c.ByRadar[radar].BlindBelowM);
        }
    }

    private static ZoneCoverage Look(LintContext context, ZoneShape zone)
    {
        var points = context.Zones.Count * context.Radars.Count > PairsLookedAtWhole ? [zone.Middle] : zone.Points;
        double[] worst = new double[context.Radars.Count];
        double together = 0, groundM = context.Site.GroundElevationM;
        foreach ((double, double) point in points)
        {
            double least = double.PositiveInfinity;
            for (int i = 0; i < worst.Length; i++)
            {
                RadarCoverage coverage = context.Radars[i].Model.Coverage;
                double blind = coverage.LowestVisibleM(context.OnGround(point)) - groundM;
                worst[i] = Math.Max(worst[i], blind);
                least = Math.Min(least, blind);
            }
            together = Math.Max(together, least);
        }
        return new(zone.Zone.Id, together, [.. worst.Select((w, i) => (context.Radars[i].Settings.Sensor, w))]);
    }

    // Worth a warning where rounds are below what is seen for the last 5 s or more; where 10 s, it says so.
    private static void Report(LintContext context, string who, string place, Func<ZoneCoverage, double> blindBelow)
    {
        var blind = new List<(string Zone, double BelowM, TypicalSalvo Salvo)>();
        for (int i = 0; i < context.Zones.Count; i++)
        {
            double below = blindBelow(context.Coverage[i]);
            if (double.IsInfinity(below)) continue;
            TypicalSalvo? lowest = context.Salvos.Where(s => s.Reaches(context.Zones[i])).MinBy(s => s.HeightBeforeImpactM(5));
            if (lowest is not null && lowest.HeightBeforeImpactM(5) < below) blind.Add((context.Zones[i].Zone.Id, below, lowest));
        }
        if (blind.Count == 0) return;
        blind = [.. blind.OrderByDescending(b => b.BelowM)];
        (_, double belowM, TypicalSalvo salvo) = blind[0];
        double at5 = salvo.HeightBeforeImpactM(5), at10 = salvo.HeightBeforeImpactM(10);
        string heights = at10 < belowM ? $"{LintText.Metres(at10)} 10 s and {LintText.Metres(at5)} 5 s" : $"{LintText.Metres(at5)} 5 s";
        context.Warn(Rule, place,
            $"{who} cannot see below {LintText.Metres(belowM)} over {LintText.Worst("zone", [.. blind.Select(b => b.Zone)])}; rounds of salvo {salvo.Salvo.Id} are at {heights} before their impact; {Mend}");
    }
}
