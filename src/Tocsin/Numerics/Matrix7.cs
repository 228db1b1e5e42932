using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tocsin.Numerics;

/// <summary>A column of seven numbers, padded to eight so that it fills two vectors of four.</summary>
[InlineArray(8)]
public struct Vector7
{
    private double _first;
}

/// <summary>A 7 by 7 matrix, row by row, each row padded to eight so that it fills two vectors of four.</summary>
/// <remarks>Only + - * on <see cref="Vector256{T}"/> in a fixed order: the same bits with and without hardware vectors.</remarks>
[InlineArray(Stride * Size)]
public struct Matrix7
{
    /// <summary>Rows and columns.</summary>
    public const int Size = 7;

    /// <summary>Numbers from the start of one row to the next.</summary>
    public const int Stride = 8;

    private double _first;

    /// <summary>The element in row <paramref name="i"/>, column <paramref name="j"/>.</summary>
    public double this[int i, int j]
    {
        readonly get => this[i * Stride + j];
        set => this[i * Stride + j] = value;
    }

    /// <summary>The identity.</summary>
    public static Matrix7 Identity()
    {
        Matrix7 m = default;
        for (int i = 0; i < Size; i++) m[i, i] = 1;
        return m;
    }

    /// <summary>Replaces the symmetric <paramref name="p"/> by F P F' for the transition <paramref name="f"/>.</summary>
    public static void Propagate(in Matrix7 f, ref Matrix7 p)
    {
        // F P first, then (F P) F' as F (F P)': P is symmetric, so the second product needs only the transpose of the first.
        Matrix7 fp = default;
        Multiply(f, p, ref fp);
        Matrix7 t = default;
        for (int i = 0; i < Size; i++)
            for (int j = 0; j < Size; j++)
                t[i * Stride + j] = fp[j * Stride + i];
        Multiply(f, t, ref p);
        Symmetrise(ref p);
    }

    /// <summary>result = a b.</summary>
    public static void Multiply(in Matrix7 a, in Matrix7 b, ref Matrix7 result)
    {
        ref readonly double ra = ref a[0];
        ref double rb = ref Unsafe.AsRef(in b[0]);
        Vector256<double> b0 = Vector256.LoadUnsafe(ref rb), c0 = Vector256.LoadUnsafe(ref rb, 4);
        Vector256<double> b1 = Vector256.LoadUnsafe(ref rb, 8), c1 = Vector256.LoadUnsafe(ref rb, 12);
        Vector256<double> b2 = Vector256.LoadUnsafe(ref rb, 16), c2 = Vector256.LoadUnsafe(ref rb, 20);
        Vector256<double> b3 = Vector256.LoadUnsafe(ref rb, 24), c3 = Vector256.LoadUnsafe(ref rb, 28);
        Vector256<double> b4 = Vector256.LoadUnsafe(ref rb, 32), c4 = Vector256.LoadUnsafe(ref rb, 36);
        Vector256<double> b5 = Vector256.LoadUnsafe(ref rb, 40), c5 = Vector256.LoadUnsafe(ref rb, 44);
        Vector256<double> b6 = Vector256.LoadUnsafe(ref rb, 48), c6 = Vector256.LoadUnsafe(ref rb, 52);
        ref double rr = ref result[0];
        for (int i = 0; i < Size; i++)
        {
            ref readonly double row = ref Unsafe.Add(ref Unsafe.AsRef(in ra), i * Stride);
            Vector256<double> lo = b0 * row, hi = c0 * row;
            Accumulate(ref lo, ref hi, b1, c1, row, 1);
            Accumulate(ref lo, ref hi, b2, c2, row, 2);
            Accumulate(ref lo, ref hi, b3, c3, row, 3);
            Accumulate(ref lo, ref hi, b4, c4, row, 4);
            Accumulate(ref lo, ref hi, b5, c5, row, 5);
            Accumulate(ref lo, ref hi, b6, c6, row, 6);
            lo.StoreUnsafe(ref rr, (nuint)(i * Stride));
            hi.StoreUnsafe(ref rr, (nuint)(i * Stride + 4));
        }
    }

    /// <summary>Makes both halves equal to their mean.</summary>
    public static void Symmetrise(ref Matrix7 p)
    {
        for (int i = 0; i < Size; i++)
            for (int j = i + 1; j < Size; j++)
            {
                double m = 0.5 * (p[i * Stride + j] + p[j * Stride + i]);
                p[i * Stride + j] = m;
                p[j * Stride + i] = m;
            }
    }

    /// <summary>p -= k k' s, which keeps <paramref name="p"/> symmetric.</summary>
    public static void Downdate(ref Matrix7 p, in Vector7 k, double s)
    {
        ref double rk = ref Unsafe.AsRef(in k[0]);
        Vector256<double> lo = Vector256.LoadUnsafe(ref rk), hi = Vector256.LoadUnsafe(ref rk, 4);
        ref double rp = ref p[0];
        for (int i = 0; i < Size; i++)
        {
            double f = Unsafe.Add(ref rk, i) * s;
            nuint at = (nuint)(i * Stride);
            (Vector256.LoadUnsafe(ref rp, at) - lo * f).StoreUnsafe(ref rp, at);
            (Vector256.LoadUnsafe(ref rp, at + 4) - hi * f).StoreUnsafe(ref rp, at + 4);
        }
    }

    /// <summary>The lower Cholesky factor of a symmetric positive matrix; a diagonal that is not positive is taken as zero.</summary>
    public static Matrix7 Cholesky(in Matrix7 p)
    {
        Matrix7 l = default;
        LowerRoot.Factor(p, l, Size, Stride);
        return l;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(ref Vector256<double> lo, ref Vector256<double> hi, Vector256<double> b, Vector256<double> c,
        in double row, int k)
    {
        double x = Unsafe.Add(ref Unsafe.AsRef(in row), k);
        lo += b * x;
        hi += c * x;
    }
}
