using System.Text;
using System.Text.Json;
using Tocsin.Yardstick;

namespace Tocsin.Load;

/// <summary>The site that is loaded: radars on a ring, and zones on a grid, all level with the origin of <see cref="World"/>.</summary>
internal sealed class LoadSite
{
    /// <summary>System area code of all radars; the identification code is the radar's number from 1.</summary>
    public const byte Sac = 25;

    public const double RangeSigmaM = 5, AngleSigmaDeg = 0.05, Detection = 0.9, HoldS = 0.2, MinElevationDeg = 1, MaxRangeM = 12_000;
    public const double ZoneSideM = 150, RadarRingM = 1_500;
    public const int ZonesAcross = 16;
    private const double WarningHoldS = 1;

    private readonly int _scanSteps;

    public LoadSite(int radars, int scanSteps)
    {
        _scanSteps = scanSteps;
        World = new(new Frame(new(8, 46, 200)), curved: false, Wind.Calm);
        Radars = [.. Enumerable.Range(0, radars).Select(i => RadarRingM * Vec3.Direction(2 * Math.PI * i / radars, 0))];
    }

    public World World { get; }

    public IReadOnlyList<Vec3> Radars { get; }

    public static string Zone(int i) => $"Z{i / ZonesAcross:00}{i % ZonesAcross:00}";

    public static int Zones => ZonesAcross * ZonesAcross;

    /// <summary>The middle of a zone.</summary>
    public static Vec3 Middle(int zone) =>
        new((zone / ZonesAcross - ZonesAcross / 2 + 0.5) * ZoneSideM, (zone % ZonesAcross - ZonesAcross / 2 + 0.5) * ZoneSideM, 0);

    /// <summary>Writes the site file and the configuration.</summary>
    public void Write(string siteFile, string configFile, int mqttPort)
    {
        List<object> features = [];
        for (int i = 0; i < Radars.Count; i++)
        {
            LonLat g = World.Frame.ToGeodetic(Radars[i]);
            features.Add(new
            {
                type = "Feature",
                geometry = new { type = "Point", coordinates = (double[])[g.LonDeg, g.LatDeg, g.HeightM] },
                properties = new
                {
                    kind = "sensor",
                    id = $"R{i + 1}",
                    rangeSigmaM = RangeSigmaM,
                    azimuthSigmaDeg = AngleSigmaDeg,
                    elevationSigmaDeg = AngleSigmaDeg,
                    scanPeriodS = (double)_scanSteps / Category015.StepsPerS,
                    maxRangeM = MaxRangeM,
                    minElevationDeg = MinElevationDeg,
                    detectionProbability = Detection,
                    asterix = new { sac = Sac, sic = i + 1 },
                },
            });
        }
        for (int i = 0; i < Zones; i++)
        {
            Vec3 m = Middle(i);
            double h = ZoneSideM / 2;
            var corners = new (double E, double N)[] { (-h, -h), (h, -h), (h, h), (-h, h), (-h, -h) };
            double[][] ring = [.. corners.Select(c => World.Frame.ToGeodetic(new(m.X + c.E, m.Y + c.N, 0))).Select(g => (double[])[g.LonDeg, g.LatDeg])];
            features.Add(new
            {
                type = "Feature",
                geometry = new { type = "Polygon", coordinates = (double[][][])[ring] },
                properties = new { kind = "zone", id = Zone(i), name = Zone(i), population = 50 },
            });
        }
        // Warnings are cleared soon after the impact, so that a zone can be warned again.
        var tocsin = new { name = "Load", groundElevationM = World.Frame.Origin.HeightM, latenessS = HoldS, warning = new { holdTimeS = WarningHoldS } };
        File.WriteAllText(siteFile, JsonSerializer.Serialize(new { type = "FeatureCollection", tocsin, features }), new UTF8Encoding(false));
        File.WriteAllText(configFile, JsonSerializer.Serialize(new
        {
            status = "exercise",
            access = new { open = "operator" },
            channels = new[] { new { kind = "mqtt", host = "127.0.0.1", port = mqttPort, exercises = true, discovery = false } },
        }));
    }
}
