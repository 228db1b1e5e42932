using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;

namespace Tocsin.Cli.Tests.Live;

/// <summary>Debian's mosquitto on a port that is known before it listens; a test without it says 'skipped'.</summary>
internal sealed class LateBroker : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tocsin-broker-").FullName;
    private Process? _process;

    public int Port { get; } = Camp.FreePort();

    /// <summary>Starts it, and waits until it listens.</summary>
    public async Task Start()
    {
        string? program = new[] { "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "mosquitto is not here");
        string configuration = Path.Combine(_folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, $"listener {Port} 127.0.0.1\npersistence false\nallow_anonymous true\n", TestContext.Current.CancellationToken);
        _process = Process.Start(new ProcessStartInfo(program, ["-c", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await ServedSite.Until(async () =>
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
        }, 60, () => "mosquitto does not listen");
    }

    public void Dispose()
    {
        if (_process is { } process)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>One who listens at the broker to the zones' states.</summary>
internal sealed class MqttEar : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly ConcurrentQueue<ZoneSays> _heard = new();

    /// <summary>What was said of a zone.</summary>
    public sealed record ZoneSays(string Zone, string State, string Status, string? Identity);

    public static async Task<MqttEar> Open(int port, string filter)
    {
        MqttEar ear = new();
        ear._client.ApplicationMessageReceivedAsync += e =>
        {
            using var body = JsonDocument.Parse(e.ApplicationMessage.ConvertPayloadToString() ?? "{}");
            string? Text(string name) => body.RootElement.GetProperty(name).GetString();
            ear._heard.Enqueue(new(Text("zone")!, Text("state")!, Text("status")!, Text("identity")));
            return Task.CompletedTask;
        };
        await ear._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build(), TestContext.Current.CancellationToken);
        await ear._client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, TestContext.Current.CancellationToken);
        return ear;
    }

    /// <summary>Waits until the newest word on a zone is right.</summary>
    public Task Until(string zone, Func<ZoneSays, bool> isRight, double deadlineS) =>
        ServedSite.Until(() => Task.FromResult(_heard.LastOrDefault(h => h.Zone == zone) is { } last && isRight(last)), deadlineS, () => string.Join('\n', _heard.Select(h => h.ToString())));

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
