using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Campaigns;

/// <summary>Makes a site's definition of its document: the simulation itself knows no site files.</summary>
/// <param name="geoJson">The document, UTF-8.</param>
/// <param name="name">What problems call it.</param>
/// <param name="problem">Why there is no definition, with the mend; null where there is one.</param>
public delegate SiteDefinition? SiteReading(ReadOnlyMemory<byte> geoJson, string name, out string? problem);

/// <summary>One way in which the place could be defended: a scenario and a site, with everything set that the campaign varies.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Labels">What it is, one label for each factor.</param>
/// <param name="Numbers">The factors' values, where they are numbers.</param>
/// <param name="Scenario">The scenario.</param>
/// <param name="Site">The site.</param>
/// <param name="SiteJson">The site's document.</param>
/// <param name="SiteName">The file that the document was made from.</param>
public sealed record CampaignAlternative(int Index, IReadOnlyList<string> Labels, IReadOnlyList<double?> Numbers, Scenario Scenario, SiteDefinition Site,
    string SiteJson, string SiteName)
{
    /// <summary>Its name in reports: its labels, or "as it stands".</summary>
    public string Name => Labels.Count == 0 ? "as it stands" : string.Join(", ", Labels);
}

/// <summary>A campaign resolved: every alternative made and checked before anything runs, and enough said to make any run of it again.</summary>
/// <remarks>Run k is replication k / alternatives of alternative k % alternatives. Its random streams depend on the root seed and the replication alone, so the
/// alternatives of a replication meet the same raid, weather and chance (common random numbers), and neither more runs nor how they are
/// made changes a run that was made before.</remarks>
public sealed class CampaignPlan
{
    /// <summary>The make of <see cref="Document"/>.</summary>
    public const string Schema = "tocsin.campaign/1";

    // What is only said about a campaign, and changes none of its runs: another question may be asked of the same runs.
    private static readonly string[] s_words = ["$schema", "name", "summary", "sources", "claims", "chosen"], s_campaignWords = ["question", "measure", "better", "also", "stop"];
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _scenarioJson;
    private readonly SortedDictionary<string, string> _siteTexts;
    private readonly string _scenarioFile;

    private CampaignPlan(string scenarioFile, JsonObject scenarioJson, Scenario scenario, long seed, string product, IReadOnlyList<CampaignAlternative> alternatives,
        SortedDictionary<string, string> siteTexts)
    {
        (_scenarioFile, _scenarioJson, Scenario, Seed, Product, Alternatives, _siteTexts) = (scenarioFile, scenarioJson, scenario, seed, product, alternatives, siteTexts);
        Factors = [.. (scenario.Campaign?.Factors ?? []).Select(f => (DesignMatrix.ColumnOf(f), f))];
        Identity = MakeIdentity();
    }

    /// <summary>The scenario as it stands.</summary>
    public Scenario Scenario { get; }

    /// <summary>The root seed.</summary>
    public long Seed { get; }

    /// <summary>The program and its version.</summary>
    public string Product { get; }

    /// <summary>The alternatives, one at least.</summary>
    public IReadOnlyList<CampaignAlternative> Alternatives { get; }

    /// <summary>What is varied, with its column in the results.</summary>
    public IReadOnlyList<(string Column, CampaignFactor Factor)> Factors { get; }

    /// <summary>SHA-256 of everything on which a run depends, the program's build included: results with the same identity belong together.</summary>
    public string Identity { get; }

    /// <summary>Identity of the program's build: the same sources and compiler give the same.</summary>
    public static string Build { get; } = $"{typeof(Site).Module.ModuleVersionId:N}-{typeof(CampaignPlan).Module.ModuleVersionId:N}";

    /// <summary>The alternative of a run.</summary>
    public CampaignAlternative AlternativeOf(int run) => Alternatives[run % Alternatives.Count];

    /// <summary>The replication of a run.</summary>
    public int ReplicationOf(int run) => run / Alternatives.Count;

    /// <summary>Makes one run: nothing in it depends on where or beside what it is made.</summary>
    public Loaded<RunResult> Make(int run)
    {
        CampaignAlternative alternative = AlternativeOf(run);
        return RunResult.Of(alternative.Scenario, alternative.Site, Seed, ReplicationOf(run));
    }

    /// <summary>Resolves the campaign over a scenario file.</summary>
    public static Loaded<CampaignPlan> Read(string scenarioPath, long? seed, string product, SiteReading sites)
    {
        if (!ScenarioFile.Read(scenarioPath).Succeeded(out _, out string? problem)) return Loaded<CampaignPlan>.Failed(problem);
        string folder = Path.GetDirectoryName(Path.GetFullPath(scenarioPath))!;
        string? ReadSite(string name, out string? why)
        {
            string path = Path.Combine(folder, name);
            try
            {
                why = null;
                return File.ReadAllText(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                why = $"{path}: cannot be read: {e.Message}; name a site file beside the scenario";
                return null;
            }
        }
        return Make(scenarioPath, File.ReadAllBytes(scenarioPath), seed, product, ReadSite, sites);
    }

    /// <summary>Resolves a campaign again from the document that was written beside its results.</summary>
    public static Loaded<CampaignPlan> ReadDocument(string path, SiteReading sites)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllBytes(path)) is not JsonObject document || (string?)document["schema"] != Schema
                || document["scenario"] is not JsonObject scenario || document["sites"] is not JsonObject texts)
                return Loaded<CampaignPlan>.Failed($"{path}: is not a campaign's document; name the folder that 'tocsin campaign' wrote");
            string? ReadSite(string name, out string? why)
            {
                why = texts[name] is null ? $"{path}: holds no site '{name}'; make the campaign again" : null;
                return texts[name]?.ToJsonString();
            }
            return Make((string?)document["scenarioFile"] ?? "scenario", Encoding.UTF8.GetBytes(scenario.ToJsonString()), (long)document["seed"]!,
                (string?)document["product"] ?? "", ReadSite, sites);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException)
        {
            return Loaded<CampaignPlan>.Failed($"{path}: cannot be read: {e.Message}; name the folder that 'tocsin campaign' wrote");
        }
    }

    /// <summary>Whether this build of the program made the document at <paramref name="path"/>.</summary>
    public static bool IsOfThisBuild(string path) => JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject document && (string?)document["build"] == Build;

    /// <summary>The campaign as a document: what it was made from, what became of it, and how to make any run again.</summary>
    public string Document()
    {
        var document = new JsonObject
        {
            ["schema"] = Schema,
            ["product"] = Product,
            ["build"] = Build,
            ["identity"] = Identity,
            ["seed"] = Seed,
            ["runs"] = $"run k is replication k / {Alternatives.Count} (whole part) of alternative k % {Alternatives.Count}; its random streams depend on the seed and the replication alone",
            ["again"] = "tocsin run --campaign THIS_FOLDER --number K --report DIR",
            ["factors"] = new JsonArray([.. Factors.Select(f => new JsonObject { ["column"] = f.Column, ["name"] = f.Factor.Name, ["unit"] = f.Factor.Unit })]),
            ["alternatives"] = new JsonArray([.. Alternatives.Select(a => new JsonObject
            {
                ["alternative"] = a.Index,
                ["labels"] = new JsonArray([.. a.Labels.Select(l => (JsonNode)l)]),
                ["site"] = a.SiteName,
                ["siteSha256"] = Sha256(a.SiteJson),
            })]),
            ["scenarioFile"] = _scenarioFile,
            ["scenario"] = _scenarioJson.DeepClone(),
            ["sites"] = new JsonObject([.. _siteTexts.Select(s => KeyValuePair.Create(s.Key, JsonNode.Parse(s.Value)))]),
        };
        return document.ToJsonString(s_readable) + "\n";
    }

    private delegate string? SiteText(string name, out string? problem);

    private static Loaded<CampaignPlan> Make(string file, byte[] json, long? seed, string product, SiteText readSite, SiteReading sites)
    {
        if (!ScenarioFile.Parse(json, file).Succeeded(out Scenario? scenario, out string? problem)) return Loaded<CampaignPlan>.Failed(problem);
        var node = (JsonObject)NodeOf(json);
        long usedSeed = seed ?? scenario.Seed;
        var siteTexts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Dictionary<string, SiteDefinition> definitions = new(StringComparer.Ordinal), written = new(StringComparer.Ordinal);
        var alternatives = new List<CampaignAlternative>();
        foreach (IReadOnlyList<Level> levels in DesignMatrix.Of(scenario.Campaign, usedSeed))
        {
            int index = alternatives.Count;
            string name = levels.Count == 0 ? file : $"{file}, alternative {index} ({string.Join(", ", levels.Select(l => l.Label))})";
            JsonNode own = node.DeepClone();
            PathValue[] settings = [.. levels.SelectMany(l => l.Settings)];
            if (Apply(settings, p => !p.IsSite, own) is { } wrong) return Loaded<CampaignPlan>.Failed($"{name}: {wrong}");
            if (!ScenarioFile.Parse(Encoding.UTF8.GetBytes(own.ToJsonString()), name).Succeeded(out Scenario? changed, out problem)) return Loaded<CampaignPlan>.Failed(problem);
            if (!siteTexts.TryGetValue(changed.Site, out string? text))
            {
                text = readSite(changed.Site, out problem);
                if (text is null) return Loaded<CampaignPlan>.Failed(problem!);
                if (sites(Encoding.UTF8.GetBytes(text), changed.Site, out problem) is not { } asWritten) return Loaded<CampaignPlan>.Failed(problem!);
                written.Add(changed.Site, asWritten);
                siteTexts.Add(changed.Site, text = NodeOf(Encoding.UTF8.GetBytes(text)).ToJsonString());
            }
            JsonNode siteNode = JsonNode.Parse(text)!;
            if (Apply(settings, p => p.IsSite, siteNode) is { } wrongSite) return Loaded<CampaignPlan>.Failed($"{name}: {wrongSite}");
            string siteJson = siteNode.ToJsonString();
            if (!definitions.TryGetValue(siteJson, out SiteDefinition? site))
            {
                site = sites(Encoding.UTF8.GetBytes(siteJson), $"{name}, site {changed.Site}", out problem);
                if (site is null) return Loaded<CampaignPlan>.Failed(problem!);
                definitions.Add(siteJson, site);
            }
            if (settings.Any(s => s.Path == CampaignPath.ZoneGridPath)) changed = changed with { Homes = ZoneGrid.HomesIn(site, written[changed.Site]) };
            alternatives.Add(new(index, [.. levels.Select(l => l.Label)], [.. levels.Select(l => l.Number)], changed, site, siteJson, changed.Site));
        }
        return Loaded<CampaignPlan>.Of(new(Path.GetFileName(file), node, scenario, usedSeed, product, alternatives, siteTexts));
    }

    private static string? Apply(PathValue[] settings, Func<CampaignPath, bool> which, JsonNode document)
    {
        foreach (PathValue setting in settings)
        {
            if (!CampaignPath.Parse(setting.Path).Succeeded(out CampaignPath? path, out string? problem)) return problem;
            if (!which(path)) continue;
            if ((path.IsZoneGrid ? ZoneGrid.Cut(document, setting.Value) : path.Apply(document, setting.Value)) is { } wrong) return wrong;
        }
        return null;
    }

    private string MakeIdentity()
    {
        var runs = (JsonObject)_scenarioJson.DeepClone();
        foreach (string word in s_words) runs.Remove(word);
        if (runs["campaign"] is JsonObject campaign)
            foreach (string word in s_campaignWords) campaign.Remove(word);
        var text = new StringBuilder($"{Schema}\n{Build}\n{Seed}\n").Append(runs.ToJsonString());
        foreach ((string name, string site) in _siteTexts) text.Append('\n').Append(name).Append('\n').Append(site);
        return Sha256(text.ToString());
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static JsonNode NodeOf(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        return JsonNode.Parse(json.Span, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
    }
}
