using System.CommandLine;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests;

/// <summary>What the README tells people to type is what the program takes.</summary>
public class ReadmeTests
{
    private static string[] Commands { get; } =
        [.. File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "README.md")).Select(l => l.Trim()).Where(l => l.StartsWith("./tocsin ", StringComparison.Ordinal))];

    [Fact]
    public void Every_command_of_the_readme_is_understood()
    {
        Assert.True(Commands.Length >= 5);
        Assert.All(Commands, c =>
        {
            string[] args = c.Split("  #")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            ParseResult parsed = CommandLine.Parse(args, new Host { OpenOutput = () => Stream.Null, Error = TextWriter.Null });
            Assert.True(parsed.Errors.Count == 0, $"{c}: {string.Join("; ", parsed.Errors.Select(e => e.Message))}");
        });
    }

    [Fact]
    public void Every_file_that_the_readme_reads_is_there() => Assert.All(
        Commands.SelectMany(c => c.Split(' ')).Where(w => w.StartsWith("scenarios/", StringComparison.Ordinal)),
        f => Assert.True(File.Exists(Path.Combine(SharedData.RepositoryRoot, f)), f));
}
