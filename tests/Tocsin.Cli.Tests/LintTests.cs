using System.Text.Json;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests;

/// <summary><c>tocsin lint</c>, and what <c>tocsin run</c> does with what it finds.</summary>
public sealed class LintTests : IDisposable
{
    private static readonly string s_kidal = Path.Combine(SharedData.RepositoryRoot, "scenarios", "kidal.json");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Findings_stand_one_a_line_on_standard_output()
    {
        CliRun run = CliRun.Of("lint", s_kidal).Done();
        Assert.Equal("", run.Error);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, l => Assert.Matches(@"^warning: .*kidal\.site\.geojson: \$\.features\[\d+\]\.properties\.\w+: .*; ", l));
    }

    [Fact]
    public void An_error_gives_status_1_and_stops_a_run_before_it_begins()
    {
        string path = Spoilt("\"sensor\": \"R1\"", "\"sensor\": \"R7\"");
        CliRun run = CliRun.Of("lint", path);
        Assert.Equal(1, run.Status);
        Assert.StartsWith($"error: {path}: $.radars[0].sensor: 'R7' is not a sensor of the site", run.Output, StringComparison.Ordinal);
        CliRun.Of("run", path, "--events", _folder["e.jsonl"]).FailedWith(1, path, "$.radars[0].sensor", "it has: R1");
        Assert.False(File.Exists(_folder["e.jsonl"]));
    }

    [Fact]
    public void A_run_tells_the_warnings_first()
    {
        string path = Spoilt("\"sensor\": \"R1\",", "\"sensor\": \"R1\", \"scanPeriodS\": 1,");
        CliRun run = CliRun.Of("run", path).Done();
        string[] lines = run.Error.Split('\n');
        Assert.StartsWith($"warning: {path}: $.radars[0].scanPeriodS: radar R1 looks every 1 s", lines[0], StringComparison.Ordinal);
        Assert.Equal(CliRun.Of("lint", path).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), lines.TakeWhile(l => l.StartsWith("warning: ", StringComparison.Ordinal)));
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void Json_is_one_object_with_what_the_radars_see()
    {
        using var document = JsonDocument.Parse(CliRun.Of("lint", s_kidal, "--json").Done().Output);
        Assert.Equal(s_kidal, document.RootElement.GetProperty("scenario").GetString());
        Assert.Equal(16, document.RootElement.GetProperty("coverage").GetArrayLength());
        Assert.Equal(1, CliRun.Of("lint", Spoilt("\"sensor\": \"R1\"", "\"sensor\": \"R7\""), "--json").Status);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told_as_everywhere()
    {
        CliRun.Of("lint", _folder["missing.json"]).FailedWith(1, "missing.json", "no such file");
        CliRun.Of("lint", _folder.Path).FailedWith(1, "is a folder");
        CliRun.Of("lint", Spoilt("\"durationS\"", "\"duratonS\"")).FailedWith(1, "$.duratonS", "did you mean 'durationS'?");
    }

    private string Spoilt(string good, string bad)
    {
        string text = File.ReadAllText(s_kidal);
        Assert.Contains(good, text, StringComparison.Ordinal);
        File.Copy(Path.ChangeExtension(s_kidal, ".site.geojson"), _folder["kidal.site.geojson"], overwrite: true);
        return _folder.Write("kidal.json", text.Replace(good, bad, StringComparison.Ordinal));
    }
}
