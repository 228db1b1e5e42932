using Tocsin.Numerics;

namespace Tocsin.Tests;

/// <summary>Matrices as textbooks write them, by plain loops, to check the tracker's against.</summary>
internal static class Dense
{
    public static double[,] Of(in Matrix7 m)
    {
        var d = new double[7, 7];
        for (int i = 0; i < 7; i++)
            for (int j = 0; j < 7; j++) d[i, j] = m[i, j];
        return d;
    }

    public static Matrix7 To7(double[,] d)
    {
        Matrix7 m = default;
        for (int i = 0; i < 7; i++)
            for (int j = 0; j < 7; j++) m[i, j] = d[i, j];
        return m;
    }

    public static double[] Of(in Vector7 v)
    {
        var d = new double[7];
        for (int i = 0; i < 7; i++) d[i] = v[i];
        return d;
    }

    public static double[,] Times(double[,] a, double[,] b)
    {
        var c = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
            for (int j = 0; j < b.GetLength(1); j++)
                for (int k = 0; k < a.GetLength(1); k++) c[i, j] += a[i, k] * b[k, j];
        return c;
    }

    public static double[] Times(double[,] a, double[] x)
    {
        var y = new double[a.GetLength(0)];
        for (int i = 0; i < y.Length; i++)
            for (int k = 0; k < x.Length; k++) y[i] += a[i, k] * x[k];
        return y;
    }

    public static double[,] Transposed(double[,] a)
    {
        var t = new double[a.GetLength(1), a.GetLength(0)];
        for (int i = 0; i < a.GetLength(0); i++)
            for (int j = 0; j < a.GetLength(1); j++) t[j, i] = a[i, j];
        return t;
    }

    public static double[,] Plus(double[,] a, double[,] b, double scale = 1)
    {
        var c = new double[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
            for (int j = 0; j < a.GetLength(1); j++) c[i, j] = a[i, j] + scale * b[i, j];
        return c;
    }

    public static double[,] Identity(int n)
    {
        var m = new double[n, n];
        for (int i = 0; i < n; i++) m[i, i] = 1;
        return m;
    }

    public static double[,] Diagonal(params ReadOnlySpan<double> d)
    {
        var m = new double[d.Length, d.Length];
        for (int i = 0; i < d.Length; i++) m[i, i] = d[i];
        return m;
    }

    /// <summary>Inverse and determinant by Gauss-Jordan elimination with pivoting.</summary>
    public static (double[,] Inverse, double Determinant) Invert(double[,] m)
    {
        int n = m.GetLength(0);
        double[,] a = (double[,])m.Clone(), inverse = Identity(n);
        double determinant = 1;
        for (int c = 0; c < n; c++)
        {
            int pivot = c;
            for (int r = c + 1; r < n; r++)
                if (Math.Abs(a[r, c]) > Math.Abs(a[pivot, c])) pivot = r;
            if (pivot != c) determinant = -determinant;
            for (int j = 0; j < n; j++)
            {
                (a[c, j], a[pivot, j]) = (a[pivot, j], a[c, j]);
                (inverse[c, j], inverse[pivot, j]) = (inverse[pivot, j], inverse[c, j]);
            }
            double d = a[c, c];
            determinant *= d;
            for (int j = 0; j < n; j++)
            {
                a[c, j] /= d;
                inverse[c, j] /= d;
            }
            for (int r = 0; r < n; r++)
            {
                if (r == c) continue;
                double f = a[r, c];
                for (int j = 0; j < n; j++)
                {
                    a[r, j] -= f * a[c, j];
                    inverse[r, j] -= f * inverse[c, j];
                }
            }
        }
        return (inverse, determinant);
    }

    /// <summary>Kalman's update in Joseph's form, for any number of measurements at once.</summary>
    public static (double[] Mean, double[,] Covariance) Joseph(double[] mean, double[,] p, double[,] h, double[] residual, double[,] r)
    {
        double[,] ht = Transposed(h), s = Plus(Times(Times(h, p), ht), r);
        double[,] k = Times(Times(p, ht), Invert(s).Inverse);
        double[] correction = Times(k, residual), after = new double[mean.Length];
        for (int i = 0; i < mean.Length; i++) after[i] = mean[i] + correction[i];
        double[,] left = Plus(Identity(mean.Length), Times(k, h), -1);
        return (after, Plus(Times(Times(left, p), Transposed(left)), Times(Times(k, r), Transposed(k))));
    }

    /// <summary>Greatest difference of two covariances, each element in units of the sigmas it belongs to.</summary>
    public static double Difference(double[,] a, double[,] b)
    {
        double most = 0;
        for (int i = 0; i < a.GetLength(0); i++)
            for (int j = 0; j < a.GetLength(1); j++) most = Math.Max(most, Math.Abs(a[i, j] - b[i, j]) / Math.Sqrt(b[i, i] * b[j, j]));
        return most;
    }

    /// <summary>A random covariance: A A' scaled by given sigmas, so that everything is correlated with everything.</summary>
    public static double[,] Covariance(double[] random, params ReadOnlySpan<double> sigmas)
    {
        int n = sigmas.Length;
        var a = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) a[i, j] = sigmas[i] * (random[i * n + j] * 0.5 + (i == j ? 1 : 0));
        return Times(a, Transposed(a));
    }
}
