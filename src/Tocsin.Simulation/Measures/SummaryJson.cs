using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tocsin.Simulation.Measures;

/// <summary>Writes summaries as JSON: one object, indented, camelCase, the same bytes for the same figures.</summary>
public static class SummaryJson
{
    /// <summary>The score as JSON, with a line end.</summary>
    public static string Of(ScoreSummary score) => JsonSerializer.Serialize(score, SummaryJsonContext.Default.ScoreSummary) + "\n";

    /// <summary>The account as JSON, with a line end.</summary>
    public static string Of(AccountSummary account) => JsonSerializer.Serialize(account, SummaryJsonContext.Default.AccountSummary) + "\n";
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(ScoreSummary))]
[JsonSerializable(typeof(AccountSummary))]
internal sealed partial class SummaryJsonContext : JsonSerializerContext;
