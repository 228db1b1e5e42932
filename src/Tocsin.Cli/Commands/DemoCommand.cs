using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tocsin.Cli.Demo;
using Tocsin.Formats;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Radar;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin demo</c>: the Green Zone raid, live in the terminal, then its report.</summary>
internal static class DemoCommand
{
    private const string Scenario = "scenarios/green-zone.json";
    private static readonly string s_folder = Path.Combine("out", "demo");

    /// <summary>Makes the command.</summary>
    public static Command Make(Host host)
    {
        Option<double?> speed = CommonOptions.Factor("--speed", "Run this many times faster than real time (1; with --headless as fast as it goes).");
        var headless = new Option<bool>("--headless") { Description = "Show nothing, and write the report." };
        var command = new Command("demo", "Play the rocket attack of 20 December 2020 on Baghdad's Green Zone at real speed, then write its report.")
        {
            speed, headless,
        };
        command.SetAction(parsed => Run(parsed.GetValue(speed), parsed.GetValue(headless), host));
        return command;
    }

    private static int Run(double? speed, bool headless, Host host)
    {
        // The scenarios travel with the program, so that the demonstration runs from any folder.
        Raid raid = Raid.Load(Path.Combine(AppContext.BaseDirectory, Scenario), null);
        double? pace = speed ?? (headless ? null : 1);
        var picture = new Picture();
        using var pass = new Pass(raid.Site, OperationStatus.Exercise, raid.Run.Seed, Path.Combine(s_folder, "raid.events.jsonl"), host, picture);
        pass.Begin();
        raid.WriteTruth(Path.Combine(s_folder, "raid.truth.jsonl"), host);
        host.Error.WriteLine(Host.OneLine($"EXERCISE  {raid.Title}, seed {raid.Run.Seed}{(pace is { } p ? string.Create(CultureInfo.InvariantCulture, $", {p:0.##} times real speed") : "")}"));
        if (host.IsTerminal && !headless) ShowLive(raid, pass, picture, pace!.Value, host);
        else Play(raid, pass, pace, host, _ => { });
        pass.Finish();
        ScoreSummary score = raid.Score(pass.Log);
        OutputFile.WriteText(Path.Combine(s_folder, "summary.json"), SummaryJson.Of(score), host);
        string report = raid.WriteReport(s_folder, pass.Log, score, host);
        Tables.Write(score, host);
        host.Error.WriteLine("report: " + report);
        return Host.Done;
    }

    private static void ShowLive(Raid raid, Pass pass, Picture picture, double pace, Host host)
    {
        var table = new LiveTable(raid.Site.Definition, raid.Title, OperationStatus.Exercise, picture);
        host.MakeConsole().Live(table.At(raid.Run.Scenario.StartTime)).Start(live => Play(raid, pass, pace, host, now => live.UpdateTarget(table.At(now))));
    }

    private static void Play(Raid raid, Pass pass, double? pace, Host host, Action<Instant> onTick)
    {
        Pacer? pacer = pace is { } speed ? new Pacer(speed, host, onTick) : null;
        pacer?.WaitFor(raid.Run.Scenario.StartTime);
        foreach (SimulatedPlot plot in raid.Run.Plots)
        {
            pacer?.WaitFor(plot.ArrivalTime);
            pass.Feed(CanonicalPlot.Of(plot.Plot));
        }
    }
}
