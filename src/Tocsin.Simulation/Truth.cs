using Tocsin.Geodesy;

namespace Tocsin.Simulation;

/// <summary>What the simulator knows of one round.</summary>
/// <param name="Id">Its name in the truth file.</param>
/// <param name="Kind">What it is.</param>
/// <param name="LaunchTime">When it was launched (or should have been).</param>
/// <param name="ImpactTime">When it came down; null where it never flew or was neutralised.</param>
/// <param name="Impact">Where it came down, at ground height; null where it never flew or was neutralised.</param>
public sealed record TruthRound(string Id, Kind Kind, Instant LaunchTime, Instant? ImpactTime, Geodetic? Impact)
{
    /// <summary>What became of it where a simulated defence neutralised it in the air; null where none did.</summary>
    public Neutralisation? Neutralised { get; init; }
}

/// <summary>The end of a round in the air.</summary>
/// <param name="Time">When.</param>
/// <param name="By">Id of the effector.</param>
/// <param name="AvertedImpactTime">When it would have come down.</param>
/// <param name="AvertedImpact">Where it would have come down, at ground height.</param>
public sealed record Neutralisation(Instant Time, string By, Instant AvertedImpactTime, Geodetic AvertedImpact);

/// <summary>Where one round was at one time.</summary>
/// <param name="Time">When.</param>
/// <param name="Round">Index in <see cref="Truth.Rounds"/>.</param>
/// <param name="Position">Where, WGS-84.</param>
/// <param name="VelocityMps">Velocity over the ground: east, north, up at the position.</param>
/// <param name="Visible">Whether it was above a radar's horizon and in its range.</param>
public readonly record struct TruthState(Instant Time, int Round, Geodetic Position, Enu VelocityMps, bool Visible);

/// <summary>What an object of the truth is that is not a round.</summary>
public enum TruthCause
{
    /// <summary>An aircraft or drone.</summary>
    Aircraft,
    /// <summary>A bird.</summary>
    Bird,
    /// <summary>A shot of heavy machine-gun fire.</summary>
    Gunfire,
}

/// <summary>Something real that is no round and that nobody need be warned of. A track of it is right; a track of nothing is a ghost.</summary>
/// <param name="Id">Its name in the truth file.</param>
/// <param name="Cause">What it is.</param>
public sealed record TruthObject(string Id, TruthCause Cause)
{
    /// <summary>The kind as which a track of it is rightly held; a machine-gun shot is none of them.</summary>
    public Kind Kind => Cause switch
    {
        TruthCause.Aircraft => Kind.Aircraft,
        TruthCause.Bird => Kind.Bird,
        _ => Kind.Unknown,
    };
}

/// <summary>Where one object was at one time.</summary>
/// <param name="Time">When.</param>
/// <param name="Object">Index in <see cref="Truth.Others"/>.</param>
/// <param name="Position">Where, WGS-84.</param>
/// <param name="VelocityMps">Velocity over the ground: east, north, up at the position.</param>
/// <param name="Visible">Whether it was above a radar's horizon and in its range.</param>
public readonly record struct TruthObjectState(Instant Time, int Object, Geodetic Position, Enu VelocityMps, bool Visible);

/// <summary>What the simulator knows of a run: every round, and its states in the order of time.</summary>
/// <param name="Rounds">The rounds, those that never flew included.</param>
/// <param name="States">Their states.</param>
public sealed record Truth(IReadOnlyList<TruthRound> Rounds, IReadOnlyList<TruthState> States)
{
    /// <summary>What else was in the air.</summary>
    public IReadOnlyList<TruthObject> Others { get; init; } = [];

    /// <summary>Where that was, in the order of time.</summary>
    public IReadOnlyList<TruthObjectState> OtherStates { get; init; } = [];
}
