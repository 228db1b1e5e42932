using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tocsin.Formats.Events;

// The lines of an events file as the contract's table gives them, for reading. A number that is null is NaN: the writer writes
// null for what is not finite.

/// <summary><c>recording.opened</c>.</summary>
internal sealed record OpenedLine(string Schema, string Product, OperationStatus Status, string SiteSha256, JsonElement Site, long? Seed = null,
    Instant? Time = null, string? Clock = null, string? State = null);

/// <summary><c>plot</c>.</summary>
internal sealed record PlotLine(Instant Time, Instant PlotTime, string? Sensor, double RangeM, double AzimuthDeg, double ElevationDeg,
    double RangeRateMps = double.NaN, double SnrDb = double.NaN, double ElevationSigmaDeg = double.NaN, long Plot = 0);

/// <summary><c>track.confirmed</c> and <c>track.updated</c>.</summary>
internal sealed record TrackLine(Instant Time, TrackId Track, Instant ValidTime, double[] Position, double[] Velocity, Kind Kind, KindsMember Kinds,
    long Plot = 0);

/// <summary>The probabilities of a track's kinds.</summary>
internal sealed record KindsMember(double Rocket = 0, double Artillery = 0, double Mortar = 0, double Aircraft = 0, double Bird = 0, double Unknown = 0);

/// <summary><c>track.ended</c>.</summary>
internal sealed record TrackEndedLine(Instant Time, TrackId Track, TrackEnd Reason);

/// <summary><c>impact.predicted</c>.</summary>
internal sealed record ImpactLine(Instant Time, TrackId Track, Instant ValidTime, Instant ImpactTime, double TimeSigmaS, double[] Position,
    EllipseMember Ellipse95);

/// <summary>An ellipse on the ground.</summary>
internal sealed record EllipseMember(double SemiMajorM, double SemiMinorM, double OrientationDeg);

/// <summary><c>warning.raised</c> and <c>warning.updated</c>.</summary>
internal sealed record WarningLine(Instant Time, WarningId Warning, OperationStatus Status, string Zone, double Probability, Instant ImpactTime,
    double LeadTimeS, Advice Advice, TrackId[] Tracks);

/// <summary><c>warning.cleared</c>.</summary>
internal sealed record WarningClearedLine(Instant Time, WarningId Warning, OperationStatus Status, string Zone, WarningEnd Reason);

/// <summary><c>sensor.state</c>.</summary>
internal sealed record SensorLine(Instant Time, string Sensor, SensorCondition State, string Blind = "", bool Feed = false);

/// <summary><c>input.rejected</c>; <paramref name="Feed"/> where a decoder before the Site rejected it.</summary>
internal sealed record RejectedLine(Instant Time, string Source, string Reason, long Count, bool Feed = false);

/// <summary><c>recording.sealed</c>.</summary>
internal sealed record SealedLine(Instant Time, long Lines, string Sha256, string? Previous = null, bool Continued = false);

/// <summary>How these lines are read; the code for it is generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(InstantConverter), typeof(TrackIdConverter), typeof(WarningIdConverter), typeof(NullAsNaNConverter), typeof(NameConverter<Kind>),
        typeof(NameConverter<OperationStatus>), typeof(NameConverter<TrackEnd>), typeof(NameConverter<WarningEnd>), typeof(NameConverter<Advice>),
        typeof(NameConverter<SensorCondition>),
    ])]
[JsonSerializable(typeof(OpenedLine))]
[JsonSerializable(typeof(PlotLine))]
[JsonSerializable(typeof(TrackLine))]
[JsonSerializable(typeof(TrackEndedLine))]
[JsonSerializable(typeof(ImpactLine))]
[JsonSerializable(typeof(WarningLine))]
[JsonSerializable(typeof(WarningClearedLine))]
[JsonSerializable(typeof(SensorLine))]
[JsonSerializable(typeof(RejectedLine))]
[JsonSerializable(typeof(SealedLine))]
internal sealed partial class EventJson : JsonSerializerContext;
