namespace Tocsin.Numerics;

/// <summary>The square root of a covariance: Cholesky's lower triangle.</summary>
internal static class LowerRoot
{
    /// <summary>Factors the symmetric <paramref name="p"/>, of which only the lower triangle is read, into L L'. A diagonal that is not
    /// positive leaves its column zero.</summary>
    /// <param name="p">The matrix, row by row.</param>
    /// <param name="l">Its root, row by row; all zero before.</param>
    /// <param name="size">Rows and columns.</param>
    /// <param name="stride">Numbers from the start of one row to the next, in both.</param>
    public static void Factor(ReadOnlySpan<double> p, Span<double> l, int size, int stride)
    {
        for (int j = 0; j < size; j++)
        {
            double d = p[j * stride + j];
            for (int k = 0; k < j; k++) d -= l[j * stride + k] * l[j * stride + k];
            // Negated so that NaN takes the safe branch too: the column stays zero.
            if (!(d > 0)) continue;
            double root = Math.Sqrt(d), inverse = 1 / root;
            l[j * stride + j] = root;
            for (int i = j + 1; i < size; i++)
            {
                double s = p[i * stride + j];
                for (int k = 0; k < j; k++) s -= l[i * stride + k] * l[j * stride + k];
                l[i * stride + j] = s * inverse;
            }
        }
    }
}
