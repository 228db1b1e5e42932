using System.Text.Json;

namespace Tocsin.Yardstick;

/// <summary>One round's dynamics and the plots that were its own: what the Cramér-Rao bound needs.</summary>
internal sealed record Knowledge(World World, Launch Launch, List<(double TimeS, string Sensor, double Weight)> Hits);

/// <summary>The side file of a generated raid; for a foreign raid the same is worked out from its truth.</summary>
internal sealed class SecretFile
{
    public Dictionary<string, Knowledge> Rounds { get; } = new(StringComparer.Ordinal);

    public List<TrueRound> Movers { get; } = [];

    public Dictionary<string, (double Range, double Angle)> Variances { get; } = new(StringComparer.Ordinal);

    public static SecretFile Read(string path, SiteFile site)
    {
        SecretFile secret = new();
        World world = new(site.Frame, curved: false, Wind.Calm);
        foreach (string text in File.ReadLines(path))
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement line = document.RootElement;
            double[] Row(string name) => line.GetProperty(name).Numbers();
            double Number(string name) => line.GetProperty(name).GetDouble();
            switch (line.GetProperty("type").GetString())
            {
                case "world":
                    double[] wind = Row("wind");
                    world = new(site.Frame, line.GetProperty("curved").GetBoolean(), new(wind[0], wind[1], wind[2], wind[3]));
                    break;
                case "radar":
                    secret.Variances[line.GetProperty("radar").GetString()!] = (Number("rangeVariance"), Number("angleVariance"));
                    break;
                case "round":
                    double[] p = Row("position"), v = Row("velocity");
                    Launch launch = new(Number("timeS"), new(p[0], p[1], p[2]), new(v[0], v[1], v[2]),
                        new(line.GetProperty("curve").GetString()!, Row("mach"), Row("drag")), Number("ballisticCoefficient"), Number("thrustMps2"), Number("burnS"));
                    secret.Rounds[line.GetProperty("round").GetString()!] = new(world, launch,
                        [.. line.GetProperty("hits").EnumerateArray().Select(h => (h[0].GetDouble(), h[1].GetString()!, 1.0))]);
                    break;
                default:
                    List<double[]> rows = [.. line.GetProperty("path").EnumerateArray().Select(Times.Numbers)];
                    TrueRound mover = new(line.GetProperty("id").GetString()!, line.GetProperty("kind").GetString()!, rows[0][0], rows[^1][0], default);
                    mover.States.AddRange(rows.Select(r => (r[0], new Vec3(r[1], r[2], r[3]), new Vec3(r[4], r[5], r[6]), true)));
                    secret.Movers.Add(mover);
                    break;
            }
        }
        return secret;
    }

    /// <summary>For a raid of somebody else's: drag against Mach fitted to the truth's own velocities, and every look in coverage counted
    /// with the detection probability (the information reduction of Hernandez, Ristic, Farina and Timmoneri, IEEE TSP 52(9), 2004).</summary>
    public static SecretFile Guess(SiteFile site, List<TrueRound> rounds)
    {
        SecretFile secret = new();
        World world = new(site.Frame, curved: false, Wind.Calm);
        foreach (TrueRound round in rounds)
        {
            List<(double TimeS, string Sensor, double Weight)> hits = [];
            foreach (SiteSensor sensor in site.Sensors)
            {
                for (double t = Math.Ceiling(round.States[0].TimeS / sensor.PeriodS) * sensor.PeriodS; t < round.ImpactS; t += sensor.PeriodS)
                {
                    (Vec3 p, Vec3 v) = round.At(t)!.Value;
                    Polar look = Radar.Look(site.Frame, sensor.Frame, p, v);
                    if (look.RangeM <= sensor.MaxRangeM && look.ElevationRad >= sensor.MinElevationRad)
                        hits.Add((t, sensor.Id, sensor.Detection));
                }
            }
            (double start, Vec3 position, Vec3 velocity, _) = round.States[0];
            secret.Rounds[round.Id] = new(world, new(start, position, velocity, FittedDrag(site, round), 1), hits);
        }
        return secret;
    }

    private static Curve FittedDrag(SiteFile site, TrueRound round)
    {
        const double Bin = 0.06;
        SortedDictionary<int, (double Mach, double Drag, int Count)> bins = [];
        for (int i = 1; i + 1 < round.States.Count; i++)
        {
            (double t0, _, Vec3 v0, _) = round.States[i - 1];
            (_, Vec3 p, Vec3 v, _) = round.States[i];
            (double t1, _, Vec3 v1, _) = round.States[i + 1];
            Vec3 a = 1 / (t1 - t0) * (v1 - v0) + new Vec3(0, 0, World.GravityMps2);
            (double density, double sound) = World.Exponential(p.Z + site.GroundM);
            double drag = -2 * a.Dot(v) / (density * Math.Pow(v.Length, 3)), mach = v.Length / sound;
            (double m, double d, int n) = bins.GetValueOrDefault((int)(mach / Bin));
            bins[(int)(mach / Bin)] = (m + mach, d + drag, n + 1);
        }
        return new("fitted", [.. bins.Values.Select(b => b.Mach / b.Count)], [.. bins.Values.Select(b => b.Drag / b.Count)]);
    }
}
