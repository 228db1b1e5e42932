using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tocsin.Formats.GeoJson;
using Tocsin.Geodesy;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.Cot;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Tests.Cot;

/// <summary>A small site and things that are said about it.</summary>
internal static class CotWorld
{
    public static readonly Instant Start = new((new DateTime(2026, 11, 23, 22, 43, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks);

    private static readonly string s_site = """
        {"type":"FeatureCollection","tocsin":{"name":"Camp North","groundElevationM":35.0},"features":[
        {"type":"Feature","geometry":{"type":"Point","coordinates":[44.40,33.30,40]},"properties":{"kind":"sensor","id":"R1","rangeSigmaM":10,"azimuthSigmaDeg":0.2,
        "elevationSigmaDeg":0.2,"scanPeriodS":1,"maxRangeM":20000,"minElevationDeg":0.5,"detectionProbability":0.9}}]}
        """;

    public static ZonePlace Tower { get; } = new("tower", "Tower & <Gate>", 120, [[Ring((44.400, 33.300), (44.404, 33.300), (44.404, 33.303), (44.400, 33.303))]]);

    /// <summary>A C: its centroid is outside it.</summary>
    public static ZonePlace Hook { get; } = new("hook", "Hook", 10,
        [[Ring((0, 0), (3, 0), (3, 0.1), (0.1, 0.1), (0.1, 2.9), (3, 2.9), (3, 3), (0, 3))], [Ring((5, 5), (5.1, 5), (5.1, 5.1))]]);

    public static ImmutableArray<LonLat> Ring(params (double Lon, double Lat)[] corners) => [.. corners.Append(corners[0]).Select(c => new LonLat(c.Lon, c.Lat))];

    public static ChannelContext Context(TimeProvider clock) => new(SiteFile.Parse(System.Text.Encoding.UTF8.GetBytes(s_site), "camp.site.geojson").Value!, "camp-north",
        OperationStatus.Actual, [Tower, Hook], clock, Path.GetTempPath(), NullLogger.Instance);

    public static CotChannel Channel(string json, TimeProvider clock)
    {
        (CotChannel? channel, List<ConfigProblem> problems) = Read(json, clock);
        Assert.Empty(problems);
        return channel!;
    }

    public static (CotChannel? Channel, List<ConfigProblem> Problems) Read(string json, TimeProvider clock)
    {
        List<ConfigProblem> problems = [];
        using JsonDocument document = JsonDocument.Parse(json);
        return (CotChannel.Read(new ConfigSection(document.RootElement, problems), Context(clock)), problems);
    }

    public static WarningMessage Message(WarningAct act = WarningAct.Raised, int revision = 1, OperationStatus status = OperationStatus.Actual, ZonePlace? zone = null, int number = 3) => new()
    {
        Identity = $"camp-north.20261123T2243Z.W{number}",
        Warning = new WarningId(number),
        Revision = revision,
        Act = act,
        Status = status,
        Site = "Camp North",
        Zone = zone ?? Tower,
        Time = Start,
        RaisedTime = Start,
        ImpactTime = Start.AddSeconds(12),
        Expires = Start.AddSeconds(60),
        Probability = 0.876,
        Advice = Advice.Shelter,
        Tracks = [new TrackId(4)],
        Texts = [new WarningText("ar", true, "إنذار", "إلى الملجأ الآن", "", "")],
    };

    public static PictureTrack Seen(Kind kind = Kind.Rocket, int number = 4, bool isFalling = true)
    {
        KindProbabilities kinds = default;
        kinds[kind] = 0.9;
        kinds[Kind.Unknown] += 0.1;
        var track = new Track
        {
            Id = new TrackId(number),
            ValidTime = Start.AddSeconds(-0.4),
            Position = Degrees(44.41, 33.32, 1500.25),
            VelocityMps = new Enu(-30, 40, -120),
            Kind = kind,
            Kinds = kinds,
        };
        ImpactPrediction? impact = isFalling
            ? new ImpactPrediction
            {
                Track = track.Id,
                ValidTime = track.ValidTime,
                ImpactTime = Start.AddSeconds(12),
                TimeSigmaS = 0.3,
                Position = Degrees(44.402, 33.3015, 35),
                Ellipse95 = new GroundEllipse(180, 60, Math.PI / 3),
            }
            : null;
        return new PictureTrack($"camp-north.20261123T2243Z.T{number}", track, impact);
    }

    public static Picture Picture(OperationStatus status = OperationStatus.Actual, params PictureTrack[] tracks) => new(Start, status, "Camp North", [.. tracks], []);

    private static Geodetic Degrees(double lon, double lat, double height) => new(lat * Math.PI / 180, lon * Math.PI / 180, height);
}
