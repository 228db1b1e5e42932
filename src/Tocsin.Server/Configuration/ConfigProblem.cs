namespace Tocsin.Server.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Key">Which key, as a path from the top: <c>channels[2].host</c>.</param>
/// <param name="Value">What it holds, as JSON; "nothing" where it is missing. Never a secret.</param>
/// <param name="Right">What would be right.</param>
public sealed record ConfigProblem(string Key, string Value, string Right)
{
    /// <summary>The problem as one line.</summary>
    public override string ToString() => $"{Key}: {Value} is not right; {Right}";
}
