using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Tocsin.Page.Tests;

/// <summary>What a zone's state is said to be; times count from the site's clock at the moment it is said.</summary>
internal sealed record ZoneSays(string State = "clear", string? Advice = null, double? ImpactInS = null, bool Drill = false, bool Retracted = false);

/// <summary>Serves the built page and speaks the public protocol as a test tells it to: a site of 2020, on a free port of loopback.</summary>
internal sealed class PageStub : IAsyncDisposable
{
    /// <summary>The one zone's id: one that must be escaped in an address.</summary>
    public const string Zone = "C05 ä";

    /// <summary>The site's name.</summary>
    public const string Site = "Green Zone";

    private const string Policy =
        "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'";

    private static readonly DateTimeOffset Epoch = new(2020, 12, 20, 17, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly ConcurrentDictionary<Channel<string>, CancellationTokenSource> _streams = new();
    private readonly Lock _gate = new();
    private (ZoneSays Says, DateTimeOffset At) _now;
    private volatile bool _refusing;
    private volatile bool _silent;

    private PageStub(WebApplication app) => _app = app;

    /// <summary>Its address, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The address of the zone's page.</summary>
    public string ZonePage => Address + "/zone/" + Uri.EscapeDataString(Zone);

    public string ZoneName { get; init; } = "Annex";

    public string Status { get; set; } = "actual";

    public double Speed { get; init; } = 1;

    /// <summary>Zones of the site beside the one.</summary>
    public int OtherZones { get; init; } = 2;

    public string[] Reviewed { get; init; } = ["en", "ar"];

    /// <summary>Paths asked for below /api.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Streams open now.</summary>
    public int Streams => _streams.Count;

    private DateTimeOffset SiteNow => Epoch + TimeProvider.System.GetElapsedTime(_start) * Speed;

    public static async Task<PageStub> StartAsync(
        string status = "actual", double speed = 1, string zoneName = "Annex", int otherZones = 2, ZoneSays? says = null)
    {
        string dist = BrowserFixture.DistOrSkip();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        PageStub stub = new(app) { Status = status, Speed = speed, ZoneName = zoneName, OtherZones = otherZones };
        stub._now = (says ?? new(), stub.SiteNow);
        stub.Map(dist);
        await app.StartAsync();
        stub.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return stub;
    }

    /// <summary>Changes the zone's state, and tells every open stream.</summary>
    public void Say(ZoneSays says)
    {
        lock (_gate) _now = (says, SiteNow);
        foreach (Channel<string> stream in _streams.Keys) stream.Writer.TryWrite(ZoneEvent());
    }

    /// <summary>Cuts every stream and answers 503 below /api, as a proxy does whose server is gone.</summary>
    public void Refuse()
    {
        _refusing = true;
        Cut();
    }

    /// <summary>Leaves every stream open and says no more on them nor on new ones: a connection that died without a word.</summary>
    public void FallSilent() => _silent = true;

    /// <summary>Serves again.</summary>
    public void Resume()
    {
        _refusing = _silent = false;
        Cut();
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        using CancellationTokenSource soon = new(TimeSpan.FromSeconds(2));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void Cut()
    {
        foreach (CancellationTokenSource stream in _streams.Values) stream.Cancel();
    }

    private void Map(string dist)
    {
        _app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            string path = context.Request.Path.Value ?? "";
            if (!path.StartsWith("/api/", StringComparison.Ordinal)) return next(context);
            Asked.Enqueue(path);
            if (!_refusing) return next(context);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        _app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(dist), ServeUnknownFileTypes = true });
        _app.MapGet("/api/public/site", () => Results.Text(JsonSerializer.Serialize(new
        {
            name = Site,
            status = Status,
            time = Text(SiteNow),
            speed = Speed,
            zones = Enumerable.Range(1, OtherZones).Select(i => new { id = $"Z{i}", name = $"Zone {i}", state = "clear" })
                .Append(new { id = Zone, name = ZoneName, state = _now.Says.State }),
            languages = new[] { "ar", "en", "fr", "he", "uk" }.Select(tag => new { tag, reviewed = Reviewed.Contains(tag) }),
        }), "application/json"));
        _app.MapGet("/api/public/zones/{id}", (string id) => id == Zone
            ? Results.Text(ZoneJson(), "application/json")
            : Results.Text("""{"title":"This site has no such zone."}""", "application/json", statusCode: StatusCodes.Status404NotFound));
        _app.MapGet("/api/public/zones/{id}/stream", StreamAsync);
        _app.MapFallback(() => Results.File(Path.Combine(dist, "index.html"), "text/html; charset=utf-8"));
    }

    private async Task StreamAsync(HttpContext context, string id)
    {
        if (id != Zone)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _app.Lifetime.ApplicationStopping);
        Channel<string> lines = Channel.CreateUnbounded<string>();
        _streams[lines] = cut;
        lines.Writer.TryWrite(ZoneEvent());
        try
        {
            using PeriodicTimer second = new(TimeSpan.FromSeconds(1));
            Task<bool> beat = second.WaitForNextTickAsync(cut.Token).AsTask();
            while (!cut.IsCancellationRequested)
            {
                Task<bool> line = lines.Reader.WaitToReadAsync(cut.Token).AsTask();
                if (await Task.WhenAny(beat, line) == beat)
                {
                    await beat;
                    beat = second.WaitForNextTickAsync(cut.Token).AsTask();
                    lines.Writer.TryWrite($"event: beat\ndata: {{\"time\":\"{Text(SiteNow)}\",\"speed\":{Speed}}}\n\n");
                }
                while (lines.Reader.TryRead(out string? text))
                {
                    if (_silent) continue;
                    await context.Response.WriteAsync(text, cut.Token);
                    await context.Response.Body.FlushAsync(cut.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            _streams.TryRemove(lines, out _);
        }
    }

    private string ZoneEvent() => $"event: zone\ndata: {ZoneJson()}\n\n";

    private string ZoneJson()
    {
        (ZoneSays says, DateTimeOffset at) = _now;
        return JsonSerializer.Serialize(new
        {
            zone = Zone,
            name = ZoneName,
            state = says.State,
            status = Status,
            drill = says.Drill,
            advice = says.Advice,
            impactTime = says.ImpactInS is { } s ? Text(at.AddSeconds(s)) : null,
            since = says.State == "clear" ? null : Text(at),
            retracted = says.Retracted,
            time = Text(SiteNow),
            speed = Speed,
            site = Site,
        });
    }
}
