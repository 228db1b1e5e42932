using Tocsin.Server.Configuration;

namespace Tocsin.Server.Channels;

/// <summary>What every channel's configuration says of its runner.</summary>
/// <param name="Enabled">Whether it runs.</param>
/// <param name="Exercises">Whether messages of exercises and tests go out on it; real ones always do.</param>
/// <param name="Queue">Messages that wait before some are shed.</param>
/// <param name="TryTimeoutS">Seconds that one try may take.</param>
public sealed record ChannelRunnerOptions(bool Enabled = true, bool Exercises = false, int Queue = ChannelLimits.QueuedMessages, double TryTimeoutS = ChannelLimits.TryTimeoutS)
{
    /// <summary>Asks a channel's section for the keys <c>enabled</c>, <c>exercises</c>, <c>queue</c> and <c>tryTimeoutS</c>; its kind asks for the others and ends the section.</summary>
    public static ChannelRunnerOptions Read(ConfigSection section) => new(
        section.Flag("enabled", true),
        section.Flag("exercises", false),
        section.Count("queue", ChannelLimits.QueuedMessages, 16, ChannelLimits.HeldMessages),
        section.Number("tryTimeoutS", ChannelLimits.TryTimeoutS, 0.1, 60));
}
