using System.Text;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Tests.Scenarios;

/// <summary>Scenarios written in a test.</summary>
internal static class ScenarioText
{
    /// <summary>One of everything, with no member that may be left out.</summary>
    public static string Minimal() => """
        {
          "name": "a test", "summary": "no raid", "status": "exercise", "sources": [], "chosen": [],
          "site": "a.site.geojson", "startTime": "2024-01-01T00:00:00Z", "durationS": 30, "seed": 1,
          "weather": {"unmodelled": {"sigmaMps": 1}},
          "salvos": [
            {"id": "A", "kind": "mortar", "count": 3, "launchTimes": {"startS": 1, "windowS": 5},
             "launchArea": {"centre": [8.04, 46.02], "radiusM": 100}, "aim": {"centre": [8, 46], "sigmaAlongM": 50, "sigmaAcrossM": 50},
             "elevationDeg": [46, 75], "speedMps": 260, "ballisticCoefficientKgPerM2": 4000, "drag": "subsonic"}
          ],
          "radars": [{"sensor": "R1", "bias": {}, "detection": {}, "quantisation": {}, "clutter": {"meanPerScan": 3}, "delivery": {}}],
          "birds": [{"id": "B", "count": 1, "centre": [8, 46], "radiusM": 500, "heightAboveGroundM": 100, "speedMps": 10}],
          "aircraft": [{"id": "C", "route": [[8, 46, 800], [8.1, 46, 900]], "speedMps": 60}],
          "gunfire": [
            {"id": "G", "position": [8.03, 46], "startS": 2, "bursts": 1, "shotsPerBurst": 3, "shotsPerS": 5, "pauseS": 1, "azimuthDeg": 90, "elevationDeg": 10,
             "speedMps": 850, "ballisticCoefficientKgPerM2": 1300}
          ],
          "defence": {
            "doctrine": "salvo", "assets": [{"id": "X", "centre": [8, 46], "radiusM": 30, "worth": 5}],
            "guns": [{"id": "K", "position": [8, 46], "noFireSectors": [{"fromDeg": 10, "toDeg": 20}], "masks": [{"azimuthDeg": 90, "elevationDeg": 3}]}],
            "interceptors": [{"id": "J", "position": [8, 46], "flyOut": [{"timeS": 5, "distanceM": 3000}], "singleShotProbability": 0.5}]
          }
        }
        """;

    /// <summary>The same with what a campaign needs besides.</summary>
    public static string WithCampaign() => Minimal().Replace("\"seed\": 1,", """
        "seed": 1,
          "claims": [{"by": "X", "says": "one round", "grade": "C", "about": "rounds_fired", "value": 1}], "operator": {"confirmDelayS": 4},
          "campaign": {"question": "Q?", "measure": "rounds_missed", "factors": [{"name": "f", "levels": [{"label": "l"}]}], "stop": {"halfWidth": 1}},
        """, StringComparison.Ordinal);

    public static Loaded<Scenario> Parse(string json) => ScenarioFile.Parse(Encoding.UTF8.GetBytes(json), "test.json");
}
