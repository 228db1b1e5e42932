using Tocsin.Geodesy;

namespace Tocsin.Simulation;

/// <summary>What the simulator knows of one round.</summary>
/// <param name="Id">Its name in the truth file.</param>
/// <param name="Kind">What it is.</param>
/// <param name="LaunchTime">When it was launched (or should have been).</param>
/// <param name="ImpactTime">When it came down; null where it never flew.</param>
/// <param name="Impact">Where it came down, at ground height; null where it never flew.</param>
public sealed record TruthRound(string Id, Kind Kind, Instant LaunchTime, Instant? ImpactTime, Geodetic? Impact);

/// <summary>Where one round was at one time.</summary>
/// <param name="Time">When.</param>
/// <param name="Round">Index in <see cref="Truth.Rounds"/>.</param>
/// <param name="Position">Where, WGS-84.</param>
/// <param name="VelocityMps">Velocity over the ground: east, north, up at the position.</param>
/// <param name="Visible">Whether it was above a radar's horizon and in its range.</param>
public readonly record struct TruthState(Instant Time, int Round, Geodetic Position, Enu VelocityMps, bool Visible);

/// <summary>What the simulator knows of a run: every round, and its states in the order of time.</summary>
/// <param name="Rounds">The rounds, those that never flew included.</param>
/// <param name="States">Their states.</param>
public sealed record Truth(IReadOnlyList<TruthRound> Rounds, IReadOnlyList<TruthState> States);
