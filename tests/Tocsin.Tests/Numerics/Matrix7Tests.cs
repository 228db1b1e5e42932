using CsCheck;
using Tocsin.Numerics;

namespace Tocsin.Tests.Numerics;

/// <summary>The padded matrices of the tracker against plain loops.</summary>
public sealed class Matrix7Tests
{
    private static readonly Gen<double[]> Elements = Gen.Double[-10, 10].Array[49];

    [Fact]
    public void A_product_is_what_plain_loops_give() => Gen.Select(Elements, Elements).Sample((x, y) =>
    {
        Matrix7 a = Fill(x), b = Fill(y), c = default;
        Matrix7.Multiply(a, b, ref c);
        Same(Dense.Times(Dense.Of(a), Dense.Of(b)), c, 1e-11);
    });

    [Fact]
    public void Propagation_is_F_P_F_transposed() => Gen.Select(Elements, Elements).Sample((x, y) =>
    {
        Matrix7 f = Fill(x), p = Symmetric(y);
        double[,] expected = Dense.Times(Dense.Times(Dense.Of(f), Dense.Of(p)), Dense.Transposed(Dense.Of(f)));
        Matrix7.Propagate(f, ref p);
        Same(expected, p, 1e-8);
        for (int i = 0; i < 7; i++)
            for (int j = 0; j < 7; j++) Assert.Equal(p[i, j], p[j, i]);
    });

    [Fact]
    public void A_downdate_takes_off_the_outer_product() => Gen.Select(Elements, Gen.Double[-3, 3].Array[7], Gen.Double[-2, 2]).Sample((x, v, s) =>
    {
        Matrix7 p = Symmetric(x);
        double[,] expected = Dense.Of(p);
        Vector7 k = default;
        for (int i = 0; i < 7; i++) k[i] = v[i];
        for (int i = 0; i < 7; i++)
            for (int j = 0; j < 7; j++) expected[i, j] -= v[i] * v[j] * s;
        Matrix7.Downdate(ref p, k, s);
        Same(expected, p, 1e-11);
    });

    [Fact]
    public void The_square_root_is_lower_and_its_square_the_matrix() => Elements.Sample(x =>
    {
        // A A' + I / 10: positive however the elements fall.
        double[,] p = Dense.Plus(Dense.Times(Dense.Of(Fill(x)), Dense.Transposed(Dense.Of(Fill(x)))), Dense.Identity(7), 0.1);
        Matrix7 l = Matrix7.Cholesky(Dense.To7(p));
        for (int i = 0; i < 7; i++)
        {
            Assert.True(l[i, i] > 0);
            for (int j = i + 1; j < 7; j++) Assert.Equal(0, l[i, j]);
        }
        Same(Dense.Times(Dense.Of(l), Dense.Transposed(Dense.Of(l))), Dense.To7(p), 1e-9);
    });

    [Fact]
    public void A_direction_without_variance_has_an_empty_column()
    {
        double[,] p = Dense.Diagonal(4, 0, 9, 1, 1, 1, 1);
        Matrix7 l = Matrix7.Cholesky(Dense.To7(p));
        Same(Dense.Diagonal(2, 0, 3, 1, 1, 1, 1), l, 1e-15);
    }

    private static Matrix7 Fill(double[] x)
    {
        Matrix7 m = default;
        for (int i = 0; i < 7; i++)
            for (int j = 0; j < 7; j++) m[i, j] = x[i * 7 + j];
        return m;
    }

    private static Matrix7 Symmetric(double[] x)
    {
        Matrix7 m = Fill(x);
        for (int i = 0; i < 7; i++)
            for (int j = 0; j < i; j++) m[i, j] = m[j, i];
        return m;
    }

    private static void Same(double[,] expected, in Matrix7 actual, double tolerance)
    {
        for (int i = 0; i < 7; i++)
            for (int j = 0; j < 7; j++) Assert.Equal(expected[i, j], actual[i, j], tolerance);
    }
}
