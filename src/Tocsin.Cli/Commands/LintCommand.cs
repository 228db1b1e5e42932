using System.CommandLine;
using Tocsin.Simulation.Lint;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin lint</c>: what is wrong or doubtful in a scenario and its site, before anything runs.</summary>
internal static class LintCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(Host host)
    {
        Argument<string> scenario = CommonOptions.Input("SCENARIO", "The scenario file, such as scenarios/green-zone.json.");
        var json = new Option<bool>("--json") { Description = "Write one JSON object: the findings, what the radars see over each zone, when salvos are seen." };
        var command = new Command("lint", "Look a scenario and its site over before anything runs: errors and warnings, one a line, to standard output.") { scenario, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(scenario), parsed.GetValue(json), host));
        return command;
    }

    private static int Run(string scenarioPath, bool json, Host host)
    {
        RaidFiles raid = RaidFiles.Read(scenarioPath);
        LintReport report = raid.Lint();
        using var output = new StreamWriter(host.OpenOutput());
        if (json) output.WriteLine(LintJson.Of(report, raid.Names));
        else foreach (LintFinding f in report.Findings) output.WriteLine(Host.OneLine($"{LintJson.Word(f.Severity)}: {f.Line}"));
        return report.FirstError is null ? Host.Done : Host.Unusable;
    }
}
