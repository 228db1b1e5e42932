using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tocsin.Campaigns;
using Tocsin.Simulation;
using Tocsin.Simulation.Campaigns;
using Tocsin.Simulation.Lint;
using Tocsin.Simulation.Report;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin campaign</c>: many runs of a scenario, or of every alternative that it names, as tables, plots and a report.</summary>
internal static class CampaignCommand
{
    // Chosen: as often as a log without a terminal hears how far it is.
    private const int LinesOfProgress = 10;

    /// <summary>Makes the command.</summary>
    public static Command Make(Host host)
    {
        Argument<string> scenario = CommonOptions.Input("SCENARIO", "The scenario file, such as scenarios/green-zone.json; its member 'campaign' says what is varied.");
        Option<int?> runs = CommonOptions.Count("--runs", "How many runs: replications of each alternative where the scenario names some.", 1, CampaignLimits.Runs);
        runs.Required = true;
        Option<long?> seed = CommonOptions.Seed();
        var folder = new Option<string>("--out") { Description = "Where tables, plots and report go; a campaign that was begun there goes on.", HelpName = "DIR", Required = true };
        Option<int?> threads = CommonOptions.Count("--threads", "How many threads make runs (all processors). What comes of the campaign does not depend on it.", 1, CampaignLimits.Threads);
        var command = new Command("campaign", "Make many runs of a scenario and compare its alternatives: tables (CSV, Parquet), plots and a report.") { scenario, runs, seed, folder, threads };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(scenario), parsed.GetValue(runs)!.Value, parsed.GetValue(seed), parsed.GetRequiredValue(folder),
            parsed.GetValue(threads) ?? Math.Clamp(Environment.ProcessorCount, 1, CampaignLimits.Threads), host));
        return command;
    }

    private static int Run(string scenarioPath, int replications, long? seed, string path, int threads, Host host)
    {
        CampaignPlan plan = CampaignRuns.Plan(scenarioPath, seed);
        int alternatives = plan.Alternatives.Count;
        int wanted = plan.Scenario.Campaign?.Stop?.MaxReplications is { } most ? Math.Min(most, replications) : replications;
        if ((long)wanted * alternatives > CampaignLimits.Runs)
            throw new UnusableException($"{alternatives} alternatives of {wanted} runs are more than {CampaignLimits.Runs} runs; ask for fewer", Host.WrongCommandLine);
        // Its first run is drawn before anything is told or written: a scenario that cannot be flown says so in one line.
        RaidFiles files = RaidFiles.Read(scenarioPath);
        LintReport lint = files.Checked();
        Raid.Draw(files, plan.Seed);
        // One run tells the columns: a measure that there is not is said now, and not when all the runs are made.
        if (CampaignResults.Unknown(plan, RunRow.ColumnsOf(plan.Make(0).OrThrow().Measures)) is { } unknown) throw new UnusableException($"{scenarioPath}: {unknown}");
        var folder = new CampaignFolder(path);
        if (File.Exists(path)) throw new UnusableException($"{path}: is a file; name a folder");
        Directory.CreateDirectory(path);

        StopWatcher? watcher = plan.Scenario.Campaign is { Stop: { } stop } campaign ? new(stop, campaign.Measure, alternatives) : null;
        int end = wanted * alternatives, last = 0;
        using Journal journal = Journal.Open(folder[CampaignFolder.JournalName], plan.Identity).OrThrow();
        folder.WriteText(CampaignFolder.DocumentName, w => w.Write(plan.Document()));
        // The rule decides over the runs of an earlier start as it would have decided then: it hears them again.
        foreach (RunRow row in watcher is null ? [] : journal.Read(end))
            if (!watcher!.IsEnough) Watch(watcher, journal, row, ref last);
        if (watcher is null) last = Math.Min(journal.Runs, end);
        int held = last;

        RaidFiles.Tell(lint, host);
        host.Error.WriteLine(Host.OneLine(string.Create(CultureInfo.InvariantCulture,
            $"EXERCISE  campaign over {plan.Scenario.Name}, seed {plan.Seed}: {alternatives} {(alternatives == 1 ? "alternative" : "alternatives")}, {wanted} replications, {threads} {(threads == 1 ? "thread" : "threads")}{(held > 0 ? $"; {held} runs are there already" : "")}")));
        string? problem = null;
        if (watcher is not { IsEnough: true })
        {
            Progress(host, held, end, done => problem = new ThreadEngine(threads).Run(plan, journal.Runs, end, finished =>
            {
                journal.Add(finished);
                if (watcher is null) last = finished.Row.Run + 1;
                else Watch(watcher, journal, finished.Row, ref last);
                done(last);
                return watcher is not { IsEnough: true };
            }, host.Stop));
        }
        if (problem is not null) throw new UnusableException(problem);
        if (last >= alternatives) WriteOut(folder, plan, journal, last, wanted, watcher is { IsEnough: true }, host);
        else if (last > 0) WriteTables(folder, plan, journal, last);
        host.Stop.ThrowIfCancellationRequested();
        return Host.Done;
    }

    private static void Watch(StopWatcher watcher, Journal journal, RunRow row, ref int last)
    {
        watcher.Take(journal.Columns, row);
        last = row.Run + 1;
    }

    private static void WriteTables(CampaignFolder folder, CampaignPlan plan, Journal journal, int runs)
    {
        folder.WriteRuns(plan, journal, runs);
        folder.Write(CampaignFolder.ParquetName, s => ParquetTable.Write(s, plan, journal, runs));
        folder.WriteSchema(plan, journal.Columns);
    }

    private static void WriteOut(CampaignFolder folder, CampaignPlan plan, Journal journal, int runs, int wanted, bool stoppedByRule, Host host)
    {
        WriteTables(folder, plan, journal, runs);
        CampaignResults results = CampaignResults.Of(plan, journal, runs, wanted, stoppedByRule);
        folder.WriteStatistics(results);
        folder.WriteText(CampaignFolder.ReportName, w => CampaignReport.Write(w, results));
        CampaignPlots.Write(folder, results);
        foreach (string line in CampaignReport.Answer(results)) host.Error.WriteLine(Host.OneLine(line));
        host.Error.WriteLine("report: " + folder[CampaignFolder.ReportName]);
    }

    /// <summary>Shows how far it is and when it will end: moving on a terminal, a line now and then elsewhere.</summary>
    private static void Progress(Host host, int held, int end, Action<Action<int>> work)
    {
        if (host.IsTerminal)
        {
            host.MakeConsole().Progress().AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
                .Start(progress =>
                {
                    ProgressTask task = progress.AddTask("runs", maxValue: end);
                    task.Value = held;
                    work(done => task.Value = done);
                });
            return;
        }
        long started = host.Clock.GetTimestamp();
        int step = Math.Max(1, (end - held) / LinesOfProgress);
        work(done =>
        {
            if ((done - held) % step != 0 || done == end) return;
            double elapsedS = host.Clock.GetElapsedTime(started).TotalSeconds, leftS = elapsedS / (done - held) * (end - done);
            host.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {end} runs, {100.0 * done / end:0} %, about {TimeSpan.FromSeconds(Math.Ceiling(leftS)):c} left"));
        });
    }
}
