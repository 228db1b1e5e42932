namespace Tocsin.Yardstick;

/// <summary>How one round starts and what it is made of.</summary>
internal sealed record Launch(double TimeS, Vec3 Position, Vec3 Velocity, Curve Curve, double BallisticCoefficient, double ThrustMps2 = 0, double BurnS = 0);

/// <summary>A flown path: samples at a fixed step from the launch, and where it met the ground.</summary>
internal sealed class Flight
{
    private readonly List<(Vec3 P, Vec3 V)> _samples;
    private readonly double _step;

    private Flight(double startS, double step, List<(Vec3, Vec3)> samples, double impactS, Vec3 impact, Vec3 impactVelocity) =>
        (StartS, _step, _samples, ImpactS, Impact, ImpactVelocity) = (startS, step, samples, impactS, impact, impactVelocity);

    public double StartS { get; }

    public double ImpactS { get; }

    public Vec3 Impact { get; }

    public Vec3 ImpactVelocity { get; }

    /// <summary>Flies by the classical fourth-order Runge-Kutta method until the ground, or until <paramref name="limitS"/> seconds.</summary>
    public static Flight Fly(World world, Launch launch, double step = 0.01, double limitS = 200)
    {
        List<(Vec3 P, Vec3 V)> samples = [(launch.Position, launch.Velocity)];
        Vec3 p = launch.Position, v = launch.Velocity;
        for (int i = 0; i * step < limitS; i++)
        {
            double thrust = (i + 0.5) * step < launch.BurnS ? launch.ThrustMps2 : 0;
            Vec3 a1 = world.Acceleration(p, v, launch.Curve, launch.BallisticCoefficient, thrust);
            Vec3 v2 = v + step / 2 * a1;
            Vec3 a2 = world.Acceleration(p + step / 2 * v, v2, launch.Curve, launch.BallisticCoefficient, thrust);
            Vec3 v3 = v + step / 2 * a2;
            Vec3 a3 = world.Acceleration(p + step / 2 * v2, v3, launch.Curve, launch.BallisticCoefficient, thrust);
            Vec3 v4 = v + step * a3;
            Vec3 a4 = world.Acceleration(p + step * v3, v4, launch.Curve, launch.BallisticCoefficient, thrust);
            Vec3 pNext = p + step / 6 * (v + 2 * v2 + 2 * v3 + v4);
            Vec3 vNext = v + step / 6 * (a1 + 2 * a2 + 2 * a3 + a4);
            samples.Add((pNext, vNext));
            if (vNext.Z < 0 && world.Height(pNext) < 0)
            {
                double low = 0, high = 1;
                for (int k = 0; k < 40; k++)
                {
                    double mid = (low + high) / 2;
                    if (world.Height(Vec3.Hermite(p, v, pNext, vNext, step, mid)) > 0)
                        low = mid;
                    else
                        high = mid;
                }
                Vec3 impact = Vec3.Hermite(p, v, pNext, vNext, step, low);
                return new(launch.TimeS, step, samples, launch.TimeS + (i + low) * step, impact, v + low * (vNext - v));
            }
            (p, v) = (pNext, vNext);
        }
        return new(launch.TimeS, step, samples, double.PositiveInfinity, p, v);
    }

    public bool Airborne(double timeS) => timeS >= StartS && timeS < ImpactS;

    /// <summary>Position and velocity at a time, held at the ends.</summary>
    public (Vec3 P, Vec3 V) At(double timeS)
    {
        double x = Math.Clamp((timeS - StartS) / _step, 0, _samples.Count - 1.000001);
        int i = (int)x;
        double u = x - i;
        (Vec3 p0, Vec3 v0) = _samples[i];
        (Vec3 p1, Vec3 v1) = _samples[i + 1];
        return (Vec3.Hermite(p0, v0, p1, v1, _step, u), v0 + u * (v1 - v0));
    }
}
