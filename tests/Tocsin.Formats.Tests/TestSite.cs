using System.Text;
using Tocsin.Formats.GeoJson;

namespace Tocsin.Formats.Tests;

/// <summary>A small site for tests, with names that need escaping, and ways to spoil it.</summary>
internal static class TestSite
{
    public const string Json = """
        {
          "type": "FeatureCollection",
          "tocsin": { "name": "camp \"Nörd\"", "groundElevationM": 200.50 },
          "features": [
            { "type": "Feature",
              "geometry": { "type": "Point", "coordinates": [8.0, 46.0, 210.0] },
              "properties": { "kind": "sensor", "id": "R1", "rangeSigmaM": 15.0, "azimuthSigmaDeg": 0.17189, "elevationSigmaDeg": 0.18,
                "scanPeriodS": 0.5, "maxRangeM": 14000.0, "minElevationDeg": 1.0, "detectionProbability": 0.9 } },
            { "type": "Feature",
              "geometry": { "type": "Point", "coordinates": [8.01, 46.02] },
              "properties": { "kind": "sensor", "id": "R\u00e4dar \"2\"", "rangeSigmaM": 10, "azimuthSigmaDeg": 0.1, "elevationSigmaDeg": 0.1,
                "rangeRateSigmaMps": 1, "scanPeriodS": 1, "maxRangeM": 2E4, "minElevationDeg": -1, "detectionProbability": 1,
                "asterix": { "sac": 25, "sic": 201, "edition": "1.32" } } },
            { "type": "Feature",
              "geometry": { "type": "Polygon", "coordinates": [
                [[7.99, 45.99], [8.01, 45.99], [8.01, 46.01], [7.99, 46.01], [7.99, 45.99]],
                [[7.995, 45.995], [7.995, 46.005], [8.005, 46.005], [8.005, 45.995], [7.995, 45.995]]] },
              "properties": { "kind": "zone", "id": "Z1", "name": "Market", "population": 120 } },
            { "type": "Feature",
              "geometry": { "type": "MultiPolygon", "coordinates": [
                [[[8.02, 46.0], [8.03, 46.0], [8.03, 46.01], [8.02, 46.0]]],
                [[[8.04, 46.0], [8.05, 46.0], [8.05, 46.01], [8.04, 46.0]]]] },
              "properties": { "kind": "zone", "id": "Z2", "name": "Two parts", "population": 5.5, "timeToShelterS": 15, "parent": "Z1" } },
            { "type": "Feature", "geometry": { "type": "Point", "coordinates": [8.0, 46.0] },
              "properties": { "kind": "siren", "id": "S1", "zones": ["Z1", "Z2"], "audibleRangeM": 900 } },
            { "type": "Feature", "geometry": { "type": "Point", "coordinates": [8.0, 46.0, 199] },
              "properties": { "kind": "shelter", "id": "B1", "capacity": 40 } },
            { "type": "Feature", "geometry": null, "properties": { "kind": "bakery", "bread": [1.50, true, null] } }
          ]
        }
        """;

    /// <summary>The site, read.</summary>
    public static SiteFile File { get; } = Parse(Json).Value ?? throw new InvalidOperationException(Parse(Json).Error!.ToString());

    public static InputResult<SiteFile> Parse(string json) => SiteFile.Parse(Encoding.UTF8.GetBytes(json), "folder/camp.site.geojson");

    /// <summary>The error that comes of replacing a piece of the site's text.</summary>
    public static string ErrorOf(string piece, string replacement)
    {
        Assert.Contains(piece, Json, StringComparison.Ordinal);
        InputResult<SiteFile> result = Parse(Json.Replace(piece, replacement, StringComparison.Ordinal));
        Assert.False(result.Ok, $"accepted: {replacement}");
        string line = result.Error.ToString();
        Assert.StartsWith("folder/camp.site.geojson:", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        return line;
    }
}

/// <summary>Keeps what a reader passes on.</summary>
internal sealed class KeepingSink : IPlotSink
{
    public List<Plot> Plots { get; } = [];

    public List<Rejection> Rejections { get; } = [];

    public void Feed(in Plot plot) => Plots.Add(plot);

    public void Reject(in Rejection rejection) => Rejections.Add(rejection);
}
