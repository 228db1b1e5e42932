using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Ballistics;

/// <summary>The equations of motion of a point mass in the Earth-fixed, turning frame.</summary>
/// <remarks>
/// Gravitation with J2, the Coriolis and centrifugal accelerations of the turning frame, drag against the moving air, and
/// thrust along the velocity over the ground while the motor burns. The state is the displacement from the launch point in
/// metres and the velocity in m/s, both along the Earth-fixed axes; counting from the launch point keeps micrometres
/// that an Earth radius would round away. Source: McCoy, Modern Exterior Ballistics, 2nd ed., chapter 5 (drag) and section 8
/// (Coriolis); NGA.STND.0036 (rotation).
/// </remarks>
internal readonly struct FlightDynamics : IDifferentialSystem
{
    /// <summary>Components of the state.</summary>
    public const int Dimension = 6;

    private readonly Ecef _launch;
    private readonly DragCurve _drag;
    private readonly WindProfile _wind;
    private readonly double _inverseBallisticCoefficient, _thrustMps2;

    /// <summary>Makes the equations for a round; <paramref name="burning"/> says in which phase of it.</summary>
    public FlightDynamics(in Ecef launch, Round round, FlightEnvironment environment, bool burning)
    {
        (_launch, _drag, _wind) = (launch, round.Drag, environment.Wind);
        _inverseBallisticCoefficient = 1 / round.BallisticCoefficientKgM2;
        _thrustMps2 = burning && round.Boost is { } boost ? boost.AccelerationMps2 : 0;
    }

    /// <summary>The Earth-fixed position of a state.</summary>
    public static Ecef Position(in Ecef launch, ReadOnlySpan<double> y) => new(launch.X + y[0], launch.Y + y[1], launch.Z + y[2]);

    /// <inheritdoc/>
    public void Derivative(double t, ReadOnlySpan<double> y, Span<double> derivative)
    {
        const double omega = Wgs84.RotationRadPerS;
        Ecef r = Position(_launch, y), g = Gravity.GravitationAt(r);
        double vx = y[3], vy = y[4], vz = y[5];
        double ax = g.X + omega * (omega * r.X + 2 * vy), ay = g.Y + omega * (omega * r.Y - 2 * vx), az = g.Z;

        if (_inverseBallisticCoefficient > 0)
        {
            (double height, LocalAxes axes) = Wgs84.NearVertical(r);
            (double windEast, double windNorth) = _wind.At(height);
            Ecef wind = axes.RotateToEcef(new(windEast, windNorth, 0));
            double rx = vx - wind.X, ry = vy - wind.Y, rz = vz - wind.Z;
            double speed = Math.Sqrt(rx * rx + ry * ry + rz * rz);
            (double density, double sound) = AtmosphereTable.At(height);
            double k = -0.5 * density * speed * _drag.At(speed / sound) * _inverseBallisticCoefficient;
            (ax, ay, az) = (ax + k * rx, ay + k * ry, az + k * rz);
        }
        if (_thrustMps2 > 0)
        {
            double k = _thrustMps2 / Math.Sqrt(vx * vx + vy * vy + vz * vz);
            (ax, ay, az) = (ax + k * vx, ay + k * vy, az + k * vz);
        }

        (derivative[0], derivative[1], derivative[2]) = (vx, vy, vz);
        (derivative[3], derivative[4], derivative[5]) = (ax, ay, az);
    }
}
