using Tocsin.Simulation.Radar;

namespace Tocsin.Simulation.Runs;

/// <summary>A run under way: its plots one by one in the order of arrival, and what a defence does to it meanwhile.</summary>
/// <remarks>The plots were made as if every round came down; those of a round that was neutralised before they were measured are left
/// out, and nothing else moves: runs with and without a defence share every draw up to the first kill and beyond it. Whoever plays it lets
/// it hear what the Site says, takes plot after plot, and asks for <see cref="Truth"/> when the last has come. Safe for a feed's thread and a
/// Site's thread at once; what they do in the same order has the same result.</remarks>
public sealed class RaidInMotion : ISiteOutput
{
    private readonly Lock _gate = new();
    private readonly IDefence? _defence;
    private readonly Neutralisation?[] _ended;
    private readonly Dictionary<string, int> _roundOf = new(StringComparer.Ordinal);
    private readonly List<GroundStrike> _strikes = [];
    private Instant _now = Instant.MinValue;
    private Truth? _truth;

    internal RaidInMotion(SimulationRun run, IDefence? defence)
    {
        (Run, _defence) = (run, defence);
        _ended = new Neutralisation?[run.Truth.Rounds.Count];
        for (int i = 0; i < _ended.Length; i++) _roundOf.Add(run.Truth.Rounds[i].Id, i);
    }

    /// <summary>The run as it would be without a defence.</summary>
    public SimulationRun Run { get; }

    /// <summary>The plots in the order of arrival, each made when it is asked for: by then the Site has said what it had to say of those before.</summary>
    public IEnumerable<SimulatedPlot> Plots
    {
        get
        {
            foreach (SimulatedPlot plot in Run.Plots)
                if (Arrives(plot)) yield return plot;
        }
    }

    /// <summary>What really happened: a round that was neutralised has no impact, and its states end there. Asking for it ends the run.</summary>
    public Truth Truth
    {
        get
        {
            Finish();
            return _truth!;
        }
    }

    /// <summary>Everything that came down, the raid's own rounds and what a defence let fall, in the order of time. Asking for it ends the run.</summary>
    public IReadOnlyList<GroundStrike> Strikes
    {
        get
        {
            Finish();
            return _strikes;
        }
    }

    /// <summary>The last plot has come: what is in the air goes to its end. Further calls do nothing.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_truth is not null) return;
            _defence?.Finish(this);
            _truth = TruthNow();
            foreach (TruthRound round in _truth.Rounds)
                if (round is { ImpactTime: { } time, Impact: { } place }) _strikes.Add(new(time, place, StrikeKind.Round, round.Kind, 0, round.Id));
            GroundStrike[] inOrder = [.. _strikes.OrderBy(s => s.Time)];
            _strikes.Clear();
            _strikes.AddRange(inOrder);
        }
    }

    /// <summary>Whether a round is in the air at a time.</summary>
    internal bool Flies(int round, Instant time) => Run.Flights[round] is not null && _ended[round] is null
        && Run.Truth.Rounds[round] is { ImpactTime: { } down } r && time >= r.LaunchTime && time < down;

    /// <summary>Ends a round in the air.</summary>
    internal void Neutralise(int round, Instant time, string by)
    {
        if (_ended[round] is not null) throw new InvalidOperationException("the round was neutralised before");
        TruthRound r = Run.Truth.Rounds[round];
        _ended[round] = new(time, by, r.ImpactTime!.Value, r.Impact!.Value);
    }

    /// <summary>Notes something that comes down.</summary>
    internal void Add(in GroundStrike strike) => _strikes.Add(strike);

    private bool Arrives(in SimulatedPlot plot)
    {
        lock (_gate)
        {
            // A drill looks through the plots before it plays them: time does not go back.
            if (plot.ArrivalTime > _now)
            {
                _now = plot.ArrivalTime;
                _defence?.Advance(_now, this);
            }
            return plot.Source is null || !_roundOf.TryGetValue(plot.Source, out int round) || _ended[round] is not { } end || plot.Plot.Time < end.Time;
        }
    }

    private Truth TruthNow()
    {
        if (!_ended.Any(e => e is not null)) return Run.Truth;
        List<TruthRound> rounds = [];
        foreach (TruthRound round in Run.Truth.Rounds)
            rounds.Add(_ended[rounds.Count] is { } end ? round with { ImpactTime = null, Impact = null, Neutralised = end } : round);
        return Run.Truth with
        {
            Rounds = rounds,
            States = [.. Run.Truth.States.Where(s => _ended[s.Round] is not { } end || s.Time < end.Time)],
        };
    }

    /// <inheritdoc/>
    public void PlotReceived(Instant now, in Plot plot) { }

    /// <inheritdoc/>
    public void TrackConfirmed(Instant now, in Track track)
    {
        lock (_gate) _defence?.TrackConfirmed(now, track);
    }

    /// <inheritdoc/>
    public void TrackUpdated(Instant now, in Track track)
    {
        lock (_gate) _defence?.TrackUpdated(now, track);
    }

    /// <inheritdoc/>
    public void TrackEnded(Instant now, TrackId track, TrackEnd reason)
    {
        lock (_gate) _defence?.TrackEnded(now, track, reason);
    }

    /// <inheritdoc/>
    public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
    {
        lock (_gate) _defence?.ImpactPredicted(now, prediction);
    }

    /// <inheritdoc/>
    public void WarningRaised(Instant now, in Warning warning) { }

    /// <inheritdoc/>
    public void WarningUpdated(Instant now, in Warning warning) { }

    /// <inheritdoc/>
    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason) { }

    /// <inheritdoc/>
    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) { }

    /// <inheritdoc/>
    public void InputRejected(Instant now, in Rejection rejection) { }
}
