namespace Tocsin.Server.Access;

/// <summary>What became of a change.</summary>
public enum AccessOutcome
{
    /// <summary>It was made.</summary>
    Done,
    /// <summary>What was asked for is not right.</summary>
    Refused,
    /// <summary>There is nothing of that name.</summary>
    Missing,
    /// <summary>It does not go with what there is.</summary>
    Conflict,
}

/// <summary>What became of a change, and why where it was not made.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Problem">Why it was not made, in words for people; empty where it was.</param>
public readonly record struct AccessResult(AccessOutcome Outcome, string Problem)
{
    /// <summary>It was made.</summary>
    public static AccessResult Done { get; } = new(AccessOutcome.Done, "");
}
