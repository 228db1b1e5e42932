using Tocsin.Geodesy;
using Tocsin.Simulation.Engagement;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.Engagement;

/// <summary>A whole defence over the shipped raid.</summary>
public sealed class DefenceTests
{
    private static readonly Scenario s_scenario = Shipped.Read("green-zone-gun");
    private static readonly SiteDefinition s_site = Shipped.ReadSite(ScenarioFile.SitePath(Shipped.PathOf("green-zone-gun"), s_scenario));

    // A gun that can hardly miss, so that what follows a kill is seen.
    private static DefenceSettings Sure(Func<GunSettings, GunSettings>? also = null) => s_scenario.Defence! with
    {
        Guns = [(also ?? (g => g))(s_scenario.Defence.Guns[0] with { Fuze = ShellFuze.Time, Fragments = 2000, NoFireSectors = [] })],
    };

    private static SimulationRun Run(DefenceSettings? defence, int run = 0, SiteDefinition? site = null) =>
        Shipped.Must(SimulationRun.Prepare(s_scenario with { Defence = defence }, site ?? s_site, run: run));

    private static (RaidInMotion Raid, Defence Defence, RunLog Log) Play(DefenceSettings settings, int run = 0, SiteDefinition? site = null)
    {
        SimulationRun drawn = Run(settings, run, site);
        var defence = new Defence(drawn, settings);
        var log = new RunLog { Status = OperationStatus.Exercise };
        return (drawn.Play(drawn.Begin(defence), log), defence, log);
    }

    [Fact]
    public void AGunMovesNoRoundAndNoPlotButThoseOfWhatItNeutralised()
    {
        SimulationRun without = Run(null), with = Run(Sure());
        Assert.Equal(without.Plots, with.Plots);
        (RaidInMotion raid, _, _) = Play(Sure());
        TruthRound[] gone = [.. raid.Truth.Rounds.Where(r => r.Neutralised is not null)];
        Assert.NotEmpty(gone);
        Instant first = gone.Min(r => r.Neutralised!.Time);
        var seen = new List<SimulatedPlot>(raid.Plots);
        Assert.Equal(without.Plots.Where(p => p.Plot.Time < first), seen.Where(p => p.Plot.Time < first));
        Assert.Equal(without.Plots.Where(p => !gone.Any(r => r.Id == p.Source && p.Plot.Time >= r.Neutralised!.Time)), seen);
        foreach ((TruthRound a, TruthRound b) in without.Truth.Rounds.Zip(raid.Truth.Rounds))
        {
            Assert.Equal((a.Id, a.LaunchTime), (b.Id, b.LaunchTime));
            if (b.Neutralised is null) Assert.Equal((a.Impact, a.ImpactTime), (b.Impact, b.ImpactTime));
            else Assert.Equal((a.Impact, a.ImpactTime), (b.Neutralised.AvertedImpact, b.Neutralised.AvertedImpactTime));
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameBytes()
    {
        (RaidInMotion a, Defence first, _) = Play(s_scenario.Defence!);
        (RaidInMotion b, Defence second, _) = Play(s_scenario.Defence!);
        Assert.Equal(first.Orders, second.Orders);
        Assert.NotEmpty(first.Orders);
        Assert.Equal(a.Strikes, b.Strikes);
        Assert.Equal(a.Truth.Rounds, b.Truth.Rounds);
        Assert.Equal(a.Engagement.Measures(), b.Engagement.Measures());
        Assert.Equal(a.Engagement.Footprint, b.Engagement.Footprint);
    }

    /// <summary>The orders follow from what the Site said: a fire control that hears a recording of it, with no raid anywhere, orders the same.</summary>
    [Fact]
    public void OrdersFollowFromTracksAndPredictionsAlone()
    {
        DefenceSettings settings = Sure();
        SimulationRun run = Run(settings);
        var defence = new Recorded(new Defence(run, settings));
        run.Play(run.Begin(defence), new RunLog { Status = OperationStatus.Exercise });
        var deaf = new FireControl(s_site, settings, s_scenario.StartTime);
        var orders = new List<Order>();
        long step = long.MinValue;
        foreach (object line in defence.Lines)
        {
            switch (line)
            {
                case (Instant at, Track track, true): deaf.Confirmed(at, track); break;
                case (Instant, Track track, false): deaf.Updated(track); break;
                case ImpactPrediction prediction: deaf.Predicted(prediction); break;
                case TrackId ended: deaf.Ended(ended); break;
                case Instant now:
                    // The same moments as the defence takes: a grid of its own.
                    long last = (long)Math.Floor(now.SecondsSince(s_scenario.StartTime) / Defence.StepS + 1e-9);
                    if (step == long.MinValue || !deaf.IsWatchful) step = Math.Max(step, last);
                    else while (step < last) orders.AddRange(deaf.Decide(++step * Defence.StepS));
                    break;
            }
        }
        Assert.NotEmpty(orders);
        Assert.Equal(defence.Inner.Orders, orders);
    }

    [Fact]
    public void NothingIsFiredIntoANoFireSector()
    {
        (_, Defence free, _) = Play(Sure());
        Assert.NotEmpty(free.Orders);
        double[] azimuths = [.. free.Orders.Select(o => AzimuthDeg(o.Burst!.Value.Middle.Bore))];
        double from = azimuths.Min() + 5, to = azimuths.Min() + 45;
        (RaidInMotion raid, Defence bound, _) = Play(Sure(g => g with { NoFireSectors = [new() { FromDeg = from, ToDeg = to }] }));
        foreach (Order order in bound.Orders)
            for (double s = 0; s <= 1; s += 0.5) Assert.False(AzimuthDeg(order.Burst!.Value.At(s).Bore) is var a && a >= from && a <= to, $"{order}");
        (RaidInMotion silent, Defence none, _) = Play(Sure(g => g with { NoFireSectors = [new() { FromDeg = 0, ToDeg = 360 }] }));
        Assert.Empty(none.Orders);
        Assert.Equal(0, silent.Engagement.Shells);
        Assert.True(silent.Engagement.HeldForSector > 0);
        Assert.Equal(silent.Truth.Rounds.Count(r => r.Impact is not null), silent.Strikes.Count);
        Assert.True(raid.Engagement.EngagedTracks > 0);
    }

    [Fact]
    public void NothingIsFiredThroughAMaskOrBelowTheLowestElevation()
    {
        (RaidInMotion masked, Defence none, _) = Play(Sure(g => g with { Masks = [new() { AzimuthDeg = 0, ElevationDeg = 89 }] }));
        Assert.Empty(none.Orders);
        Assert.True(masked.Engagement.HeldForSight > 0);
        (_, Defence high, _) = Play(Sure(g => g with { MinElevationDeg = 35 }));
        Assert.All(high.Orders, o => Assert.InRange(ElevationDeg(o.Burst!.Value.Middle.Bore), 35, 90));
    }

    [Fact]
    public void MasksAreLinearBetweenTheirAzimuths()
    {
        var line = new LineOfFire(5, [], [new() { AzimuthDeg = 90, ElevationDeg = 10 }, new() { AzimuthDeg = 180, ElevationDeg = 30 }]);
        Assert.Equal(20, line.MaskDeg(135), 1e-9);
        Assert.Equal(30 - 20 * (90.0 / 270), line.MaskDeg(270), 1e-9);
        Assert.Equal(10 + 20 * (10.0 / 270), line.MaskDeg(80), 1e-9);
    }

    /// <summary>More harm expected below than averted: it does not fire, and says why.</summary>
    [Fact]
    public void PeopleBelowAreAReasonNotToFire()
    {
        // A town all about the compound, under the gun's fire.
        var town = new ZoneDefinition { Id = "town", Name = "town", Population = 4_000_000, Area = new GroundPolygon([[(-15_000, -15_000), (15_000, -15_000), (15_000, 15_000), (-15_000, 15_000)]]) };
        SiteDefinition city = s_site with { Zones = [.. s_site.Zones, town] };
        DefenceSettings blind = Sure(g => g with { BlindProbability = 1 });
        (RaidInMotion fires, Defence careless, _) = Play(blind with { HarmRatio = 0 }, site: city);
        Assert.NotEmpty(careless.Orders);
        Assert.All(careless.Orders, o => Assert.True(o.CausedHarm > 0));
        Assert.Equal(0, fires.Engagement.HeldForPeople);
        (RaidInMotion raid, Defence defence, _) = Play(blind with { HarmRatio = 1000 }, site: city);
        Assert.Empty(defence.Orders);
        Assert.True(raid.Engagement.HeldForPeople > 0);
        Assert.Equal(raid.Engagement.ThreateningTracks, raid.Engagement.HeldForPeople + raid.Engagement.HeldForSight + raid.Engagement.HeldForSector
            + raid.Engagement.OutOfReach + raid.Engagement.OutOfStock + raid.Engagement.HeldForAircraft + raid.Engagement.NeverConsidered + raid.Engagement.EngagedTracks);
    }

    [Fact]
    public void AnAircraftNearTheLineOfFireHoldsIt()
    {
        (RaidInMotion raid, Defence defence, RunLog log) = Play(Sure() with { AircraftMarginDeg = 180 });
        (_, Defence close, _) = Play(Sure() with { AircraftMarginDeg = 0 });
        Assert.Contains(log.Tracks, t => t.LastKind == Kind.Aircraft);
        Assert.True(defence.Orders.Count < close.Orders.Count);
        Assert.True(raid.Engagement.HeldForAircraft > 0);
    }

    /// <summary>Shells, bursts, reloads: no more than there are, no faster than they leave.</summary>
    [Theory]
    [InlineData(250, 1, 250)]
    [InlineData(90, 2, 180)]
    public void MagazinesAndRatesAddUp(int magazine, int magazines, int most)
    {
        (RaidInMotion raid, Defence defence, _) = Play(Sure(g => g with { MagazineRounds = magazine, Magazines = magazines, BurstRounds = Math.Min(100, magazine), ReloadS = 3, Fragments = 1 }));
        Assert.Equal(defence.Orders.Sum(o => o.Shells), raid.Engagement.Shells);
        Assert.InRange(raid.Engagement.Shells, 1, most);
        for (int i = 1; i < defence.Orders.Count; i++)
        {
            Order before = defence.Orders[i - 1], now = defence.Orders[i];
            double free = before.Burst!.Value.First.ShotS + before.Shells / 75.0 + (before.Shells == magazine ? 3 : 0);
            Assert.True(now.OrderS >= free - 1e-9, $"{now.OrderS} {free}");
            Assert.Equal((now.Shells - 1) / 75.0, now.Burst!.Value.Last.ShotS - now.Burst.Value.First.ShotS, 1e-9);
        }
    }

    /// <summary>All that was fired comes down, once, in expectation; the raid's own impacts are listed beside it.</summary>
    [Fact]
    public void WhatGoesUpComesDown()
    {
        (RaidInMotion raid, Defence defence, _) = Play(Sure());
        EngagementSummary e = raid.Engagement;
        GunSettings gun = Sure().Guns[0];
        double Weight(StrikeKind kind) => raid.Strikes.Where(s => s.Kind == kind).Sum(s => s.Weight);
        Assert.Equal(e.Shells * gun.BlindProbability, Weight(StrikeKind.SpentRound), 1e-6 * e.Shells);
        Assert.Equal(e.Shells * (1 - gun.BlindProbability) * gun.Fragments, Weight(StrikeKind.Fragment), 1e-3 * e.Shells);
        Assert.Equal(e.Neutralised * Fallout.PiecesOfARound, (int)Weight(StrikeKind.Debris));
        Assert.Equal(raid.Truth.Rounds.Count(r => r.Impact is not null), raid.Strikes.Count(s => s.Kind == StrikeKind.Round));
        Assert.Equal(raid.Strikes.OrderBy(s => s.Time), raid.Strikes);
        foreach (GroundStrike strike in raid.Strikes)
        {
            Enu at = s_site.Frame.ToEnu(strike.Place);
            Assert.InRange(Math.Sqrt(at.East * at.East + at.North * at.North), 0, 9000);
            Assert.InRange(strike.EnergyJ, 0, 5e5);
        }
        Assert.Equal(defence.Orders.Count, e.Bursts);
        Assert.Equal(Weight(StrikeKind.SpentRound), e.Footprint.Sum(f => f.SpentRounds), 1e-6);
        Assert.Equal(Weight(StrikeKind.Debris), e.Footprint.Sum(f => f.DebrisPieces), 1e-6);
    }

    /// <summary>Fired, threatening, engaged, neutralised and unknown: each within the one before, in every run.</summary>
    [Fact]
    public void TheDenominatorsNest()
    {
        bool any = false;
        for (int run = 0; run < 4; run++)
        {
            (RaidInMotion raid, _, RunLog log) = Play(s_scenario.Defence!, run);
            ScoreSummary score = Score.Compute(s_site, log, raid.Truth, raid.Engagement);
            RoundCounts r = score.Rounds;
            EngagementSummary e = raid.Engagement;
            Assert.True(r.Neutralised <= r.Engaged && r.Engaged <= r.Flew && r.Flew <= r.Fired && r.Threatening <= r.Flew);
            Assert.Equal((e.Engaged, e.Neutralised, e.Unknown), (r.Engaged, r.Neutralised, r.Unknown));
            Assert.Equal(e.Engaged, e.BelievedNeutralised + e.BelievedSurvived + e.Unknown);
            Assert.Equal(r.Neutralised, score.RoundList.Count(x => x.Outcome == Outcomes.Neutralised));
            Assert.Equal(r.Flew, score.RoundList.Count(x => x.Outcome != Outcomes.NeverFlew));
            Assert.Equal(score.Warned.Rounds.Missed, score.RoundList.Count(x => x.Outcome == Outcomes.Missed));
            any |= e.Engaged > 0;
        }
        Assert.True(any);
    }

    [Fact]
    public void ARunWithoutADefenceHasTheSameColumnsAndNoFigures()
    {
        RunMeasure[] none = [.. EngagementSummary.None.Measures()], some = [.. Play(s_scenario.Defence!).Raid.Engagement.Measures()];
        Assert.Equal(some.Select(m => m.Column), none.Select(m => m.Column));
        Assert.All(none, m => Assert.Null(m.Value));
        Assert.Equal(none.Length, none.Select(m => m.Column).Distinct().Count());
        Assert.All(some, m => Assert.Matches("^[a-z0-9_]+$", m.Column));
    }

    [Fact]
    public void AnInterceptorMeetsWhatItIsSentAt()
    {
        InterceptorSettings launcher = new()
        {
            Id = "L",
            Position = new LonLat(44.396, 33.2985),
            FlyOut = [new() { TimeS = 1, DistanceM = 250 }, new() { TimeS = 3, DistanceM = 1400 }, new() { TimeS = 8, DistanceM = 4000 }],
            SingleShotProbability = 1,
            Stock = 5,
        };
        DefenceSettings settings = s_scenario.Defence! with { Guns = [], Interceptors = [launcher] };
        (RaidInMotion raid, Defence defence, _) = Play(settings);
        Assert.Equal(5, raid.Engagement.Interceptors);
        Assert.InRange(raid.Engagement.Neutralised, 1, 5);
        Assert.Equal(5, raid.Engagement.Neutralised + raid.Engagement.EngagementsOfNothing);
        foreach (Order order in defence.Orders)
        {
            double flown = order.PassS - order.OrderS - launcher.ReactionS, distance = order.Point.Minus(defence.Fire.Effectors[0].Muzzle).Length();
            Assert.Equal(((Launcher)defence.Fire.Effectors[0]).DistanceM(flown)!.Value, distance, 0.5);
        }
        (RaidInMotion never, _, _) = Play(settings with { Interceptors = [launcher with { SingleShotProbability = 0 }] });
        Assert.Equal(0, never.Engagement.Neutralised);
    }

    private static double AzimuthDeg(in Enu bore) => Math.Atan2(bore.East, bore.North) * 180 / Math.PI is var a && a < 0 ? a + 360 : a;

    private static double ElevationDeg(in Enu bore) => Math.Asin(bore.Up) * 180 / Math.PI;

    /// <summary>Writes down everything that a defence hears, and when it is moved on.</summary>
    private sealed class Recorded(Defence inner) : IDefence
    {
        public Defence Inner { get; } = inner;

        public List<object> Lines { get; } = [];

        public void Advance(Instant now, RaidInMotion raid)
        {
            Lines.Add(now);
            Inner.Advance(now, raid);
        }

        public void Finish(RaidInMotion raid) => Inner.Finish(raid);

        public EngagementSummary Summary(RaidInMotion raid) => Inner.Summary(raid);

        public KillBelief? BeliefOf(int round) => Inner.BeliefOf(round);

        public void TrackConfirmed(Instant now, in Track track)
        {
            Lines.Add((now, track, true));
            Inner.TrackConfirmed(now, track);
        }

        public void TrackUpdated(Instant now, in Track track)
        {
            Lines.Add((now, track, false));
            Inner.TrackUpdated(now, track);
        }

        public void TrackEnded(Instant now, TrackId track, TrackEnd reason)
        {
            Lines.Add(track);
            Inner.TrackEnded(now, track, reason);
        }

        public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
        {
            Lines.Add(prediction);
            Inner.ImpactPredicted(now, prediction);
        }

        public void PlotReceived(Instant now, in Plot plot) { }

        public void WarningRaised(Instant now, in Warning warning) { }

        public void WarningUpdated(Instant now, in Warning warning) { }

        public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason) { }

        public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) { }

        public void InputRejected(Instant now, in Rejection rejection) { }
    }
}
