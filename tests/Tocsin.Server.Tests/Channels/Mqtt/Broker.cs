using System.Collections.Concurrent;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Tocsin.TestSupport;

namespace Tocsin.Server.Tests.Channels.Mqtt;

/// <summary>A broker that a test has for itself, and can end and start again.</summary>
internal sealed class Broker : IDisposable
{
    private readonly Mosquitto _mosquitto = new();
    private string _extra = "allow_anonymous true";

    public int Port => _mosquitto.Port;

    public string Folder => _mosquitto.Folder;

    /// <summary>Starts one; <paramref name="prepare"/> gives more lines of configuration, for the folder that it may write to.</summary>
    public static async Task<Broker> StartAsync(Func<string, string>? prepare = null)
    {
        Broker broker = new();
        if (prepare is not null) broker._extra = prepare(broker.Folder);
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>Starts it with nothing kept from before.</summary>
    public Task StartAgainAsync() => _mosquitto.StartAsync(_extra);

    public void Kill() => _mosquitto.Kill();

    public void Dispose() => _mosquitto.Dispose();
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
