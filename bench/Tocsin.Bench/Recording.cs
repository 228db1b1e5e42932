using System.Globalization;
using Tocsin.Formats.Csv;
using SiteFile = Tocsin.Formats.GeoJson.SiteFile;

namespace Tocsin.Bench;

/// <summary>What is measured on: a plot file, its site, and what a replay of it says, kept so that each stage can be fed by itself.</summary>
internal sealed class Recording : IDisposable
{
    private readonly string _folder;

    private Recording(string plotsPath, string sitePath, string folder)
    {
        _folder = folder;
        PlotsPath = plotsPath;
        Site = SiteFile.Read(sitePath).Value ?? throw new InvalidDataException($"{sitePath}: no site");
        Bytes = File.ReadAllBytes(plotsPath);
        var kept = new Kept();
        using (PlotCsvReader reader = OpenReader()) reader.ReadAll(kept);
        Plots = [.. kept.Plots];
    }

    public string PlotsPath { get; }

    /// <summary>The plot file, in memory: a disk is no part of the measurement.</summary>
    public byte[] Bytes { get; }

    public SiteFile Site { get; }

    /// <summary>The plots, decoded and numbered in the order of the file.</summary>
    public Plot[] Plots { get; }

    /// <summary>The yardstick's raid of 1,000 rounds in the air at once.</summary>
    public static Recording OfThousandRounds()
    {
        string folder = NewFolder();
        Yardstick.Batch.Generate(folder, seed: 1, "many");
        return new(Path.Combine(folder, "many-1.plots.csv"), Path.Combine(folder, "many-1.site.geojson"), folder);
    }

    public static Recording Open(string plotsPath, string sitePath) => new(plotsPath, sitePath, NewFolder());

    public PlotCsvReader OpenReader() =>
        PlotCsvReader.Open(new MemoryStream(Bytes), PlotsPath, Site.Definition).Value ?? throw new InvalidDataException($"{PlotsPath}: no plots");

    /// <summary>A new events file, over the one of the pass before.</summary>
    public Stream OpenEvents() => new FileStream(Path.Combine(_folder, "events.jsonl"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string NewFolder() => Directory.CreateTempSubdirectory("tocsin-bench-").FullName;

    private sealed class Kept : IPlotSink
    {
        public List<Plot> Plots { get; } = [];

        public void Feed(in Plot plot) => Plots.Add(plot with { Number = Plots.Count + 1 });

        public void Reject(in Rejection rejection) =>
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{rejection.Source}: {rejection.Reason}"));
    }
}
