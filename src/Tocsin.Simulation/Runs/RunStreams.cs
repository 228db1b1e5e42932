using Tocsin.Numerics;

namespace Tocsin.Simulation.Runs;

/// <summary>What a random stream is for. The numbers are part of what makes a run repeatable: they never change.</summary>
internal enum Draw : uint
{
    Wind = 1,
    LaunchPoint = 2,
    LaunchTime = 3,
    LaunchFigures = 4,
    FallPoint = 5,
    LaunchFailure = 6,
    Measurement = 7,
    Clutter = 8,
    Delivery = 9,
    Path = 10,
    Burst = 11,
    Shot = 12,
    PersonPlace = 40,
    PersonTraits = 41,
    PersonDelays = 42,
    SirenDelay = 43,
}

/// <summary>The random streams of one run of one seed, keyed by what they are for and the names of whom they concern.</summary>
/// <param name="seed">The seed.</param>
/// <param name="run">The run's number.</param>
internal sealed class RunStreams(ulong seed, uint run)
{
    /// <summary>The stream for one purpose and the entities named.</summary>
    public RandomStream Of(Draw purpose, params ReadOnlySpan<string> names)
    {
        // 32 bits of a name alone would let two of some ten thousand shots share a stream; the purpose's word has room for 24 more.
        ulong entity = Entity(names);
        return new(seed, run, (uint)entity, (uint)(entity >> 40) << 8 | (uint)purpose);
    }

    // FNV-1a, 64 bits (Fowler, Noll, Vo), over the UTF-16 code units, a separator after each name.
    private static ulong Entity(ReadOnlySpan<string> names)
    {
        const ulong offsetBasis = 14_695_981_039_346_656_037, prime = 1_099_511_628_211;
        ulong hash = offsetBasis;
        foreach (string name in names)
        {
            foreach (char c in name)
            {
                hash = (hash ^ (byte)c) * prime;
                hash = (hash ^ (byte)(c >> 8)) * prime;
            }
            hash = (hash ^ 0xFF) * prime;
        }
        return hash;
    }
}
