using System.CommandLine;
using Tocsin.Formats.Events;
using Tocsin.Simulation;
using Tocsin.Simulation.Measures;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin score</c>: the measures of one run against truth.</summary>
internal static class ScoreCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(Host host)
    {
        var events = new Option<string>("--events") { Description = "The events of the run.", HelpName = "FILE", Required = true };
        var truth = new Option<string>("--truth") { Description = "What was true.", HelpName = "FILE", Required = true };
        Option<string?> summary = CommonOptions.Summary();
        var command = new Command("score", "Measure one run against truth: who was warned in time, who was missed, who was alarmed for nothing.")
        {
            events, truth, summary,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(events), parsed.GetRequiredValue(truth), parsed.GetValue(summary), host));
        return command;
    }

    private static int Run(string eventsPath, string truthPath, string? summary, Host host)
    {
        using EventReader reader = EventReader.Open(eventsPath).OrThrow();
        Truth truth = TruthFile.Read(truthPath).OrThrow();
        var log = new RunLog { Status = reader.Header.Status };
        EventCounts counts = reader.ReadAll(log);
        if (counts.Bad > 0) host.Error.WriteLine(Host.OneLine($"{eventsPath}: {counts.Bad} lines could not be read and count for nothing; the first: {counts.FirstProblem}"));
        if (!counts.Sealed) host.Error.WriteLine(Host.OneLine($"{eventsPath}: has no seal: it was cut short, and the score is of what is there"));
        ScoreSummary score = Score.Compute(reader.Header.Site.Definition, log, truth);
        if (summary is not null) OutputFile.WriteText(summary, SummaryJson.Of(score), host);
        Tables.Write(score, host);
        return Host.Done;
    }
}
