using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests.Live;

/// <summary>The live server as a process of its own.</summary>
internal sealed class ServedSite : IAsyncDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(50);
    private readonly Process _process;
    private readonly List<string> _said = [];
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpClient? _http;
    private double _startS;

    private ServedSite(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, e) => Heard(e.Data);
        process.OutputDataReceived += (_, e) => Heard(e.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public HttpClient Http => _http!;

    /// <summary>A promise in seconds, on a machine as busy as this one is now: it holds as it stands where the program began to listen within two seconds (an idle
    /// machine of two cores needs one and a half), and stretches with that.</summary>
    public double Promised(double seconds) => seconds * Math.Max(1, _startS / 2);

    /// <summary>What the program said so far.</summary>
    public string Said
    {
        get
        {
            lock (_said) return string.Join('\n', _said);
        }
    }

    /// <summary>Starts the program at the Green Zone without waiting for anything.</summary>
    public static ServedSite Begin(string data, params string[] more) => BeginAt(Path.Combine(SharedData.RepositoryRoot, "scenarios", "green-zone.site.geojson"), data, more);

    /// <summary>Starts the server at the Green Zone and waits until it listens.</summary>
    public static Task<ServedSite> Start(string data, params string[] more) => Listening(Begin(data, more));

    /// <summary>Starts the server at a site and waits until it listens.</summary>
    public static Task<ServedSite> StartAt(string siteFile, string data, params string[] more) => Listening(BeginAt(siteFile, data, more));

    private static ServedSite BeginAt(string siteFile, string data, string[] more) => new(Program(["serve", "--site", siteFile, "--data", data, "--urls", "http://127.0.0.1:0", .. more]));

    private static async Task<ServedSite> Listening(ServedSite site)
    {
        long began = Stopwatch.GetTimestamp();
        site._http = new() { BaseAddress = new(await site._address.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken)), Timeout = TimeSpan.FromSeconds(60) };
        site._startS = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return site;
    }

    /// <summary>Starts the program.</summary>
    public static Process Program(string[] args)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the tests end the program by signals");
        return Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Tocsin.Cli.dll"), .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Asks again and again until something is true, or fails when the time is over.</summary>
    public static async Task Until(Func<Task<bool>> isTrue, double deadlineS, Func<string> what)
    {
        using var timer = new PeriodicTimer(s_step);
        for (var clock = Stopwatch.StartNew(); !await isTrue(); await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
            Assert.True(clock.Elapsed.TotalSeconds < deadlineS, $"not within {deadlineS} s: {what()}");
    }

    /// <summary>The ids of the zones that the public is shown as warned.</summary>
    public async Task<string[]> WarnedZones()
    {
        using var site = JsonDocument.Parse(await Http.GetByteArrayAsync("/api/public/site", TestContext.Current.CancellationToken));
        return [.. site.RootElement.GetProperty("zones").EnumerateArray().Where(z => z.GetProperty("state").GetString() == "warned").Select(z => z.GetProperty("id").GetString()!)];
    }

    public async Task<HttpStatusCode> Status(string path)
    {
        using HttpResponseMessage answer = await Http.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Ends the process at once, as a power cut would.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks the program to end, and gives its status.</summary>
    public async Task<int> Stop(double deadlineS)
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await Ended(Promised(deadlineS));
    }

    /// <summary>Waits for the program's own end, and gives its status.</summary>
    public async Task<int> Ended(double deadlineS)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(deadlineS), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _http?.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            _address.TrySetException(new InvalidOperationException("the server ended: " + Said));
            return;
        }
        lock (_said) _said.Add(line);
        const string Mark = "listening on ";
        if (line.StartsWith(Mark, StringComparison.Ordinal)) _address.TrySetResult(line[Mark.Length..]);
    }
}
