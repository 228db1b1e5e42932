namespace Tocsin.Numerics;

/// <content>Trigonometric functions and their inverses.</content>
public static partial class Elementary
{
    // Half of pi in three parts; the second and third are the errors of those before.
    private const double HalfPi = 1.5707963267948966, HalfPi2 = 6.123233995736766e-17, HalfPi3 = -1.4973849048591698e-33;
    private const double InverseHalfPi = 0.6366197723675814;

    /// <summary>The greatest angle that the trigonometric functions take, 2^32 rad; greater ones give NaN. Neighbouring numbers are a microradian apart there.</summary>
    public const double GreatestAngleRad = 4294967296;

    /// <summary>Sine of an angle in radians; error below 0.85 ulp. NaN beyond <see cref="GreatestAngleRad"/>.</summary>
    public static double Sin(double x)
    {
        (double r, double tail, int quadrant) = ReduceByHalfPi(x);
        double value = (quadrant & 1) == 0 ? SinKernel(r, tail) : CosKernel(r, tail);
        return (quadrant & 2) == 0 ? value : -value;
    }

    /// <summary>Cosine of an angle in radians; error below 0.85 ulp. NaN beyond <see cref="GreatestAngleRad"/>.</summary>
    public static double Cos(double x)
    {
        (double r, double tail, int quadrant) = ReduceByHalfPi(x);
        double value = (quadrant & 1) == 0 ? CosKernel(r, tail) : SinKernel(r, tail);
        return (quadrant + 1 & 2) == 0 ? value : -value;
    }

    /// <summary>Sine and cosine of an angle in radians; the same bits as <see cref="Sin"/> and <see cref="Cos"/>.</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        (double r, double tail, int quadrant) = ReduceByHalfPi(x);
        double sin = SinKernel(r, tail), cos = CosKernel(r, tail);
        if ((quadrant & 1) != 0) (sin, cos) = (cos, -sin);
        return (quadrant & 2) == 0 ? (sin, cos) : (-sin, -cos);
    }

    /// <summary>Tangent of an angle in radians; error below 2.5 ulp. NaN beyond <see cref="GreatestAngleRad"/>.</summary>
    public static double Tan(double x)
    {
        (double sin, double cos) = SinCos(x);
        return sin / cos;
    }

    /// <summary>Angle in radians of the vector (x, y), in [-pi, pi]; error below 1.6 ulp. Signed zeros and infinities as IEEE 754 has them.</summary>
    public static double Atan2(double y, double x)
    {
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        double dx = Math.Abs(x), dy = Math.Abs(y);
        bool steep = dy > dx;
        (double small, double large) = steep ? (dx, dy) : (dy, dx);
        if (large == 0) (small, large) = (0, 1);
        if (double.IsPositiveInfinity(large)) (small, large) = (double.IsPositiveInfinity(small) ? 1 : 0, 1);
        if (large > 1e300) (small, large) = (small * 1e-100, large * 1e-100);
        if (large < 1e-290) (small, large) = (small * 1e15, large * 1e15);

        // atan(q) = atan(c) + atan((q - c) / (1 + c q)), with c 0, 1/2 or 1: what remains is below 7/16.
        int reduction = (double.IsNegative(x) ? 6 : 0) + (steep ? 3 : 0);
        double t;
        if (small < 0.4375 * large) t = small / large;
        else if (small < 0.6875 * large) (t, reduction) = ((small - 0.5 * large) / (large + 0.5 * small), reduction + 1);
        else (t, reduction) = ((small - large) / (large + small), reduction + 2);

        (double head, double tail, double sign) = AngleBase(reduction);
        double z = t * t;
        double bend = t * z * Math.FusedMultiplyAdd(z * z * z * z * z, Polynomial(z, -0.0769187549659504, 0.06661066065741889,
            -0.05833524642078564, 0.049766959095969475, -0.036527449174429495, 0.01628178498596041),
            Math.FusedMultiplyAdd(z, Math.FusedMultiplyAdd(z, Math.FusedMultiplyAdd(z, Math.FusedMultiplyAdd(z, 0.09090887087629024,
            -0.11111110403602156), 0.14285714272458946), -0.1999999999987593), 0.3333333333333293));
        double angle = head + (sign * t + (tail - sign * bend));
        return double.IsNegative(y) ? -angle : angle;
    }

    /// <summary>Arc sine in radians; error below 2.2 ulp. NaN outside [-1, 1].</summary>
    public static double Asin(double x) => Atan2(x, Math.Sqrt(Math.FusedMultiplyAdd(-x, x, 1)));

    /// <summary>Arc cosine in radians; error below 2.2 ulp. NaN outside [-1, 1].</summary>
    public static double Acos(double x) => Atan2(Math.Sqrt(Math.FusedMultiplyAdd(-x, x, 1)), x);

    /// <summary>x = quadrant pi/2 + r + tail, with |r| up to pi/4; the quadrant modulo 4.</summary>
    private static (double R, double Tail, int Quadrant) ReduceByHalfPi(double x)
    {
        if (Math.Abs(x) <= HalfPi / 2) return (x, 0, 0);
        if (!(Math.Abs(x) <= GreatestAngleRad)) return (double.NaN, 0, 0);
        double n = Math.Round(x * InverseHalfPi);
        // Exact: both terms are multiples of 2^-53 or more, and what remains of them is below 1.
        double a = Math.FusedMultiplyAdd(-n, HalfPi, x);
        double b = n * HalfPi2;
        (double r, double lost) = TwoSum(a, -b);
        double tail = lost - (Math.FusedMultiplyAdd(n, HalfPi2, -b) + n * HalfPi3);
        double sum = r + tail;
        return (sum, r - sum + tail, (int)((long)n & 3));
    }

    /// <summary>Sine of r + tail, |r| up to pi/4.</summary>
    private static double SinKernel(double r, double tail)
    {
        double z = r * r, cube = z * r;
        double p = Math.FusedMultiplyAdd(z, Math.FusedMultiplyAdd(z, Math.FusedMultiplyAdd(z, Math.FusedMultiplyAdd(z,
            1.5896213822817575e-10, -2.5050747490767276e-08), 2.7557313619716437e-06), -0.00019841269829584947), 0.008333333333322113);
        return r - (z * (0.5 * tail - cube * p) - tail + cube * 0.1666666666666663);
    }

    /// <summary>Cosine of r + tail, |r| up to pi/4.</summary>
    private static double CosKernel(double r, double tail)
    {
        double z = r * r, half = 0.5 * z, w = 1 - half;
        double p = Polynomial(z, 0.041666666666666595, -0.001388888888887305, 2.48015872888472e-05, -2.7557314177934325e-07,
            2.0875700648719155e-09, -1.1358526116377577e-11);
        return w + (1 - w - half + (z * z * p - r * tail));
    }

    /// <summary>The angle that the reductions of <see cref="Atan2"/> have taken off, in two parts, and the sign of the remainder.</summary>
    private static (double Head, double Tail, double Sign) AngleBase(int index) => index switch
    {
        0 => (0, 0, 1),
        1 => (0.4636476090008061, 2.2698777452961687e-17, 1),
        2 => (0.7853981633974483, 3.061616997868383e-17, 1),
        3 => (1.5707963267948966, 6.123233995736766e-17, -1),
        4 => (1.1071487177940904, 9.40447137356638e-17, -1),
        5 => (0.7853981633974483, 3.061616997868383e-17, -1),
        6 => (3.141592653589793, 1.2246467991473532e-16, -1),
        7 => (2.677945044588987, 1.5527705369303147e-16, -1),
        8 => (2.356194490192345, 9.184850993605148e-17, -1),
        9 => (1.5707963267948966, 6.123233995736766e-17, 1),
        10 => (2.0344439357957027, 2.841996617907152e-17, 1),
        _ => (2.356194490192345, 9.184850993605148e-17, 1),
    };
}
