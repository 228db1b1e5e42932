using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Tocsin.Formats;
using Tocsin.Simulation.Lint;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Radar;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin run</c>: one simulated run of a scenario, as fast as it goes.</summary>
internal static class RunCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(Host host)
    {
        Argument<string?> scenario = new("SCENARIO") { Description = "The scenario file, such as scenarios/green-zone.json; left out with --campaign.", Arity = ArgumentArity.ZeroOrOne };
        Option<long?> seed = CommonOptions.Seed();
        Option<string?> events = CommonOptions.Events(), summary = CommonOptions.Summary();
        Option<string?> truth = CommonOptions.File("--truth", "Write what was true (JSON Lines; .gz packs them), for 'tocsin score'.");
        var report = new Option<string?>("--report") { Description = "Write the report (report.html) into this folder.", HelpName = "DIR" };
        var command = new Command("run", "Simulate one run of a scenario, as fast as it goes.") { scenario, seed, events, truth, report, summary };
        (Option<string?> campaign, Option<int?> number) = CampaignRuns.Options(command);
        CommonOptions.OneStandardOutput(command, events, truth, summary);
        command.Validators.Add(result =>
        {
            bool again = result.GetResult(campaign) is not null;
            if (again == result.GetValue(scenario) is not null) result.AddError(again ? "Give SCENARIO or --campaign, not both" : "Required argument missing: SCENARIO");
            if (again && result.GetResult(seed) is not null) result.AddError("--seed is the campaign's own; leave it out");
        });
        command.SetAction(parsed => Run(
            () => parsed.GetValue(campaign) is { } folder ? CampaignRuns.Raid(folder, parsed.GetValue(number)!.Value, host) : Checked(parsed.GetValue(scenario)!, parsed.GetValue(seed), host), parsed.GetValue(events), parsed.GetValue(truth),
            parsed.GetValue(report), parsed.GetValue(summary), host));
        return command;
    }

    private static int Run(Func<Raid> load, string? events, string? truth, string? report, string? summary, Host host)
    {
        long started = Stopwatch.GetTimestamp();
        Raid raid = load();
        using var pass = new Pass(raid.Site, OperationStatus.Exercise, raid.Run.Seed, events, host, raid.Motion) { Hearing = raid.Run.Heard };
        pass.Begin();
        host.Error.WriteLine(Host.OneLine(string.Create(CultureInfo.InvariantCulture,
            $"EXERCISE  {raid.Title}, seed {raid.Run.Seed}: {raid.Run.Truth.Rounds.Count} rounds, {raid.Run.Plots.Count} plots simulated in {Elapsed(started):0.00} s")));
        started = Stopwatch.GetTimestamp();
        Play(raid, pass, host);
        pass.Finish();
        if (truth is not null) raid.WriteTruth(truth, host);
        host.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tracked and warned in {Elapsed(started):0.00} s"));
        ScoreSummary score = raid.Score(pass.Log);
        if (summary is not null) OutputFile.WriteText(summary, SummaryJson.Of(score), host);
        Tables.Write(score, host);
        Tables.Write(raid.People(pass.Log), host);
        if (report is not null) host.Error.WriteLine("report: " + raid.WriteReport(report, pass.Log, score, host));
        return Host.Done;
    }

    /// <summary>Draws the run of a scenario that the linter has looked at.</summary>
    private static Raid Checked(string scenarioPath, long? seed, Host host)
    {
        // Drawn before anything is told: a scenario that cannot be flown says so in one line.
        RaidFiles files = RaidFiles.Read(scenarioPath);
        LintReport lint = files.Checked();
        Raid raid = Raid.Draw(files, seed);
        RaidFiles.Tell(lint, host);
        return raid;
    }

    /// <summary>Feeds every plot; a terminal shows how far it is.</summary>
    private static void Play(Raid raid, Pass pass, Host host)
    {
        if (!host.IsTerminal)
        {
            foreach (SimulatedPlot plot in raid.Motion.Plots) pass.Feed(CanonicalPlot.Of(plot.Plot));
            return;
        }
        host.MakeConsole().Progress().AutoClear(true).Start(progress =>
        {
            ProgressTask task = progress.AddTask("plots", maxValue: raid.Run.Plots.Count);
            foreach (SimulatedPlot plot in raid.Motion.Plots)
            {
                pass.Feed(CanonicalPlot.Of(plot.Plot));
                task.Increment(1);
            }
        });
    }

    private static double Elapsed(long started) => Stopwatch.GetElapsedTime(started).TotalSeconds;
}
