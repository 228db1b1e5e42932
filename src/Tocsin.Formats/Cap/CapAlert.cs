using System.Collections.Immutable;

namespace Tocsin.Formats.Cap;

// The names of the members below are those of CAP's elements, so that their texts are the names themselves.

/// <summary>How a message is to be handled (CAP 1.2, section 3.2.1, status).</summary>
public enum CapStatus
{
    /// <summary>For everybody to act on.</summary>
    Actual,
    /// <summary>For those alone who take part in an exercise; the note names it.</summary>
    Exercise,
    /// <summary>For the functions of alerting networks.</summary>
    System,
    /// <summary>A technical test, to be disregarded.</summary>
    Test,
    /// <summary>A template, not to be acted on.</summary>
    Draft,
}

/// <summary>What a message is (CAP 1.2, section 3.2.1, msgType).</summary>
public enum CapMsgType
{
    /// <summary>First information.</summary>
    Alert,
    /// <summary>Takes the place of the messages that it refers to.</summary>
    Update,
    /// <summary>Cancels the messages that it refers to.</summary>
    Cancel,
    /// <summary>Acknowledges the messages that it refers to.</summary>
    Ack,
    /// <summary>Rejects the messages that it refers to; the note says why.</summary>
    Error,
}

/// <summary>Who may have a message (CAP 1.2, section 3.2.1, scope).</summary>
public enum CapScope
{
    /// <summary>Everybody.</summary>
    Public,
    /// <summary>Those who meet the restriction.</summary>
    Restricted,
    /// <summary>The addresses alone.</summary>
    Private,
}

/// <summary>Kind of event (CAP 1.2, section 3.2.2, category).</summary>
public enum CapCategory
{
    /// <summary>Geophysical.</summary>
    Geo,
    /// <summary>Meteorological.</summary>
    Met,
    /// <summary>General emergency and public safety.</summary>
    Safety,
    /// <summary>Law enforcement, military, homeland and local security.</summary>
    Security,
    /// <summary>Rescue and recovery.</summary>
    Rescue,
    /// <summary>Fire suppression and rescue.</summary>
    Fire,
    /// <summary>Medical and public health.</summary>
    Health,
    /// <summary>Pollution and other environment.</summary>
    Env,
    /// <summary>Public and private transport.</summary>
    Transport,
    /// <summary>Utilities and other infrastructure.</summary>
    Infra,
    /// <summary>Chemical, biological, radiological, nuclear or explosive.</summary>
    CBRNE,
    /// <summary>Another kind.</summary>
    Other,
}

/// <summary>Kind of action for those who are addressed (CAP 1.2, section 3.2.2, responseType).</summary>
public enum CapResponseType
{
    /// <summary>Take shelter in place or as the instruction says.</summary>
    Shelter,
    /// <summary>Leave as the instruction says.</summary>
    Evacuate,
    /// <summary>Make ready as the instruction says.</summary>
    Prepare,
    /// <summary>Do what was planned before.</summary>
    Execute,
    /// <summary>Avoid the event as the instruction says.</summary>
    Avoid,
    /// <summary>Attend to sources of information.</summary>
    Monitor,
    /// <summary>Evaluate the information; not for public warnings.</summary>
    Assess,
    /// <summary>The event is no longer a threat.</summary>
    AllClear,
    /// <summary>Nothing is recommended.</summary>
    None,
}

/// <summary>How soon to act (CAP 1.2, section 3.2.2, urgency).</summary>
public enum CapUrgency
{
    /// <summary>Now.</summary>
    Immediate,
    /// <summary>Within the next hour.</summary>
    Expected,
    /// <summary>In the near future.</summary>
    Future,
    /// <summary>No longer.</summary>
    Past,
    /// <summary>Not known.</summary>
    Unknown,
}

/// <summary>How bad it is (CAP 1.2, section 3.2.2, severity).</summary>
public enum CapSeverity
{
    /// <summary>Extraordinary threat to life or property.</summary>
    Extreme,
    /// <summary>Significant threat.</summary>
    Severe,
    /// <summary>Possible threat.</summary>
    Moderate,
    /// <summary>Minimal to no known threat.</summary>
    Minor,
    /// <summary>Not known.</summary>
    Unknown,
}

/// <summary>How certain it is (CAP 1.2, section 3.2.2, certainty).</summary>
public enum CapCertainty
{
    /// <summary>Determined to have occurred or to be ongoing.</summary>
    Observed,
    /// <summary>Probability above about 50 %.</summary>
    Likely,
    /// <summary>Probability up to about 50 %.</summary>
    Possible,
    /// <summary>Not expected: probability about 0.</summary>
    Unlikely,
    /// <summary>Not known.</summary>
    Unknown,
}

/// <summary>A name and its value: eventCode, parameter, geocode.</summary>
public sealed record CapValue(string ValueName, string Value);

/// <summary>A point in WGS-84, in degrees; written latitude first (CAP 1.2, section 3.3.1).</summary>
public readonly record struct CapPoint(double LatitudeDeg, double LongitudeDeg);

/// <summary>A circle: its centre, and its radius in kilometres (CAP 1.2, section 3.2.4).</summary>
public readonly record struct CapCircle(CapPoint Centre, double RadiusKm);

/// <summary>The extended identifier of another message (CAP 1.2, section 3.2.1, references).</summary>
/// <param name="Sender">Its sender.</param>
/// <param name="Identifier">Its identifier.</param>
/// <param name="Sent">The text of its time, letter for letter.</param>
public sealed record CapReference(string Sender, string Identifier, string Sent)
{
    /// <summary>As CAP writes it: <c>sender,identifier,sent</c>.</summary>
    public override string ToString() => $"{Sender},{Identifier},{Sent}";

    /// <summary>Reads one reference; false where it has not three parts, of which the last is a time.</summary>
    public static bool TryParse(string text, out CapReference? reference)
    {
        reference = null;
        string[] parts = text.Split(',');
        if (parts.Length != 3 || parts[0].Length == 0 || parts[1].Length == 0 || !CapTime.TryParse(parts[2], out _)) return false;
        reference = new(parts[0], parts[1], parts[2]);
        return true;
    }
}

/// <summary>A file beside the message (CAP 1.2, section 3.2.3).</summary>
public sealed record CapResource
{
    /// <summary>What it is, in words.</summary>
    public required string ResourceDesc { get; init; }

    /// <summary>Its MIME type.</summary>
    public required string MimeType { get; init; }

    /// <summary>Its bytes.</summary>
    public long? Size { get; init; }

    /// <summary>Where it is.</summary>
    public string? Uri { get; init; }

    /// <summary>Its content in base 64.</summary>
    public string? DerefUri { get; init; }

    /// <summary>Its SHA-1 in hexadecimal.</summary>
    public string? Digest { get; init; }
}

/// <summary>A place (CAP 1.2, section 3.2.4).</summary>
public sealed record CapArea
{
    /// <summary>The place in words.</summary>
    public required string AreaDesc { get; init; }

    /// <summary>Polygons, each closed: its last point is its first. CAP knows no holes.</summary>
    public ImmutableArray<ImmutableArray<CapPoint>> Polygons { get; init; } = [];

    /// <summary>Circles.</summary>
    public ImmutableArray<CapCircle> Circles { get; init; } = [];

    /// <summary>Codes of the place.</summary>
    public ImmutableArray<CapValue> Geocodes { get; init; } = [];

    /// <summary>Height, or the lower height of a range, in feet above mean sea level.</summary>
    public decimal? AltitudeFt { get; init; }

    /// <summary>Upper height of a range, in feet above mean sea level.</summary>
    public decimal? CeilingFt { get; init; }
}

/// <summary>What is said in one language (CAP 1.2, section 3.2.2).</summary>
public sealed record CapInfo
{
    /// <summary>Its language (RFC 3066); null stands for en-US.</summary>
    public string? Language { get; init; }

    /// <summary>Kinds of event, at least one.</summary>
    public required ImmutableArray<CapCategory> Categories { get; init; }

    /// <summary>The event in words.</summary>
    public required string Event { get; init; }

    /// <summary>Kinds of action.</summary>
    public ImmutableArray<CapResponseType> ResponseTypes { get; init; } = [];

    /// <summary>How soon to act.</summary>
    public required CapUrgency Urgency { get; init; }

    /// <summary>How bad it is.</summary>
    public required CapSeverity Severity { get; init; }

    /// <summary>How certain it is.</summary>
    public required CapCertainty Certainty { get; init; }

    /// <summary>Who is meant.</summary>
    public string? Audience { get; init; }

    /// <summary>Codes of the event.</summary>
    public ImmutableArray<CapValue> EventCodes { get; init; } = [];

    /// <summary>From when the information holds; null stands for when it was sent.</summary>
    public CapTime? Effective { get; init; }

    /// <summary>When the event is expected to begin.</summary>
    public CapTime? Onset { get; init; }

    /// <summary>Until when the information holds.</summary>
    public CapTime? Expires { get; init; }

    /// <summary>Who sends, in words.</summary>
    public string? SenderName { get; init; }

    /// <summary>In one line.</summary>
    public string? Headline { get; init; }

    /// <summary>What happens.</summary>
    public string? Description { get; init; }

    /// <summary>What to do.</summary>
    public string? Instruction { get; init; }

    /// <summary>A page with more.</summary>
    public string? Web { get; init; }

    /// <summary>Whom to ask.</summary>
    public string? Contact { get; init; }

    /// <summary>More values.</summary>
    public ImmutableArray<CapValue> Parameters { get; init; } = [];

    /// <summary>Files.</summary>
    public ImmutableArray<CapResource> Resources { get; init; } = [];

    /// <summary>Where.</summary>
    public ImmutableArray<CapArea> Areas { get; init; } = [];
}

/// <summary>One message of the Common Alerting Protocol, version 1.2 (OASIS Standard, 1 July 2010).</summary>
public sealed record CapAlert
{
    /// <summary>Its identifier, the only one of its sender.</summary>
    public required string Identifier { get; init; }

    /// <summary>Its sender, the only one in the world.</summary>
    public required string Sender { get; init; }

    /// <summary>When it was sent.</summary>
    public required CapTime Sent { get; init; }

    /// <summary>How to handle it.</summary>
    public required CapStatus Status { get; init; }

    /// <summary>What it is.</summary>
    public required CapMsgType MsgType { get; init; }

    /// <summary>Where it comes from.</summary>
    public string? Source { get; init; }

    /// <summary>Who may have it.</summary>
    public required CapScope Scope { get; init; }

    /// <summary>The rule for who may have it.</summary>
    public string? Restriction { get; init; }

    /// <summary>Those who may have it.</summary>
    public string? Addresses { get; init; }

    /// <summary>Codes of its handling.</summary>
    public ImmutableArray<string> Codes { get; init; } = [];

    /// <summary>Its purpose; names the exercise.</summary>
    public string? Note { get; init; }

    /// <summary>The messages that it refers to, as texts, so that a malformed one can be named: see <see cref="CapReference.TryParse"/>.</summary>
    public ImmutableArray<string> References { get; init; } = [];

    /// <summary>The incidents that it belongs to.</summary>
    public string? Incidents { get; init; }

    /// <summary>What it says, by language.</summary>
    public ImmutableArray<CapInfo> Infos { get; init; } = [];

    /// <summary>How another message refers to this one.</summary>
    public CapReference Reference => new(Sender, Identifier, Sent.Text);
}
