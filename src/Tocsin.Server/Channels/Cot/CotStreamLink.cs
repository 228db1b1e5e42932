using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Tocsin.Formats.Cot;

namespace Tocsin.Server.Channels.Cot;

/// <summary>A stream to a TAK server over TCP or TLS: XML at first, TAK protocol version 1 once the server has offered and granted it.</summary>
/// <remarks>
/// A dead peer is known in four ways: the stream ends; a write takes longer than the time-out; the system finds what was sent
/// unacknowledged for that long (TCP_USER_TIMEOUT, keep-alive); or a server that answers pings stops doing so.
/// What the server sends is read and, but for pings' answers and the protocol's negotiation, passed over.
/// </remarks>
internal sealed partial class CotStreamLink(CotSettings settings, string uid, TimeProvider clock, ILogger log) : CotLink
{
    private const string Ping = "t-x-c-t";
    private const string Pong = "t-x-c-t-r";
    private const string Offer = "t-x-takp-v";
    private const string Request = "t-x-takp-q";
    private const string Response = "t-x-takp-r";
    private const int KeepAliveProbes = 3;
    private const int LinuxTcpUserTimeout = 18;
    private const int ReadBytes = 16 << 10;
    private const double FirstAnswerS = 1;

    // Counts of the connection; the reader writes them and the caller reads them, under the lock.
    private readonly Lock _lock = new();
    private Connection? _connection;

    private string Where => $"{settings.Host}:{settings.Port}";

    /// <inheritdoc/>
    public override async Task SendAsync(IReadOnlyList<CotEvent> events, bool confirm, CancellationToken stop)
    {
        if (events.Count == 0) return;
        await CallAsync(async (connection, ct) =>
        {
            int pings = 0;
            var bytes = new List<byte[]>(events.Count + 1);
            foreach (CotEvent e in events)
            {
                bytes.Add(Encode(connection, e));
                if (e.Type == Ping) pings++;
            }
            bool answers;
            lock (_lock)
            {
                answers = connection.Pongs > 0;
            }
            bool waits = confirm && (answers || !connection.IsSilent);
            if (waits)
            {
                bytes.Add(Encode(connection, PingEvent()));
                pings++;
            }
            int sent = connection.Pings += pings;
            foreach (byte[] b in bytes) await connection.Stream.WriteAsync(b, ct);
            await connection.Stream.FlushAsync(ct);
            if (answers && waits) await UntilAsync(connection, () => connection.Pongs >= sent, ct);
            else if (waits) await FirstAnswerAsync(connection, ct);
        }, stop);
    }

    /// <summary>A ping of this program: harmless to all who read it, answered by TAK servers.</summary>
    public CotEvent PingEvent() => Control(Ping, uid + ".ping", []);

    /// <inheritdoc/>
    public override async Task UpgradeAsync(CancellationToken stop)
    {
        if (settings.Encoding != CotEncoding.Protobuf) return;
        Connection? open = _connection;
        if (open is null || open.IsProtobuf) return;
        string? offer;
        lock (_lock)
        {
            (offer, open.OfferUid) = (open.OfferUid, null);
        }
        if (offer is null) return;
        await CallAsync(async (connection, ct) =>
        {
            // The offer was of that connection; a new one makes its own.
            if (connection != open) return;
            CotElement request = new("TakControl", [], [new CotElement("TakRequest", [("version", CotFraming.Version.ToString(CultureInfo.InvariantCulture))])]);
            lock (_lock)
            {
                connection.IsGranted = null;
            }
            await connection.Stream.WriteAsync(CotXml.Write(Control(Request, offer, [request])), ct);
            await connection.Stream.FlushAsync(ct);
            await UntilAsync(connection, () => connection.IsGranted is not null, ct);
            connection.IsProtobuf = connection.IsGranted == true;
            if (!connection.IsProtobuf) LogRefused(log, settings.Name, Where);
        }, stop);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync() => await CloseAsync();

    private static byte[] Encode(Connection connection, CotEvent e) => connection.IsProtobuf ? CotFraming.Frame(CotProtobuf.Write(e)) : CotXml.Write(e);

    private CotEvent Control(string type, string of, CotElement[] detail)
    {
        Instant now = Live.WallClock.InstantOf(clock.GetUtcNow());
        return new CotEvent
        {
            Uid = of,
            Type = type,
            How = "m-g",
            Time = now,
            Start = now,
            Stale = now.AddSeconds(settings.StaleS),
            Point = new CotPoint(0, 0, 0, CotPoint.UnknownM, CotPoint.UnknownM),
            Detail = [.. detail],
        };
    }

    /// <summary>Does one thing with an open connection, within the time-out; closes the connection where that fails, as half a message may stand in it.</summary>
    private async Task CallAsync(Func<Connection, CancellationToken, Task> act, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(settings.TimeoutS), clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            if (_connection is { } old && old.Fault() is not null) await CloseAsync();
            _connection ??= await ConnectAsync(both.Token);
            await act(_connection, both.Token);
        }
        catch (Exception e)
        {
            Exception? fault = _connection?.Fault();
            await CloseAsync();
            if (stop.IsCancellationRequested) throw;
            throw e switch
            {
                OperationCanceledException when timeout.IsCancellationRequested => new TimeoutException($"{Where} did not take or answer what was sent within {settings.TimeoutS} s", e),
                AuthenticationException => new IOException($"{Where}: TLS failed: {e.Message} {e.InnerException?.Message}".TrimEnd(), e),
                IOException or SocketException or ObjectDisposedException => new IOException($"{Where}: {(fault ?? e).Message}", e),
                _ => e,
            };
        }
    }

    private async Task<Connection> ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            int seconds = Math.Max(1, (int)settings.TimeoutS);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Math.Max(1, seconds / KeepAliveProbes));
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
            if (OperatingSystem.IsLinux())
            {
                int milliseconds = (int)(settings.TimeoutS * 1000);
                socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxTcpUserTimeout, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in milliseconds)));
            }
            await socket.ConnectAsync(settings.Host, settings.Port, ct);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (settings.Tls is { } tls)
            {
                var ssl = new SslStream(stream);
                stream = ssl;
                await ssl.AuthenticateAsClientAsync(tls.Options(), ct);
            }
            return new Connection(this, stream);
        }
        catch
        {
            if (stream is not null) await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits a short while for the first answer on a new connection: what refuses us (as TLS 1.3 does with a client's certificate after the
    /// handshake) says so now, and whether the server answers pings at all is known from here on.</summary>
    private async Task FirstAnswerAsync(Connection connection, CancellationToken ct)
    {
        using var silence = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(FirstAnswerS, settings.TimeoutS / 2)), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silence.Token);
        try
        {
            await UntilAsync(connection, () => connection.Pongs > 0, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            connection.IsSilent = true;
        }
    }

    /// <summary>Waits until the reader has seen something, or the connection has ended.</summary>
    private async Task UntilAsync(Connection connection, Func<bool> seen, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (seen()) return;
                changed = connection.Changed.Task;
            }
            if (connection.Fault() is { } fault) throw new IOException(fault.Message, fault);
            await changed.WaitAsync(ct);
        }
    }

    private async Task CloseAsync()
    {
        Connection? connection = _connection;
        _connection = null;
        if (connection is not null) await connection.DisposeAsync();
    }

    private void Hear(Connection connection, List<CotEvent> events)
    {
        lock (_lock)
        {
            foreach (CotEvent e in events)
            {
                switch (e.Type)
                {
                    case Pong:
                        connection.Pongs++;
                        break;
                    case Offer when e.Element("TakControl") is { } control && control.Children.Any(c => c.Name == "TakProtocolSupport" && c["version"] == "1"):
                        connection.OfferUid = e.Uid;
                        break;
                    case Response when e.Element("TakControl")?.Child("TakResponse") is { } response:
                        connection.IsGranted = response["status"] == "true";
                        break;
                }
            }
            TaskCompletionSource changed = connection.Changed;
            connection.Changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Channel {Channel}: {Where} refused TAK protocol version 1; XML it stays")]
    private static partial void LogRefused(ILogger log, string channel, string where);

    /// <summary>One connection and the task that reads it.</summary>
    private sealed class Connection : IAsyncDisposable
    {
        private readonly CancellationTokenSource _closing = new();
        private readonly Task _reading;
        private volatile Exception? _fault;

        public Connection(CotStreamLink link, Stream stream)
        {
            Stream = stream;
            _reading = ReadAsync(link);
        }

        public Stream Stream { get; }
        public int Pings { get; set; }
        public int Pongs { get; set; }
        public string? OfferUid { get; set; }
        public bool? IsGranted { get; set; }
        public bool IsProtobuf { get; set; }
        public bool IsSilent { get; set; }
        public TaskCompletionSource Changed { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Why the connection is dead; null while it lives.</summary>
        public Exception? Fault() => _fault;

        public async ValueTask DisposeAsync()
        {
            await _closing.CancelAsync();
            await Stream.DisposeAsync();
            await _reading;
            _closing.Dispose();
        }

        private async Task ReadAsync(CotStreamLink link)
        {
            var reader = new CotStreamReader();
            List<CotEvent> events = [];
            byte[] buffer = new byte[ReadBytes];
            try
            {
                while (true)
                {
                    int count = await Stream.ReadAsync(buffer, _closing.Token);
                    if (count == 0) throw new EndOfStreamException("the other side closed the connection");
                    reader.Append(buffer.AsSpan(0, count), events);
                    link.Hear(this, events);
                    events.Clear();
                }
            }
            catch (Exception e)
            {
                // Whatever ends the reading ends the connection, and the next call says so.
                _fault = e;
                link.Hear(this, events);
            }
        }
    }
}
