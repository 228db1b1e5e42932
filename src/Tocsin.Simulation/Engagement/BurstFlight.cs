using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Engagement;

/// <summary>What came of one burst at one target.</summary>
/// <param name="KillS">When the target was neutralised, seconds from the scenario's start; null where it was not.</param>
/// <param name="Struck">Shells, or fragments of timed shells, that struck it.</param>
/// <param name="NearestM">How near the nearest shell passed its middle.</param>
/// <param name="LastPassS">When the last shell passed.</param>
internal readonly record struct BurstOutcome(double? KillS, int Struck, double NearestM, double LastPassS);

/// <summary>Flies the shells of a burst past a true target: each shell by itself, by geometry.</summary>
/// <remarks>Each shell is where its solution says, moved by its own errors: the burst's and its own direction, its speed at the muzzle (a change of speed moves it along its way in
/// proportion), and the wind that the site did not know of. About the meeting both move straight, which over the few metres between them is exact to
/// millimetres; the nearest approach then says whether a shell strikes, or how dense the fragments of a timed one are at the target and how many strike it
/// (a Poisson variate of density times presented area).</remarks>
internal static class BurstFlight
{
    /// <summary>The target's true position, velocity (also the direction of its axis) at a time.</summary>
    public delegate (Enu Position, Enu VelocityMps) TrueState(double timeS);

    /// <summary>Flies the burst.</summary>
    /// <param name="gun">The gun's figures.</param>
    /// <param name="muzzle">Its muzzle in the site's frame.</param>
    /// <param name="burst">First, middle and last solution; those between are quadratics of them.</param>
    /// <param name="shells">How many shells.</param>
    /// <param name="body">What must be struck.</param>
    /// <param name="target">The true target.</param>
    /// <param name="windErrorMps">True wind less the believed one.</param>
    /// <param name="aim">Draws of the burst's common error.</param>
    /// <param name="draws">Draws of the shells.</param>
    public static BurstOutcome Fly(GunSettings gun, in Enu muzzle, in BurstSolution burst, int shells, TargetBody body, TrueState target, in Enu windErrorMps,
        ref RandomStream aim, ref RandomStream draws)
    {
        double aimLevel = gun.AimSigmaMrad * aim.NextNormal(), aimSteep = gun.AimSigmaMrad * aim.NextNormal();
        double tangent = Elementary.Sin(Degrees.ToRad(gun.ConeHalfAngleDeg)) / Elementary.Cos(Degrees.ToRad(gun.ConeHalfAngleDeg));
        int struck = 0, needed = gun.Fuze == ShellFuze.Impact ? 1 : gun.LethalFragments;
        double nearest = double.PositiveInfinity, last = 0;
        double? kill = null;
        for (int k = 0; k < shells; k++)
        {
            FireSolution s = burst.At(shells > 1 ? k / (shells - 1.0) : 0);
            Enu line = s.Meeting.Minus(muzzle);
            double range = line.Length();
            Enu along = line.Times(1 / range);
            (Enu level, Enu steep) = along.Across();
            // Always the same number of draws for a shell, whatever comes of it.
            double offLevel = aimLevel + gun.DispersionMrad * draws.NextNormal(), offSteep = aimSteep + gun.DispersionMrad * draws.NextNormal();
            double faster = gun.MuzzleVelocitySigmaMps * draws.NextNormal() / gun.MuzzleVelocityMps, fuze = gun.FuzeSigmaS * draws.NextNormal(), luck = draws.NextUniform();
            Enu shell = s.Meeting.PlusTimes(range * 1e-3 * offLevel, level).PlusTimes(range * 1e-3 * offSteep, steep).PlusTimes(range * faster, along).PlusTimes(s.LagS, windErrorMps);

            (Enu position, Enu velocity) = target(s.MeetingS);
            Enu apart = shell.Minus(position), relative = s.ShellVelocityMps.Minus(velocity);
            double speed = relative.Length(), later = -apart.Dot(relative) / (speed * speed);
            Enu miss = apart.PlusTimes(later, relative), way = relative.Times(1 / speed);
            double missM = miss.Length(), passS = s.MeetingS + later;
            last = Math.Max(last, passS);
            if (passS - s.ShotS > gun.SelfDestructS) continue;
            nearest = Math.Min(nearest, missM);
            Enu axis = velocity.Unit();
            if (gun.Fuze == ShellFuze.Impact)
            {
                if (body.IsStruck(axis, way, miss)) struck++;
            }
            else
            {
                double before = later + gun.BurstAheadM / speed - fuze, cone = s.ShellVelocityMps.Length() * tangent * before;
                if (before <= 0 || missM > cone) continue;
                double cos = axis.Dot(way), presented = body.PresentedM2(Math.Sqrt(Math.Max(0, 1 - cos * cos)), cos);
                struck += Poisson(Math.Min(gun.Fragments, gun.Fragments * presented / (Math.PI * cone * cone)), luck);
            }
            if (struck >= needed) kill ??= passS;
        }
        return new(kill, struck, nearest, last);
    }

    // By inversion of one uniform draw; means are small, and a count beyond 40 means nothing more.
    private static int Poisson(double mean, double u)
    {
        double probability = Elementary.Exp(-mean), sum = probability;
        int count = 0;
        while (u >= sum && count < 40) sum += probability *= mean / ++count;
        return count;
    }
}

/// <summary>The solutions of a burst: those of its first, middle and last shell, and quadratics of them between.</summary>
internal readonly record struct BurstSolution(FireSolution First, FireSolution Middle, FireSolution Last)
{
    /// <summary>The solution at a share of the burst, 0 to 1.</summary>
    public FireSolution At(double share)
    {
        double a = (1 - share) * (1 - 2 * share), b = 4 * share * (1 - share), c = share * (2 * share - 1);
        return new(a * First.ShotS + b * Middle.ShotS + c * Last.ShotS, a * First.FlightS + b * Middle.FlightS + c * Last.FlightS,
            Mix(a, First.Bore, b, Middle.Bore, c, Last.Bore), a * First.BoreElevationRad + b * Middle.BoreElevationRad + c * Last.BoreElevationRad,
            Mix(a, First.Meeting, b, Middle.Meeting, c, Last.Meeting), Mix(a, First.ShellVelocityMps, b, Middle.ShellVelocityMps, c, Last.ShellVelocityMps),
            a * First.LagS + b * Middle.LagS + c * Last.LagS);
    }

    private static Enu Mix(double a, in Enu x, double b, in Enu y, double c, in Enu z) => x.Times(a).PlusTimes(b, y).PlusTimes(c, z);
}
