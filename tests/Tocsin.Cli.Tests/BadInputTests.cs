using System.Text.Json;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests;

/// <summary>Bad input ends with one clear line and status 1, or is counted and passed over with status 0. Nothing prints a stack trace.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _site;

    public BadInputTests() => _site = _folder.Write("sample.site.geojson", Samples.Site(Samples.Zones()));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "empty")]
    [InlineData(Samples.Header, "no plots")]
    [InlineData("this is,no header\n1,2\n", "header")]
    [InlineData("time_s,sensor,range_m\n1,R1,2\n", "azimuth_deg")]
    public void A_plot_file_without_plots_or_header_cannot_be_used(string text, string word)
    {
        string plots = _folder.Write("bad.plots.csv", text);
        string events = _folder.Write("kept.events.jsonl", "older\n");
        CliRun.Of("replay", plots, "--site", _site, "--events", events).FailedWith(1, "bad.plots.csv", word);
        Assert.Equal("older\n", File.ReadAllText(events));
    }

    [Theory]
    [InlineData("1700000001.000,R1,NaN,45,30\n", "line 3")]
    [InlineData("1700000001.000,R1,5000,Infinity,30\n", "line 3")]
    [InlineData("1700000001.000,R1,5000,45,-inf\n", "line 3")]
    [InlineData("1e999,R1,5000,45,30\n", "line 3")]
    [InlineData("1700000001.000,R9,5000,45,30\n", "R9")]
    [InlineData("1700000001.000,R1,50", "line 3")]
    public void A_bad_line_is_counted_named_and_passed_over(string line, string word)
    {
        JsonElement summary = Replay(Samples.Header + Samples.Plot() + line);
        Assert.Equal(1, summary.GetProperty("rejectedInput").GetInt64());
        JsonElement rejection = Assert.Single(summary.GetProperty("rejections").EnumerateArray());
        Assert.Contains(word, rejection.GetProperty("source").GetString() + " " + rejection.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_that_runs_backwards_is_no_error_of_the_file()
    {
        string backwards = string.Concat(Enumerable.Range(0, 40).Select(i => Samples.Plot(40 - i)));
        JsonElement summary = Replay(Samples.Header + backwards);
        Assert.Equal(40, summary.GetProperty("plots").GetInt64());
        // What is too late to be used is told, and not silently lost.
        Assert.InRange(summary.GetProperty("rejectedInput").GetInt64(), 1, 39);
    }

    [Fact]
    public void A_zone_that_crosses_itself_is_refused()
    {
        string crossing = _folder.Write("bow.site.geojson", Samples.Site(Samples.Zone("bow", [(0, 0), (0.01, 0.01), (0.01, 0), (0, 0.01)])));
        string plots = _folder.Write("good.plots.csv", Samples.Header + Samples.Plot());
        CliRun.Of("replay", plots, "--site", crossing).FailedWith(1, "bow.site.geojson", "bow", "cross");
    }

    [Fact]
    public void A_site_without_zones_tracks_and_warns_nobody()
    {
        string bare = _folder.Write("bare.site.geojson", Samples.Site());
        string plots = _folder.Write("raid.plots.csv", Samples.Plots());
        JsonElement summary = Summary(CliRun.Of("replay", plots, "--site", bare, "--summary", "-").Done());
        Assert.True(summary.GetProperty("tracks").GetInt32() > 0);
        Assert.Equal(0, summary.GetProperty("warnings").GetProperty("raised").GetInt32());
    }

    [Fact]
    public void A_capture_cut_in_the_middle_is_read_to_the_cut()
    {
        byte[] capture = File.ReadAllBytes(SharedData.PathOrSkip("asterix/cat_034_048.pcap"));
        File.WriteAllBytes(_folder["cut.pcap"], capture[..(capture.Length / 2 + 7)]);
        JsonElement summary = Summary(CliRun.Of("replay", _folder["cut.pcap"], "--site", _site, "--summary", "-").Done());
        Assert.Contains(summary.GetProperty("rejections").EnumerateArray(),
            r => r.GetProperty("reason").GetString()!.Contains("the capture ends inside", StringComparison.Ordinal));
        CliRun.Of("inspect", _folder["cut.pcap"], "--json").Done();
    }

    [Fact]
    public void A_cut_gzip_file_is_read_to_the_cut_or_refused()
    {
        string plots = _folder.Write("raid.plots.csv", Samples.Plots());
        CliRun.Of("replay", plots, "--site", _site, "--events", _folder["raid.events.jsonl.gz"]).Done();
        byte[] packed = File.ReadAllBytes(_folder["raid.events.jsonl.gz"]);
        File.WriteAllBytes(_folder["cut.events.jsonl.gz"], packed[..(packed.Length / 2)]);
        CliRun run = CliRun.Of("replay", _folder["cut.events.jsonl.gz"]);
        Assert.InRange(run.Status, 0, 1);
        Assert.DoesNotContain("fault of this program", run.Error, StringComparison.Ordinal);
        Assert.Contains("cut.events.jsonl.gz", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay", "{missing}", "--site", "{site}")]
    [InlineData("replay", "{plots}", "--site", "{missing}")]
    [InlineData("run", "{missing}")]
    [InlineData("inspect", "{missing}")]
    [InlineData("score", "--events", "{missing}", "--truth", "{plots}")]
    public void A_missing_file_is_named(params string[] args) => CliRun.Of(Filled(args)).FailedWith(1, "missing.file");

    [Theory]
    [InlineData("replay", "{folder}", "--site", "{site}")]
    [InlineData("replay", "{plots}", "--site", "{folder}")]
    [InlineData("run", "{folder}")]
    [InlineData("inspect", "{folder}")]
    [InlineData("score", "--events", "{folder}", "--truth", "{plots}")]
    [InlineData("replay", "{plots}", "--site", "{site}", "--events", "{folder}")]
    public void A_folder_is_not_a_file(params string[] args) => CliRun.Of(Filled(args)).FailedWith(1, _folder.Path);

    [Theory]
    [InlineData("--events")]
    [InlineData("--summary")]
    public void An_output_that_cannot_be_written_is_named(string option)
    {
        string plots = _folder.Write("good.plots.csv", Samples.Header + Samples.Plot());
        // A file cannot hold a file: not even the superuser can write there.
        CliRun run = CliRun.Of("replay", plots, "--site", _site, option, Path.Combine(plots, "below.json"));
        run.FailedWith(1, "below.json");
    }

    [Theory]
    [InlineData("not json at all")]
    [InlineData("{\"type\":\"FeatureCollection\"")]
    [InlineData("{\"type\":\"FeatureCollection\",\"features\":[]}")]
    [InlineData("[]")]
    [InlineData("")]
    public void A_site_file_that_is_none_is_refused(string text)
    {
        string site = _folder.Write("none.site.geojson", text);
        string plots = _folder.Write("good.plots.csv", Samples.Header + Samples.Plot());
        CliRun.Of("replay", plots, "--site", site).FailedWith(1, "none.site.geojson");
    }

    [Theory]
    [InlineData("{\"type\":\"plot\"}\n")]
    [InlineData("{\"name\":\"a scenario\"}\n")]
    [InlineData("{\n")]
    public void Json_that_is_no_recording_is_refused(string text) =>
        CliRun.Of("replay", _folder.Write("odd.events.jsonl", text)).FailedWith(1, "odd.events.jsonl");

    [Theory]
    [InlineData("not json at all")]
    [InlineData("{}")]
    [InlineData("")]
    public void A_scenario_that_is_none_is_refused(string text) =>
        CliRun.Of("run", _folder.Write("none.json", text)).FailedWith(1, "none.json");

    [Fact]
    public void A_name_with_control_characters_stays_one_line() =>
        CliRun.Of("replay", _folder["evil\n\u001b[31mname"], "--site", _site).FailedWith(1, "evil");

    private JsonElement Replay(string text)
    {
        string plots = _folder.Write("some.plots.csv", text);
        return Summary(CliRun.Of("replay", plots, "--site", _site, "--summary", "-").Done());
    }

    private static JsonElement Summary(CliRun run) => JsonDocument.Parse(run.OutputBytes).RootElement;

    private string[] Filled(string[] args)
    {
        _folder.Write("good.plots.csv", Samples.Header + Samples.Plot());
        return [.. args.Select(a => a.Replace("{missing}", _folder["missing.file"], StringComparison.Ordinal).Replace("{folder}", _folder.Path, StringComparison.Ordinal)
            .Replace("{site}", _site, StringComparison.Ordinal).Replace("{plots}", _folder["good.plots.csv"], StringComparison.Ordinal))];
    }
}
