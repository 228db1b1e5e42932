using System.Text;
using ScottPlot;
using Tocsin.Simulation.Campaigns;
using Drawing = ScottPlot.Plot;

namespace Tocsin.Campaigns;

/// <summary>Draws the plots of a campaign for papers and slides, as PNG and SVG: the report has drawings of its own.</summary>
public static class CampaignPlots
{
    private const int WidthPx = 900, HeightPx = 480, SidePx = 700;

    // The colours of Okabe and Ito ("Color universal design", 2008), those of the report.
    private static readonly string[] s_colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#000000"];

    /// <summary>Writes every plot.</summary>
    public static void Write(CampaignFolder folder, CampaignResults results)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(results);
        foreach ((string name, Histogram histogram) in results.Histograms.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            MeasureColumn column = results.Columns.First(c => c.Name == name);
            if (results.Aggregates[0].First(a => a.Column.Name == name).Count == 0) continue;
            Save(folder, name, WidthPx, HeightPx, Distribution(results, column, histogram));
        }
        if (results.Plan.Alternatives.Count > 1) Save(folder, results.Measure.Name + "-by-alternative", WidthPx, HeightPx, ByAlternative(results));
        if (results.Dispersions.Count > 0) Save(folder, "dispersion", SidePx, SidePx, Impacts(results, results.Dispersions[0]));
    }

    private static Drawing Distribution(CampaignResults results, MeasureColumn column, Histogram histogram)
    {
        Drawing plot = New(results);
        int shown = Math.Min(results.Plan.Alternatives.Count, s_colours.Length);
        for (int a = 0; a < shown; a++)
        {
            double total = Math.Max(1, histogram.Counts[a].Sum());
            double[] middles = [.. Enumerable.Range(0, histogram.Bins).Select(b => histogram.Start + (b + 0.5) * histogram.Step)];
            double[] shares = [.. histogram.Counts[a].Select(c => 100 * c / total)];
            Color colour = Color.FromHex(s_colours[a]);
            if (shown == 1)
            {
                ScottPlot.Plottables.BarPlot bars = plot.Add.Bars(middles, shares);
                bars.Color = colour;
                foreach (Bar bar in bars.Bars) bar.Size = histogram.Step * 0.9;
                continue;
            }
            ScottPlot.Plottables.Scatter line = plot.Add.Scatter(middles, shares, colour);
            line.LegendText = results.Plan.Alternatives[a].Name;
        }
        if (shown > 1) plot.ShowLegend(Alignment.UpperRight);
        plot.Axes.SetLimitsY(0, 1.08 * Math.Max(1, histogram.Counts.Max(c => 100 * c.Max() / Math.Max(1.0, c.Sum()))));
        plot.XLabel($"{column.Name} ({column.Unit})");
        plot.YLabel("runs (%)");
        return plot;
    }

    private static Drawing ByAlternative(CampaignResults results)
    {
        Drawing plot = New(results);
        int count = Math.Min(results.Plan.Alternatives.Count, 40);
        for (int a = 0; a < count; a++)
        {
            Aggregate aggregate = results.Of(a, results.Measure.Name);
            if (aggregate.Count == 0) continue;
            Color colour = Color.FromHex(s_colours[0]);
            plot.Add.Line(aggregate.Mean.Low, -a, aggregate.Mean.High, -a).Color = colour;
            plot.Add.Marker(aggregate.Mean.Value, -a, MarkerShape.FilledCircle, 9, colour);
        }
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. Enumerable.Range(0, count).Select(a => (double)-a)], [.. results.Plan.Alternatives.Take(count).Select(a => a.Name)]);
        plot.Axes.SetLimitsY(-count + 0.3, 0.7);
        plot.XLabel($"{results.Measure.Name} ({results.Measure.Unit}), mean and 95 % interval");
        return plot;
    }

    private static Drawing Impacts(CampaignResults results, Dispersion dispersion)
    {
        Drawing plot = New(results);
        plot.Add.Markers(dispersion.Sample.Select(p => p.EastM).ToArray(), dispersion.Sample.Select(p => p.NorthM).ToArray(), MarkerShape.FilledCircle, 3, Color.FromHex(s_colours[4]).WithAlpha(0.6));
        var degrees = Angle.FromDegrees(90 - dispersion.OrientationRad * 180 / Math.PI);
        for (int k = 1; k <= 3; k++)
        {
            ScottPlot.Plottables.Ellipse ellipse = plot.Add.Ellipse(dispersion.MeanEastM, dispersion.MeanNorthM, Math.Max(0.1, k * dispersion.SigmaMajorM), Math.Max(0.1, k * dispersion.SigmaMinorM), degrees);
            ellipse.LineColor = Color.FromHex(s_colours[0]);
            ellipse.LineWidth = k == 1 ? 2 : 1;
            ellipse.FillColor = Colors.Transparent;
        }
        plot.Add.Marker(0, 0, MarkerShape.Cross, 14, Color.FromHex(s_colours[5]));
        plot.Axes.SquareUnits();
        plot.XLabel("east of the aim (m)");
        plot.YLabel("north of the aim (m)");
        return plot;
    }

    private static Drawing New(CampaignResults results)
    {
        var plot = new Drawing();
        plot.Title($"EXERCISE  {results.Plan.Scenario.Name}, {results.Replications} replications", 14);
        return plot;
    }

    private static void Save(CampaignFolder folder, string name, int width, int height, Drawing plot)
    {
        using (plot)
        {
            folder.Write(Path.Combine(CampaignFolder.PlotsName, name + ".png"), s => s.Write(plot.GetImageBytes(width, height, ImageFormat.Png)));
            folder.Write(Path.Combine(CampaignFolder.PlotsName, name + ".svg"), s => s.Write(Encoding.UTF8.GetBytes(plot.GetSvgXml(width, height))));
        }
    }
}
