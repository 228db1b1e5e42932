namespace Tocsin.Numerics;

/// <summary>A system of first-order ordinary differential equations, y' = f(t, y).</summary>
/// <remarks>Implemented by structs, so that the integrators are compiled for each of them and call it directly.</remarks>
public interface IDifferentialSystem
{
    /// <summary>Writes f(t, y) into <paramref name="derivative"/>.</summary>
    void Derivative(double t, ReadOnlySpan<double> y, Span<double> derivative);
}
