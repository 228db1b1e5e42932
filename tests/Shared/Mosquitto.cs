using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tocsin.TestSupport;

/// <summary>Debian's mosquitto on a free port of loopback, known before it listens; a test without it says 'skipped'.</summary>
internal sealed class Mosquitto : IDisposable
{
    private const double PatienceS = 60;
    private static readonly string? s_program = new[] { "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto" }.FirstOrDefault(File.Exists);
    private Process? _process;

    /// <summary>Where it will listen.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>A folder that it may write to.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("tocsin-mosquitto-").FullName;

    /// <summary>Starts it with nothing kept from before, and waits until it listens.</summary>
    /// <param name="more">More lines of its configuration.</param>
    public async Task StartAsync(string more = "allow_anonymous true")
    {
        Assert.SkipWhen(s_program is null, "mosquitto is not here");
        string configuration = Path.Combine(Folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, $"listener {Port} 127.0.0.1\npersistence false\nuser root\n{more}\n");
        _process = Process.Start(new ProcessStartInfo(s_program, ["-c", configuration]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (long began = Stopwatch.GetTimestamp(); !await ListensAsync(); await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
            Assert.True(Stopwatch.GetElapsedTime(began).TotalSeconds < PatienceS, $"mosquitto does not listen within {PatienceS} s");
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        if (_process is not { } process) return;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        _process = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
