using System.Reflection;

namespace Tocsin.Tests.HouseRules;

/// <summary>Rules that the text of the repository keeps.</summary>
public class SourceTreeTests
{
    private const int MaxLines = 600;

    // Put together here so that this file keeps the rule itself.
    private static readonly string[] s_registryHosts =
        ["nuget" + ".org", "npmjs" + ".org", "npmjs" + ".com", "pypi" + ".org", "crates" + ".io", "docker" + ".io", "maven" + ".org", "proxy.golang" + ".org"];

    private static readonly string[] s_unfinished = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];

    [Fact]
    public void No_source_has_outgrown_one_subject() => Rule.Holds(TooLong(SourceTree.Sources.Select(f => (f, SourceTree.Text(f)))));

    [Fact]
    public void The_rule_sees_a_long_file()
    {
        string text = string.Concat(Enumerable.Repeat("x\n", MaxLines));
        Rule.Holds(TooLong([("fits.cs", text)]));
        Assert.Single(TooLong([("long.cs", text + "x\n")]));
    }

    [Fact]
    public void No_file_names_a_package_registry() => Rule.Holds(Containing(SourceTree.Files, SourceTree.Text, s_registryHosts));

    [Fact]
    public void No_source_is_unfinished() => Rule.Holds(Containing(SourceTree.Sources, SourceTree.Text, s_unfinished));

    [Fact]
    public void The_rule_sees_a_forbidden_word()
    {
        string[] found = [.. Containing(["a.cs", "b.cs"], f => f == "a.cs" ? "fine" : "line\n// see https://api." + s_registryHosts[0], s_registryHosts)];
        Assert.Equal(["b.cs line 2 contains " + s_registryHosts[0]], found);
    }

    [Fact]
    public void Every_limit_is_used() => Rule.Holds(Unused(typeof(Limits), SourceTree.Sources
        .Where(f => f.StartsWith("src/", StringComparison.Ordinal) && !f.EndsWith("/Limits.cs", StringComparison.Ordinal)).Select(SourceTree.Text)));

    [Fact]
    public void The_rule_sees_an_unused_limit() =>
        Assert.DoesNotContain(nameof(Limits.Tracks), Unused(typeof(Limits), ["if (n > Limits.Tracks) return;"]));

    [Fact]
    public void The_rule_is_not_deceived_by_a_longer_name() =>
        Assert.Contains(nameof(Limits.Tracks), Unused(typeof(Limits), ["if (n > Limits.TracksPerSensor) return;"]));

    private static IEnumerable<string> TooLong(IEnumerable<(string File, string Text)> files) => files
        .Select(f => (f.File, Lines: f.Text.AsSpan().Count('\n'))).Where(f => f.Lines > MaxLines)
        .Select(f => $"{f.File} has {f.Lines} lines; more than {MaxLines} is more than one subject: split it by subject");

    private static IEnumerable<string> Containing(IEnumerable<string> files, Func<string, string> text, string[] words) =>
        from file in files
        let lines = text(file).Split('\n')
        from i in Enumerable.Range(0, lines.Length)
        from word in words
        where lines[i].Contains(word, StringComparison.OrdinalIgnoreCase) && (word.Contains('.', StringComparison.Ordinal) || lines[i].Contains(word, StringComparison.Ordinal))
        select $"{file} line {i + 1} contains {word}";

    private static IEnumerable<string> Unused(Type limits, IEnumerable<string> sources)
    {
        string all = string.Join('\n', sources);
        return limits.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.Name)
            .Where(n => !System.Text.RegularExpressions.Regex.IsMatch(all, $@"\bLimits\.{n}\b", default, TimeSpan.FromSeconds(5)));
    }
}
