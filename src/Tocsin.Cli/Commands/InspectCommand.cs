using System.CommandLine;
using Tocsin.Formats.Inspect;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin inspect</c>: what a capture, a plot file or an events file holds.</summary>
internal static class InspectCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(Host host)
    {
        Argument<string> file = CommonOptions.Input("FILE", "A capture (pcap, pcapng), ASTERIX blocks, plots (CSV) or events.");
        var json = new Option<bool>("--json") { Description = "Write one JSON object instead of text." };
        Option<DateOnly?> date = CommonOptions.Date("--date", "The date (UTC) of the first ASTERIX message, where the file does not say it.");
        var command = new Command("inspect", "Print what a capture, a plot file or an events file holds, to standard output.") { file, json, date };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), parsed.GetValue(json), parsed.GetValue(date), host));
        return command;
    }

    private static int Run(string path, bool json, DateOnly? date, Host host)
    {
        InputFile.RefuseFolder(path);
        InspectReport report = InspectReport.Run(path, new InspectOptions { Date = date }).OrThrow();
        using var output = new StreamWriter(host.OpenOutput());
        if (json)
        {
            output.WriteLine(report.ToJson());
            return Host.Done;
        }
        foreach (string line in report.ToLines()) output.WriteLine(Host.OneLine(line));
        return Host.Done;
    }
}
