using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tocsin.Numerics;

/// <summary>Some numbers side by side, worked at together: the same formula runs on one, four or eight of them.</summary>
/// <remarks>Only operations that IEEE 754 rounds exactly or that round nothing, so that a number's bits depend on its own lane alone and are the
/// same at every width, on every processor. A product and a sum are fused only where <see cref="Fused"/> says so. Comparisons with NaN are false.</remarks>
internal interface ILanes<TSelf> where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>How many numbers there are.</summary>
    static abstract int Width { get; }

    /// <summary>The same number in every lane.</summary>
    static abstract TSelf All(double value);

    /// <summary>Sum.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Difference.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Product.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Quotient.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a b + c, rounded once.</summary>
    static abstract TSelf Fused(TSelf a, TSelf b, TSelf c);

    /// <summary>Square root.</summary>
    static abstract TSelf Sqrt(TSelf a);

    /// <summary><paramref name="x"/> where a is less than b, elsewhere <paramref name="y"/>.</summary>
    static abstract TSelf WhereLess(TSelf a, TSelf b, TSelf x, TSelf y);

    /// <summary><paramref name="x"/> where a is at most b, elsewhere <paramref name="y"/>.</summary>
    static abstract TSelf WhereAtMost(TSelf a, TSelf b, TSelf x, TSelf y);

    /// <summary>A bit for each lane, the first lowest: whether a is less than b.</summary>
    static abstract uint Less(TSelf a, TSelf b);

    /// <summary>A bit for each lane, the first lowest: whether a is at most b.</summary>
    static abstract uint AtMost(TSelf a, TSelf b);

    /// <summary>About 1 over the tenth root of a number that is positive and finite, within 8 %: for lengths of steps, which need no more.</summary>
    /// <remarks>A double's bits, read as an integer, are nearly its logarithm: the shifts multiply by 13/128. Zero gives 1e31, NaN any number.</remarks>
    static abstract TSelf RoughInverseTenthRoot(TSelf a);
}

/// <summary>What the lanes of all widths share.</summary>
internal static class LaneBits
{
    /// <summary>The bits of 1.0 times 1 + 13/128, so that 1 stays 1.</summary>
    public const ulong RootOfOne = 0x3FF0_0000_0000_0000UL / 128 * 141;

    /// <summary>A lane of a vector in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref double Lane<TLanes>(ref TLanes lanes, int lane) where TLanes : unmanaged, ILanes<TLanes> =>
        ref Unsafe.Add(ref Unsafe.As<TLanes, double>(ref lanes), lane);
}

/// <summary>One number: the scalar way.</summary>
internal readonly struct Lanes1(double v) : ILanes<Lanes1>
{
    private readonly double _v = v;

    public static int Width => 1;

    public static Lanes1 All(double value) => new(value);

    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a._v + b._v);

    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a._v - b._v);

    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a._v * b._v);

    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Fused(Lanes1 a, Lanes1 b, Lanes1 c) => new(Math.FusedMultiplyAdd(a._v, b._v, c._v));

    public static Lanes1 Sqrt(Lanes1 a) => new(Math.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 WhereLess(Lanes1 a, Lanes1 b, Lanes1 x, Lanes1 y) => a._v < b._v ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 WhereAtMost(Lanes1 a, Lanes1 b, Lanes1 x, Lanes1 y) => a._v <= b._v ? x : y;

    public static uint Less(Lanes1 a, Lanes1 b) => a._v < b._v ? 1u : 0;

    public static uint AtMost(Lanes1 a, Lanes1 b) => a._v <= b._v ? 1u : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 RoughInverseTenthRoot(Lanes1 a)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(a._v);
        return new(BitConverter.UInt64BitsToDouble(LaneBits.RootOfOne - (bits >> 4) - (bits >> 5) - (bits >> 7)));
    }
}

/// <summary>Four numbers.</summary>
internal readonly struct Lanes4(Vector256<double> v) : ILanes<Lanes4>
{
    private readonly Vector256<double> _v = v;

    public static int Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 All(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator +(Lanes4 a, Lanes4 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator -(Lanes4 a, Lanes4 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator *(Lanes4 a, Lanes4 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator /(Lanes4 a, Lanes4 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Fused(Lanes4 a, Lanes4 b, Lanes4 c) => new(Vector256.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Sqrt(Lanes4 a) => new(Vector256.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 WhereLess(Lanes4 a, Lanes4 b, Lanes4 x, Lanes4 y) => new(Vector256.ConditionalSelect(Vector256.LessThan(a._v, b._v), x._v, y._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 WhereAtMost(Lanes4 a, Lanes4 b, Lanes4 x, Lanes4 y) =>
        new(Vector256.ConditionalSelect(Vector256.LessThanOrEqual(a._v, b._v), x._v, y._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Less(Lanes4 a, Lanes4 b) => Vector256.LessThan(a._v, b._v).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(Lanes4 a, Lanes4 b) => Vector256.LessThanOrEqual(a._v, b._v).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 RoughInverseTenthRoot(Lanes4 a)
    {
        Vector256<ulong> bits = a._v.AsUInt64();
        return new((Vector256.Create(LaneBits.RootOfOne) - (bits >>> 4) - (bits >>> 5) - (bits >>> 7)).AsDouble());
    }
}

/// <summary>Eight numbers.</summary>
internal readonly struct Lanes8(Vector512<double> v) : ILanes<Lanes8>
{
    private readonly Vector512<double> _v = v;

    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 All(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator +(Lanes8 a, Lanes8 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator -(Lanes8 a, Lanes8 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator *(Lanes8 a, Lanes8 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator /(Lanes8 a, Lanes8 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Fused(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Sqrt(Lanes8 a) => new(Vector512.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 WhereLess(Lanes8 a, Lanes8 b, Lanes8 x, Lanes8 y) => new(Vector512.ConditionalSelect(Vector512.LessThan(a._v, b._v), x._v, y._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 WhereAtMost(Lanes8 a, Lanes8 b, Lanes8 x, Lanes8 y) =>
        new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(a._v, b._v), x._v, y._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Less(Lanes8 a, Lanes8 b) => (uint)Vector512.LessThan(a._v, b._v).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtMost(Lanes8 a, Lanes8 b) => (uint)Vector512.LessThanOrEqual(a._v, b._v).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 RoughInverseTenthRoot(Lanes8 a)
    {
        Vector512<ulong> bits = a._v.AsUInt64();
        return new((Vector512.Create(LaneBits.RootOfOne) - (bits >>> 4) - (bits >>> 5) - (bits >>> 7)).AsDouble());
    }
}
