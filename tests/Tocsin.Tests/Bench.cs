using System.Collections.Immutable;
using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Tests;

/// <summary>A site, its radar and its zones for tests, and plots made without the tracker's own measurement equation.</summary>
internal static class Bench
{
    public static readonly Geodetic Origin = new(0.58, 0.775, 40);

    /// <summary>22 November 2020, 00:00 UTC.</summary>
    public static readonly Instant Start = new(1_606_003_200L * Instant.TicksPerSecond);

    /// <summary>A round that drags as the tracker's reference says, so that flights differ from the model by the Earth and the air alone.</summary>
    public static DragCurve ReferenceDrag { get; } =
        new([.. Enumerable.Range(0, 401).Select(i => (0.01 * i, NearGroundAir.Drag(0.01 * i * 0.01 * i)))]);

    public static SensorDefinition Radar(string id = "R1", Geodetic? position = null, double periodS = 1, double detection = 0.9, double rangeRateSigmaMps = double.NaN) => new()
    {
        Id = id,
        Position = position ?? Origin,
        RangeSigmaM = 15,
        AzimuthSigmaRad = 0.003,
        ElevationSigmaRad = 0.003,
        RangeRateSigmaMps = rangeRateSigmaMps,
        ScanPeriodS = periodS,
        MaxRangeM = 20_000,
        MinElevationRad = 0.01,
        DetectionProbability = detection,
    };

    public static SiteDefinition Place(ImmutableArray<SensorDefinition>? sensors = null, ImmutableArray<ZoneDefinition>? zones = null, WindProfile? wind = null) => new()
    {
        Name = "bench",
        GroundElevationM = Origin.HeightM,
        Frame = new(Origin),
        Sensors = sensors ?? [Radar()],
        Zones = zones ?? [],
        Wind = wind ?? WindProfile.Calm,
    };

    public static GroundPolygon Square(double east, double north, double halfM) =>
        new([[(east - halfM, north - halfM), (east + halfM, north - halfM), (east + halfM, north + halfM), (east - halfM, north + halfM)]]);

    public static ZoneDefinition Zone(string id, double east, double north, double halfM, double shelterS = 10) =>
        new() { Id = id, Name = id, Population = 100, TimeToShelterS = shelterS, Area = Square(east, north, halfM) };

    /// <summary>The plot of a point of the site's frame, with the radar's noise where a stream is given.</summary>
    public static Plot Sight(SiteDefinition site, int sensor, Instant time, Enu at, long number = 0) =>
        new() { Time = time, Sensor = sensor, Number = number, Measurement = new SensorFrame(site.Sensors[sensor].Position, site.Frame).Measure(at) };

    /// <inheritdoc cref="Sight(SiteDefinition, int, Instant, Enu, long)"/>
    public static Plot Sight(SiteDefinition site, int sensor, Instant time, Enu at, ref RandomStream noise, long number = 0)
    {
        Plot plot = Sight(site, sensor, time, at, number);
        SensorDefinition s = site.Sensors[sensor];
        Polar m = plot.Measurement;
        double turn = 2 * Math.PI, azimuth = m.AzimuthRad + s.AzimuthSigmaRad * noise.NextNormal();
        return plot with
        {
            Measurement = new(m.RangeM + s.RangeSigmaM * noise.NextNormal(), azimuth - turn * Math.Floor(azimuth / turn),
                m.ElevationRad + s.ElevationSigmaRad * noise.NextNormal()),
        };
    }

    /// <summary>One scan's clutter, uniform in range, azimuth and elevation, at one time each within the scan.</summary>
    public static void AddClutter(List<Plot> to, SiteDefinition site, Instant scanStart, double mean, ref RandomStream stream)
    {
        SensorDefinition s = site.Sensors[0];
        for (int i = stream.NextPoisson(mean); i > 0; i--)
            to.Add(new()
            {
                Time = scanStart.AddSeconds(stream.NextUniform(0, 0.02 * s.ScanPeriodS)),
                Sensor = 0,
                Measurement = new(stream.NextUniform(50, s.MaxRangeM), stream.NextUniform(0, 2 * Math.PI), stream.NextUniform(s.MinElevationRad, 1.2)),
            });
    }

    /// <summary>Position in the site's frame of a flight at a time after its launch.</summary>
    public static Enu At(SiteDefinition site, Trajectory flight, double timeS) => site.Frame.ToEnu(flight.EcefStateAt(timeS).Position);

    /// <summary>A flight from a point of the site's frame (on the ground) with a velocity there.</summary>
    public static Trajectory Fly(SiteDefinition site, Round round, Enu from, Enu velocityMps, WindProfile? wind = null, double maxTimeS = 300)
    {
        Geodetic start = site.Frame.ToGeodetic(from);
        Geodetic ground = start with { HeightM = Math.Max(start.HeightM, site.GroundElevationM) };
        Enu there = new LocalFrame(ground).RotateToEnu(site.Frame.RotateToEcef(velocityMps));
        return Flight.Fly(round, ground, there, site.GroundElevationM, new FlightEnvironment(wind ?? WindProfile.Calm), maxTimeS, 1e-10);
    }

    public static double Distance(Enu a, Enu b) =>
        Math.Sqrt((a.East - b.East) * (a.East - b.East) + (a.North - b.North) * (a.North - b.North) + (a.Up - b.Up) * (a.Up - b.Up));
}
