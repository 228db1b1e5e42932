namespace Tocsin.Numerics;

/// <summary>Polynomials through functions at Chebyshev's nodes, which are near the best there are (Trefethen, Approximation Theory and
/// Approximation Practice, chapter 4).</summary>
internal static class Chebyshev
{
    /// <summary>Coefficients, the lowest power first, of the polynomial in t = (x - centre) / half that equals <paramref name="function"/> at the nodes.</summary>
    public static double[] Interpolate(Func<double, double> function, int degree, double centre, double half)
    {
        // Turned from Chebyshev's basis into powers of t for Horner's rule.
        int n = degree + 1;
        var values = new double[n];
        for (int k = 0; k < n; k++)
            values[k] = function(centre + half * Elementary.Cos(Math.PI * (k + 0.5) / n));
        var powers = new double[n];
        var previous = new double[n];
        var current = new double[n];
        previous[0] = 1;
        if (n > 1) current[1] = 1;
        for (int j = 0; j < n; j++)
        {
            double c = 0;
            for (int k = 0; k < n; k++) c += values[k] * Elementary.Cos(Math.PI * j * (k + 0.5) / n);
            c *= (j == 0 ? 1.0 : 2.0) / n;
            double[] basis = j == 0 ? previous : current;
            for (int i = 0; i < n; i++) powers[i] += c * basis[i];
            if (j == 0) continue;
            var next = new double[n];
            for (int i = 1; i < n; i++) next[i] = 2 * current[i - 1];
            for (int i = 0; i < n; i++) next[i] -= previous[i];
            (previous, current) = (current, next);
        }
        return powers;
    }
}
