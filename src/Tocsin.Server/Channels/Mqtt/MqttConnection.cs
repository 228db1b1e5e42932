using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Tocsin.Server.Channels.Mqtt;

/// <summary>One connection to a broker, from its opening to its end; a new one is made for each try.</summary>
internal sealed class MqttConnection : IAsyncDisposable
{
    private static readonly MqttClientFactory s_factory = new();
    private readonly MqttSettings _settings;
    private readonly IMqttClient _client;
    private readonly SemaphoreSlim _inFlight;

    private MqttConnection(MqttSettings settings, IMqttClient client, int inFlight)
    {
        (_settings, _client) = (settings, client);
        _inFlight = new SemaphoreSlim(inFlight, inFlight);
    }

    /// <summary>Whether it still stands, as far as is known.</summary>
    public bool IsOpen => _client.IsConnected;

    /// <summary>Connects with a last will and subscribes.</summary>
    /// <param name="settings">Where, and as whom.</param>
    /// <param name="will">What the broker publishes for us when the connection is lost.</param>
    /// <param name="filters">What to hear.</param>
    /// <param name="heard">Gets topic, payload and whether it was retained; must not throw.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<MqttConnection> OpenAsync(MqttSettings settings, MqttPublication will, IReadOnlyList<string> filters, Action<string, byte[], bool> heard, CancellationToken stop)
    {
        IMqttClient client = s_factory.CreateMqttClient();
        try
        {
            client.ApplicationMessageReceivedAsync += e =>
            {
                if (e.ApplicationMessage.Payload.Length <= MqttLimits.SirenBytes) heard(e.ApplicationMessage.Topic, e.ApplicationMessage.Payload.ToArray(), e.ApplicationMessage.Retain);
                return Task.CompletedTask;
            };
            MqttClientConnectResult result = await client.ConnectAsync(Options(settings, will), stop).ConfigureAwait(false);
            if (result.ResultCode != MqttClientConnectResultCode.Success) throw new ChannelException($"the broker at {settings.Host}:{settings.Port} refuses us: {result.ResultCode}");
            var connection = new MqttConnection(settings, client, Math.Clamp(result.ReceiveMaximum is > 0 and { } most ? most : MqttLimits.InFlight, 1, MqttLimits.InFlight));
            if (filters.Count > 0)
            {
                var subscription = new MqttClientSubscribeOptionsBuilder();
                foreach (string filter in filters) subscription.WithTopicFilter(f => f.WithTopic(filter).WithAtLeastOnceQoS());
                MqttClientSubscribeResult subscribed = await client.SubscribeAsync(subscription.Build(), stop).ConfigureAwait(false);
                if (subscribed.Items.FirstOrDefault(i => (int)i.ResultCode >= 0x80) is { } refused)
                    throw new ChannelException($"the broker does not let us hear {refused.TopicFilter.Topic}: {refused.ResultCode}");
            }
            return connection;
        }
        catch (Exception e)
        {
            client.Dispose();
            if (e is ChannelException || stop.IsCancellationRequested) throw;
            throw new ChannelException($"the broker at {settings.Host}:{settings.Port} cannot be reached: {Reason(e)}", e);
        }
    }

    /// <summary>Publishes, and returns when the broker has acknowledged all; they leave in their order.</summary>
    public async Task PublishAsync(IEnumerable<MqttPublication> publications, CancellationToken stop)
    {
        List<Task> sent = [];
        try
        {
            foreach (MqttPublication p in publications)
            {
                await _inFlight.WaitAsync(stop).ConfigureAwait(false);
                sent.Add(SendAsync(p, stop));
            }
            await HurryAsync(sent).ConfigureAwait(false);
        }
        finally
        {
            // All are waited for in any case, so that none is left behind unobserved.
            await Task.WhenAll(sent).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for the acknowledgements that the broker holds back.</summary>
    /// <remarks>mosquitto leaves Nagle's algorithm on (RFC 1122, 4.2.3.4): its first acknowledgement leaves at once, those after it wait until ours of it, which the
    /// kernel delays by 40 ms. A ping carries ours at once: 43 ms for a message with two publications became less than one.</remarks>
    private async Task HurryAsync(List<Task> sent)
    {
        List<Task> open = [.. sent];
        while (open.Count > 1)
        {
            await Task.WhenAny(open).ConfigureAwait(false);
            open.RemoveAll(t => t.IsCompleted);
            if (open.Count == 0 || !_client.IsConnected) return;
            // Its answer is held back in its turn, so nobody waits for it.
            _ = _client.PingAsync(CancellationToken.None).ContinueWith(ping => ping.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    /// <summary>Takes leave, so that the broker does not publish the last will.</summary>
    public async Task CloseAsync(CancellationToken stop)
    {
        try
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().Build(), stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or IOException or SocketException or InvalidOperationException)
        {
            // It is lost already; the broker says so by the last will.
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SendAsync(MqttPublication publication, CancellationToken stop)
    {
        try
        {
            MqttClientPublishResult result = await _client.PublishAsync(MessageOf(publication, _settings), stop).ConfigureAwait(false);
            if (!result.IsSuccess) throw new ChannelException($"the broker refuses {publication.Topic}: {result.ReasonCode}");
        }
        catch (Exception e) when (e is not (ChannelException or OperationCanceledException))
        {
            throw new ChannelException($"the connection to the broker at {_settings.Host}:{_settings.Port} was lost: {Reason(e)}", e);
        }
        finally
        {
            _inFlight.Release();
        }
    }

    /// <summary>A publication as MQTT carries it.</summary>
    internal static MqttApplicationMessage MessageOf(MqttPublication p, MqttSettings settings)
    {
        MqttApplicationMessageBuilder builder = new MqttApplicationMessageBuilder().WithTopic(p.Topic).WithPayload(p.Payload)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithRetainFlag(p.Retain);
        if (!settings.Version5) return builder.Build();
        if (p.ExpiryS > 0) builder.WithMessageExpiryInterval(p.ExpiryS);
        if (p.Json) builder.WithContentType("application/json").WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData);
        if (p.Message is { } m)
        {
            builder.WithUserProperty("identity", Utf8(m.Identity)).WithUserProperty("revision", Utf8($"{m.Revision}")).WithUserProperty("status", Utf8(MqttNames.Of(m.Status)));
        }
        return builder.Build();

        static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
    }

    private static MqttClientOptions Options(MqttSettings s, MqttPublication will)
    {
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithTcpServer(s.Host, s.Port)
            .WithProtocolVersion(s.Version5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311)
            .WithClientId(s.ClientId)
            .WithCleanSession()
            // The broker misses us after one and a half of these (MQTT 5, 3.1.2.10) and publishes the last will.
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(s.HeartbeatS))))
            .WithWillTopic(will.Topic).WithWillPayload(will.Payload).WithWillRetain(will.Retain).WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (s.User is not null) builder.WithCredentials(s.User, s.Password ?? "");
        if (s.Tls)
        {
            builder.WithTlsOptions(o =>
            {
                o.UseTls().WithTargetHost(s.Host).WithSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13).WithRevocationMode(X509RevocationMode.NoCheck);
                if (s.Certificate is { } certificate) o.WithClientCertificates([certificate]);
                o.WithCertificateValidationHandler(e => Trusted(s, e.Certificate, e.Chain, e.SslPolicyErrors));
            });
        }
        return builder.Build();
    }

    /// <summary>Whether a broker's certificate is of its host and of an authority that we trust: the given ones alone, or the machine's where none is given.</summary>
    private static bool Trusted(MqttSettings s, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (s.Authorities.Count == 0) return errors == SslPolicyErrors.None;
        if (certificate is null || (errors & (SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable)) != SslPolicyErrors.None) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(s.Authorities.ToArray());
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Select(c => c.Certificate).ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        using X509Certificate2 own = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(own);
    }

    private static string Reason(Exception e)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException s) return s.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : s.SocketErrorCode.ToString();
            if (inner is AuthenticationException) return "its certificate is not trusted, or it does not trust ours";
        }
        return e.Message;
    }
}
