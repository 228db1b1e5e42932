namespace Tocsin.Tests.HouseRules;

/// <summary>A rule of the house: it holds, or the test names everything that breaks it.</summary>
internal static class Rule
{
    /// <summary>Asserts that nothing breaks the rule.</summary>
    public static void Holds(IEnumerable<string> violations)
    {
        string[] all = [.. violations];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
