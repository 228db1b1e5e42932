namespace Tocsin.Numerics;

/// <summary>The solution of a differential equation within one step: a polynomial of degree 4 for each component, in
/// theta from 0 at the start of the step to 1 at its end.</summary>
/// <remarks>In the form of Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, 2nd ed., section II.6 and its
/// code DOPRI5: a cubic Hermite polynomial and one further term that vanishes, with its slope, at both ends.</remarks>
public readonly struct DensePolynomial
{
    private const int Terms = 5;
    private readonly double[] _terms;

    /// <summary>Makes room for <paramref name="dimension"/> components.</summary>
    public DensePolynomial(int dimension) => _terms = new double[Terms * dimension];

    /// <summary>The number of components.</summary>
    public int Dimension => _terms.Length / Terms;

    /// <summary>Sets a component by its values and slopes (per theta) at both ends and the weight of the quartic term.</summary>
    public void SetHermite(int component, double start, double end, double startSlope, double endSlope, double quartic)
    {
        Span<double> r = _terms.AsSpan(Terms * component, Terms);
        double difference = end - start, bend = startSlope - difference;
        (r[0], r[1], r[2], r[3], r[4]) = (start, difference, bend, difference - endSlope - bend, quartic);
    }

    /// <summary>The value of a component at <paramref name="theta"/>.</summary>
    public double At(int component, double theta)
    {
        ReadOnlySpan<double> r = _terms.AsSpan(Terms * component, Terms);
        double back = 1 - theta;
        return r[0] + theta * (r[1] + back * (r[2] + theta * (r[3] + back * r[4])));
    }
}
