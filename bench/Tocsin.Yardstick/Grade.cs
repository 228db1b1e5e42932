namespace Tocsin.Yardstick;

/// <summary>One round's newest prediction at one lead, and what the bound allows there.</summary>
internal sealed record AtLead(string Raid, string Round, double LeadS, Prediction? Prediction, double ErrorM, double AgeS, Bound? Bound, double TimeErrorS)
{
    public double EllipseSquared { get; init; } = double.NaN;

    /// <summary>Whether the prediction is older than two scans at its lead: the last word of a track that had gone quiet.</summary>
    public bool Stale { get; init; }

    /// <summary>Error over the round's own bound.</summary>
    public double Relative => Bound is { } b ? ErrorM / b.Rms : double.NaN;
}

/// <summary>One round that landed where a zone is, and how early its people were told (NaN: not at all).</summary>
internal sealed record Told(string Raid, string Round, string Zone, double LeadS);

/// <summary>What one events file is worth against its truth. Grades add up, so that a set of raids is graded as one.</summary>
internal sealed class Grade
{
    public static readonly double[] Leads = [10, 7, 5];

    public int Rounds { get; private set; }

    public int Predicted { get; private set; }

    public List<AtLead> AtLeads { get; } = [];

    public List<Told> Told { get; } = [];

    public int Warnings { get; private set; }

    public int Needless { get; private set; }

    public double WarnedPeople { get; private set; }

    public double NeedlessPeople { get; private set; }

    /// <summary>Zones of raids in which anything landed near a zone: what one siren would alarm.</summary>
    public int SirenZones { get; private set; }

    public int SirenNeedless { get; private set; }

    public int SecondIds { get; private set; }

    public int Switches { get; private set; }

    public int BallisticFalse { get; private set; }

    public int OtherFalse { get; private set; }

    public int MoversTakenForRounds { get; private set; }

    public List<double> ConfirmationDelaysS { get; } = [];

    /// <summary>Times that a track gave no prediction for clearly more than a scan, between two that it gave.</summary>
    public int PredictionGaps { get; private set; }

    public SortedDictionary<string, (int Count, int FirstLine)> Breaches { get; } = new(StringComparer.Ordinal);

    /// <summary>Distance from a zone within which an impact makes its warning right, in metres.</summary>
    public const double NearM = 100;

    public static Grade Of(string raid, EventsFile events, SiteFile site, List<TrueRound> rounds, SecretFile secret, Action<string>? tell = null)
    {
        Grade grade = new() { Rounds = rounds.Count, Warnings = events.Warnings.Count };
        foreach ((string what, (int, int) where) in events.Breaches)
            grade.Breaches[what] = where;
        Matching matching = Matching.Of(events.Tracks, rounds, secret.Movers);
        (grade.Switches, grade.BallisticFalse, grade.OtherFalse, grade.MoversTakenForRounds) =
            (matching.Switches, matching.BallisticFalse, matching.OtherFalse, matching.MoversTakenForRounds);
        double scan = site.Sensors.Max(s => s.PeriodS);
        for (int i = 0; i < rounds.Count; i++)
            grade.TakeRound(raid, rounds[i], matching.ByRound[i], new(secret.Rounds[rounds[i].Id], site, secret.Variances), secret.Rounds[rounds[i].Id], scan, tell);
        grade.TakeWarnings(raid, events, site, rounds);
        return grade;
    }

    private void TakeRound(string raid, TrueRound round, List<TrackLog> tracks, CramerRao bound, Knowledge knowledge, double scanS, Action<string>? tell)
    {
        List<Prediction> predictions = [.. tracks.SelectMany(t => t.Predictions).Where(p => p.ValidS < round.ImpactS)];
        Predicted += predictions.Count > 0 ? 1 : 0;
        SecondIds += Math.Max(0, tracks.Count(t => t.Ballistic) - 1);
        double first = knowledge.Hits.Count > 0 ? knowledge.Hits[0].TimeS : double.NaN;
        if (tracks.Count > 0)
            ConfirmationDelaysS.Add(tracks.Min(t => t.ConfirmedS) - first);
        foreach (TrackLog track in tracks)
        {
            for (int k = 1; k < track.Predictions.Count; k++)
                PredictionGaps += track.Predictions[k].TimeS - track.Predictions[k - 1].TimeS > 1.75 * scanS ? 1 : 0;
        }
        string row = $"{raid} {round.Id,-4} {round.Kind,-6} {knowledge.Launch.Curve.Name,-8} {knowledge.Launch.Velocity.Length,4:F0} m/s, flight {round.ImpactS - round.LaunchS,4:F0} s, tracks {string.Join(',', tracks.Select(t => t.Id))}:";
        foreach (double lead in Leads)
        {
            double cut = round.ImpactS - lead;
            if (bound.At(cut) is not { } b)
                continue;
            Prediction? newest = null;
            foreach (Prediction p in predictions.Where(p => p.ValidS <= cut + 1e-6))
                newest = newest is null || p.ValidS >= newest.ValidS ? p : newest;
            AtLead at = newest is null
                ? new(raid, round.Id, lead, null, double.NaN, double.NaN, b, double.NaN)
                : new(raid, round.Id, lead, newest, newest.Error(round.Impact), cut - newest.ValidS, b, newest.ImpactS - round.ImpactS) { EllipseSquared = newest.EllipseSquared(round.Impact), Stale = cut - newest.ValidS > 2 * scanS };
            AtLeads.Add(at);
            row += newest is null ? $"  {lead}s none" : $"  {lead}s {at.ErrorM:F1}/{b.Rms:F1} m e {Math.Sqrt(at.EllipseSquared):F2} t {at.TimeErrorS:F2}/{newest.TimeSigmaS:F2}";
        }
        tell?.Invoke(row);
    }

    private void TakeWarnings(string raid, EventsFile events, SiteFile site, List<TrueRound> rounds)
    {
        foreach (TrueRound round in rounds)
        {
            foreach (SiteZone zone in site.Zones.Where(z => z.Contains(round.Impact)))
            {
                WarningSpan? span = events.Warnings.Find(w => w.Zone == zone.Id && w.RaisedS <= round.ImpactS && w.ClearedS > round.ImpactS);
                Told.Add(new(raid, round.Id, zone.Id, span is null ? double.NaN : round.ImpactS - span.RaisedS));
            }
        }
        Dictionary<string, SiteZone> zones = site.Zones.ToDictionary(z => z.Id, StringComparer.Ordinal);
        foreach (WarningSpan span in events.Warnings.Where(w => zones.ContainsKey(w.Zone)))
        {
            SiteZone zone = zones[span.Zone];
            bool right = rounds.Exists(r => r.ImpactS >= span.RaisedS && r.ImpactS <= span.ClearedS && zone.Distance(r.Impact) <= NearM);
            WarnedPeople += zone.Population;
            Needless += right ? 0 : 1;
            NeedlessPeople += right ? 0 : zone.Population;
        }
        int near = site.Zones.Count(z => rounds.Exists(r => z.Distance(r.Impact) <= NearM));
        if (near > 0)
        {
            SirenZones += site.Zones.Count;
            SirenNeedless += site.Zones.Count - near;
        }
    }

    public void Add(Grade other)
    {
        Rounds += other.Rounds;
        Predicted += other.Predicted;
        AtLeads.AddRange(other.AtLeads);
        Told.AddRange(other.Told);
        Warnings += other.Warnings;
        Needless += other.Needless;
        WarnedPeople += other.WarnedPeople;
        NeedlessPeople += other.NeedlessPeople;
        SirenZones += other.SirenZones;
        SirenNeedless += other.SirenNeedless;
        SecondIds += other.SecondIds;
        Switches += other.Switches;
        BallisticFalse += other.BallisticFalse;
        OtherFalse += other.OtherFalse;
        MoversTakenForRounds += other.MoversTakenForRounds;
        ConfirmationDelaysS.AddRange(other.ConfirmationDelaysS);
        PredictionGaps += other.PredictionGaps;
        foreach ((string what, (int count, int first)) in other.Breaches)
            Breaches[what] = (Breaches.GetValueOrDefault(what).Count + count, first);
    }

    public double WarnedShare(double leadS) => Told.Count == 0 ? double.NaN : (double)Told.Count(t => t.LeadS >= leadS) / Told.Count;

    public double PredictedShare => Rounds == 0 ? double.NaN : (double)Predicted / Rounds;

    public double NeedlessShare => Warnings == 0 ? double.NaN : (double)Needless / Warnings;

    public double SirenShare => SirenZones == 0 ? double.NaN : (double)SirenNeedless / SirenZones;

    /// <summary>Measures of the predictions at one lead.</summary>
    public LeadMeasures Measures(double leadS)
    {
        List<AtLead> all = [.. AtLeads.Where(a => a.LeadS == leadS)];
        List<AtLead> given = [.. all.Where(a => a.Prediction is not null)];
        if (given.Count == 0)
            return new(leadS, all.Count, 0, 0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        double rms = Math.Sqrt(given.Average(a => a.ErrorM * a.ErrorM)), bound = Math.Sqrt(given.Average(a => Math.Pow(a.Bound!.Value.Rms, 2)));
        List<double> sorted = [.. given.Select(a => a.ErrorM).Order()];
        // Each round weighs the same here, whatever its geometry; the typical round rather than the worst.
        double relative = Math.Sqrt(given.Average(a => a.Relative * a.Relative));
        return new(leadS, all.Count, given.Count, given.Count(a => a.Stale), rms, sorted[sorted.Count / 2], bound, rms / bound, relative,
            (double)given.Count(a => a.EllipseSquared <= 1) / given.Count,
            Math.Sqrt(given.Average(a => a.TimeErrorS * a.TimeErrorS)),
            Math.Sqrt(given.Average(a => Math.Pow(a.TimeErrorS / Math.Max(a.Prediction!.TimeSigmaS, 1e-9), 2))));
    }
}

/// <summary>What the predictions at one lead are worth.</summary>
internal readonly record struct LeadMeasures(double LeadS, int Rounds, int Given, int Stale, double RmsM, double MedianM, double BoundM, double Ratio,
    double RelativeRatio, double Coverage, double TimeRmsS, double TimeNormalised);
