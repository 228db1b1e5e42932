using Tocsin.Formats.GeoJson;
using Tocsin.Simulation.Lint;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Cli;

/// <summary>A scenario and the site that it names, as their files say, before anything is drawn.</summary>
internal sealed class RaidFiles
{
    private RaidFiles(Scenario scenario, SiteFile site, LintFiles names) => (Scenario, Site, Names) = (scenario, site, names);

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>The site.</summary>
    public SiteFile Site { get; }

    /// <summary>What findings call the two files.</summary>
    public LintFiles Names { get; }

    /// <summary>Reads a scenario and its site.</summary>
    /// <exception cref="UnusableException">A file cannot be used.</exception>
    public static RaidFiles Read(string scenarioPath)
    {
        InputFile.RefuseFolder(scenarioPath);
        Scenario scenario = ScenarioFile.Read(scenarioPath).OrThrow();
        SiteFile site = SiteFile.Read(ScenarioFile.SitePath(scenarioPath, scenario)).OrThrow();
        // The site as the scenario's own path leads to it: shorter than the full path, and it can be clicked.
        string sitePath = Path.Combine(Path.GetDirectoryName(scenarioPath) ?? "", scenario.Site);
        return new(scenario, site, new() { Scenario = scenarioPath, Site = sitePath, SiteJson = site.CanonicalUtf8 });
    }

    /// <summary>What the linter says of them.</summary>
    public LintReport Lint() => ScenarioLinter.Check(Scenario, Site.Definition, Names);

    /// <summary>What the linter says of them; an error ends the command.</summary>
    /// <exception cref="UnusableException">The scenario cannot be run at its site.</exception>
    public LintReport Checked()
    {
        LintReport report = Lint();
        return report.FirstError is { } error ? throw new UnusableException(error.Line) : report;
    }

    /// <summary>Tells the linter's warnings on standard error.</summary>
    public static void Tell(LintReport report, Host host)
    {
        foreach (LintFinding warning in report.Warnings) host.Error.WriteLine(Host.OneLine($"warning: {warning.Line}"));
    }
}
