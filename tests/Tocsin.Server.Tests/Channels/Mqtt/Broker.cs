using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Tocsin.Server.Tests.Channels.Mqtt;

/// <summary>Debian's mosquitto on a free port of loopback; a test without it says 'skipped'.</summary>
internal sealed class Broker : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tocsin-mqtt-").FullName;
    private string _extra = "allow_anonymous true";
    private Process? _process;

    private Broker(int port) => Port = port;

    public int Port { get; }

    public string Folder => _folder;

    private static string? Program => new[] { "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto" }.FirstOrDefault(File.Exists);

    /// <summary>Starts one; <paramref name="prepare"/> gives more lines of configuration, for the folder that it may write to.</summary>
    public static async Task<Broker> StartAsync(Func<string, string>? prepare = null)
    {
        Assert.SkipWhen(Program is null, "mosquitto is not here");
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        Broker broker = new(port);
        if (prepare is not null) broker._extra = prepare(broker._folder);
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>Starts it with nothing kept from before.</summary>
    public async Task StartAgainAsync()
    {
        string configuration = Path.Combine(_folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, $"listener {Port} 127.0.0.1\npersistence false\nuser root\n{_extra}\n");
        _process = Process.Start(new ProcessStartInfo(Program!, ["-c", configuration]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync(async () =>
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
        }, "mosquitto listens");
    }

    public void Kill()
    {
        if (_process is not { } process) return;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Waits for what an outside program does, up to a deadline.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> isTrue, string what, double withinS = 60)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        long began = Stopwatch.GetTimestamp();
        while (!await isTrue())
        {
            Assert.True(Stopwatch.GetElapsedTime(began).TotalSeconds < withinS, $"within {withinS} s: {what}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<bool> isTrue, string what, double withinS = 60) => TrueAsync(() => Task.FromResult(isTrue()), what, withinS);
}

/// <summary>One who listens at the broker, and may speak.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public ConcurrentQueue<(string Topic, string Text, bool Retained, MqttApplicationMessage Message)> Heard { get; } = new();

    public static async Task<Listener> OpenAsync(int port, string filter = "#")
    {
        Listener listener = new();
        listener._client.ApplicationMessageReceivedAsync += e =>
        {
            listener.Heard.Enqueue((e.ApplicationMessage.Topic, e.ApplicationMessage.ConvertPayloadToString() ?? "", e.ApplicationMessage.Retain, e.ApplicationMessage));
            return Task.CompletedTask;
        };
        await listener._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).Build());
        await listener._client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce);
        return listener;
    }

    /// <summary>The last text on a topic; null where none was heard.</summary>
    public string? Last(string topic) => Heard.LastOrDefault(h => h.Topic == topic).Text;

    public Task SayAsync(string topic, string text) => _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(Encoding.UTF8.GetBytes(text)).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
