namespace Tocsin.Yardstick;

/// <summary>A counter-based stream of random numbers: the n-th draw is a hash of key and n.</summary>
/// <remarks>A stream is keyed by what it is for, so that one more clutter plot moves no round.</remarks>
internal sealed class Draws
{
    private readonly ulong _key;
    private ulong _count;

    public Draws(ulong seed, string purpose)
    {
        ulong h = 14695981039346656037;
        foreach (char c in purpose)
            h = (h ^ c) * 1099511628211;
        _key = Mix(h ^ Mix(seed + 0x9E3779B97F4A7C15));
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), applied twice with the key between.
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public ulong Bits() => Mix(Mix(++_count * 0x9E3779B97F4A7C15) ^ _key);

    /// <summary>Uniform in (0, 1).</summary>
    public double Uniform() => ((Bits() >> 11) + 0.5) / (1UL << 53);

    public double Uniform(double low, double high) => low + (high - low) * Uniform();

    public int Index(int count) => (int)(Uniform() * count);

    public bool Chance(double probability) => Uniform() < probability;

    public double Normal()
    {
        double r = Math.Sqrt(-2 * Math.Log(Uniform()));
        return r * Math.Cos(2 * Math.PI * Uniform());
    }

    public double Normal(double mean, double sigma) => mean + sigma * Normal();

    /// <summary>Poisson by counting exponential gaps; fine for the means of clutter.</summary>
    public int Poisson(double mean)
    {
        int n = 0;
        for (double sum = -Math.Log(Uniform()); sum < mean; sum -= Math.Log(Uniform()))
            n++;
        return n;
    }
}
