using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Tocsin.Load;

/// <summary>When each warning arrived somewhere first: by zone and the time of its raise, as the server writes it.</summary>
internal sealed class Arrivals
{
    private readonly ConcurrentDictionary<string, double> _at = new(StringComparer.Ordinal);

    public void Add(string zone, double raisedS, double atS) => _at.TryAdd(Key(zone, raisedS), atS);

    public double? Of(string zone, double raisedS) => _at.TryGetValue(Key(zone, raisedS), out double at) ? at : null;

    // Writers differ in how many decimals of a second they give; the public page has milliseconds.
    private static string Key(string zone, double raisedS) => $"{zone}|{Math.Floor(raisedS * 1e3 + 1e-3):0}";
}

/// <summary>Finds values in flat JSON without parsing all of it.</summary>
internal static class Json
{
    /// <summary>The text of a member; empty where there is none or it is null.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> json, ReadOnlySpan<byte> quotedName)
    {
        int at = json.IndexOf(quotedName);
        if (at < 0) return default;
        ReadOnlySpan<byte> rest = json[(at + quotedName.Length)..].TrimStart(" :"u8);
        if (rest.Length == 0 || rest[0] != '"') return default;
        rest = rest[1..];
        int end = rest.IndexOf((byte)'"');
        return end < 0 ? default : rest[..end];
    }

    public static string Of(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    /// <summary>An instant in POSIX seconds; NaN where there is none.</summary>
    public static double Seconds(ReadOnlySpan<byte> rfc3339) =>
        DateTimeOffset.TryParse(Of(rfc3339), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? (at - DateTimeOffset.UnixEpoch).TotalSeconds : double.NaN;
}

/// <summary>Hears the broker: the alarm of each zone, and its state.</summary>
internal sealed class MqttEar : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Dictionary<string, double> _alarms = new(StringComparer.Ordinal);

    public Arrivals Alarms { get; } = new();

    public Arrivals States { get; } = new();

    public async Task OpenAsync(int port)
    {
        _client.ApplicationMessageReceivedAsync += e =>
        {
            Hear(PlotSender.NowS, e.ApplicationMessage.Topic, e.ApplicationMessage.Payload.ToArray());
            return Task.CompletedTask;
        };
        for (int i = 0; ; i++)
        {
            try
            {
                await _client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).Build());
                break;
            }
            catch (Exception e) when (i < 50 && e is MQTTnet.Exceptions.MqttCommunicationException)
            {
                await Task.Delay(100);
            }
        }
        await _client.SubscribeAsync("tocsin/load/exercise/zone/#", MqttQualityOfServiceLevel.AtLeastOnce);
    }

    private void Hear(double nowS, string topic, byte[] payload)
    {
        // An alarm bears no time: it is that of the state which follows it.
        string[] levels = topic.Split('/');
        string zone = levels[^2];
        if (levels[^1] == "alarm")
        {
            if (payload.AsSpan().SequenceEqual("ON"u8)) _alarms.TryAdd(zone, nowS);
            else _alarms.Remove(zone);
        }
        else if (Json.Text(payload, "\"state\""u8).SequenceEqual("warned"u8) && payload.AsSpan().IndexOf("\"revision\":1,"u8) >= 0)
        {
            double raised = Json.Seconds(Json.Text(payload, "\"time\""u8));
            States.Add(zone, raised, nowS);
            if (_alarms.TryGetValue(zone, out double at)) Alarms.Add(zone, raised, at);
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A stream of server-sent events, read from a plain socket and cut into events.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public async Task OpenAsync(int port, string path)
    {
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await _socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n"));
    }

    /// <summary>Reads until the end; <paramref name="hear"/> gets what came since the last blank line, as far as a blank line. Chunk lengths stand among it, which harms
    /// none of the values looked for unless a chunk's end cuts one; the server writes an event as one chunk.</summary>
    public async Task ReadAsync(int bufferBytes, Action<double, ReadOnlyMemory<byte>> hear)
    {
        byte[] buffer = new byte[bufferBytes];
        int kept = 0;
        try
        {
            while (true)
            {
                int n = await _socket.ReceiveAsync(buffer.AsMemory(kept));
                if (n == 0) return;
                double now = PlotSender.NowS;
                kept += n;
                int end = buffer.AsSpan(0, kept).LastIndexOf("\n\n"u8);
                if (end >= 0)
                {
                    hear(now, buffer.AsMemory(0, end));
                    buffer.AsSpan(end + 2, kept - end - 2).CopyTo(buffer);
                    kept -= end + 2;
                }
                if (kept == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The server went, or we did.
        }
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>Hears the public stream of every zone, and the operator's stream.</summary>
internal sealed class PageEars : IDisposable
{
    private const int PageBytes = 2_048, OperatorBytes = 1 << 20;
    private readonly List<EventStream> _streams = [];

    /// <summary>Warnings at a zone's page.</summary>
    public Arrivals Zones { get; } = new();

    /// <summary>Confirmations of tracks at the operator's page: when each was heard.</summary>
    public ConcurrentDictionary<string, double> Confirmed { get; } = new(StringComparer.Ordinal);

    public async Task OpenAsync(int port, bool withOperator)
    {
        for (int i = 0; i < LoadSite.Zones; i++)
        {
            string zone = LoadSite.Zone(i);
            await OpenAsync(port, $"/api/public/zones/{zone}/stream", PageBytes, (now, data) => HearZone(now, data.Span, zone, Zones));
        }
        if (withOperator) await OpenAsync(port, "/api/stream", OperatorBytes, (now, data) => HearOperator(now, data.Span));
    }

    /// <summary>Opens many pages of one zone; gives where each page's arrivals are kept.</summary>
    public async Task<Arrivals[]> OpenPagesAsync(int port, int zone, int pages)
    {
        var arrivals = new Arrivals[pages];
        for (int i = 0; i < pages; i++)
        {
            Arrivals own = arrivals[i] = new();
            string id = LoadSite.Zone(zone);
            await OpenAsync(port, $"/api/public/zones/{id}/stream", PageBytes, (now, data) => HearZone(now, data.Span, id, own));
        }
        return arrivals;
    }

    public void Dispose()
    {
        foreach (EventStream s in _streams) s.Dispose();
    }

    private async Task OpenAsync(int port, string path, int bytes, Action<double, ReadOnlyMemory<byte>> hear)
    {
        var stream = new EventStream();
        await stream.OpenAsync(port, path);
        _streams.Add(stream);
        _ = Task.Run(() => stream.ReadAsync(bytes, hear));
    }

    private static void HearZone(double nowS, ReadOnlySpan<byte> data, string zone, Arrivals arrivals)
    {
        int at;
        while ((at = data.IndexOf("event: zone"u8)) >= 0)
        {
            data = data[(at + 1)..];
            int end = data.IndexOf("\n\n"u8);
            ReadOnlySpan<byte> one = end < 0 ? data : data[..end];
            if (Json.Text(one, "\"state\""u8).SequenceEqual("warned"u8)) arrivals.Add(zone, Json.Seconds(Json.Text(one, "\"since\""u8)), nowS);
        }
    }

    private void HearOperator(double nowS, ReadOnlySpan<byte> data)
    {
        int at;
        while ((at = data.IndexOf("\"track.confirmed\""u8)) >= 0)
        {
            data = data[(at + 1)..];
            string track = Json.Of(Json.Text(data, "\"track\""u8));
            if (track.Length > 0) Confirmed.TryAdd(track, nowS);
        }
    }
}
