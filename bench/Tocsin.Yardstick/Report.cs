using System.Text.Json;

namespace Tocsin.Yardstick;

/// <summary>One criterion of "It holds when" and whether a grade meets it.</summary>
internal readonly record struct Verdict(string Criterion, double Value, string Limit, bool Holds);

/// <summary>Says a grade in words and figures.</summary>
internal static class Report
{
    /// <summary>The issue's criteria that apply to a set; a raid on which no warning is allowed is named by <paramref name="silent"/>.</summary>
    public static List<Verdict> Verdicts(Grade g, bool silent)
    {
        List<Verdict> verdicts = [];
        void AtLeast(string what, double value, double limit) => verdicts.Add(new(what, value, $">= {limit:0.##}", value >= limit));
        void AtMost(string what, double value, double limit) => verdicts.Add(new(what, value, $"<= {limit:0.##}", value <= limit));
        if (silent)
            AtMost("warnings where none is due", g.Warnings, 0);
        if (g.Rounds > 0)
            AtLeast("rounds with a prediction", g.PredictedShare, 0.95);
        if (g.Told.Count > 0)
        {
            AtLeast("warned 5 s ahead", g.WarnedShare(5), 0.95);
            AtMost("needless warnings", g.NeedlessShare, 0.3);
        }
        foreach (double lead in g.Rounds > 0 ? Grade.Leads : [])
        {
            LeadMeasures m = g.Measures(lead);
            AtMost($"rms error over bound at {lead} s", m.Ratio, 2);
            verdicts.Add(new($"ellipse coverage at {lead} s", m.Coverage, "0.88..0.99", m.Coverage is >= 0.88 and <= 0.99));
        }
        return verdicts;
    }

    public static void Print(TextWriter to, string title, Grade g, bool silent)
    {
        to.WriteLine($"== {title}: {g.Rounds} rounds, {g.Told.Count} landing in zones, {g.Warnings} warnings");
        to.WriteLine($"   predicted {g.PredictedShare:P1}; warned in time by 3, 5, 10, 15 s: {g.WarnedShare(3):P1} {g.WarnedShare(5):P1} {g.WarnedShare(10):P1} {g.WarnedShare(15):P1}; never {g.Told.Count(t => double.IsNaN(t.LeadS))}");
        to.WriteLine($"   needless {g.NeedlessShare:P1} of warned zones (people {(g.WarnedPeople > 0 ? g.NeedlessPeople / g.WarnedPeople : double.NaN):P1}); one siren {g.SirenShare:P1}");
        foreach (double lead in g.Rounds > 0 ? Grade.Leads : [])
        {
            LeadMeasures m = g.Measures(lead);
            to.WriteLine($"   {lead,2} s: {m.Given}/{m.Rounds} ({m.Stale} stale) rms {m.RmsM:F1} median {m.MedianM:F1} bound {m.BoundM:F1} m, ratio {m.Ratio:F2} (by round {m.RelativeRatio:F2}), ellipse holds {m.Coverage:P1}, time rms {m.TimeRmsS:F3} s, {m.TimeNormalised:F2} of its sigma");
        }
        IEnumerable<AtLead> worst = g.AtLeads.Where(a => a.Prediction is not null).OrderByDescending(a => a.Relative).Take(5);
        if (g.AtLeads.Count > 0)
            to.WriteLine($"   farthest from their bound: {string.Join(", ", worst.Select(a => $"{a.Raid} {a.Round} at {a.LeadS} s {a.ErrorM:F0} m ({a.Relative:F1})"))}");
        List<double> delays = [.. g.ConfirmationDelaysS.Order()];
        to.WriteLine($"   confirmed after {(delays.Count > 0 ? delays[delays.Count / 2] : double.NaN):F2} s (median), {(delays.Count > 0 ? delays[^1] : double.NaN):F2} s (worst); second ids {g.SecondIds}, switches {g.Switches}, false ballistic {g.BallisticFalse}, movers taken for rounds {g.MoversTakenForRounds}, other false {g.OtherFalse}, gaps in predictions {g.PredictionGaps}");
        foreach ((string what, (int count, int first)) in g.Breaches)
            to.WriteLine($"   BREACH {what}: {count} times, first at line {first}");
        foreach (Verdict v in Verdicts(g, silent))
            to.WriteLine($"   {(v.Holds ? "holds" : "FAILS")} {v.Criterion}: {v.Value:0.###} ({v.Limit})");
    }

    public static string Json(string title, Grade g, bool silent)
    {
        // A figure that has nothing to be computed from is null: JSON has no NaN.
        static double? Number(double x) => double.IsFinite(x) ? Math.Round(x, 4) : null;
        return JsonSerializer.Serialize(new
        {
            raid = title,
            rounds = g.Rounds,
            predictedShare = Number(g.PredictedShare),
            landingInZones = g.Told.Count,
            warnedShareByLeadS = new Dictionary<string, double?>(StringComparer.Ordinal)
            {
                ["3"] = Number(g.WarnedShare(3)),
                ["5"] = Number(g.WarnedShare(5)),
                ["10"] = Number(g.WarnedShare(10)),
                ["15"] = Number(g.WarnedShare(15)),
            },
            warnings = g.Warnings,
            needlessShare = Number(g.NeedlessShare),
            sirenNeedlessShare = Number(g.SirenShare),
            leads = Grade.Leads.Select(g.Measures).Select(m => new
            {
                leadS = m.LeadS,
                rounds = m.Rounds,
                given = m.Given,
                stale = m.Stale,
                rmsM = Number(m.RmsM),
                medianM = Number(m.MedianM),
                boundM = Number(m.BoundM),
                ratio = Number(m.Ratio),
                ratioByRound = Number(m.RelativeRatio),
                coverage = Number(m.Coverage),
                timeRmsS = Number(m.TimeRmsS),
                timeNormalised = Number(m.TimeNormalised),
            }),
            secondIds = g.SecondIds,
            switches = g.Switches,
            falseBallistic = g.BallisticFalse,
            moversTakenForRounds = g.MoversTakenForRounds,
            otherFalse = g.OtherFalse,
            predictionGaps = g.PredictionGaps,
            breaches = g.Breaches.ToDictionary(b => b.Key, b => b.Value.Count, StringComparer.Ordinal),
            verdicts = Verdicts(g, silent).Select(v => new { criterion = v.Criterion, value = Number(v.Value), limit = v.Limit, holds = v.Holds }),
        });
    }
}
