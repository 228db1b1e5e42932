using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests;

/// <summary>The same input gives the same bytes, in one process and in another, however the code was compiled.</summary>
public sealed class DeterminismTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _site, _plots;

    public DeterminismTests()
    {
        _site = _folder.Write("sample.site.geojson", Samples.Site(Samples.Zones()));
        _plots = _folder.Write("raid.plots.csv", Samples.Plots());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_sample_raid_is_tracked_predicted_and_warned_of()
    {
        string events = Events(_plots);
        foreach (string type in (string[])["recording.opened", "plot", "track.confirmed", "impact.predicted", "warning.raised", "warning.cleared", "recording.sealed"])
            Assert.Contains($"{{\"type\":\"{type}\"", events, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"test\"", events, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_plots_give_the_same_bytes_twice() => Assert.Equal(Events(_plots), Events(_plots));

    [Fact]
    public void A_recording_replays_to_the_same_bytes()
    {
        string events = Events(_plots);
        string recording = _folder.Write("raid.events.jsonl", events);
        Assert.Equal(events, CliRun.Of("replay", recording, "--events", "-").Done().Output);
        Assert.Equal(events, CliRun.Of("replay", recording, "--site", _site, "--events", "-").Done().Output);
    }

    [Fact]
    public void A_recording_with_rejected_lines_replays_to_the_same_bytes()
    {
        string[] lines = File.ReadAllLines(_plots);
        lines[3] = "nonsense";
        lines[40] = lines[40].Replace("R1", "R9", StringComparison.Ordinal);
        string events = Events(_folder.Write("bad.plots.csv", string.Join('\n', lines)));
        Assert.Contains("input.rejected", events, StringComparison.Ordinal);
        Assert.Equal(events, CliRun.Of("replay", _folder.Write("bad.events.jsonl", events), "--events", "-").Done().Output);
    }

    [Fact]
    public void A_packed_recording_holds_and_replays_the_same_lines()
    {
        CliRun.Of("replay", _plots, "--site", _site, "--events", _folder["raid.events.jsonl.gz"]).Done();
        Assert.Equal(Events(_plots), CliRun.Of("replay", _folder["raid.events.jsonl.gz"], "--events", "-").Done().Output);
    }

    [Fact]
    public void A_recording_of_another_site_is_refused()
    {
        string recording = _folder.Write("raid.events.jsonl", Events(_plots));
        string other = _folder.Write("other.site.geojson", Samples.Site());
        CliRun.Of("replay", recording, "--site", other).FailedWith(1, "raid.events.jsonl", "other.site.geojson");
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(0.83)]
    public void Cutting_the_plots_changes_no_line_before_the_cut(double share)
    {
        string[] lines = File.ReadAllLines(_plots);
        string cut = _folder.Write("cut.plots.csv", string.Join('\n', lines[..(int)(lines.Length * share)]) + "\n");
        string[] whole = Events(_plots).Split('\n'), part = Events(cut).Split('\n');
        int last = Array.FindLastIndex(part, l => l.StartsWith("{\"type\":\"plot\"", StringComparison.Ordinal));
        Assert.True(last > 20);
        Assert.Equal(whole[..(last + 1)], part[..(last + 1)]);
    }

    [Fact]
    public async Task The_program_gives_the_same_bytes_however_it_is_compiled()
    {
        string expected = Events(_plots);
        (string, string)[] settings =
        [
            ("TOCSIN_NOTHING", "0"), ("DOTNET_TieredCompilation", "0"), ("DOTNET_TieredPGO", "0"), ("DOTNET_ReadyToRun", "0"),
            ("DOTNET_EnableHWIntrinsic", "0"),
        ];
        foreach ((string name, string value) in settings)
        {
            ProgramRun run = await ProgramRun.Of(_folder.Path, [(name, value)], "replay", _plots, "--site", _site, "--events", "-");
            Assert.True(run.Status == 0, $"{name}: {run.Error}");
            Assert.True(expected == run.Output, $"{name}={value} changes the events");
        }
    }

    private string Events(string plots) => CliRun.Of("replay", plots, "--site", _site, "--events", "-").Done().Output;
}
