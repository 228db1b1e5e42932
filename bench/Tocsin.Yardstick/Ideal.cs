using System.Text.Json;

namespace Tocsin.Yardstick;

/// <summary>A tracker that cheats: it knows which plot is whose and errs exactly as the Cramér-Rao bound allows. Its events file checks
/// the grader (ratio one, coverage 95 %), and its needless warnings are what physics leaves to any tracker.</summary>
internal static class Ideal
{
    private const double HarmRadiusM = 40;
    private const double RaiseAbove = 1.0 / 6;
    private const double RetractBelow = 0.03;
    private const double HoldS = 60;
    private const double ChannelS = 2;
    private const int Samples = 400;

    private sealed record Follower(string Track, TrueRound Round, CramerRao Bound, double FirstS, double Z1, double Z2, double Z3);

    public static void Write(string eventsPath, SiteFile site, List<TrueRound> rounds, SecretFile secret, ulong seed)
    {
        Draws draws = new(seed, "ideal/" + Path.GetFileName(eventsPath));
        List<Follower> followers = [];
        foreach (TrueRound round in rounds)
        {
            CramerRao bound = new(secret.Rounds[round.Id], site, secret.Variances);
            if (secret.Rounds[round.Id].Hits is [var first, ..])
                followers.Add(new($"T{followers.Count + 1}", round, bound, first.TimeS, draws.Normal(), draws.Normal(), draws.Normal()));
        }
        // The standard normal points at which a zone's share of the distribution is counted: a fixed set for all.
        (double X, double Y)[] points = [.. Enumerable.Range(0, Samples).Select(_ => (draws.Normal(), draws.Normal()))];
        using StreamWriter writer = new(eventsPath) { NewLine = "\n" };
        void Line(object o) => writer.WriteLine(JsonSerializer.Serialize(o));
        Line(new { type = "recording.opened", schema = "tocsin.events/1", product = "ideal", status = "test", time = RaidFiles.Stamp(0) });
        (string? Id, double UntilS)[] open = new (string?, double)[site.Zones.Count];
        HashSet<string> known = new(StringComparer.Ordinal);
        int warnings = 0;
        double end = rounds.Count == 0 ? 0 : rounds.Max(r => r.ImpactS) + HoldS + 1, scan = site.Sensors.Min(s => s.PeriodS);
        for (double now = 0; now <= end; now += scan)
        {
            double[] spared = [.. Enumerable.Repeat(1.0, site.Zones.Count)], earliest = [.. Enumerable.Repeat(double.PositiveInfinity, site.Zones.Count)];
            foreach (Follower f in followers.Where(f => now > f.FirstS + 2 && (now < f.Round.ImpactS || known.Contains(f.Track))))
            {
                if (now >= f.Round.ImpactS)
                {
                    known.Remove(f.Track);
                    Line(new { type = "track.ended", time = RaidFiles.Stamp(now), track = f.Track, reason = "impact" });
                }
                else if (f.Bound.At(now) is { } b)
                {
                    Follow(f, b, site, now, known.Add(f.Track), points, spared, earliest, Line);
                }
            }
            for (int z = 0; z < open.Length; z++)
                Judge(z, site.Zones[z], 1 - spared[z], earliest[z], now, open, ref warnings, Line);
        }
    }

    private static void Follow(Follower f, Bound b, SiteFile site, double now, bool isNew, (double X, double Y)[] points, double[] spared, double[] earliest, Action<object> line)
    {
        (Vec3 p, Vec3 v) = f.Round.At(now)!.Value;
        LonLat g = site.Frame.ToGeodetic(p);
        string time = RaidFiles.Stamp(now), kind = f.Round.Kind;
        line(new { type = isNew ? "track.confirmed" : "track.updated", time, track = f.Track, validTime = time, position = (double[])[g.LonDeg, g.LatDeg, g.HeightM], velocity = (double[])[v.X, v.Y, v.Z], kind });
        double l11 = Math.Sqrt(b.EastEast), l21 = b.EastNorth / l11, l22 = Math.Sqrt(Math.Max(b.NorthNorth - l21 * l21, 1e-9));
        Vec3 mean = f.Round.Impact + new Vec3(l11 * f.Z1, l21 * f.Z1 + l22 * f.Z2, 0);
        double half = (b.EastEast + b.NorthNorth) / 2, root = Math.Sqrt(Math.Pow((b.EastEast - b.NorthNorth) / 2, 2) + b.EastNorth * b.EastNorth);
        double bearing = Math.PI / 2 - Math.Atan2(2 * b.EastNorth, b.EastEast - b.NorthNorth) / 2, impact = f.Round.ImpactS + f.Z3 * Math.Sqrt(b.TimeVariance);
        LonLat at = site.Frame.ToGeodetic(mean);
        line(new
        {
            type = "impact.predicted",
            time,
            track = f.Track,
            validTime = time,
            impactTime = RaidFiles.Stamp(impact),
            timeSigmaS = Math.Sqrt(b.TimeVariance),
            position = (double[])[at.LonDeg, at.LatDeg],
            ellipse95 = new { semiMajorM = Math.Sqrt(5.991 * (half + root)), semiMinorM = Math.Sqrt(5.991 * Math.Max(half - root, 1e-6)), orientationDeg = (bearing * 180 / Math.PI + 180) % 180 },
        });
        for (int z = 0; z < spared.Length; z++)
        {
            if (site.Zones[z].Distance(mean) > 4 * Math.Sqrt(half + root) + HarmRadiusM)
                continue;
            double share = points.Count(q => site.Zones[z].Distance(mean + new Vec3(l11 * q.X, l21 * q.X + l22 * q.Y, 0)) <= HarmRadiusM) / (double)points.Length;
            spared[z] *= 1 - share;
            if (share > RetractBelow)
                earliest[z] = Math.Min(earliest[z], impact);
        }
    }

    private static void Judge(int index, SiteZone zone, double probability, double earliest, double now, (string? Id, double UntilS)[] open, ref int warnings, Action<object> line)
    {
        (string? id, double until) = open[index];
        string time = RaidFiles.Stamp(now);
        if (probability > RaiseAbove && earliest - now < zone.TimeToShelterS + ChannelS)
        {
            if (id is null)
            {
                id = $"W{++warnings}";
                line(new { type = "warning.raised", time, warning = id, status = "test", zone = zone.Id, probability, impactTime = RaidFiles.Stamp(earliest), leadTimeS = earliest - now, advice = "shelter", tracks = Array.Empty<string>() });
            }
            open[index] = (id, earliest + HoldS);
        }
        else if (id is not null && (now >= until || (probability < RetractBelow && now < until - HoldS)))
        {
            line(new { type = "warning.cleared", time, warning = id, status = "test", zone = zone.Id, reason = now >= until ? "over" : "retracted" });
            open[index] = default;
        }
    }
}
