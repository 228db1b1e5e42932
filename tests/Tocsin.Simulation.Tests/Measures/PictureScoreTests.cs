using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;
using static Tocsin.Simulation.Tests.Measures.TestRun;

namespace Tocsin.Simulation.Tests.Measures;

public class PictureScoreTests
{
    private static readonly Enu s_velocity = new(0, -100, 0);

    private static void Follow(RunLog log, int id, double fromS, double toS, Enu start, Kind kind = Kind.Rocket)
    {
        for (double t = fromS; t < toS; t += 0.5)
        {
            Track track = TrackAt(id, t, new(start.East, start.North - 100 * t, start.Up), s_velocity, kind);
            if (t == fromS) log.TrackConfirmed(At(t), track);
            else log.TrackUpdated(At(t), track);
        }
    }

    private static Truth TwoRounds()
        => new([Round("R1", 0, 30, 200, 200), Round("R2", 0, 30, 320, 200)],
            [.. Level(0, 0, 30, new(200, 3200, 500), s_velocity), .. Level(1, 0, 30, new(320, 3200, 500), s_velocity)]);

    [Fact]
    public void Tracks_of_one_round_beyond_the_first_are_ghosts_and_the_rest_are_false_or_other()
    {
        var log = new RunLog();
        Follow(log, 1, 5, 15, new(205, 3200, 500));
        Follow(log, 2, 16, 29, new(205, 3200, 500));
        Follow(log, 3, 5, 15, new(-3000, 3200, 500));
        Follow(log, 4, 5, 15, new(-5000, 3200, 500), Kind.Bird);
        TrackSummary tracks = Score.Compute(Site(), log, TwoRounds()).Tracks;
        Assert.Equal((2, 1, 4, 1, 1, 1), (tracks.RoundsVisible, tracks.RoundsTracked, tracks.Confirmed, tracks.Ghosts, tracks.False, tracks.Other));
        Assert.Equal((5.0, 25.0), (tracks.ConfirmationDelayMedianS, tracks.FirstTrackLeadMedianS));
    }

    [Fact]
    public void Each_track_goes_to_its_own_of_two_rounds_side_by_side()
    {
        var log = new RunLog();
        Follow(log, 1, 5, 29, new(300, 3200, 500));
        Follow(log, 2, 5, 29, new(215, 3200, 500));
        ScoreSummary score = Score.Compute(Site(), log, TwoRounds());
        Assert.Equal(["T2"], score.RoundList[0].Tracks!);
        Assert.Equal(["T1"], score.RoundList[1].Tracks!);
        Assert.Equal((0, 0), (score.Tracks.Ghosts, score.Tracks.False));
    }

    [Fact]
    public void A_track_that_follows_for_less_than_half_of_its_life_follows_nothing()
    {
        var log = new RunLog();
        for (int i = 0; i < 10; i++)
            log.TrackUpdated(At(5 + i), TrackAt(1, 5 + i, i < 5 ? new(200, 3200 - 100 * (5 + i), 500) : new(5000, 0, 500), s_velocity));
        Assert.Equal(1, Score.Compute(Site(), log, TwoRounds()).Tracks.False);
        log.TrackUpdated(At(15), TrackAt(1, 15, new(200, 1700, 500), s_velocity));
        Assert.Equal(0, Score.Compute(Site(), log, TwoRounds()).Tracks.False);
    }

    [Fact]
    public void Between_states_of_truth_the_cubic_of_their_velocities_holds()
    {
        // Free fall is a cubic's own: states 4 s apart, and the track in between exactly on the parabola.
        TruthState[] states = [.. Enumerable.Range(0, 4).Select(i => State(4 * i, 0, Fall(4 * i), new(150, 0, 120 - 9.8 * 4 * i)))];
        Truth truth = new([new("R", Kind.Rocket, At(0), At(24), Ground(3600, 0))], states);
        var log = new RunLog();
        for (double t = 1; t < 12; t++) log.TrackUpdated(At(t), TrackAt(1, t, Fall(t), new(150, 0, 120 - 9.8 * t)));
        var path = new TruthPicture(Site(), truth).Rounds[0];
        for (double t = 0; t <= 12; t += 0.25)
        {
            Enu expected = Fall(t), actual = path.PositionAt(At(t))!.Value;
            // The site's frame is flat and local verticals are not: velocities turn by a part in 6,400 a kilometre.
            Assert.Equal(expected.East, actual.East, 0.05);
            Assert.Equal(expected.Up, actual.Up, 0.05);
        }
        Assert.Null(path.PositionAt(At(-0.01)));
        Assert.Null(path.PositionAt(At(24.01)));
        Assert.Equal((Fall(12).East + 3600) / 2, path.PositionAt(At(18))!.Value.East, 0.5);

        static Enu Fall(double t) => new(150 * t, 0, 120 * t - 4.9 * t * t);
    }

    [Fact]
    public void Gospa_over_scans_has_the_parts_of_a_track_that_comes_late_and_stands_aside()
    {
        // 60 scans of one round; tracked from the 21st on, 30 m beside it: 20 scans missed at c²/2, 40 at 30 m.
        Truth truth = new([Round("R1", 0, 30, 200, 200)], [.. Level(0, 0, 30, new(200, 3200, 500), s_velocity)]);
        var log = new RunLog();
        Follow(log, 1, 10, 30, new(230, 3200, 500));
        GospaSummary gospa = Score.Compute(Site(), log, truth).Gospa!;
        Assert.Equal(60, gospa.Scans);
        Assert.Equal((20 * Math.Sqrt(20_000) + 40 * 30) / 60, gospa.MeanM, 0.002);
        Assert.Equal(Math.Sqrt(20 * 20_000 / 60.0), gospa.MissedRmsM, 0.002);
        Assert.Equal(Math.Sqrt(40 * 900 / 60.0), gospa.LocalisationRmsM, 0.002);
        Assert.Equal(0, gospa.FalseRmsM);
        Assert.Equal(30, gospa.MatchedErrorRmsM!.Value, 0.002);
    }

    [Fact]
    public void Between_its_updates_a_track_goes_on_at_its_velocity_and_a_round_falls()
    {
        // One state a second is seen, four are asked for: a level bird goes straight, a round falls g/2 t².
        TruthState[] states = [.. Enumerable.Range(0, 4).Select(i => State(10 + i / 4.0, 0, new(0, 1000 - 25 * i, 300), s_velocity))];
        Truth truth = new([Round("R1", 0, 30, 200, 200)], states);
        foreach (Kind kind in (Kind[])[Kind.Bird, Kind.Rocket])
        {
            var log = new RunLog();
            log.TrackConfirmed(At(10), TrackAt(1, 10, new(0, 1000, 300), s_velocity, kind));
            double[] falls = [.. Enumerable.Range(0, 4).Select(i => kind == Kind.Rocket ? 9.80665 / 2 * i * i / 16 : 0)];
            // A kilometre from the origin "level" leans by 0.16 mrad.
            Assert.Equal(Math.Sqrt(falls.Sum(f => f * f) / 4), Score.Compute(Site(), log, truth).Gospa!.MatchedErrorRmsM!.Value, 0.02);
        }
    }

    [Fact]
    public void What_no_radar_sees_is_not_missed_and_its_track_is_not_false()
    {
        TruthState[] states = [.. Level(0, 0, 30, new(200, 3200, 500), s_velocity).Select((s, i) => s with { Visible = i >= 10 && i < 50 })];
        var log = new RunLog();
        Follow(log, 1, 5, 30, new(200, 3200, 500));
        GospaSummary gospa = Score.Compute(Site(), log, new([Round("R1", 0, 30, 200, 200)], states)).Gospa!;
        Assert.Equal((40, 0.0, 0.0), (gospa.Scans, gospa.MissedRmsM, gospa.FalseRmsM));
    }

    [Fact]
    public void A_track_that_outlives_its_round_is_false_until_it_ends()
    {
        var log = new RunLog();
        Truth truth = new([Round("R1", 0, 5, 200, 200), Round("R2", 0, 20, 320, 200)],
            [.. Level(0, 0, 5, new(200, 3200, 500), s_velocity), .. Level(1, 0, 20, new(3200, 3200, 500), s_velocity)]);
        Follow(log, 1, 0, 5, new(200, 3200, 500));
        Follow(log, 2, 0, 20, new(3200, 3200, 500));
        Assert.Equal(Math.Sqrt(30 * 20_000 / 40.0), Score.Compute(Site(), log, truth).Gospa!.FalseRmsM, 0.002);
        log.TrackEnded(At(7), new(1), TrackEnd.Lost);
        Assert.Equal(Math.Sqrt(4 * 20_000 / 40.0), Score.Compute(Site(), log, truth).Gospa!.FalseRmsM, 0.002);
        // Half a second after the impact it is said to be down, by a prediction made before: one scan remains.
        log.ImpactPredicted(At(4), Predict(1, 4, 5.5, 200, 200));
        Assert.Equal(Math.Sqrt(1 * 20_000 / 40.0), Score.Compute(Site(), log, truth).Gospa!.FalseRmsM, 0.002);
    }

    [Fact]
    public void Predictions_are_judged_at_their_valid_time_and_leads_at_the_lines_time()
    {
        var log = new RunLog();
        Follow(log, 1, 5, 29, new(200, 3200, 500));
        // Said half a second after its plots; the one at 20 s is the newest 10 s before, though said when 9.5 s were left.
        log.ImpactPredicted(At(14.5), Predict(1, 14, 31, 200 + 100, 200));
        log.ImpactPredicted(At(20.5), Predict(1, 20, 30.5, 200, 200 + 30));
        log.ImpactPredicted(At(20.7), Predict(1, 20.2, 30, 200, 200));
        ScoreSummary score = Score.Compute(Site(), log, TwoRounds() with { Rounds = [Round("R1", 0, 30, 200, 200), Round("R2", 0, 30, 320, 200)] });
        LeadTimeRow row = score.ByLeadTime.Single(r => r.LeadTimeS == 10);
        Assert.Equal((2, 1), (row.RoundsInFlight, row.Rounds));
        Assert.Equal(30, row.ErrorRmsM!.Value, 0.01);
        // North by 30 m, and the major axis of 40 m points north.
        Assert.Equal((1.0, 0.5, 0.5, 0.0), (row.EllipseCoverage, row.TimeErrorRmsS, row.TimeErrorMeanS, row.AgeMedianS));
        LeadTimeRow earlier = score.ByLeadTime.Single(r => r.LeadTimeS == 15);
        Assert.Equal(100, earlier.ErrorRmsM!.Value, 0.01);
        Assert.Equal((0.0, 1.0), (earlier.EllipseCoverage, earlier.AgeMedianS));
        Assert.Null(score.ByLeadTime.Single(r => r.LeadTimeS == 20).ErrorRmsM);
        Assert.Equal(15.5, score.RoundList[0].FirstPredictionLeadS);
        Assert.Equal(1, score.Tracks.RoundsPredicted);
        Assert.Equal(30, score.RoundList[0].ErrorAt10SM!.Value, 0.01);
    }

    [Theory]
    [InlineData(0, 0, 39, true)]
    [InlineData(0, 39, 0, false)]
    [InlineData(90, 39, 0, true)]
    [InlineData(90, 0, 21, false)]
    [InlineData(45, 27, 27, true)]
    [InlineData(45, 27, -27, false)]
    [InlineData(30, 19, 33, true)]
    [InlineData(150, 19, 33, false)]
    public void The_ellipse_lies_clockwise_from_north(double orientationDeg, double east, double north, bool inside)
        => Assert.Equal(inside, Ellipses.Contains(new(40, 20, orientationDeg * Math.PI / 180), east, north));

    [Fact]
    public void An_impact_predicted_with_no_number_is_passed_over()
    {
        var log = new RunLog();
        Follow(log, 1, 5, 29, new(200, 3200, 500));
        log.ImpactPredicted(At(14), Predict(1, 14, 31, 300, 200));
        log.ImpactPredicted(At(19), Predict(1, 19, 31, double.NaN, 200));
        ScoreSummary score = Score.Compute(Site(), log, TwoRounds());
        Assert.Equal(100, score.ByLeadTime.Single(r => r.LeadTimeS == 10).ErrorRmsM!.Value, 0.01);
        Assert.Contains("\"errorRmsM\": 100", SummaryJson.Of(score), StringComparison.Ordinal);
    }
}
