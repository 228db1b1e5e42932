using Tocsin.Geodesy;

namespace Tocsin;

/// <summary>The identity of a track: made by the Site from its own counter, never used again.</summary>
/// <param name="Number">Counted from 1 in the order of confirmation.</param>
public readonly record struct TrackId(int Number)
{
    /// <summary>The identity as it is written: <c>T12</c>.</summary>
    public override string ToString() => string.Create(null, stackalloc char[16], $"T{Number}");
}

/// <summary>A confirmed track as the Site reports it: an estimate with identity, at the time of its newest plot.</summary>
public readonly record struct Track
{
    /// <summary>Its identity.</summary>
    public required TrackId Id { get; init; }

    /// <summary>The time of the newest plot that this estimate has used.</summary>
    public required Instant ValidTime { get; init; }

    /// <summary>Estimated position, WGS-84.</summary>
    public required Geodetic Position { get; init; }

    /// <summary>Estimated velocity in m/s over the ground, east, north and up at <see cref="Position"/>.</summary>
    public required Enu VelocityMps { get; init; }

    /// <summary>The likeliest kind.</summary>
    public required Kind Kind { get; init; }

    /// <summary>The probability of each kind.</summary>
    public required KindProbabilities Kinds { get; init; }

    /// <summary><see cref="Plot.Number"/> of the newest plot used: from here an operator walks back; 0 where unknown.</summary>
    public long Plot { get; init; }
}

/// <summary>Why a track ended.</summary>
public enum TrackEnd
{
    /// <summary>It came down.</summary>
    Impact,
    /// <summary>No plots for too long.</summary>
    Lost,
    /// <summary>It went out of every sensor's coverage.</summary>
    Left,
}
