using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tocsin.Server.Page;

// What the operator's stream carries beside the lines of an events file; see docs/internals/page-protocol.md.

internal sealed record ClockEvent(string Type, string Time, double Speed);

internal sealed record FeedStateEvent(string Type, string Time, string Feed, string Uri, string State, double PlotsPerS, long Rejected, long Shed, double? ClockOffsetS, double? DelayS, string Meaning);

internal sealed record ChannelStateEvent(string Type, string Time, string Channel, string Kind, string State, int Queued, double? DelayS, long Sent, long Failed, string Note);

internal sealed record ReleaseHeldEvent(string Type, string Time, string Warning, string Zone, string SendsAt);

internal sealed record ReleaseDoneEvent(string Type, string Time, string Warning, string How, double HeldS);

internal sealed record NoticeEvent(string Type, string Time, string Notice, string? Severity, string? Text);

internal sealed record DrillStateEvent(string Type, string Time, string? Drill, string Title, string State, string? Until);

internal sealed record SightEvent(string Type, string Time, string Sentence);

internal sealed record LoadEvent(string Type, string Time, double PlotsPerS, int Queued, long Shed, int Tracks, long RecordingLost);

internal sealed record OperatorActedEvent(string Type, string Time, string Who, string Act, string? Warning);

internal sealed record ChannelSentEvent(string Type, string Time, string Channel, string Warning, double? DelayS, string? Reason);

/// <summary>How the page's own events are written; the code for it is generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ClockEvent))]
[JsonSerializable(typeof(FeedStateEvent))]
[JsonSerializable(typeof(ChannelStateEvent))]
[JsonSerializable(typeof(ReleaseHeldEvent))]
[JsonSerializable(typeof(ReleaseDoneEvent))]
[JsonSerializable(typeof(NoticeEvent))]
[JsonSerializable(typeof(DrillStateEvent))]
[JsonSerializable(typeof(SightEvent))]
[JsonSerializable(typeof(LoadEvent))]
[JsonSerializable(typeof(OperatorActedEvent))]
[JsonSerializable(typeof(ChannelSentEvent))]
[JsonSerializable(typeof(PublicZone))]
[JsonSerializable(typeof(PublicSite))]
[JsonSerializable(typeof(PublicBeat))]
[JsonSerializable(typeof(string))]
internal sealed partial class PageJson : JsonSerializerContext;
