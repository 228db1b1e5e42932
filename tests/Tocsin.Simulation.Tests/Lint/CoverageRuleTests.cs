using CsCheck;
using Tocsin.Geodesy;
using Tocsin.Simulation.Lint;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Radar;

namespace Tocsin.Simulation.Tests.Lint;

public sealed class CoverageRuleTests
{
    private const double EarthRadiusM = 6_371_009;

    [Fact]
    public void WhatIsWellSeenIsNoFinding()
    {
        LintReport report = LintSample.Check();
        LintSample.FindsNothing(report);
        Assert.Equal(["Z1", "Z2"], report.Coverage.Select(c => c.Zone));
        // The radar stands on the corner that both zones share with its nearest range of 100 m: blind no higher than that range.
        Assert.All(report.Coverage, c => Assert.InRange(c.BlindBelowM, 50, 110));
    }

    /// <summary>On a sphere, a ray at elevation e from radius r0 has the radius r0 cos e / cos(e + d/R) over a place d away.</summary>
    [Fact]
    public void TheLowestVisibleHeightIsWhereTheLowestRayPasses() =>
        Gen.Select(Gen.Double[500, 15_000], Gen.Double[0, Math.Tau], Gen.Double[0.5, 25], Gen.Double[0, 80]).Sample((distanceM, azimuth, elevationDeg, mastM) =>
        {
            Geodetic at = new LonLat(8, 46).At(Bench.GroundM + mastM);
            var coverage = new RadarCoverage(Bench.Site("R1").Sensors[0] with { Position = at, MaxRangeM = 60_000 },
                new() { Sensor = "R1", MinElevationDeg = elevationDeg }, Bench.GroundM);
            Geodetic place = new LocalFrame(at).ToGeodetic(new(distanceM * Math.Sin(azimuth), distanceM * Math.Cos(azimuth), 0)) with { HeightM = Bench.GroundM };
            double lowest = coverage.LowestVisibleM(place), e = elevationDeg * Math.PI / 180;
            double ray = (EarthRadiusM + mastM) * Math.Cos(e) / Math.Cos(e + distanceM / EarthRadiusM) - EarthRadiusM;
            // The ellipsoid's radius of curvature differs from the sphere's by half a percent, and so does the fall of 0.08 m at 1 km, 18 m at 15 km.
            double tolerance = 0.2 + 0.01 * distanceM * distanceM / (2 * EarthRadiusM) + 1e-3 * ray;
            Assert.InRange(lowest - Bench.GroundM, ray - tolerance, ray + tolerance);
            Assert.True(Sees(coverage, place, lowest + 0.2));
            Assert.False(Sees(coverage, place, lowest - 0.3));
        });

    [Theory]
    [InlineData(30_000, 0)]
    [InlineData(3_000, 180)]
    public void OutOfRangeOrSectorNothingIsSeen(double northM, double towardsDeg)
    {
        var sector = new Sector { FromDeg = (towardsDeg + 330) % 360, ToDeg = (towardsDeg + 30) % 360 };
        var coverage = new RadarCoverage(Bench.Site("R1").Sensors[0], new() { Sensor = "R1", Sectors = [sector] }, Bench.GroundM);
        Assert.Equal(double.PositiveInfinity, coverage.LowestVisibleM(LintSample.At(0, northM)));
        Assert.True(double.IsFinite(coverage.LowestVisibleM(LintSample.At(0, towardsDeg == 0 ? 3_000 : -3_000))));
    }

    [Fact]
    public void ABlindRadarIsNamedWithTheHeightAndTheZone()
    {
        // From 3 km away and 12 degrees up nothing below some 680 m is seen over the zones; rounds are lower 5 s before they fall, and higher 10 s before.
        SiteDefinition site = LintSample.Site();
        site = site with { Sensors = [site.Sensors[0] with { Position = LintSample.At(-3_000, 0), MinElevationRad = 12 * Math.PI / 180 }] };
        LintReport report = LintSample.Check(site: site);
        double expected = 3_200 * Math.Tan(12 * Math.PI / 180);
        Assert.InRange(report.Coverage[1].BlindBelowM, expected, expected + 5);
        LintSample.Warns(report, "coverage", "$.radars", "radar R1 cannot see below 68", "zone Z2 (and 1 more: Z1)", "rounds of salvo A are at", "m 5 s before", "minElevationDeg");
        Assert.DoesNotContain("10 s", report.Findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAnotherRadarSeesIsNoBlindSky()
    {
        SiteDefinition site = LintSample.Site("R1", "R2");
        site = site with { Sensors = site.Sensors.SetItem(1, site.Sensors[1] with { Position = LintSample.At(-3_000, 0), MinElevationRad = 20 * Math.PI / 180 }) };
        LintReport report = LintSample.Check(LintSample.Scenario(new() { Sensor = "R1" }, new() { Sensor = "R2" }), site);
        LintSample.Warns(report, "coverage", "$.radars[1]", "radar R2 cannot see below");
        Assert.All(report.Coverage, c => Assert.Equal(c.BlindBelowM, c.ByRadar.Min(r => r.BlindBelowM), 1));
    }

    [Fact]
    public void AZoneThatNoRadarCoversIsTold()
    {
        SiteDefinition site = LintSample.Site();
        site = site with { Sensors = [site.Sensors[0] with { Position = LintSample.At(-15_100, 0), MaxRangeM = 15_000 }] };
        LintReport report = LintSample.Check(site: site);
        Assert.Contains(report.Findings, f => f.Rule == "coverage" && f.Message.Contains("zones Z1, Z2 at any height", StringComparison.Ordinal));
    }

    private static bool Sees(RadarCoverage coverage, Geodetic place, double heightM)
    {
        Ecef at = Wgs84.ToEcef(place with { HeightM = heightM });
        return coverage.Covers(coverage.Measure(at, default).Measurement, heightM);
    }
}
