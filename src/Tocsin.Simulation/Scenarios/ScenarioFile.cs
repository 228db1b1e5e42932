using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Tocsin.Simulation.Scenarios;

/// <summary>Reads scenario files. A file that cannot be used gives one line: the file, the line, the member and the mend.</summary>
public static class ScenarioFile
{
    /// <summary>Reads and checks the scenario at <paramref name="path"/>.</summary>
    public static Loaded<Scenario> Read(string path)
    {
        byte[] bytes;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return Loaded<Scenario>.Failed($"{path}: no such file; name a scenario such as scenarios/green-zone.json");
            if (file.Length > ScenarioLimits.FileBytes)
                return Loaded<Scenario>.Failed($"{path}: larger than {ScenarioLimits.FileBytes} bytes; this is not a scenario");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Loaded<Scenario>.Failed($"{path}: cannot be read: {e.Message}");
        }
        return Parse(bytes, path);
    }

    /// <summary>Reads and checks a scenario's bytes.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="name">What problems call it.</param>
    public static Loaded<Scenario> Parse(ReadOnlyMemory<byte> json, string name)
    {
        // Editors of some systems begin a file with a byte order mark.
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty) return Loaded<Scenario>.Failed($"{name}: is empty; begin with a copy of a scenario in scenarios/");
        if (!Utf8.IsValid(json.Span)) return Loaded<Scenario>.Failed($"{name}: is not UTF-8 text; save it as UTF-8");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var places = new JsonPlaces(json.Span);
            (string Path, string Mend)? fault = ScenarioShape.FirstFault(document.RootElement, ScenarioJson.Default.Scenario, "$");
            Scenario? scenario = null;
            if (fault is null)
            {
                scenario = document.Deserialize(ScenarioJson.Default.Scenario)!;
                fault = ScenarioChecks.FirstFault(scenario);
            }
            return fault is { } f
                ? Loaded<Scenario>.Failed($"{name} line {places.LineOf(f.Path)}: {f.Path} {f.Mend}")
                : Loaded<Scenario>.Of(scenario!);
        }
        catch (JsonException e) when (e.Path is { Length: > 1 })
        {
            return Loaded<Scenario>.Failed($"{name} line {new JsonPlaces(json.Span).LineOf(e.Path)}: {e.Path} {e.Message}");
        }
        catch (JsonException e)
        {
            return Loaded<Scenario>.Failed($"{name} line {(e.LineNumber ?? 0) + 1}: is not JSON: {JsonProblems.Why(e)}");
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 alone is JSON and yet no text; the reader says so in this way only.
            return Loaded<Scenario>.Failed($"{name}: {JsonProblems.HalfASurrogate}");
        }
    }

    /// <summary>The full path of the site file that a scenario names.</summary>
    /// <param name="scenarioPath">Where the scenario was read from.</param>
    /// <param name="scenario">The scenario.</param>
    public static string SitePath(string scenarioPath, Scenario scenario) =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(scenarioPath))!, scenario.Site));
}

/// <summary>How scenario files are read: generated, so that no reflection is needed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    Converters =
    [
        typeof(RoundKindConverter), typeof(GradeConverter), typeof(SolveForConverter), typeof(DragShapeConverter), typeof(ScanModeConverter),
        typeof(ClutterSpreadConverter), typeof(DoctrineConverter), typeof(ShellFuzeConverter), typeof(PreferenceConverter), typeof(CampaignDesignConverter), typeof(InstantConverter), typeof(IntervalConverter), typeof(LonLatConverter), typeof(LonLatHeightConverter),
    ])]
[JsonSerializable(typeof(Scenario))]
internal sealed partial class ScenarioJson : JsonSerializerContext;
