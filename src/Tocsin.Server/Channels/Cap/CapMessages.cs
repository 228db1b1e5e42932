using System.Collections.Immutable;
using Tocsin.Formats.Cap;
using Tocsin.Server.Messages;

namespace Tocsin.Server.Channels.Cap;

/// <summary>What a site says of itself in every CAP message.</summary>
/// <param name="Sender">CAP's sender: the only one in the world, such as <c>warning@camp.example.org</c>.</param>
/// <param name="Source">CAP's source; null where there is none.</param>
/// <param name="Web">The page for the public; null where there is none.</param>
/// <param name="Contact">Whom to ask; null where nobody.</param>
public sealed record CapIdentity(string Sender, string? Source = null, string? Web = null, string? Contact = null);

/// <summary>Makes CAP messages of warnings. A zone and its state only: nothing of tracks, points or probabilities goes in.</summary>
public static class CapMessages
{
    /// <summary>Probability from which the impact counts as determined: the rounds are in flight, and hardly any flight that remains possible misses the zone.</summary>
    public const double ObservedProbability = 0.95;

    /// <summary>Probability above which it is likely (CAP 1.2, section 3.2.2, certainty).</summary>
    public const double LikelyProbability = 0.5;

    /// <summary>Earlier messages that one refers to; the newest, where there are more, as each of them took the place of those before it.</summary>
    public const int MaxReferences = 100;

    /// <summary>The geocode that holds a zone's id.</summary>
    public const string ZoneCode = "tocsin:zone";

    /// <summary>The identifier of a message on every channel: identity and revision. CAP allows no spaces, commas, &lt; and &amp; in it.</summary>
    public static string IdentifierOf(string identity, int revision) => $"{Clean(identity)}.{revision}";

    /// <summary>The identifier of a message.</summary>
    public static string IdentifierOf(WarningMessage message) => IdentifierOf(message.Identity, message.Revision);

    /// <summary>The CAP message.</summary>
    /// <exception cref="InvalidOperationException">There is no text that may leave the site.</exception>
    public static CapAlert Map(WarningMessage message, CapIdentity identity, MessageCatalog catalog)
    {
        WarningText[] texts = [.. MessageCatalog.Sendable(message)];
        if (texts.Length == 0) throw new InvalidOperationException("no language is signed off, and a real site sends nothing unsigned");
        // A message that has nothing to refer to cannot be an Update or Cancel.
        CapMsgType type = message.Prior.IsDefaultOrEmpty ? CapMsgType.Alert : message.Act switch
        {
            WarningAct.Raised => CapMsgType.Alert,
            WarningAct.Updated => CapMsgType.Update,
            _ => CapMsgType.Cancel,
        };
        CapArea area = Area(message.Zone);
        return new()
        {
            Identifier = IdentifierOf(message),
            Sender = identity.Sender,
            Sent = CapTime.Of(message.Time),
            Status = message.Status switch { OperationStatus.Actual => CapStatus.Actual, OperationStatus.Exercise => CapStatus.Exercise, _ => CapStatus.Test },
            MsgType = type,
            Source = identity.Source,
            Scope = CapScope.Public,
            Note = message.Status switch
            {
                OperationStatus.Exercise => $"Exercise at {message.Site}: no real danger.",
                OperationStatus.Test => $"Test of the warning system at {message.Site}: to be disregarded.",
                _ => null,
            },
            References = type == CapMsgType.Alert ? [] : [.. message.Prior.TakeLast(MaxReferences).Select(p =>
                new CapReference(identity.Sender, IdentifierOf(message.Identity, p.Revision), CapTime.Of(p.Time).Text).ToString())],
            Infos = [.. texts.Select(t => Info(message, t, area, identity, catalog))],
        };
    }

    private static CapInfo Info(WarningMessage message, WarningText text, CapArea area, CapIdentity identity, MessageCatalog catalog) => new()
    {
        Language = text.Language,
        Categories = [CapCategory.Security],
        Event = (catalog.Find(text.Language) ?? catalog.Languages[0]).Event,
        ResponseTypes = [message.IsEnd ? CapResponseType.AllClear : CapResponseType.Shelter],
        Urgency = message.IsEnd ? CapUrgency.Past : CapUrgency.Immediate,
        Severity = message.IsEnd ? CapSeverity.Minor : CapSeverity.Extreme,
        Certainty = Certainty(message),
        Effective = CapTime.Of(message.Time),
        Onset = message.IsEnd ? null : CapTime.Of(message.ImpactTime),
        Expires = Expires(message),
        SenderName = message.Site,
        Headline = text.Headline,
        Description = text.Long360,
        Instruction = text.Instruction,
        Web = identity.Web,
        Contact = identity.Contact,
        // The names by which alert gateways know the wireless texts (IPAWS).
        Parameters = [new("CMAMtext", text.Short90), new("CMAMlongtext", text.Long360)],
        Areas = [area],
    };

    private static CapCertainty Certainty(WarningMessage message) => message.Act switch
    {
        WarningAct.Retracted => CapCertainty.Unlikely,
        WarningAct.Over => CapCertainty.Observed,
        _ => message.Probability >= ObservedProbability ? CapCertainty.Observed : message.Probability > LikelyProbability ? CapCertainty.Likely : CapCertainty.Possible,
    };

    /// <summary>The second in which the message expires, or the next, as CAP has whole seconds; later than its sending in any case.</summary>
    private static CapTime Expires(WarningMessage message)
    {
        CapTime sent = CapTime.Of(message.Time), expires = CapTime.Of(message.Expires.AddSeconds(1 - 1e-7));
        return expires.Value > sent.Value ? expires : CapTime.Of(sent.Instant.AddSeconds(1));
    }

    /// <summary>The zone's outer rings. CAP knows no holes: people in a hole are warned too, which is the safe way to be wrong.</summary>
    private static CapArea Area(ZonePlace zone) => new()
    {
        AreaDesc = zone.Name.Length > 0 ? zone.Name : zone.Id,
        Polygons = [.. zone.Polygons.Where(p => !p.IsDefaultOrEmpty && p[0].Length >= 4).Select(p => p[0].Select(x => new CapPoint(x.LatitudeDeg, x.LongitudeDeg)).ToImmutableArray())],
        Geocodes = [new(ZoneCode, zone.Id)],
    };

    private static string Clean(string identity) =>
        identity.All(Plain) && !identity.StartsWith('.') ? identity : string.Concat(identity.TrimStart('.').Select(c => Plain(c) ? c : '_'));

    /// <summary>Characters that are safe in a CAP identifier, a file name and an address.</summary>
    private static bool Plain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
