using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Simulation;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Bench;

/// <summary>A simulated run of the Green Zone in process, as a campaign makes thousands of them, and its parts. An item is a run.</summary>
/// <remarks>A pass makes <see cref="Runs"/> runs, each with other draws, since runs differ in cost by a third.</remarks>
internal sealed class RunStages
{
    /// <summary>The stages' names, as the report and <c>--only</c> use them.</summary>
    public const string Whole = "run", Flying = "run.fly", Preparing = "run.draw", Warning = "run.site", Scoring = "run.score";

    private const int Runs = 10;
    private const double ClutterPerScan = 20;
    private readonly Scenario _scenario, _unseen;
    private readonly SiteFile _site;
    private readonly Lazy<RunResult[]> _results;

    public RunStages()
    {
        string folder = ScenarioFolder();
        Scenario read = ValueOf(ScenarioFile.Read(Path.Combine(folder, "green-zone.json")));
        _site = SiteFile.Read(Path.Combine(folder, read.Site)).Value ?? throw new InvalidDataException("scenarios/green-zone.json: no site");
        _scenario = read with { Radars = [.. read.Radars.Select(r => r with { Clutter = r.Clutter is { } clutter ? clutter with { MeanPerScan = ClutterPerScan } : new() { MeanPerScan = ClutterPerScan } })] };
        _unseen = read with { Radars = [] };
        _results = new(() => [.. Enumerable.Range(0, Runs).Select(Run)]);
    }

    public IEnumerable<(string Name, Func<long> Pass)> All =>
    [
        (Whole, () => Each(run => Run(run).Score.Tracks)),
        (Flying, () => Each(run => ValueOf(SimulationRun.Prepare(_unseen, _site.Definition, run: run)))),
        (Preparing, () => Each(run => ValueOf(SimulationRun.Prepare(_scenario, _site.Definition, run: run)))),
        (Warning, () => Each(run => Play(_results.Value[run].Run))),
        (Scoring, () => Each(run => Score.Compute(_site.Definition, _results.Value[run].Log, _results.Value[run].Run.Truth))),
    ];

    /// <summary>Writes what every run says, and its score, for a comparison of two builds.</summary>
    public void Write(string folder)
    {
        foreach (RunResult result in _results.Value)
        {
            string name = Path.Combine(folder, $"run-{result.Run.Run}");
            File.WriteAllText(name + ".score.json", SummaryJson.Of(result.Score));
            using FileStream file = File.Create(name + ".events.jsonl");
            using EventWriter events = new(file, new RecordingHeader(_site, OperationStatus.Exercise));
            result.Run.Play(events);
        }
    }

    private static long Each(Func<int, object> make)
    {
        for (int run = 0; run < Runs; run++) GC.KeepAlive(make(run));
        return Runs;
    }

    private static RunLog Play(SimulationRun run)
    {
        var log = new RunLog();
        run.Play(log);
        return log;
    }

    private RunResult Run(int run) => ValueOf(RunResult.Of(_scenario, _site.Definition, run: run));

    private static T ValueOf<T>(Loaded<T> loaded) where T : class => loaded.Succeeded(out T? value, out string? problem) ? value : throw new InvalidDataException(problem);

    /// <summary>The scenarios of the repository that this program was built in.</summary>
    private static string ScenarioFolder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "scenarios", "green-zone.json"))) return Path.Combine(at.FullName, "scenarios");
        throw new DirectoryNotFoundException("no scenarios/green-zone.json above the program");
    }
}
