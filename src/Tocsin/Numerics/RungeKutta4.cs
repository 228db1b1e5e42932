namespace Tocsin.Numerics;

/// <summary>The classical Runge-Kutta method of order 4 with a fixed step (Kutta, 1901; Hairer, Nørsett and Wanner,
/// Solving Ordinary Differential Equations I, 2nd ed., table II.1.2).</summary>
/// <remarks>Between steps the solution is a cubic Hermite polynomial, of order 4 too. Not safe for use by several threads.</remarks>
public sealed class RungeKutta4<TSystem> where TSystem : IDifferentialSystem
{
    private readonly TSystem _system;
    private readonly double[] _k1, _k2, _k3, _k4, _k5, _trial, _start;
    private bool _derivativeKnown;

    /// <summary>Makes an integrator that starts at time <paramref name="t"/> in state <paramref name="y"/>.</summary>
    public RungeKutta4(TSystem system, double t, ReadOnlySpan<double> y)
    {
        _system = system;
        int n = y.Length;
        (_k1, _k2, _k3, _k4, _k5) = (new double[n], new double[n], new double[n], new double[n], new double[n]);
        (_start, _trial) = (y.ToArray(), new double[n]);
        State = y.ToArray();
        Time = StepStart = t;
    }

    /// <summary>The time reached.</summary>
    public double Time { get; private set; }

    /// <summary>Where the last step began.</summary>
    public double StepStart { get; private set; }

    /// <summary>The state at <see cref="Time"/>.</summary>
    public double[] State { get; }

    /// <summary>Takes one step of length <paramref name="h"/>.</summary>
    public void Step(double h)
    {
        StepStart = Time;
        State.CopyTo(_start, 0);
        // The derivative at the end of a step is that at the start of the next: dense output costs nothing more.
        if (_derivativeKnown) _k5.CopyTo(_k1, 0);
        else _system.Derivative(Time, State, _k1);
        Trial(_k1, h / 2);
        _system.Derivative(Time + h / 2, _trial, _k2);
        Trial(_k2, h / 2);
        _system.Derivative(Time + h / 2, _trial, _k3);
        Trial(_k3, h);
        _system.Derivative(Time + h, _trial, _k4);
        for (int i = 0; i < State.Length; i++)
            State[i] = _start[i] + h / 6 * (_k1[i] + 2 * (_k2[i] + _k3[i]) + _k4[i]);
        Time += h;
        _system.Derivative(Time, State, _k5);
        _derivativeKnown = true;
    }

    /// <summary>Forgets what it knows of the derivative: to be called where f jumps at <see cref="Time"/>.</summary>
    public void Restart() => _derivativeKnown = false;

    /// <summary>Writes the polynomial of the last step.</summary>
    public void CopyTo(DensePolynomial dense)
    {
        double h = Time - StepStart;
        for (int i = 0; i < State.Length; i++) dense.SetHermite(i, _start[i], State[i], h * _k1[i], h * _k5[i], 0);
    }

    private void Trial(double[] k, double h)
    {
        for (int i = 0; i < _trial.Length; i++) _trial[i] = _start[i] + h * k[i];
    }
}
