using CsCheck;
using Tocsin.Geodesy;

namespace Tocsin.Formats.Tests.Events;

/// <summary>One call of a site output, to be made again.</summary>
internal delegate void Said(ISiteOutput output);

/// <summary>Makes what a Site of <see cref="TestSite"/> could say, in random order.</summary>
internal static class EventGen
{
    private const long Epoch = 17_000_000_000_000_000;

    private static readonly Gen<Instant> s_instant = Gen.OneOf(
        Gen.Long[0, 100_000].Select(ms => new Instant(Epoch + ms * 10_000)),
        Gen.Long[0, 10_000_000_000].Select(ticks => new Instant(Epoch + ticks)),
        Gen.Long[-620_000_000_000_000_000, 2_500_000_000_000_000_000].Select(ticks => new Instant(ticks)));

    // Mostly sane numbers; now and then one that a fault of the software could give.
    private static readonly Gen<double> s_number = Gen.Frequency((20, Gen.Double[-20_000, 20_000]), (1, Gen.Double), (1, Gen.Const(double.NaN)),
        (1, Gen.Const(double.PositiveInfinity)), (1, Gen.Const(-0.0)), (1, Gen.Const(double.MaxValue)));

    private static readonly Gen<Geodetic> s_position = Gen.Select(Gen.Double[-Math.PI / 2, Math.PI / 2], Gen.Double[-Math.PI, Math.PI], s_number)
        .Select((lat, lon, h) => new Geodetic(lat, lon, h));

    private static readonly Gen<TrackId> s_track = Gen.Int[1, int.MaxValue].Select(n => new TrackId(n));

    public static Gen<Plot> Plot { get; } = Gen.Select(s_instant, Gen.Int[-1, 1], Gen.OneOf(Gen.Double[0.001, 1e7], Gen.Int[1, 99_999_999].Select(i => i / 100.0)),
            Gen.Double[-0.1, 6.4], Gen.Double[-1.57, 1.57], Gen.Select(Gen.Bool, Gen.Double[-9_000, 9_000]), Gen.Select(Gen.Bool, Gen.Double[0, 0.1]), Gen.Long[0, long.MaxValue])
        .Select((time, sensor, range, azimuth, elevation, rate, sigma, number) => CanonicalPlot.Of(new Plot
        {
            Time = time,
            Sensor = sensor,
            Measurement = new Polar(range, azimuth, elevation),
            RangeRateMps = rate.Item1 ? rate.Item2 : double.NaN,
            SnrDb = rate.Item1 ? rate.Item2 / 77 : double.NaN,
            ElevationSigmaRad = sigma.Item1 ? sigma.Item2 : double.NaN,
            Number = number,
        }));

    private static readonly Gen<Track> s_estimate = Gen.Select(s_track, s_instant, s_position, Gen.Select(s_number, s_number, s_number), Gen.Enum<Kind>(),
            Gen.Double[0, 1].Array[KindProbabilities.Count], Gen.OneOf(Gen.Const(0L), Gen.Long[1, 1_000_000]))
        .Select((id, time, position, v, kind, p, plot) =>
        {
            var kinds = new KindProbabilities();
            for (int i = 0; i < KindProbabilities.Count; i++) kinds[i] = p[i] / p.Sum();
            return new Track { Id = id, ValidTime = time, Position = position, VelocityMps = new Enu(v.Item1, v.Item2, v.Item3), Kind = kind, Kinds = kinds, Plot = plot };
        });

    private static readonly Gen<ImpactPrediction> s_prediction = Gen.Select(s_track, s_instant, s_instant, s_number, s_position, s_number, s_number, Gen.Double[0, Math.PI])
        .Select((id, valid, impact, sigma, position, major, minor, orientation) => new ImpactPrediction
        {
            Track = id,
            ValidTime = valid,
            ImpactTime = impact,
            TimeSigmaS = sigma,
            Position = position,
            Ellipse95 = new GroundEllipse(major, minor, orientation),
        });

    private static readonly Gen<Warning> s_warning = Gen.Select(Gen.Int[1, 99], Gen.Enum<OperationStatus>(), Gen.Int[0, 1], Gen.Double[0, 1], s_instant, s_number,
            Gen.Enum<Advice>(), s_track.Array[0, 300])
        .Select((id, status, zone, probability, impact, lead, advice, tracks) => new Warning
        {
            Id = new WarningId(id),
            Status = status,
            Zone = zone,
            Probability = probability,
            ImpactTime = impact,
            LeadTimeS = lead,
            Advice = advice,
            Tracks = tracks,
        });

    public static Gen<Rejection> Rejection { get; } = Gen.Select(Gen.OneOf(Gen.String, Gen.Const("p.csv line 3")), Gen.OneOf(Gen.String, Gen.Const("a \"quoted\"\n \u0001 ü 🚀 </script>")),
        Gen.Long[1, 100], Gen.Bool).Select((source, reason, count, feed) => new Rejection(source, reason, count, feed));

    /// <summary>Anything a Site says.</summary>
    public static Gen<Said> Said { get; } = Gen.OneOf<Said>(
        Gen.Select(s_instant, Plot).Select<Instant, Plot, Said>((t, p) => o => o.PlotReceived(t, p)),
        Gen.Select(s_instant, s_estimate).Select<Instant, Track, Said>((t, x) => o => o.TrackConfirmed(t, x)),
        Gen.Select(s_instant, s_estimate).Select<Instant, Track, Said>((t, x) => o => o.TrackUpdated(t, x)),
        Gen.Select(s_instant, s_track, Gen.Enum<TrackEnd>()).Select<Instant, TrackId, TrackEnd, Said>((t, x, e) => o => o.TrackEnded(t, x, e)),
        Gen.Select(s_instant, s_prediction).Select<Instant, ImpactPrediction, Said>((t, x) => o => o.ImpactPredicted(t, x)),
        Gen.Select(s_instant, s_warning).Select<Instant, Warning, Said>((t, x) => o => o.WarningRaised(t, x)),
        Gen.Select(s_instant, s_warning).Select<Instant, Warning, Said>((t, x) => o => o.WarningUpdated(t, x)),
        Gen.Select(s_instant, s_warning, Gen.Enum<WarningEnd>()).Select<Instant, Warning, WarningEnd, Said>((t, x, e) => o => o.WarningCleared(t, x.Id, x.Status, x.Zone, e)),
        Gen.Select(s_instant, Gen.Int[0, 1], Gen.Enum<SensorCondition>(), Gen.String).Select<Instant, int, SensorCondition, string, Said>((t, s, c, b) => o => o.SensorChanged(t, s, c, b)),
        Gen.Select(s_instant, Rejection).Select<Instant, Rejection, Said>((t, x) => o => o.InputRejected(t, x)));

    /// <summary>The same random events each time.</summary>
    public static Said[] Same(int count) => Said.Array[count].Generate(new PCG(1, 20_201_220), null, out _);
}
