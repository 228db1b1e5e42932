namespace Tocsin.Simulation.Measures;

/// <summary>Counts what a Site said in one run; no truth is needed.</summary>
public static class Account
{
    /// <summary>The figures of <paramref name="log"/>, made at <paramref name="site"/>.</summary>
    public static AccountSummary Of(SiteDefinition site, RunLog log)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(log);
        List<SensorPlots> plots = [.. site.Sensors.Select((s, i) => new SensorPlots(s.Id, log.PlotsOf(i)))];
        if (log.UnknownSensorPlotCount > 0) plots.Add(new(null, log.UnknownSensorPlotCount));
        return new()
        {
            FirstTime = log.FirstTime?.ToString(),
            LastTime = log.LastTime?.ToString(),
            Plots = log.PlotCount,
            PlotsBySensor = plots,
            RejectedInput = log.RejectedCount,
            Rejections = [.. log.Rejections.Select(r => new RejectedInput(r.Source, r.Reason, r.Count))],
            Tracks = log.Tracks.Count,
            TracksPredicted = log.Tracks.Count(t => t.Predictions.Count > 0),
            Predictions = log.PredictionCount,
            Warnings = WarningsOf(site, log),
            Dropped = log.Dropped,
        };
    }

    private static WarningCounts WarningsOf(SiteDefinition site, RunLog log)
    {
        int[] zones = [.. log.Warnings.Select(w => w.Zone).Where(z => z >= 0 && z < site.Zones.Length).Distinct()];
        double[] durations = [.. log.Warnings.Where(w => w.ClearedTime is not null).Select(w => w.ClearedTime!.Value.SecondsSince(w.RaisedTime))];
        double[] leads = [.. log.Warnings.Where(w => w.States.Count > 0).Select(w => w.States[0].LeadTimeS).Where(double.IsFinite)];
        return new(log.Warnings.Count, log.Warnings.Count(w => w.ClearReason == WarningEnd.Over),
            log.Warnings.Count(w => w.ClearReason == WarningEnd.Retracted), log.Warnings.Count(w => w.ClearedTime is null),
            zones.Length, Headcount.Of(site, zones), Statistics.Median(durations), Statistics.Max(durations), Statistics.Median(leads));
    }
}
