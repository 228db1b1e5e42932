namespace Tocsin.Server.Channels;

/// <summary>How long to wait before trying again: twice as long after each failure, with a jitter of each channel's own so that channels that fail
/// together do not come back together. Its draws depend on the channel's name alone, so that a test can tell them.</summary>
internal sealed class BackOff(string name)
{
    private const int MostDoublings = 10;
    private ulong _state = Seed(name);

    /// <summary>Seconds to wait after so many failures in a row: uniform in the upper half of the doubled wait, within <see cref="ChannelLimits.LeastBackOffS"/> and <see cref="ChannelLimits.MostBackOffS"/>.</summary>
    public double AfterS(int failures)
    {
        double whole = Math.Min(ChannelLimits.MostBackOffS, 2 * ChannelLimits.LeastBackOffS * (1 << Math.Clamp(failures - 1, 0, MostDoublings)));
        return whole * (0.5 + 0.5 * NextUniform());
    }

    // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
    private double NextUniform()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    // FNV-1a, since string.GetHashCode changes from process to process.
    private static ulong Seed(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in name) hash = (hash ^ c) * 0x100000001B3;
        return hash;
    }
}
