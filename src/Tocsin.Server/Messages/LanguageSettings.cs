using System.Collections.Immutable;
using System.Globalization;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Messages;

/// <summary>A language that a site uses, and who has signed its wording off.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="ReviewedBy">Who read the texts and answers for them; null where nobody has.</param>
/// <param name="ReviewedOn">When.</param>
/// <param name="Wording">The <see cref="Language.Wording"/> that was read; null where the sign-off does not say.</param>
public sealed record LanguageChoice(string Tag, string? ReviewedBy = null, DateOnly? ReviewedOn = null, string? Wording = null)
{
    /// <summary>Whether somebody has signed it off.</summary>
    public bool IsSigned => ReviewedBy is not null && ReviewedOn is not null;

    /// <summary>Whether the sign-off is for the wording that the program has.</summary>
    public bool Holds(Language language) => Wording is null || string.Equals(Wording, language.Wording, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The languages of a site: the list <c>languages</c> of its configuration.</summary>
/// <param name="Choices">The languages, the site's first first.</param>
public sealed record LanguageSettings(ImmutableArray<LanguageChoice> Choices)
{
    /// <summary>Every built-in language, none of them signed off: what exercises and tests have without a configuration.</summary>
    public static LanguageSettings Unsigned => new([.. MessageCatalog.Embedded.Languages.Select(l => new LanguageChoice(l.Tag))]);

    /// <summary>Reads the list <c>languages</c>; an empty one gives <see cref="Unsigned"/>.</summary>
    /// <param name="sections">The sections of the list.</param>
    /// <param name="catalog">The languages that there are; the built-in ones where it is null.</param>
    public static LanguageSettings Read(IReadOnlyList<ConfigSection> sections, MessageCatalog? catalog = null)
    {
        catalog ??= MessageCatalog.Embedded;
        var choices = ImmutableArray.CreateBuilder<LanguageChoice>();
        foreach (ConfigSection s in sections)
        {
            string known = string.Join(", ", catalog.Languages.Select(l => l.Tag));
            string tag = s.Text("tag", $"give one of {known}", t => catalog.Find(t) is not null);
            string? by = s.OptionalText("reviewedBy", "give the name of who read the texts and answers for them");
            string? on = s.OptionalText("reviewedOn", "give the date of the review, as 2026-01-31", static t => Date(t) is not null);
            string? wording = s.OptionalText("wording", "give the 12 digits that this language's texts have (see docs/channels/languages.md)");
            if (by is null != on is null) s.Wrong(by is null ? "reviewedBy" : "reviewedOn", "nothing", "give both reviewedBy and reviewedOn, or neither");
            if (catalog.Find(tag) is { } language)
            {
                LanguageChoice choice = new(language.Tag, by, on is null ? null : Date(on), wording);
                if (!choice.Holds(language)) s.Wrong("wording", $"\"{wording}\"", $"the texts are now {language.Wording}: have them read again, and give this");
                if (choices.Any(c => c.Tag == choice.Tag)) s.Wrong("tag", $"\"{tag}\"", "give each language once");
                else choices.Add(choice);
            }
            s.End();
        }
        return sections.Count == 0 ? Unsigned : new(choices.ToImmutable());
    }

    /// <summary>What is wrong with these languages for a site of this status; null where nothing is. A real site cannot warn in words that nobody signed.</summary>
    public ConfigProblem? Check(OperationStatus status, MessageCatalog? catalog = null)
    {
        catalog ??= MessageCatalog.Embedded;
        if (status != OperationStatus.Actual || Choices.Any(c => c.IsSigned && catalog.Find(c.Tag) is { } l && c.Holds(l))) return null;
        return new("languages", Choices.Length == 0 ? "nothing" : "no language that is signed off",
            "have a speaker read the texts of one language at least, and give {\"tag\": …, \"reviewedBy\": …, \"reviewedOn\": …}; a real site sends nothing unsigned");
    }

    private static DateOnly? Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : null;
}
