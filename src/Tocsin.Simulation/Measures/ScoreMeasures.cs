namespace Tocsin.Simulation.Measures;

/// <summary>The figures of a score as columns of a campaign's table; docs/internals/measures.md defines each.</summary>
internal static class ScoreMeasures
{
    // People are counted by zones here, as the score does; who really heard an alarm is the people's summary's matter, and has other columns.
    // People are no counts here: a zone's share of another's people need not be whole.
    public static IEnumerable<RunMeasure> Of(ScoreSummary score)
    {
        RoundCounts rounds = score.Rounds;
        yield return Count("rounds_fired", "Rounds of the raid, those that never flew included.", rounds.Fired);
        yield return Count("rounds_flew", "Rounds that flew.", rounds.Flew);
        yield return Count("rounds_threatening", "Rounds that came down in a zone, or near enough to harm people in one.", rounds.Threatening);
        yield return Count("rounds_landed_in_zone", "Rounds that came down in a zone.", rounds.LandedInZone);
        yield return Share("rounds_landed_in_zone_share", "Rounds that came down in a zone, of those fired.", rounds.LandedInZone, rounds.Fired);
        yield return Count("rounds_engaged", "Rounds that an effector engaged; empty where the scenario has no effector.", rounds.Engaged);
        yield return Count("rounds_neutralised", "Rounds that an effector neutralised; empty where the scenario has no effector.", rounds.Neutralised);
        yield return Share("rounds_neutralised_share", "Rounds that an effector neutralised, of those that flew; empty where the scenario has no effector.", rounds.Neutralised, rounds.Flew);

        LeadCounts warned = score.Warned.Rounds;
        yield return Count("rounds_warned", "Rounds in a zone with a warning that stood there at the impact.", warned.Warned);
        yield return Count("rounds_warned_3s", "Of the rounds in a zone, those warned 3 s ahead or more.", warned.AtLeast3S);
        yield return Count("rounds_warned_5s", "Of the rounds in a zone, those warned 5 s ahead or more.", warned.AtLeast5S);
        yield return Count("rounds_warned_10s", "Of the rounds in a zone, those warned 10 s ahead or more.", warned.AtLeast10S);
        yield return Count("rounds_warned_15s", "Of the rounds in a zone, those warned 15 s ahead or more.", warned.AtLeast15S);
        yield return Count("rounds_warned_in_time", "Of the rounds in a zone, those warned as early as its people need.", warned.InTimeForShelter);
        yield return Share("rounds_warned_in_time_share", "Rounds warned as early as their zone's people need, of the rounds in a zone.", warned.InTimeForShelter, warned.Total);
        yield return Count("rounds_missed", "Rounds in a zone without a warning that stood at the impact.", warned.Missed);
        yield return Share("rounds_missed_share", "Rounds without a warning, of the rounds in a zone.", warned.Missed, warned.Total);
        yield return Figure("warned_lead_median_s", "Median time from the warning to the impact, over the warned rounds of the run.", score.Warned.LeadMedianS);
        yield return Figure("warned_lead_min_s", "Shortest time from the warning to the impact, over the warned rounds of the run.", score.Warned.LeadMinS);

        yield return Figure("people_in_zones_hit", "People of the zones that were hit.", score.Warned.People.Total);
        yield return Figure("people_in_zones_hit_warned_in_time", "People of the zones that were hit whose zone was warned as early as they need, judged by the first impact there.", score.Warned.People.InTimeForShelter);
        yield return Figure("people_in_zones_hit_missed", "People of the zones that were hit whose zone had no warning at the first impact there.", score.Warned.People.Missed);

        NeedlessSummary needless = score.Needless;
        yield return Count("zones_warned", "Zones warned at least once.", needless.Zones);
        yield return Count("zones_needlessly_warned", "Zones warned with no impact within 100 m of them.", needless.NeedlessZones);
        yield return Figure("zones_needlessly_warned_share", "Zones warned with no impact within 100 m of them, of the zones warned.", needless.NeedlessZoneShare);
        yield return Figure("people_in_zones_warned", "People of the zones warned.", needless.People);
        yield return Figure("people_needlessly_warned", "People of the zones warned with no impact within 100 m of the zone.", needless.NeedlessPeople);
        yield return Figure("people_needlessly_warned_one_siren", "The same, had one siren for the whole site sounded at the first warning.", score.OneSiren?.NeedlessPeople);
        yield return Count("warnings_raised", "Warnings raised.", score.Account.Warnings.Raised);
        yield return Count("warnings_retracted", "Warnings retracted.", score.Account.Warnings.Retracted);

        TrackSummary tracks = score.Tracks;
        yield return Count("rounds_visible", "Rounds that a radar could see at some time.", tracks.RoundsVisible);
        yield return Count("rounds_tracked", "Rounds that a confirmed track followed.", tracks.RoundsTracked);
        yield return Count("rounds_predicted", "Rounds whose impact was predicted before it came.", tracks.RoundsPredicted);
        yield return Count("tracks_confirmed", "Confirmed tracks.", tracks.Confirmed);
        yield return Count("tracks_ghost", "Second and further tracks of one round.", tracks.Ghosts);
        yield return Count("tracks_false", "Tracks held to be ballistic that follow no round.", tracks.False);
        yield return Figure("confirmation_delay_median_s", "Median time from a round's first visible state to its track's confirmation.", tracks.ConfirmationDelayMedianS);
        yield return Figure("first_track_lead_median_s", "Median time from a round's first track to its impact.", tracks.FirstTrackLeadMedianS);
        yield return Figure("first_prediction_lead_median_s", "Median time from a round's first prediction to its impact.", tracks.FirstPredictionLeadMedianS);
        yield return Figure("gospa_mean_m", "GOSPA of the confirmed tracks, mean over the times of truth.", score.Gospa?.MeanM);
        foreach (LeadTimeRow row in score.ByLeadTime)
        {
            yield return Figure($"impact_error_rms_at_{row.LeadTimeS:0}s_m", $"Root mean square error of the impacts as predicted {row.LeadTimeS:0} s before.", row.ErrorRmsM);
            yield return Figure($"ellipse_coverage_at_{row.LeadTimeS:0}s_share", $"Share of the impacts within the 95 % ellipse as predicted {row.LeadTimeS:0} s before.", row.EllipseCoverage);
        }
    }

    private static RunMeasure Count(string column, string means, double? value) => new(column, means, value, IsCount: true);

    private static RunMeasure Figure(string column, string means, double? value) => new(column, means, value);

    private static RunMeasure Share(string column, string means, double? part, double total) => new(column, means, part is { } p ? Statistics.Share(p, total) : null);
}
