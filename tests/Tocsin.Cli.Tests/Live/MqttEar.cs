using System.Collections.Concurrent;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;

namespace Tocsin.Cli.Tests.Live;

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
