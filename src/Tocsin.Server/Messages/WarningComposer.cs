using System.Globalization;
using System.Text;
using Tocsin.Server.Channels;

namespace Tocsin.Server.Messages;

/// <summary>Makes the texts of one warning in one language.</summary>
/// <remarks>
/// Each text says, in this order, what it is (exercise, test), the hazard, the place with the site for those who do not know its zones, what to do, and
/// how long: FEMA's elements of a warning. Only the names of the zone and the site are ever shortened; the mark and what to do never are, and
/// a language that leaves them no room is refused when it is read.
/// </remarks>
internal static class WarningComposer
{
    /// <summary>Characters of a headline; CAP readers cut longer ones.</summary>
    public const int HeadlineCharacters = 160;

    /// <summary>Characters that every text leaves to the name of the zone at least.</summary>
    public const int LeastPlace = 12;

    /// <summary>Characters that the long text leaves to the name of the site at least.</summary>
    public const int LeastSite = 12;

    private const string Cut = "...";

    /// <summary>The texts.</summary>
    public static WarningText Compose(Language language, WarningMessage message, bool reviewed)
    {
        string zone = OneLine(message.Zone.Name.Length > 0 ? message.Zone.Name : message.Zone.Id), site = OneLine(message.Site);
        string act = Act(message.Act), advice = Advised(message.Advice);
        return new(language.Tag, reviewed,
            Placed(language, Marked(language, message.Status, language["headline." + act]), zone, site, HeadlineCharacters),
            Instruction(language, message, act, advice),
            Placed(language, Short(language, message.Status, act, advice), zone, site, WirelessLength.Short),
            PlacedWithSite(Long(language, message.Status, act, advice), zone, site));
    }

    /// <summary>Texts of a language that leave too little room for names, whatever the zone is called.</summary>
    public static IEnumerable<(string Key, string Says)> Rooms(Language language)
    {
        // The least names are tried in letters of both codings: an extension character counts twice in one, a foreign letter makes the other.
        foreach (string act in (string[])["raised", "updated", "over", "retracted"])
            foreach (char letter in (char[])['x', 'ж'])
            {
                string place = new(letter, LeastPlace), site = new(letter, LeastSite);
                int tooLong = 0, far = 0, wide = 0;
                foreach (string advice in (string[])["drop", "awayFromWindows", "shelter"])
                    foreach (OperationStatus status in Enum.GetValues<OperationStatus>())
                    {
                        tooLong = Math.Max(tooLong, WirelessLength.Of(Fill(Short(language, status, act, advice), place, site)) - WirelessLength.Short);
                        far = Math.Max(far, WirelessLength.Of(Fill(Long(language, status, act, advice), place, site)) - WirelessLength.Long);
                        wide = Math.Max(wide, WirelessLength.Of(Fill(Marked(language, status, language["headline." + act]), place, site)) - HeadlineCharacters);
                    }
                if (tooLong > 0) yield return ("short." + act, $"with its longest advice and mark it leaves too little room for a name: make it {tooLong} characters shorter");
                if (far > 0) yield return ("long." + act, $"with its longest instruction and mark it leaves too little room for names: make it {far} characters shorter");
                if (wide > 0) yield return ("headline." + act, $"it is too long: make it {wide} characters shorter");
                if (tooLong > 0 || far > 0 || wide > 0) break;
            }
    }

    private static string Instruction(Language language, WarningMessage message, string act, string advice)
    {
        string text = message.IsEnd ? language["after." + act] : $"{language["instruction." + advice]} {language["until"]}";
        return Noted(language, message.Status, text);
    }

    private static string Short(Language language, OperationStatus status, string act, string advice) =>
        Marked(language, status, language["short." + act].Replace("{advice}", language["brief." + advice], StringComparison.Ordinal));

    private static string Long(Language language, OperationStatus status, string act, string advice)
    {
        string text = language["long." + act].Replace("{instruction}", language["instruction." + advice], StringComparison.Ordinal)
            .Replace("{until}", language["until"], StringComparison.Ordinal);
        if (act is "over" or "retracted") text = text.Replace("{after}", language["after." + act], StringComparison.Ordinal);
        return Noted(language, status, Marked(language, status, text));
    }

    /// <summary>Fills in the place: zone and site where they fit, else the zone, else as much of its name as fits.</summary>
    private static string Placed(Language language, string template, string zone, string site, int limit)
    {
        bool sameName = zone.Contains(site, StringComparison.OrdinalIgnoreCase) || site.Length == 0;
        string both = sameName ? zone : language["place"].Replace("{zone}", zone, StringComparison.Ordinal).Replace("{site}", site, StringComparison.Ordinal);
        string text = Fill(template, both, site);
        return WirelessLength.Of(text) <= limit ? text : Shortened(template, zone, site, limit);
    }

    private static string PlacedWithSite(string template, string zone, string site)
    {
        string text = Fill(template, zone, site);
        if (WirelessLength.Of(text) <= WirelessLength.Long) return text;
        // The site goes first: the place matters more than who says it.
        return Shortened(template, zone, Front(site, LeastSite), WirelessLength.Long);
    }

    private static string Shortened(string template, string zone, string site, int limit)
    {
        for (int n = zone.Length; n > 0; n--)
        {
            string text = Fill(template, n == zone.Length ? zone : Front(zone, n), site);
            if (WirelessLength.Of(text) <= limit) return text;
        }
        return Fill(template, "", site);
    }

    /// <summary>The front of a name in at most <paramref name="units"/> UTF-16 units, cut between characters as readers see them, between words
    /// where that keeps most of it, with dots.</summary>
    private static string Front(string name, int units)
    {
        if (name.Length <= units) return name;
        var front = new StringBuilder();
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(name);
        while (elements.MoveNext() && front.Length + elements.GetTextElement().Length + Cut.Length <= units) front.Append(elements.GetTextElement());
        string text = front.ToString();
        int space = text.LastIndexOf(' ');
        if (text.Length < name.Length && name[text.Length] != ' ' && space > text.Length * 3 / 5) text = text[..space];
        return text.TrimEnd(' ', ',', '.', ':', ';', '-') + Cut;
    }

    private static string Fill(string template, string place, string site)
    {
        // The names come last and in one pass, so that braces in them are only braces.
        var text = new StringBuilder(template.Length + place.Length + site.Length);
        for (int i = 0; i < template.Length; i++)
        {
            if (template.AsSpan(i).StartsWith("{place}")) (_, i) = (text.Append(place), i + 6);
            else if (template.AsSpan(i).StartsWith("{site}")) (_, i) = (text.Append(site), i + 5);
            else text.Append(template[i]);
        }
        return text.ToString();
    }

    private static string Marked(Language language, OperationStatus status, string text) => status switch
    {
        OperationStatus.Exercise => $"{language["mark.exercise"]} {text}",
        OperationStatus.Test => $"{language["mark.test"]} {text}",
        _ => text,
    };

    private static string Noted(Language language, OperationStatus status, string text) => status switch
    {
        OperationStatus.Exercise => $"{text} {language["note.exercise"]}",
        OperationStatus.Test => $"{text} {language["note.test"]}",
        _ => text,
    };

    private static string Act(WarningAct act) => act switch
    {
        WarningAct.Raised => "raised",
        WarningAct.Updated => "updated",
        WarningAct.Over => "over",
        _ => "retracted",
    };

    private static string Advised(Advice advice) => advice switch
    {
        Advice.Drop => "drop",
        Advice.AwayFromWindows => "awayFromWindows",
        _ => "shelter",
    };

    /// <summary>A name without control characters and marks of direction, which could break a line or turn it.</summary>
    private static string OneLine(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (char c in name)
            if (char.IsControl(c) || char.IsWhiteSpace(c)) text.Append(' ');
            else if (c is not ('\u200E' or '\u200F' or '\u061C' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))) text.Append(c);
        return text.ToString().Trim();
    }
}
