using System.Numerics;

namespace Tocsin.Tests.Numerics;

/// <summary>Elementary functions by Taylor series in fixed point with 256 bits after the point: slow, independent of any library, and
/// some 190 bits more exact than what is tested against it.</summary>
internal readonly record struct FixedPoint(BigInteger Scaled)
{
    private const int Bits = 256;

    public static FixedPoint Zero => new(BigInteger.Zero);
    public static FixedPoint One => new(BigInteger.One << Bits);

    /// <summary>Pi by Machin's formula.</summary>
    public static FixedPoint Pi { get; } = Of(16) * ArctanOfInverse(5) - Of(4) * ArctanOfInverse(239);

    /// <summary>The logarithm of 2: artanh(1/3) doubled.</summary>
    public static FixedPoint Ln2 { get; } = ArtanhOfInverse(3) + ArtanhOfInverse(3);

    /// <summary>The exact value of a double, cut below 2^-256.</summary>
    public static FixedPoint Of(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52 & 0x7FF);
        BigInteger m = bits & 0xFFFFFFFFFFFFF | (exponent > 0 ? 1L << 52 : 0);
        int shift = Bits + Math.Max(exponent, 1) - 1075;
        m = shift >= 0 ? m << shift : m >> -shift;
        return new(bits < 0 ? -m : m);
    }

    public static FixedPoint operator +(FixedPoint a, FixedPoint b) => new(a.Scaled + b.Scaled);
    public static FixedPoint operator -(FixedPoint a, FixedPoint b) => new(a.Scaled - b.Scaled);
    public static FixedPoint operator -(FixedPoint a) => new(-a.Scaled);
    public static FixedPoint operator *(FixedPoint a, FixedPoint b) => new(a.Scaled * b.Scaled >> Bits);
    public static FixedPoint operator /(FixedPoint a, FixedPoint b) => new((a.Scaled << Bits) / b.Scaled);

    /// <summary>The nearest double, near enough for an error.</summary>
    public double ToDouble() => Scaled.IsZero ? 0 : Math.ScaleB((double)(Scaled >> Excess), Excess - Bits);

    public FixedPoint TimesPowerOfTwo(int n) => new(n >= 0 ? Scaled << n : Scaled >> -n);

    /// <summary>The exponential of x up to about 1 in size.</summary>
    public static FixedPoint Exp(FixedPoint x)
    {
        FixedPoint sum = One, term = One;
        for (int i = 1; !term.Scaled.IsZero && term.Scaled != BigInteger.MinusOne; i++)
        {
            term = new((term * x).Scaled / i);
            sum += term;
        }
        return sum;
    }

    /// <summary>The logarithm of a positive double, by one step of Newton's method of third order from a double.</summary>
    public static FixedPoint Log(double x)
    {
        int k = Math.ILogB(x);
        double m = Math.ScaleB(x, -k), guess = Math.Log(m);
        FixedPoint d = Of(m) * Exp(Of(-guess)) - One, d2 = d * d;
        return Of(k) * Ln2 + Of(guess) + d - d2 * Of(0.5) + d2 * d / Of(3);
    }

    /// <summary>Sine and cosine of any x.</summary>
    public static (FixedPoint Sin, FixedPoint Cos) SinCos(FixedPoint x)
    {
        BigInteger turns = BigInteger.Divide(x.Scaled, Pi.Scaled * 2);
        x = new(x.Scaled - turns * Pi.Scaled * 2);
        FixedPoint sin = Zero, cos = Zero, term = One;
        for (int i = 0; BigInteger.Abs(term.Scaled) > 1; i++)
        {
            if (i % 2 == 0) cos += i % 4 == 0 ? term : -term;
            else sin += i % 4 == 1 ? term : -term;
            term = new((term * x).Scaled / (i + 1));
        }
        return (sin, cos);
    }

    public static FixedPoint Sqrt(FixedPoint x)
    {
        if (x.Scaled.IsZero) return Zero;
        BigInteger n = x.Scaled << Bits, r = BigInteger.One << (int)(n.GetBitLength() + 1) / 2;
        for (BigInteger next = r + n / r >> 1; next < r; next = r + n / r >> 1) r = next;
        return new(r);
    }

    private int Excess => (int)Math.Max(0, BigInteger.Abs(Scaled).GetBitLength() - 64);

    private static FixedPoint ArctanOfInverse(int n) => InverseSeries(n, -1);

    private static FixedPoint ArtanhOfInverse(int n) => InverseSeries(n, 1);

    private static FixedPoint InverseSeries(int n, int sign)
    {
        BigInteger power = One.Scaled / n, sum = 0;
        for (int i = 1; !power.IsZero; i += 2, power = power * sign / (n * n)) sum += power / i;
        return new(sum);
    }
}
