using System.Text.Json;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Tests;

public sealed class ConfigSectionTests
{
    private static List<ConfigProblem> Read(string json, Action<ConfigSection> read)
    {
        List<ConfigProblem> problems = [];
        using JsonDocument document = JsonDocument.Parse(json);
        var section = new ConfigSection(document.RootElement, problems);
        read(section);
        section.End();
        return problems;
    }

    [Fact]
    public void A_wrong_value_is_named_with_its_key_and_what_would_be_right()
    {
        List<ConfigProblem> problems = Read("""{"channels":[{"port":"x"},{"port":70000}]}""", top =>
        {
            foreach (ConfigSection s in top.Sections("channels"))
            {
                Assert.Equal(1883, s.Count("port", 1883, 1, 65535));
                s.End();
            }
        });
        Assert.Equal(["channels[0].port: \"x\" is not right; give a whole number from 1 to 65535", "channels[1].port: 70000 is not right; give a whole number from 1 to 65535"],
            problems.Select(p => p.ToString()));
    }

    [Fact]
    public void A_mistyped_key_is_a_problem_that_names_the_keys_there_are()
    {
        ConfigProblem p = Assert.Single(Read("""{"hots":"a"}""", s => s.OptionalText("host")));
        Assert.Equal("hots", p.Key);
        Assert.Contains("host", p.Right, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_never_shown()
    {
        ConfigProblem p = Assert.Single(Read("""{"password":{"oops":"hunter2"}}""", s => Assert.Null(s.OptionalSecret("password"))));
        Assert.DoesNotContain("hunter2", p.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_has_its_default_and_no_problem()
    {
        Assert.Empty(Read("{}", s =>
        {
            Assert.Null(s.OptionalText("a"));
            Assert.Equal(3, s.Number("b", 3, 0, 9));
            Assert.True(s.Flag("c", true));
            Assert.Equal(7, s.Choice("d", 7, ("seven", 7), ("eight", 8)));
            Assert.Empty(s.Texts("e"));
            Assert.Empty(s.Sections("f"));
            s.Section("g").End();
        }));
    }
}
