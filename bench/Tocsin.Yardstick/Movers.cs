namespace Tocsin.Yardstick;

/// <summary>Birds and aircraft: what flies over a site without ever being a threat.</summary>
internal static class Movers
{
    private const double StepS = 0.25;

    /// <summary>A bird that wanders low about the site.</summary>
    public static Mover Bird(string id, Draws draws, double durationS)
    {
        double speed = draws.Uniform(5, 20), heading = draws.Uniform(0, 2 * Math.PI), turn = 0, climb = 0;
        Vec3 p = draws.Uniform(300, 5_000) * Vec3.Direction(draws.Uniform(0, 2 * Math.PI), 0) + new Vec3(0, 0, draws.Uniform(40, 400));
        return Path(id, "bird", draws.Uniform(0, durationS / 3), durationS, draws.Uniform(0.3, 0.8), p, () =>
        {
            turn += (-turn * 0.3 + 0.15 * draws.Normal()) * StepS;
            climb += (-climb * 0.3 + 0.5 * draws.Normal()) * StepS;
            heading += turn * StepS;
            speed = Math.Clamp(speed + 0.3 * draws.Normal() * StepS, 5, 20);
            return speed * Vec3.Direction(heading, 0) + new Vec3(0, 0, climb);
        }, q => q.Z > 15 && q.Length < 9_000);
    }

    /// <summary>An aircraft of one of seven ways of flying, chosen by <paramref name="manner"/>.</summary>
    public static Mover Aircraft(string id, int manner, Draws draws, double durationS)
    {
        double start = draws.Uniform(0, durationS * 0.7), bearing = draws.Uniform(0, 2 * Math.PI), clock = 0;
        double Inbound(double offset) => bearing + Math.PI + offset;
        switch (manner % 7)
        {
            case 0: // Straight and level, right over the site.
                {
                    double speed = draws.Uniform(80, 250), heading = Inbound(draws.Normal(0, 0.02));
                    return Path(id, "aircraft", start, durationS, 0.9, From(bearing, 13_500, draws.Uniform(300, 3_000)),
                        () => speed * Vec3.Direction(heading, 0), Inside);
                }
            case 1: // Level, with turns of up to three degrees a second.
                {
                    double speed = draws.Uniform(60, 200), heading = Inbound(draws.Uniform(-0.5, 0.5)), rate = 0, until = 15;
                    return Path(id, "aircraft", start, durationS, 0.9, From(bearing, 12_000, draws.Uniform(500, 4_000)), () =>
                    {
                        clock += StepS;
                        if (clock > until)
                            (until, rate) = (clock + draws.Uniform(8, 40), draws.Chance(0.5) ? 0 : draws.Uniform(-0.052, 0.052));
                        heading += rate * StepS;
                        return speed * Vec3.Direction(heading, 0);
                    }, Inside);
                }
            case 2: // Climbing out or coming down at up to 20 m/s across the site.
                {
                    double speed = draws.Uniform(80, 220), climb = draws.Uniform(5, 20) * (draws.Chance(0.5) ? 1 : -1);
                    double heading = Inbound(draws.Normal(0, 0.1)), aim = climb;
                    return Path(id, "aircraft", start, durationS, 0.9, From(bearing, 12_000, climb > 0 ? 300 : 3_500), () =>
                    {
                        clock += StepS;
                        aim = clock > 100 ? 0 : climb;
                        return speed * Vec3.Direction(heading, 0) + new Vec3(0, 0, aim);
                    }, q => Inside(q) && q.Z > 100);
                }
            case 3: // A helicopter: hovers, dashes, drops and climbs near the site.
                {
                    double speed = 0, wanted = 40, heading = Inbound(0), climb = 0, until = 20;
                    return Path(id, "aircraft", start, durationS, 0.85, From(bearing, draws.Uniform(2_000, 6_000), draws.Uniform(80, 500)), () =>
                    {
                        clock += StepS;
                        if (clock > until)
                        {
                            until = clock + draws.Uniform(8, 30);
                            wanted = draws.Chance(0.4) ? 0 : draws.Uniform(5, 70);
                            climb = draws.Uniform(-6, 6);
                            heading += draws.Uniform(-1.5, 1.5);
                        }
                        speed += Math.Clamp(wanted - speed, -3 * StepS, 3 * StepS);
                        return speed * Vec3.Direction(heading, 0) + new Vec3(0, 0, climb);
                    }, q => Inside(q) && q.Z > 40);
                }
            case 4: // Landing: three degrees down to a strip beside the site.
                {
                    double speed = draws.Uniform(60, 80), slope = draws.Uniform(0.05, 0.1);
                    Vec3 strip = draws.Uniform(500, 3_000) * Vec3.Direction(draws.Uniform(0, 2 * Math.PI), 0);
                    double run = draws.Uniform(8_000, 11_000);
                    return Path(id, "aircraft", start, durationS, 0.9, strip + run * Vec3.Direction(bearing, slope),
                        () => -speed * Vec3.Direction(bearing, slope), q => q.Z > 3);
                }
            case 5: // Taking off, steeply, over the site.
                {
                    double speed = 70, heading = draws.Uniform(0, 2 * Math.PI), top = draws.Uniform(130, 230);
                    return Path(id, "aircraft", start, durationS, 0.9, From(heading + Math.PI, draws.Uniform(500, 3_000), 20), () =>
                    {
                        clock += StepS;
                        speed = Math.Min(speed + 3 * StepS, top);
                        return speed * Vec3.Direction(heading, 0) + new Vec3(0, 0, Math.Min(20, clock));
                    }, q => Inside(q) && q.Z < 6_000);
                }
            default: // A fast jet: low, fast, pulling up and diving with a few g.
                {
                    double speed = draws.Uniform(180, 250), heading = Inbound(draws.Normal(0, 0.1)), pitch = 0, rate = 0, until = 12;
                    return Path(id, "aircraft", start, durationS, 0.9, From(bearing, 13_000, draws.Uniform(800, 2_500)), () =>
                    {
                        clock += StepS;
                        if (clock > until)
                            (until, rate) = (clock + draws.Uniform(3, 10), draws.Uniform(-0.04, 0.04));
                        pitch = Math.Clamp(pitch + rate * StepS, -0.08, 0.08);
                        heading += rate * StepS;
                        return speed * Vec3.Direction(heading, pitch);
                    }, q => Inside(q) && q.Z > 150);
                }
        }
    }

    private static bool Inside(Vec3 p) => p.Length < 14_500;

    private static Vec3 From(double bearingRad, double distanceM, double heightM) => distanceM * Vec3.Direction(bearingRad, 0) + new Vec3(0, 0, heightM);

    private static Mover Path(string id, string kind, double startS, double endS, double detection, Vec3 p, Func<Vec3> velocity, Func<Vec3, bool> keep)
    {
        Vec3 v = velocity();
        List<(Vec3 P, Vec3 V)> samples = [(p, v)];
        for (double t = startS; t < endS; t += StepS)
        {
            Vec3 next = velocity();
            p += StepS / 2 * (v + next);
            v = next;
            samples.Add((p, v));
            if (!keep(p) && t > startS + 3)
                break;
        }
        return new(id, kind, startS, StepS, detection, samples);
    }
}
