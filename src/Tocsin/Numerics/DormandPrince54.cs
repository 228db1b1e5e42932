namespace Tocsin.Numerics;

/// <summary>The embedded Runge-Kutta pair of orders 5 and 4 of Dormand and Prince (J. Comp. Appl. Math. 6(1), 1980), with a
/// step that follows the error and a dense output of order 4.</summary>
/// <remarks>Coefficients, dense output and the step control with memory as in Hairer, Nørsett and Wanner, Solving Ordinary
/// Differential Equations I, 2nd ed., table II.5.2, sections II.6 and IV.2. Not safe for use by several threads.</remarks>
public sealed class DormandPrince54<TSystem> where TSystem : IDifferentialSystem
{
    /// <summary>Steps shorter than this share of the time reached (or of 1) are beyond what rounding allows.</summary>
    private const double SmallestStep = 1e-13;

    private readonly TSystem _system;
    private readonly double _relativeTolerance;
    private readonly double[] _absoluteTolerance;
    private readonly double[] _start, _trial, _k1, _k2, _k3, _k4, _k5, _k6, _k7;
    private double _step, _lastError = 1e-4;
    private bool _derivativeKnown;

    /// <summary>Makes an integrator that starts at time <paramref name="t"/> in state <paramref name="y"/>.</summary>
    /// <param name="system">The equations.</param>
    /// <param name="t">The time to start at.</param>
    /// <param name="y">The state to start in.</param>
    /// <param name="firstStep">Length of the first step tried.</param>
    /// <param name="relativeTolerance">Error allowed in one step as a share of a component.</param>
    /// <param name="absoluteTolerance">Error allowed in one step besides, by component.</param>
    public DormandPrince54(TSystem system, double t, ReadOnlySpan<double> y, double firstStep, double relativeTolerance,
        ReadOnlySpan<double> absoluteTolerance)
    {
        int n = y.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(absoluteTolerance.Length, n);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(firstStep);
        (_system, _relativeTolerance, _absoluteTolerance, _step) = (system, relativeTolerance, absoluteTolerance.ToArray(), firstStep);
        (_start, _trial, _k1, _k2) = (y.ToArray(), new double[n], new double[n], new double[n]);
        (_k3, _k4, _k5, _k6, _k7) = (new double[n], new double[n], new double[n], new double[n], new double[n]);
        State = y.ToArray();
        Time = StepStart = t;
    }

    /// <summary>The time reached.</summary>
    public double Time { get; private set; }

    /// <summary>Where the last step began.</summary>
    public double StepStart { get; private set; }

    /// <summary>The state at <see cref="Time"/>.</summary>
    public double[] State { get; }

    /// <summary>Steps tried, those that were refused included.</summary>
    public int Tries { get; private set; }

    /// <summary>Takes one step whose error is within the tolerance and which does not pass <paramref name="limit"/>.</summary>
    /// <exception cref="InvalidOperationException">No step is short enough: the equations are not finite there.</exception>
    public void Step(double limit)
    {
        // The derivative at the end of a step is that at the start of the next.
        if (_derivativeKnown) _k7.CopyTo(_k1, 0);
        else _system.Derivative(Time, State, _k1);
        State.CopyTo(_start, 0);
        StepStart = Time;
        bool refused = false;
        while (true)
        {
            Tries++;
            bool last = Time + _step >= limit;
            double h = last ? limit - Time : _step;
            double error = Try(h);
            if (error <= 1)
            {
                Time = last ? limit : Time + h;
                _derivativeKnown = true;
                // Gustafsson's control: the error of the step before damps the growth.
                double factor = 0.9 * Elementary.Pow(Math.Max(error, 1e-10), -0.17) * Elementary.Pow(_lastError, 0.04);
                double next = h * Math.Clamp(factor, 0.2, refused ? 1 : 10);
                // A step cut by the limit says nothing about how long the next may be.
                _step = last ? Math.Max(next, _step) : next;
                _lastError = Math.Max(error, 1e-4);
                return;
            }
            refused = true;
            _step = h * (double.IsFinite(error) ? Math.Max(0.2, 0.9 * Elementary.Pow(error, -0.2)) : 0.1);
            if (!(_step > SmallestStep * Math.Max(1, Math.Abs(Time))))
                throw new InvalidOperationException($"the equations have no finite step at t = {Time:R}");
        }
    }

    /// <summary>Forgets what it knows of the derivative: to be called where f jumps at <see cref="Time"/>.</summary>
    public void Restart() => _derivativeKnown = false;

    /// <summary>Writes the polynomial of the last step.</summary>
    public void CopyTo(DensePolynomial dense)
    {
        double h = Time - StepStart;
        for (int i = 0; i < State.Length; i++)
            dense.SetHermite(i, _start[i], State[i], h * _k1[i], h * _k7[i],
                h * (-12715105075.0 / 11282082432 * _k1[i] + 87487479700.0 / 32700410799 * _k3[i] - 10690763975.0 / 1880347072 * _k4[i]
                + 701980252875.0 / 199316789632 * _k5[i] - 1453857185.0 / 822651844 * _k6[i] + 69997945.0 / 29380423 * _k7[i]));
    }

    /// <summary>Computes the step of length h into <see cref="State"/>; the error in units of the tolerance.</summary>
    private double Try(double h)
    {
        double[] y = _start;
        double t = StepStart;
        int n = y.Length;
        for (int i = 0; i < n; i++) _trial[i] = y[i] + h * (1.0 / 5 * _k1[i]);
        _system.Derivative(t + h / 5, _trial, _k2);
        for (int i = 0; i < n; i++) _trial[i] = y[i] + h * (3.0 / 40 * _k1[i] + 9.0 / 40 * _k2[i]);
        _system.Derivative(t + h * (3.0 / 10), _trial, _k3);
        for (int i = 0; i < n; i++) _trial[i] = y[i] + h * (44.0 / 45 * _k1[i] - 56.0 / 15 * _k2[i] + 32.0 / 9 * _k3[i]);
        _system.Derivative(t + h * (4.0 / 5), _trial, _k4);
        for (int i = 0; i < n; i++)
            _trial[i] = y[i] + h * (19372.0 / 6561 * _k1[i] - 25360.0 / 2187 * _k2[i] + 64448.0 / 6561 * _k3[i] - 212.0 / 729 * _k4[i]);
        _system.Derivative(t + h * (8.0 / 9), _trial, _k5);
        for (int i = 0; i < n; i++)
            _trial[i] = y[i] + h * (9017.0 / 3168 * _k1[i] - 355.0 / 33 * _k2[i] + 46732.0 / 5247 * _k3[i] + 49.0 / 176 * _k4[i]
                - 5103.0 / 18656 * _k5[i]);
        _system.Derivative(t + h, _trial, _k6);
        for (int i = 0; i < n; i++)
            State[i] = y[i] + h * (35.0 / 384 * _k1[i] + 500.0 / 1113 * _k3[i] + 125.0 / 192 * _k4[i] - 2187.0 / 6784 * _k5[i]
                + 11.0 / 84 * _k6[i]);
        _system.Derivative(t + h, State, _k7);
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double error = h * (71.0 / 57600 * _k1[i] - 71.0 / 16695 * _k3[i] + 71.0 / 1920 * _k4[i] - 17253.0 / 339200 * _k5[i]
                + 22.0 / 525 * _k6[i] - 1.0 / 40 * _k7[i]);
            double scale = _absoluteTolerance[i] + _relativeTolerance * Math.Max(Math.Abs(y[i]), Math.Abs(State[i]));
            sum += error * error / (scale * scale);
        }
        return Math.Sqrt(sum / n);
    }
}
