namespace Tocsin.Simulation.Scenarios;

/// <summary>Checks what the shape of a scenario cannot say: ranges, sums, and members that exclude each other.</summary>
internal sealed partial class ScenarioChecks
{
    private (string Path, string Mend)? _first;

    private ScenarioChecks() { }

    /// <summary>The first fault as (path, mend); null where the scenario can be used.</summary>
    public static (string Path, string Mend)? FirstFault(Scenario scenario)
    {
        var checks = new ScenarioChecks();
        checks.Check(scenario);
        return checks._first;
    }

    private void Check(Scenario s)
    {
        Require(s.Status == Scenario.ExerciseStatus, "$.status", $"must be \"{Scenario.ExerciseStatus}\": a scenario is never actual");
        Require(s.Name.Length > 0, "$.name", "is empty; name it");
        Require(s.Site.Length > 0 && !Path.IsPathRooted(s.Site), "$.site", "must be a path relative to the scenario's file");
        Within(s.DurationS, 0.1, ScenarioLimits.DurationS, "$.durationS", "seconds");
        CheckWeather(s.Weather);
        Each(s.Salvos, "$.salvos", CheckSalvo);
        Within(s.Salvos.Sum(v => (long)v.Count), 0, ScenarioLimits.Rounds, "$.salvos", "rounds in all");
        Require(s.Radars.Count > 0, "$.radars", "is empty; name at least one of the site's sensors");
        Each(s.Radars, "$.radars", (r, at) => CheckRadar(r, at, s.DurationS));
        Each(s.Birds, "$.birds", CheckFlock);
        Within(s.Birds.Sum(b => (long)b.Count), 0, ScenarioLimits.Birds, "$.birds", "birds in all");
        Within(s.Aircraft.Count, 0, ScenarioLimits.Aircraft, "$.aircraft", "aircraft");
        Each(s.Aircraft, "$.aircraft", CheckAircraft);
        Each(s.Gunfire, "$.gunfire", CheckGunfire);
        Within(s.Gunfire.Sum(g => (long)g.Bursts * g.ShotsPerBurst), 0, ScenarioLimits.Shots, "$.gunfire", "shots in all");
        CheckPeople(s.People);

        if (s.Defence is { } defence) CheckDefence(defence, s);

        if (s.Operator is { } confirming) Within(confirming.ConfirmDelayS, 0, 3600, "$.operator.confirmDelayS", "seconds");
        Each(s.Claims, "$.claims", (c, at) =>
        {
            Require(c.About is null == c.Value is null, at, "needs both about and value, or neither");
            Require(c.Value is not null || (c.UpTo is null && !c.AtLeast), at, "has upTo or atLeast without a value; add about and value");
            Require(c.UpTo is not { } end || (end >= c.Value && !c.AtLeast), at + ".upTo", "must not be below value, nor stand beside atLeast");
        });
        var grounds = new HashSet<string>(StringComparer.Ordinal);
        Within(s.Grounds.Count, 0, ScenarioLimits.Grounds, "$.grounds", "pieces of ground");
        Each(s.Grounds, "$.grounds", (g, at) =>
        {
            Require(g.Id.Length is > 0 and <= 40 && g.Id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_'), at + ".id", "must be in small letters, such as compound: it ends a column's name");
            Require(!g.Id.StartsWith("zone", StringComparison.Ordinal) && grounds.Add(g.Id), at + ".id", "begins with 'zone' or stands twice; take another");
            Require(g.Polygon.Count >= 3, at + ".polygon", "needs three corners or more");
        });
        if (s.Campaign is { } campaign && CampaignChecks.FirstFault(campaign) is { } fault) Require(false, fault.Path, fault.Mend);

        // Random streams are keyed by these ids, and truth files name objects by them.
        var ids = new HashSet<string>(StringComparer.Ordinal);
        Each(s.Salvos, "$.salvos", (v, at) => Unique(ids, v.Id, at));
        Each(s.Birds, "$.birds", (b, at) => Unique(ids, b.Id, at));
        Each(s.Aircraft, "$.aircraft", (a, at) => Unique(ids, a.Id, at));
        Each(s.Gunfire, "$.gunfire", (g, at) => Unique(ids, g.Id, at));
        var sensors = new HashSet<string>(StringComparer.Ordinal);
        Each(s.Radars, "$.radars", (r, at) => Require(sensors.Add(r.Sensor), at + ".sensor", $"'{r.Sensor}' stands twice; give each sensor one entry"));
    }

    private void CheckWeather(Weather weather)
    {
        for (int i = 0; i < weather.Wind.Count; i++)
        {
            WindAtHeight wind = weather.Wind[i];
            Within(wind.SpeedMps, 0, 150, $"$.weather.wind[{i}].speedMps", "m/s");
            Within(wind.FromDeg, 0, 360, $"$.weather.wind[{i}].fromDeg", "degrees");
            Require(i == 0 || wind.HeightM > weather.Wind[i - 1].HeightM, $"$.weather.wind[{i}].heightM", "does not rise; list the lowest height first");
        }
        if (weather.Unmodelled is not { } unmodelled) return;
        Within(unmodelled.SigmaMps, 0, 30, "$.weather.unmodelled.sigmaMps", "m/s");
        Within(unmodelled.CorrelationHeightM, 200, 50_000, "$.weather.unmodelled.correlationHeightM", "metres");
    }

    private void CheckSalvo(Salvo salvo, string at)
    {
        Id(salvo.Id, at);
        Within(salvo.Count, 0, ScenarioLimits.Rounds, at + ".count", "rounds");
        Within(salvo.FailToLaunch, 0, salvo.Count, at + ".failToLaunch", "of the salvo's count");
        Within(salvo.LaunchTimes.StartS, 0, ScenarioLimits.DurationS, at + ".launchTimes.startS", "seconds");
        Require(salvo.LaunchTimes.IntervalS is null != salvo.LaunchTimes.WindowS is null, at + ".launchTimes", "needs either intervalS or windowS");
        if (salvo.LaunchTimes.IntervalS is { } interval) Within(interval, 0, 3600, at + ".launchTimes.intervalS", "seconds");
        if (salvo.LaunchTimes.WindowS is { } window) Within(window, 0, ScenarioLimits.DurationS, at + ".launchTimes.windowS", "seconds");
        CheckArea(salvo.LaunchArea, at + ".launchArea");
        Require(salvo.Aim is null != salvo.AzimuthDeg is null, at, "needs either aim or azimuthDeg");
        if (salvo.Aim is { } aim)
        {
            Within(aim.SigmaAlongM, 0, 20_000, at + ".aim.sigmaAlongM", "metres");
            Within(aim.SigmaAcrossM, 0, 20_000, at + ".aim.sigmaAcrossM", "metres");
        }
        if (salvo.AzimuthDeg is { } azimuth) Within(azimuth, -360, 360, at + ".azimuthDeg", "degrees");
        Within(salvo.ElevationDeg, 1, 89, at + ".elevationDeg", "degrees");
        Within(salvo.SpeedMps, salvo.Boost is null ? 20 : 1, 1500, at + ".speedMps", "m/s");
        if (salvo.Boost is { } boost)
        {
            Within(boost.DurationS, 0.01, 30, at + ".boost.durationS", "seconds");
            Within(boost.AccelerationMps2, 1, 5000, at + ".boost.accelerationMps2", "m/s2");
        }
        Within(salvo.BallisticCoefficientKgPerM2, 50, 50_000, at + ".ballisticCoefficientKgPerM2", "kg/m2");
        CrossSection(salvo.CrossSectionDb, at);
    }

    private void CheckArea(GroundArea area, string at)
    {
        bool circle = area.Centre is not null && area.RadiusM is not null;
        Require(circle != area.Polygon is not null && (circle || (area.Centre is null && area.RadiusM is null)), at, "needs either polygon, or centre and radiusM");
        if (area.RadiusM is { } radius) Within(radius, 0, 20_000, at + ".radiusM", "metres");
        if (area.HeightM is { } height) Within(height, -500, 9000, at + ".heightM", "metres");
        if (area.Polygon is { } polygon) Require(polygon.Count >= 3, at + ".polygon", "needs three corners or more");
    }

    private void CheckRadar(RadarSettings radar, string at, double durationS)
    {
        if (radar.ScanPeriodS is { } period)
        {
            Within(period, 0.01, 60, at + ".scanPeriodS", "seconds");
            Within(durationS / period, 0, ScenarioLimits.Scans, at + ".scanPeriodS", "scans in the scenario's duration");
        }
        Within(radar.FirstScanS, 0, ScenarioLimits.DurationS, at + ".firstScanS", "seconds");
        Each(radar.Sectors, at + ".sectors", CheckSector);
        if (radar.MinElevationDeg is { } lowest) Within(lowest, -10, 89, at + ".minElevationDeg", "degrees");
        Within(radar.MaxElevationDeg, (radar.MinElevationDeg ?? 0) + 0.1, 90, at + ".maxElevationDeg", "degrees");
        Within(radar.MinRangeM, 0, 20_000, at + ".minRangeM", "metres");
        if (radar.MaxRangeM is { } farthest) Within(farthest, radar.MinRangeM + 1, 500_000, at + ".maxRangeM", "metres");
        if (radar.Noise is { } noise)
        {
            if (noise.RangeSigmaM is { } r) Within(r, 0, 1000, at + ".noise.rangeSigmaM", "metres");
            if (noise.AzimuthSigmaDeg is { } a) Within(a, 0, 10, at + ".noise.azimuthSigmaDeg", "degrees");
            if (noise.ElevationSigmaDeg is { } e) Within(e, 0, 10, at + ".noise.elevationSigmaDeg", "degrees");
            if (noise.RangeRateSigmaMps is { } d) Within(d, 0, 100, at + ".noise.rangeRateSigmaMps", "m/s");
        }
        if (radar.Bias is { } bias)
        {
            Within(bias.RangeM, -1000, 1000, at + ".bias.rangeM", "metres");
            Within(bias.AzimuthDeg, -10, 10, at + ".bias.azimuthDeg", "degrees");
            Within(bias.ElevationDeg, -10, 10, at + ".bias.elevationDeg", "degrees");
        }
        if (radar.Detection is { } detection)
        {
            if (detection.ReferenceRangeM is { } reference) Within(reference, 100, 500_000, at + ".detection.referenceRangeM", "metres");
            Within(detection.FalseAlarmProbability, 1e-15, 0.01, at + ".detection.falseAlarmProbability", "(a probability)");
            // With a range law, a probability at or below that of a false alarm, or of 1, belongs to no signal at all.
            bool law = detection.ReferenceRangeM is not null;
            if (detection.Probability is { } p)
                Within(p, law ? 2 * detection.FalseAlarmProbability : 0, law ? 0.999 : 1, at + ".detection.probability", "(a probability)");
        }
        if (radar.Quantisation is { } steps)
        {
            Within(steps.RangeM, 0, 1000, at + ".quantisation.rangeM", "metres");
            Within(steps.AzimuthDeg, 0, 10, at + ".quantisation.azimuthDeg", "degrees");
            Within(steps.ElevationDeg, 0, 10, at + ".quantisation.elevationDeg", "degrees");
        }
        if (radar.Clutter is { } clutter)
        {
            Within(clutter.MeanPerScan, 0, ScenarioLimits.ClutterPerScan, at + ".clutter.meanPerScan", "plots");
            Within(clutter.NearGroundScaleDeg, 0.1, 45, at + ".clutter.nearGroundScaleDeg", "degrees");
        }
        if (radar.Delivery is { } delivery)
        {
            Within(delivery.LatencyS, 0, 60, at + ".delivery.latencyS", "seconds");
            Within(delivery.LateByS, 0, 600, at + ".delivery.lateByS", "seconds");
            Within(delivery.LateProbability, 0, 1, at + ".delivery.lateProbability", "(a probability)");
            Within(delivery.DuplicateProbability, 0, 1, at + ".delivery.duplicateProbability", "(a probability)");
        }
    }

    private void CheckSector(Sector sector, string at)
    {
        Within(sector.FromDeg, 0, 360, at + ".fromDeg", "degrees");
        Within(sector.ToDeg, 0, 360, at + ".toDeg", "degrees");
    }

    private void CheckFlock(Flock flock, string at)
    {
        Id(flock.Id, at);
        Within(flock.Count, 0, ScenarioLimits.Birds, at + ".count", "birds");
        Within(flock.RadiusM, 1, 20_000, at + ".radiusM", "metres");
        Within(flock.HeightAboveGroundM, 0, 6000, at + ".heightAboveGroundM", "metres");
        Within(flock.SpeedMps, 1, 40, at + ".speedMps", "m/s");
        Within(flock.TurnSigmaDegPerS, 0, 180, at + ".turnSigmaDegPerS", "degrees");
        CrossSection(flock.CrossSectionDb, at);
    }

    private void CheckAircraft(AircraftRoute aircraft, string at)
    {
        Id(aircraft.Id, at);
        Within(aircraft.StartS, -ScenarioLimits.DurationS, ScenarioLimits.DurationS, at + ".startS", "seconds");
        Require(aircraft.Route.Count >= 2, at + ".route", "needs two way points or more");
        for (int i = 1; i < aircraft.Route.Count; i++)
            Require(aircraft.Route[i].Ground != aircraft.Route[i - 1].Ground, $"{at}.route[{i}]", "lies where the last one did; move or remove it");
        Within(aircraft.SpeedMps, 1, 1000, at + ".speedMps", "m/s");
        Within(aircraft.TurnRateDegPerS, 0.1, 90, at + ".turnRateDegPerS", "degrees a second");
        CrossSection(aircraft.CrossSectionDb, at);
    }

    private void CheckGunfire(Gunfire gun, string at)
    {
        Id(gun.Id, at);
        Within(gun.StartS, 0, ScenarioLimits.DurationS, at + ".startS", "seconds");
        Within(gun.Bursts, 0, ScenarioLimits.Shots, at + ".bursts", "bursts");
        Within(gun.ShotsPerBurst, 0, ScenarioLimits.Shots, at + ".shotsPerBurst", "shots");
        Within(gun.ShotsPerS, 0.1, 200, at + ".shotsPerS", "shots a second");
        Within(gun.PauseS, 0, 3600, at + ".pauseS", "seconds");
        Within(gun.AzimuthDeg, -360, 360, at + ".azimuthDeg", "degrees");
        Within(gun.ElevationDeg, 0, 89, at + ".elevationDeg", "degrees");
        Within(gun.SpreadSigmaDeg, 0, 10, at + ".spreadSigmaDeg", "degrees");
        Within(gun.SpeedMps, 100, 1500, at + ".speedMps", "m/s");
        Within(gun.BallisticCoefficientKgPerM2, 50, 50_000, at + ".ballisticCoefficientKgPerM2", "kg/m2");
        Within(gun.LifeS, 0.1, 120, at + ".lifeS", "seconds");
        CrossSection(gun.CrossSectionDb, at);
    }

    private void CrossSection(double db, string at) => Within(db, -60, 60, at + ".crossSectionDb", "dB");

    private void Id(string id, string at) => Require(id.Length is > 0 and <= 40, at + ".id", "must have 1 to 40 letters");

    private void Unique(HashSet<string> ids, string id, string at) => Require(ids.Add(id), at + ".id", $"'{id}' stands twice; give each its own");

    private void Within(Interval value, double least, double most, string at, string unit)
    {
        Within(value.Min, least, most, at, unit);
        Within(value.Max, least, most, at, unit);
    }

    private void Within(double value, double least, double most, string at, string unit) =>
        Require(value >= least && value <= most, at, $"is {value}; it must be {least} to {most} {unit}");

    private void Require(bool holds, string at, string mend)
    {
        if (!holds) _first ??= (at, mend);
    }

    private static void Each<T>(IReadOnlyList<T> list, string at, Action<T, string> check)
    {
        for (int i = 0; i < list.Count; i++) check(list[i], $"{at}[{i}]");
    }
}
