using System.Collections.Immutable;
using System.Text.Json;
using Tocsin.Geodesy;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.TestSupport;

namespace Tocsin.Simulation.Tests.Scenarios;

/// <summary>The scenarios that the project ships, and their sites, read by a small reader of the test's own: Simulation knows no site files.</summary>
internal static class Shipped
{
    public static string Folder { get; } = Path.Combine(SharedData.RepositoryRoot, "scenarios");

    public static IEnumerable<string> Names => ["green-zone", "green-zone-gun", "kidal", "camp-taji", "false-alarm-2018"];

    public static Scenario Read(string name) => Must(ScenarioFile.Read(PathOf(name)));

    public static string PathOf(string name) => Path.Combine(Folder, name + ".json");

    public static SimulationRun Run(string name, long? seed = null, int run = 0)
    {
        Scenario scenario = Read(name);
        return Must(SimulationRun.Prepare(scenario, ReadSite(ScenarioFile.SitePath(PathOf(name), scenario)), seed, run));
    }

    public static T Must<T>(Loaded<T> loaded)
        where T : class
    {
        if (!loaded.Succeeded(out T? value, out string? problem)) Assert.Fail(problem);
        return value!;
    }

    public static SiteDefinition ReadSite(string path) => ParseSite(File.ReadAllBytes(path));

    public static SiteDefinition ParseSite(ReadOnlyMemory<byte> geoJson)
    {
        using var document = JsonDocument.Parse(geoJson);
        JsonElement head = document.RootElement.GetProperty("tocsin");
        double ground = head.GetProperty("groundElevationM").GetDouble();
        JsonElement[] features = [.. document.RootElement.GetProperty("features").EnumerateArray()];
        LonLat[] corners = [.. OfKind(features, "zone").SelectMany(f => Ring(f))];
        var frame = new LocalFrame(new LonLat(corners.Average(c => c.LongitudeDeg), corners.Average(c => c.LatitudeDeg)).At(ground));
        return new SiteDefinition
        {
            Name = head.GetProperty("name").GetString()!,
            GroundElevationM = ground,
            Frame = frame,
            Sensors = [.. OfKind(features, "sensor").Select(Sensor)],
            Zones = [.. OfKind(features, "zone").Select(f => Zone(f, frame, ground))],
            Sirens = [.. OfKind(features, "siren").Select(f => new SirenDefinition(Text(f, "id"), At(f),
                [.. f.GetProperty("properties").GetProperty("zones").EnumerateArray().Select(z => z.GetString()!)], Number(f, "audibleRangeM")))],
            Shelters = [.. OfKind(features, "shelter").Select(f => new ShelterDefinition(Text(f, "id"), At(f), (int)Number(f, "capacity")))],
        };
    }

    private static IEnumerable<JsonElement> OfKind(JsonElement[] features, string kind) => features.Where(f => Text(f, "kind") == kind);

    private static string Text(JsonElement feature, string member) => feature.GetProperty("properties").GetProperty(member).GetString()!;

    private static double Number(JsonElement feature, string member) => feature.GetProperty("properties").GetProperty(member).GetDouble();

    private static Geodetic At(JsonElement feature)
    {
        JsonElement at = feature.GetProperty("geometry").GetProperty("coordinates");
        return new LonLat(at[0].GetDouble(), at[1].GetDouble()).At(at[2].GetDouble());
    }

    private static IEnumerable<LonLat> Ring(JsonElement feature) =>
        feature.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().SkipLast(1).Select(c => new LonLat(c[0].GetDouble(), c[1].GetDouble()));

    private static ZoneDefinition Zone(JsonElement feature, LocalFrame frame, double ground)
    {
        ImmutableArray<(double, double)> ring = [.. Ring(feature).Select(c => frame.ToEnu(c.At(ground))).Select(p => (p.East, p.North))];
        return new ZoneDefinition
        {
            Id = Text(feature, "id"),
            Name = Text(feature, "name"),
            Population = Number(feature, "population"),
            TimeToShelterS = Number(feature, "timeToShelterS"),
            Area = new GroundPolygon([ring]),
        };
    }

    private static SensorDefinition Sensor(JsonElement feature) => new()
    {
        Id = Text(feature, "id"),
        Position = At(feature),
        RangeSigmaM = Number(feature, "rangeSigmaM"),
        AzimuthSigmaRad = Number(feature, "azimuthSigmaDeg") * Math.PI / 180,
        ElevationSigmaRad = Number(feature, "elevationSigmaDeg") * Math.PI / 180,
        ScanPeriodS = Number(feature, "scanPeriodS"),
        MaxRangeM = Number(feature, "maxRangeM"),
        MinElevationRad = Number(feature, "minElevationDeg") * Math.PI / 180,
        DetectionProbability = Number(feature, "detectionProbability"),
    };
}
