using Tocsin.Simulation.Measures;
using static Tocsin.Simulation.Report.Markup;

namespace Tocsin.Simulation.Report;

/// <summary>The account of a run in plain sentences, from the same figures as the summary.</summary>
internal static class Narrative
{
    public static string Of(ScoreSummary score)
    {
        var s = new List<string>();
        RoundCounts rounds = score.Rounds;
        if (rounds.Fired == 0)
        {
            s.Add("No round was fired.");
        }
        else
        {
            int failed = rounds.Fired - rounds.Flew;
            s.Add($"{Number(rounds.Fired, "round was", "rounds were")} fired" + (failed > 0 ? $"; {failed} never flew and {rounds.Flew} did." : " and all of them flew."));
            if (score.Tracks.RoundsTracked is { } tracked)
                s.Add($"{(tracked == rounds.Flew ? "All" : tracked)} of the {rounds.Flew} that flew {Was(tracked)} tracked, and for {score.Tracks.RoundsPredicted} an impact was predicted before it came.");
            if (rounds is { Engaged: { } engaged, Neutralised: { } neutralised })
                s.Add($"A simulated defence engaged {engaged} and neutralised {(neutralised == 0 ? "none" : neutralised)} of them" + (score.Engagement is { } e
                    ? $"; it believes that it neutralised {(e.BelievedNeutralised == 0 ? "none" : e.BelievedNeutralised)}, and does not know of {e.Unknown}. It fired {Number(e.Shells, "shell", "shells")}" +
                      (e.Interceptors > 0 ? $" and {Number(e.Interceptors, "interceptor", "interceptors")}." : ".") +
                      (e.HeldForPeople > 0 ? $" {Number(e.HeldForPeople, "track", "tracks")} that threatened it let pass because of the people below its fire." : "")
                    : "."));
            s.Add(rounds.LandedInZone == 0 ? "None landed inside a zone."
                : rounds.Neutralised > 0 ? $"{rounds.LandedInZone} landed inside a zone; {rounds.Threatening} would have, or near enough to harm people in one, had none been neutralised."
                : $"{rounds.LandedInZone} landed inside a zone ({rounds.Threatening} in one or near enough to harm people in it).");
            if (rounds.LandedInZone > 0)
            {
                LeadCounts warned = score.Warned.Rounds;
                s.Add($"For {Count(warned.Warned)} of these the zone had been warned" +
                    (score.Warned.LeadMedianS is { } median ? $", with a median lead of {Figure(median, 1)} s; {Count(warned.AtLeast5S)} with 5 s or more" : "") +
                    $". {(warned.Missed > 0 ? Count(warned.Missed) + " came down unannounced" : "None came down unannounced")}.");
            }
        }
        NeedlessSummary needless = score.Needless;
        if (needless.Zones == 0)
        {
            s.Add("No zone was warned.");
            return string.Join(' ', s);
        }
        s.Add($"{Number(needless.Zones, "zone was", "zones were")} warned ({Count(needless.People)} people), {NeedlessPart(needless.NeedlessZones, needless.NeedlessPeople)}.");
        if (score.OneSiren is { } siren)
            s.Add($"One siren for the whole site would have alarmed {Number(siren.Zones, "zone", "zones")} ({Count(siren.People)} people), {NeedlessPart(siren.NeedlessZones, siren.NeedlessPeople)}.");
        return string.Join(' ', s);
    }

    public static string Of(AccountSummary account)
    {
        WarningCounts warnings = account.Warnings;
        var s = new List<string>
        {
            $"{Number(account.Plots, "plot", "plots")} came in; {Number(account.Tracks, "track was", "tracks were")} confirmed, and for {account.TracksPredicted} of them an impact was predicted.",
            warnings.Raised == 0 ? "No warning was raised."
                : $"{Number(warnings.Raised, "warning was", "warnings were")} raised for {Number(warnings.Zones, "zone", "zones")} ({Count(warnings.People)} people)" +
                  (warnings.PredictedLeadMedianS is { } lead ? $", with a median predicted lead of {Figure(lead, 1)} s" : "") +
                  $"; {warnings.Over} ended as over, {(warnings.Retracted == 0 ? "none" : warnings.Retracted)} {Was(warnings.Retracted)} retracted" + (warnings.Standing > 0 ? $", {warnings.Standing} stood at the end." : "."),
        };
        if (account.RejectedInput > 0) s.Add($"{Number(account.RejectedInput, "piece of input", "pieces of input")} could not be used.");
        s.Add("What really came down is not known here: this is what the system said.");
        return string.Join(' ', s);
    }

    private static string NeedlessPart(int zones, double people)
        => zones == 0 ? "none of them needlessly" : $"{zones} of them needlessly ({Count(people)} people)";

    private static string Number(double count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    private static string Was(double count) => count == 1 ? "was" : "were";
}
