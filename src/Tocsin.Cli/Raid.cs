using Tocsin.Formats.GeoJson;
using Tocsin.Simulation;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.People;
using Tocsin.Simulation.Report;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Cli;

/// <summary>One run of a scenario with the site file that it names: what the simulation made, ready to be played to a Site.</summary>
internal sealed class Raid
{
    /// <summary>The report's name in its folder.</summary>
    public const string ReportName = "report.html";

    private Raid(SiteFile site, SimulationRun run) => (Site, Run, Motion) = (site, run, run.Begin());

    /// <summary>The site.</summary>
    public SiteFile Site { get; }

    /// <summary>The run as it would be without a defence.</summary>
    public SimulationRun Run { get; }

    /// <summary>The run under way: whoever plays it lets this hear the Site and takes its plots. It can be played once.</summary>
    public RaidInMotion Motion { get; }

    /// <summary>The scenario's title.</summary>
    public string Title => Run.Scenario.Name;

    /// <summary>Reads a scenario and its site, and draws the run.</summary>
    /// <exception cref="UnusableException">A file cannot be used.</exception>
    public static Raid Load(string scenarioPath, long? seed) => Draw(RaidFiles.Read(scenarioPath), seed);

    /// <summary>Draws the run of files that were read.</summary>
    /// <exception cref="UnusableException">The scenario cannot be flown at its site.</exception>
    public static Raid Draw(RaidFiles files, long? seed) =>
        SimulationRun.Prepare(files.Scenario, files.Site.Definition, seed).Succeeded(out SimulationRun? run, out string? problem)
            ? new(files.Site, run) : throw new UnusableException($"{files.Names.Scenario}: {problem}");

    /// <summary>Draws a run of a scenario at a site.</summary>
    /// <exception cref="UnusableException">The scenario cannot be flown there.</exception>
    public static Raid Draw(SiteFile site, Scenario scenario, long? seed, int run = 0) => new(site, SimulationRun.Prepare(scenario, site.Definition, seed, run).OrThrow());

    /// <summary>Measures what the Site said against what was true. The run is over.</summary>
    public ScoreSummary Score(RunLog log) => Simulation.Measures.Score.Compute(Site.Definition, log, Motion.Truth, Motion.Engagement);

    /// <summary>Follows the people through the run. The run is over.</summary>
    public PeopleSummary People(RunLog log) => PeopleModel.Judge(Run, log, Motion.Strikes);

    /// <summary>Writes the truth. The run is over.</summary>
    /// <exception cref="UnusableException">The file cannot be written.</exception>
    public void WriteTruth(string name, Host host)
    {
        using Stream stream = OutputFile.Open(name, host);
        TruthFile.Write(stream, Motion.Truth);
    }

    /// <summary>Writes the report into a folder, and gives the file's path.</summary>
    /// <exception cref="UnusableException">The file cannot be written.</exception>
    public string WriteReport(string folder, RunLog log, ScoreSummary score, Host host)
    {
        string path = Path.Combine(folder, ReportName);
        using var writer = new StreamWriter(OutputFile.Open(path, host));
        HtmlReport.Write(writer, Context(), Site.Definition, log, Motion.Truth, score, People(log), Motion.Strikes);
        return path;
    }

    private ReportContext Context() => ReportContext.Of(Run.Scenario, Run.Seed, Formats.Events.RecordingHeader.ThisProduct);
}
