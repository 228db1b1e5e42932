using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Ballistics;

/// <summary>A flight that was computed: its state at any time from the launch to its end. Immutable.</summary>
public sealed class Trajectory
{
    private readonly Ecef _launch;
    private readonly double[] _stepEndS;
    private readonly DensePolynomial[] _steps;

    internal Trajectory(in Ecef launch, double[] stepEndS, DensePolynomial[] steps, double durationS, bool reachedGround, double apexHeightM)
    {
        (_launch, _stepEndS, _steps) = (launch, stepEndS, steps);
        (DurationS, ReachedGround, ApexHeightM) = (durationS, reachedGround, apexHeightM);
        Impact = StateAt(DurationS).Position;
    }

    /// <summary>Seconds from the launch to the impact, or to the end of the computation where it did not come down before.</summary>
    public double DurationS { get; }

    /// <summary>Whether the round came down to the ground's height.</summary>
    public bool ReachedGround { get; }

    /// <summary>Where it came down; where it did not, its last position.</summary>
    public Geodetic Impact { get; }

    /// <summary>The greatest height above the ellipsoid in metres.</summary>
    public double ApexHeightM { get; }

    /// <summary>Steps of the integrator.</summary>
    public int Steps => _steps.Length;

    /// <summary>Position, and velocity over the ground in m/s (east, north and up at that position), at a time in seconds since
    /// the launch; times outside the flight give the state at its start or end.</summary>
    public (Geodetic Position, Enu VelocityMps) StateAt(double timeS)
    {
        (Ecef position, Ecef velocity) = EcefStateAt(timeS);
        (double height, LocalAxes axes) = Wgs84.Vertical(position);
        return (new Geodetic(axes.LatitudeRad, axes.LongitudeRad, height), axes.RotateToEnu(velocity));
    }

    /// <summary>Position in metres and velocity over the ground in m/s along the Earth-fixed axes, at a time in seconds since the launch.</summary>
    public (Ecef Position, Ecef VelocityMps) EcefStateAt(double timeS)
    {
        double t = Math.Clamp(timeS, 0, DurationS);
        int i = Array.BinarySearch(_stepEndS, t);
        if (i < 0) i = Math.Min(~i, _stepEndS.Length - 1);
        double start = i > 0 ? _stepEndS[i - 1] : 0;
        double theta = t > start ? (t - start) / (_stepEndS[i] - start) : 0;
        DensePolynomial p = _steps[i];
        return (new(_launch.X + p.At(0, theta), _launch.Y + p.At(1, theta), _launch.Z + p.At(2, theta)),
            new(p.At(3, theta), p.At(4, theta), p.At(5, theta)));
    }
}
