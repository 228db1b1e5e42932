using Tocsin.Ballistics;
using Tocsin.Geodesy;

namespace Tocsin.Tests.Ballistics;

/// <summary>A second implementation of the same physics, otherwise made: in the inertial frame, gravitation from the difference of the
/// potential, latitude by fixed-point iteration, the atmosphere integrated from the hydrostatic equation, Runge-Kutta-Nyström steps of
/// a hundredth of a second with no control. It shares with the product the record types and the drag curve's values alone.</summary>
internal sealed class IndependentFlight
{
    private const double A = 6_378_137, F = 1 / 298.257223563, E2 = F * (2 - F), Omega = 7.292115e-5, Gm = 3.986004418e14, J2 = 1.082629821313e-3;
    private const double StepS = 0.01;
    private static readonly double[] LnPressure = MakeLnPressure();
    private readonly Round _round;
    private readonly WindProfile _wind;
    private double[] _r, _v;

    public IndependentFlight(Round round, WindProfile wind, Geodetic start, Enu velocity)
    {
        (_round, _wind) = (round, wind);
        double sinLat = Math.Sin(start.LatitudeRad), cosLat = Math.Cos(start.LatitudeRad), n = A / Math.Sqrt(1 - E2 * sinLat * sinLat);
        double[] east = [-Math.Sin(start.LongitudeRad), Math.Cos(start.LongitudeRad), 0];
        double[] up = [cosLat * Math.Cos(start.LongitudeRad), cosLat * Math.Sin(start.LongitudeRad), sinLat];
        double[] north = Cross(up, east);
        _r = [(n + start.HeightM) * up[0], (n + start.HeightM) * up[1], (n * (1 - E2) + start.HeightM) * up[2]];
        _v = [.. Enumerable.Range(0, 3).Select(i => velocity.East * east[i] + velocity.North * north[i] + velocity.Up * up[i])];
        _v = [_v[0] - Omega * _r[1], _v[1] + Omega * _r[0], _v[2]];
    }

    public double TimeS { get; private set; }

    /// <summary>The Earth-fixed position now.</summary>
    public Ecef Position
    {
        get
        {
            double turn = Omega * TimeS;
            return new(_r[0] * Math.Cos(turn) + _r[1] * Math.Sin(turn), -_r[0] * Math.Sin(turn) + _r[1] * Math.Cos(turn), _r[2]);
        }
    }

    /// <summary>Goes on to a time that is a whole number of steps away; the motor must end on such a time too.</summary>
    public void FlyTo(double timeS)
    {
        long steps = (long)Math.Round((timeS - TimeS) / StepS);
        double begin = TimeS;
        for (long i = 1; i <= steps; i++)
        {
            Step(TimeS < (_round.Boost?.DurationS ?? 0) - StepS / 2);
            TimeS = begin + i * StepS;
        }
    }

    private void Step(bool burning)
    {
        const double h = StepS;
        double[] a1 = Acceleration(_r, _v, burning), v2 = Sum(_v, h / 2, a1), r2 = Sum(_r, h / 2, _v);
        double[] a2 = Acceleration(r2, v2, burning), v3 = Sum(_v, h / 2, a2), r3 = Sum(_r, h / 2, v2);
        double[] a3 = Acceleration(r3, v3, burning), v4 = Sum(_v, h, a3), r4 = Sum(_r, h, v3);
        double[] a4 = Acceleration(r4, v4, burning);
        for (int i = 0; i < 3; i++)
        {
            _r[i] += h / 6 * (_v[i] + 2 * v2[i] + 2 * v3[i] + v4[i]);
            _v[i] += h / 6 * (a1[i] + 2 * a2[i] + 2 * a3[i] + a4[i]);
        }
    }

    // The field does not change as it turns and the wind turns with the Earth, so that nothing here depends on the time.
    private double[] Acceleration(double[] r, double[] v, bool burning)
    {
        double radius = Math.Sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]), s = r[2] / radius;
        // Potential U = GM/r (1 - J2 (a/r)^2 P2(s)): the radial derivative and, along the axis, that by s.
        double k = J2 * A * A / (radius * radius), p2 = 1.5 * s * s - 0.5;
        double radial = -Gm / (radius * radius) * (1 - 3 * k * p2), byS = -Gm / radius * k * 3 * s;
        double[] a = [.. Enumerable.Range(0, 3).Select(i => radial * r[i] / radius + byS * ((i == 2 ? 1 : 0) - s * r[i] / radius) / radius)];

        double p = Math.Sqrt(r[0] * r[0] + r[1] * r[1]), latitude = Math.Atan2(r[2], p * (1 - E2)), height = 0;
        for (int i = 0; i < 6; i++)
        {
            double n = A / Math.Sqrt(1 - E2 * Math.Sin(latitude) * Math.Sin(latitude));
            height = p * Math.Cos(latitude) + r[2] * Math.Sin(latitude) - A * A / n;
            latitude = Math.Atan2(r[2], p * (1 - E2 * n / (n + height)));
        }
        double[] up = [Math.Cos(latitude) * r[0] / p, Math.Cos(latitude) * r[1] / p, Math.Sin(latitude)], east = [-r[1] / p, r[0] / p, 0], north = Cross(up, east);
        double[] ground = [v[0] + Omega * r[1], v[1] - Omega * r[0], v[2]];
        (double windEast, double windNorth) = _wind.At(height);
        double[] air = [.. Enumerable.Range(0, 3).Select(i => ground[i] - windEast * east[i] - windNorth * north[i])];
        double speed = Norm(air);
        (double density, double sound) = Air(height);
        double drag = 0.5 * density * speed * _round.Drag.At(speed / sound) / _round.BallisticCoefficientKgM2;
        double thrust = burning ? _round.Boost!.Value.AccelerationMps2 / Norm(ground) : 0;
        for (int i = 0; i < 3; i++) a[i] += thrust * ground[i] - drag * air[i];
        return a;
    }

    private static double Temperature(double geopotentialM) => geopotentialM switch
    {
        <= 11_000 => 288.15 - 0.0065 * geopotentialM,
        <= 20_000 => 216.65,
        <= 32_000 => 216.65 + 0.001 * (geopotentialM - 20_000),
        _ => throw new ArgumentOutOfRangeException(nameof(geopotentialM)),
    };

    private static (double DensityKgM3, double SoundMps) Air(double heightM)
    {
        double h = 6_356_766 * heightM / (6_356_766 + heightM), t = Temperature(h);
        int below = (int)Math.Floor(h / 10);
        double lnPressure = LnPressure[below + 100] + Hydrostatic(below * 10, h);
        return (Math.Exp(lnPressure) * 28.9644 / (8_314.32 * t), Math.Sqrt(1.4 * 8_314.32 / 28.9644 * t));
    }

    /// <summary>Logarithm of the pressure every 10 m from -1 to 32 km.</summary>
    private static double[] MakeLnPressure()
    {
        double[] ln = new double[3_301];
        ln[100] = Math.Log(101_325);
        for (int i = 100; i < 3_300; i++) ln[i + 1] = ln[i] + Hydrostatic((i - 100) * 10, (i - 99) * 10);
        for (int i = 100; i > 0; i--) ln[i - 1] = ln[i] - Hydrostatic((i - 101) * 10, (i - 100) * 10);
        return ln;
    }

    // d ln p = -g M / (R T) dH, by Simpson's rule.
    private static double Hydrostatic(double from, double to) =>
        -9.80665 * 28.9644 / 8_314.32 * (to - from) / 6 * (1 / Temperature(from) + 4 / Temperature((from + to) / 2) + 1 / Temperature(to));

    private static double[] Sum(double[] x, double h, double[] d) => [x[0] + h * d[0], x[1] + h * d[1], x[2] + h * d[2]];

    private static double[] Cross(double[] a, double[] b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

    private static double Norm(double[] x) => Math.Sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
}
