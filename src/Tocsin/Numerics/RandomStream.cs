using System.Diagnostics.CodeAnalysis;

namespace Tocsin.Numerics;

/// <summary>A stream of random numbers that belongs to one purpose of one entity in one run.</summary>
/// <remarks>
/// Counter-based: the generator Philox4x32-10 (Salmon, Moraes, Dror and Shaw, Parallel random numbers: as easy as 1, 2, 3, SC'11)
/// enciphers a counter under the seed. The counter's words are the position in the stream, the entity, the run and the purpose, so
/// that two streams never meet and drawing more, or adding an entity, moves no other stream. The bits are the same on every platform.
/// A mutable struct: pass it by reference, since a copy goes on from where it was made.
/// </remarks>
[SuppressMessage("Naming", "CA1711", Justification = "The field's name for it; nothing here is a System.IO.Stream.")]
public struct RandomStream
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Means above this are drawn as sums of smaller ones: exp(-mean) must stay far from the smallest double.</summary>
    private const double PoissonChunk = 256;

    private readonly ulong _seed;
    private readonly uint _run, _entity, _purpose;
    private uint _block;
    private ulong _next;
    private bool _nextReady;

    /// <summary>Makes the stream of a purpose of an entity in a run, at its beginning.</summary>
    public RandomStream(ulong seed, uint run, uint entity, uint purpose)
    {
        (_seed, _run, _entity, _purpose) = (seed, run, entity, purpose);
    }

    /// <summary>64 random bits. A stream holds 2^33 of them.</summary>
    /// <exception cref="InvalidOperationException">The stream is at its end.</exception>
    public ulong NextBits()
    {
        if (_nextReady)
        {
            _nextReady = false;
            return _next;
        }
        if (_block == uint.MaxValue) throw new InvalidOperationException("the random stream is at its end");
        (uint a, uint b, uint c, uint d) = Philox(_block++, _entity, _run, _purpose, (uint)_seed, (uint)(_seed >> 32));
        (_next, _nextReady) = ((ulong)d << 32 | c, true);
        return (ulong)b << 32 | a;
    }

    /// <summary>A number in [0, 1), a multiple of 2^-53.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / 9007199254740992);

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextUniform(double low, double high) => low + (high - low) * NextUniform();

    /// <summary>A number of the normal distribution with mean 0 and sigma 1, from one draw by the inverse of its distribution function; within 8.3.</summary>
    public double NextNormal() => StandardNormal.Quantile(NextCentred());

    /// <summary>A number of the exponential distribution with mean 1, from one draw.</summary>
    public double NextExponential() => -Elementary.Log(NextCentred());

    /// <summary>A count of the Poisson distribution with a mean, by inversion: one draw for each 256 of the mean.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The mean is negative, not a number or above 1e9.</exception>
    public int NextPoisson(double mean)
    {
        if (!(mean >= 0 && mean <= 1e9)) throw new ArgumentOutOfRangeException(nameof(mean));
        int count = 0;
        for (; mean > PoissonChunk; mean -= PoissonChunk) count += NextPoissonChunk(PoissonChunk);
        return count + NextPoissonChunk(mean);
    }

    /// <summary>Philox4x32-10: enciphers a counter of four words under a key of two.</summary>
    internal static (uint, uint, uint, uint) Philox(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0, p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ key0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ key1, (uint)p0);
            (key0, key1) = (key0 + Weyl0, key1 + Weyl1);
        }
        return (c0, c1, c2, c3);
    }

    // The middle of one of 2^52 equal parts of (0, 1): never 0 or 1, and exact.
    private double NextCentred() => ((NextBits() >> 12) + 0.5) * (1.0 / 4503599627370496);

    private int NextPoissonChunk(double mean)
    {
        double u = NextUniform(), probability = Elementary.Exp(-mean), sum = probability;
        int count = 0;
        while (u >= sum)
        {
            double before = sum;
            probability *= mean / ++count;
            sum += probability;
            // Rounding may keep the sum below u for ever: beyond the mean, a term that adds nothing is the last.
            if (sum == before && count > mean) break;
        }
        return count;
    }
}
