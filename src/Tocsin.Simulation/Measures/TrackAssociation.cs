using Tocsin.Geodesy;

namespace Tocsin.Simulation.Measures;

/// <summary>One confirmed track in the site's local frame, and the round it belongs to.</summary>
internal sealed class TrackPath
{
    private readonly List<TimedMotion> _states = [];
    private readonly List<Kind> _kinds = [];

    public TrackPath(SiteDefinition site, TrackLog log)
    {
        Log = log;
        foreach (TrackPoint point in log.Points)
        {
            // An estimate that went back in time (a late plot re-done) replaces what was said of later times.
            while (_states.Count > 0 && _states[^1].Time >= point.ValidTime)
            {
                _states.RemoveAt(_states.Count - 1);
                _kinds.RemoveAt(_kinds.Count - 1);
            }
            _states.Add(new(point.ValidTime, Motion.Of(site.Frame, point.Position, point.VelocityMps)));
            _kinds.Add(point.Kind);
        }
    }

    public TrackLog Log { get; }

    /// <summary>Its states in the order of their valid times.</summary>
    public IReadOnlyList<TimedMotion> States => _states;

    /// <summary>Index of the round it follows; -1 where it follows none.</summary>
    public int Round { get; set; } = -1;

    /// <summary>Where the track said its object was at <paramref name="time"/>, and what it held it to be; null while there was no such track, or it said that its object was down.</summary>
    public (Enu Position, Kind Kind)? At(Instant time)
    {
        if (Log.EndedTime is { } ended && ended <= time) return null;
        int i = TimedMotion.LastAtOrBefore(_states, time);
        if (i < 0 || SaidToBeDown(time)) return null;
        double acceleration = Kinds.IsRound(_kinds[i]) ? -StandardGravityMps2 : 0;
        return (_states[i].Motion.After(time.SecondsSince(_states[i].Time), acceleration), _kinds[i]);
    }

    // A track is ended a little after its impact, as a last plot may still come; from the impact on it no longer says that anything flies.
    private bool SaidToBeDown(Instant time)
    {
        for (int i = Log.Predictions.Count - 1; i >= 0; i--)
            if (Log.Predictions[i].Prediction is var p && p.ValidTime <= time) return p.ImpactTime <= time;
        return false;
    }

    // Standard acceleration of free fall, CGPM 1901.
    private const double StandardGravityMps2 = 9.80665;
}

/// <summary>Finds the round that each confirmed track follows.</summary>
/// <remarks>For every state of the track (at its valid time) the distance d to where the round then was; a state farther than
/// <see cref="GateM"/>, or outside the round's flight, counts as <see cref="GateM"/>. The track belongs to the round with the least mean
/// of d², provided that more than half of its states lie within the gate; else to none. Several tracks may belong to one round: identity
/// is judged by that, so no track is pushed to a neighbouring round because another one is already there.</remarks>
internal static class TrackAssociation
{
    /// <summary>Farthest that a track's state may lie from its round, in metres.</summary>
    public const double GateM = 200;

    public static void Associate(IReadOnlyList<TrackPath> tracks, IReadOnlyList<RoundPath> rounds)
    {
        foreach (TrackPath track in tracks)
        {
            double best = double.PositiveInfinity;
            foreach (RoundPath round in rounds)
            {
                if (round.States.Count == 0 || Sum(track, round, best) is not { } sum) continue;
                (best, track.Round) = (sum, round.Index);
            }
        }
    }

    // The sum of min(d, gate)²; null as soon as it cannot be below the best, or half of the states are outside the gate.
    private static double? Sum(TrackPath track, RoundPath round, double best)
    {
        const double gate2 = GateM * GateM;
        double sum = 0;
        int outside = 0;
        foreach (TimedMotion state in track.States)
        {
            double d2 = round.PositionAt(state.Time) is { } position ? Gospa.SquaredDistance(position, state.Motion.Position) : gate2;
            if (d2 < gate2)
            {
                sum += d2;
            }
            else
            {
                sum += gate2;
                if (2 * ++outside >= track.States.Count) return null;
            }
            if (sum >= best) return null;
        }
        return track.States.Count > 0 ? sum : null;
    }
}
