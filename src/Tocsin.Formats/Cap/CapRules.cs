using System.Collections.Immutable;

namespace Tocsin.Formats.Cap;

/// <summary>One rule beyond the schema.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source">The section of CAP 1.2 that asks for it, or "practice" with the section that it reads.</param>
/// <param name="Weight">Whether it is a must.</param>
/// <param name="Says">What is right, in one sentence.</param>
public sealed record CapRule(string Id, string Source, CapWeight Weight, string Says)
{
    internal Func<CapAlert, IEnumerable<CapFinding>> Check { get; init; } = static _ => [];
}

/// <summary>Where a rule is broken, and how.</summary>
internal readonly record struct CapFinding(string Place, string Says);

/// <summary>The rules of CAP 1.2 that its schema cannot say, and a few of good practice, marked so.</summary>
/// <remarks>A message can be valid by the schema and useless: an update that refers to nothing, a polygon that is not closed, an alert that says
/// nothing to do. Producers check their own messages here before they send them; consumers check what they are given.</remarks>
public static partial class CapRules
{
    /// <summary>All rules, in the order in which they are checked.</summary>
    public static ImmutableArray<CapRule> All { get; } =
    [
        Must("identifier-form", "CAP 1.2, 3.2.1 identifier", "The identifier is there and has no spaces, commas, < or &.", static a => Name(a.Identifier, "identifier[1]")),
        Must("sender-form", "CAP 1.2, 3.2.1 sender", "The sender is there and has no spaces, commas, < or &.", static a => Name(a.Sender, "sender[1]")),
        Must("utc-form", "CAP 1.2, 3.3.2", "UTC is written -00:00.", UtcForm),
        Must("references-required", "CAP 1.2, 3.2.1 msgType", "An Update, Cancel, Ack or Error refers to at least one earlier message.", ReferencesRequired),
        Must("references-form", "CAP 1.2, 3.2.1 references", "Each reference is sender,identifier,sent.", ReferencesForm),
        Must("references-earlier", "CAP 1.2, 3.2.1 references", "A message refers to earlier messages, not to itself.", ReferencesEarlier),
        Should("exercise-note", "CAP 1.2, 3.2.1 status", "The note of an Exercise names the exercise.", static a => NoteFor(a, a.Status == CapStatus.Exercise, "an Exercise")),
        Should("error-note", "CAP 1.2, 3.2.1 msgType", "The note of an Error says why.", static a => NoteFor(a, a.MsgType == CapMsgType.Error, "an Error")),
        Must("restriction", "CAP 1.2, 3.2.1 restriction", "A restriction is there when, and only when, the scope is Restricted.", Restriction),
        Must("addresses", "CAP 1.2, 3.2.1 addresses", "Addresses are there when the scope is Private.", Addresses),
        Should("info-present", "practice; CAP 1.2, 3.1", "An Alert or Update has an info block.", InfoPresent),
        Must("language-form", "CAP 1.2, 3.2.2 language", "A language is a tag of RFC 3066.", static a => EachInfo(a, LanguageForm)),
        Must("event-present", "CAP 1.2, 3.2.2 event", "The event is in words.", static a => EachInfo(a, static i => Blank(i.Event, "event[1]"))),
        Should("same-category", "practice; CAP 1.2, 3.2.2 category", "All info blocks have the same categories, as they tell of one event.", SameCategory),
        Must("expires-later", "CAP 1.2, 3.2.2 expires", "An info block expires after it is sent and takes effect.", ExpiresLater),
        Should("expires-present", "practice; CAP 1.2, 3.2.2 expires", "Each info block says when it expires, else each recipient sets a time of his own.", ExpiresPresent),
        Should("advice-present", "practice; CAP 1.2, 3.2.2 instruction", "Each info block says what to do.", static a => EachInfo(a, AdvicePresent)),
        Must("value-names", "CAP 1.2, 3.2.2, 3.2.4", "Every eventCode, parameter and geocode has a name.", ValueNames),
        Must("web-absolute", "CAP 1.2, 3.2.2 web, 3.2.3 uri", "Addresses of pages and files are absolute.", static a => EachInfo(a, WebAbsolute)),
        Must("resource-form", "CAP 1.2, 3.2.3", "A resource has a description and a MIME type; its size is not negative; its digest is SHA-1 in hexadecimal.", static a => EachInfo(a, ResourceForm)),
        Must("area-described", "CAP 1.2, 3.2.4 areaDesc", "Each area is described in words.", static a => EachArea(a, static x => Blank(x.AreaDesc, "areaDesc[1]"))),
        Must("polygon-closed", "CAP 1.2, 3.2.4 polygon", "A polygon has four points at least, and its last point is its first.", static a => EachPolygon(a, PolygonClosed)),
        Must("wgs84", "CAP 1.2, 3.3.1", "Points are latitude from -90 to 90, then longitude from -180 to 180.", Wgs84),
        Should("polygon-simple", "practice; CAP 1.2, 3.2.4 polygon", "A polygon does not cross itself.", static a => EachPolygon(a, PolygonSimple)),
        Must("circle-radius", "CAP 1.2, 3.2.4 circle", "A circle's radius is not negative.", static a => EachArea(a, CircleRadius)),
        Must("ceiling-with-altitude", "CAP 1.2, 3.2.4 ceiling", "A ceiling is there only with an altitude, and not below it.", static a => EachArea(a, Ceiling)),
    ];

    /// <summary>What a message breaks, rule by rule; at most <see cref="CapLimits.MaxProblems"/>.</summary>
    public static ImmutableArray<CapProblem> Check(CapAlert alert) =>
        [.. All.SelectMany(r => r.Check(alert).Select(f => new CapProblem(r.Id, f.Place, f.Says, r.Source, r.Weight))).Take(CapLimits.MaxProblems)];

    private static CapRule Must(string id, string source, string says, Func<CapAlert, IEnumerable<CapFinding>> check) => new(id, source, CapWeight.Must, says) { Check = check };

    private static CapRule Should(string id, string source, string says, Func<CapAlert, IEnumerable<CapFinding>> check) => new(id, source, CapWeight.Should, says) { Check = check };

    private static IEnumerable<CapFinding> Name(string text, string place)
    {
        if (text.Length == 0) yield return new(place, "it is empty");
        else if (text.Length > CapLimits.MaxNameCharacters) yield return new(place, "it is too long");
        else if (text.Any(c => char.IsWhiteSpace(c) || c is ',' or '<' or '&')) yield return new(place, "it has a space, a comma, < or &");
    }

    private static IEnumerable<CapFinding> Blank(string text, string place)
    {
        if (string.IsNullOrWhiteSpace(text)) yield return new(place, "it is empty");
    }

    private static IEnumerable<CapFinding> UtcForm(CapAlert a)
    {
        IEnumerable<(string Place, CapTime? Time)> times =
            a.Infos.SelectMany((i, n) => new (string, CapTime?)[]
            {
                ($"info[{n + 1}]/effective[1]", i.Effective), ($"info[{n + 1}]/onset[1]", i.Onset), ($"info[{n + 1}]/expires[1]", i.Expires),
            }).Prepend(("sent[1]", a.Sent));
        foreach ((string place, CapTime? time) in times)
            if (time is { } t && t.Value.Offset == TimeSpan.Zero && !t.Text.EndsWith("-00:00", StringComparison.Ordinal)) yield return new(place, "UTC is not written -00:00");
    }

    private static IEnumerable<CapFinding> ReferencesRequired(CapAlert a)
    {
        if (a.MsgType != CapMsgType.Alert && a.References.IsDefaultOrEmpty) yield return new("references[1]", $"{a.MsgType} refers to no message");
    }

    private static IEnumerable<CapFinding> ReferencesForm(CapAlert a) =>
        a.References.Where(r => !CapReference.TryParse(r, out _)).Select(static _ => new CapFinding("references[1]", "one of them is not sender,identifier,sent"));

    private static IEnumerable<CapFinding> ReferencesEarlier(CapAlert a)
    {
        foreach (string text in a.References)
        {
            if (!CapReference.TryParse(text, out CapReference? r)) continue;
            if (r!.Sender == a.Sender && r.Identifier == a.Identifier) yield return new("references[1]", "the message refers to itself");
            else if (CapTime.TryParse(r.Sent, out CapTime sent) && sent.Value > a.Sent.Value) yield return new("references[1]", "the message refers to a later one");
        }
    }

    private static IEnumerable<CapFinding> NoteFor(CapAlert a, bool wanted, string what)
    {
        if (wanted && string.IsNullOrWhiteSpace(a.Note)) yield return new("note[1]", $"{what} has no note");
    }

    private static IEnumerable<CapFinding> Restriction(CapAlert a)
    {
        if (a.Scope == CapScope.Restricted == string.IsNullOrWhiteSpace(a.Restriction))
            yield return new("restriction[1]", a.Scope == CapScope.Restricted ? "the scope is Restricted and no restriction is given" : $"a restriction is given and the scope is {a.Scope}");
    }

    private static IEnumerable<CapFinding> Addresses(CapAlert a)
    {
        if (a.Scope == CapScope.Private && string.IsNullOrWhiteSpace(a.Addresses)) yield return new("addresses[1]", "the scope is Private and no addresses are given");
    }

    private static IEnumerable<CapFinding> InfoPresent(CapAlert a)
    {
        if (a.MsgType is CapMsgType.Alert or CapMsgType.Update && a.Infos.IsDefaultOrEmpty) yield return new("info[1]", "nothing is said");
    }

    /// <summary>RFC 3066, section 2.1: a first part of one to eight letters, further ones of one to eight letters or digits.</summary>
    private static IEnumerable<CapFinding> LanguageForm(CapInfo i)
    {
        if (i.Language is not { } tag) yield break;
        string[] parts = tag.Split('-');
        if (!parts[0].All(char.IsAsciiLetter) || !parts.All(p => p.Length is >= 1 and <= 8 && p.All(char.IsAsciiLetterOrDigit))) yield return new("language[1]", "it is no tag of RFC 3066");
    }

    private static IEnumerable<CapFinding> SameCategory(CapAlert a)
    {
        for (int n = 1; n < a.Infos.Length; n++)
            if (!a.Infos[n].Categories.ToHashSet().SetEquals(a.Infos[0].Categories)) yield return new($"info[{n + 1}]/category[1]", "the categories differ from those of the first info block");
    }

    private static IEnumerable<CapFinding> ExpiresLater(CapAlert a)
    {
        for (int n = 0; n < a.Infos.Length; n++)
        {
            if (a.Infos[n].Expires is not { } expires) continue;
            if (expires.Value <= a.Sent.Value) yield return new($"info[{n + 1}]/expires[1]", "it has expired when it is sent");
            else if (a.Infos[n].Effective is { } effective && expires.Value <= effective.Value) yield return new($"info[{n + 1}]/expires[1]", "it expires before it takes effect");
        }
    }

    private static IEnumerable<CapFinding> ExpiresPresent(CapAlert a) => EachInfo(a, static i => i.Expires is null ? [new("expires[1]", "no expiry is given")] : []);

    private static IEnumerable<CapFinding> AdvicePresent(CapInfo i)
    {
        if (string.IsNullOrWhiteSpace(i.Instruction)) yield return new("instruction[1]", "nothing to do is said");
    }

    private static IEnumerable<CapFinding> ValueNames(CapAlert a)
    {
        for (int n = 0; n < a.Infos.Length; n++)
        {
            CapInfo i = a.Infos[n];
            IEnumerable<CapValue> all = i.EventCodes.Concat(i.Parameters).Concat(i.Areas.SelectMany(static x => x.Geocodes));
            if (all.Any(static v => string.IsNullOrWhiteSpace(v.ValueName))) yield return new($"info[{n + 1}]", "a valueName is empty");
        }
    }

    private static IEnumerable<CapFinding> WebAbsolute(CapInfo i)
    {
        if (i.Web is { } web && !Uri.TryCreate(web, UriKind.Absolute, out _)) yield return new("web[1]", "it is no absolute address");
        for (int n = 0; n < i.Resources.Length; n++)
            if (i.Resources[n].Uri is { } uri && i.Resources[n].DerefUri is null && !Uri.TryCreate(uri, UriKind.Absolute, out _)) yield return new($"resource[{n + 1}]/uri[1]", "it is no absolute address");
    }

    private static IEnumerable<CapFinding> ResourceForm(CapInfo i)
    {
        for (int n = 0; n < i.Resources.Length; n++)
        {
            CapResource r = i.Resources[n];
            if (string.IsNullOrWhiteSpace(r.ResourceDesc)) yield return new($"resource[{n + 1}]/resourceDesc[1]", "it is empty");
            if (!r.MimeType.Contains('/', StringComparison.Ordinal)) yield return new($"resource[{n + 1}]/mimeType[1]", "it is no MIME type");
            if (r.Size < 0) yield return new($"resource[{n + 1}]/size[1]", "it is negative");
            if (r.Digest is { } d && !(d.Length == 40 && d.All(char.IsAsciiHexDigit))) yield return new($"resource[{n + 1}]/digest[1]", "it is no SHA-1 in hexadecimal");
        }
    }

    private static IEnumerable<CapFinding> EachInfo(CapAlert a, Func<CapInfo, IEnumerable<CapFinding>> check) =>
        a.Infos.SelectMany((i, n) => check(i).Select(f => new CapFinding($"info[{n + 1}]/{f.Place}", f.Says)));

    private static IEnumerable<CapFinding> EachArea(CapAlert a, Func<CapArea, IEnumerable<CapFinding>> check) =>
        EachInfo(a, i => i.Areas.SelectMany((x, n) => check(x).Select(f => new CapFinding($"area[{n + 1}]/{f.Place}", f.Says))));

    private static IEnumerable<CapFinding> EachPolygon(CapAlert a, Func<ImmutableArray<CapPoint>, string?> check) =>
        EachArea(a, x => x.Polygons.SelectMany((p, n) => check(p) is { } says ? new CapFinding[] { new($"polygon[{n + 1}]", says) } : []));
}
