using Tocsin.Geodesy;

namespace Tocsin.Formats.Tests.Asterix;

/// <summary>Sites and sinks for tests of ASTERIX plots.</summary>
internal static class TestSite
{
    public const double RadPerDegree = Math.PI / 180;

    public static Geodetic Position { get; } = new(33.3 * RadPerDegree, 44.4 * RadPerDegree, 45);

    /// <summary>A site of one sensor for each identity, all at one place.</summary>
    public static SiteDefinition Of(params (byte Sac, byte Sic)[] identities) => With([.. identities.Select(i => new AsterixSource(i.Sac, i.Sic, null))]);

    public static SiteDefinition With(params AsterixSource?[] sources) => new()
    {
        Name = "test",
        GroundElevationM = 34,
        Frame = new LocalFrame(Position),
        Sensors =
        [
            .. sources.Select((source, i) => new SensorDefinition
            {
                Id = $"R{i}",
                Position = Position,
                RangeSigmaM = 15,
                AzimuthSigmaRad = 0.003,
                ElevationSigmaRad = 0.004,
                ScanPeriodS = 1,
                MaxRangeM = 400_000,
                MinElevationRad = 0,
                DetectionProbability = 0.9,
                Asterix = source,
            }),
        ],
    };
}

/// <summary>Keeps what it is given.</summary>
internal sealed class ListSink : IPlotSink
{
    public List<Plot> Plots { get; } = [];

    public List<Rejection> Rejections { get; } = [];

    public void Feed(in Plot plot) => Plots.Add(plot);

    public void Reject(in Rejection rejection) => Rejections.Add(rejection);
}
