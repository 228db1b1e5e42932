using System.Text.Json;
using Tocsin.Server.Configuration;
using Tocsin.Server.Control;

namespace Tocsin.Server;

/// <summary>The page's map, where a site has one of its own.</summary>
/// <param name="Style">Address of a MapLibre style; null for the built-in one.</param>
/// <param name="Tiles">Template of raster tiles, <c>https://…/{z}/{x}/{y}.png</c>.</param>
/// <param name="Pmtiles">Address of a PMTiles archive.</param>
/// <param name="Attribution">What the map's owner wants said.</param>
public sealed record PageSettings(string? Style, string? Tiles, string? Pmtiles, string? Attribution)
{
    /// <summary>Hosts other than this server that the page needs; for the content security policy.</summary>
    public IReadOnlyList<string> Hosts => [.. new[] { Style, Tiles, Pmtiles }.Select(HostOf).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    private static string? HostOf(string? address)
    {
        if (address is null) return null;
        int at = address.LastIndexOf("://", StringComparison.Ordinal);
        if (at < 0) return null;
        int start = Math.Max(0, address.LastIndexOf("http", at, StringComparison.Ordinal)), end = address.IndexOf('/', at + 3);
        return end < 0 ? address[start..] : address[start..end];
    }
}

/// <summary>What the server's own part of the configuration says; feeds, channels, access and storage read theirs themselves.</summary>
public sealed record ServerSettings
{
    /// <summary>What the site's output is marked as.</summary>
    public OperationStatus Status { get; init; } = OperationStatus.Test;

    /// <summary>Whether operators are asked before a warning leaves.</summary>
    public ReleaseSettings Release { get; init; } = new(Confirm: false, LimitS: 5);

    /// <summary>Share of the zones that, warned at once, makes a notice for the operator.</summary>
    public double PlausibleShare { get; init; } = 0.6;

    /// <summary>The folder of the site's own scenarios for drills, beside those that travel with the program; null for none.</summary>
    public string? DrillScenarios { get; init; }

    /// <summary>The page's map.</summary>
    public PageSettings Page { get; init; } = new(null, null, null, null);

    /// <summary>Where traces, metrics and logs are sent by OTLP; null for nowhere.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Days that recordings are kept; 0 for ever.</summary>
    public int KeepRecordingsDays { get; init; }

    /// <summary>The configuration document's top, where every part reads its own section.</summary>
    public required ConfigSection Top { get; init; }

    /// <summary>Reads the server's own keys: <c>status</c>, <c>release</c>, <c>drill</c>, <c>plausibleShare</c>, <c>page</c>, <c>telemetry</c>, <c>recordings</c>.</summary>
    public static ServerSettings Read(ConfigSection top)
    {
        var settings = new ServerSettings
        {
            Top = top,
            Status = top.Choice("status", OperationStatus.Test, ("actual", OperationStatus.Actual), ("exercise", OperationStatus.Exercise), ("test", OperationStatus.Test)),
            PlausibleShare = top.Number("plausibleShare", 0.6, 0, 1),
        };
        ConfigSection release = top.Section("release");
        settings = settings with { Release = new(release.Flag("confirm", false), release.Number("limitS", 5, 0.5, 60)) };
        release.End();
        ConfigSection drill = top.Section("drill");
        settings = settings with { DrillScenarios = drill.OptionalText("scenarios", "give the path of a folder that is there", Directory.Exists) };
        drill.End();
        ConfigSection page = top.Section("page");
        settings = settings with
        {
            Page = new(page.OptionalText("style", "give an address: https://… or /…", IsAddress), page.OptionalText("tiles", "give a template: https://…/{z}/{x}/{y}.png", IsAddress),
                page.OptionalText("pmtiles", "give an address: https://… or /…", IsAddress), page.OptionalText("attribution")),
        };
        page.End();
        ConfigSection telemetry = top.Section("telemetry");
        string? otlp = telemetry.OptionalText("otlp", "give the address of an OTLP collector: http://127.0.0.1:4317", static a => Uri.TryCreate(a, UriKind.Absolute, out Uri? u) && u.Scheme is "http" or "https");
        settings = settings with { Otlp = otlp is null ? null : new(otlp) };
        telemetry.End();
        ConfigSection recordings = top.Section("recordings");
        settings = settings with { KeepRecordingsDays = recordings.Count("keepDays", 0, 0, 36_500) };
        recordings.End();
        return settings;
    }

    /// <summary>Opens a configuration document; a problem where it is no JSON object.</summary>
    public static JsonDocument? Open(string path, List<ConfigProblem> problems)
    {
        try
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            problems.Add(new(path, "a document that is no object", "give an object: { … }"));
            document.Dispose();
        }
        catch (JsonException e)
        {
            problems.Add(new($"{path} line {e.LineNumber + 1}", "what stands there", $"give JSON ({e.Message.Split(" LineNumber", 2)[0]})"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(path, "the file", $"give a file that can be read ({e.Message})"));
        }
        return null;
    }

    private static bool IsAddress(string text) =>
        (text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal)) || text.StartsWith("https://", StringComparison.Ordinal) || text.StartsWith("http://", StringComparison.Ordinal)
        || text.StartsWith("pmtiles://", StringComparison.Ordinal);
}
