using Tocsin.Geodesy;

namespace Tocsin.Simulation.Engagement;

/// <summary>What a defence believes of a track that it engaged.</summary>
public enum KillBelief
{
    /// <summary>There was no time to see.</summary>
    Unknown,
    /// <summary>It fell silent after a shot, long enough before its impact.</summary>
    Neutralised,
    /// <summary>The radar saw it after the last shot.</summary>
    Survived,
}

/// <summary>A track as the fire control heard of it.</summary>
internal sealed class HeardTrack(TrackId id, double confirmedS)
{
    private (double Probability, double Harm)? _threat;
    private PredictedPath? _path;
    private (double TimeS, Enu Position, Enu Velocity) _state;
    private (double ImpactS, Enu Impact, GroundEllipse Ellipse)? _prediction;

    /// <summary>A sight of the track counts as one after a shot when its plot was measured so long after the shot had passed, in seconds: chosen, a
    /// fraction of any such radar's scan.</summary>
    private const double AfterS = 0.05;

    public TrackId Id { get; } = id;

    public double ConfirmedS { get; } = confirmedS;

    public Kind Kind { get; private set; }

    public bool Ended { get; set; }

    /// <summary>When its newest plot was measured.</summary>
    public double SeenS => _state.TimeS;

    /// <summary>When the shots under way will have passed it, in order.</summary>
    public List<double> PassS { get; } = [];

    /// <summary>When the last of all shots has passed it; before any, minus infinity.</summary>
    public double LastPassS { get; private set; } = double.NegativeInfinity;

    public int Engagements { get; private set; }

    /// <summary>Whether it ever threatened enough to be engaged.</summary>
    public bool Threatened { get; private set; }

    /// <summary>Why shots at it were held, by reason.</summary>
    public bool[] Held { get; } = new bool[Enum.GetValues<Hold>().Length];

    public Enu PositionAt(double timeS) => _state.Position.PlusTimes(timeS - _state.TimeS, _state.Velocity);

    public double? ImpactS => _prediction?.ImpactS;

    public GroundEllipse Ellipse95 => _prediction!.Value.Ellipse;

    /// <summary>Its predicted path; null where no impact is predicted.</summary>
    public PredictedPath? Path => _prediction is { } p && p.ImpactS > _state.TimeS + 0.01
        ? _path ??= new(_state.TimeS, _state.Position, _state.Velocity, p.ImpactS, p.Impact) : null;

    public void See(double timeS, in Enu position, in Enu velocity, Kind kind)
    {
        if (timeS < _state.TimeS && _state.TimeS != 0) return;
        (_state, Kind, _path) = ((timeS, position, velocity), kind, null);
    }

    public void Predict(double impactS, in Enu impact, in GroundEllipse ellipse) => (_prediction, _path, _threat) = ((impactS, impact, ellipse), null, null);

    /// <summary>How probably it harms a zone or an asset, and how much harm that is expected to be.</summary>
    public (double Probability, double Harm) Threat(HarmMap map, double least)
    {
        if (_prediction is not { } p) return (0, 0);
        _threat ??= map.Of(p.Impact.East, p.Impact.North, p.Ellipse, Kind);
        Threatened |= _threat.Value.Probability >= least;
        return _threat.Value;
    }

    public void Engage(double passS)
    {
        PassS.Add(passS);
        LastPassS = Math.Max(LastPassS, passS);
        Engagements++;
    }

    /// <summary>What is to be believed of it at a time, after the shots so far.</summary>
    public KillBelief Belief(double nowS, double lookS)
    {
        if (SeenS > LastPassS + AfterS) return KillBelief.Survived;
        // Where it would have come down before it could be looked for, silence says nothing.
        double until = Math.Min(nowS, ImpactS ?? nowS);
        return until >= LastPassS + lookS ? KillBelief.Neutralised : KillBelief.Unknown;
    }
}
