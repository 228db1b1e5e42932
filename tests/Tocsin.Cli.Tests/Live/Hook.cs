using System.Net;
using System.Text.Json;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests.Live;

/// <summary>A receiver of webhooks.</summary>
internal sealed class Hook : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<Message> _heard = [];

    public Hook()
    {
        Port = Loopback.FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _ = Task.Run(TakeAsync);
    }

    /// <summary>One message, as far as tests look at it.</summary>
    public sealed record Message(string Identity, string Act, string Status, string Zone, DateTimeOffset Time, DateTimeOffset RaisedTime);

    public int Port { get; }

    /// <summary>What came so far, in its order.</summary>
    public Message[] Heard
    {
        get
        {
            lock (_heard) return [.. _heard];
        }
    }

    /// <summary>Waits for a message.</summary>
    public async Task<Message> Until(Func<Message, bool> isIt, double deadlineS, Func<string> what)
    {
        await ServedSite.Until(() => Task.FromResult(Heard.Any(isIt)), deadlineS, () => $"{string.Join('\n', Heard.Select(h => h.ToString()))}\n{what()}");
        return Heard.First(isIt);
    }

    public void Dispose() => _listener.Close();

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using (JsonDocument body = await JsonDocument.ParseAsync(context.Request.InputStream))
                {
                    JsonElement m = body.RootElement;
                    string Text(string name) => m.GetProperty(name).GetString()!;
                    lock (_heard) _heard.Add(new(Text("identity"), Text("act"), Text("status"), m.GetProperty("zone").GetProperty("id").GetString()!, m.GetProperty("time").GetDateTimeOffset(), m.GetProperty("raisedTime").GetDateTimeOffset()));
                }
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
