using System.Text.Json;

namespace Tocsin.Formats.Text;

/// <summary>What the JSON reader says of malformed text, as an error with its place.</summary>
internal static class JsonErrors
{
    /// <summary>The error of a document.</summary>
    public static InputError Of(string file, JsonException e)
    {
        string place = e.LineNumber is long line ? $"line {line + 1}, byte {(e.BytePositionInLine ?? 0) + 1}" : "";
        return new InputError(file, place, "the JSON is malformed: " + Reason(e), "mend it there");
    }

    /// <summary>The reason alone, without the place that the exception's message repeats.</summary>
    public static string Reason(JsonException e)
    {
        int path = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        int place = e.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        int end = path >= 0 ? path : place >= 0 ? place : e.Message.Length;
        return InputError.OneLine(e.Message[..end].TrimEnd('.', ' '));
    }
}
