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
    /// <remarks>A drill plays at the site of its own scenario, so only scenarios of this very site can be drilled here. One with a simulated defence is for studies: a
    /// drill is of people.</remarks>
    public IReadOnlyList<RaidSummary> At(SiteFile site)
    {
        List<RaidSummary> raids = [];
        foreach (string path in Scenarios())
        {
            if (!ScenarioFile.Read(path).Succeeded(out Scenario? scenario, out _) || scenario.Defence is not null) continue;
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
internal sealed class SimulatedRaid : IRaid
{
    private readonly Raid _raid;
    private readonly Host _host;
    private readonly RunLog _log = new() { Status = OperationStatus.Exercise };

    /// <summary>Makes one that was not played yet.</summary>
    public SimulatedRaid(Raid raid, Host host)
    {
        (_raid, _host) = (raid, host);
        Judge = new Broadcast(_log, raid.Motion);
    }

    /// <inheritdoc/>
    public string Title => _raid.Title;

    /// <inheritdoc/>
    public SiteFile Site => _raid.Site;

    /// <inheritdoc/>
    public long Seed => _raid.Run.Seed;

    /// <inheritdoc/>
    public Instant Start => _raid.Run.Scenario.StartTime;

    /// <inheritdoc/>
    public IEnumerable<(Instant Arrival, Plot Plot)> Plots => _raid.Motion.Plots.Select(p => (p.ArrivalTime, p.Plot));

    /// <inheritdoc/>
    /// <remarks>A simulated defence hears the Site here too.</remarks>
    public ISiteOutput? Judge { get; }

    /// <summary>Measures what the Site said against what was true.</summary>
    public ScoreSummary Score() => _raid.Score(_log);

    /// <inheritdoc/>
    public string? WriteReport(string folder)
    {
        _raid.WriteTruth(Path.Combine(folder, "raid.truth.jsonl"), _host);
        ScoreSummary score = Score();
        OutputFile.WriteText(Path.Combine(folder, "summary.json"), SummaryJson.Of(score), _host);
        return _raid.WriteReport(folder, _log, score, _host);
    }
}
