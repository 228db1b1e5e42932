using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Tocsin.Formats;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Radar;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin run</c>: one simulated run of a scenario, as fast as it goes.</summary>
internal static class RunCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(Host host)
    {
        Argument<string> scenario = CommonOptions.Input("SCENARIO", "The scenario file, such as scenarios/green-zone.json.");
        Option<long?> seed = CommonOptions.Seed();
        Option<string?> events = CommonOptions.Events(), summary = CommonOptions.Summary();
        Option<string?> truth = CommonOptions.File("--truth", "Write what was true (JSON Lines; .gz packs them), for 'tocsin score'.");
        var report = new Option<string?>("--report") { Description = "Write the report (report.html) into this folder.", HelpName = "DIR" };
        var command = new Command("run", "Simulate one run of a scenario, as fast as it goes.") { scenario, seed, events, truth, report, summary };
        CommonOptions.OneStandardOutput(command, events, truth, summary);
        command.SetAction(parsed => Run(parsed.GetRequiredValue(scenario), parsed.GetValue(seed), parsed.GetValue(events), parsed.GetValue(truth),
            parsed.GetValue(report), parsed.GetValue(summary), host));
        return command;
    }

    private static int Run(string scenarioPath, long? seed, string? events, string? truth, string? report, string? summary, Host host)
    {
        RaidFiles files = RaidFiles.Read(scenarioPath);
        files.TellLint(host);
        long started = Stopwatch.GetTimestamp();
        Raid raid = Raid.Draw(files, seed);
        using var pass = new Pass(raid.Site, OperationStatus.Exercise, raid.Run.Seed, events, host, raid.Motion);
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
