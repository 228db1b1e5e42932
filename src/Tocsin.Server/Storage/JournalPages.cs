using System.Text.Json;
using System.Text.Json.Serialization;
using Tocsin.Formats.Text;

namespace Tocsin.Server.Storage;

/// <summary>Instants in JSON as RFC 3339 in UTC with milliseconds at least.</summary>
internal sealed class InstantJson : JsonConverter<Instant>
{
    /// <inheritdoc/>
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && InstantText.TryParse(reader.ValueSpan, out Instant instant) ? instant : throw new JsonException("an instant is RFC 3339 in UTC");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>One incident in the list of <c>GET /api/incidents</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Opened">When it began.</param>
/// <param name="Closed">When it was over; null while it goes on.</param>
/// <param name="Status"><c>actual</c>, <c>exercise</c> or <c>test</c>.</param>
/// <param name="Drill">Whether it belongs to a drill beside the real Site.</param>
/// <param name="Rounds">How many rounds were tracked; 0 until it is over.</param>
/// <param name="Zones">The zones that were warned, by their ids.</param>
/// <param name="Warnings">How many warnings were raised.</param>
/// <param name="Recording">The recording that holds its events.</param>
public sealed record IncidentSummary(string Id, [property: JsonConverter(typeof(InstantJson))] Instant Opened, [property: JsonConverter(typeof(InstantJson))] Instant? Closed,
    string Status, bool Drill, int Rounds, IReadOnlyList<string> Zones, int Warnings, string Recording);

/// <summary>One incident with its warnings, for <c>GET /api/incidents/{id}</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Opened">When it began.</param>
/// <param name="Closed">When it was over; null while it goes on.</param>
/// <param name="Status"><c>actual</c>, <c>exercise</c> or <c>test</c>.</param>
/// <param name="Drill">Whether it belongs to a drill beside the real Site.</param>
/// <param name="Rounds">How many rounds were tracked; 0 until it is over.</param>
/// <param name="Zones">The zones that were warned, by their ids.</param>
/// <param name="Recording">The recording that holds its events.</param>
/// <param name="Warnings">Its warnings, in the order in which they were raised.</param>
public sealed record IncidentDetail(string Id, [property: JsonConverter(typeof(InstantJson))] Instant Opened, [property: JsonConverter(typeof(InstantJson))] Instant? Closed,
    string Status, bool Drill, int Rounds, IReadOnlyList<string> Zones, string Recording, IReadOnlyList<IncidentWarning> Warnings)
{
    /// <summary>The first of its lines in the recording, and the last where it is over; for whoever reads the recording, not for the page.</summary>
    [JsonIgnore]
    public (long First, long? Last) Lines { get; init; }
}

/// <summary>One warning of an incident.</summary>
/// <param name="Warning">The Site's own id of it: <c>W3</c>.</param>
/// <param name="Identity">Its identity on all channels.</param>
/// <param name="Zone">The zone's id.</param>
/// <param name="Raised">When it was raised.</param>
/// <param name="Cleared">When it ended; null while it stands.</param>
/// <param name="Reason">Why it ended: <c>over</c> or <c>retracted</c>.</param>
/// <param name="Probability">The highest probability that it was given.</param>
/// <param name="LeadTimeS">Seconds from the raise to the impact then expected.</param>
/// <param name="AcknowledgedBy">Who acknowledged it first.</param>
/// <param name="Acknowledged">When.</param>
/// <param name="Deliveries">What became of its messages on each channel: the proof of who was told, and when.</param>
public sealed record IncidentWarning(string Warning, string Identity, string Zone, [property: JsonConverter(typeof(InstantJson))] Instant Raised,
    [property: JsonConverter(typeof(InstantJson))] Instant? Cleared, string? Reason, double? Probability, double LeadTimeS, string? AcknowledgedBy,
    [property: JsonConverter(typeof(InstantJson))] Instant? Acknowledged, IReadOnlyList<IncidentDelivery> Deliveries)
{
    /// <summary>Seconds that it waited for an operator before its first message left; 0 where nobody was asked.</summary>
    public double HeldS { get; init; }
}

/// <summary>What became of one message on one channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Revision">Which message of the warning.</param>
/// <param name="Sent">When it was first delivered; null where it never was.</param>
/// <param name="DelayS">Seconds from the message's own time to its delivery.</param>
/// <param name="Failures">How many attempts failed.</param>
/// <param name="Reason">Why the last of them did.</param>
public sealed record IncidentDelivery(string Channel, int Revision, [property: JsonConverter(typeof(InstantJson))] Instant? Sent, double? DelayS, int Failures, string? Reason);

/// <summary>One line of <c>GET /api/audit</c>.</summary>
/// <param name="Time">The machine's clock.</param>
/// <param name="Who">Who.</param>
/// <param name="Act">What.</param>
/// <param name="Detail">More of it.</param>
/// <param name="RemoteAddress">Where the request came from; null for the command line.</param>
public sealed record AuditLine([property: JsonConverter(typeof(InstantJson))] Instant Time, string Who, string Act, string? Detail, string? RemoteAddress);

/// <summary>One change of a feed's health.</summary>
/// <param name="Time">When.</param>
/// <param name="Feed">The feed.</param>
/// <param name="State">Its state from then on.</param>
/// <param name="Meaning">What that means for the people.</param>
public sealed record FeedChange([property: JsonConverter(typeof(InstantJson))] Instant Time, string Feed, string State, string Meaning);
