using System.Collections.Immutable;
using System.Reflection;
using Tocsin.Server.Channels;

namespace Tocsin.Server.Messages;

/// <summary>The languages that warnings are written in.</summary>
public sealed class MessageCatalog
{
    private const string Folder = "languages/";
    private static readonly Lazy<MessageCatalog> Ours = new(() => Load(EmbeddedFiles(), []));

    private MessageCatalog(ImmutableArray<Language> languages, ImmutableArray<LanguageProblem> problems) => (Languages, Problems) = (languages, problems);

    /// <summary>The languages that are built into the program. One that is wrong is left out, as a warning in the others is better than none; a test keeps
    /// a build with one from being released.</summary>
    public static MessageCatalog Embedded => Ours.Value;

    /// <summary>The languages, English first and then by tag.</summary>
    public ImmutableArray<Language> Languages { get; }

    /// <summary>What is wrong with the languages that were left out.</summary>
    public ImmutableArray<LanguageProblem> Problems { get; }

    /// <summary>Reads language files; those that are wrong are left out, and named in <paramref name="problems"/>.</summary>
    public static MessageCatalog Load(IEnumerable<(string File, byte[] Json)> files, List<LanguageProblem> problems)
    {
        ImmutableArray<Language> languages =
            [.. files.Select(f => Language.Read(f.File, f.Json, problems)).OfType<Language>().OrderBy(l => l.Tag != "en").ThenBy(l => l.Tag, StringComparer.Ordinal)];
        return new(languages, [.. problems]);
    }

    /// <summary>A language by its tag; null where there is none.</summary>
    public Language? Find(string tag) => Languages.FirstOrDefault(l => string.Equals(l.Tag, tag, StringComparison.OrdinalIgnoreCase));

    /// <summary>The texts of a message by language, in the order of the settings. For an actual warning signed-off languages alone are composed.</summary>
    public ImmutableArray<WarningText> Compose(WarningMessage message, LanguageSettings settings)
    {
        var texts = ImmutableArray.CreateBuilder<WarningText>();
        foreach (LanguageChoice choice in settings.Choices)
        {
            if (Find(choice.Tag) is not { } language) continue;
            bool reviewed = choice.IsSigned && choice.Holds(language);
            if (reviewed || message.Status != OperationStatus.Actual) texts.Add(WarningComposer.Compose(language, message, reviewed));
        }
        return texts.ToImmutable();
    }

    /// <summary>The texts of a message that may leave the site: unsigned ones never leave as an actual warning, whoever composed them.</summary>
    public static IEnumerable<WarningText> Sendable(WarningMessage message) => message.Texts.Where(t => t.Reviewed || message.Status != OperationStatus.Actual);

    private static IEnumerable<(string, byte[])> EmbeddedFiles()
    {
        Assembly here = typeof(MessageCatalog).Assembly;
        foreach (string name in here.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using Stream from = here.GetManifestResourceStream(name)!;
            using var to = new MemoryStream();
            from.CopyTo(to);
            yield return (name, to.ToArray());
        }
    }
}
