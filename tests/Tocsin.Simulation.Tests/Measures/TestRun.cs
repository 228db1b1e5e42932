using System.Collections.Immutable;
using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;

namespace Tocsin.Simulation.Tests.Measures;

/// <summary>A small site and made-up runs on it: times in seconds from <see cref="Epoch"/>, places in metres east and north of the site.</summary>
internal static class TestRun
{
    public static Instant Epoch { get; } = new(1_700_000_000L * Instant.TicksPerSecond);

    public static LocalFrame Frame { get; } = new(new(46 * Math.PI / 180, 8 * Math.PI / 180, 200));

    public static Instant At(double seconds) => Epoch.AddSeconds(seconds);

    /// <summary>Zones of 400 m squares, side by side to the east from (0, 0): A, B, C and D, of 100, 200, 300 and 400 people.</summary>
    public static SiteDefinition Site(params ZoneDefinition[] more) => new()
    {
        Name = "Test <site> & co",
        GroundElevationM = 200,
        Frame = Frame,
        Sensors = [Sensor("R1")],
        Zones = [Zone("A", 0, 100), Zone("B", 400, 200), Zone("C", 800, 300), Zone("D", 1200, 400), .. more],
        Sirens = [new("S1", Ground(200, 200), ["A"], 500)],
        Shelters = [new("H1", Ground(600, 200), 40)],
    };

    public static SensorDefinition Sensor(string id) => new()
    {
        Id = id,
        Position = Ground(-500, -500),
        RangeSigmaM = 10,
        AzimuthSigmaRad = 0.002,
        ElevationSigmaRad = 0.002,
        ScanPeriodS = 0.5,
        MaxRangeM = 14_000,
        MinElevationRad = 0.02,
        DetectionProbability = 0.9,
    };

    public static ZoneDefinition Zone(string id, double westM, double population, string? parent = null, double sizeM = 400) => new()
    {
        Id = id,
        Name = $"Zone {id}",
        Population = population,
        Parent = parent,
        Area = new([ImmutableArray.Create((westM, 0.0), (westM + sizeM, 0.0), (westM + sizeM, sizeM), (westM, sizeM))]),
    };

    /// <summary>The point of the ground under a place of the site's plane.</summary>
    public static Geodetic Ground(double eastM, double northM) => Frame.ToGeodetic(new Enu(eastM, northM, 0)) with { HeightM = 200 };

    public static TruthRound Round(string id, double launchS, double impactS, double eastM, double northM, Kind kind = Kind.Rocket)
        => new(id, kind, At(launchS), At(impactS), Ground(eastM, northM));

    public static TruthRound Dud(string id) => new(id, Kind.Rocket, At(0), null, null);

    /// <summary>A state at a place of the site's frame.</summary>
    public static TruthState State(double timeS, int round, Enu position, Enu velocity, bool visible = true)
        => new(At(timeS), round, Frame.ToGeodetic(position), velocity, visible);

    public static Track TrackAt(int id, double validS, Enu position, Enu velocity, Kind kind = Kind.Rocket) => new()
    {
        Id = new(id),
        ValidTime = At(validS),
        Position = Frame.ToGeodetic(position),
        VelocityMps = velocity,
        Kind = kind,
        Kinds = default,
    };

    public static ImpactPrediction Predict(int track, double validS, double impactS, double eastM, double northM,
        double semiMajorM = 40, double semiMinorM = 20, double orientationRad = 0) => new()
        {
            Track = new(track),
            ValidTime = At(validS),
            ImpactTime = At(impactS),
            TimeSigmaS = 0.5,
            Position = Ground(eastM, northM),
            Ellipse95 = new(semiMajorM, semiMinorM, orientationRad),
        };

    public static void Raise(this RunLog log, double timeS, int id, int zone, double impactS = 100, OperationStatus status = OperationStatus.Exercise)
        => log.WarningRaised(At(timeS), new()
        {
            Id = new(id),
            Status = status,
            Zone = zone,
            Probability = 0.6,
            ImpactTime = At(impactS),
            LeadTimeS = impactS - timeS,
            Advice = Advice.Shelter,
            Tracks = [new TrackId(1)],
        });

    public static void Clear(this RunLog log, double timeS, int id, int zone, WarningEnd reason = WarningEnd.Over)
        => log.WarningCleared(At(timeS), new(id), OperationStatus.Exercise, zone, reason);

    /// <summary>Adds a round that flies level at a constant velocity over (x0, y0) at its launch, seen every half second until the impact.</summary>
    public static IEnumerable<TruthState> Level(int round, double launchS, double impactS, Enu start, Enu velocity)
    {
        for (double t = launchS; t < impactS; t += 0.5)
            yield return State(t, round, new(start.East + velocity.East * (t - launchS), start.North + velocity.North * (t - launchS), start.Up), velocity);
    }

    /// <summary>A run in which something of everything happens: a round warned, one missed, one outside, a dud, a ghost, a false track, a needless warning.</summary>
    public static (SiteDefinition Site, RunLog Log, Truth Truth) Everything()
    {
        Enu velocity = new(0, -100, 0);
        SiteDefinition site = Site();
        Truth truth = new(
            [Round("R<1>", 0, 30, 200, 200), Round("R2", 0, 32, 600, 200, Kind.Mortar), Round("R3", 0, 34, 600, 5000), Dud("R4")],
            [.. Level(0, 0, 30, new(200, 3200, 500), velocity), .. Level(1, 0, 32, new(600, 3400, 500), velocity), .. Level(2, 0, 34, new(600, 8400, 500), velocity)]);
        var log = new RunLog();
        log.PlotReceived(At(0), new Plot { Time = At(0), Sensor = 0, Measurement = new(1000, 0, 0.1) });
        log.InputRejected(At(0), new("feed & <line> 3", "no \"range\"", 2, true));
        for (double t = 5; t < 30; t += 0.5)
        {
            // Ten metres beside the first round.
            Track track = TrackAt(1, t, new(210, 3200 - 100 * t, 500), velocity);
            if (t == 5) log.TrackConfirmed(At(t), track);
            else log.TrackUpdated(At(t), track);
            if (t >= 8) log.ImpactPredicted(At(t), Predict(1, t, 30.2, 200 + (30 - t), 200));
            if (t == 10) log.Raise(10, 1, 0, 30);
            if (t == 12) log.Raise(12, 2, 3, 31);
            if (t == 14) log.TrackConfirmed(At(t), TrackAt(2, t, new(215, 3200 - 100 * t, 500), velocity));
            if (t == 15) log.TrackConfirmed(At(t), TrackAt(3, t, new(-4000, -4000, 900), velocity));
        }
        log.TrackEnded(At(30), new(1), TrackEnd.Impact);
        log.Clear(35, 2, 3, WarningEnd.Retracted);
        log.Clear(90, 1, 0);
        return (site, log, truth);
    }
}
