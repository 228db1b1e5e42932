using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Tocsin.Formats.Cot;

namespace Tocsin.Server.Tests.Cot;

/// <summary>The other side of a stream: a TAK server as far as its protocol goes, on the loopback.</summary>
internal sealed class TakPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<CotEvent> _heard = System.Threading.Channels.Channel.CreateUnbounded<CotEvent>();
    private readonly CancellationTokenSource _end = new();
    private readonly List<TcpClient> _clients = [];
    private readonly X509Certificate2? _certificate;
    private readonly bool _asksCertificate;
    private readonly Task _accepting;

    public TakPeer(X509Certificate2? certificate = null, bool asksCertificate = false)
    {
        (_certificate, _asksCertificate) = (certificate, asksCertificate);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether it answers pings.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>Whether it offers TAK protocol version 1 to a new connection, and what it says to the request.</summary>
    public bool Offers { get; init; }

    public bool Grants { get; init; } = true;

    /// <summary>Bytes of TAK protocol frames and of XML that came.</summary>
    public long FrameBytes { get; private set; }

    public long XmlBytes { get; private set; }

    public int Connections { get; private set; }

    public long Rejected { get; private set; }

    public string? ClientSubject { get; private set; }

    /// <summary>The next event that is not a ping.</summary>
    public async Task<CotEvent> NextAsync()
    {
        while (true)
        {
            CotEvent e = await AnyAsync();
            if (e.Type != "t-x-c-t") return e;
        }
    }

    /// <summary>The next event of any kind.</summary>
    public async Task<CotEvent> AnyAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _heard.Reader.ReadAsync(deadline.Token);
    }

    public void Drop()
    {
        lock (_clients)
        {
            foreach (TcpClient c in _clients)
            {
                c.Client.LingerState = new LingerOption(true, 0);
                c.Close();
            }
            _clients.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Stop();
        Drop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                lock (_clients) _clients.Add(client);
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate,
                    ClientCertificateRequired = _asksCertificate,
                    RemoteCertificateValidationCallback = (_, c, _, _) =>
                    {
                        ClientSubject = c?.Subject;
                        return c is not null || !_asksCertificate;
                    },
                }, _end.Token);
                stream = tls;
            }
            Connections++;
            if (Offers) await stream.WriteAsync(Control("t-x-takp-v", "TakProtocolSupport", ("version", "1")), _end.Token);
            var reader = new CotStreamReader();
            byte[] buffer = new byte[8192];
            bool isProtobuf = false;
            while (await stream.ReadAsync(buffer, _end.Token) is > 0 and int count)
            {
                if (isProtobuf) FrameBytes += count;
                else XmlBytes += count;
                List<CotEvent> events = [];
                reader.Append(buffer.AsSpan(0, count), events);
                Rejected = reader.Rejected + reader.SkippedBytes;
                foreach (CotEvent e in events)
                {
                    if (e.Type == "t-x-takp-q")
                    {
                        await stream.WriteAsync(Control("t-x-takp-r", "TakResponse", ("status", Grants ? "true" : "false")), _end.Token);
                        isProtobuf = Grants;
                    }
                    if (e.Type == "t-x-c-t" && Answers)
                    {
                        CotEvent pong = e with { Type = "t-x-c-t-r", Uid = "takPong" };
                        await stream.WriteAsync(isProtobuf ? CotFraming.Frame(CotProtobuf.Write(pong)) : CotXml.Write(pong), _end.Token);
                    }
                    _heard.Writer.TryWrite(e);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException or InvalidOperationException or System.Security.Authentication.AuthenticationException)
        {
            // The connection has ended, which is what a test meant it to do or sees on the channel's side.
            lock (_clients)
            {
                if (_clients.Remove(client)) client.Close();
            }
        }
    }

    private static byte[] Control(string type, string element, (string Name, string Value) attribute) => CotXml.Write(new CotEvent
    {
        Uid = "negotiation-1",
        Type = type,
        How = "m-g",
        Time = CotWorld.Start,
        Start = CotWorld.Start,
        Stale = CotWorld.Start.AddSeconds(60),
        Point = new CotPoint(0, 0, 0, 999999, 999999),
        Detail = [new CotElement("TakControl", [], [new CotElement(element, [attribute])])],
    });
}
