using System.Text.Json.Nodes;
using System.Xml.Linq;
using Tocsin.Simulation.Campaigns;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests.Campaigns;

/// <summary>The worked studies of docs/studies stay runnable, stay about the raid that they name, and have each a page with their one command.</summary>
public sealed class StudyTests : IDisposable
{
    private static readonly string s_folder = Path.Combine(SharedData.RepositoryRoot, "docs", "studies"), s_scenarios = Path.Combine(SharedData.RepositoryRoot, "scenarios");

    private readonly TempFolder _out = new();

    public void Dispose() => _out.Dispose();

    public static TheoryData<string> Studies => [.. Directory.EnumerateFiles(s_folder, "*.json").Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal)];

    private static string PathOf(string study) => Path.Combine(s_folder, study + ".json");

    [Fact]
    public void The_five_questions_are_asked() => Assert.Equal(["confirmation", "gun", "second-radar", "wrong-wind", "zones"], Studies.Select(s => s.Data));

    /// <summary>Replication 0 of every alternative; and whatever was measured of the raid itself is the same in all of them.</summary>
    [Theory]
    [MemberData(nameof(Studies))]
    public void Every_alternative_runs(string study)
    {
        CampaignPlan plan = CampaignRuns.Plan(PathOf(study), null);
        Assert.InRange(plan.Alternatives.Count, 2, 12);
        Assert.NotEqual(Preference.Neither, plan.Scenario.Campaign!.Better);
        Assert.Equal(plan.Alternatives.Count, plan.Alternatives.Select(a => a.Name).Distinct().Count());
        RunResult? first = null;
        foreach (CampaignAlternative alternative in plan.Alternatives)
        {
            Assert.True(plan.Make(alternative.Index).Succeeded(out RunResult? run, out string? problem), problem);
            Assert.Null(CampaignResults.Unknown(plan, RunRow.ColumnsOf(run.Measures)));
            first ??= run;
            Assert.Equal(first.Run.Truth.Rounds, run.Run.Truth.Rounds);
            Assert.Equal(first.Measures.Select(m => m.Column), run.Measures.Select(m => m.Column));
            // Nor does an alternative move anybody, zones cut anew least of all: without a defence that changes what falls, as many are in danger, and as many hurt were nobody warned.
            if (alternative.Scenario.Defence is not null) continue;
            foreach (string column in (string[])["people", "people_in_danger", "no_warning_people_injured"])
            {
                double Of(RunResult result) => result.Measures.Single(m => m.Column == column).Value!.Value;
                // A sensor more moves the middle of the site's frame, and with it the lattice of the people's patches by a hair.
                Assert.Equal(Of(first), Of(run), 1e-2 * Of(first));
            }
        }
    }

    /// <summary>What the studies say of the raid of green-zone.json is that file's: who changes it there changes it here, and runs the studies again.</summary>
    [Theory]
    [MemberData(nameof(Studies))]
    public void The_raid_is_that_of_the_scenario(string study)
    {
        JsonObject ours = Json(PathOf(study)), theirs = Json(Path.Combine(s_scenarios, "green-zone.json"));
        foreach (string member in (string[])["startTime", "durationS", "seed", "weather", "salvos", "radars", "birds", "aircraft"])
            Assert.True(JsonNode.DeepEquals(ours[member], theirs[member]), member);
        Assert.Equal("../../scenarios/" + (string)theirs["site"]!, (string)ours["site"]!);
        if (ours["claims"] is { } claims) Assert.True(JsonNode.DeepEquals(claims, theirs["claims"]));
        foreach (string word in (string[])["defence", "people", "operator"]) Assert.False(ours.ContainsKey(word), word);
    }

    [Fact]
    public void The_gun_is_that_of_the_scenario_with_a_gun()
    {
        JsonNode set = Json(PathOf("gun"))["campaign"]!["factors"]![0]!["levels"]![1]!["set"]![0]!;
        Assert.True(JsonNode.DeepEquals(set["value"], Json(Path.Combine(s_scenarios, "green-zone-gun.json"))["defence"]));
    }

    [Theory]
    [MemberData(nameof(Studies))]
    public void The_page_names_its_command_and_its_question(string study)
    {
        CliRun.Of("lint", PathOf(study)).Done();
        string page = File.ReadAllText(Path.Combine(s_folder, study + ".md"));
        string[] commands = [.. page.Split('\n').Where(l => l.StartsWith("    ./tocsin campaign ", StringComparison.Ordinal))];
        Assert.StartsWith($"    ./tocsin campaign docs/studies/{study}.json --runs ", Assert.Single(commands), StringComparison.Ordinal);
        Assert.Empty(CommandLine.Parse(commands[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..], new Host { OpenOutput = () => Stream.Null, Error = TextWriter.Null }).Errors);
        Assert.Contains((string)Json(PathOf(study))["campaign"]!["question"]!, page, StringComparison.Ordinal);
        Assert.Contains($"({study}.md)", File.ReadAllText(Path.Combine(s_folder, "README.md")), StringComparison.Ordinal);
    }

    /// <summary>A report shows what has the unit 1 as a percentage: nothing but shares may have it.</summary>
    [Fact]
    public void Only_shares_have_no_unit()
    {
        CampaignPlan plan = CampaignRuns.Plan(PathOf("gun"), null);
        Assert.True(plan.Make(1).Succeeded(out RunResult? run, out _));
        (MeasureColumn Column, double? Value)[] measured = [.. RunRow.ColumnsOf(run.Measures).Zip(run.Measures, (c, m) => (c, m.Value))];
        Assert.All(measured, m => Assert.Equal(m.Column.Unit == "1", m.Column.Name.EndsWith("_share", StringComparison.Ordinal)));
        Assert.All(measured.Where(m => m.Column.Unit == "1" && m.Value is not null), m => Assert.InRange(m.Value!.Value, 0, 1));
        Assert.Equal("people", measured.Single(m => m.Column.Name == "no_warning_people_injured").Column.Unit);
        Assert.Equal("count", measured.Single(m => m.Column.Name == "fallen_fragments").Column.Unit);
    }

    /// <summary>Interceptions are claimed of a defence: they are placed where one fires, and said to be not simulated where none does.</summary>
    [Fact]
    public void Claims_of_interceptions_lie_among_the_runs_with_the_gun()
    {
        CliRun.Of("campaign", PathOf("gun"), "--runs", "2", "--out", _out["gun"]).Done();
        string page = File.ReadAllText(Path.Combine(_out["gun"], "report.html"));
        XElement root = XDocument.Parse(page["<!DOCTYPE html>\n".Length..]).Root!;
        XElement table = root.Descendants().Single(e => e.Name.LocalName == "table" && e.Elements().First().Value.StartsWith("Every claim", StringComparison.Ordinal));
        List<List<string>> runs = CampaignSamples.ReadCsv(File.ReadAllText(Path.Combine(_out["gun"], "runs.csv")));
        int neutralised = runs[0].IndexOf("rounds_neutralised"), alternative = runs[0].IndexOf("alternative"), compound = runs[0].IndexOf("rounds_landed_in_compound");
        double[] shot = [.. runs.Skip(1).Where(r => r[alternative] == "1").Select(r => double.Parse(r[neutralised], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.All(runs.Skip(1), r => Assert.Equal(r[alternative] == "0", r[neutralised].Length == 0));
        string[] Row(string claim) => [.. table.Descendants().Where(e => e.Name.LocalName == "tr").Single(r => r.Elements().First().Value == claim).Elements().Skip(2).Select(e => e.Value)];
        string Share(Func<double, bool> which) => $"{100.0 * shot.Count(which) / shot.Length:0} %";
        Assert.Equal(["rounds_neutralised", "a gun", Share(v => v < 4), Share(v => v == 4), Share(v => v > 4)], Row("Reports, by source: intercepted: 4"));
        Assert.Equal(["rounds_fired, set by the scenario", "all", "0 %", "100 %", "0 %"], Row("US Central Command: 21 rockets"));
        Assert.True(compound > 0);
    }

    private static JsonObject Json(string path) => (JsonObject)JsonNode.Parse(File.ReadAllBytes(path))!;
}
