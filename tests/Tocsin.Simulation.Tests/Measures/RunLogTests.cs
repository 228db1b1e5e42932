using System.Text.Json;
using Tocsin.Simulation.Measures;
using static Tocsin.Simulation.Tests.Measures.TestRun;

namespace Tocsin.Simulation.Tests.Measures;

public class RunLogTests
{
    [Fact]
    public void Counts_plots_by_sensor_and_adds_up_rejections()
    {
        var log = new RunLog();
        foreach (int sensor in (int[])[0, 0, Plot.UnknownSensor]) log.PlotReceived(At(1), new Plot { Time = At(1), Sensor = sensor, Measurement = default });
        log.InputRejected(Instant.MinValue, new("a.csv line 2", "no range", 1, true));
        log.InputRejected(At(2), new("R1", "late", 3, false));
        log.InputRejected(At(2), new("R1", "late", 4, false));
        AccountSummary account = Account.Of(Site(), log);
        Assert.Equal([new SensorPlots("R1", 2), new SensorPlots(null, 1)], account.PlotsBySensor);
        Assert.Equal([new RejectedInput("a.csv line 2", "no range", 1), new RejectedInput("R1", "late", 7)], account.Rejections);
        Assert.Equal((3, 8), (account.Plots, account.RejectedInput));
        Assert.Equal(At(1).ToString(), account.FirstTime);
    }

    [Fact]
    public void Rejections_beyond_the_limit_are_counted_and_not_kept()
    {
        var log = new RunLog();
        for (int i = 0; i < RunLog.MaxRejections + 5; i++) log.InputRejected(At(0), new($"line {i}", "bad", 1, true));
        Assert.Equal((RunLog.MaxRejections, 5, RunLog.MaxRejections + 5), (log.Rejections.Count, log.Dropped, log.RejectedCount));
    }

    [Fact]
    public void A_warning_keeps_its_states_and_its_end()
    {
        (_, RunLog log, _) = Everything();
        WarningLog warning = log.Warnings[0];
        Assert.Equal((At(10), At(90), WarningEnd.Over), (warning.RaisedTime, warning.ClearedTime, warning.ClearReason));
        Assert.True(warning.StandsAt(At(30)));
        Assert.False(warning.StandsAt(At(10)));
        Assert.False(warning.StandsAt(At(91)));
        Assert.Equal(OperationStatus.Exercise, log.Status);
    }

    [Fact]
    public void The_summary_is_json_of_stable_names_and_the_same_bytes_each_time()
    {
        (SiteDefinition site, RunLog log, Truth truth) = Everything();
        string json = SummaryJson.Of(Score.Compute(site, log, truth));
        Assert.Equal(json, SummaryJson.Of(Score.Compute(site, log, truth)));
        using var document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        Assert.Equal("tocsin.score/1", root.GetProperty("schema").GetString());
        Assert.Equal("exercise", root.GetProperty("status").GetString());
        Assert.Equal(4, root.GetProperty("rounds").GetProperty("fired").GetInt32());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("rounds").GetProperty("engaged").ValueKind);
        Assert.Equal(1, root.GetProperty("warned").GetProperty("rounds").GetProperty("atLeast15S").GetInt32());
        Assert.Equal(0.5, root.GetProperty("needless").GetProperty("needlessZoneShare").GetDouble());
        Assert.Equal(20, root.GetProperty("roundList")[0].GetProperty("warnedLeadS").GetDouble());
        Assert.Equal(7, root.GetProperty("byLeadTime").GetArrayLength());
        Assert.Equal(10, root.GetProperty("byLeadTime")[3].GetProperty("errorRmsM").GetDouble(), 0.01);
        Assert.Equal("tocsin.account/1", JsonDocument.Parse(SummaryJson.Of(Account.Of(site, log))).RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public void Text_rows_say_what_the_summary_says()
    {
        (SiteDefinition site, RunLog log, Truth truth) = Everything();
        IReadOnlyList<ScoreRow> rows = ScoreTable.Rows(Score.Compute(site, log, truth));
        Assert.Contains(new ScoreRow("rounds", "fired / flew", "4 / 3"), rows);
        Assert.Contains(new ScoreRow("warned in time", "rounds >= 3 / 5 / 10 / 15 s", "1 / 1 / 1 / 1 of 2"), rows);
        Assert.Contains(new ScoreRow("needless", "zones", "1 of 2 50 %"), rows);
        Assert.Contains(new ScoreRow("tracks", "confirmed / ghosts / false / other", "3 / 1 / 1 / 0"), rows);
    }
}
