using Tocsin.Geodesy;

namespace Tocsin.Simulation.Engagement;

/// <summary>The path of a track to its predicted impact, as a fire control sees it: from the track's state and the impact alone.</summary>
/// <remarks>A cubic in time that leaves the track's position with its velocity and arrives at the predicted point and time. Its mean acceleration follows from
/// those; what is left of it beside gravity is drag, and the change of drag with speed and air density gives the cubic's last term. Seconds count from the scenario's start.</remarks>
internal readonly struct PredictedPath
{
    private readonly double _startS;
    private readonly Enu _position, _velocity, _half, _sixth;

    /// <summary>Makes the path.</summary>
    /// <param name="startS">When the track was where it is said to be.</param>
    /// <param name="position">Where, in the site's frame.</param>
    /// <param name="velocityMps">Its velocity there.</param>
    /// <param name="impactS">When it is predicted to come down; after <paramref name="startS"/>.</param>
    /// <param name="impact">Where.</param>
    public PredictedPath(double startS, in Enu position, in Enu velocityMps, double impactS, in Enu impact)
    {
        (_startS, _position, _velocity, ImpactS) = (startS, position, velocityMps, impactS);
        double t = Math.Max(1e-3, impactS - startS);
        Enu mean = impact.Minus(position).PlusTimes(-t, velocityMps).Times(2 / (t * t));
        // The mean weighs early acceleration more (by T - t): it is that of the first third of the way.
        Enu v = velocityMps.PlusTimes(t / 3, mean);
        double speed = Math.Max(1, v.Length());
        double drag = mean.Plus(new(0, 0, GravityMps2)).Length() / (speed * speed);
        Enu jerk = mean.Times(-drag * speed).PlusTimes(-drag * v.Dot(mean) / speed, v).PlusTimes(drag * speed * v.Up / DensityHeightM, v);
        _half = mean.PlusTimes(-t / 3, jerk).Times(0.5);
        _sixth = jerk.Times(1.0 / 6);
    }

    /// <summary>The predicted time of the impact.</summary>
    public double ImpactS { get; }

    /// <summary>Position and velocity at a time.</summary>
    public (Enu Position, Enu VelocityMps) At(double timeS)
    {
        double t = timeS - _startS, t2 = t * t;
        return (_position.PlusTimes(t, _velocity).PlusTimes(t2, _half).PlusTimes(t2 * t, _sixth), _velocity.PlusTimes(2 * t, _half).PlusTimes(3 * t2, _sixth));
    }

    // Mid-latitude gravity, and the height over which the density of low air falls to 1/e (US Standard Atmosphere 1976: 10.4 km below 2 km): both only shape the curve between its ends.
    private const double GravityMps2 = 9.8, DensityHeightM = 10_400;
}
