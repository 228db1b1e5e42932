namespace Tocsin.Numerics;

/// <summary>The polynomial of degree 5 with given values, first and second derivatives at 0 and at 1 (Hermite's interpolation).</summary>
internal readonly struct Quintic
{
    private readonly double _c0, _c1, _c2, _c3, _c4, _c5;

    /// <summary>Makes it from value, slope and bend at 0, then at 1.</summary>
    public Quintic(double value0, double slope0, double bend0, double value1, double slope1, double bend1)
    {
        (_c0, _c1, _c2) = (value0, slope0, bend0 / 2);
        double rise = value1 - value0 - slope0 - _c2, steepen = slope1 - slope0 - bend0, bend = bend1 - bend0;
        (_c3, _c4, _c5) = (10 * rise - 4 * steepen + bend / 2, -15 * rise + 7 * steepen - bend, 6 * rise - 3 * steepen + bend / 2);
    }

    /// <summary>The value at <paramref name="s"/>.</summary>
    public double At(double s) => _c0 + s * (_c1 + s * (_c2 + s * (_c3 + s * (_c4 + s * _c5))));

    /// <summary>The slope at <paramref name="s"/>.</summary>
    public double SlopeAt(double s) => _c1 + s * (2 * _c2 + s * (3 * _c3 + s * (4 * _c4 + s * (5 * _c5))));

    /// <summary>Where in 0 to 1 a polynomial that is positive at 0 and not at 1 ceases to be: Newton's method, kept in its bracket by halving.</summary>
    public double Root()
    {
        const int mostTries = 60;
        double low = 0, high = 1, s = _c0 / (_c0 - At(1));
        for (int i = 0; i < mostTries; i++)
        {
            double value = At(s);
            if (value > 0) low = s;
            else high = s;
            double next = s - value / SlopeAt(s);
            if (!(next >= low && next <= high)) next = (low + high) / 2;
            // Newton's steps square the error: after one so short the next would be below the resolution.
            if (Math.Abs(next - s) <= 1e-10) return next;
            s = next;
        }
        return s;
    }
}
