using Tocsin.Geodesy;

namespace Tocsin.Simulation.Measures;

/// <summary>Judges tracks and impact predictions by truth.</summary>
internal sealed class PictureMeasures
{
    /// <summary>The times before the impact at which predictions are judged, in seconds.</summary>
    public static readonly double[] LeadTimesS = [30, 20, 15, 10, 7, 5, 3];

    private readonly SiteDefinition _site;
    private readonly TruthPicture _truth;
    private readonly List<TrackPath> _tracks;
    private readonly List<TrackPath>[] _tracksOf;
    private readonly List<LoggedPrediction>[] _predictionsOf;

    public PictureMeasures(SiteDefinition site, RunLog log, TruthPicture truth)
    {
        (_site, _truth) = (site, truth);
        _tracks = [.. log.Tracks.Select(t => new TrackPath(site, t))];
        TrackAssociation.Associate(_tracks, truth.Rounds);
        _tracksOf = new List<TrackPath>[truth.Rounds.Count];
        _predictionsOf = new List<LoggedPrediction>[truth.Rounds.Count];
        for (int r = 0; r < truth.Rounds.Count; r++)
        {
            _tracksOf[r] = [.. _tracks.Where(t => t.Round == r)];
            // By the time said; a stable sort keeps the order of the log among equals.
            _predictionsOf[r] = [.. _tracksOf[r].SelectMany(t => t.Log.Predictions).Where(p => IsFinite(p.Prediction)).OrderBy(p => p.Time)];
        }
    }

    /// <summary>The tracks that follow a round, by their first line.</summary>
    public IReadOnlyList<TrackPath> TracksOf(RoundPath round) => _tracksOf[round.Index];

    /// <summary>Time from the round's first confirmation to its impact, real or averted; null where it was not tracked by its end.</summary>
    public double? FirstTrackLeadS(RoundPath round)
        => round.Flew && _tracksOf[round.Index] is [TrackPath first, ..] && first.Log.FirstTime <= round.EndTime
            ? round.ImpactTime.SecondsSince(first.Log.FirstTime) : null;

    /// <summary>Time from the round's first prediction to its impact, real or averted; null where none was given by its end.</summary>
    public double? FirstPredictionLeadS(RoundPath round)
        => round.Flew && _predictionsOf[round.Index] is [LoggedPrediction first, ..] && first.Time <= round.EndTime
            ? round.ImpactTime.SecondsSince(first.Time) : null;

    /// <summary>The newest prediction for the round whose newest plot is at least <paramref name="leadS"/> before its impact; null where there is none.</summary>
    public ImpactPrediction? PredictionAt(RoundPath round, double leadS)
    {
        ImpactPrediction? newest = null;
        if (!round.CameDown) return null;
        Instant latest = round.ImpactTime.AddSeconds(-leadS);
        foreach (LoggedPrediction p in _predictionsOf[round.Index])
            if (p.Prediction.ValidTime <= latest && (newest is null || p.Prediction.ValidTime >= newest.Value.ValidTime)) newest = p.Prediction;
        return newest;
    }

    /// <summary>Horizontal distance from the predicted to the true impact, in metres.</summary>
    public double ErrorM(RoundPath round, in ImpactPrediction prediction)
    {
        (double east, double north) = Miss(round, prediction);
        return Math.Sqrt(east * east + north * north);
    }

    public LeadTimeRow AtLeadTime(double leadS)
    {
        List<double> errors = [], timeErrors = [], semiMajors = [], ages = [];
        int inFlight = 0, covered = 0;
        foreach (RoundPath round in _truth.Rounds)
        {
            if (!round.CameDown) continue;
            if (round.ImpactTime.SecondsSince(round.Round.LaunchTime) >= leadS) inFlight++;
            if (PredictionAt(round, leadS) is not { } prediction) continue;
            errors.Add(ErrorM(round, prediction));
            timeErrors.Add(prediction.ImpactTime.SecondsSince(round.ImpactTime));
            semiMajors.Add(prediction.Ellipse95.SemiMajorM);
            ages.Add(round.ImpactTime.SecondsSince(prediction.ValidTime) - leadS);
            (double east, double north) = Miss(round, prediction);
            if (Ellipses.Contains(prediction.Ellipse95, east, north)) covered++;
        }
        return new(leadS, inFlight, errors.Count, Statistics.Rms(errors), Statistics.Median(errors), Statistics.Max(errors),
            Statistics.Share(covered, errors.Count), Statistics.Median(semiMajors), Statistics.Rms(timeErrors), Statistics.Mean(timeErrors),
            Statistics.Median(ages));
    }

    public TrackSummary Tracks()
    {
        int visible = _truth.Rounds.Count(r => r.FirstVisibleTime is not null);
        int confirmed = _tracks.Count;
        if (_truth.Times.Count == 0) return new(visible, null, null, confirmed, null, null, null, null, null, null);

        List<double> delays = [], trackLeads = [], predictionLeads = [];
        int tracked = 0, ghosts = 0;
        foreach (RoundPath round in _truth.Rounds)
        {
            if (FirstTrackLeadS(round) is { } trackLead) trackLeads.Add(trackLead);
            if (FirstPredictionLeadS(round) is { } predictionLead) predictionLeads.Add(predictionLead);
            if (_tracksOf[round.Index] is not [TrackPath first, ..] tracks) continue;
            tracked++;
            ghosts += tracks.Count - 1;
            if (round.FirstVisibleTime is { } seen) delays.Add(first.Log.FirstTime.SecondsSince(seen));
        }
        return new(visible, tracked, predictionLeads.Count, confirmed, ghosts,
            _tracks.Count(t => t.Round < 0 && t.Log.EverBallistic), _tracks.Count(t => t.Round < 0 && !t.Log.EverBallistic),
            Statistics.Median(delays), Statistics.Median(trackLeads), Statistics.Median(predictionLeads));
    }

    /// <summary>GOSPA over the times of truth at which there was anything to see or any track.</summary>
    public GospaSummary? GospaOverScans()
    {
        double sum = 0, localisation = 0, missed = 0, falseSum = 0;
        int scans = 0;
        long matched = 0;
        List<Enu> truth = [], estimates = [];
        foreach (Instant time in _truth.Times)
        {
            truth.Clear();
            estimates.Clear();
            foreach (RoundPath round in _truth.Rounds)
                if (StateAt(round, time) is { Visible: true } state) truth.Add(state.Position);
            foreach (TrackPath track in _tracks)
                if (track.At(time) is { } estimate && Counts(track, estimate.Kind, time)) estimates.Add(estimate.Position);
            if (truth.Count == 0 && estimates.Count == 0) continue;
            GospaParts parts = Gospa.Between(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(truth),
                System.Runtime.InteropServices.CollectionsMarshal.AsSpan(estimates), TrackAssociation.GateM);
            scans++;
            sum += parts.DistanceM;
            localisation += parts.LocalisationM2;
            missed += parts.MissedM2;
            falseSum += parts.FalseM2;
            matched += parts.Matched;
        }
        if (scans == 0) return null;
        double Rms(double squares) => Statistics.Rounded(Math.Sqrt(squares / scans));
        return new(scans, Statistics.Rounded(sum / scans), Rms(localisation + missed + falseSum), Rms(localisation), Rms(missed), Rms(falseSum),
            matched > 0 ? Statistics.Rounded(Math.Sqrt(localisation / matched)) : null);
    }

    // A track of a round that no radar can see now is neither asked for nor false; nor is one held to be an aircraft or a bird
    // that follows no round, as truth says nothing of those.
    private bool Counts(TrackPath track, Kind kind, Instant time)
        => track.Round >= 0
            ? StateAt(_truth.Rounds[track.Round], time) is not { Visible: false }
            : kind is not (Kind.Aircraft or Kind.Bird);

    private static (Enu Position, bool Visible)? StateAt(RoundPath round, Instant time)
    {
        int i = TimedMotion.LastAtOrBefore(round.States, time);
        return i >= 0 && round.States[i].Time == time ? (round.States[i].Motion.Position, round.IsVisible(i)) : null;
    }

    // An events file of another make may hold anything.
    private static bool IsFinite(in ImpactPrediction p)
        => double.IsFinite(p.Position.LatitudeRad + p.Position.LongitudeRad + p.Ellipse95.SemiMajorM + p.Ellipse95.SemiMinorM);

    private (double East, double North) Miss(RoundPath round, in ImpactPrediction prediction)
    {
        Enu predicted = _site.Frame.ToEnu(prediction.Position with { HeightM = _site.GroundElevationM });
        return (round.ImpactPoint.East - predicted.East, round.ImpactPoint.North - predicted.North);
    }
}
