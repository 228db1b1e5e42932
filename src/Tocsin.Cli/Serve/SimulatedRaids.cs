using Tocsin.Formats.GeoJson;
using Tocsin.Server.Ports;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Cli.Serve;

/// <summary>The scenarios that travel with the program, as raids for demonstrations and drills: here the simulation is plugged into the server.</summary>
internal sealed class SimulatedRaids(Host host) : IRaidLibrary
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "scenarios");

    /// <inheritdoc/>
    /// <remarks>A drill plays at the site of its own scenario, so only scenarios of this very site can be drilled here.</remarks>
    public IReadOnlyList<RaidSummary> At(SiteFile site)
    {
        List<RaidSummary> raids = [];
        foreach (string path in Scenarios())
        {
            if (!ScenarioFile.Read(path).Succeeded(out Scenario? scenario, out _)) continue;
            Formats.InputResult<SiteFile> own = SiteFile.Read(ScenarioFile.SitePath(path, scenario));
            if (own.Ok && own.Value.Sha256 == site.Sha256) raids.Add(new(Path.GetFileNameWithoutExtension(path), scenario.Name, scenario.Summary));
        }
        return raids;
    }

    /// <inheritdoc/>
    public IRaid? Draw(string id, SiteFile site, long? seed, out string? problem)
    {
        if (At(site).All(r => r.Id != id))
        {
            problem = $"there is no raid '{id}' for this site; give one of those that GET /api/drills lists";
            return null;
        }
        try
        {
            problem = null;
            return new SimulatedRaid(Raid.Load(Path.Combine(s_folder, id + ".json"), seed), host);
        }
        catch (UnusableException e)
        {
            problem = e.Message;
            return null;
        }
    }

    private static IEnumerable<string> Scenarios() => Directory.Exists(s_folder)
        ? Directory.EnumerateFiles(s_folder, "*.json").Where(p => !p.EndsWith(".schema.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        : [];
}

/// <summary>One run of a scenario, with its judge.</summary>
internal sealed class SimulatedRaid(Raid raid, Host host) : IRaid
{
    private readonly RunLog _log = new() { Status = OperationStatus.Exercise };
    private ISiteOutput? _judge;

    /// <inheritdoc/>
    public string Title => raid.Title;

    /// <inheritdoc/>
    public SiteFile Site => raid.Site;

    /// <inheritdoc/>
    public long Seed => raid.Run.Seed;

    /// <inheritdoc/>
    public Instant Start => raid.Run.Scenario.StartTime;

    /// <inheritdoc/>
    public IEnumerable<(Instant Arrival, Plot Plot)> Plots => raid.Run.Plots.Select(p => (p.ArrivalTime, p.Plot));

    /// <inheritdoc/>
    public ISiteOutput? Judge => _judge ??= raid.Run.Heard(_log);

    /// <summary>Measures what the Site said against what was true.</summary>
    public ScoreSummary Score() => raid.Score(_log);

    /// <inheritdoc/>
    public string? WriteReport(string folder)
    {
        raid.WriteTruth(Path.Combine(folder, "raid.truth.jsonl"), host);
        ScoreSummary score = Score();
        OutputFile.WriteText(Path.Combine(folder, "summary.json"), SummaryJson.Of(score), host);
        return raid.WriteReport(folder, _log, score, host);
    }
}
