using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Lint;

/// <summary>A radar of the scenario that suits a sensor of the site.</summary>
/// <param name="Index">Its place in the scenario's list.</param>
/// <param name="Settings">What the scenario says of it.</param>
/// <param name="Sensor">What the site says of it.</param>
/// <param name="Model">How it looks.</param>
internal sealed record LintRadar(int Index, RadarSettings Settings, SensorDefinition Sensor, RadarModel Model)
{
    /// <summary>Time between two looks at the same place, in seconds.</summary>
    public double PeriodS => Settings.ScanPeriodS ?? Sensor.ScanPeriodS;

    /// <summary>Looks that a track's confirmation takes here (<see cref="ClutterRule"/>).</summary>
    public int Looks { get; set; } = ClutterRule.LeastLooks;
}

/// <summary>What the rules look at, and where they put what they find.</summary>
internal sealed class LintContext(Scenario scenario, SiteDefinition site, LintFiles files)
{
    private readonly List<LintFinding> _findings = [];

    public Scenario Scenario => scenario;

    public SiteDefinition Site => site;

    public SitePlaces Places { get; } = new(files.SiteJson);

    public IReadOnlyList<ZoneShape> Zones { get; } = [.. site.Zones.Select((z, i) => new ZoneShape(z, i))];

    /// <summary>The radars that could be made.</summary>
    public List<LintRadar> Radars { get; } = [];

    /// <summary>The salvos that could be flown.</summary>
    public List<TypicalSalvo> Salvos { get; } = [];

    /// <summary>What the radars see over each zone.</summary>
    public List<ZoneCoverage> Coverage { get; } = [];

    /// <summary>What was found: errors first, else in the order of finding.</summary>
    public IReadOnlyList<LintFinding> Findings => [.. _findings.OrderBy(f => f.Severity == LintSeverity.Error ? 0 : 1)];

    /// <summary>The air of a typical flight: the mean wind, without what no report tells.</summary>
    public FlightEnvironment Air { get; } = new(TruthWind.Of(new Weather { Wind = scenario.Weather.Wind }, site.GroundElevationM, new RunStreams(0, 0)));

    public void Error(string rule, string place, string message) => Add(LintSeverity.Error, rule, files.Scenario, place, message);

    public void Warn(string rule, string place, string message) => Add(LintSeverity.Warning, rule, files.Scenario, place, message);

    public void WarnOfSite(string rule, string place, string message) => Add(LintSeverity.Warning, rule, files.Site, place, message);

    /// <summary>The geodetic position of a point of the site's ground.</summary>
    public Geodetic OnGround((double East, double North) point) =>
        site.Frame.ToGeodetic(new Enu(point.East, point.North, 0)) with { HeightM = site.GroundElevationM };

    // One line each, whatever an id holds.
    private void Add(LintSeverity severity, string rule, string file, string place, string message) =>
        _findings.Add(new(severity, rule, file, place, string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c))));
}
