using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Tocsin.Cli;

/// <summary>Options that several commands take, each with one name and one meaning.</summary>
internal static class CommonOptions
{
    /// <summary>Where to write the events.</summary>
    public static Option<string?> Events() => File("--events", "Write the events (JSON Lines; .gz packs them); - is standard output.");

    /// <summary>Where to write the summary.</summary>
    public static Option<string?> Summary() => File("--summary", "Write the summary (one JSON object); - is standard output.");

    /// <summary>An option that names a file to write.</summary>
    public static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    /// <summary>The seed of a simulation.</summary>
    public static Option<long?> Seed() => new("--seed")
    {
        Description = "Draw the run from this seed instead of the scenario's own.",
        HelpName = "N",
        CustomParser = result => ParseOne<long>(result, "a whole number, such as 7", (string text, out long value) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)),
    };

    /// <summary>A whole number between two ends.</summary>
    public static Option<int?> Count(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => ParseOne<int>(result, $"a whole number, {least} to {most}", (string text, out int value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most),
    };

    /// <summary>An argument that names something to read.</summary>
    public static Argument<string> Input(string name, string description) => new(name) { Description = description };

    /// <summary>A date as RFC 3339 writes it.</summary>
    public static Option<DateOnly?> Date(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "YYYY-MM-DD",
        CustomParser = result => ParseOne<DateOnly>(result, "a date such as 2020-12-20", (string text, out DateOnly value) =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value)),
    };

    /// <summary>A factor above nought.</summary>
    public static Option<double?> Factor(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => ParseOne<double>(result, "a number above 0, such as 4", (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && value > 0),
    };

    /// <summary>Refuses a command line that sends two results to standard output.</summary>
    public static void OneStandardOutput(Command command, params Option<string?>[] files) => command.Validators.Add(result =>
    {
        if (files.Count(f => result.GetValue(f) == OutputFile.StandardOutput) > 1)
            result.AddError("Only one result can go to standard output (-)");
    });

    private delegate bool TryParse<T>(string text, out T value);

    private static T? ParseOne<T>(ArgumentResult result, string wanted, TryParse<T> tryParse) where T : struct
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        if (tryParse(text, out T value)) return value;
        result.AddError($"'{text}' is not {wanted}");
        return null;
    }
}
