namespace Tocsin.Numerics;

/// <summary>A matrix of three rows and three columns.</summary>
/// <param name="M00">Row 0, column 0.</param>
/// <param name="M01">Row 0, column 1.</param>
/// <param name="M02">Row 0, column 2.</param>
/// <param name="M10">Row 1, column 0.</param>
/// <param name="M11">Row 1, column 1.</param>
/// <param name="M12">Row 1, column 2.</param>
/// <param name="M20">Row 2, column 0.</param>
/// <param name="M21">Row 2, column 1.</param>
/// <param name="M22">Row 2, column 2.</param>
public readonly record struct Matrix3(double M00, double M01, double M02, double M10, double M11, double M12, double M20, double M21, double M22)
{
    /// <summary>Ones on the diagonal.</summary>
    public static Matrix3 Identity => new(1, 0, 0, 0, 1, 0, 0, 0, 1);

    /// <summary>Rows and columns exchanged.</summary>
    public Matrix3 Transposed => new(M00, M10, M20, M01, M11, M21, M02, M12, M22);

    /// <summary>The product of a matrix and a vector.</summary>
    public (double X, double Y, double Z) Times(double x, double y, double z) =>
        (M00 * x + M01 * y + M02 * z, M10 * x + M11 * y + M12 * z, M20 * x + M21 * y + M22 * z);

    /// <summary>The product of two matrices.</summary>
    public Matrix3 Times(in Matrix3 b) => new(
        M00 * b.M00 + M01 * b.M10 + M02 * b.M20, M00 * b.M01 + M01 * b.M11 + M02 * b.M21, M00 * b.M02 + M01 * b.M12 + M02 * b.M22,
        M10 * b.M00 + M11 * b.M10 + M12 * b.M20, M10 * b.M01 + M11 * b.M11 + M12 * b.M21, M10 * b.M02 + M11 * b.M12 + M12 * b.M22,
        M20 * b.M00 + M21 * b.M10 + M22 * b.M20, M20 * b.M01 + M21 * b.M11 + M22 * b.M21, M20 * b.M02 + M21 * b.M12 + M22 * b.M22);
}
