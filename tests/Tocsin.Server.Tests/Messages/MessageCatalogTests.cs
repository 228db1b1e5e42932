using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Tocsin.Server.Channels;
using Tocsin.Server.Configuration;
using Tocsin.Server.Messages;
using Tocsin.TestSupport;

namespace Tocsin.Server.Tests.Messages;

public sealed class MessageCatalogTests
{
    private static readonly MessageCatalog Catalog = MessageCatalog.Embedded;

    /// <summary>3GPP TS 23.038, table 6.2.1, in the order of its codes; the escape at 1B is written as U+001B.</summary>
    private const string GsmTable =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.String[Gen.Char["abc XYZ-[]{}€éжшמעبصу\u0301"], 1, 400], Gen.Const("😀👩‍👩‍👧‍👦 place"), Gen.Const("Z"), Gen.String[1, 60], Gen.Const("المنطقة الخضراء"), Gen.Const("{place}{site}"));

    /// <summary>Counts as the standard's table says, code by code.</summary>
    private static int Septets(string text)
    {
        int n = 0;
        foreach (char c in text)
        {
            if (c != '\u001b' && GsmTable.Contains(c, StringComparison.Ordinal)) n++;
            else if ("\f^{}\\[~]|€".Contains(c, StringComparison.Ordinal)) n += 2;
            else return text.Length;
        }
        return n;
    }

    [Fact]
    public void Wireless_length_is_the_standards()
    {
        Assert.Equal(128, GsmTable.Length);
        Assert.Equal(128, GsmTable.Distinct().Count());
        Name.Sample(t => Assert.Equal(Septets(t), WirelessLength.Of(t)), iter: 500);
        Assert.Equal((160, 2), (WirelessLength.Of(new string('€', 80)), WirelessLength.Pages(new string('€', 80))));
        Assert.Equal((90, 1), (WirelessLength.Of(new string('a', 90)), WirelessLength.Pages(new string('a', 90))));
        Assert.Equal((90, 3), (WirelessLength.Of(new string('ж', 90)), WirelessLength.Pages(new string('ж', 90))));
        // TS 23.041: fifteen pages at most.
        Assert.True(WirelessLength.Pages(new string('ж', WirelessLength.Long)) <= 15);
    }

    [Fact]
    public void Every_text_fits_and_keeps_its_mark_and_its_advice_whatever_the_names_are() =>
        Gen.Select(Name, Name, Gen.Enum<WarningAct>(), Gen.Enum<Advice>(), Gen.Enum<OperationStatus>()).Sample((zone, site, act, advice, status) =>
        {
            WarningMessage m = Sample.Message() with { Zone = Sample.Zone with { Name = zone }, Site = site, Act = act, Advice = advice, Status = status };
            foreach (WarningText t in Catalog.Compose(m, Sample.Signed([.. Catalog.Languages.Select(l => l.Tag)])))
            {
                Language l = Catalog.Find(t.Language)!;
                Assert.InRange(Septets(t.Short90), 1, 90);
                Assert.InRange(Septets(t.Long360), 1, 360);
                Assert.InRange(Septets(t.Headline), 1, 160);
                if (!m.IsEnd)
                {
                    string key = advice switch { Advice.Drop => "drop", Advice.Shelter => "shelter", _ => "awayFromWindows" };
                    Assert.Contains(l["brief." + key], t.Short90, StringComparison.Ordinal);
                    Assert.Contains(l["instruction." + key], t.Long360, StringComparison.Ordinal);
                    Assert.Contains(l["until"], t.Long360, StringComparison.Ordinal);
                    Assert.StartsWith(l["instruction." + key], t.Instruction, StringComparison.Ordinal);
                }
                if (status != OperationStatus.Actual)
                {
                    string key = status == OperationStatus.Exercise ? "exercise" : "test";
                    foreach (string text in (string[])[t.Headline, t.Short90, t.Long360]) Assert.StartsWith(l["mark." + key] + " ", text, StringComparison.Ordinal);
                    foreach (string text in (string[])[t.Instruction, t.Long360]) Assert.EndsWith(l["note." + key], text, StringComparison.Ordinal);
                }
                foreach (string text in (string[])[t.Headline, t.Short90, t.Long360])
                {
                    Assert.DoesNotContain('\n', text);
                    // No character is cut in two: what is not a lone surrogate in the names is none here.
                    if (IsWhole(zone) && IsWhole(site)) Assert.True(IsWhole(text), text);
                }
            }
        }, iter: 200);

    private static bool IsWhole(string text) => !text.EnumerateRunes().Contains(Rune.ReplacementChar);

    [Fact]
    public void A_short_zone_is_named_with_its_site_and_a_long_one_is_cut_between_words()
    {
        static string Short(string zone) => Catalog.Compose(Sample.Message() with { Zone = Sample.Zone with { Name = zone } }, new([new("en")]))[0].Short90;
        Assert.Equal("EXERCISE: Rockets incoming, Quay, Green Zone: Go to shelter now. Stay till it is over.", Short("Quay"));
        Assert.Equal("EXERCISE: Rockets incoming, North container quay: Go to shelter now. Stay till it is over.", Short("North container quay"));
        Assert.Equal("EXERCISE: Rockets incoming, North container...: Go to shelter now. Stay till it is over.", Short("North container quay east"));
        // Here the last whole word is too early: more of the name says more.
        Assert.Equal("EXERCISE: Rockets incoming, Northern containe...: Go to shelter now. Stay till it is over.", Short("Northern container terminal"));
        Assert.Equal("EXERCISE: Rockets incoming, Green Zone east: Go to shelter now. Stay till it is over.", Short("Green Zone east"));
    }

    [Theory]
    [InlineData("ar", '\u0600', '\u06ff')]
    [InlineData("he", '\u0590', '\u05ff')]
    [InlineData("uk", '\u0400', '\u04ff')]
    [InlineData("fr", 'A', '\u00ff')]
    [InlineData("en", 'A', 'z')]
    public void A_language_is_in_its_own_letters(string tag, char first, char last)
    {
        Language l = Catalog.Find(tag)!;
        Assert.Equal(tag is "ar" or "he" ? TextDirection.RightToLeft : TextDirection.LeftToRight, l.Direction);
        foreach (string key in Language.Keys)
        {
            string words = string.Concat(l[key].Split('{').Select((part, n) => n == 0 ? part : part[(part.IndexOf('}', StringComparison.Ordinal) + 1)..]));
            Assert.All(words.Where(char.IsLetter), c => Assert.InRange(c, first, last));
            // Ukrainian does without these; Russian does not.
            if (tag == "uk") Assert.DoesNotContain(words, c => "ыэъёЫЭЪЁ".Contains(c, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_real_site_composes_signed_languages_only_and_an_exercise_marks_the_others()
    {
        LanguageSettings some = new([new("fr"), .. Sample.Signed("uk").Choices]);
        Assert.Equal([("uk", true)], Catalog.Compose(Sample.Message(status: OperationStatus.Actual), some).Select(t => (t.Language, t.Reviewed)));
        Assert.Equal([("fr", false), ("uk", true)], Catalog.Compose(Sample.Message(), some).Select(t => (t.Language, t.Reviewed)));
        Assert.Empty(Catalog.Compose(Sample.Message(status: OperationStatus.Actual), LanguageSettings.Unsigned));
        // What somebody else composed does not slip through either.
        Assert.Empty(MessageCatalog.Sendable(Sample.Message() with { Status = OperationStatus.Actual }));
    }

    [Fact]
    public void A_sign_off_of_another_wording_does_not_hold()
    {
        List<ConfigProblem> problems = [];
        LanguageSettings settings = Read("""[{"tag":"ar","reviewedBy":"A","reviewedOn":"2026-01-31","wording":"000000000000"}]""", problems);
        Assert.Equal("languages[0].wording", Assert.Single(problems).Key);
        Assert.NotNull(settings.Check(OperationStatus.Actual));
        Assert.Empty(Catalog.Compose(Sample.Message(status: OperationStatus.Actual), settings));
        problems.Clear();
        settings = Read($$"""[{"tag":"ar","reviewedBy":"A","reviewedOn":"2026-01-31","wording":"{{Catalog.Find("ar")!.Wording}}"}]""", problems);
        Assert.Empty(problems);
        Assert.Null(settings.Check(OperationStatus.Actual));
        Assert.Single(Catalog.Compose(Sample.Message(status: OperationStatus.Actual), settings));
    }

    [Theory]
    [InlineData("""[{"tag":"xx"}]""", "languages[0].tag")]
    [InlineData("""[{"tag":"ar","reviewedBy":"A"}]""", "languages[0].reviewedOn")]
    [InlineData("""[{"tag":"ar","reviewedOn":"2026-01-31"}]""", "languages[0].reviewedBy")]
    [InlineData("""[{"tag":"ar","reviewedBy":"A","reviewedOn":"31.1.2026"}]""", "languages[0].reviewedOn")]
    [InlineData("""[{"tag":"ar"},{"tag":"ar"}]""", "languages[1].tag")]
    [InlineData("""[{"tag":"ar","reviewed":true}]""", "languages[0].reviewed")]
    public void A_wrong_setting_is_named(string json, string key)
    {
        List<ConfigProblem> problems = [];
        Read(json, problems);
        Assert.Contains(problems, p => p.Key == key);
    }

    [Fact]
    public void A_real_site_without_a_signed_language_is_a_problem_and_an_exercise_is_not()
    {
        Assert.NotNull(LanguageSettings.Unsigned.Check(OperationStatus.Actual));
        Assert.Null(LanguageSettings.Unsigned.Check(OperationStatus.Exercise));
        Assert.Null(LanguageSettings.Unsigned.Check(OperationStatus.Test));
        Assert.Null(Sample.Signed("he").Check(OperationStatus.Actual));
        Assert.Equal(["en", "ar", "fr", "he", "uk"], Read("[]", []).Choices.Select(c => c.Tag));
    }

    [Fact]
    public void Every_language_file_is_right_and_every_spoiling_of_one_is_named()
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "web/languages/fr.json");
        Assert.Empty(Catalog.Problems);
        Assert.Equal(["en", "ar", "fr", "he", "uk"], Catalog.Languages.Select(l => l.Tag));
        Assert.Empty(Problems(_ => { }));
        Assert.Equal([("messages.until", "the text is missing")], Problems(m => m.Remove("until")));
        Assert.Equal([("messages.later", "no text has this name; leave it out")], Problems(m => m["later"] = "x"));
        Assert.Equal([("messages.until", "it is not a text")], Problems(m => m["until"] = 5).Take(1));
        Assert.Contains(("messages.headline.over", "the placeholder {plce} is unknown here; known are {place}"), Problems(m => m["headline"]!["over"] = "Fin {plce}"));
        Assert.Contains(("messages.headline.over", "the placeholder {place} must be there exactly once"), Problems(m => m["headline"]!["over"] = "Fin"));
        Assert.Contains(("messages.headline.over", "a brace is not closed, or closes nothing"), Problems(m => m["headline"]!["over"] = "Fin {place"));
        Assert.Contains(("messages.headline.over", "it begins with a placeholder; begin with a word of the language"), Problems(m => m["headline"]!["over"] = "{place} fin"));
        Assert.Contains(Problems(m => m["brief"]!["drop"] = new string('x', 60)), p => p.Key == "messages.short.raised" && p.Says.Contains("too little room", StringComparison.Ordinal));
        Assert.Contains(Problems(m => m["instruction"]!["drop"] = new string('x', 300)), p => p.Key == "messages.long.raised");
        List<LanguageProblem> other = [];
        Assert.Null(Language.Read("de.json", File.ReadAllBytes(path), other));
        Assert.Equal("tag", Assert.Single(other).Key);
        other.Clear();
        Assert.Null(Language.Read("fr.json", "{"u8.ToArray(), other));
        Assert.Contains("not JSON", Assert.Single(other).ToString(), StringComparison.Ordinal);

        List<(string Key, string Says)> Problems(Action<JsonObject> spoil)
        {
            JsonObject root = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            spoil(root["messages"]!.AsObject());
            List<LanguageProblem> problems = [];
            Language? language = Language.Read("fr.json", Encoding.UTF8.GetBytes(root.ToJsonString()), problems);
            Assert.True(language is null == problems.Count > 0);
            return [.. problems.Select(p => (p.Key, p.Says))];
        }
    }

    private static LanguageSettings Read(string list, List<ConfigProblem> problems) =>
        LanguageSettings.Read(Sample.Section($$"""{"languages":{{list}}}""", problems).Sections("languages"));
}
