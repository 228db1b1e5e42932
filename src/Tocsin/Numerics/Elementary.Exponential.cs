namespace Tocsin.Numerics;

/// <summary>Elementary functions whose bits do not depend on the platform.</summary>
/// <remarks>
/// Only + - * / and square root of IEEE 754, bit operations and fused multiply-add where written are used, so every machine gives the same
/// bits; the platform's C library, which Math.Sin and its like call, is not used. Reductions after Cody and Waite (Software Manual for
/// the Elementary Functions, 1980) and Muller (Elementary Functions, 3rd ed., chapter 11); polynomials are this project's own
/// minimax fits (Remez exchange in 60 digits, relative error of the function below 2^-57, coefficients then rounded to double).
/// Errors stated are the largest seen against a double-double evaluation in the tests, in units in the last place (ulp).
/// </remarks>
public static partial class Elementary
{
    // Logarithm of 2 in a part of 32 bits, whose product with an exponent is exact, and the rest.
    private const double Ln2Head = 0.6931471803691238, Ln2Tail = 1.9082149292705877e-10;
    private const double InverseLn2 = 1.4426950408889634;

    /// <summary>Beyond these the exponential overflows, or is below half the smallest subnormal number.</summary>
    private const double ExpOverflow = 709.782712893384, ExpUnderflow = -745.1332191019412;

    /// <summary>Exponential; error below 0.9 ulp.</summary>
    public static double Exp(double x) => Exp(x, 0);

    /// <summary>Natural logarithm; error below 0.9 ulp. NaN below 0.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || x == double.PositiveInfinity) return LogSpecial(x);
        (double k, double f) = SplitPowerOfTwo(x);
        // log(1 + f) = 2 artanh(s), s = f / (2 + f); the terms are grouped so that the large ones are exact (fdlibm's e_log.c does the same).
        double s = f / (2 + f), z = s * s, half = 0.5 * f * f;
        double r = z * Polynomial(z, 0.6666666666666734, 0.39999999999414343, 0.2857142874247136, 0.22222198563735626,
            0.18183564858891624, 0.15314035909787777, 0.14796105847938532);
        return k * Ln2Head - (half - (s * (half + r) + k * Ln2Tail) - f);
    }

    /// <summary>x to the power y; error below 0.9 ulp. For x of 0 or more: a negative x gives NaN (1 where y is 0).</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1) return 1;
        if (!(x > 0) || x == double.PositiveInfinity || double.IsNaN(y)) return PowSpecial(x, y);
        (double head, double tail) = LogPair(x);
        double product = y * head;
        if (product > 2 * ExpOverflow) return double.PositiveInfinity;
        if (product < 2 * ExpUnderflow) return 0;
        return Exp(product, Math.FusedMultiplyAdd(y, head, -product) + y * tail);
    }

    /// <summary>Exponential of x + tail, tail small against 1.</summary>
    private static double Exp(double x, double tail)
    {
        if (!(x < ExpOverflow && x > ExpUnderflow))
        {
            if (x + tail > ExpOverflow) return double.PositiveInfinity;
            if (x + tail < ExpUnderflow) return 0;
            if (double.IsNaN(x)) return x;
        }
        return ExpReduced(x, tail);
    }

    private static double ExpReduced(double x, double tail)
    {
        double k = Math.Round(x * InverseLn2);
        double head = Math.FusedMultiplyAdd(-k, Ln2Head, x), rest = Math.FusedMultiplyAdd(-k, Ln2Tail, tail);
        double r = head + rest, lost = head - r + rest;
        double p = Polynomial(r, 0.5, 0.16666666666666682, 0.04166666666666609, 0.008333333333317018, 0.0013888888889118463,
            0.00019841269896425705, 2.4801586921298894e-05, 2.755723481916434e-06, 2.7557586312182887e-07, 2.5112052034053908e-08,
            2.082525580201135e-09);
        double y = 1 + (r + Math.FusedMultiplyAdd(r * r, p, lost));
        int n = (int)k;
        // Near overflow and among the subnormal numbers the scale itself is out of range: it goes in two halves.
        return n is >= -1021 and <= 1023 ? y * PowerOfTwo(n) : y * PowerOfTwo(n / 2) * PowerOfTwo(n - n / 2);
    }

    /// <summary>Natural logarithm as the sum of two numbers, relative error below 2^-63; x positive and finite.</summary>
    private static (double Head, double Tail) LogPair(double x)
    {
        const double twoThirds = 0.6666666666666666, twoThirdsTail = 3.700743415417188e-17;
        (double k, double f) = SplitPowerOfTwo(x);
        // s = f / (2 + f), its square and its cube, each as a sum of two numbers.
        double d = 2 + f, dTail = f - (d - 2);
        double s = f / d, sTail = (Math.FusedMultiplyAdd(-s, d, f) - s * dTail) / d;
        double z = s * s, zTail = Math.FusedMultiplyAdd(s, s, -z) + 2 * s * sTail;
        double cube = s * z, cubeTail = Math.FusedMultiplyAdd(s, z, -cube) + (s * zTail + sTail * z);
        // 2 artanh(s) = 2 s + 2/3 s^3 + s^5 q(s^2).
        double third = cube * twoThirds;
        double thirdTail = Math.FusedMultiplyAdd(cube, twoThirds, -third) + (cube * twoThirdsTail + cubeTail * twoThirds);
        double q = cube * z * Polynomial(z, 0.40000000000002256, 0.28571428570099294, 0.22222222519971668, 0.18181784363051035,
            0.15386757510070365, 0.13256813760837594, 0.13196364306214256);
        (double a, double aTail) = TwoSum(k * Ln2Head, 2 * s);
        (double b, double bTail) = TwoSum(a, third);
        double tail = aTail + bTail + (2 * sTail + k * Ln2Tail + thirdTail + q);
        double head = b + tail;
        return (head, b - head + tail);
    }

    /// <summary>x = 2^k (1 + f) with 1 + f between the square roots of 1/2 and 2; x positive and finite.</summary>
    private static (double K, double F) SplitPowerOfTwo(double x)
    {
        const long one = 0x3FF0000000000000, sqrtHalf = 0x3FE6A09E667F3BCD, fraction = 0x000FFFFFFFFFFFFF;
        double k = 0;
        if (x < 2.2250738585072014e-308) (x, k) = (x * 18014398509481984, -54);
        long bits = BitConverter.DoubleToInt64Bits(x) + (one - sqrtHalf);
        k += (bits >> 52) - 1023;
        return (k, BitConverter.Int64BitsToDouble((bits & fraction) + sqrtHalf) - 1);
    }

    private static double PowerOfTwo(int n) => BitConverter.Int64BitsToDouble((long)(n + 1023) << 52);

    /// <summary>a + b and what rounding takes from it (Knuth, The Art of Computer Programming 2, section 4.2.2, theorem B).</summary>
    private static (double Sum, double Lost) TwoSum(double a, double b)
    {
        double sum = a + b, bRounded = sum - a;
        return (sum, a - (sum - bRounded) + (b - bRounded));
    }

    /// <summary>A polynomial by Horner's rule, lowest coefficient first.</summary>
    private static double Polynomial(double x, double c0, double c1, double c2, double c3, double c4, double c5)
    {
        double p = Math.FusedMultiplyAdd(x, c5, c4);
        p = Math.FusedMultiplyAdd(x, p, c3);
        p = Math.FusedMultiplyAdd(x, p, c2);
        p = Math.FusedMultiplyAdd(x, p, c1);
        return Math.FusedMultiplyAdd(x, p, c0);
    }

    private static double Polynomial(double x, double c0, double c1, double c2, double c3, double c4, double c5, double c6) =>
        Math.FusedMultiplyAdd(x, Polynomial(x, c1, c2, c3, c4, c5, c6), c0);

    private static double Polynomial(double x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7,
        double c8, double c9, double c10)
    {
        double high = Polynomial(x, c5, c6, c7, c8, c9, c10);
        high = Math.FusedMultiplyAdd(x, high, c4);
        high = Math.FusedMultiplyAdd(x, high, c3);
        high = Math.FusedMultiplyAdd(x, high, c2);
        high = Math.FusedMultiplyAdd(x, high, c1);
        return Math.FusedMultiplyAdd(x, high, c0);
    }

    private static double LogSpecial(double x) => x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;

    private static double PowSpecial(double x, double y)
    {
        if (double.IsNaN(x) || double.IsNaN(y) || x < 0) return double.NaN;
        return x == 0 == y > 0 ? 0 : double.PositiveInfinity;
    }
}
