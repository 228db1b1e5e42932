using System.Diagnostics;
using Tocsin.Formats.Events;

namespace Tocsin.Cli.Tests;

/// <summary>The real program: started from elsewhere, by another name, and ended by a signal.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_script_works_through_a_link_and_from_another_folder()
    {
        File.CreateSymbolicLink(_folder["my tocsin"], ProgramRun.Script);
        using Process process = ProgramRun.Start(_folder["my tocsin"], _folder.Path, [], "--version");
        string version = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", version);
    }

    [Fact]
    public async Task The_headless_demo_leaves_its_report_and_its_recording()
    {
        ProgramRun run = await ProgramRun.Of(_folder.Path, [], "demo", "--headless");
        Assert.True(run.Status == 0, run.Error);
        Assert.Equal("", run.Output);
        string report = await File.ReadAllTextAsync(_folder["out/demo/report.html"], TestContext.Current.CancellationToken);
        Assert.Contains("EXERCISE", report, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("out", "demo", "report.html"), run.Error, StringComparison.Ordinal);
        Assert.Equal(SealState.Intact, RecordingSeal.Verify(_folder["out/demo/raid.events.jsonl"]).Value!.State);
        CliRun.Of("score", "--events", _folder["out/demo/raid.events.jsonl"], "--truth", _folder["out/demo/raid.truth.jsonl"]).Done();
    }

    [Fact]
    public async Task A_signal_ends_the_demo_with_a_sealed_recording()
    {
        using Process process = ProgramRun.Start(ProgramRun.Script, _folder.Path, [], "demo", "--speed", "0.5", "--urls", "http://127.0.0.1:0");
        // It says what it plays, and then where its page is.
        List<string> said = [];
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said.Add(line);
            if (line.StartsWith("operator:", StringComparison.Ordinal)) break;
        }
        Assert.Contains(said, l => l.StartsWith("EXERCISE", StringComparison.Ordinal));
        using (Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("signal", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        string recordings = _folder["out/demo/server/recordings"];
        string events = Directory.GetFiles(recordings, "*.events.jsonl").Concat(Directory.GetFiles(recordings, "*.events.jsonl.gz")).First();
        Assert.Equal(SealState.Intact, RecordingSeal.Verify(events).Value!.State);
    }
}
