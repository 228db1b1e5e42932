using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Scalar.AspNetCore;
using Tocsin.Server.Access;
using Tocsin.Server.Channels;
using Tocsin.Server.Feeds;
using Tocsin.Server.Page;
using Tocsin.Server.Storage;
using Tocsin.Server.Telemetry;

namespace Tocsin.Server;

/// <summary>The web host around a live site: its services, its routes, its page.</summary>
internal static class ServerHost
{
    private const string PageFolder = "wwwroot";

    private const string NoPage = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tocsin</title>
        <h1>Tocsin is running</h1><p>Its page was not built: this needs Node.js and npm. Install them and start again. Feeds, warnings and channels work without it.</p></html>
        """;

    /// <summary>Makes the host with its services.</summary>
    public static WebApplication Build(ServeOptions options, ServerSettings settings, AccessSettings access, StorageSettings storage, LogWriter log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "Tocsin", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(access.ConfigureKestrel).UseUrls([.. options.Urls]);
        if (options.Urls.Any(u => u.StartsWith("https", StringComparison.OrdinalIgnoreCase))) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        builder.Services.AddRoutingCore().AddSingleton(options.Wall).AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.PropertyNameCaseInsensitive = true);
        builder.Services.AddOpenApi("v1", o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Tocsin";
            document.Info.Version = typeof(ServerHost).Assembly.GetName().Version?.ToString(3);
            document.Info.Description = "Warnings of one site: what anybody may see, what operators do, and what machines send and take.";
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));
        builder.Services.AddTocsinAccess(access, storage);
        AddTelemetry(builder, settings);
        return builder.Build();
    }

    /// <summary>Adds the routes and the page.</summary>
    public static void Map(WebApplication app, ServerParts parts, AccessSettings access, FeedDesk feeds, ChannelDesk channels, NoticeBoard notices)
    {
        app.UseExceptionHandler();
        // Routing comes first, so that access knows which endpoint it judges.
        app.UseRouting();
        app.UseTocsinAccess();
        UsePage(app);
        app.MapTocsinAccess();
        new PageRoutes(parts).Map(app);
        feeds.MapPost(app);
        foreach (Channel channel in channels.Channels) channel.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapScalarApiReference("/scalar", o => o.WithTitle("Tocsin").WithOpenApiRoutePattern("/openapi/v1.json")).RequireAuthorization(AccessPolicies.Viewer);
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(AccessPolicies.Metrics);
        MapHealth(app, parts);
        MapPage(app);
    }

    private static void AddTelemetry(WebApplicationBuilder builder, ServerSettings settings)
    {
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(r => r.AddService("tocsin", serviceVersion: typeof(ServerHost).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(m =>
            {
                m.AddMeter(Instruments.MeterName, "Tocsin.Feeds").AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0);
                if (settings.Otlp is { } to) m.AddOtlpExporter(o => o.Endpoint = to);
            });
        if (settings.Otlp is not { } otlp) return;
        telemetry.WithTracing(t => t.AddAspNetCoreInstrumentation().AddSource("Tocsin").AddOtlpExporter(o => o.Endpoint = otlp));
        builder.Logging.AddOpenTelemetry(l => l.AddOtlpExporter(o => o.Endpoint = otlp));
    }

    private static void MapHealth(WebApplication app, ServerParts parts)
    {
        // Without log-in: whether it works, and nothing of sensors or tracks.
        app.MapGet("/health/live", () => Results.Text("live")).AllowAnonymous().WithTags("Health").WithSummary("Whether the process answers");
        app.MapGet("/health/ready", () => parts.Main.Runner.IsWorking ? Results.Text("ready")
                : Results.Text(parts.Main.Runner.IsBroken ? "the site has stopped" : "the site hangs", statusCode: StatusCodes.Status503ServiceUnavailable))
            .AllowAnonymous().WithTags("Health").WithSummary("Whether the site is at work");
    }

    /// <summary>The page's files; what has a hash in its name never changes.</summary>
    private static void UsePage(WebApplication app)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, PageFolder);
        if (!Directory.Exists(folder)) return;
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".webmanifest"] = "application/manifest+json";
        types.Mappings[".pmtiles"] = "application/octet-stream";
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(folder),
            ContentTypeProvider = types,
            OnPrepareResponse = c => c.Context.Response.Headers.CacheControl = c.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache",
        });
    }

    private static void MapPage(WebApplication app)
    {
        string index = Path.Combine(AppContext.BaseDirectory, PageFolder, "index.html");
        foreach (string route in (string[])["/", "/operator", "/zone/{id}", "/bench"])
            app.MapGet(route, (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-cache";
                return File.Exists(index) ? Results.File(index, "text/html; charset=utf-8") : Results.Text(NoPage, "text/html; charset=utf-8");
            }).AllowAnonymous().ExcludeFromDescription();
    }
}
