using Tocsin.Numerics;

namespace Tocsin.Tests.Numerics;

/// <summary>The integrators on problems whose solution is known.</summary>
public sealed class IntegratorTests
{
    private const double Eccentricity = 0.3;

    /// <summary>Two bodies, gravitational parameter 1, semi-major axis 1: period 2 pi.</summary>
    private readonly struct Kepler : IDifferentialSystem
    {
        public static double[] Perihelion => [1 - Eccentricity, 0, 0, Math.Sqrt((1 + Eccentricity) / (1 - Eccentricity))];

        public void Derivative(double t, ReadOnlySpan<double> y, Span<double> derivative)
        {
            double r3 = Math.Pow(y[0] * y[0] + y[1] * y[1], -1.5);
            (derivative[0], derivative[1], derivative[2], derivative[3]) = (y[2], y[3], -y[0] * r3, -y[1] * r3);
        }

        /// <summary>The position at a time, by Kepler's equation.</summary>
        public static (double X, double Y) At(double t)
        {
            double e = t;
            for (int i = 0; i < 50; i++) e -= (e - Eccentricity * Math.Sin(e) - t) / (1 - Eccentricity * Math.Cos(e));
            return (Math.Cos(e) - Eccentricity, Math.Sqrt(1 - Eccentricity * Eccentricity) * Math.Sin(e));
        }

        public static double Error(double t, double x, double y)
        {
            (double ex, double ey) = At(t);
            return Math.Sqrt((x - ex) * (x - ex) + (y - ey) * (y - ey));
        }
    }

    /// <summary>A body that falls against drag that grows with the square of its speed, from rest.</summary>
    private readonly record struct Fall(double Gravity, double TerminalSpeed) : IDifferentialSystem
    {
        public void Derivative(double t, ReadOnlySpan<double> y, Span<double> derivative) =>
            (derivative[0], derivative[1]) = (y[1], Gravity * (1 - y[1] * Math.Abs(y[1]) / (TerminalSpeed * TerminalSpeed)));
    }

    [Fact]
    public void Dormand_Prince_is_of_order_5_and_its_dense_output_of_order_4()
    {
        (double end, double dense)[] errors = [.. new[] { 100, 200, 400 }.Select(DormandPrinceErrors)];
        for (int i = 1; i < errors.Length; i++)
        {
            Assert.InRange(Math.Log2(errors[i - 1].end / errors[i].end), 4.7, 5.6);
            Assert.InRange(Math.Log2(errors[i - 1].dense / errors[i].dense), 3.8, 5.6);
        }
    }

    [Fact]
    public void Runge_Kutta_is_of_order_4_and_so_is_its_dense_output()
    {
        (double end, double dense)[] errors = [.. new[] { 100, 200, 400 }.Select(RungeKuttaErrors)];
        for (int i = 1; i < errors.Length; i++)
        {
            Assert.InRange(Math.Log2(errors[i - 1].end / errors[i].end), 3.7, 4.6);
            Assert.InRange(Math.Log2(errors[i - 1].dense / errors[i].dense), 3.7, 4.6);
        }
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1e-9)]
    [InlineData(1e-12)]
    public void The_adaptive_step_keeps_the_error_near_the_tolerance(double tolerance)
    {
        var integrator = new DormandPrince54<Kepler>(default, 0, Kepler.Perihelion, 0.001, tolerance, [tolerance, tolerance, tolerance, tolerance]);
        int steps = 0;
        for (; integrator.Time < 20; steps++) integrator.Step(20);
        Assert.Equal(20, integrator.Time);
        // The local tolerance grows into a global error over three revolutions; a controller that wastes steps would be far below it.
        Assert.InRange(Kepler.Error(20, integrator.State[0], integrator.State[1]), tolerance, 1_000 * tolerance);
        Assert.InRange(integrator.Tries, steps, steps * 1.25 + 2);
    }

    [Fact]
    public void Quadratic_drag_agrees_with_its_closed_form_to_1e_9()
    {
        const double g = 9.81, terminal = 200;
        var integrator = new DormandPrince54<Fall>(new(g, terminal), 0, [0, 0], 0.01, 1e-12, [1e-12, 1e-12]);
        while (integrator.Time < 30) integrator.Step(30);
        double speed = terminal * Math.Tanh(g * 30 / terminal), way = terminal * terminal / g * Math.Log(Math.Cosh(g * 30 / terminal));
        Assert.Equal(1, integrator.State[0] / way, 1e-9);
        Assert.Equal(1, integrator.State[1] / speed, 1e-9);
    }

    [Fact]
    public void Equations_that_are_not_finite_end_in_an_exception()
    {
        var integrator = new DormandPrince54<Fall>(new(double.NaN, 1), 0, [0, 0], 0.01, 1e-9, [1e-9, 1e-9]);
        Assert.Throws<InvalidOperationException>(() => integrator.Step(1));
    }

    private static (double End, double Dense) DormandPrinceErrors(int steps)
    {
        double h = 2 * Math.PI / steps, worst = 0;
        var dense = new DensePolynomial(4);
        // A tolerance that anything meets makes the step what the limit says.
        var integrator = new DormandPrince54<Kepler>(default, 0, Kepler.Perihelion, h, 0, [1e9, 1e9, 1e9, 1e9]);
        for (int i = 1; i <= steps; i++)
        {
            integrator.Step(i * h);
            integrator.CopyTo(dense);
            worst = Math.Max(worst, Kepler.Error((i - 0.6) * h, dense.At(0, 0.4), dense.At(1, 0.4)));
        }
        return (Kepler.Error(2 * Math.PI, integrator.State[0], integrator.State[1]), worst);
    }

    private static (double End, double Dense) RungeKuttaErrors(int steps)
    {
        double h = 2 * Math.PI / steps, worst = 0;
        var dense = new DensePolynomial(4);
        var integrator = new RungeKutta4<Kepler>(default, 0, Kepler.Perihelion);
        for (int i = 1; i <= steps; i++)
        {
            integrator.Step(h);
            integrator.CopyTo(dense);
            worst = Math.Max(worst, Kepler.Error((i - 0.6) * h, dense.At(0, 0.4), dense.At(1, 0.4)));
        }
        return (Kepler.Error(2 * Math.PI, integrator.State[0], integrator.State[1]), worst);
    }
}
