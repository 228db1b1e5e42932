using Tocsin.Geodesy;
using Tocsin.Simulation.Lint;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Radar;

namespace Tocsin.Simulation.Tests.Lint;

public sealed class RadarRulesTests
{
    [Fact]
    public void ASensorThatNobodyUsesAndARadarThatIsNoneAreTold()
    {
        LintSample.Warns(LintSample.Check(site: LintSample.Site("R1", "R2")), "radar", "sensor R2", "sensor R2 is no radar of the scenario");
        LintSample.Finds(LintSample.Check(LintSample.Scenario(new() { Sensor = "R1" }, new() { Sensor = "R9" })), LintSeverity.Error, "radar", "$.radars[1].sensor", "'R9' is not a sensor", "it has: R1");
    }

    [Fact]
    public void WhatARunWouldRefuseIsAnErrorFirst()
    {
        Scenario scenario = LintSample.Scenario(new RadarSettings { Sensor = "R1", MaxRangeM = 50, MinRangeM = 100 }) with { Weather = new() };
        LintReport report = LintSample.Check(scenario);
        Assert.Equal((LintSeverity.Error, "$.radars[0].minRangeM"), (report.Findings[0].Severity, report.Findings[0].Place));
        Assert.True(report.Findings.Count > 1);
        Assert.False(SimulationRun.Prepare(scenario, LintSample.Site()).Succeeded(out _, out _));
        Assert.True(SimulationRun.Prepare(LintSample.Scenario(), LintSample.Site()).Succeeded(out _, out _));
    }

    public static TheoryData<string, string, RadarSettings, bool> Beliefs => new()
    {
        // The site: 12 m, 3 mrad (0.172 degrees), 4 mrad (0.229 degrees), 2 m/s, 0.5 s.
        { "$.radars[0].noise", "errs by 20 m in range, but the site says 12", new() { Sensor = "R1", Noise = new() { RangeSigmaM = 20 } }, true },
        { "", "", new() { Sensor = "R1", Noise = new() { RangeSigmaM = 17 } }, false },
        { "$.radars[0].noise", "errs by 0.3 degrees in azimuth", new() { Sensor = "R1", Noise = new() { AzimuthSigmaDeg = 0.3 } }, true },
        { "$.radars[0].noise", "in elevation", new() { Sensor = "R1", Noise = new() { ElevationSigmaDeg = 0.4 } }, true },
        { "$.radars[0].noise", "in range rate", new() { Sensor = "R1", Noise = new() { RangeRateSigmaMps = 4 } }, true },
        // 60 m / sqrt(12) = 17.3 m; with 12 m of noise 21.1 m.
        { "$.radars[0].quantisation.rangeM", "errs by 21.071 m in range", new() { Sensor = "R1", Quantisation = new() { RangeM = 60 } }, true },
        { "", "", new() { Sensor = "R1", Quantisation = new() { RangeM = 30 } }, false },
        { "$.radars[0].bias.azimuthDeg", "off by -0.2 degrees in azimuth", new() { Sensor = "R1", Bias = new() { AzimuthDeg = -0.2 } }, true },
        { "", "", new() { Sensor = "R1", Bias = new() { AzimuthDeg = 0.1 } }, false },
        { "$.radars[0].scanPeriodS", "looks every 1 s, but the site says every 0.5 s", new() { Sensor = "R1", ScanPeriodS = 1 }, true },
        { "", "", new() { Sensor = "R1", ScanPeriodS = 0.52 }, false },
    };

    [Theory]
    [MemberData(nameof(Beliefs))]
    public void WhatTheTrackerBelievesWronglyIsTold(string place, string words, RadarSettings radar, bool told)
    {
        LintReport report = LintSample.Check(LintSample.Scenario(radar));
        if (told) LintSample.Warns(report, "belief", place, words);
        else LintSample.FindsNothing(report);
    }

    [Fact]
    public void ARangeRateThatTheSiteDoesNotKnowIsTold()
    {
        SiteDefinition site = LintSample.Site();
        site = site with { Sensors = [site.Sensors[0] with { RangeRateSigmaMps = double.NaN }] };
        LintSample.FindsNothing(LintSample.Check(site: site));
        LintSample.Warns(LintSample.Check(LintSample.Scenario(new RadarSettings { Sensor = "R1", Noise = new() { RangeRateSigmaMps = 2 } }), site), "belief", "$.radars[0].noise.rangeRateSigmaMps", "makes no use");
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(400, true)]
    public void HeavyClutterIsToldWhereTheTrackerSuffersFromIt(double meanPerScan, bool heavy)
    {
        var radar = new RadarSettings { Sensor = "R1", Detection = new() { Probability = 0.99 }, Clutter = new() { MeanPerScan = meanPerScan, Spread = ClutterSpread.NearGround } };
        LintReport report = LintSample.Check(LintSample.Scenario(radar));
        if (heavy) LintSample.Warns(report, "clutter", "$.radars[0].clutter.meanPerScan", "400 plots of nothing", "instead of 3");
        else LintSample.FindsNothing(report);

        // The tracker itself is the judge: the same round in the same clutter, from its first plot to its track's confirmation.
        SimulationRun run = Bench.Run(LintSample.Scenario(radar) with { Salvos = [Bench.Salvo(1)], DurationS = 30 }, LintSample.Site());
        var heard = new Confirmations();
        run.Play(heard);
        Instant first = run.Plots.First(p => p.Source is not null).Plot.Time;
        Instant confirmed = heard.Tracks.First(t => IsOfTheRound(run, t)).ValidTime;
        Assert.InRange(confirmed.SecondsSince(first), heavy ? 1.4 : 0.9, heavy ? 20 : 1.1);
    }

    private static bool IsOfTheRound(SimulationRun run, Track track)
    {
        TruthState near = run.Truth.States.MinBy(s => Math.Abs(s.Time.SecondsSince(track.ValidTime)));
        Enu off = new LocalFrame(near.Position).ToEnu(track.Position);
        return Math.Sqrt(off.East * off.East + off.North * off.North + off.Up * off.Up) < 300;
    }

    private sealed class Confirmations : ISiteOutput
    {
        public List<Track> Tracks { get; } = [];

        public void TrackConfirmed(Instant now, in Track track) => Tracks.Add(track);

        public void PlotReceived(Instant now, in Plot plot) { }

        public void TrackUpdated(Instant now, in Track track) { }

        public void TrackEnded(Instant now, TrackId track, TrackEnd reason) { }

        public void ImpactPredicted(Instant now, in ImpactPrediction prediction) { }

        public void WarningRaised(Instant now, in Warning warning) { }

        public void WarningUpdated(Instant now, in Warning warning) { }

        public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason) { }

        public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) { }

        public void InputRejected(Instant now, in Rejection rejection) { }
    }
}
