using CsCheck;
using Tocsin.Simulation.Lint;

namespace Tocsin.Simulation.Tests.Lint;

public sealed class PlaceRulesTests
{
    private static readonly Gen<(double, double, double, double)> s_box =
        Gen.Select(Gen.Double[-500, 500], Gen.Double[-500, 500], Gen.Double[10, 400], Gen.Double[10, 400], (w, s, x, y) => (w, s, w + x, s + y));

    [Fact]
    public void TheCommonAreaOfBoxesIsTheProductOfTheCommonSides() => Gen.Select(s_box, s_box).Sample((a, b) =>
    {
        (double w1, double s1, double e1, double n1) = a;
        (double w2, double s2, double e2, double n2) = b;
        double expected = Math.Max(0, Math.Min(e1, e2) - Math.Max(w1, w2)) * Math.Max(0, Math.Min(n1, n2) - Math.Max(s1, s2));
        ZoneShape first = new(LintSample.Zone("A", w1, s1, e1, n1), 0), second = new(LintSample.Zone("B", w2, s2, e2, n2), 1);
        Assert.Equal(expected, first.CommonM2(second), 1e-6 * (1 + expected));
        Assert.Equal(first.CommonM2(second), second.CommonM2(first), 1e-6 * (1 + expected));
        Assert.Equal((e1 - w1) * (n1 - s1), first.AreaM2, 1e-6 * (1 + first.AreaM2));
    });

    [Fact]
    public void AHoleIsNoCommonGround()
    {
        var ring = new ZoneShape(LintSample.Zone("A", 0, 0, 300, 300) with
        {
            Area = new([[(0, 0), (300, 0), (300, 300), (0, 300)], [(100, 100), (200, 100), (200, 200), (100, 200)]]),
        }, 0);
        Assert.Equal(0, ring.CommonM2(new(LintSample.Zone("B", 110, 110, 190, 190), 1)));
        Assert.All(ring.Inside, p => Assert.True(ring.Zone.Area.Contains(p.East, p.North)));
    }

    [Theory]
    [InlineData(-5, null, false)]
    [InlineData(1, null, false)]
    [InlineData(50, null, true)]
    [InlineData(50, "Z1", false)]
    [InlineData(199, null, true)]
    public void ZonesThatOverlapAreToldUnlessOneIsTheOthersParent(double overlapM, string? parent, bool told)
    {
        SiteDefinition site = LintSample.Site();
        site = site with { Zones = [LintSample.Zone("Z1", -200, -100, 0, 100), LintSample.Zone("Z2", -overlapM, -100, 200 - overlapM, 100, parent)] };
        LintReport report = LintSample.Check(site: site);
        if (told) LintSample.Warns(report, "zone", "zone Z2", "zones Z1 and Z2", $"{overlapM * 200:0} m2 in common", overlapM > 198 ? "parent of the other" : "redraw one");
        else LintSample.FindsNothing(report);
    }

    [Fact]
    public void AGrandparentIsAParentToo()
    {
        SiteDefinition site = LintSample.Site();
        site = site with
        {
            Zones = [LintSample.Zone("Z1", -200, -100, 200, 100) with { Population = 200 }, LintSample.Zone("Z2", -200, -100, 100, 100, "Z1"), LintSample.Zone("Z3", -200, -100, 0, 100, "Z2")],
            Sirens = [new("S", LintSample.At(0, 0), ["Z1", "Z2", "Z3"], 300)],
            Shelters = [new("B", LintSample.At(-50, 0), 300)],
        };
        LintSample.FindsNothing(LintSample.Check(site: site));
    }

    [Fact]
    public void APopulationOfNobodyIsTold() =>
        LintSample.Warns(LintSample.Check(site: LintSample.WithZone(LintSample.Site(), 0, z => z with { Population = 0 })), "zone", "zone Z1.population", "zone Z1 has a population of 0");

    [Fact]
    public void ASiteWithoutZonesIsTold() =>
        LintSample.Warns(LintSample.Check(site: LintSample.Site() with { Zones = [], Sirens = [], Shelters = [] }), "zone", "$.features", "no zone");

    [Fact]
    public void SirensThatAreMissingOrTooFarAreTold()
    {
        SiteDefinition site = LintSample.Site();
        LintSample.Warns(LintSample.Check(site: site with { Sirens = [] }), "siren", "$.features", "no siren");
        LintSample.Warns(LintSample.Check(site: site with { Sirens = [site.Sirens[0]] }), "siren", "zone Z2", "zone Z2 is served by no siren", "name it");
        // From 1 km east the zone begins 800 m away.
        LintSample.Warns(LintSample.Check(site: site with { Sirens = [site.Sirens[0], new("S2", LintSample.At(1_000, 0), ["Z2"], 700)] }),
            "siren", "siren S2.zones", "heard to 700 m", "serves zone Z2 from 800 m");
        LintSample.FindsNothing(LintSample.Check(site: site with { Sirens = [site.Sirens[0], new("S2", LintSample.At(1_000, 0), ["Z2"], 1_100)] }));
    }

    [Theory]
    [InlineData(300, false)]
    [InlineData(110, false)]
    [InlineData(60, true)]
    public void AZoneThatItsSirenReachesInPartIsTold(double audibleRangeM, bool told)
    {
        SiteDefinition site = LintSample.Site();
        LintReport report = LintSample.Check(site: site with { Sirens = [site.Sirens[0] with { AudibleRangeM = audibleRangeM }, site.Sirens[1]] });
        // A circle of 60 m about the middle covers pi 60^2 / 200^2 = 28 % of the square; of its 25 points 9.
        if (told) LintSample.Warns(report, "siren", "zone Z1", "reach 36 % of zone Z1");
        else LintSample.FindsNothing(report);
    }

    [Fact]
    public void SheltersThatAreMissingTooFarOrTooSmallAreTold()
    {
        SiteDefinition site = LintSample.Site();
        LintSample.Warns(LintSample.Check(site: site with { Shelters = [] }), "shelter", "$.features", "no shelter");
        // In 10 s at 1.8 m/s one gets 18 m.
        LintSample.Warns(LintSample.Check(site: site with { Shelters = [site.Shelters[0], new("B2", LintSample.At(219, 0), 100)] }), "shelter", "zone Z2.timeToShelterS", "zone Z2 has no shelter");
        LintSample.FindsNothing(LintSample.Check(site: site with { Shelters = [site.Shelters[0], new("B2", LintSample.At(217, 0), 100)] }));
        LintSample.Warns(LintSample.Check(site: site with { Shelters = [site.Shelters[0], new("B2", LintSample.At(100, 0), 30)] }), "shelter", "zone Z2.population", "hold 30 %");
        // Nobody lives there: nobody needs a shelter.
        Assert.DoesNotContain(LintSample.Check(site: LintSample.WithZone(site with { Shelters = [site.Shelters[0]] }, 1, z => z with { Population = 0 })).Findings, f => f.Rule == "shelter");
    }
}
