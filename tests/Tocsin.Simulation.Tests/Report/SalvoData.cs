using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Tests.Measures;
using Tocsin.TestSupport;

namespace Tocsin.Simulation.Tests.Report;

/// <summary>The salvo of the outside data, read by a few lines that are not the project's readers, and a made-up tracker's log of it.</summary>
internal static class SalvoData
{
    public static (SiteDefinition Site, Truth Truth) ReadOrSkip(string name)
    {
        using var site = JsonDocument.Parse(File.ReadAllText(SharedData.PathOrSkip($"salvo/{name}.site.geojson")));
        return (ReadSite(site.RootElement), ReadTruth(File.ReadLines(SharedData.PathOrSkip($"salvo/{name}.truth.jsonl"))));
    }

    /// <summary>What a plausible pipeline would say of the truth: errors that shrink with the lead, warnings of what is likely enough, one ghost, one false track.</summary>
    public static RunLog MakeUp(SiteDefinition site, Truth truth)
    {
        var log = new RunLog();
        var random = new Random(7);
        var lines = new List<(Instant Time, Action Say)>();
        int track = 0, warning = 0;
        var raised = new Dictionary<int, Instant>();
        for (int r = 0; r < truth.Rounds.Count; r++)
        {
            TruthRound round = truth.Rounds[r];
            if (round is not { ImpactTime: { } impactTime, Impact: { } impact }) continue;
            TruthState[] states = [.. truth.States.Where(s => s.Round == r && s.Visible)];
            double scaleE = random.NextDouble() * 2 - 1, scaleN = random.NextDouble() * 2 - 1;
            int id = ++track;
            for (int i = 5; i < states.Length; i++)
            {
                TruthState state = states[i];
                bool first = i == 5;
                Enu at = site.Frame.ToEnu(state.Position);
                Track said = new()
                {
                    Id = new(id),
                    ValidTime = state.Time,
                    Position = site.Frame.ToGeodetic(at with { East = at.East + 12 * scaleE, Up = at.Up + 9 }),
                    VelocityMps = state.VelocityMps,
                    Kind = round.Kind,
                    Kinds = default,
                };
                lines.Add((state.Time, first ? () => log.TrackConfirmed(state.Time, said) : () => log.TrackUpdated(state.Time, said)));
                double left = impactTime.SecondsSince(state.Time), sigma = 2 + 0.12 * left * left;
                Enu ground = site.Frame.ToEnu(impact with { HeightM = site.GroundElevationM });
                ImpactPrediction prediction = new()
                {
                    Track = new(id),
                    ValidTime = state.Time,
                    ImpactTime = impactTime.AddSeconds(0.02 * left * scaleN),
                    TimeSigmaS = 0.03 * left,
                    Position = site.Frame.ToGeodetic(new Enu(ground.East + sigma * scaleE, ground.North + sigma * scaleN, 0)),
                    Ellipse95 = new(2.4 * sigma, 1.5 * sigma, 0.8 + r * 0.3),
                };
                lines.Add((state.Time, () => log.ImpactPredicted(state.Time, prediction)));
                if (left > 12 || left < 11.5) continue;
                for (int z = 0; z < site.Zones.Length; z++)
                {
                    if (site.Zones[z].Area.DistanceM(ground.East + sigma * scaleE, ground.North + sigma * scaleN) > 20 || !raised.TryAdd(z, state.Time)) continue;
                    Warning said2 = new()
                    {
                        Id = new(++warning),
                        Status = OperationStatus.Exercise,
                        Zone = z,
                        Probability = 0.7,
                        ImpactTime = impactTime,
                        LeadTimeS = left,
                        Advice = Advice.Shelter,
                        Tracks = [new TrackId(id)],
                    };
                    int zone = z;
                    lines.Add((state.Time, () => log.WarningRaised(state.Time, said2)));
                    lines.Add((impactTime.AddSeconds(60), () => log.WarningCleared(impactTime.AddSeconds(60), said2.Id, said2.Status, zone, WarningEnd.Over)));
                }
            }
            lines.Add((impactTime, () => log.TrackEnded(impactTime, new(id), TrackEnd.Impact)));
        }
        foreach ((_, Action say) in lines.OrderBy(l => l.Time)) say();
        return log;
    }

    private static SiteDefinition ReadSite(JsonElement root)
    {
        JsonElement foreign = root.GetProperty("tocsin");
        double ground = foreign.GetProperty("groundElevationM").GetDouble();
        LocalFrame? frame = null;
        var sensors = new List<SensorDefinition>();
        var zones = new List<ZoneDefinition>();
        foreach (JsonElement feature in root.GetProperty("features").EnumerateArray().OrderBy(f => f.GetProperty("properties").GetProperty("kind").GetString() != "sensor"))
        {
            JsonElement properties = feature.GetProperty("properties"), coordinates = feature.GetProperty("geometry").GetProperty("coordinates");
            if (properties.GetProperty("kind").GetString() == "sensor")
            {
                Geodetic position = Geodetic(coordinates);
                frame ??= new(position with { HeightM = ground });
                sensors.Add(TestRun.Sensor(properties.GetProperty("id").GetString()!) with { Position = position });
            }
            else
            {
                zones.Add(new()
                {
                    Id = properties.GetProperty("id").GetString()!,
                    Name = properties.GetProperty("name").GetString()!,
                    Population = properties.GetProperty("population").GetDouble(),
                    Area = new([.. coordinates.EnumerateArray().Select(ring => ring.EnumerateArray().Skip(1)
                        .Select(p => frame!.ToEnu(Geodetic(p) with { HeightM = ground })).Select(e => (e.East, e.North)).ToImmutableArray())]),
                });
            }
        }
        return new() { Name = foreign.GetProperty("name").GetString()!, GroundElevationM = ground, Frame = frame!, Sensors = [.. sensors], Zones = [.. zones] };
    }

    private static Truth ReadTruth(IEnumerable<string> lines)
    {
        var rounds = new List<TruthRound>();
        var states = new List<TruthState>();
        var index = new Dictionary<string, int>();
        foreach (string line in lines)
        {
            using var document = JsonDocument.Parse(line);
            JsonElement e = document.RootElement;
            string id = e.GetProperty("round").GetString()!;
            if (e.GetProperty("type").GetString() == "truth.round")
            {
                index.Add(id, rounds.Count);
                rounds.Add(new(id, Enum.Parse<Kind>(e.GetProperty("kind").GetString()!, true), Time(e, "launchTime"), Time(e, "impactTime"), Geodetic(e.GetProperty("impact"))));
            }
            else
            {
                double[] v = [.. e.GetProperty("velocity").EnumerateArray().Select(x => x.GetDouble())];
                states.Add(new(Time(e, "time"), index[id], Geodetic(e.GetProperty("position")), new(v[0], v[1], v[2]), e.GetProperty("visible").GetBoolean()));
            }
        }
        return new(rounds, [.. states.OrderBy(s => s.Time)]);
    }

    private static Instant Time(JsonElement e, string name)
        => new(DateTime.Parse(e.GetProperty(name).GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal).Ticks - DateTime.UnixEpoch.Ticks);

    private static Geodetic Geodetic(JsonElement p)
    {
        double[] v = [.. p.EnumerateArray().Select(x => x.GetDouble())];
        return new(v[1] * Math.PI / 180, v[0] * Math.PI / 180, v.Length > 2 ? v[2] : 0);
    }
}
