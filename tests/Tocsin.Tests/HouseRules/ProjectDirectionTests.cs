using System.Xml.Linq;

namespace Tocsin.Tests.HouseRules;

/// <summary>Everything points at Tocsin; Formats and Simulation do not know each other; only Cli knows all.</summary>
public class ProjectDirectionTests
{
    /// <summary>What each project of src may refer to. A new project gets its line here, with thought.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        ["Tocsin"] = [],
        ["Tocsin.Formats"] = ["Tocsin"],
        ["Tocsin.Simulation"] = ["Tocsin"],
        ["Tocsin.Campaigns"] = ["Tocsin", "Tocsin.Simulation"],
        ["Tocsin.Server"] = ["Tocsin", "Tocsin.Formats"],
        ["Tocsin.Cli"] = ["Tocsin", "Tocsin.Formats", "Tocsin.Simulation", "Tocsin.Campaigns", "Tocsin.Server"],
    };

    [Fact]
    public void Project_references_point_one_way() => Rule.Holds(SourceTree.Files
        .Where(f => f.StartsWith("src/", StringComparison.Ordinal) && f.EndsWith(".csproj", StringComparison.Ordinal))
        .SelectMany(f => Violations(Path.GetFileNameWithoutExtension(f), SourceTree.Text(f))));

    [Theory]
    [InlineData("Tocsin.Formats", "<ProjectReference Include='../Tocsin.Simulation/Tocsin.Simulation.csproj' />")]
    [InlineData("Tocsin.Server", "<ProjectReference Include='../Tocsin.Simulation/Tocsin.Simulation.csproj' />")]
    [InlineData("Tocsin.Simulation", "<ProjectReference Include='../Tocsin.Campaigns/Tocsin.Campaigns.csproj' />")]
    [InlineData("Tocsin", "<ProjectReference Include='../Tocsin.Formats/Tocsin.Formats.csproj' />")]
    [InlineData("Tocsin", "<PackageReference Include='NetTopologySuite' />")]
    [InlineData("Tocsin.Unheard", "<ProjectReference Include='../Tocsin/Tocsin.csproj' />")]
    public void The_rule_sees_a_wrong_direction(string project, string item) =>
        Assert.Single(Violations(project, $"<Project><ItemGroup>{item}</ItemGroup></Project>"));

    private static IEnumerable<string> Violations(string project, string xml)
    {
        XDocument document = XDocument.Parse(xml);
        foreach (XElement reference in document.Descendants("ProjectReference"))
        {
            string target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));
            if (!s_allowed.TryGetValue(project, out string[]? allowed)) yield return $"{project} has no place in the house yet";
            else if (!allowed.Contains(target, StringComparer.Ordinal)) yield return $"{project} must not refer to {target}";
        }
        if (project != "Tocsin") yield break;
        // The core may be checked by analyzers, which leave nothing in it, and by nothing else.
        foreach (XElement package in document.Descendants("PackageReference").Where(p => p.Attribute("PrivateAssets")?.Value != "all"))
            yield return $"the core must not use the package {package.Attribute("Include")?.Value}";
    }
}
