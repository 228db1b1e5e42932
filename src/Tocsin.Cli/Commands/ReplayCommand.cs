using System.CommandLine;
using System.Diagnostics;
using Tocsin.Simulation.Measures;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin replay</c>: plots from a file through the pipeline.</summary>
internal static class ReplayCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(Host host)
    {
        Argument<string> input = CommonOptions.Input("INPUT", "Plots (CSV, .gz too), ASTERIX (raw, pcap, pcapng) or a recording (events).");
        var site = new Option<string?>("--site") { Description = "The site file; a recording brings its own.", HelpName = "SITE" };
        Option<DateOnly?> date = CommonOptions.Date("--date", "The date (UTC) of the first ASTERIX message, where the capture does not say it.");
        Option<string?> events = CommonOptions.Events(), summary = CommonOptions.Summary();
        var command = new Command("replay", "Run plots from a file through the pipeline; the same input gives the same events, byte for byte.")
        {
            input, site, date, events, summary,
        };
        CommonOptions.OneStandardOutput(command, events, summary);
        command.SetAction(parsed => Run(parsed.GetRequiredValue(input), parsed.GetValue(site), parsed.GetValue(date),
            parsed.GetValue(events), parsed.GetValue(summary), host));
        return command;
    }

    private static int Run(string inputPath, string? sitePath, DateOnly? date, string? events, string? summary, Host host)
    {
        using ReplayInput input = ReplayInput.Open(inputPath, sitePath, date);
        long started = Stopwatch.GetTimestamp();
        using var pass = new Pass(input.Header, events, host);
        input.ReadAll(pass);
        pass.Finish(input.SealTime, input.Continued, input.PreviousSeal);
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        AccountSummary account = Account.Of(input.Header.Site.Definition, pass.Log);
        if (summary is not null) OutputFile.WriteText(summary, SummaryJson.Of(account), host);
        Tables.Write(account, input.Header.Site.Definition.Name, input.Header.Status, took, host);
        return Host.Done;
    }
}
