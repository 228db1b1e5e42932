using Tocsin.Ballistics;

namespace Tocsin.Tests.Ballistics;

public sealed class DragCurveTests
{
    [Fact]
    public void The_curve_goes_through_its_points_and_stays_between_neighbours()
    {
        DragCurve curve = DragCurve.Reference;
        for (int i = 0; i < curve.Points.Length; i++)
        {
            Assert.Equal(curve.Points[i].Value, curve.At(curve.Points[i].Mach), 1e-14);
            if (i == 0) continue;
            (double m0, double v0) = curve.Points[i - 1];
            (double m1, double v1) = curve.Points[i];
            double last = v0;
            for (double s = 0.01; s < 1; s += 0.01)
            {
                double value = curve.At(m0 + s * (m1 - m0));
                Assert.InRange(value, Math.Min(v0, v1) - 1e-14, Math.Max(v0, v1) + 1e-14);
                Assert.True((value - last) * (v1 - v0) >= -1e-14);
                last = value;
            }
        }
    }

    [Fact]
    public void The_slope_is_that_of_the_curve_and_does_not_jump()
    {
        double last = 0;
        for (double mach = 1e-4; mach < 6; mach += 1e-4)
        {
            (double value, double slope) = DragCurve.Reference.WithSlopeAt(mach);
            Assert.Equal(DragCurve.Reference.At(mach), value);
            Assert.Equal((DragCurve.Reference.At(mach + 1e-6) - DragCurve.Reference.At(mach - 1e-6)) / 2e-6, slope, 2e-3);
            Assert.InRange(slope - last, -0.08, 0.08);
            last = slope;
        }
    }

    [Fact]
    public void The_reference_has_the_shape_that_its_documentation_says()
    {
        Assert.Equal(1, DragCurve.Reference.At(0));
        Assert.Equal(1, DragCurve.Reference.At(0.5));
        Assert.Equal(2.6, DragCurve.Reference.Points.Max(p => p.Value));
        Assert.Equal(2.6, DragCurve.Reference.At(1.1), 1e-12);
        Assert.True(DragCurve.Reference.At(3) < DragCurve.Reference.At(2));
    }

    [Fact]
    public void Beyond_its_points_a_curve_is_constant_and_bad_points_are_refused()
    {
        var curve = new DragCurve([(0.5, 2), (2, 3)]);
        Assert.Equal((2, 0), curve.WithSlopeAt(0.1));
        Assert.Equal((3, 0), curve.WithSlopeAt(2));
        Assert.Equal((3, 0), curve.WithSlopeAt(double.PositiveInfinity));
        Assert.Equal(1, DragCurve.Constant.At(7));
        Assert.Throws<ArgumentException>(() => new DragCurve([]));
        Assert.Throws<ArgumentException>(() => new DragCurve([(1, 1), (1, 2)]));
        Assert.Throws<ArgumentException>(() => new DragCurve([(0, 0)]));
        Assert.Throws<ArgumentException>(() => new DragCurve([(0, double.NaN)]));
    }
}
