using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Configuration;
using Tocsin.Server.Messages;
using Tocsin.TestSupport;

namespace Tocsin.Server.Tests.Messages;

/// <summary>Messages, contexts and small servers for the tests of texts and of the channels that carry them.</summary>
internal static class Sample
{
    public static readonly Instant Start = new(new DateTime(2026, 11, 23, 22, 43, 5, 250, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks);

    public static readonly ZonePlace Zone = new("Z1", "North quay", 400,
        [[[new(44.38, 33.3), new(44.4, 33.3), new(44.4, 33.32), new(44.38, 33.3)], [new(44.39, 33.301), new(44.391, 33.301), new(44.391, 33.302), new(44.39, 33.301)]]]);

    public static LanguageSettings Signed(params string[] tags) => new([.. tags.Select(t => new LanguageChoice(t, "A. Reader", new DateOnly(2026, 1, 31)))]);

    /// <summary>Message <paramref name="revision"/> of a warning, a second after the one before, with its texts.</summary>
    public static WarningMessage Message(int revision = 1, WarningAct act = WarningAct.Raised, OperationStatus status = OperationStatus.Exercise, int warning = 3, LanguageSettings? languages = null)
    {
        WarningMessage m = new()
        {
            Identity = $"green-zone.20261123T2243Z.W{warning}",
            Warning = new(warning),
            Revision = revision,
            Act = act,
            Status = status,
            Site = "Green Zone",
            Zone = Zone,
            Time = Start.AddSeconds(revision - 1),
            RaisedTime = Start,
            ImpactTime = Start.AddSeconds(12),
            Expires = Start.AddSeconds(120.5),
            Probability = 0.8,
            Advice = Advice.Shelter,
            Tracks = [new(7), new(77)],
            Prior = [.. Enumerable.Range(1, revision - 1).Select(r => new PriorMessage(r, Start.AddSeconds(r - 1)))],
        };
        return m with { Texts = MessageCatalog.Embedded.Compose(m, languages ?? LanguageSettings.Unsigned) };
    }

    public static ChannelContext Context(string folder, TimeProvider clock, OperationStatus status = OperationStatus.Exercise)
    {
        SiteFile site = SiteFile.Read(Path.Combine(SharedData.RepositoryRoot, "scenarios/green-zone.site.geojson")).Value!;
        return new(site, "green-zone", status, [Zone], clock, folder, NullLogger.Instance);
    }

    public static ConfigSection Section(string json, List<ConfigProblem> problems) => new(JsonDocument.Parse(json).RootElement, problems);

    /// <summary>A server on a free port of loopback with what <paramref name="map"/> adds.</summary>
    public static async Task<(WebApplication App, HttpClient Client)> ServeAsync(Action<WebApplication> map, Action<WebApplicationBuilder>? services = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        services?.Invoke(builder);
        WebApplication app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return (app, new HttpClient { BaseAddress = new Uri(app.Urls.First()) });
    }
}

/// <summary>A folder for one test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tocsin-cap-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
