using Tocsin.Formats.GeoJson;
using Tocsin.Simulation;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Report;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Cli;

/// <summary>One run of a scenario with the site file that it names: what the simulation made, ready to be played to a Site.</summary>
internal sealed class Raid
{
    /// <summary>The report's name in its folder.</summary>
    public const string ReportName = "report.html";

    private Raid(SiteFile site, SimulationRun run) => (Site, Run) = (site, run);

    /// <summary>The site.</summary>
    public SiteFile Site { get; }

    /// <summary>The run: its truth and its plots.</summary>
    public SimulationRun Run { get; }

    /// <summary>The scenario's title.</summary>
    public string Title => Run.Scenario.Name;

    /// <summary>Reads a scenario and its site, and draws the run.</summary>
    /// <exception cref="UnusableException">A file cannot be used.</exception>
    public static Raid Load(string scenarioPath, long? seed)
    {
        Scenario scenario = ScenarioFile.Read(scenarioPath).OrThrow();
        SiteFile site = SiteFile.Read(ScenarioFile.SitePath(scenarioPath, scenario)).OrThrow();
        return Draw(site, scenario, seed);
    }

    /// <summary>Draws a run of a scenario at a site.</summary>
    /// <exception cref="UnusableException">The scenario cannot be flown there.</exception>
    public static Raid Draw(SiteFile site, Scenario scenario, long? seed, int run = 0) => new(site, SimulationRun.Prepare(scenario, site.Definition, seed, run).OrThrow());

    /// <summary>Measures what the Site said against what was true.</summary>
    public ScoreSummary Score(RunLog log) => Simulation.Measures.Score.Compute(Site.Definition, log, Run.Truth);

    /// <summary>Writes the truth.</summary>
    /// <exception cref="UnusableException">The file cannot be written.</exception>
    public void WriteTruth(string name, Host host)
    {
        using Stream stream = OutputFile.Open(name, host);
        TruthFile.Write(stream, Run.Truth);
    }

    /// <summary>Writes the report into a folder, and gives the file's path.</summary>
    /// <exception cref="UnusableException">The file cannot be written.</exception>
    public string WriteReport(string folder, RunLog log, ScoreSummary score, Host host)
    {
        string path = Path.Combine(folder, ReportName);
        using var writer = new StreamWriter(OutputFile.Open(path, host));
        HtmlReport.Write(writer, Context(), Site.Definition, log, Run.Truth, score);
        return path;
    }

    private ReportContext Context() => ReportContext.Of(Run.Scenario, Run.Seed, Formats.Events.RecordingHeader.ThisProduct);
}
