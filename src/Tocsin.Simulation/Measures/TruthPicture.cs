using Tocsin.Geodesy;

namespace Tocsin.Simulation.Measures;

/// <summary>One round of truth in the site's local frame.</summary>
internal sealed class RoundPath
{
    private readonly List<TimedMotion> _states = [];
    private readonly List<bool> _visible = [];

    public RoundPath(SiteDefinition site, TruthRound round, int index)
    {
        (Round, Index) = (round, index);
        // A round that was neutralised threatened where it would have come down.
        (Instant, Geodetic)? fall = round is { ImpactTime: { } at, Impact: { } point } ? (at, point)
            : round.Neutralised is { } end ? (end.AvertedImpactTime, end.AvertedImpact) : null;
        if (fall is not (var time, var impact)) return;
        Enu local = site.Frame.ToEnu(impact with { HeightM = site.GroundElevationM });
        (Flew, Neutralised, ImpactTime, ImpactPoint) = (true, round.Impact is null, time, local);
        double harmRadius = HarmRadiusM(site.Policy, round.Kind);
        for (int z = 0; z < site.Zones.Length; z++)
        {
            double distance = site.Zones[z].Area.DistanceM(local.East, local.North);
            if (distance <= 0 && CameDown) LandedIn.Add(z);
            if (distance <= WarningMeasures.NeedlessDistanceM) NearZones.Add(z);
            Threatening |= distance <= harmRadius;
        }
    }

    public TruthRound Round { get; }

    /// <summary>Index in <see cref="Truth.Rounds"/>.</summary>
    public int Index { get; }

    public bool Flew { get; }

    /// <summary>Whether a defence neutralised it in the air.</summary>
    public bool Neutralised { get; }

    /// <summary>Whether it flew and came down.</summary>
    public bool CameDown => Flew && !Neutralised;

    /// <summary>When it came down, or would have but for a defence, where it flew.</summary>
    public Instant ImpactTime { get; }

    /// <summary>Where it came down, or would have but for a defence, where it flew.</summary>
    public Enu ImpactPoint { get; }

    /// <summary>When it was no longer in the air.</summary>
    public Instant EndTime => Round.Neutralised?.Time ?? ImpactTime;

    /// <summary>Zones that hold the impact point.</summary>
    public List<int> LandedIn { get; } = [];

    /// <summary>Zones within <see cref="WarningMeasures.NeedlessDistanceM"/> of the impact point, real or averted, those that hold it included.</summary>
    public List<int> NearZones { get; } = [];

    /// <summary>Whether it came down in a zone or within its kind's harm radius of one, or would have but for a defence.</summary>
    public bool Threatening { get; }

    public IReadOnlyList<TimedMotion> States => _states;

    /// <summary>When a radar could first see it; null where none could.</summary>
    public Instant? FirstVisibleTime { get; private set; }

    public void Add(in TimedMotion state, bool visible)
    {
        _states.Add(state);
        _visible.Add(visible);
        if (visible) FirstVisibleTime ??= state.Time;
    }

    public bool IsVisible(int state) => _visible[state];

    /// <summary>Where it was at <paramref name="time"/>; null outside its flight as far as truth knows it.</summary>
    public Enu? PositionAt(Instant time)
    {
        int i = TimedMotion.LastAtOrBefore(_states, time);
        if (i < 0) return null;
        TimedMotion from = _states[i];
        if (from.Time == time) return from.Motion.Position;
        if (i + 1 < _states.Count)
        {
            TimedMotion to = _states[i + 1];
            double duration = to.Time.SecondsSince(from.Time);
            return from.Motion.Between(to.Motion, duration, time.SecondsSince(from.Time) / duration);
        }
        // From the last state to the impact: straight, as that is less than a step of the truth file.
        if (!Flew || time > EndTime) return null;
        if (Neutralised) return from.Motion.After(time.SecondsSince(from.Time), 0);
        double s = time.SecondsSince(from.Time) / ImpactTime.SecondsSince(from.Time);
        Enu a = from.Motion.Position, b = ImpactPoint;
        return new(a.East + s * (b.East - a.East), a.North + s * (b.North - a.North), a.Up + s * (b.Up - a.Up));
    }

    private static double HarmRadiusM(WarningPolicy policy, Kind kind) => kind switch
    {
        Kind.Artillery => policy.ArtilleryHarmRadiusM,
        Kind.Mortar => policy.MortarHarmRadiusM,
        _ => policy.RocketHarmRadiusM,
    };
}

/// <summary>Truth in the site's local frame: paths by round, and every time at which truth was written.</summary>
internal sealed class TruthPicture
{
    public TruthPicture(SiteDefinition site, Truth truth)
    {
        Rounds = [.. truth.Rounds.Select((round, index) => new RoundPath(site, round, index))];
        foreach (TruthState state in truth.States.OrderBy(s => s.Time))
        {
            if (Times.Count == 0 || Times[^1] != state.Time) Times.Add(state.Time);
            Rounds[state.Round].Add(new(state.Time, Motion.Of(site.Frame, state.Position, state.VelocityMps)), state.Visible);
        }
    }

    public IReadOnlyList<RoundPath> Rounds { get; }

    /// <summary>The different times of truth's states, in order.</summary>
    public List<Instant> Times { get; } = [];
}
