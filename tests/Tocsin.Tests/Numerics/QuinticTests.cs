using CsCheck;
using Tocsin.Numerics;

namespace Tocsin.Tests.Numerics;

public sealed class QuinticTests
{
    [Fact]
    public void A_polynomial_of_degree_5_is_itself() => Gen.Double[-10, 10].Array[6].Sample(c =>
    {
        double Value(double s) => c.Select((k, i) => k * Math.Pow(s, i)).Sum();
        double Slope(double s) => c.Select((k, i) => i < 1 ? 0 : i * k * Math.Pow(s, i - 1)).Sum();
        double Bend(double s) => c.Select((k, i) => i < 2 ? 0 : i * (i - 1) * k * Math.Pow(s, i - 2)).Sum();
        var quintic = new Quintic(Value(0), Slope(0), Bend(0), Value(1), Slope(1), Bend(1));
        for (double s = 0; s <= 1; s += 0.125)
        {
            Assert.Equal(Value(s), quintic.At(s), 1e-10);
            Assert.Equal(Slope(s), quintic.SlopeAt(s), 1e-9);
        }
    }, iter: 200);

    /// <summary>Thrown up and come down within the step, or falling throughout: the time is that of the parabola.</summary>
    [Fact]
    public void The_root_is_where_a_parabola_comes_down() => Gen.Select(Gen.Double[1e-6, 1_000], Gen.Double[-500, 500], Gen.Double[0.1, 50]).Sample((height, climb, gravity) =>
    {
        double down = (climb + Math.Sqrt(climb * climb + 2 * gravity * height)) / gravity, h = down * 1.3;
        var quintic = new Quintic(height, climb * h, -gravity * h * h, height + climb * h - gravity * h * h / 2, (climb - gravity * h) * h, -gravity * h * h);
        Assert.Equal(1 / 1.3, quintic.Root(), 1e-9);
    });
}
