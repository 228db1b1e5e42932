using Tocsin.Geodesy;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Lint;

/// <summary>When a typical round of each salvo is seen and its track confirmed, against the lead that the zones need.</summary>
/// <remarks>Looks are counted by their probability: a round is seen when half a plot is to be expected of it, its track confirmed when as many
/// plots are as confirmation takes (docs/internals/tracking.md). A zone needs its time to shelter and the delay of the slowest channel
/// (docs/internals/warning.md); the prediction's own doubt comes on top and is not counted here, so that what is said is the least.</remarks>
internal static class WarningTimeRule
{
    private const string Rule = "warning-time";

    /// <summary>Expected plots at which a round is taken as seen: more likely than not.</summary>
    private const double SeenPlots = 0.5;

    public static void Check(LintContext context)
    {
        foreach (TypicalSalvo salvo in context.Salvos)
        {
            var late = new List<(string Zone, double NeedS, double? SeenS, double? ConfirmedS, double ShortS)>();
            double channelS = context.Site.Policy.ChannelDelayS;
            foreach (ZoneShape zone in context.Zones.Where(z => z.Zone.Population > 0 && salvo.Reaches(z)))
            {
                (double? seen, double? confirmed) = Outlook(context, salvo, zone.Middle);
                double need = zone.Zone.TimeToShelterS;
                if (!(confirmed - channelS >= need)) late.Add((zone.Zone.Id, need, seen, confirmed, need + channelS - (confirmed ?? 0)));
            }
            if (late.Count == 0) continue;
            late = [.. late.OrderByDescending(l => l.ShortS)];
            (_, double needS, double? seenS, double? confirmedS, _) = late[0];
            string when = seenS is not { } s ? "is not seen at all"
                : confirmedS is not { } c ? $"is seen {LintText.Seconds(s)} before its impact and its track is not confirmed in time"
                : $"is seen {LintText.Seconds(s)} and its track confirmed {LintText.Seconds(c)} before its impact at the earliest";
            context.Warn(Rule, $"$.salvos[{salvo.Index}]",
                $"{LintText.Worst("zone", [.. late.Select(l => l.Zone)])} needs {LintText.Seconds(needS)} to shelter and {LintText.Seconds(channelS)} for the slowest channel; a typical round of salvo {salvo.Salvo.Id} {when}; "
                + "bring shelter nearer, speed the channels up, or see farther (minElevationDeg, maxRangeM, another radar)");
        }
    }

    /// <summary>What a typical round of each salvo gives at its own fall point.</summary>
    public static SalvoOutlook Outlook(LintContext context, TypicalSalvo salvo)
    {
        Enu fall = context.Site.Frame.ToEnu(salvo.Flight.Impact);
        (double? seen, double? confirmed) = Outlook(context, salvo, (fall.East, fall.North));
        return new(salvo.Salvo.Id, salvo.Flight.DurationS, salvo.HeightBeforeImpactM(10), salvo.HeightBeforeImpactM(5), seen, confirmed);
    }

    // The typical flight, moved so that it ends at the point: over some kilometres a round's flight differs less from it than rounds do among themselves.
    private static (double? SeenBeforeS, double? ConfirmedBeforeS) Outlook(LintContext context, TypicalSalvo salvo, (double, double) point)
    {
        Ecef to = Wgs84.ToEcef(context.OnGround(point)), from = Wgs84.ToEcef(salvo.Flight.Impact);
        Ecef moved = new(to.X - from.X, to.Y - from.Y, to.Z - from.Z);
        double durationS = salvo.Flight.DurationS;
        var looks = new List<(double TimeS, double Plots, double Share)>();
        foreach (LintRadar radar in context.Radars)
        {
            double latencyS = (radar.Settings.Delivery?.LatencyS ?? Interval.Zero).Middle;
            for (double t = 0; t < durationS; t += radar.PeriodS)
            {
                (Ecef p, Ecef v) = salvo.Flight.EcefStateAt(t);
                Ecef position = new(p.X + moved.X, p.Y + moved.Y, p.Z + moved.Z);
                Polar seen = radar.Model.Coverage.Measure(position, v).Measurement;
                if (!radar.Model.Coverage.Covers(seen, Wgs84.Vertical(position).HeightM)) continue;
                double plots = radar.Model.Law.At(seen.RangeM, salvo.CrossSectionRatio);
                looks.Add((t + latencyS, plots, plots / radar.Looks));
            }
        }
        double plotsSoFar = 0, share = 0;
        double? seenAt = null;
        foreach ((double timeS, double plots, double part) in looks.OrderBy(l => l.TimeS))
        {
            plotsSoFar += plots;
            share += part;
            if (plotsSoFar >= SeenPlots) seenAt ??= durationS - timeS;
            // A little less than all, lest the last bits of a sum decide.
            if (share >= 1 - 1e-9) return (seenAt, durationS - timeS);
        }
        return (seenAt, null);
    }
}
