using Tocsin.Geodesy;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.Radar;

/// <summary>A small site and small scenarios made in code, for tests of the radar and of runs.</summary>
internal static class Bench
{
    public const double GroundM = 200;

    public static readonly Instant Start = new(17_000_000_000_000_000);

    public static SiteDefinition Site(params string[] sensors)
    {
        Geodetic origin = new LonLat(8, 46).At(GroundM);
        var frame = new LocalFrame(origin);
        return new SiteDefinition
        {
            Name = "bench",
            GroundElevationM = GroundM,
            Frame = frame,
            Sensors = [.. sensors.Select((id, i) => new SensorDefinition
            {
                Id = id,
                Position = new LonLat(8 + 0.01 * i, 46).At(GroundM + 10),
                RangeSigmaM = 12,
                AzimuthSigmaRad = 0.003,
                ElevationSigmaRad = 0.004,
                RangeRateSigmaMps = 2,
                ScanPeriodS = 0.5,
                MaxRangeM = 20_000,
                MinElevationRad = 0.01,
                DetectionProbability = 0.8,
            })],
        };
    }

    public static RadarSettings Perfect(string sensor = "R1") => new()
    {
        Sensor = sensor,
        Noise = new() { RangeSigmaM = 0, AzimuthSigmaDeg = 0, ElevationSigmaDeg = 0, RangeRateSigmaMps = 0 },
        Detection = new() { Probability = 1 },
    };

    public static Scenario Empty(double durationS, params RadarSettings[] radars) => new()
    {
        Name = "bench",
        Summary = "",
        Status = Scenario.ExerciseStatus,
        Sources = [],
        Chosen = [],
        Site = "bench.site.geojson",
        StartTime = Start,
        DurationS = durationS,
        Seed = 7,
        Radars = radars,
    };

    public static Salvo Salvo(int count, double sigmaAlongM = 0, double sigmaAcrossM = 0, string id = "A") => new()
    {
        Id = id,
        Kind = Kind.Rocket,
        Count = count,
        LaunchTimes = new() { StartS = 2, IntervalS = new(0.5, 1.5) },
        LaunchArea = new() { Centre = new LonLat(8.05, 46.04), RadiusM = 300 },
        Aim = new() { Centre = new LonLat(8.0, 46.0), SigmaAlongM = sigmaAlongM, SigmaAcrossM = sigmaAcrossM },
        ElevationDeg = new(15, 42),
        SpeedMps = new(300, 340),
        BallisticCoefficientKgPerM2 = new(5500, 7000),
        Drag = DragShape.Transonic,
    };

    // An aircraft that circles far away would do as well; one that flies straight is enough.
    public static AircraftRoute Aircraft(double rangeM = 8000, double heightM = 2000, double speedMps = 50, string id = "C") => new()
    {
        Id = id,
        Route = [new(new LonLat(8 - 0.05, 46 + rangeM / 111_150), GroundM + heightM), new(new LonLat(8 + 2, 46 + rangeM / 111_150), GroundM + heightM)],
        SpeedMps = speedMps,
        CrossSectionDb = 0,
    };

    public static SimulationRun Run(Scenario scenario, SiteDefinition? site = null, long? seed = null, int run = 0) =>
        Shipped.Must(SimulationRun.Prepare(scenario, site ?? Site("R1", "R2"), seed, run));
}
