namespace Tocsin.Simulation.Measures;

/// <summary>Measures one run against truth.</summary>
public static class Score
{
    /// <summary>All measures of <paramref name="log"/>, made at <paramref name="site"/>, against <paramref name="truth"/>.</summary>
    public static ScoreSummary Compute(SiteDefinition site, RunLog log, Truth truth)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(truth);
        var picture = new TruthPicture(site, truth);
        var tracks = new PictureMeasures(site, log, picture);
        var warnings = new WarningMeasures(site, log, picture.Rounds);
        return new()
        {
            Site = site.Name,
            Status = log.Status is { } status ? Words.Of(status) : null,
            Account = Account.Of(site, log),
            Rounds = new(picture.Rounds.Count, picture.Rounds.Count(r => r.Flew), picture.Rounds.Count(r => r.Threatening),
                warnings.Landed.Count, null, picture.Rounds.Any(r => r.Neutralised) ? picture.Rounds.Count(r => r.Neutralised) : null),
            Warned = warnings.Warned(),
            Needless = warnings.Needless(),
            OneSiren = warnings.OneSiren(),
            NoWarning = warnings.NoWarning(),
            Tracks = tracks.Tracks(),
            Gospa = tracks.GospaOverScans(),
            ByLeadTime = [.. PictureMeasures.LeadTimesS.Select(tracks.AtLeadTime)],
            RoundList = [.. picture.Rounds.Select(r => ScoreOf(site, r, tracks, warnings))],
            ZoneList = warnings.Zones(log.LastTime),
        };
    }

    private static RoundScore ScoreOf(SiteDefinition site, RoundPath round, PictureMeasures tracks, WarningMeasures warnings)
    {
        double? lead = round.LandedIn.Count > 0 ? warnings.LeadS(round) : null;
        return new()
        {
            Round = round.Round.Id,
            Kind = Words.Of(round.Round.Kind),
            LaunchTime = round.Round.LaunchTime.ToString(),
            ImpactTime = round.CameDown ? round.ImpactTime.ToString() : null,
            LandedIn = [.. round.LandedIn.Select(z => site.Zones[z].Id)],
            Threatening = round.Threatening,
            Tracks = round.States.Count > 0 ? [.. tracks.TracksOf(round).Select(t => t.Log.Id.ToString())] : null,
            FirstTrackLeadS = Rounded(tracks.FirstTrackLeadS(round)),
            FirstPredictionLeadS = Rounded(tracks.FirstPredictionLeadS(round)),
            ErrorAt10SM = tracks.PredictionAt(round, 10) is { } prediction ? Statistics.Rounded(tracks.ErrorM(round, prediction)) : null,
            WarnedLeadS = Rounded(lead),
            Outcome = !round.Flew ? Outcomes.NeverFlew : round.Neutralised ? Outcomes.Neutralised : round.LandedIn.Count == 0 ? Outcomes.Outside
                : lead is null ? Outcomes.Missed : Outcomes.Warned,
        };
    }

    private static double? Rounded(double? value) => value is { } v ? Statistics.Rounded(v) : null;
}

/// <summary>The words of the contract for the core's enumerations.</summary>
internal static class Words
{
    public static string Of(OperationStatus status) => status switch
    {
        OperationStatus.Actual => "actual",
        OperationStatus.Exercise => "exercise",
        _ => "test",
    };

    public static string Of(Kind kind) => kind switch
    {
        Kind.Rocket => "rocket",
        Kind.Artillery => "artillery",
        Kind.Mortar => "mortar",
        Kind.Aircraft => "aircraft",
        Kind.Bird => "bird",
        _ => "unknown",
    };
}
