using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Configuration;
using Tocsin.Server.Live;
using Tocsin.Server.Tests.Channels;

namespace Tocsin.Server.Tests.Live;

/// <summary>What a server goes through at its start so that the first warning that counts finds it ready: all of it, and nothing of it leaves.</summary>
public sealed class RehearsalTests : IDisposable
{
    private readonly FakeTimeProvider _wall = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly Heard _log = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("tocsin-rehearsal-").FullName;
    private readonly List<WarningMessage> _left = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_warning_is_raised_and_ended_in_a_site_of_its_own_and_every_channel_goes_through_it()
    {
        var one = new Actor("one");
        var broken = new Actor("broken") { Breaks = true };
        var two = new Actor("two");
        LiveSiteParts own = Parts(ChannelSamples.Site());
        await using var rehearsal = new Rehearsal(own, [one, broken, two]);
        rehearsal.Begin();
        await Ended(rehearsal);
        Assert.True(rehearsal.Warnings > 0);
        Assert.Equal(rehearsal.Warnings, one.Messages.Count(m => m.Act == WarningAct.Raised));
        Assert.Equal(rehearsal.Warnings, one.Messages.Count(m => m.IsEnd));
        Assert.Equal(one.Messages, two.Messages);
        Assert.All(one.Messages, m => Assert.Equal(OperationStatus.Test, m.Status));
        Assert.All(one.Messages, m => Assert.NotEmpty(m.Texts));
        Assert.Contains(one.Pictures, p => p.Tracks.Any(t => t.Impact is not null));
        Assert.Equal(one.Messages.Count, _log.Lines.Count(l => l.Text.Contains("broken", StringComparison.Ordinal)));
        // Of what is the site's own nothing has changed.
        Assert.Empty(_left);
        Assert.Empty(own.Stream.Standing("1", "2", "3", "4", "5", "6", "7"));
        Assert.Equal(0, one.Sent + two.Sent);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    /// <summary>Every kind of channel, as configured: nobody is called, nothing is kept, and none fails.</summary>
    [Fact]
    public async Task Channels_rehearse_without_a_connection_and_without_a_trace()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        int port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        string json = $$"""
            [{"kind":"cap","sender":"warning@camp.example.org","pushUrls":["http://127.0.0.1:{{port}}/"]},
            {"kind":"cot","transport":"tcp","host":"127.0.0.1","port":{{port}},"closedNetwork":true,"tracks":true,"impacts":true},
            {"kind":"mqtt","host":"127.0.0.1","port":{{port}}},
            {"kind":"webhook","url":"http://127.0.0.1:{{port}}/","secret":"0123456789abcdef0123456789abcdef"},
            {"kind":"asterixOut","host":"127.0.0.1","port":{{port}},"sac":1,"sic":2},
            {"kind":"sapientOut","host":"127.0.0.1","port":{{port}}},
            {"kind":"wirelessText"}]
            """;
        using JsonDocument document = JsonDocument.Parse(json);
        List<ConfigProblem> problems = [];
        var context = new ChannelContext(ChannelSamples.Site(), "camp", OperationStatus.Actual, ZonePlaces.Of(ChannelSamples.Site()), _wall, _folder, _log);
        await using ChannelDesk desk = ChannelDesk.Read([.. document.RootElement.EnumerateArray().Select(e => new ConfigSection(e.Clone(), problems))], context, new FakeChannelLog(_wall));
        Assert.Empty(problems);
        Assert.Equal(ChannelKinds.All.Select(k => k.Kind).Order(), document.RootElement.EnumerateArray().Select(e => e.GetProperty("kind").GetString()!).Order());
        await using (var rehearsal = new Rehearsal(Parts(ChannelSamples.Site()), desk.Channels))
        {
            rehearsal.Begin();
            await Ended(rehearsal);
            Assert.True(rehearsal.Warnings > 0);
        }
        Assert.False(nobody.Pending());
        Assert.DoesNotContain(_log.Lines, l => l.Level > LogLevel.Information);
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories), _ => true);
    }

    [Fact]
    public async Task Sites_of_all_kinds_come_to_a_warning() =>
        await Gen.Select(Gen.Select(Gen.Double[-4, 4], Gen.Double[-4, 4], Gen.Double[0.1, 2], Gen.Double[8, 30]).Array[1, 3], Gen.Double[0.1, 2], Gen.Double[-60, 60]).SampleAsync(async (sensors, zoneKm, latitude) =>
        {
            await using var rehearsal = new Rehearsal(Parts(Site(sensors, zoneKm, latitude)), []);
            rehearsal.Begin();
            await Ended(rehearsal);
            Assert.True(rehearsal.Warnings > 0, string.Join('\n', _log.Lines));
        }, iter: 12, threads: 1);

    [Fact]
    public async Task Where_the_sensors_see_nothing_it_ends_without_a_warning()
    {
        await using var rehearsal = new Rehearsal(Parts(Site([(0, 0, 1, 0.05)], 1, 33)), [new Actor("one")]);
        rehearsal.Begin();
        await Ended(rehearsal);
        Assert.Equal(0, rehearsal.Warnings);
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_its_end()
    {
        var rehearsal = new Rehearsal(Parts(ChannelSamples.Site()), []);
        rehearsal.Begin();
        await rehearsal.DisposeAsync();
        await Ended(rehearsal);
    }

    private static Task Ended(Rehearsal rehearsal) => rehearsal.Ended.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    private static SiteFile Site((double EastKm, double NorthKm, double ScanS, double RangeKm)[] sensors, double zoneKm, double latitude)
    {
        double aroundDeg = 1 / (111.32 * double.Cos(double.DegreesToRadians(latitude)));
        string At(double eastKm, double northKm) => string.Create(CultureInfo.InvariantCulture, $"{44 + eastKm * aroundDeg:F6},{latitude + northKm / 111.32:F6}");
        IEnumerable<string> radars = sensors.Select((s, i) => string.Create(CultureInfo.InvariantCulture,
            $$$"""{"type":"Feature","geometry":{"type":"Point","coordinates":[{{{At(s.EastKm, s.NorthKm)}}},40]},"properties":{"kind":"sensor","id":"R{{{i}}}","rangeSigmaM":15,"azimuthSigmaDeg":0.2,"elevationSigmaDeg":0.2,"scanPeriodS":{{{s.ScanS:F2}}},"maxRangeM":{{{s.RangeKm * 1_000:F0}}},"minElevationDeg":1,"detectionProbability":0.9}}"""));
        string zone = $$$"""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[{{{At(0, 0)}}}],[{{{At(zoneKm, 0)}}}],[{{{At(zoneKm, zoneKm)}}}],[{{{At(0, zoneKm)}}}],[{{{At(0, 0)}}}]]]},"properties":{"kind":"zone","id":"Z1","name":"Zone","population":120}}""";
        return SiteFile.Parse(Encoding.UTF8.GetBytes($$"""{"type":"FeatureCollection","tocsin":{"name":"Camp","groundElevationM":30},"features":[{{string.Join(',', radars)}},{{zone}}]}"""), "camp.site.geojson").Value!;
    }

    private LiveSiteParts Parts(SiteFile file) => LiveSamples.Parts(file, _wall, _left.Add, _log);

    /// <summary>A log that is kept; read when all is over.</summary>
    private sealed class Heard : ILogger
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<T>(T state) where T : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<T>(LogLevel logLevel, EventId eventId, T state, Exception? exception, Func<T, Exception?, string> formatter)
        {
            lock (Lines) Lines.Add((logLevel, $"{formatter(state, exception)} {exception}"));
        }
    }

    /// <summary>Notes what it rehearsed, and what it was made to send.</summary>
    private sealed class Actor(string name) : Channel(name)
    {
        public bool Breaks { get; init; }

        public List<WarningMessage> Messages { get; } = [];

        public List<Picture> Pictures { get; } = [];

        public int Sent { get; private set; }

        public override void Rehearse(WarningMessage message, Picture picture)
        {
            if (Breaks) throw new InvalidOperationException("a fault");
            Messages.Add(message);
            Pictures.Add(picture);
        }

        public override Task SendAsync(WarningMessage message, CancellationToken stop)
        {
            Sent++;
            return Task.CompletedTask;
        }
    }
}
