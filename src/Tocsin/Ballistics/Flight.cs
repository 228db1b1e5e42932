using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Ballistics;

/// <summary>Computes flights of rounds as point masses.</summary>
/// <remarks>Spin drift, yaw and lift are not in it (docs/internals/ballistics.md): they belong in the uncertainty of whoever predicts.</remarks>
public static class Flight
{
    /// <summary>Flies a round until it comes down to a height, by the adaptive integrator of Dormand and Prince.</summary>
    /// <param name="round">The round.</param>
    /// <param name="start">Where it starts.</param>
    /// <param name="velocityMps">Its velocity over the ground at the start in m/s: east, north and up there. A round with a motor
    /// needs some speed too, since the thrust follows the velocity.</param>
    /// <param name="groundHeightM">Height of the ground above the ellipsoid in metres; the flight ends where the round is at or below
    /// it and descends.</param>
    /// <param name="environment">What it flies through.</param>
    /// <param name="maxTimeS">Longest flight in seconds.</param>
    /// <param name="relativeTolerance">Error allowed in one step, in parts of 1 km and 10 m/s or of the distance and speed where they are greater.</param>
    /// <returns>The flight, times counted in seconds since the launch.</returns>
    /// <exception cref="ArgumentException">An argument is not finite or not positive where it must be.</exception>
    public static Trajectory Fly(Round round, Geodetic start, Enu velocityMps, double groundHeightM, FlightEnvironment environment,
        double maxTimeS = 600, double relativeTolerance = 1e-9)
    {
        var recorder = new FlightRecorder(round, start, velocityMps, groundHeightM, maxTimeS);
        Integrate(recorder, round, environment, relativeTolerance, keep: true);
        return recorder.ToTrajectory();
    }

    /// <summary>Flies a round as <see cref="Fly"/> does and keeps of its flight nothing but the end: where it came down or, where it did not, its last place.</summary>
    /// <inheritdoc cref="Fly" path="/param"/>
    /// <exception cref="ArgumentException">An argument is not finite or not positive where it must be.</exception>
    public static Geodetic EndOf(Round round, Geodetic start, Enu velocityMps, double groundHeightM, FlightEnvironment environment,
        double maxTimeS = 600, double relativeTolerance = 1e-9)
    {
        var recorder = new FlightRecorder(round, start, velocityMps, groundHeightM, maxTimeS, keep: false);
        Integrate(recorder, round, environment, relativeTolerance, keep: false);
        return Wgs84.ToGeodetic(recorder.End);
    }

    private static void Integrate(FlightRecorder recorder, Round round, FlightEnvironment environment, double relativeTolerance, bool keep)
    {
        if (!(relativeTolerance > 0)) throw new ArgumentException("the tolerance must be positive", nameof(relativeTolerance));
        Span<double> tolerance = stackalloc double[FlightDynamics.Dimension];
        tolerance[..3].Fill(relativeTolerance * 1_000);
        tolerance[3..].Fill(relativeTolerance * 10);

        foreach ((double end, bool burning) in recorder.Phases)
        {
            var dynamics = new FlightDynamics(recorder.Launch, round, environment, burning);
            var integrator = new DormandPrince54<FlightDynamics>(dynamics, recorder.Time, recorder.State, FirstStepS, relativeTolerance, tolerance);
            var dense = new DensePolynomial(FlightDynamics.Dimension);
            while (!recorder.Down && integrator.Time < end)
            {
                integrator.Step(end);
                if (keep) dense = new DensePolynomial(FlightDynamics.Dimension);
                integrator.CopyTo(dense);
                recorder.Add(integrator.Time, integrator.State, dense);
            }
        }
    }

    /// <summary>Flies a round until it comes down to a height, by Runge-Kutta steps of a fixed length.</summary>
    /// <remarks>For comparison and for work where every flight must cost the same; the last step of a phase is shorter. Parameters as in
    /// <see cref="Fly"/>.</remarks>
    public static Trajectory FlyFixedStep(Round round, Geodetic start, Enu velocityMps, double groundHeightM, FlightEnvironment environment,
        double stepS, double maxTimeS = 600)
    {
        if (!(stepS > 0)) throw new ArgumentException("the step must be positive", nameof(stepS));
        var recorder = new FlightRecorder(round, start, velocityMps, groundHeightM, maxTimeS);
        foreach ((double end, bool burning) in recorder.Phases)
        {
            var dynamics = new FlightDynamics(recorder.Launch, round, environment, burning);
            double begin = recorder.Time;
            var integrator = new RungeKutta4<FlightDynamics>(dynamics, begin, recorder.State);
            long steps = (long)Math.Ceiling((end - begin) / stepS);
            for (long i = 1; i <= steps && !recorder.Down; i++)
            {
                integrator.Step((i == steps ? end : begin + i * stepS) - integrator.Time);
                var dense = new DensePolynomial(FlightDynamics.Dimension);
                integrator.CopyTo(dense);
                recorder.Add(integrator.Time, integrator.State, dense);
            }
        }
        return recorder.ToTrajectory();
    }

    /// <summary>The first step tried, in seconds; short against everything that changes in a flight.</summary>
    private const double FirstStepS = 0.01;
}
