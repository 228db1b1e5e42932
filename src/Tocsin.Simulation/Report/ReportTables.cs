using System.Xml.Linq;
using Tocsin.Simulation.Measures;
using static Tocsin.Simulation.Report.Markup;

namespace Tocsin.Simulation.Report;

/// <summary>The tables of a scored report.</summary>
internal static class ReportTables
{
    public static XElement Comparison(ScoreSummary score)
    {
        NeedlessSummary needless = score.Needless;
        SirenSummary? siren = score.OneSiren;
        NoWarningSummary none = score.NoWarning;
        object[] Row(string what, string run, string? oneSiren, string noWarning) => [what, run, oneSiren ?? NoFigure, noWarning];
        return Table("This run beside one siren for the whole site, sounded when this run raised its first warning, and beside no warning at all.",
            ["measure", "this run", "one siren", "no warning"], 1,
            [
                Row("zones alarmed", Count(needless.Zones), siren is null ? null : Count(siren.Zones), "0"),
                Row("of them needlessly (no impact within 100 m)", $"{Count(needless.NeedlessZones)} ({Percent(needless.NeedlessZoneShare)})",
                    siren is null ? null : $"{Count(siren.NeedlessZones)} ({Percent(siren.NeedlessZoneShare)})", "0"),
                Row("people alarmed", Count(needless.People), siren is null ? null : Count(siren.People), "0"),
                Row("of them needlessly", Count(needless.NeedlessPeople), siren is null ? null : Count(siren.NeedlessPeople), "0"),
                Row("rounds landing in a zone", Count(score.Warned.Rounds.Total), siren is null ? null : Count(siren.Rounds.Total), Count(none.RoundsMissed)),
                Row("of them warned 5 s ahead or more", Count(score.Warned.Rounds.AtLeast5S), siren is null ? null : Count(siren.Rounds.AtLeast5S), "0"),
                Row("of them unannounced", Count(score.Warned.Rounds.Missed), siren is null ? null : Count(siren.Rounds.Missed), Count(none.RoundsMissed)),
            ]);
    }

    public static XElement Leads(ScoreSummary score)
    {
        object[] Row(string what, LeadCounts c) =>
            [what, Count(c.Total), Count(c.AtLeast3S), Count(c.AtLeast5S), Count(c.AtLeast10S), Count(c.AtLeast15S), Count(c.InTimeForShelter), Count(c.Missed)];
        return Table("Warned in time: the lead is the time from the raise of the warning that stood at the impact to the impact. Zones and people are judged by the first round that landed in their zone.",
            ["who", "in all", "≥ 3 s", "≥ 5 s", "≥ 10 s", "≥ 15 s", "time to shelter", "missed"], 1,
            [Row("rounds in a zone", score.Warned.Rounds), Row("zones hit", score.Warned.Zones), Row("people in them", score.Warned.People)]);
    }

    public static XElement Denominators(ScoreSummary score)
    {
        string Effector(int? count) => count is { } n ? Count(n) : "no effector in this run";
        return Table("Rounds, by what became of them. Each line is another denominator; shares of different lines do not compare.",
            ["what became of them", "rounds"], 1,
            [
                ["fired", Count(score.Rounds.Fired)], ["flew", Count(score.Rounds.Flew)],
                ["threatening: landed in a zone or near enough to harm", Count(score.Rounds.Threatening)],
                ["landed in a zone", Count(score.Rounds.LandedInZone)],
                ["engaged", Effector(score.Rounds.Engaged)], ["neutralised", Effector(score.Rounds.Neutralised)],
                .. score.Rounds.Engaged is null ? (IReadOnlyList<object>[])[] : [["engaged, and the defence does not know what came of them", Effector(score.Rounds.Unknown)]],
            ]);
    }

    public static XElement Rounds(ScoreSummary score)
        => Table("Every round. Leads are seconds from the event to the impact; the error is that of the impact point as it was predicted 10 s before.",
            ["round", "kind", "track", "landed in", "outcome", "impact (UTC)", "tracked, s", "predicted, s", "warned, s", "error at 10 s, m"], 5,
            score.RoundList.Select(r => (IReadOnlyList<object>)
            [
                r.Round, r.Kind, r.Tracks is { Count: > 0 } t ? string.Join(", ", t) : NoFigure, r.LandedIn.Count > 0 ? string.Join(", ", r.LandedIn) : NoFigure,
                OutcomeWords(r.Outcome), TimeText(r.ImpactTime), Figure(r.FirstTrackLeadS, 1), Figure(r.FirstPredictionLeadS, 1),
                Figure(r.WarnedLeadS, 1), Figure(r.ErrorAt10SM, 1),
            ]));

    public static XElement Zones(ScoreSummary score)
        => Table("Every zone that was warned or hit. The lead is that of the warning that stood when the first round landed in it.",
            ["zone", "name", "what happened", "people", "first raised (UTC)", "warned for, s", "retracted", "impacts inside", "within 100 m", "lead, s"], 3,
            score.ZoneList.Select(z => (IReadOnlyList<object>)
            [
                z.Zone, z.Name, OutcomeWords(z.Outcome), Count(z.Population), TimeText(z.FirstRaisedTime), Figure(z.WarnedS, 1), Count(z.Retracted),
                Count(z.ImpactsInside), Count(z.ImpactsNear), Figure(z.FirstImpactLeadS, 1),
            ]));

    public static XElement LeadTimes(ScoreSummary score)
        => Table("Impact predictions by the time left: the newest whose plots were at least so old. Coverage is the share of true impacts within the 95 % ellipse.",
            ["before impact", "in flight", "predicted", "error rms, m", "median, m", "largest, m", "ellipse coverage", "semi-major median, m", "time error rms, s", "mean, s"], 1,
            score.ByLeadTime.Select(r => (IReadOnlyList<object>)
            [
                $"{Figure(r.LeadTimeS, 0)} s", Count(r.RoundsInFlight), Count(r.Rounds), Figure(r.ErrorRmsM, 1), Figure(r.ErrorMedianM, 1), Figure(r.ErrorMaxM, 1),
                Percent(r.EllipseCoverage), Figure(r.SemiMajorMedianM, 1), Figure(r.TimeErrorRmsS, 2), Figure(r.TimeErrorMeanS, 2),
            ]));

    public static IEnumerable<XElement> Tracks(ScoreSummary score)
    {
        TrackSummary t = score.Tracks;
        string Maybe(int? count) => count is { } n ? Count(n) : NoFigure;
        yield return Table("Confirmed tracks beside the rounds of truth.", ["measure", "figure"], 1,
        [
            ["rounds that a radar could see", Count(t.RoundsVisible)], ["rounds tracked", Maybe(t.RoundsTracked)], ["rounds with an impact predicted", Maybe(t.RoundsPredicted)],
            ["confirmed tracks", Count(t.Confirmed)], ["ghosts: second tracks of one round", Maybe(t.Ghosts)],
            ["false: held to be ballistic, follow no round", Maybe(t.False)], ["other: never held to be ballistic, follow no round", Maybe(t.Other)],
            ["from first in view to confirmation, median, s", Figure(t.ConfirmationDelayMedianS, 1)],
            ["from confirmation to impact, median, s", Figure(t.FirstTrackLeadMedianS, 1)],
            ["from first prediction to impact, median, s", Figure(t.FirstPredictionLeadMedianS, 1)],
        ]);
        if (score.Gospa is not { } g) yield break;
        yield return Table($"Distance of the air picture from truth: GOSPA with p 2, cut-off 200 m, alpha 2, over {Count(g.Scans)} times. The squares of the three parts add up to the square of the root mean square.",
            ["mean, m", "rms, m", "localisation, m", "missed, m", "false, m", "error of a matched track, rms, m"], 0,
            [[Figure(g.MeanM, 1), Figure(g.RmsM, 1), Figure(g.LocalisationRmsM, 1), Figure(g.MissedRmsM, 1), Figure(g.FalseRmsM, 1), Figure(g.MatchedErrorRmsM, 1)]]);
    }

    public static IEnumerable<XElement> Input(AccountSummary account)
    {
        yield return Table("Plots by sensor.", ["sensor", "plots"], 1,
            account.PlotsBySensor.Select(p => (IReadOnlyList<object>)[p.Sensor ?? "unknown to the site", Count(p.Plots)]));
        if (account.Rejections.Count == 0) yield break;
        yield return Table($"Input that could not be used: {Count(account.RejectedInput)} in all.", ["source", "reason", "count"], 2,
            account.Rejections.Select(r => (IReadOnlyList<object>)[r.Source, r.Reason, Count(r.Count)]));
    }

    public static XElement Warnings(SiteDefinition site, RunLog log)
        => Table("Every warning.",
            ["warning", "zone", "name", "ended", "people", "raised (UTC)", "stood for, s", "probability at raise", "predicted lead, s", "updates"], 4,
            log.Warnings.Select(w =>
            {
                ZoneDefinition? zone = w.Zone >= 0 && w.Zone < site.Zones.Length ? site.Zones[w.Zone] : null;
                WarningState? first = w.States.Count > 0 ? w.States[0] : null;
                return (IReadOnlyList<object>)
                [
                    w.Id.ToString(), zone?.Id ?? NoFigure, zone?.Name ?? NoFigure,
                    w.ClearReason switch { WarningEnd.Over => "over", WarningEnd.Retracted => "retracted", _ => "stood at the end" },
                    Count(zone?.Population ?? 0), TimeOfDay(w.RaisedTime),
                    Figure((w.ClearedTime ?? log.LastTime ?? w.RaisedTime).SecondsSince(w.RaisedTime), 1),
                    Percent(first?.Probability), Figure(first?.LeadTimeS, 1), Count(Math.Max(0, w.States.Count - 1)),
                ];
            }));

    public static XElement TracksSaid(RunLog log)
        => Table("Every confirmed track.",
            ["track", "kind", "end", "confirmed (UTC)", "last update (UTC)", "updates", "predictions", "last predicted impact (UTC)"], 3,
            log.Tracks.Select(t => (IReadOnlyList<object>)
            [
                t.Id.ToString(), Words.Of(t.LastKind),
                t.EndReason switch { TrackEnd.Impact => "impact", TrackEnd.Lost => "lost", TrackEnd.Left => "left", _ => NoFigure },
                TimeOfDay(t.FirstTime), t.Points.Count > 0 ? TimeOfDay(t.Points[^1].Time) : NoFigure, Count(t.Points.Count), Count(t.Predictions.Count),
                t.Predictions.Count > 0 ? TimeOfDay(t.Predictions[^1].Prediction.ImpactTime) : NoFigure,
            ]));

    public static string OutcomeWords(string outcome) => outcome switch
    {
        Outcomes.WarnedRightly => "warned rightly",
        Outcomes.WarnedNeedlessly => "warned needlessly",
        Outcomes.NeverFlew => "never flew",
        Outcomes.Outside => "outside every zone",
        _ => outcome,
    };

    // The time of day out of an RFC 3339 instant of the summary.
    private static string TimeText(string? instant) => instant is { Length: >= 21 } ? instant[11..21] : NoFigure;
}
