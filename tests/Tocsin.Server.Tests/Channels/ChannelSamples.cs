using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Tests.Channels;

/// <summary>Messages, sites and contexts for the tests of channels.</summary>
internal static class ChannelSamples
{
    public static readonly Instant Start = new(1_800_000_000L * Instant.TicksPerSecond);

    public static ZonePlace Zone(string id = "Z1") => new(id, "Zone " + id, 120, [[[new(44.1, 33.2), new(44.2, 33.2), new(44.2, 33.3), new(44.1, 33.2)]]]);

    public static WarningMessage Message(int warning, int revision, WarningAct act, string zone = "Z1", OperationStatus status = OperationStatus.Actual, double lifeS = 60) => new()
    {
        Identity = $"camp.20270115T0800Z.W{warning}",
        Warning = new WarningId(warning),
        Revision = revision,
        Act = act,
        Status = status,
        Site = "Camp",
        Zone = Zone(zone),
        Time = Start.AddSeconds(revision),
        RaisedTime = Start.AddSeconds(1),
        ImpactTime = Start.AddSeconds(20),
        Expires = Start.AddSeconds(revision + lifeS),
        Probability = 0.75,
        Advice = Advice.Shelter,
        Tracks = [new TrackId(7)],
        Texts = [new("en", true, "Rockets: Zone " + zone, "Into the shelter.", "short", "long"), new("ar", false, "صواريخ", "إلى الملجأ", "قصير", "طويل")],
    };

    public static SiteFile Site() => SiteFile.Parse(Encoding.UTF8.GetBytes("""
        {"type":"FeatureCollection","tocsin":{"name":"Camp","groundElevationM":30},"features":[
        {"type":"Feature","geometry":{"type":"Point","coordinates":[44.15,33.25,35]},"properties":{"kind":"sensor","id":"R1","rangeSigmaM":15,"azimuthSigmaDeg":0.17,"elevationSigmaDeg":0.17,"scanPeriodS":1,"maxRangeM":20000,"minElevationDeg":1,"detectionProbability":0.9}},
        {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[44.1,33.2],[44.2,33.2],[44.2,33.3],[44.1,33.2]]]},"properties":{"kind":"zone","id":"Z1","name":"Zone Z1","population":120}},
        {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[44.3,33.2],[44.4,33.2],[44.4,33.3],[44.3,33.2]]]},"properties":{"kind":"zone","id":"Z/2","name":"Zone Z/2","population":80}},
        {"type":"Feature","geometry":{"type":"Point","coordinates":[44.15,33.25,35]},"properties":{"kind":"siren","id":"S1","zones":["Z1","Z/2"],"audibleRangeM":500}}]}
        """), "camp.site.geojson").Value!;

    public static ChannelContext Context(TimeProvider clock, OperationStatus status = OperationStatus.Actual) =>
        new(Site(), "camp", status, [Zone("Z1"), Zone("Z/2")], clock, Path.GetTempPath(), NullLogger.Instance);

    /// <summary>Reads a section of the configuration, and gives what was wrong with it.</summary>
    public static (T Value, List<ConfigProblem> Problems) Read<T>(string json, Func<ConfigSection, T> read)
    {
        List<ConfigProblem> problems = [];
        using JsonDocument document = JsonDocument.Parse(json);
        return (read(new ConfigSection(document.RootElement.Clone(), problems)), problems);
    }
}

/// <summary>Lets a test wait until what a fake has been told makes something true.</summary>
internal sealed class Waits
{
    private readonly List<(Func<bool> Until, TaskCompletionSource Done)> _waits = [];

    public Task UntilAsync(Func<bool> isTrue)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waits) _waits.Add((isTrue, done));
        Look();
        return done.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    public void Look()
    {
        lock (_waits) _waits.RemoveAll(w => w.Until() && w.Done.TrySetResult());
    }
}

/// <summary>A channel whose answers a test gives.</summary>
internal sealed class FakeChannel(TimeProvider clock, Func<WarningMessage, CancellationToken, Task>? send = null, string name = "fake") : Channel(name)
{
    private readonly Lock _gate = new();
    private readonly List<(string What, double AtS)> _calls = [];
    private readonly long _began = clock.GetTimestamp();
    private int _underWay;

    public Waits Waits { get; } = new();

    public Func<Picture, Task> OnShow { get; set; } = _ => Task.CompletedTask;
    public List<Picture> Shown { get; } = [];
    public TimeSpan? Pictures { get; init; }
    public override TimeSpan? PictureEvery => Pictures;

    /// <summary>The calls so far: <c>W3.1</c> for a message, <c>beat</c>, <c>picture</c>; each with the seconds on the clock.</summary>
    public (string What, double AtS)[] Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    public string[] Names => [.. Calls.Select(c => c.What)];

    public override Task SendAsync(WarningMessage message, CancellationToken stop) => Call($"{message.Warning}.{message.Revision}", () => send?.Invoke(message, stop) ?? Task.CompletedTask);

    public int TakesTogether { get; init; } = 1;

    public override int Together => TakesTogether;

    /// <summary>Fails with the first that does, as a channel does that hands all over in one exchange.</summary>
    public override Task SendTogetherAsync(ImmutableArray<WarningMessage> messages, CancellationToken stop) =>
        Call(string.Join('+', messages.Select(m => $"{m.Warning}.{m.Revision}")), () => Task.WhenAll(messages.Select(m => send?.Invoke(m, stop) ?? Task.CompletedTask)));

    public override Task BeatAsync(Beat beat, CancellationToken stop) => Call("beat", () => Task.CompletedTask);

    public override Task ShowAsync(Picture picture, CancellationToken stop) => Call("picture", () =>
    {
        lock (_gate) Shown.Add(picture);
        return OnShow(picture);
    });

    private async Task Call(string what, Func<Task> does)
    {
        Assert.Equal(1, Interlocked.Increment(ref _underWay));
        lock (_gate) _calls.Add((what, clock.GetElapsedTime(_began).TotalSeconds));
        Waits.Look();
        try
        {
            await does();
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}

/// <summary>Keeps what channels tell.</summary>
internal sealed class FakeChannelLog(TimeProvider clock) : IChannelLog
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(ChannelState State, double AtS)> _states = [];
    private readonly long _began = clock.GetTimestamp();

    public Waits Waits { get; } = new();

    public string[] Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public (ChannelState State, double AtS)[] States
    {
        get
        {
            lock (_gate) return [.. _states];
        }
    }

    public void Sent(string channel, WarningMessage m, double delayS) => Add(FormattableString.Invariant($"{channel} sent {m.Warning}.{m.Revision} after {delayS:0.###}"));

    public void Failed(string channel, WarningMessage m, string reason) => Add($"{channel} failed {m.Warning}.{m.Revision}: {reason}");

    public void Told(string channel, string what) => Add($"{channel} told {what}");

    public void StateChanged(ChannelState s)
    {
        lock (_gate) _states.Add((s, clock.GetElapsedTime(_began).TotalSeconds));
        Waits.Look();
    }

    private void Add(string line)
    {
        lock (_gate) _lines.Add(line);
        Waits.Look();
    }
}
