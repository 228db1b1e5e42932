namespace Tocsin;

/// <summary>The identity of a warning, the same on every channel.</summary>
/// <param name="Number">Counted from 1 in the order of raising.</param>
public readonly record struct WarningId(int Number)
{
    /// <summary>The identity as it is written: <c>W3</c>.</summary>
    public override string ToString() => string.Create(null, stackalloc char[16], $"W{Number}");
}

/// <summary>What the Site's input is, and so what its output must be marked as.</summary>
public enum OperationStatus
{
    /// <summary>Real plots, real people.</summary>
    Actual,
    /// <summary>A simulated raid or a drill.</summary>
    Exercise,
    /// <summary>A test of the system.</summary>
    Test,
}

/// <summary>What people in a warned zone are told to do, by the time they have.</summary>
public enum Advice
{
    /// <summary>Drop where you are and cover your head.</summary>
    Drop,
    /// <summary>Away from windows, to an inner wall.</summary>
    AwayFromWindows,
    /// <summary>Into the shelter.</summary>
    Shelter,
}

/// <summary>Why a warning ended.</summary>
public enum WarningEnd
{
    /// <summary>The impact is past and so is the site's hold time.</summary>
    Over,
    /// <summary>The belief in an impact here has gone.</summary>
    Retracted,
}

/// <summary>A warning of one zone, as it stands when it is raised or updated.</summary>
public readonly record struct Warning
{
    /// <summary>Its identity.</summary>
    public required WarningId Id { get; init; }

    /// <summary>What it is: actual, exercise or test.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>The zone, as its index in <see cref="SiteDefinition.Zones"/>.</summary>
    public required int Zone { get; init; }

    /// <summary>Probability that at least one round lands in the zone or near enough to harm.</summary>
    public required double Probability { get; init; }

    /// <summary>Mean time of the earliest impact expected here.</summary>
    public required Instant ImpactTime { get; init; }

    /// <summary>Seconds from this line's own time to <see cref="ImpactTime"/>.</summary>
    public required double LeadTimeS { get; init; }

    /// <summary>What to do.</summary>
    public required Advice Advice { get; init; }

    /// <summary>The tracks behind it, in the order of their identities.</summary>
    public required IReadOnlyList<TrackId> Tracks { get; init; }
}
