using System.Text.Json;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests;

/// <summary>What the program takes, and what it answers to what it does not.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Help_lists_the_commands_that_there_are()
    {
        string help = CliRun.Of("--help").Done().Output;
        Assert.All((string[])["demo", "run", "lint", "campaign", "serve", "replay", "score", "inspect"], c => Assert.Contains($"\n  {c}", help, StringComparison.Ordinal));
        Assert.Contains("tocsin [", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo", "--speed", "--headless")]
    [InlineData("run", "SCENARIO", "--seed", "--events", "--truth", "--report")]
    [InlineData("replay", "INPUT", "--site", "--date", "--events", "--summary")]
    [InlineData("score", "--events", "--truth", "--summary")]
    [InlineData("inspect", "FILE", "--json")]
    [InlineData("lint", "SCENARIO", "--json")]
    public void Each_command_explains_what_the_contract_promises(string command, params string[] parts)
    {
        string help = CliRun.Of(command, "--help").Done().Output;
        Assert.All(parts, p => Assert.Contains(p, help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData]
    [InlineData("launch")]
    [InlineData("replay")]
    [InlineData("replay", "a.csv", "b.csv", "--site", "s")]
    [InlineData("replay", "a.csv", "--site", "s", "--date", "20.12.2020")]
    [InlineData("replay", "a.csv", "--site", "s", "--date", "2020-02-30")]
    [InlineData("replay", "a.csv", "--site", "s", "--events", "-", "--summary", "-")]
    [InlineData("run", "a.json", "--seed", "many")]
    [InlineData("run", "a.json", "--sed", "1")]
    [InlineData("demo", "--speed", "0")]
    [InlineData("demo", "--speed", "fast")]
    [InlineData("demo", "--speed", "NaN")]
    [InlineData("score", "--events", "a")]
    [InlineData("inspect")]
    public void A_wrong_command_line_is_status_2_and_one_line(params string[] args) => CliRun.Of(args).FailedWith(2, "--help");

    [Theory]
    [InlineData("'launch'", "launch")]
    [InlineData("'--sed'", "run", "a.json", "--sed", "1")]
    [InlineData("'many' is not a whole number", "run", "a.json", "--seed", "many")]
    [InlineData("'fast' is not a number above 0", "demo", "--speed", "fast")]
    [InlineData("'20.12.2020' is not a date", "replay", "a.csv", "--site", "s", "--date", "20.12.2020")]
    [InlineData("--truth", "score", "--events", "a")]
    public void It_says_which_word_is_wrong(string said, params string[] args) => CliRun.Of(args).FailedWith(2, said);

    [Fact]
    public void Plots_without_a_site_are_a_wrong_command_line() =>
        CliRun.Of("replay", _folder.Write("good.plots.csv", Samples.Header + Samples.Plot())).FailedWith(2, "good.plots.csv", "--site");

    [Fact]
    public void Standard_output_holds_the_result_and_nothing_else()
    {
        string site = _folder.Write("s.site.geojson", Samples.Site(Samples.Zones())), plots = _folder.Write("p.plots.csv", Samples.Plots());
        CliRun run = CliRun.Of("replay", plots, "--site", site, "--events", "-", "--summary", _folder["summary.json"]).Done();
        Assert.All(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => JsonDocument.Parse(l));
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(_folder["summary.json"])).RootElement;
        Assert.Equal(run.Output.Split('\n').Count(l => l.StartsWith("{\"type\":\"plot\"", StringComparison.Ordinal)), summary.GetProperty("plots").GetInt64());
        Assert.Equal(run.Output.Split('\n').Count(l => l.StartsWith("{\"type\":\"warning.raised\"", StringComparison.Ordinal)),
            summary.GetProperty("warnings").GetProperty("raised").GetInt32());
    }

    [Fact]
    public void Inspect_counts_the_records_of_a_capture()
    {
        string capture = SharedData.PathOrSkip("asterix/cat_034_048.pcap");
        JsonElement categories = JsonDocument.Parse(CliRun.Of("inspect", capture, "--json").Done().Output).RootElement.GetProperty("categories");
        Assert.Equal(128, categories.GetProperty("048").GetInt32());
        Assert.Equal(34, categories.GetProperty("034").GetInt32());
    }

    [Fact]
    public void Inspect_counts_the_lines_of_plots_and_events()
    {
        string site = _folder.Write("s.site.geojson", Samples.Site(Samples.Zones())), plots = _folder.Write("p.plots.csv", Samples.Plots());
        CliRun.Of("replay", plots, "--site", site, "--events", _folder["e.events.jsonl"]).Done();
        int count = File.ReadAllLines(plots).Length - 1;
        Assert.Equal(count, JsonDocument.Parse(CliRun.Of("inspect", plots, "--json").Done().Output).RootElement.GetProperty("sensors").GetProperty("R1").GetInt32());
        Assert.Equal(count, JsonDocument.Parse(CliRun.Of("inspect", _folder["e.events.jsonl"], "--json").Done().Output).RootElement.GetProperty("types").GetProperty("plot").GetInt32());
        Assert.Contains("warning.raised", CliRun.Of("inspect", _folder["e.events.jsonl"]).Done().Output, StringComparison.Ordinal);
    }
}
