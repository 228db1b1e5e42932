using System.Text.Json;

namespace Tocsin.Simulation;

/// <summary>What the JSON reader says of a text that is not JSON, fit for one line.</summary>
internal static class JsonProblems
{
    /// <summary>A text with half a surrogate pair in an escape.</summary>
    public const string HalfASurrogate = "holds an escape (\\ud800 to \\udfff) that is no character by itself; write the character";

    /// <summary>The reader's reason without its own count of lines.</summary>
    public static string Why(JsonException e) => e.Message.Split(" LineNumber:")[0].TrimEnd(' ', '|');
}
