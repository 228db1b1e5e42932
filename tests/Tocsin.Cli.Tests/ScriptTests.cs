using System.Diagnostics;

namespace Tocsin.Cli.Tests;

/// <summary>The script <c>tocsin</c>: what it builds, and when. A copy of it works on an empty tree with stand-ins for dotnet, npm and node.</summary>
public sealed class ScriptTests : IDisposable
{
    // Writes down what it was asked; publishes a program; and is that program: one that waits while the file 'hold' stands, and stops at once if told.
    private const string Dotnet = """
        #!/usr/bin/env bash
        tree=$(cd "$(dirname "$0")/.." && pwd)
        echo "$*" >>"$tree/asked"
        case $1 in
          restore) while [ -e "$tree/slow" ]; do sleep 0.05; done; exit 0 ;;
          publish)
            [ ! -e "$tree/fault" ] || { echo "error CS0000"; exit 1; }
            while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
            mkdir -p "$out" && touch "$out/Tocsin.Cli.dll" ;;
          *)
            echo "ran $1"
            trap 'exit 3' TERM
            while [ -e "$tree/hold" ]; do sleep 0.05; done ;;
        esac
        """;

    private const string Npm = """
        #!/usr/bin/env bash
        mkdir -p node_modules
        """;

    private const string Node = """
        #!/usr/bin/env bash
        mkdir -p dist && echo page >dist/index.html
        """;

    private readonly TempFolder _tree = new();

    public ScriptTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script needs bash");
        foreach (string folder in (string[])["bin", "src", "scenarios", "web"]) Directory.CreateDirectory(_tree[folder]);
        foreach ((string name, string text) in ((string, string)[])[("dotnet", Dotnet), ("npm", Npm), ("node", Node)]) Executable(Path.Combine("bin", name), text);
        _tree.Write("web/package-lock.json", "{}");
        _tree.Write("src/a.cs", "");
        _tree.Write("global.json", "{}");
        _tree.Write("Directory.Build.props", "");
        Executable("tocsin", File.ReadAllText(ProgramRun.Script));
    }

    public void Dispose()
    {
        File.Delete(_tree["hold"]);
        File.Delete(_tree["slow"]);
        Until(LockIsFree);
        _tree.Dispose();
    }

    [Fact]
    public async Task Commands_get_the_whole_build_at_once_and_only_once()
    {
        Assert.Contains("ran ", (await Run("run", "a.json")).Output, StringComparison.Ordinal);
        Assert.Contains(Asked("publish"), a => a.Contains("PublishReadyToRun=true", StringComparison.Ordinal));
        Assert.False(IsQuick());
        Assert.Equal("page\n", await File.ReadAllTextAsync(Path.Combine(ProgramFolder(), "wwwroot", "index.html"), TestContext.Current.CancellationToken));
        await Run("run", "a.json");
        Assert.Single(Asked("publish"));
        // A source that is newer than the build is a reason to build again.
        File.SetLastWriteTimeUtc(_tree["src/a.cs"], DateTime.UtcNow.AddSeconds(2));
        await Run("run", "a.json");
        Assert.Equal(2, Asked("publish").Length);
    }

    [Theory]
    [InlineData("true", "demo")]
    [InlineData("", "demo", "--headless")]
    [InlineData("", "serve")]
    [InlineData("", "--version")]
    public async Task Ci_and_all_that_is_no_page_of_a_demonstration_gets_the_whole_build(string ci, params string[] args)
    {
        await RunIn(ci, args);
        Assert.False(IsQuick());
        Assert.All(Asked("publish"), a => Assert.Contains("PublishReadyToRun=true", a, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_demonstration_begins_with_a_quick_build_and_the_whole_one_comes_beside_it()
    {
        _tree.Write("hold", "");
        _tree.Write("slow", "");
        using Process demo = Start("", "demo");
        string? ran = await demo.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        string quick = ProgramFolder();
        Assert.Contains(quick, ran, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(quick, "quick")));
        Assert.Equal(0, Asked("publish").Count(a => a.Contains("PublishReadyToRun=true", StringComparison.Ordinal)));

        File.Delete(_tree["slow"]);
        Until(() => !IsQuick());
        // The demonstration keeps the folder that it started from, and its page came over to the new one.
        Assert.True(File.Exists(Path.Combine(quick, "Tocsin.Cli.dll")));
        Assert.NotEqual(quick, ProgramFolder());
        Assert.True(File.Exists(Path.Combine(ProgramFolder(), "wwwroot", "index.html")));
        Assert.False(demo.HasExited);
        File.Delete(_tree["hold"]);
        await demo.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, demo.ExitCode);
        int builds = Asked("publish").Length;
        Assert.Contains(ProgramFolder(), (await Run("demo")).Output, StringComparison.Ordinal);
        Assert.Equal(builds, Asked("publish").Length);
    }

    [Fact]
    public async Task What_builds_beside_the_demonstration_ends_with_it_and_the_next_command_finishes_it()
    {
        _tree.Write("hold", "");
        _tree.Write("slow", "");
        using Process demo = Start("", "demo");
        await demo.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Until(() => Asked("restore").Length == 1);
        using (Process kill = Process.Start("kill", ["-TERM", demo.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await demo.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, demo.ExitCode);
        // The lock is free again though the restore would have hung for ever: it was ended.
        Until(LockIsFree);
        Assert.True(IsQuick());
        Assert.False(Directory.Exists(_tree[".build/tocsin/next"]));
        File.Delete(_tree["slow"]);
        File.Delete(_tree["hold"]);
        ProgramRun run = await Run("run", "a.json");
        Assert.Contains("finishing the build", run.Error, StringComparison.Ordinal);
        Assert.False(IsQuick());
    }

    [Fact]
    public async Task A_build_that_fails_says_why_and_leaves_nothing()
    {
        _tree.Write("fault", "");
        ProgramRun run = await Run("run", "a.json");
        Assert.Equal(1, run.Status);
        Assert.Contains("error CS0000", run.Error, StringComparison.Ordinal);
        Assert.Contains("the build failed", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_tree[".build/tocsin/stamp"]));
        File.Delete(_tree["fault"]);
        Assert.Equal(0, (await Run("run", "a.json")).Status);
    }

    private string ProgramFolder() => _tree[".build/tocsin/" + File.ReadAllText(_tree[".build/tocsin/stamp"]).Trim()];

    private bool IsQuick() => File.Exists(Path.Combine(ProgramFolder(), "quick"));

    private string[] Asked(string verb) => File.Exists(_tree["asked"]) ? [.. File.ReadAllLines(_tree["asked"]).Where(l => l.StartsWith(verb + " ", StringComparison.Ordinal))] : [];

    private bool LockIsFree()
    {
        if (!File.Exists(_tree[".build/tocsin/lock"])) return true;
        using Process flock = Process.Start("flock", ["-n", _tree[".build/tocsin/lock"], "true"]);
        flock.WaitForExit();
        return flock.ExitCode == 0;
    }

    private Task<ProgramRun> Run(params string[] args) => RunIn("", args);

    private async Task<ProgramRun> RunIn(string ci, string[] args)
    {
        using Process process = Start(ci, args);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await error);
    }

    private Process Start(string ci, params string[] args) => ProgramRun.Start(_tree["tocsin"], _tree.Path,
        [("PATH", _tree["bin"] + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH")), ("CI", ci)], args);

    private void Executable(string name, string text)
    {
        string path = _tree.Write(name, text.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // End to end: what another process does is polled for, with a deadline. The build beside gives way to all else on the machine.
    private static void Until(Func<bool> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(200));
        while (!holds())
        {
            Assert.False(deadline.IsCancellationRequested, "not within 200 s");
            deadline.Token.WaitHandle.WaitOne(20);
        }
    }
}
