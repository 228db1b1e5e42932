using System.CommandLine;
using System.Globalization;
using Tocsin.Cli.Serve;
using Tocsin.Formats;
using Tocsin.Server;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Radar;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin demo</c>: the Green Zone raid, live on the server's page, then its report.</summary>
internal static class DemoCommand
{
    private const string Scenario = "scenarios/green-zone.json", DefaultUrl = "http://127.0.0.1:8080";
    private static readonly string s_folder = Path.Combine("out", "demo");

    /// <summary>Makes the command.</summary>
    public static Command Make(Host host)
    {
        Option<double?> speed = CommonOptions.Factor("--speed", "Run this many times faster than real time (1; with --headless as fast as it goes).");
        var headless = new Option<bool>("--headless") { Description = "Show nothing, and write the report." };
        var urls = new Option<string>("--urls") { Description = $"Where its page is served ({DefaultUrl}).", HelpName = "URL", DefaultValueFactory = _ => DefaultUrl };
        var command = new Command("demo", "Play the rocket attack of 20 December 2020 on Baghdad's Green Zone at real speed, with its page, then write its report.")
        {
            speed, headless, urls,
        };
        command.SetAction(parsed => parsed.GetValue(headless) ? RunHeadless(parsed.GetValue(speed), host) : RunServer(parsed.GetValue(speed) ?? 1, parsed.GetValue(urls)!, host));
        return command;
    }

    // The scenarios travel with the program, so that the demonstration runs from any folder.
    private static Raid Load() => Raid.Load(Path.Combine(AppContext.BaseDirectory, Scenario), null);

    /// <summary>The server, driven by the raid instead of radars; everything is marked as an exercise.</summary>
    private static int RunServer(double speed, string urls, Host host)
    {
        Raid raid = Load();
        var played = new SimulatedRaid(raid, host);
        string folder = Path.GetFullPath(s_folder);
        var options = new ServeOptions
        {
            Site = raid.Site,
            DataFolder = Path.Combine(folder, "server"),
            Urls = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Raids = new SimulatedRaids(host),
            Raid = played,
            RaidSpeed = speed,
            Log = host.Error,
        };
        return ServeCommand.RunServer(options, host, async (server, h) =>
        {
            h.Error.WriteLine(Host.OneLine($"EXERCISE  {raid.Title}, seed {raid.Run.Seed}, {speed.ToString("0.##", CultureInfo.InvariantCulture)} times real speed"));
            foreach (string address in server.Addresses)
            {
                h.Error.WriteLine($"operator:  {address}/operator");
                h.Error.WriteLine($"public:    {address}/");
            }
            await server.UntilOverAsync(h.Stop);
            ScoreSummary score = await server.Main.Runner.Ask(_ => played.Score());
            string? report = await server.Main.Runner.Ask(_ => played.WriteReport(s_folder));
            Tables.Write(score, h);
            h.Error.WriteLine("report: " + report);
            if (!h.IsTerminal) return Host.Done;
            h.Error.WriteLine("The page stays until Ctrl-C.");
            await Task.Delay(Timeout.Infinite, h.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Host.Done;
        });
    }

    /// <summary>Without a server and without a page, as fast as it goes or paced.</summary>
    private static int RunHeadless(double? pace, Host host)
    {
        Raid raid = Load();
        using var pass = new Pass(raid.Site, OperationStatus.Exercise, raid.Run.Seed, Path.Combine(s_folder, "raid.events.jsonl"), host, raid.Motion);
        pass.Begin();
        host.Error.WriteLine(Host.OneLine($"EXERCISE  {raid.Title}, seed {raid.Run.Seed}{(pace is { } p ? string.Create(CultureInfo.InvariantCulture, $", {p:0.##} times real speed") : "")}"));
        Pacer? pacer = pace is { } speed ? new Pacer(speed, host) : null;
        pacer?.WaitFor(raid.Run.Scenario.StartTime);
        foreach (SimulatedPlot plot in raid.Motion.Plots)
        {
            pacer?.WaitFor(plot.ArrivalTime);
            pass.Feed(CanonicalPlot.Of(plot.Plot));
        }
        pass.Finish();
        raid.WriteTruth(Path.Combine(s_folder, "raid.truth.jsonl"), host);
        ScoreSummary score = raid.Score(pass.Log);
        OutputFile.WriteText(Path.Combine(s_folder, "summary.json"), SummaryJson.Of(score), host);
        string report = raid.WriteReport(s_folder, pass.Log, score, host);
        Tables.Write(score, host);
        host.Error.WriteLine("report: " + report);
        return Host.Done;
    }
}
