using Tocsin.Simulation.Measures;
using static Tocsin.Simulation.Tests.Measures.TestRun;

namespace Tocsin.Simulation.Tests.Measures;

public class WarningScoreTests
{
    private static ScoreSummary ScoreOf(RunLog log, params TruthRound[] rounds) => Score.Compute(Site(), log, new(rounds, []));

    [Fact]
    public void The_lead_runs_from_the_raise_to_the_impact_though_updates_follow()
    {
        var log = new RunLog();
        log.Raise(12, 1, 0);
        log.WarningUpdated(At(20), new()
        {
            Id = new(1),
            Status = OperationStatus.Exercise,
            Zone = 0,
            Probability = 0.9,
            ImpactTime = At(30),
            LeadTimeS = 10,
            Advice = Advice.Drop,
            Tracks = [],
        });
        ScoreSummary score = ScoreOf(log, Round("R", 0, 30, 200, 200));
        Assert.Equal(18, score.Warned.LeadMedianS);
        Assert.Equal(new LeadCounts(1, 1, 1, 1, 1, 1, 1, 0), score.Warned.Rounds);
        Assert.Equal(new LeadCounts(100, 100, 100, 100, 100, 100, 100, 0), score.Warned.People);
        Assert.Equal("warned", score.RoundList[0].Outcome);
    }

    [Theory]
    [InlineData(3, 1, 0, 0, 0)]
    [InlineData(2.9, 0, 0, 0, 0)]
    [InlineData(5, 1, 1, 0, 0)]
    [InlineData(10, 1, 1, 1, 0)]
    [InlineData(14.9, 1, 1, 1, 0)]
    [InlineData(15, 1, 1, 1, 1)]
    public void Leads_are_counted_at_their_thresholds_inclusive(double lead, int s3, int s5, int s10, int s15)
    {
        var log = new RunLog();
        log.Raise(30 - lead, 1, 0);
        LeadCounts counts = ScoreOf(log, Round("R", 0, 30, 200, 200)).Warned.Rounds;
        Assert.Equal(new LeadCounts(1, 1, s3, s5, s10, s15, lead >= 10 ? 1 : 0, 0), counts);
    }

    [Fact]
    public void A_warning_of_another_zone_does_not_count()
    {
        var log = new RunLog();
        log.Raise(10, 1, 1);
        ScoreSummary score = ScoreOf(log, Round("R", 0, 30, 200, 200));
        Assert.Equal(1, score.Warned.Rounds.Missed);
        Assert.Equal(1, score.Warned.MissedNeverRaised);
        Assert.Null(score.Warned.LeadMedianS);
        Assert.Equal("missed", score.ZoneList.Single(z => z.Zone == "A").Outcome);
    }

    [Fact]
    public void A_raise_after_the_impact_is_late_and_not_needless()
    {
        var log = new RunLog();
        log.Raise(33, 1, 0);
        ScoreSummary score = ScoreOf(log, Round("R", 0, 30, 200, 200));
        Assert.Equal(1, score.Warned.MissedRaisedLate);
        Assert.Equal(0, score.Needless.NeedlessWarnings);
    }

    [Fact]
    public void A_raise_at_the_very_impact_warns_nobody()
    {
        var log = new RunLog();
        log.Raise(30, 1, 0);
        Assert.Equal(1, ScoreOf(log, Round("R", 0, 30, 200, 200)).Warned.MissedRaisedLate);
    }

    [Fact]
    public void A_warning_cleared_before_the_impact_does_not_count()
    {
        var log = new RunLog();
        log.Raise(10, 1, 0);
        log.Clear(28, 1, 0, WarningEnd.Retracted);
        ScoreSummary score = ScoreOf(log, Round("R", 0, 30, 200, 200));
        Assert.Equal(1, score.Warned.MissedClearedEarly);
        Assert.Equal(1, score.Account.Warnings.Retracted);
        // Two seconds too early: wrong, but people were not alarmed for nothing.
        Assert.Equal(0, score.Needless.NeedlessWarnings);
    }

    [Theory]
    [InlineData(99, 0)]
    [InlineData(101, 1)]
    public void Needless_begins_100_m_from_the_zone(double beyondM, int needless)
    {
        var log = new RunLog();
        log.Raise(10, 1, 0);
        log.Clear(80, 1, 0);
        // South of zone A, so that no other zone is nearer.
        ScoreSummary score = ScoreOf(log, Round("R", 0, 30, 200, -beyondM));
        Assert.Equal(needless, score.Needless.NeedlessWarnings);
        Assert.Equal(0, score.Rounds.LandedInZone);
        Assert.Equal(needless == 1 ? "warnedNeedlessly" : "warnedRightly", score.ZoneList[0].Outcome);
    }

    [Theory]
    [InlineData(5.1, 1)]
    [InlineData(4.9, 0)]
    public void Needless_looks_5_s_beyond_the_life_of_the_warning(double afterClearS, int needless)
    {
        var log = new RunLog();
        log.Raise(10, 1, 0);
        log.Clear(30 - afterClearS, 1, 0, WarningEnd.Retracted);
        log.Raise(30 + afterClearS, 2, 0);
        ScoreSummary score = ScoreOf(log, Round("R", 0, 30, 200, 200));
        Assert.Equal(2 * needless, score.Needless.NeedlessWarnings);
        Assert.Equal(needless, score.Needless.NeedlessZones);
    }

    [Fact]
    public void Two_rounds_on_one_zone_are_one_warning_and_two_leads()
    {
        var log = new RunLog();
        log.Raise(20, 1, 0);
        ScoreSummary score = ScoreOf(log, Round("R1", 0, 30, 200, 200), Round("R2", 0, 36, 100, 100));
        Assert.Equal((10.0, 13.0, 16.0), (score.Warned.LeadMinS, score.Warned.LeadMedianS, score.Warned.LeadMaxS));
        Assert.Equal(2, score.Warned.Rounds.AtLeast10S);
        // People are warned or not once, by the first round.
        Assert.Equal(new LeadCounts(100, 100, 100, 100, 100, 0, 100, 0), score.Warned.People);
        Assert.Equal(1, score.Needless.Warnings);
    }

    [Fact]
    public void One_siren_alarms_every_zone_and_nothing_alarms_none()
    {
        var log = new RunLog();
        log.Raise(20, 1, 0);
        log.Raise(26, 2, 3);
        // In zone A, 50 m from B; C and D hear the siren for nothing.
        ScoreSummary score = ScoreOf(log, Round("R1", 0, 30, 350, 200), Round("R2", 0, 19, 250, 200));
        SirenSummary siren = score.OneSiren!;
        Assert.Equal((4, 2, 0.5, 1000.0, 700.0), (siren.Zones, siren.NeedlessZones, siren.NeedlessZoneShare, siren.People, siren.NeedlessPeople));
        Assert.Equal(new LeadCounts(2, 1, 1, 1, 1, 0, 1, 1), siren.Rounds);
        Assert.Equal((2, 1, 0.5, 500.0, 400.0), (score.Needless.Zones, score.Needless.NeedlessZones, score.Needless.NeedlessZoneShare, score.Needless.People, score.Needless.NeedlessPeople));
        Assert.Equal(new NoWarningSummary(2, 1, 100), score.NoWarning);
    }

    [Fact]
    public void The_four_denominators_are_kept_apart()
    {
        // In a zone; 45 m outside one; 45 m outside, but a mortar bomb reaches 40 m only; a dud.
        ScoreSummary score = ScoreOf(new RunLog(), Round("R1", 0, 30, 200, 200), Round("R2", 0, 30, 200, -45), Round("R3", 0, 30, 200, -45, Kind.Mortar), Dud("R4"));
        Assert.Equal(new RoundCounts(4, 3, 2, 1, null, null), score.Rounds);
        Assert.Equal("neverFlew", score.RoundList[3].Outcome);
        Assert.Equal("outside", score.RoundList[1].Outcome);
    }

    [Fact]
    public void A_zone_within_a_warned_zone_is_not_counted_twice()
    {
        SiteDefinition site = Site(Zone("all", 0, 1000, sizeM: 1600), Zone("E", 0, 50, parent: "A"));
        site = site with { Zones = [.. site.Zones.Select(z => z.Id is "A" or "B" ? z with { Parent = "all" } : z)] };
        var log = new RunLog();
        log.Raise(10, 1, 4);
        log.Raise(10, 2, 0);
        log.Raise(10, 3, 5);
        log.Raise(10, 4, 2);
        Assert.Equal(1000 + 300, Score.Compute(site, log, new([], [])).Needless.People);
    }

    [Fact]
    public void Parents_that_go_round_do_not_hang_the_count()
    {
        SiteDefinition site = Site();
        site = site with { Zones = [site.Zones[0] with { Parent = "B" }, site.Zones[1] with { Parent = "A" }, site.Zones[2]] };
        var log = new RunLog();
        log.Raise(10, 1, 2);
        log.Raise(10, 2, 0);
        Assert.Equal(400, Score.Compute(site, log, new([], [])).Needless.People);
    }

    [Fact]
    public void Nothing_to_measure_gives_null_and_not_a_number()
    {
        ScoreSummary score = ScoreOf(new RunLog());
        Assert.Null(score.OneSiren);
        Assert.Null(score.Gospa);
        Assert.Null(score.Needless.NeedlessZoneShare);
        Assert.Null(score.Tracks.RoundsTracked);
        Assert.All(score.ByLeadTime, row => Assert.Null(row.ErrorRmsM));
    }

    [Fact]
    public void Durations_run_from_raise_to_clear()
    {
        var log = new RunLog();
        log.Raise(10, 1, 0, impactS: 22);
        log.Clear(30, 1, 0);
        log.Raise(12, 2, 1, impactS: 20);
        log.Clear(52, 2, 1, WarningEnd.Retracted);
        log.Raise(52, 3, 2, impactS: 62);
        WarningCounts counts = Account.Of(Site(), log).Warnings;
        Assert.Equal(new WarningCounts(3, 1, 1, 1, 3, 600, 30, 40, 10), counts);
    }
}
