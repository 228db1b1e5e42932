using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.GeoJson;
using Tocsin.Formats.Sapient;
using Tocsin.Formats.Sapient.Wire;
using Tocsin.Geodesy;
using Tocsin.Server.Channels;
using Tocsin.Server.Feeds;
using Task = System.Threading.Tasks.Task;

namespace Tocsin.Server.Tests.C2;

/// <summary>A site, its context, and pictures of tracks.</summary>
internal static class Sample
{
    public const string NodeId = "3f2a9c1e-5b7d-4e8f-9a01-2c3d4e5f6a7b";

    private const string Json = """
        { "type": "FeatureCollection", "tocsin": { "name": "Green Zone", "groundElevationM": 34 }, "features": [
          { "type": "Feature", "geometry": { "type": "Point", "coordinates": [44.4, 33.3, 45] },
            "properties": { "kind": "sensor", "id": "north", "rangeSigmaM": 10, "azimuthSigmaDeg": 0.2, "elevationSigmaDeg": 0.2, "scanPeriodS": 1,
              "maxRangeM": 20000, "minElevationDeg": 0, "detectionProbability": 0.9, "sapient": { "nodeId": "3f2a9c1e-5b7d-4e8f-9a01-2c3d4e5f6a7b" } } },
          { "type": "Feature", "geometry": { "type": "Point", "coordinates": [44.41, 33.31, 45] },
            "properties": { "kind": "sensor", "id": "south", "rangeSigmaM": 10, "azimuthSigmaDeg": 0.2, "elevationSigmaDeg": 0.2, "scanPeriodS": 1,
              "maxRangeM": 20000, "minElevationDeg": 0, "detectionProbability": 0.9 } } ] }
        """;

    public static SiteFile Site { get; } = SiteFile.Parse(Encoding.UTF8.GetBytes(Json), "green.site.geojson").Value!;

    /// <summary>2026-11-23T22:43:30Z.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 11, 23, 22, 43, 30, TimeSpan.Zero);

    public static Instant StartInstant { get; } = new(Start.UtcTicks - DateTimeOffset.UnixEpoch.Ticks);

    public static ChannelContext Context(FakeTimeProvider clock, OperationStatus status = OperationStatus.Actual) =>
        new(Site, "green-zone", status, [], clock, "", NullLogger.Instance);

    public static PictureTrack Track(int id, double second = 0, bool hasImpact = false, string prefix = "green-zone.20261123T2243Z.")
    {
        KindProbabilities kinds = default;
        kinds[Kind.Mortar] = 1;
        Track track = new()
        {
            Id = new(id),
            ValidTime = StartInstant.AddSeconds(second),
            Position = new(33.32 * Math.PI / 180, 44.42 * Math.PI / 180, 800),
            VelocityMps = new Enu(-100, -50, 20),
            Kind = Kind.Mortar,
            Kinds = kinds,
        };
        ImpactPrediction impact = new()
        {
            Track = track.Id,
            ValidTime = track.ValidTime,
            ImpactTime = track.ValidTime.AddSeconds(9),
            TimeSigmaS = 0.5,
            Position = new(33.3 * Math.PI / 180, 44.4 * Math.PI / 180, 34),
            Ellipse95 = new(100, 40, 1),
        };
        return new($"{prefix}T{id}", track, hasImpact ? impact : null);
    }

    public static Picture Picture(double second, OperationStatus status, PictureTrack[] tracks, params string[] ended) =>
        new(StartInstant.AddSeconds(second), status, "Green Zone", [.. tracks], [.. ended]);

    public static WarningMessage Warning(WarningAct act = WarningAct.Raised, OperationStatus status = OperationStatus.Actual, params int[] tracks) => new()
    {
        Identity = "green-zone.20261123T2243Z.W3",
        Warning = new(3),
        Revision = 1,
        Act = act,
        Status = status,
        Site = "Green Zone",
        Zone = new("Z1", "Market", 100, []),
        Time = StartInstant,
        RaisedTime = StartInstant,
        ImpactTime = StartInstant.AddSeconds(9),
        Expires = StartInstant.AddSeconds(60),
        Probability = 0.8,
        Advice = Advice.Shelter,
        Tracks = [.. tracks.Select(t => new TrackId(t))],
        Texts = [new("ar", true, "عربي", "عربي", "", ""), new("en", true, "Incoming at Market.", "Take shelter now.", "", "")],
    };

    /// <summary>Ends a wait on an outside program's socket that would never end.</summary>
    public static CancellationToken Deadline() =>
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token).Token;
}

/// <summary>Keeps what a feed gives, and lets a test wait for it.</summary>
internal sealed class KeepingSink : IFeedSink
{
    private readonly Channel<object> _all = System.Threading.Channels.Channel.CreateUnbounded<object>();
    private int _inside;

    public ConcurrentQueue<object> Seen { get; } = new();

    public long Octets { get; private set; }

    public bool Take(in Plot plot, Instant received)
    {
        Add((plot, received));
        return true;
    }

    public void Reject(in Rejection rejection) => Add(rejection);

    public void Tell(string what) => Add(what);

    public void Heard(int bytes)
    {
        Assert.Equal(1, Interlocked.Increment(ref _inside));
        Octets += bytes;
        Interlocked.Decrement(ref _inside);
    }

    /// <summary>The next thing of a kind that a test waits for; what comes before it is passed over.</summary>
    public async Task<T> Next<T>(Func<T, bool> accept)
    {
        try
        {
            while (true)
                if (await _all.Reader.ReadAsync(Sample.Deadline()) is T item && accept(item)) return item;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("it never came; what came: " + string.Join(" | ", Seen));
            throw;
        }
    }

    public Task<string> Told(string part) => Next<string>(t => t.Contains(part, StringComparison.Ordinal));

    public Task<Rejection> Rejected(string part) => Next<Rejection>(r => r.Reason.Contains(part, StringComparison.Ordinal));

    public async Task<Plot> Plot() => (await Next<(Plot Plot, Instant)>(_ => true)).Plot;

    private void Add(object item)
    {
        // A feed must not be in the sink twice at once.
        Assert.Equal(1, Interlocked.Increment(ref _inside));
        Seen.Enqueue(item);
        _all.Writer.TryWrite(item);
        Interlocked.Decrement(ref _inside);
    }
}

/// <summary>One end of a SAPIENT connection, played by the test.</summary>
internal sealed class Peer(TcpClient client) : IDisposable
{
    private readonly SapientReader _reader = new();
    private readonly byte[] _buffer = new byte[4_096];

    public static async Task<Peer> Connect(IPEndPoint to)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, to.Port, Sample.Deadline());
        return new(client);
    }

    public static async Task<Peer> Accept(TcpListener listener) => new(await listener.AcceptTcpClientAsync(Sample.Deadline()));

    public Task Send(SapientMessage message) => SendOctets(SapientReader.Frame(message));

    public async Task SendOctets(byte[] octets) => await client.GetStream().WriteAsync(octets, Sample.Deadline());

    public Task Register(string nodeId, string shortName) => Send(new()
    {
        Timestamp = Timestamp.FromDateTimeOffset(Sample.Start),
        NodeId = nodeId,
        Registration = new() { ShortName = shortName, IcdVersion = "BSI Flex 335 v2.0" },
    });

    public Task Detect(string nodeId, double rangeM) => Send(new()
    {
        Timestamp = Timestamp.FromDateTimeOffset(Sample.Start),
        NodeId = nodeId,
        DetectionReport = new()
        {
            ReportId = "01GGYFBAXGDG7AGAHRZ6XSNY12",
            ObjectId = "01GGYFBAXGDG7AGAHRZ6XSNY13",
            RangeBearing = new() { Range = rangeM, Azimuth = 90, Elevation = 45, CoordinateSystem = RangeBearingCoordinateSystem.DegreesM, Datum = RangeBearingDatum.True },
        },
    });

    public Task Status(string nodeId, StatusReport report, double clockOffS = 0) => Send(new()
    {
        Timestamp = Timestamp.FromDateTimeOffset(Sample.Start.AddSeconds(clockOffS)),
        NodeId = nodeId,
        StatusReport = report,
    });

    /// <summary>The next message; null where the other side has closed.</summary>
    public async Task<SapientMessage?> Receive()
    {
        while (true)
        {
            switch (_reader.Next(out SapientMessage? message, out string reason))
            {
                case SapientRead.Message:
                    return message;
                case SapientRead.Incomplete:
                    int octets;
                    try
                    {
                        octets = await client.GetStream().ReadAsync(_buffer, Sample.Deadline());
                    }
                    catch (IOException)
                    {
                        return null;
                    }
                    if (octets == 0) return null;
                    _reader.Add(_buffer.AsSpan(0, octets));
                    break;
                default:
                    Assert.Fail(reason);
                    break;
            }
        }
    }

    public async Task<SapientMessage> Next(SapientMessage.ContentOneofCase content)
    {
        while (true)
        {
            SapientMessage? message = await Receive();
            Assert.True(message is not null, $"closed before {content}");
            if (message.ContentCase == content) return message;
        }
    }

    public void Dispose() => client.Dispose();
}
