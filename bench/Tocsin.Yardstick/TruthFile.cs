using System.Globalization;
using System.Text.Json;

namespace Tocsin.Yardstick;

/// <summary>Times as the yardstick holds them: seconds after <see cref="RaidFiles.EpochS"/>.</summary>
internal static class Times
{
    public static double Parse(string text) =>
        (DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 1e7 - RaidFiles.EpochS;

    public static double Time(this JsonElement line, string name) => Parse(line.GetProperty(name).GetString()!);

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(x => x.GetDouble())];
}

/// <summary>A sensor as the site file gives it, with the variances of its plots (quantisation included where that is known).</summary>
internal sealed record SiteSensor(string Id, Frame Frame, double RangeVariance, double AzimuthVariance, double ElevationVariance,
    double RangeRateVariance, double PeriodS, double Detection, double MaxRangeM, double MinElevationRad);

/// <summary>A zone as the site file gives it: its rings, holes by the even-odd rule.</summary>
internal sealed record SiteZone(string Id, List<(double E, double N)[]> Rings, double Population, double TimeToShelterS)
{
    public bool Contains(Vec3 p) => Rings.Count(r => Polygon.Contains(r, p.X, p.Y)) % 2 == 1;

    public double Distance(Vec3 p) => Contains(p) ? 0 : Rings.Min(r => Polygon.ToEdge(r, p.X, p.Y));
}

/// <summary>The site file, in the east-north-up frame at its first sensor and the height of its ground.</summary>
internal sealed class SiteFile
{
    public required Frame Frame { get; init; }

    public required double GroundM { get; init; }

    public List<SiteSensor> Sensors { get; } = [];

    public List<SiteZone> Zones { get; } = [];

    public static SiteFile Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        double ground = document.RootElement.GetProperty("tocsin").GetProperty("groundElevationM").GetDouble();
        List<JsonElement> features = [.. document.RootElement.GetProperty("features").EnumerateArray()];
        double[] first = features.First(f => Kind(f) == "sensor").GetProperty("geometry").GetProperty("coordinates").Numbers();
        SiteFile site = new() { Frame = new(new(first[0], first[1], ground)), GroundM = ground };
        foreach (JsonElement feature in features)
        {
            JsonElement properties = feature.GetProperty("properties"), coordinates = feature.GetProperty("geometry").GetProperty("coordinates");
            double Number(string name, double otherwise) => properties.TryGetProperty(name, out JsonElement x) ? x.GetDouble() : otherwise;
            double Square(double x) => x * x;
            if (Kind(feature) == "sensor")
            {
                double[] at = coordinates.Numbers();
                site.Sensors.Add(new(properties.GetProperty("id").GetString()!, new(new(at[0], at[1], at[2])), Square(Number("rangeSigmaM", 0)),
                    Square(Number("azimuthSigmaDeg", 0) * Math.PI / 180), Square(Number("elevationSigmaDeg", 0) * Math.PI / 180),
                    Square(Number("rangeRateSigmaMps", double.NaN)), Number("scanPeriodS", 1), Number("detectionProbability", 1),
                    Number("maxRangeM", double.PositiveInfinity), Number("minElevationDeg", -90) * Math.PI / 180));
            }
            else if (Kind(feature) == "zone")
            {
                bool multi = feature.GetProperty("geometry").GetProperty("type").GetString() == "MultiPolygon";
                IEnumerable<JsonElement> polygons = multi ? coordinates.EnumerateArray() : [coordinates];
                List<(double, double)[]> rings = [.. polygons.SelectMany(p => p.EnumerateArray()).Select(r => r.EnumerateArray().Select(c => site.Plane(c.Numbers())).ToArray())];
                site.Zones.Add(new(properties.GetProperty("id").GetString()!, rings, Number("population", 0), Number("timeToShelterS", 10)));
            }
        }
        return site;
    }

    /// <summary>Longitude and latitude on the ground to metres east and north.</summary>
    public Vec3 Ground(double[] lonLat) => Frame.FromGeodetic(new(lonLat[0], lonLat[1], GroundM));

    private (double, double) Plane(double[] lonLat)
    {
        Vec3 p = Ground(lonLat);
        return (p.X, p.Y);
    }

    private static string? Kind(JsonElement feature) => feature.GetProperty("properties").TryGetProperty("kind", out JsonElement k) ? k.GetString() : null;
}

/// <summary>One round as the truth file gives it, in the site's frame.</summary>
internal sealed class TrueRound(string id, string kind, double launchS, double impactS, Vec3 impact)
{
    public string Id => id;

    public string Kind => kind;

    public double LaunchS => launchS;

    /// <summary>NaN where it never flew.</summary>
    public double ImpactS => impactS;

    public Vec3 Impact => impact;

    public List<(double TimeS, Vec3 P, Vec3 V, bool Visible)> States { get; } = [];

    /// <summary>Position and velocity by Hermite interpolation between states; carried on at the ends for up to a second.</summary>
    public (Vec3 P, Vec3 V)? At(double timeS)
    {
        if (States.Count == 0 || timeS < States[0].TimeS - 1 || timeS > impactS + 1)
            return null;
        int high = States.Count - 1, low = 0;
        if (timeS <= States[0].TimeS || timeS >= States[high].TimeS)
        {
            (double t, Vec3 p, Vec3 v, _) = timeS <= States[0].TimeS ? States[0] : States[high];
            return (p + (timeS - t) * v, v);
        }
        while (high - low > 1)
        {
            int mid = (low + high) / 2;
            (low, high) = States[mid].TimeS <= timeS ? (mid, high) : (low, mid);
        }
        (double t0, Vec3 p0, Vec3 v0, _) = States[low];
        (double t1, Vec3 p1, Vec3 v1, _) = States[high];
        double u = (timeS - t0) / (t1 - t0);
        return (Vec3.Hermite(p0, v0, p1, v1, t1 - t0, u), v0 + u * (v1 - v0));
    }

    public static List<TrueRound> Read(string path, SiteFile site)
    {
        List<TrueRound> rounds = [];
        Dictionary<string, TrueRound> byId = new(StringComparer.Ordinal);
        foreach (string text in File.ReadLines(path))
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement line = document.RootElement;
            string name = line.GetProperty("round").GetString()!;
            if (line.GetProperty("type").GetString() == "truth.round")
            {
                bool flew = line.TryGetProperty("impact", out JsonElement at) && at.ValueKind == JsonValueKind.Array;
                TrueRound round = new(name, line.GetProperty("kind").GetString()!, line.Time("launchTime"),
                    flew ? line.Time("impactTime") : double.NaN, flew ? site.Ground(at.Numbers()) : default);
                rounds.Add(round);
                byId[name] = round;
            }
            else if (line.GetProperty("type").GetString() == "truth.state")
            {
                double[] p = line.GetProperty("position").Numbers(), v = line.GetProperty("velocity").Numbers();
                LonLat g = new(p[0], p[1], p[2]);
                Vec3 velocity = site.Frame.RotateFromEcef(new Frame(g).RotateToEcef(new(v[0], v[1], v[2])));
                bool visible = !line.TryGetProperty("visible", out JsonElement seen) || seen.GetBoolean();
                byId[name].States.Add((line.Time("time"), site.Frame.FromGeodetic(g), velocity, visible));
            }
        }
        // A round that was never airborne has nothing to be graded on.
        return [.. rounds.Where(r => double.IsFinite(r.ImpactS) && r.States.Count > 1)];
    }
}
