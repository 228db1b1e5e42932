using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Parquet;
using Parquet.Schema;

namespace Tocsin.Cli.Tests.Campaigns;

/// <summary>Campaigns from the command line to the files that they leave.</summary>
public sealed class CampaignTests : IDisposable
{
    // What does not hold a picture of a moment: the same for the same runs, byte for byte.
    private static readonly string[] s_files =
        ["campaign.json", "runs.csv", "runs.parquet", "schema.json", "aggregates.csv", "differences.csv", "dispersion.csv", "report.html", "runs.journal"];

    private const string SecondRadar = """
        {"name": "second radar", "levels": [{"label": "none"}, {"label": "north", "set": [{"path": "$.radars[+]", "value": {"sensor": "R2"} },
        {"path": "site:$.features[+]", "value": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0.02, 0]}, "properties": {"kind": "sensor", "id": "R2", "rangeSigmaM": 10,
        "azimuthSigmaDeg": 0.1, "elevationSigmaDeg": 0.1, "scanPeriodS": 0.5, "maxRangeM": 20000, "minElevationDeg": 0.5, "detectionProbability": 0.95} } }]}]}
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CliRun Run(string scenario, string to, int runs, params string[] more) => CliRun.Of(["campaign", scenario, "--runs", runs.ToString(CultureInfo.InvariantCulture), "--out", _folder[to], .. more]);

    private byte[] Bytes(string to, string file) => File.ReadAllBytes(Path.Combine(_folder[to], file));

    private string Text(string to, string file) => Encoding.UTF8.GetString(Bytes(to, file));

    private void AssertSame(string expected, string actual) => Assert.All(s_files, f => Assert.True(Bytes(expected, f).AsSpan().SequenceEqual(Bytes(actual, f)), $"{f} differs"));

    [Fact]
    public void Threads_change_nothing()
    {
        string scenario = CampaignSamples.Write(_folder, CampaignSamples.Factors);
        Run(scenario, "one", 5, "--threads", "1").Done();
        Run(scenario, "two", 5, "--threads", "2").Done();
        AssertSame("one", "two");
        Run(scenario, "other", 5, "--seed", "2").Done();
        Assert.NotEqual(Text("one", "runs.csv"), Text("other", "runs.csv"));
    }

    [Fact]
    public void The_same_command_goes_on_wherever_a_kill_left_it()
    {
        string scenario = CampaignSamples.Write(_folder, CampaignSamples.Factors);
        Run(scenario, "whole", 4).Done();
        byte[] journal = Bytes("whole", "runs.journal");
        int[] ends = [.. Enumerable.Range(0, journal.Length).Where(i => journal[i] == '\n').Select(i => i + 1)];
        // Nothing, within the first line, after the columns, within a run, between two runs, all but a byte.
        foreach (int cut in (int[])[0, 10, ends[1], ends[4] + 30, ends[6], journal.Length - 1])
        {
            string to = $"cut{cut}";
            Directory.CreateDirectory(_folder[to]);
            File.WriteAllBytes(Path.Combine(_folder[to], "runs.journal"), journal[..cut]);
            Run(scenario, to, 4, "--threads", "2").Done();
            AssertSame("whole", to);
        }
    }

    /// <summary>A real kill of the real program in the middle of a campaign.</summary>
    [Fact]
    public async Task A_killed_program_goes_on_to_the_same_bytes()
    {
        string scenario = CampaignSamples.Write(_folder, CampaignSamples.Factors), journal = Path.Combine(_folder["killed"], "runs.journal");
        using (Process process = ProgramRun.Start("dotnet", _folder.Path, [], Path.Combine(AppContext.BaseDirectory, "Tocsin.Cli.dll"), "campaign", scenario, "--runs", "100000", "--out", _folder["killed"], "--threads", "2"))
        {
            Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var deadline = Stopwatch.StartNew();
            while (!process.HasExited && deadline.Elapsed < TimeSpan.FromMinutes(2) && (!File.Exists(journal) || Lines(journal) < 6)) await Task.Yield();
            Assert.False(process.HasExited, process.HasExited ? await error : "");
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Assert.True(Lines(journal) >= 6);
        Assert.False(File.Exists(Path.Combine(_folder["killed"], "runs.csv")));
        int runs = Lines(journal) / 2 + 2;
        Run(scenario, "killed", runs).Done();
        Run(scenario, "whole", runs).Done();
        AssertSame("whole", "killed");
    }

    private static int Lines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        int lines = 0;
        for (int b; (b = file.ReadByte()) >= 0;) lines += b == '\n' ? 1 : 0;
        return lines;
    }

    [Fact]
    public void A_signal_leaves_valid_files_of_what_was_done()
    {
        string scenario = CampaignSamples.Write(_folder, CampaignSamples.Factors);
        using var stop = new CancellationTokenSource();
        // The third line of progress: some runs are done, others are not.
        using var error = new LineWatcher(line => { if (line.StartsWith("6 of 20", StringComparison.Ordinal)) stop.Cancel(); });
        int status = CommandLine.Run(["campaign", scenario, "--runs", "10", "--out", _folder["stopped"]], new Host { OpenOutput = () => Stream.Null, Error = error, Stop = stop.Token });
        Assert.Equal(Host.Unusable, status);
        Run(scenario, "whole", 10).Done();
        string part = Text("stopped", "runs.csv"), whole = Text("whole", "runs.csv");
        Assert.StartsWith(part, whole, StringComparison.Ordinal);
        int rows = CampaignSamples.ReadCsv(part).Count - 1;
        Assert.InRange(rows, 6, 19);
        Assert.Contains("INCOMPLETE", Text("stopped", "report.html"), StringComparison.Ordinal);
        Assert.DoesNotContain("INCOMPLETE", Text("whole", "report.html"), StringComparison.Ordinal);
        Assert.Equal(rows, Table("stopped")["run"].Length);
        Run(scenario, "stopped", 10).Done();
        AssertSame("whole", "stopped");
    }

    [Fact]
    public void More_runs_leave_the_earlier_ones_as_they_were()
    {
        string scenario = CampaignSamples.Write(_folder, CampaignSamples.Factors);
        Run(scenario, "grown", 2).Done();
        string before = Text("grown", "runs.csv");
        Run(scenario, "grown", 5).Done();
        Assert.StartsWith(before, Text("grown", "runs.csv"), StringComparison.Ordinal);
        Run(scenario, "whole", 5).Done();
        AssertSame("whole", "grown");
        // Fewer are asked for than are there: the table holds those, and nothing is lost.
        Run(scenario, "grown", 2).Done();
        Assert.Equal(before, Text("grown", "runs.csv"));
        Assert.Equal(Bytes("whole", "runs.journal"), Bytes("grown", "runs.journal"));
    }

    [Fact]
    public void The_tables_say_the_same_and_hold_what_the_schema_says()
    {
        string scenario = CampaignSamples.Write(_folder, CampaignSamples.Factors);
        Run(scenario, "out", 3).Done();
        List<List<string>> csv = CampaignSamples.ReadCsv(Text("out", "runs.csv"));
        using JsonDocument schema = JsonDocument.Parse(Bytes("out", "schema.json"));
        JsonElement[] columns = [.. schema.RootElement.GetProperty("columns").EnumerateArray()];
        Assert.Equal(columns.Select(c => c.GetProperty("name").GetString()!), csv[0]);
        Assert.Equal(csv[0].Count, csv[0].Distinct().Count());
        Assert.All(columns, c => Assert.False(string.IsNullOrWhiteSpace(c.GetProperty("meaning").GetString()) || string.IsNullOrWhiteSpace(c.GetProperty("unit").GetString())));
        Assert.All(csv, row => Assert.Equal(columns.Length, row.Count));
        Assert.Equal(7, csv.Count);
        int run = csv[0].IndexOf("run"), replication = csv[0].IndexOf("replication"), alternative = csv[0].IndexOf("alternative"), delay = csv[0].IndexOf("factor_channel_delay_s");
        Assert.Equal(["0 0 0 0", "1 0 1 12", "2 1 0 0", "3 1 1 12", "4 2 0 0", "5 2 1 12"], csv.Skip(1).Select(r => $"{r[run]} {r[replication]} {r[alternative]} {r[delay]}"));

        Dictionary<string, object?[]> parquet = Table("out");
        Assert.Equal(csv[0], parquet.Keys);
        for (int c = 0; c < columns.Length; c++)
        {
            for (int r = 1; r < csv.Count; r++)
            {
                object? cell = parquet[csv[0][c]][r - 1];
                string text = csv[r][c];
                switch (columns[c].GetProperty("type").GetString())
                {
                    case "int64": Assert.Equal(text.Length == 0 ? null : long.Parse(text, CultureInfo.InvariantCulture), (long?)cell); break;
                    case "double": Assert.Equal(text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture), (double?)cell); break;
                    default: Assert.Equal(text, cell); break;
                }
            }
        }
    }

    /// <summary>Two alternatives under common random numbers: how many rounds fall where is the same for both, run by run.</summary>
    [Fact]
    public void Alternatives_share_what_happens_and_differ_in_what_is_warned()
    {
        string scenario = CampaignSamples.Write(_folder, CampaignSamples.Factors);
        Run(scenario, "out", 4).Done();
        Dictionary<string, object?[]> table = Table("out");
        object?[] landed = table["rounds_landed_in_zone"], lead = table["warned_lead_median_s"];
        for (int i = 0; i < landed.Length; i += 2) Assert.Equal(landed[i], landed[i + 1]);
        Assert.NotEqual(Enumerable.Range(0, 4).Select(i => lead[2 * i]), Enumerable.Range(0, 4).Select(i => lead[2 * i + 1]));
        List<List<string>> differences = CampaignSamples.ReadCsv(Text("out", "differences.csv"));
        List<string> row = differences.Single(r => r[4] == "warned_lead_median_s");
        double[] by = [.. Enumerable.Range(0, 4).Where(i => lead[2 * i] is not null && lead[2 * i + 1] is not null).Select(i => (double)lead[2 * i + 1]! - (double)lead[2 * i]!)];
        Assert.Equal(by.Average(), double.Parse(row[7], CultureInfo.InvariantCulture), 1e-9);
        Assert.Equal("\"slow\", 12 s", row[2]);
    }

    /// <summary>However many alternatives there are, the answer compares the best one with all others, and the table holds what it says.</summary>
    [Fact]
    public void The_best_of_many_alternatives_is_compared_with_all_others()
    {
        string scenario = CampaignSamples.Write(_folder, """
            "campaign": {"question": "Which delay?", "measure": "warned_lead_median_s", "better": "more", "also": ["zones_warned"], "factors": [
              {"name": "channel delay", "unit": "s", "path": "site:$.tocsin.warning.channelDelayS", "values": [0, 0.5, 1, 2, 4, 6, 8, 10, 15, 20]}]},
            """);
        CliRun run = Run(scenario, "out", 4).Done();
        Dictionary<string, object?[]> table = Table("out");
        double? Lead(int replication, int alternative) => (double?)table["warned_lead_median_s"][10 * replication + alternative];
        double?[] means = [.. Enumerable.Range(0, 10).Select(a => Enumerable.Range(0, 4).Average(r => Lead(r, a)))];
        int best = Array.IndexOf(means, means.Max());
        Assert.NotEqual(0, best);
        List<List<string>> differences = CampaignSamples.ReadCsv(Text("out", "differences.csv"));
        for (int other = 0; other < 10; other++)
        {
            if (other == best) continue;
            (string a, string reference) = other == 0 ? ($"{best}", "0") : ($"{other}", $"{best}");
            List<string> row = differences.Single(r => r[0] == a && r[1] == reference && r[4] == "warned_lead_median_s");
            double less = Enumerable.Range(0, 4).Average(r => Lead(r, other) - Lead(r, best))!.Value;
            Assert.Equal(other == 0 ? -less : less, double.Parse(row[7], CultureInfo.InvariantCulture), 1e-9);
        }
        Assert.Contains($"Most warned lead median s: {table["factor_channel_delay_s"][best]}, ", run.Error, StringComparison.Ordinal);
        Assert.Contains("What else changes", Text("out", "report.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_measure_that_there_is_not_is_said_before_anything_runs()
    {
        foreach ((string members, string path, string near) in (ReadOnlySpan<(string, string, string)>)[
            ("\"measure\": \"rounds_mised\"", "$.campaign.measure", "rounds_missed"), ("\"measure\": \"rounds_missed\", \"also\": [\"zones_warned\", \"peopel_warned\"]", "$.campaign.also[1]", "people_warned"),
            ("\"measure\": \"rounds_missed\", \"stop\": {\"measure\": \"gospa_mean\", \"halfWidth\": 1}", "$.campaign.stop.measure", "gospa_mean_m")])
            Run(CampaignSamples.Write(_folder, $$"""
                "campaign": {"question": "Q?", {{members}}},
                """), "out", 2).FailedWith(Host.Unusable, "raid.json", path, $"did you mean '{near}'?");
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void Any_run_is_made_again_by_its_number()
    {
        string scenario = CampaignSamples.Write(_folder, CampaignSamples.Factors);
        Run(scenario, "out", 3, "--seed", "9").Done();
        // The folder is enough: the files that it was made from are gone.
        File.Delete(scenario);
        File.Delete(_folder["camp.site.geojson"]);
        Dictionary<string, object?[]> table = Table("out");
        foreach (int number in (int[])[0, 3, 4])
        {
            using JsonDocument summary = JsonDocument.Parse(CliRun.Of("run", "--campaign", _folder["out"], "--number", number.ToString(CultureInfo.InvariantCulture), "--summary", "-").Done().OutputBytes);
            Assert.Equal((long)table["rounds_landed_in_zone"][number]!, summary.RootElement.GetProperty("rounds").GetProperty("landedInZone").GetInt64());
            JsonElement lead = summary.RootElement.GetProperty("warned").GetProperty("leadMedianS");
            Assert.Equal((double?)table["warned_lead_median_s"][number], lead.ValueKind == JsonValueKind.Null ? null : lead.GetDouble());
            Assert.Equal((double?)table["gospa_mean_m"][number], summary.RootElement.GetProperty("gospa").GetProperty("meanM").GetDouble());
        }
    }

    [Fact]
    public void An_operator_who_confirms_shortens_the_lead_and_is_made_again_too()
    {
        string scenario = CampaignSamples.Write(_folder, """
            "campaign": {"question": "Automatic or confirmed?", "measure": "warned_lead_median_s", "factors": [{"name": "confirm", "unit": "s", "path": "$.operator.confirmDelayS", "values": [0, 3]}]},
            """);
        Run(scenario, "out", 4).Done();
        Dictionary<string, object?[]> table = Table("out");
        double?[] lead = [.. table["warned_lead_median_s"].Select(v => (double?)v)];
        // Held for 3 s at most, and for less where its people could not wait.
        for (int i = 0; i < lead.Length; i += 2)
            if (lead[i] is { } at && lead[i + 1] is { } confirmed) Assert.InRange(at - confirmed, 0, 3.5);
        Assert.True(lead.Where((_, i) => i % 2 == 0).Sum() - lead.Where((_, i) => i % 2 == 1).Sum() > 0.5);
        using JsonDocument summary = JsonDocument.Parse(CliRun.Of("run", "--campaign", _folder["out"], "--number", "1", "--summary", "-").Done().OutputBytes);
        Assert.Equal(lead[1], summary.RootElement.GetProperty("warned").GetProperty("leadMedianS").GetDouble());
    }

    [Fact]
    public void The_rule_ends_a_campaign_at_the_same_run_however_it_is_made()
    {
        string scenario = CampaignSamples.Write(_folder, """
            "campaign": {"question": "Where do they fall?", "measure": "rounds_landed_in_zone", "stop": {"halfWidth": 0.5, "minReplications": 10}},
            """);
        Run(scenario, "one", 400, "--threads", "1").Done();
        int rows = CampaignSamples.ReadCsv(Text("one", "runs.csv")).Count - 1;
        Assert.True(rows < 400 && rows % 10 == 0, $"{rows} rows");
        Directory.CreateDirectory(_folder["two"]);
        byte[] journal = Bytes("one", "runs.journal");
        File.WriteAllBytes(Path.Combine(_folder["two"], "runs.journal"), journal[..(journal.Length / 2)]);
        Run(scenario, "two", 400, "--threads", "2").Done();
        AssertSame("one", "two");
        Assert.Contains("ended by its own rule", Text("one", "report.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_states_question_answer_interval_claims_and_assumptions_and_stands_by_itself()
    {
        string scenario = CampaignSamples.Write(_folder, CampaignSamples.Factors);
        Run(scenario, "out", 4).Done();
        string page = Text("out", "report.html");
        XElement root = XDocument.Parse(page["<!DOCTYPE html>\n".Length..]).Root!;
        XNamespace html = root.Name.Namespace;
        Assert.Equal("Does a slower channel warn <too> late?", root.Descendants(html + "p").Single(p => (string?)p.Attribute("class") == "question").Value);
        string answer = root.Descendants(html + "ul").Single(u => (string?)u.Attribute("class") == "answer").Value;
        Assert.Contains("95 % interval", answer, StringComparison.Ordinal);
        Assert.Contains("At once", answer, StringComparison.Ordinal);
        Assert.Contains("EXERCISE", page, StringComparison.Ordinal);
        // The third claim is of something that is not simulated here; none is decided.
        XElement claims = root.Descendants(html + "table").Single(t => t.Element(html + "caption")!.Value.StartsWith("Every claim", StringComparison.Ordinal));
        string[] Row(string claim) => [.. claims.Descendants(html + "tr").Single(r => r.Elements().First().Value == claim).Elements().Skip(2).Select(e => e.Value)];
        Assert.Equal(["rounds_fired, set by the scenario", "all", "0 %", "100 %", "0 %"], Row("One side: three bombs"));
        Assert.Equal(["rounds_neutralised: not simulated here", "–", "–", "–", "–"], Row("A third: one was shot down"));
        object?[] landed = Table("out")["rounds_landed_in_zone"];
        double agree = Enumerable.Range(0, 4).Count(i => (long)landed[2 * i]! >= 2) / 4.0;
        Assert.Equal($"{100 * agree:0} %", Row("Another: two hit")[3]);
        Assert.Contains("All of it.", page, StringComparison.Ordinal);
        Assert.DoesNotContain(root.Descendants(), e => e.Name.LocalName is "script" or "link" or "img" or "iframe" or "image");
        Assert.Equal(0, root.DescendantsAndSelf().Select(e => e.Name.NamespaceName).Distinct().Aggregate(page, (text, n) => text.Replace(n, "", StringComparison.Ordinal)).Split("://").Length - 1);
        string[] ids = [.. root.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (string plot in (string[])["warned_lead_median_s", "dispersion"])
        {
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(Path.Combine(_folder["out"], "plots", plot + ".png"))[..4]);
            Assert.Equal("svg", XDocument.Load(Path.Combine(_folder["out"], "plots", plot + ".svg")).Root!.Name.LocalName);
        }
    }

    [Fact]
    public void What_cannot_be_made_is_said_in_one_line()
    {
        string scenario = CampaignSamples.Write(_folder, """
            "campaign": {"question": "Which salvo gets through?", "measure": "rounds_missed", "factors": [{"name": "count", "path": "$.salvos[0].count", "values": [1, 2]}]},
            """);
        Run(scenario, "out", 2).FailedWith(Host.Unusable, "raid.json line", "$.campaign.factors[0].path", "the raid's");
        Assert.False(Directory.Exists(_folder["out"]));
        scenario = CampaignSamples.Write(_folder, """
            "campaign": {"question": "?", "measure": "rounds_missed", "factors": [{"name": "p", "path": "$.radars[0].detection.probability", "values": [0.5, 2]}]},
            """);
        Run(scenario, "out", 2).FailedWith(Host.Unusable, "alternative 1 (2)", "$.radars[0].detection.probability");
        scenario = CampaignSamples.Write(_folder, """
            "campaign": {"question": "?", "measure": "rounds_missed", "factors": [{"name": "p", "path": "site:$.features[kind=sensor,id=R7].properties.scanPeriodS", "values": [1]}]},
            """);
        Run(scenario, "out", 2).FailedWith(Host.Unusable, "no such element");
        Run(_folder["none.json"], "out", 2).FailedWith(Host.Unusable, "no such file");
        scenario = CampaignSamples.Write(_folder);
        Run(scenario, "out", 0).FailedWith(Host.WrongCommandLine, "'0' is not a whole number");
        CliRun.Of("campaign", scenario, "--out", _folder["out"]).FailedWith(Host.WrongCommandLine, "--runs");
        CliRun.Of("run", "--campaign", _folder["out"]).FailedWith(Host.WrongCommandLine, "--number");
        CliRun.Of("run", "--campaign", _folder["nowhere"], "--number", "1").FailedWith(Host.Unusable, "campaign.json");
        Run(scenario, "out", 1).Done();
        CampaignSamples.Write(_folder, "\"operator\": {\"confirmDelayS\": 1},");
        Run(scenario, "out", 1).FailedWith(Host.Unusable, "holds another campaign");
    }

    /// <summary>The questions of the studies can each be asked in one file.</summary>
    [Theory]
    [InlineData("zones", "people_alarmed_far", """{"name": "zones", "unit": "m", "path": "site:zones.gridM", "values": [300, 1000, "whole"]}""")]
    [InlineData("radar", "warned_lead_median_s", SecondRadar)]
    [InlineData("operator", "rounds_warned_in_time", """{"name": "confirmation", "unit": "s", "path": "$.operator.confirmDelayS", "values": [0, 5, 10], "labels": ["automatic", "5 s", "10 s"]}""")]
    [InlineData("wind", "impact_error_rms_at_10s_m", """{"name": "wind believed", "path": "site:$.tocsin.wind", "values": [[], [{"heightM": 0, "speedMps": 12, "fromDeg": 90}]], "labels": ["calm", "12 m/s from the east"]}""")]
    [InlineData("site", "rounds_missed", """{"name": "site", "path": "$.site", "values": ["camp.site.geojson"]}""")]
    public void A_study_is_one_file(string name, string measure, string factor)
    {
        string scenario = CampaignSamples.Write(_folder, $$"""
            "campaign": {"question": "Q?", "measure": "{{measure}}", "factors": [{{factor}}]},
            """);
        Run(scenario, name, 2).Done();
        List<List<string>> csv = CampaignSamples.ReadCsv(Text(name, "runs.csv"));
        using JsonDocument document = JsonDocument.Parse(Bytes(name, "campaign.json"));
        Assert.Equal(2 * document.RootElement.GetProperty("alternatives").GetArrayLength() + 1, csv.Count);
    }

    /// <summary>Another reader of Parquet, where one is here.</summary>
    [Fact]
    public async Task Another_reader_reads_the_parquet()
    {
        const string script = """
            import sys
            try:
                import duckdb
                rows = duckdb.sql(f"select run, seed, rounds_fired, rounds_neutralised, gospa_mean_m from '{sys.argv[1]}' order by run").fetchall()
            except ImportError:
                try:
                    import pyarrow.parquet
                except ImportError:
                    sys.exit(77)
                rows = [tuple(r.values()) for r in pyarrow.parquet.read_table(sys.argv[1], columns=["run", "seed", "rounds_fired", "rounds_neutralised", "gospa_mean_m"]).to_pylist()]
            for r in rows: print(",".join("" if v is None else repr(v) for v in r))
            """;
        string scenario = CampaignSamples.Write(_folder);
        Run(scenario, "out", 3).Done();
        Process? python;
        try
        {
            python = ProgramRun.Start("python3", _folder.Path, [], "-c", script, Path.Combine(_folder["out"], "runs.parquet"));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("needs python3");
            return;
        }
        using Process reader = python;
        Task<string> error = reader.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await reader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await reader.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(reader.ExitCode == 77, "needs python3 with duckdb or pyarrow");
        Assert.True(reader.ExitCode == 0, await error);
        List<List<string>> csv = CampaignSamples.ReadCsv(Text("out", "runs.csv"));
        int[] columns = [.. ((string[])["run", "seed", "rounds_fired", "rounds_neutralised", "gospa_mean_m"]).Select(c => csv[0].IndexOf(c))];
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        for (int r = 0; r < 3; r++)
            Assert.Equal(columns.Select(c => csv[r + 1][c].Length == 0 ? double.NaN : double.Parse(csv[r + 1][c], CultureInfo.InvariantCulture)),
                lines[r].Trim().Split(',').Select(v => v.Length == 0 ? double.NaN : double.Parse(v, CultureInfo.InvariantCulture)));
    }

    private Dictionary<string, object?[]> Table(string to)
    {
        byte[] bytes = Bytes(to, "runs.parquet");
        // A Parquet file begins and ends with these four (Apache Parquet, file format).
        Assert.Equal("PAR1PAR1", Encoding.ASCII.GetString([.. bytes[..4], .. bytes[^4..]]));
        return ReadAsync(bytes).GetAwaiter().GetResult();
    }

    private static async Task<Dictionary<string, object?[]>> ReadAsync(byte[] bytes)
    {
        var table = new Dictionary<string, object?[]>();
        await using ParquetReader reader = await ParquetReader.CreateAsync(new MemoryStream(bytes));
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        Assert.Equal(1, reader.RowGroupCount);
        int rows = checked((int)group.RowCount);
        foreach (DataField field in reader.Schema.GetDataFields())
        {
            if (field.ClrType == typeof(string))
            {
                string?[] values = new string?[rows];
                await group.ReadAsync(field, values);
                table[field.Name] = values;
            }
            else if (field.ClrType == typeof(long)) table[field.Name] = await Values<long>(group, field, rows);
            else table[field.Name] = await Values<double>(group, field, rows);
        }
        return table;
    }

    private static async Task<object?[]> Values<T>(ParquetRowGroupReader group, DataField field, int rows)
        where T : struct
    {
        if (field.IsNullable)
        {
            T?[] optional = new T?[rows];
            await group.ReadAsync<T>(field, optional.AsMemory());
            return [.. optional.Select(v => (object?)v)];
        }
        T[] values = new T[rows];
        await group.ReadAsync<T>(field, values.AsMemory());
        return [.. values.Select(v => (object?)v)];
    }

    /// <summary>Hears the lines of standard error as they are written.</summary>
    private sealed class LineWatcher(Action<string> hear) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            hear(value ?? "");
        }
    }
}
