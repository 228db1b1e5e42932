using Tocsin.Formats.Cap;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.Cap;

public sealed class CapRulesTests
{
    private static CapArea Area => CapSamples.Info.Areas[0];

    /// <summary>One message for each rule that breaks it and no other.</summary>
    public static TheoryData<string> Rules => [.. Breaks.Keys];

    private static readonly Dictionary<string, CapAlert> Breaks = new(StringComparer.Ordinal)
    {
        ["identifier-form"] = CapSamples.Alert with { Identifier = "a b" },
        ["sender-form"] = CapSamples.Alert with { Sender = "a,b" },
        ["utc-form"] = CapSamples.Alert with { Sent = CapSamples.Time("2026-11-23T22:43:05+00:00") },
        ["references-required"] = CapSamples.Alert with { MsgType = CapMsgType.Cancel },
        ["references-form"] = CapSamples.Alert with { MsgType = CapMsgType.Update, References = ["a@b,1"] },
        ["references-earlier"] = CapSamples.Alert with { MsgType = CapMsgType.Update, References = [CapSamples.Alert.Reference.ToString()] },
        ["exercise-note"] = CapSamples.Alert with { Note = null },
        ["error-note"] = CapSamples.Alert with { Status = CapStatus.Actual, MsgType = CapMsgType.Error, Note = null, References = ["a@b,1,2026-11-23T22:00:00-00:00"] },
        ["restriction"] = CapSamples.Alert with { Scope = CapScope.Restricted },
        ["addresses"] = CapSamples.Alert with { Scope = CapScope.Private },
        ["info-present"] = CapSamples.Alert with { Infos = [] },
        ["language-form"] = CapSamples.With(i => i with { Language = "english_UK" }),
        ["event-present"] = CapSamples.With(i => i with { Event = " " }),
        ["same-category"] = CapSamples.Alert with { Infos = [CapSamples.Info, CapSamples.Info with { Categories = [CapCategory.Met] }] },
        ["expires-later"] = CapSamples.With(i => i with { Expires = CapSamples.Alert.Sent }),
        ["expires-present"] = CapSamples.With(i => i with { Expires = null }),
        ["advice-present"] = CapSamples.With(i => i with { Instruction = null }),
        ["value-names"] = CapSamples.With(i => i with { Parameters = [new("", "1")] }),
        ["web-absolute"] = CapSamples.With(i => i with { Web = "page.html" }),
        ["resource-form"] = CapSamples.With(i => i with { Resources = [new CapResource { ResourceDesc = "map", MimeType = "image/png", Size = -1 }] }),
        ["area-described"] = CapSamples.WithArea(Area with { AreaDesc = "" }),
        ["polygon-closed"] = CapSamples.WithArea(Area with { Polygons = [Area.Polygons[0].RemoveAt(3)] }),
        ["wgs84"] = CapSamples.WithArea(Area with { Polygons = [[new(120, 33), new(121, 33), new(121, 34), new(120, 33)]] }),
        ["polygon-simple"] = CapSamples.WithArea(Area with { Polygons = [[new(0, 0), new(1, 1), new(0, 1), new(1, 0), new(0, 0)]] }),
        ["circle-radius"] = CapSamples.WithArea(Area with { Circles = [new(new(1, 1), -1)] }),
        ["ceiling-with-altitude"] = CapSamples.WithArea(Area with { CeilingFt = 1 }),
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_names_the_message_that_breaks_it_and_no_other_rule_does(string rule)
    {
        CapAlert broken = Breaks[rule];
        Assert.Equal(rule, Assert.Single(CapRules.Check(broken)).Rule);
        // The parser, which keeps the schema, has nothing against it: the rule is needed.
        Assert.Empty(CapParser.Parse(CapWriter.Write(broken)).Problems);
    }

    [Fact]
    public void Every_rule_has_a_message_that_breaks_it() => Assert.Equal(CapRules.All.Select(r => r.Id), Breaks.Keys);

    [Fact]
    public void A_good_message_breaks_none() => Assert.Empty(CapRules.Check(CapSamples.Alert));

    [Fact]
    public void Every_rule_stands_in_the_page()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs/channels/cap.md"));
        foreach (CapRule r in CapRules.All) Assert.Contains($"| `{r.Id}` | {r.Says} | {r.Source} |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Expiry_is_compared_on_the_time_line_and_not_by_the_hours_on_the_clock()
    {
        // 23:48 in Baghdad is 20:48 in UTC, two hours before the message.
        Assert.Contains(CapRules.Check(CapSamples.With(i => i with { Expires = CapSamples.Time("2026-11-23T23:48:05+03:00") })), p => p.Rule == "expires-later");
        Assert.Empty(CapRules.Check(CapSamples.With(i => i with { Expires = CapSamples.Time("2026-11-24T01:48:05+03:00") })));
    }
}
