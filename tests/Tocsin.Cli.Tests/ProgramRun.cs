using System.Diagnostics;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests;

/// <summary>One run of the real program, by the script at the repository's root.</summary>
internal sealed record ProgramRun(int Status, string Output, string Error)
{
    /// <summary>The script.</summary>
    public static string Script { get; } = Path.Combine(SharedData.RepositoryRoot, "tocsin");

    /// <summary>Runs the program to its end.</summary>
    public static async Task<ProgramRun> Of(string folder, IEnumerable<(string Name, string Value)> environment, params string[] args)
    {
        using Process process = Start(Script, folder, environment, args);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Starts the program without a terminal and without input.</summary>
    public static Process Start(string script, string folder, IEnumerable<(string Name, string Value)> environment, params string[] args)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script needs bash");
        var start = new ProcessStartInfo(script, args)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
