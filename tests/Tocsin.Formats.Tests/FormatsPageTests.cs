using System.Text;
using Tocsin.Formats.Csv;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests;

/// <summary>The examples of docs/formats.md are read as they stand there.</summary>
public sealed class FormatsPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "formats.md"));

    private static SiteFile Site => SiteFile.Parse(Encoding.UTF8.GetBytes(Example("geojson")), "docs/formats.md").Value!;

    private static string Example(string language)
    {
        string fence = $"```{language}\n";
        int start = s_page.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        return s_page[start..s_page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    [Fact]
    public void The_site_is_valid_and_the_defaults_are_those_of_the_table()
    {
        Assert.Equal(("camp", 1, 1, 1, 1), (Site.Definition.Name, Site.Definition.Sensors.Length, Site.Definition.Zones.Length, Site.Definition.Sirens.Length, Site.Definition.Shelters.Length));
        var policy = new WarningPolicy();
        Assert.Contains($"`silenceToNeedlessHarmRatio` ({policy.SilenceToNeedlessHarmRatio}), `rocketHarmRadiusM` ({policy.RocketHarmRadiusM}), " +
            $"`artilleryHarmRadiusM` ({policy.ArtilleryHarmRadiusM}), `mortarHarmRadiusM` ({policy.MortarHarmRadiusM}), `holdTimeS` ({policy.HoldTimeS}), " +
            $"`channelDelayS` ({policy.ChannelDelayS}), `timeSigmaShare` ({policy.TimeSigmaShare})", s_page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plots_are_read()
    {
        using PlotCsvReader reader = PlotCsvReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(Example("csv"))), "docs", Site.Definition).Value!;
        Assert.Equal(new PlotCsvCounts(2, 0, true), reader.ReadAll(new KeepingSink(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_events_are_read_and_written_again_as_they_stand_there()
    {
        var empty = new MemoryStream();
        using (var writer = new EventWriter(empty, new RecordingHeader(Site, OperationStatus.Test))) writer.Flush();
        string opened = Encoding.UTF8.GetString(empty.ToArray()).Split('\n')[0];
        string[] lines = Example("jsonl").TrimEnd('\n').Split('\n');
        using EventReader reader = EventReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', [opened, .. lines[1..]]))), "docs").Value!;
        var again = new MemoryStream();
        using (var writer = new EventWriter(again, reader.Header)) Assert.Equal((lines.Length - 1, null), (reader.ReadAll(writer).Used, reader.Counts.FirstProblem));
        // An instant of four digits is accepted, and written with seven.
        Assert.Equal(lines[1..].Select(l => l.Replace("47.0412Z", "47.0412000Z", StringComparison.Ordinal)), Encoding.UTF8.GetString(again.ToArray()).Split('\n')[1..lines.Length]);
        Assert.Equal(opened[..60].Replace("1970-01-01T00:00:00", "2023-11-14T22:13:20", StringComparison.Ordinal), lines[0][..60]);
    }
}
