using Tocsin.Geodesy;

namespace Tocsin.Simulation;

/// <summary>What comes down in a run and may hurt people.</summary>
public enum StrikeKind
{
    /// <summary>A round of the raid that bursts where it falls.</summary>
    Round,
    /// <summary>A piece of a round that was neutralised in the air.</summary>
    Debris,
    /// <summary>An effector's round that did not destroy itself, or a spent interceptor.</summary>
    SpentRound,
    /// <summary>A fragment of an effector's round that destroyed itself or burst at its target.</summary>
    Fragment,
}

/// <summary>One thing that came down: the raid's own, or what a defence let fall on the people below.</summary>
/// <param name="Time">When.</param>
/// <param name="Place">Where, at ground height.</param>
/// <param name="Kind">What came down.</param>
/// <param name="RoundKind">The kind of round it is, or is a piece of; <see cref="Tocsin.Kind.Unknown"/> for an effector's.</param>
/// <param name="EnergyJ">Kinetic energy at the ground of a piece that does not burst, in joules; 0 for what bursts.</param>
/// <param name="Source">Id of the round, or of the effector that fired it.</param>
/// <param name="Weight">How many such things come down about there, on average: a defence's thousands of shells and fragments are sampled, and each sample stands
/// for its share of them. 1 for what came down itself.</param>
public readonly record struct GroundStrike(Instant Time, Geodetic Place, StrikeKind Kind, Kind RoundKind, double EnergyJ, string Source, double Weight = 1);
