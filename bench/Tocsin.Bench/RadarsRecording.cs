using System.Globalization;
using System.Text;
using Tocsin.Formats.GeoJson;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Bench;

/// <summary>The plots of the live server's load: 200 rounds in the air, seen by ten radars that look eight times a second each.</summary>
/// <remarks>Ten seconds in the middle of the flights, some 20,000 plots a second, 5,600 of them clutter; radars, sigmas and zones are those of <c>bench/Tocsin.Load</c>.
/// Made by this project's own simulator.</remarks>
internal static class RadarsRecording
{
    private const int Radars = 10, ZonesAcross = 16, Salvos = 8, RoundsPerSalvo = 25;
    private const double PeriodS = 0.125, FromS = 16, DurationS = 26, ZoneSideM = 150, RingM = 1_500, LaunchM = 4_500, ClutterPerScan = 70;
    private const double LatDeg = 8, LonDeg = 46, DegPerM = 1 / 111_000.0;

    public static (SiteFile Site, Plot[] Plots) Make()
    {
        SiteFile site = SiteFile.Parse(Encoding.UTF8.GetBytes(SiteText()), "radars").Value ?? throw new InvalidDataException("radars: no site");
        if (!ScenarioFile.Parse(Encoding.UTF8.GetBytes(ScenarioText()), "radars").Succeeded(out Scenario? scenario, out string? problem)) throw new InvalidDataException(problem);
        if (!SimulationRun.Prepare(scenario, site.Definition).Succeeded(out SimulationRun? run, out problem)) throw new InvalidDataException(problem);
        return (site, [.. run.Plots.Select((p, i) => p.Plot with { Number = i + 1 })]);
    }

    private static string SiteText()
    {
        List<string> features = [];
        for (int i = 0; i < Radars; i++)
        {
            (string lon, string lat) = At(RingM, 360.0 * i / Radars);
            features.Add("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[" + $"{lon},{lat},200" + "]},\"properties\":{\"kind\":\"sensor\",\"id\":\"" + Radar(i)
                + "\",\"rangeSigmaM\":5,\"azimuthSigmaDeg\":0.05,\"elevationSigmaDeg\":0.05,\"scanPeriodS\":0.125,\"maxRangeM\":12000,\"minElevationDeg\":1,\"detectionProbability\":0.9}}");
        }
        for (int i = 0; i < ZonesAcross * ZonesAcross; i++)
        {
            double east = (i / ZonesAcross - ZonesAcross / 2) * ZoneSideM, north = (i % ZonesAcross - ZonesAcross / 2) * ZoneSideM;
            (double, double)[] corners = [(0, 0), (ZoneSideM, 0), (ZoneSideM, ZoneSideM), (0, ZoneSideM), (0, 0)];
            features.Add("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[" + string.Join(',', corners.Select(c => $"[{Lon(east + c.Item1)},{Lat(north + c.Item2)}]"))
                + "]]},\"properties\":{\"kind\":\"zone\",\"id\":\"" + $"Z{i:000}\",\"name\":\"Z{i:000}\"" + ",\"population\":50}}");
        }
        return "{\"type\":\"FeatureCollection\",\"tocsin\":{\"name\":\"Radars\",\"groundElevationM\":200},\"features\":[" + string.Join(',', features) + "]}";
    }

    private static string ScenarioText()
    {
        List<string> salvos = [], radars = [];
        (string aimLon, string aimLat) = At(0, 0);
        for (int i = 0; i < Salvos; i++)
        {
            (string lon, string lat) = At(LaunchM, 360.0 * i / Salvos);
            salvos.Add("{\"id\":\"" + (char)('A' + i) + $"\",\"kind\":\"mortar\",\"count\":{RoundsPerSalvo},\"launchTimes\":" + "{\"startS\":0,\"windowS\":12},\"launchArea\":{\"centre\":[" + $"{lon},{lat}"
                + "],\"radiusM\":300},\"aim\":{\"centre\":[" + $"{aimLon},{aimLat}" + "],\"sigmaAlongM\":500,\"sigmaAcrossM\":500},\"elevationDeg\":[45,75],\"speedMps\":[240,270]"
                + ",\"ballisticCoefficientKgPerM2\":[6000,12000],\"drag\":\"subsonic\"}");
        }
        for (int i = 0; i < Radars; i++)
            radars.Add("{\"sensor\":\"" + Radar(i) + "\",\"firstScanS\":" + Text(FromS + i * PeriodS / Radars) + ",\"clutter\":{\"meanPerScan\":" + Text(ClutterPerScan) + "}}");
        return "{\"name\":\"Radars\",\"summary\":\"Load\",\"status\":\"exercise\",\"sources\":[{\"claim\":\"None\",\"source\":\"Chosen\",\"grade\":\"C\"}],\"chosen\":[\"All of it.\"],\"site\":\"radars.site.geojson\",\"startTime\":\"2026-01-01T00:00:00Z\",\"durationS\":"
            + Text(DurationS) + ",\"seed\":1,\"salvos\":[" + string.Join(',', salvos) + "],\"radars\":[" + string.Join(',', radars) + "]}";
    }

    private static string Radar(int i) => $"R{i + 1}";

    private static (string Lon, string Lat) At(double distanceM, double bearingDeg)
    {
        (double sin, double cos) = Math.SinCos(bearingDeg * Math.PI / 180);
        return (Lon(distanceM * sin), Lat(distanceM * cos));
    }

    private static string Lon(double eastM) => Text(LonDeg + eastM * DegPerM / Math.Cos(LatDeg * Math.PI / 180));

    private static string Lat(double northM) => Text(LatDeg + northM * DegPerM);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
