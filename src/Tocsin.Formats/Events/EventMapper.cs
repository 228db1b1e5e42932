using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tocsin.Formats.Text;
using Tocsin.Geodesy;

namespace Tocsin.Formats.Events;

/// <summary>Turns lines of an events file into the core's values, by the ids of one site. What goes wrong is a sentence, not an exception.</summary>
internal sealed class EventMapper
{
    private readonly Dictionary<string, int> _sensors = [];
    private readonly Dictionary<string, int> _zones = [];
    private readonly double _groundElevationM;

    public EventMapper(SiteDefinition site)
    {
        _groundElevationM = site.GroundElevationM;
        for (int i = 0; i < site.Sensors.Length; i++) _sensors.Add(site.Sensors[i].Id, i);
        for (int i = 0; i < site.Zones.Length; i++) _zones.Add(site.Zones[i].Id, i);
    }

    /// <summary>Reads a line; null, or what is wrong with it.</summary>
    public static string? Read<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> info, out T value) where T : class
    {
        value = null!;
        try
        {
            T? read = JsonSerializer.Deserialize(line, info);
            if (read is null) return "the line is null";
            value = read;
            return null;
        }
        catch (JsonException e)
        {
            return "the line is cut or malformed: " + JsonErrors.Reason(e);
        }
    }

    /// <summary>Gives what a line says to <paramref name="output"/>; null, or what is wrong with the line.</summary>
    public string? Deliver(EventType type, ReadOnlySpan<byte> line, ISiteOutput output)
    {
        string? problem;
        switch (type)
        {
            case EventType.Plot:
                problem = ReadPlot(line, out Instant received, out Plot plot);
                if (problem is null) output.PlotReceived(received, plot);
                return problem;
            case EventType.TrackConfirmed or EventType.TrackUpdated:
                problem = ReadTrack(line, out Instant estimated, out Track track);
                if (problem is not null) return problem;
                if (type == EventType.TrackConfirmed) output.TrackConfirmed(estimated, track);
                else output.TrackUpdated(estimated, track);
                return null;
            case EventType.TrackEnded:
                problem = Read(line, EventJson.Default.TrackEndedLine, out TrackEndedLine ended);
                if (problem is null) output.TrackEnded(ended.Time, ended.Track, ended.Reason);
                return problem;
            case EventType.ImpactPredicted:
                problem = ReadImpact(line, out Instant predicted, out ImpactPrediction prediction);
                if (problem is null) output.ImpactPredicted(predicted, prediction);
                return problem;
            case EventType.WarningRaised or EventType.WarningUpdated:
                problem = ReadWarning(line, out Instant warned, out Warning warning);
                if (problem is not null) return problem;
                if (type == EventType.WarningRaised) output.WarningRaised(warned, warning);
                else output.WarningUpdated(warned, warning);
                return null;
            case EventType.WarningCleared:
                problem = Read(line, EventJson.Default.WarningClearedLine, out WarningClearedLine cleared);
                if (problem is not null) return problem;
                if (!_zones.TryGetValue(cleared.Zone, out int zone)) return NoZone(cleared.Zone);
                output.WarningCleared(cleared.Time, cleared.Warning, cleared.Status, zone, cleared.Reason);
                return null;
            case EventType.SensorState:
                problem = Read(line, EventJson.Default.SensorLine, out SensorLine state);
                if (problem is not null) return problem;
                if (!_sensors.TryGetValue(state.Sensor, out int sensor)) return NoSensor(state.Sensor);
                output.SensorChanged(state.Time, sensor, state.State, state.Blind);
                return null;
            case EventType.InputRejected:
                problem = Read(line, EventJson.Default.RejectedLine, out RejectedLine rejected);
                if (problem is null) output.InputRejected(rejected.Time, RejectionOf(rejected));
                return problem;
            default:
                return NoEvent(type);
        }
    }

    /// <summary>Gives what a line says that was fed to the Site; null, or what is wrong with the line.</summary>
    public string? DeliverInput(EventType type, ReadOnlySpan<byte> line, IPlotSink sink, out bool passedOn)
    {
        passedOn = false;
        string? problem;
        var clocked = sink as IClockedSink;
        switch (type)
        {
            case EventType.Plot:
                problem = ReadPlot(line, out Instant received, out Plot plot);
                if (problem is not null) return problem;
                passedOn = true;
                clocked?.RunTo(received);
                sink.Feed(plot);
                return null;
            case EventType.InputRejected:
                problem = Read(line, EventJson.Default.RejectedLine, out RejectedLine rejected);
                if (problem is not null) return problem;
                passedOn = rejected.Feed;
                if (passedOn) clocked?.RunTo(rejected.Time);
                if (passedOn) sink.Reject(RejectionOf(rejected));
                return null;
            case EventType.SensorState when clocked is not null:
                problem = Read(line, EventJson.Default.SensorLine, out SensorLine state);
                if (problem is not null || !state.Feed) return problem;
                if (!_sensors.TryGetValue(state.Sensor, out int sensor)) return NoSensor(state.Sensor);
                passedOn = true;
                clocked.RunTo(state.Time);
                clocked.SensorChanged(sensor, state.State, state.Blind);
                return null;
            case EventType.Malformed or EventType.RecordingOpened:
                return NoEvent(type);
            default:
                return null;
        }
    }

    private string? ReadPlot(ReadOnlySpan<byte> line, out Instant time, out Plot plot)
    {
        (time, plot) = (default, default);
        if (Read(line, EventJson.Default.PlotLine, out PlotLine read) is string problem) return problem;
        int sensor = Plot.UnknownSensor;
        if (read.Sensor is not null && !_sensors.TryGetValue(read.Sensor, out sensor)) return NoSensor(read.Sensor);
        // NaN passes: it was written as null, and the Site that refused it then refuses it again.
        if (Math.Abs(read.AzimuthDeg) > FormatLimits.PlotAzimuthDeg) return "azimuthDeg is out of range";
        if (Math.Abs(read.ElevationDeg) > 90 || Math.Abs(read.ElevationSigmaDeg) > 90) return "elevationDeg is out of range";
        time = read.Time;
        plot = new Plot
        {
            Time = read.PlotTime,
            Sensor = sensor,
            Measurement = new Polar(read.RangeM, CanonicalAngle.RoundAzimuth(Rad(read.AzimuthDeg)), CanonicalAngle.Round(Rad(read.ElevationDeg))),
            RangeRateMps = read.RangeRateMps,
            SnrDb = read.SnrDb,
            ElevationSigmaRad = CanonicalAngle.Round(Rad(read.ElevationSigmaDeg)),
            Number = read.Plot,
        };
        return null;
    }

    private static string? ReadTrack(ReadOnlySpan<byte> line, out Instant time, out Track track)
    {
        (time, track) = (default, default);
        if (Read(line, EventJson.Default.TrackLine, out TrackLine read) is string problem) return problem;
        if (read.Position.Length != 3) return "position is not [lon, lat, alt]";
        if (read.Velocity.Length != 3) return "velocity is not [east, north, up]";
        var kinds = new KindProbabilities
        {
            [Kind.Rocket] = read.Kinds.Rocket,
            [Kind.Artillery] = read.Kinds.Artillery,
            [Kind.Mortar] = read.Kinds.Mortar,
            [Kind.Aircraft] = read.Kinds.Aircraft,
            [Kind.Bird] = read.Kinds.Bird,
            [Kind.Unknown] = read.Kinds.Unknown,
        };
        time = read.Time;
        track = new Track
        {
            Id = read.Track,
            ValidTime = read.ValidTime,
            Position = new Geodetic(Rad(read.Position[1]), Rad(read.Position[0]), read.Position[2]),
            VelocityMps = new Enu(read.Velocity[0], read.Velocity[1], read.Velocity[2]),
            Kind = read.Kind,
            Kinds = kinds,
            Plot = read.Plot,
        };
        return null;
    }

    private string? ReadImpact(ReadOnlySpan<byte> line, out Instant time, out ImpactPrediction prediction)
    {
        (time, prediction) = (default, default);
        if (Read(line, EventJson.Default.ImpactLine, out ImpactLine read) is string problem) return problem;
        if (read.Position.Length != 2) return "position is not [lon, lat]";
        time = read.Time;
        prediction = new ImpactPrediction
        {
            Track = read.Track,
            ValidTime = read.ValidTime,
            ImpactTime = read.ImpactTime,
            TimeSigmaS = read.TimeSigmaS,
            Position = new Geodetic(Rad(read.Position[1]), Rad(read.Position[0]), _groundElevationM),
            Ellipse95 = new GroundEllipse(read.Ellipse95.SemiMajorM, read.Ellipse95.SemiMinorM, Rad(read.Ellipse95.OrientationDeg)),
        };
        return null;
    }

    private string? ReadWarning(ReadOnlySpan<byte> line, out Instant time, out Warning warning)
    {
        (time, warning) = (default, default);
        if (Read(line, EventJson.Default.WarningLine, out WarningLine read) is string problem) return problem;
        if (!_zones.TryGetValue(read.Zone, out int zone)) return NoZone(read.Zone);
        time = read.Time;
        warning = new Warning
        {
            Id = read.Warning,
            Status = read.Status,
            Zone = zone,
            Probability = read.Probability,
            ImpactTime = read.ImpactTime,
            LeadTimeS = read.LeadTimeS,
            Advice = read.Advice,
            Tracks = read.Tracks,
        };
        return null;
    }

    private static Rejection RejectionOf(RejectedLine line) => new(line.Source, line.Reason, line.Count, line.Feed);

    private static string NoEvent(EventType type) => type == EventType.RecordingOpened
        ? "a second recording begins here: divide the file"
        : "the line is cut, or is no JSON object with a type";

    private static string NoZone(string id) => $"the recording's site has no zone {id}";

    private static string NoSensor(string id) => $"the recording's site has no sensor {id}";

    private static double Rad(double deg) => deg * CanonicalAngle.RadPerDegree;
}
