using Tocsin.Geodesy;

namespace Tocsin.Simulation.Measures;

/// <summary>One line about a confirmed track.</summary>
/// <param name="Time">The Site's clock when it was written.</param>
/// <param name="ValidTime">The time of the newest plot used.</param>
/// <param name="Position">Estimated position, WGS-84.</param>
/// <param name="VelocityMps">Estimated velocity over the ground: east, north, up at the position.</param>
/// <param name="Kind">The likeliest kind.</param>
public readonly record struct TrackPoint(Instant Time, Instant ValidTime, Geodetic Position, Enu VelocityMps, Kind Kind);

/// <summary>One impact prediction and when it was said.</summary>
/// <param name="Time">The Site's clock when it was written.</param>
/// <param name="Prediction">The prediction, without its distribution.</param>
public readonly record struct LoggedPrediction(Instant Time, ImpactPrediction Prediction);

/// <summary>A warning as it stood at one of its lines.</summary>
/// <param name="Time">The Site's clock when it was written.</param>
/// <param name="Probability">Probability that at least one round lands in the zone or near enough to harm.</param>
/// <param name="ImpactTime">Mean time of the earliest impact expected.</param>
/// <param name="LeadTimeS">Seconds from <paramref name="Time"/> to <paramref name="ImpactTime"/>.</param>
/// <param name="Advice">What people were told to do.</param>
/// <param name="Tracks">The tracks behind it.</param>
public readonly record struct WarningState(Instant Time, double Probability, Instant ImpactTime, double LeadTimeS, Advice Advice,
    IReadOnlyList<TrackId> Tracks);

/// <summary>A sensor's feed changed its condition.</summary>
/// <param name="Time">The Site's clock when it was written.</param>
/// <param name="Sensor">Index in <see cref="SiteDefinition.Sensors"/>.</param>
/// <param name="Condition">What it looks like from then on.</param>
/// <param name="Blind">What cannot be seen, in a sentence; empty where all can.</param>
public readonly record struct SensorChange(Instant Time, int Sensor, SensorCondition Condition, string Blind);

/// <summary>One confirmed track over its life.</summary>
public sealed class TrackLog
{
    private readonly List<TrackPoint> _points = [];
    private readonly List<LoggedPrediction> _predictions = [];

    internal TrackLog(TrackId id, Instant firstTime) => (Id, FirstTime) = (id, firstTime);

    /// <summary>Its identity.</summary>
    public TrackId Id { get; }

    /// <summary>The Site's clock at its first line: its confirmation, where the recording is whole.</summary>
    public Instant FirstTime { get; }

    /// <summary>Its states, in the order in which they were said.</summary>
    public IReadOnlyList<TrackPoint> Points => _points;

    /// <summary>The impacts predicted for it, in the order in which they were said.</summary>
    public IReadOnlyList<LoggedPrediction> Predictions => _predictions;

    /// <summary>The Site's clock when it ended; null where it did not.</summary>
    public Instant? EndedTime { get; internal set; }

    /// <summary>Why it ended; null where it did not.</summary>
    public TrackEnd? EndReason { get; internal set; }

    /// <summary>What it was held to be last.</summary>
    public Kind LastKind => _points.Count > 0 ? _points[^1].Kind : Kind.Unknown;

    /// <summary>Whether it was ever held to be ballistic: an impact was predicted for it, or its likeliest kind was a round.</summary>
    public bool EverBallistic { get; private set; }

    internal void Add(in TrackPoint point)
    {
        _points.Add(point);
        EverBallistic |= Kinds.IsRound(point.Kind);
    }

    internal void Add(in LoggedPrediction prediction)
    {
        _predictions.Add(prediction);
        EverBallistic = true;
    }
}

/// <summary>One warning of one zone over its life.</summary>
public sealed class WarningLog
{
    private readonly List<WarningState> _states = [];

    internal WarningLog(WarningId id, int zone, Instant raisedTime) => (Id, Zone, RaisedTime) = (id, zone, raisedTime);

    /// <summary>Its identity.</summary>
    public WarningId Id { get; }

    /// <summary>The zone, as its index in <see cref="SiteDefinition.Zones"/>.</summary>
    public int Zone { get; }

    /// <summary>The Site's clock when it was raised.</summary>
    public Instant RaisedTime { get; }

    /// <summary>As it was raised and then updated, in order.</summary>
    public IReadOnlyList<WarningState> States => _states;

    /// <summary>The Site's clock when it was cleared; null where it still stood at the end.</summary>
    public Instant? ClearedTime { get; internal set; }

    /// <summary>Why it was cleared; null where it still stood at the end.</summary>
    public WarningEnd? ClearReason { get; internal set; }

    /// <summary>Whether it stood at <paramref name="time"/>: raised before, and not cleared before.</summary>
    public bool StandsAt(Instant time) => RaisedTime < time && (ClearedTime is not { } cleared || cleared >= time);

    internal void Add(in WarningState state) => _states.Add(state);
}

internal static class Kinds
{
    /// <summary>Whether the kind is one that comes down by itself and does harm there.</summary>
    public static bool IsRound(Kind kind) => kind is Kind.Rocket or Kind.Artillery or Kind.Mortar;
}
