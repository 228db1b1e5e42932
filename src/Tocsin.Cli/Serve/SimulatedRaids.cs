using Tocsin.Formats.GeoJson;
using Tocsin.Server.Ports;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Cli.Serve;

/// <summary>The scenarios that travel with the program, and those of the site's own folder, as raids for demonstrations and drills: here the simulation is plugged into
/// the server.</summary>
internal sealed class SimulatedRaids(Host host, string? folder = null) : IRaidLibrary
{
    private static readonly string s_own = Path.Combine(AppContext.BaseDirectory, "scenarios");

    /// <inheritdoc/>
    public IRaidLibrary With(string folder) => new SimulatedRaids(host, folder);

    /// <inheritdoc/>
    /// <remarks>A drill plays at the site of its own scenario, so only scenarios of this very site can be drilled here.</remarks>
    public IReadOnlyList<RaidSummary> At(SiteFile site)
    {
        List<RaidSummary> raids = [];
        foreach ((string id, string path) in Scenarios())
            if (Read(path, site, out _) is { } scenario) raids.Add(new(id, scenario.Name, scenario.Summary));
        return raids;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> PassedOver(SiteFile site)
    {
        List<string> reasons = [];
        foreach (string path in FilesIn(folder))
            if (Read(path, site, out string? problem) is null) reasons.Add(problem!);
        return reasons;
    }

    /// <inheritdoc/>
    public IRaid? Draw(string id, SiteFile site, long? seed, out string? problem)
    {
        if (!Scenarios().TryGetValue(id, out string? path))
        {
            problem = $"there is no raid '{id}' for this site; give one of those that GET /api/drills lists";
            return null;
        }
        if (Read(path, site, out problem) is null) return null;
        try
        {
            return new SimulatedRaid(Raid.Load(path, seed), host);
        }
        catch (UnusableException e)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>A scenario of this very site; null, and why, where it is none.</summary>
    private static Scenario? Read(string path, SiteFile site, out string? problem)
    {
        if (!ScenarioFile.Read(path).Succeeded(out Scenario? scenario, out problem)) return null;
        string file = ScenarioFile.SitePath(path, scenario);
        Formats.InputResult<SiteFile> own = SiteFile.Read(file);
        problem = !own.Ok ? own.Error.ToString() : own.Value.Sha256 != site.Sha256 ? $"{path}: its site {file} is not the one that is served; put a copy of that file there" : null;
        return problem is null ? scenario : null;
    }

    /// <summary>Paths by id, which is the file's name: the site's own come before those of the program.</summary>
    private SortedDictionary<string, string> Scenarios()
    {
        SortedDictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (string? from in (string?[])[folder, s_own])
            foreach (string path in FilesIn(from)) found.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        return found;
    }

    private static IEnumerable<string> FilesIn(string? folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.json").Where(p => !p.EndsWith(".schema.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
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
    /// <remarks>A simulated defence hears the Site here too. A drill has no judge, so no defence takes part in it: a drill is of people.</remarks>
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
