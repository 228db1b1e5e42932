using System.IO.Compression;
using System.Text.Json;

namespace Tocsin.Yardstick;

/// <summary>One impact prediction as an events file gives it, in the site's frame.</summary>
internal sealed record Prediction(double TimeS, double ValidS, double ImpactS, double TimeSigmaS, Vec3 Point, double MajorM, double MinorM, double OrientationRad)
{
    /// <summary>Squared distance in units of the 95 % ellipse: at most one inside.</summary>
    public double EllipseSquared(Vec3 impact)
    {
        (double so, double co) = Math.SinCos(OrientationRad);
        Vec3 d = impact - Point;
        double along = d.X * so + d.Y * co, across = d.X * co - d.Y * so;
        return along * along / (MajorM * MajorM) + across * across / (MinorM * MinorM);
    }

    public double Error(Vec3 impact) => Math.Sqrt((impact.X - Point.X) * (impact.X - Point.X) + (impact.Y - Point.Y) * (impact.Y - Point.Y));
}

/// <summary>All that an events file says of one track.</summary>
internal sealed class TrackLog(string id)
{
    public string Id => id;

    public double ConfirmedS { get; set; } = double.NaN;

    public double EndedS { get; set; } = double.NaN;

    public List<(double TimeS, double ValidS, Vec3 P, string Kind)> Estimates { get; } = [];

    public List<Prediction> Predictions { get; } = [];

    public bool Ballistic => Predictions.Count > 0 || Estimates.Exists(e => e.Kind is "rocket" or "artillery" or "mortar");
}

/// <summary>One warning from its raise to its clearing.</summary>
internal sealed record WarningSpan(string Id, string Zone, double RaisedS)
{
    public double ClearedS { get; set; } = double.PositiveInfinity;
}

/// <summary>An events file as a stranger reads it, with every breach of the contract that was met on the way.</summary>
internal sealed class EventsFile
{
    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal) { "rocket", "artillery", "mortar", "aircraft", "bird", "unknown" };

    private readonly Dictionary<string, TrackLog> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WarningSpan> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _warningIds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _zones;
    private double _clock = double.NegativeInfinity;
    private bool _opened;

    private EventsFile(SiteFile site) => _zones = [.. site.Zones.Select(z => z.Id)];

    public List<TrackLog> Tracks { get; } = [];

    public List<WarningSpan> Warnings { get; } = [];

    /// <summary>Breaches of the contract by what is wrong, with how often and where first.</summary>
    public SortedDictionary<string, (int Count, int FirstLine)> Breaches { get; } = new(StringComparer.Ordinal);

    public int Lines { get; private set; }

    public static EventsFile Read(string path, SiteFile site)
    {
        EventsFile events = new(site);
        using Stream raw = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        using StreamReader reader = new(plain);
        while (reader.ReadLine() is { } text)
        {
            events.Lines++;
            try
            {
                using JsonDocument document = JsonDocument.Parse(text);
                events.Take(document.RootElement, site);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
            {
                events.Breach($"line cannot be read: {e.GetType().Name}");
            }
        }
        if (!events._opened)
            events.Breach("no recording.opened");
        foreach (TrackLog track in events.Tracks.Where(t => double.IsNaN(t.EndedS)))
            events.Breach("track never ended");
        if (events._open.Count > 0)
            events.Breach("warning never cleared");
        return events;
    }

    private void Breach(string what)
    {
        (int count, int first) = Breaches.GetValueOrDefault(what, (0, Lines));
        Breaches[what] = (count + 1, first);
    }

    private void Require(bool condition, string otherwise)
    {
        if (!condition)
            Breach(otherwise);
    }

    private void Take(JsonElement line, SiteFile site)
    {
        string type = line.GetProperty("type").GetString()!;
        double time = _clock;
        if (line.TryGetProperty("time", out _))
        {
            time = line.Time("time");
            Require(time >= _clock, "time decreases");
            _clock = Math.Max(_clock, time);
        }
        else if (type is not "recording.opened" and not "recording.sealed")
        {
            Breach($"{type} without a time");
        }
        switch (type)
        {
            case "recording.opened":
                Require(Lines == 1, "recording.opened is not the first line");
                Require(line.GetProperty("schema").GetString() == "tocsin.events/1", "another schema");
                _opened = true;
                break;
            case "track.confirmed" or "track.updated":
                TakeEstimate(line, type, time, site);
                break;
            case "track.ended":
                TrackLog ended = Known(line);
                Require(double.IsNaN(ended.EndedS), "track ended twice");
                Require(line.GetProperty("reason").GetString() is "impact" or "lost" or "left", "unknown reason of a track's end");
                ended.EndedS = time;
                break;
            case "impact.predicted":
                TakePrediction(line, time, site);
                break;
            case "warning.raised" or "warning.updated" or "warning.cleared":
                TakeWarning(line, type, time);
                break;
            case "recording.sealed":
                Require(line.GetProperty("lines").GetInt32() == Lines - 1, "the seal counts other lines");
                break;
            default:
                break;
        }
    }

    private TrackLog Known(JsonElement line)
    {
        string id = line.GetProperty("track").ToString();
        if (!_byId.TryGetValue(id, out TrackLog? track))
        {
            Breach("track used before it is confirmed");
            _byId[id] = track = new(id);
            Tracks.Add(track);
        }
        Require(double.IsNaN(track.EndedS), "track used after its end");
        return track;
    }

    private void TakeEstimate(JsonElement line, string type, double time, SiteFile site)
    {
        string id = line.GetProperty("track").ToString();
        if (type == "track.confirmed")
        {
            Require(!_byId.ContainsKey(id), "track confirmed twice");
            if (!_byId.ContainsKey(id))
            {
                TrackLog made = new(id) { ConfirmedS = time };
                _byId[id] = made;
                Tracks.Add(made);
            }
        }
        TrackLog track = Known(line);
        double valid = line.Time("validTime");
        Require(valid <= time + 1e-6, "validTime after time");
        double[] p = line.GetProperty("position").Numbers();
        string kind = line.GetProperty("kind").GetString()!;
        Require(Kinds.Contains(kind), "unknown kind");
        if (line.TryGetProperty("kinds", out JsonElement kinds) && kinds.ValueKind == JsonValueKind.Object)
            Require(Math.Abs(kinds.EnumerateObject().Sum(k => k.Value.GetDouble()) - 1) < 0.02, "kinds do not add to one");
        Require(line.GetProperty("velocity").Numbers().Concat(p).All(double.IsFinite), "estimate not finite");
        track.Estimates.Add((time, valid, site.Frame.FromGeodetic(new(p[0], p[1], p[2])), kind));
    }

    private void TakePrediction(JsonElement line, double time, SiteFile site)
    {
        TrackLog track = Known(line);
        JsonElement ellipse = line.GetProperty("ellipse95");
        Prediction prediction = new(time, line.Time("validTime"), line.Time("impactTime"), line.GetProperty("timeSigmaS").GetDouble(),
            site.Ground(line.GetProperty("position").Numbers()), ellipse.GetProperty("semiMajorM").GetDouble(),
            ellipse.GetProperty("semiMinorM").GetDouble(), ellipse.GetProperty("orientationDeg").GetDouble() * Math.PI / 180);
        Require(prediction.ValidS <= time + 1e-6, "validTime after time");
        Require(prediction.MajorM >= prediction.MinorM && prediction.MinorM > 0, "ellipse without a shape");
        Require(prediction.TimeSigmaS >= 0, "negative sigma of time");
        track.Predictions.Add(prediction);
    }

    private void TakeWarning(JsonElement line, string type, double time)
    {
        string id = line.GetProperty("warning").ToString(), zone = line.GetProperty("zone").ToString();
        Require(_zones.Contains(zone), "warning of an unknown zone");
        Require(line.GetProperty("status").GetString() is "actual" or "exercise" or "test", "unknown status");
        if (type == "warning.raised")
        {
            Require(_warningIds.Add(id), "warning id raised twice");
            Require(!_open.Values.Any(w => w.Zone == zone), "second open warning of a zone");
            WarningSpan raised = new(id, zone, time);
            _open[id] = raised;
            Warnings.Add(raised);
        }
        else if (!_open.TryGetValue(id, out WarningSpan? span))
        {
            Breach($"{type} of a warning that is not open");
        }
        else
        {
            Require(span.Zone == zone, "warning changes its zone");
            if (type == "warning.cleared")
            {
                Require(line.GetProperty("reason").GetString() is "over" or "retracted", "unknown reason of a clearing");
                span.ClearedS = time;
                _open.Remove(id);
            }
        }
        if (type != "warning.cleared")
        {
            double probability = line.GetProperty("probability").GetDouble();
            Require(probability is >= 0 and <= 1, "probability outside 0 to 1");
            Require(Math.Abs(line.Time("impactTime") - time - line.GetProperty("leadTimeS").GetDouble()) < 0.01, "leadTimeS is not impactTime less time");
            Require(line.GetProperty("tracks").EnumerateArray().All(t => _byId.ContainsKey(t.ToString())), "warning names an unknown track");
        }
    }
}
