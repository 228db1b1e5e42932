using System.Globalization;

namespace Tocsin.Simulation.Measures;

/// <summary>One line of the score as text.</summary>
/// <param name="Section">What it belongs to; the same as the line before where a section goes on.</param>
/// <param name="Measure">What is measured.</param>
/// <param name="Value">The figure with its unit.</param>
public readonly record struct ScoreRow(string Section, string Measure, string Value);

/// <summary>The score as lines of text, for a terminal.</summary>
public static class ScoreTable
{
    /// <summary>The lines, by section. Measures with nothing to measure are left out.</summary>
    public static IReadOnlyList<ScoreRow> Rows(ScoreSummary score)
    {
        ArgumentNullException.ThrowIfNull(score);
        var rows = new List<ScoreRow>();
        void Add(string section, string measure, string? value)
        {
            if (value is not null) rows.Add(new(section, measure, value));
        }

        const string rounds = "rounds", warned = "warned in time", needless = "needless", tracks = "tracks", impact = "impact error";
        RoundCounts r = score.Rounds;
        Add(rounds, "fired / flew", $"{r.Fired} / {r.Flew}");
        Add(rounds, "threatening / landed in a zone", $"{r.Threatening} / {r.LandedInZone}");
        Add(rounds, "engaged / neutralised / unknown", r.Engaged is { } e && r.Neutralised is { } n ? $"{e} / {n} / {r.Unknown}" : "no effector in this run");
        LeadCounts w = score.Warned.Rounds;
        if (w.Total > 0)
        {
            Add(warned, "rounds >= 3 / 5 / 10 / 15 s", $"{F(w.AtLeast3S)} / {F(w.AtLeast5S)} / {F(w.AtLeast10S)} / {F(w.AtLeast15S)} of {F(w.Total)}");
            Add(warned, "missed", F(w.Missed));
            Add(warned, "lead, median (shortest)", score.Warned.LeadMedianS is { } m ? $"{F(m)} s ({F(score.Warned.LeadMinS ?? m)} s)" : null);
            LeadCounts p = score.Warned.People;
            Add(warned, "people >= 5 s / missed", $"{F(p.AtLeast5S)} / {F(p.Missed)} of {F(p.Total)}");
        }
        NeedlessSummary u = score.Needless;
        Add(needless, "zones", $"{u.NeedlessZones} of {u.Zones}{Percent(u.NeedlessZoneShare)}");
        Add(needless, "warnings", $"{u.NeedlessWarnings} of {u.Warnings}{Percent(u.NeedlessWarningShare)}");
        Add(needless, "people", $"{F(u.NeedlessPeople)} of {F(u.People)}");
        if (score.OneSiren is { } siren)
            Add(needless, "one siren for the whole site", $"{siren.NeedlessZones} of {siren.Zones} zones{Percent(siren.NeedlessZoneShare)}, {F(siren.NeedlessPeople)} people");
        WarningCounts c = score.Account.Warnings;
        Add(needless, "raised / over / retracted / standing", $"{c.Raised} / {c.Over} / {c.Retracted} / {c.Standing}");
        TrackSummary t = score.Tracks;
        Add(tracks, "rounds tracked / predicted", t.RoundsTracked is { } k ? $"{k} / {t.RoundsPredicted} of {r.Flew}" : null);
        Add(tracks, "confirmed / ghosts / false / other", t.Ghosts is { } g ? $"{t.Confirmed} / {g} / {t.False} / {t.Other}" : $"{t.Confirmed}");
        Add(tracks, "delay to confirmation, median", t.ConfirmationDelayMedianS is { } d ? $"{F(d)} s" : null);
        if (score.Gospa is { } o)
            Add(tracks, "GOSPA mean (rms: localisation, missed, false)", $"{F(o.MeanM)} m ({F(o.RmsM)}: {F(o.LocalisationRmsM)}, {F(o.MissedRmsM)}, {F(o.FalseRmsM)})");
        foreach (LeadTimeRow row in score.ByLeadTime)
            if (row.Rounds > 0)
                Add(impact, $"{F(row.LeadTimeS)} s before: rms, median, 95 % ellipse holds",
                    $"{F(row.ErrorRmsM ?? 0)} m, {F(row.ErrorMedianM ?? 0)} m,{Percent(row.EllipseCoverage)} of {row.Rounds}");
        return rows;
    }

    private static string F(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);

    private static string Percent(double? share) => share is { } s ? $" {(100 * s).ToString("0", CultureInfo.InvariantCulture)} %" : "";
}
