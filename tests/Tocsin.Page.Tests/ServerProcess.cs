using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Tocsin.Page.Tests;

/// <summary>A real server in a process of its own (<c>tocsin serve</c>, <c>tocsin demo</c>), found by the address that it prints.</summary>
/// <remarks>Give it <c>--urls http://127.0.0.1:0</c>, so that it takes a free port. It is killed, with its children, when disposed.</remarks>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _said = [];
    private readonly Lock _gate = new();

    private ServerProcess(Process process) => _process = process;

    /// <summary>The first http or https address that it printed, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>All that it has said so far, both streams, for a failed test's message.</summary>
    public string Said
    {
        get
        {
            lock (_gate) return string.Join('\n', _said);
        }
    }

    /// <summary>Starts a program and waits until it prints its address.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="deadlineS">How long it may take, seconds.</param>
    /// <exception cref="InvalidOperationException">It ended, or printed no address in time; the message holds what it said.</exception>
    public static async Task<ServerProcess> StartAsync(string file, IEnumerable<string> arguments, double deadlineS = 60)
    {
        Process process = new()
        {
            StartInfo = new(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true },
            EnableRaisingEvents = true,
        };
        ServerProcess server = new(process);
        process.OutputDataReceived += (_, line) => server.Hear(line.Data);
        process.ErrorDataReceived += (_, line) => server.Hear(line.Data);
        process.Exited += (_, _) => server._address.TrySetCanceled();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            server.Address = await server._address.Task.WaitAsync(TimeSpan.FromSeconds(deadlineS));
            return server;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"{file} printed no address:\n{server.Said}", e);
        }
    }

    /// <summary>Ends it without a word, as a power cut does.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_gate) _said.Add(line);
        Match match = HttpAddress().Match(line);
        if (match.Success) _address.TrySetResult(match.Value.TrimEnd('/'));
    }

    [GeneratedRegex(@"https?://[\w.\[\]-]+:\d+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HttpAddress();
}
