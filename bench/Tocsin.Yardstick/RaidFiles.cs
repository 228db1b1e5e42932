using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tocsin.Yardstick;

/// <summary>Writes a raid in the contract's formats, with a side file that only the grader reads.</summary>
internal static class RaidFiles
{
    /// <summary>POSIX time of a raid's second zero.</summary>
    public const long EpochS = 1_700_000_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static string Stamp(double timeS) =>
        DateTimeOffset.UnixEpoch.AddSeconds(EpochS).AddTicks((long)Math.Round(timeS * 1e7)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static void Write(string folder, Raid raid, ulong seed)
    {
        Directory.CreateDirectory(folder);
        List<PlotLine> lines = Observation.Observe(raid, seed);
        string stem = Path.Combine(folder, raid.Name);
        WritePlots(stem + ".plots.csv", raid, lines);
        WriteSite(stem + ".site.geojson", raid);
        WriteTruth(stem + ".truth.jsonl", raid);
        WriteSecret(stem + ".secret.jsonl", raid, lines);
    }

    private static StreamWriter Open(string path) => new(path, append: false, Utf8) { NewLine = "\n" };

    private static void WritePlots(string path, Raid raid, List<PlotLine> lines)
    {
        bool rates = raid.Radars.Exists(r => !double.IsNaN(r.RangeRateSigmaMps));
        using StreamWriter writer = Open(path);
        writer.WriteLine("time_s,sensor,range_m,azimuth_deg,elevation_deg" + (rates ? ",range_rate_mps" : ""));
        foreach (PlotLine line in lines)
        {
            double azimuth = line.Seen.AzimuthRad * 180 / Math.PI;
            azimuth -= 360 * Math.Floor(azimuth / 360);
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{EpochS + line.TimeS:F3},{raid.Radars[line.Radar].Id},{line.Seen.RangeM:F2},{azimuth:F5},{line.Seen.ElevationRad * 180 / Math.PI:F5}"));
            if (rates)
                writer.Write(double.IsNaN(line.Seen.RangeRateMps) ? "," : string.Create(CultureInfo.InvariantCulture, $",{line.Seen.RangeRateMps:F2}"));
            writer.WriteLine();
        }
    }

    private static double[] LonLatOf(Raid raid, double e, double n)
    {
        LonLat g = raid.World.Frame.ToGeodetic(new(e, n, 0));
        return [Math.Round(g.LonDeg, 8), Math.Round(g.LatDeg, 8)];
    }

    private static void WriteSite(string path, Raid raid)
    {
        List<object> features = [];
        foreach (Radar radar in raid.Radars)
        {
            LonLat g = raid.World.Frame.ToGeodetic(radar.Position);
            Dictionary<string, object> properties = new(StringComparer.Ordinal)
            {
                ["kind"] = "sensor",
                ["id"] = radar.Id,
                ["rangeSigmaM"] = radar.RangeSigmaM,
                ["azimuthSigmaDeg"] = Math.Round(radar.AngleSigmaRad * 180 / Math.PI, 5),
                ["elevationSigmaDeg"] = Math.Round(radar.AngleSigmaRad * 180 / Math.PI, 5),
                ["scanPeriodS"] = radar.PeriodS,
                ["maxRangeM"] = radar.MaxRangeM,
                ["minElevationDeg"] = radar.MinElevationDeg,
                ["detectionProbability"] = radar.Detection,
            };
            if (!double.IsNaN(radar.RangeRateSigmaMps))
                properties["rangeRateSigmaMps"] = radar.RangeRateSigmaMps;
            double[] position = [Math.Round(g.LonDeg, 9), Math.Round(g.LatDeg, 9), Math.Round(g.HeightM, 3)];
            features.Add(new { type = "Feature", geometry = new { type = "Point", coordinates = position }, properties });
        }
        foreach (Zone zone in raid.Zones)
        {
            double[][] ring = [.. zone.Ring.Append(zone.Ring[0]).Select(c => LonLatOf(raid, c.E, c.N))];
            Dictionary<string, object> properties = new(StringComparer.Ordinal)
            {
                ["kind"] = "zone",
                ["id"] = zone.Id,
                ["name"] = zone.Id,
                ["population"] = zone.Population,
            };
            if (zone.TimeToShelterS is { } time)
                properties["timeToShelterS"] = time;
            features.Add(new { type = "Feature", geometry = new { type = "Polygon", coordinates = new[] { ring } }, properties });
        }
        object site = new { type = "FeatureCollection", tocsin = new { name = raid.Name, groundElevationM = raid.World.Frame.Origin.HeightM }, features };
        File.WriteAllText(path, JsonSerializer.Serialize(site) + "\n", Utf8);
    }

    private static void WriteTruth(string path, Raid raid)
    {
        using StreamWriter writer = Open(path);
        List<(double TimeS, Round Round)> states = [];
        foreach (Round round in raid.Rounds)
        {
            LonLat g = raid.World.Frame.ToGeodetic(round.Flight.Impact);
            double[] impact = [Math.Round(g.LonDeg, 8), Math.Round(g.LatDeg, 8)];
            Line(writer, new { type = "truth.round", round = round.Id, kind = round.Kind, launchTime = Stamp(round.Flight.StartS), impactTime = Stamp(round.Flight.ImpactS), impact });
            for (double t = Math.Ceiling(round.Flight.StartS / raid.TruthStepS) * raid.TruthStepS; t < round.Flight.ImpactS; t += raid.TruthStepS)
                states.Add((t, round));
        }
        Frame[] frames = [.. raid.Radars.Select(r => new Frame(raid.World.Frame.ToGeodetic(r.Position)))];
        foreach ((double t, Round round) in states.OrderBy(s => s.TimeS))
        {
            (Vec3 p, Vec3 v) = round.Flight.At(t);
            LonLat g = raid.World.Frame.ToGeodetic(p);
            bool visible = false;
            for (int r = 0; r < frames.Length; r++)
                visible |= raid.Radars[r].Covers(Radar.Look(raid.World.Frame, frames[r], p, v));
            // The contract's axes are those at the round's own position.
            Vec3 local = new Frame(g).RotateFromEcef(raid.World.Frame.RotateToEcef(v));
            double[] position = [Math.Round(g.LonDeg, 8), Math.Round(g.LatDeg, 8), Math.Round(g.HeightM, 3)];
            double[] velocity = [Math.Round(local.X, 4), Math.Round(local.Y, 4), Math.Round(local.Z, 4)];
            Line(writer, new { type = "truth.state", time = Stamp(t), round = round.Id, position, velocity, visible });
        }
    }

    private static void Line(StreamWriter writer, object value) => writer.WriteLine(JsonSerializer.Serialize(value));

    /// <summary>What a grader may know and a tracker may not: drag curves, winds, birds, and which plots were whose.</summary>
    private static void WriteSecret(string file, Raid raid, List<PlotLine> lines)
    {
        using StreamWriter writer = Open(file);
        Wind wind = raid.World.Wind;
        Line(writer, new { type = "world", curved = raid.World.Curved, wind = (double[])[wind.SpeedMps, wind.TowardsRad, wind.ShearPerKm, wind.TurnRadPerKm], durationS = raid.DurationS });
        foreach (Radar radar in raid.Radars)
            Line(writer, new { type = "radar", radar = radar.Id, rangeVariance = radar.RangeVariance, angleVariance = radar.AngleVariance });
        ILookup<string?, PlotLine> bySource = lines.ToLookup(l => l.Source, StringComparer.Ordinal);
        foreach (Round round in raid.Rounds)
        {
            Launch launch = round.Launch;
            object[] hits = [.. bySource[round.Id].Select(l => (l.TimeS, Id: raid.Radars[l.Radar].Id)).Distinct().OrderBy(h => h.TimeS).Select(h => new object[] { h.TimeS, h.Id })];
            Line(writer, new
            {
                type = "round",
                round = round.Id,
                timeS = launch.TimeS,
                position = (double[])[launch.Position.X, launch.Position.Y, launch.Position.Z],
                velocity = (double[])[launch.Velocity.X, launch.Velocity.Y, launch.Velocity.Z],
                curve = launch.Curve.Name,
                mach = launch.Curve.Mach.ToArray(),
                drag = launch.Curve.Drag.ToArray(),
                ballisticCoefficient = launch.BallisticCoefficient,
                thrustMps2 = launch.ThrustMps2,
                burnS = launch.BurnS,
                hits,
            });
        }
        foreach (Mover mover in raid.Movers)
        {
            List<double[]> path = [];
            for (double t = mover.StartS; t < mover.EndS; t += 1)
            {
                (Vec3 p, Vec3 v) = mover.At(t);
                path.Add([.. new[] { t, p.X, p.Y, p.Z, v.X, v.Y, v.Z }.Select(x => Math.Round(x, 3))]);
            }
            Line(writer, new { type = "mover", id = mover.Id, kind = mover.Kind, path });
        }
    }
}
