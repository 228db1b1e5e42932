using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Engagement;

/// <summary>Where a defence's shells, their fragments, spent interceptors and the pieces of rounds come down.</summary>
/// <remarks>A burst's shells are sampled: a few of them are followed to the ground, each with the weight of its share, blind and destroyed shells both in expectation. So the
/// mean over the ground is right and a run stays cheap.</remarks>
internal sealed class Fallout(SiteDefinition site, FlightEnvironment environment, RunStreams streams, Instant start)
{
    /// <summary>Shells of a burst that are followed; chosen.</summary>
    public const int SamplesOfABurst = 4;

    /// <summary>Pieces that a neutralised round falls in; chosen.</summary>
    public const int PiecesOfARound = 3;

    /// <summary>Sigma of what the break-up adds to each component of a piece's velocity, m/s; chosen.</summary>
    private const double BreakUpMps = 15;

    /// <summary>Mass over area and drag coefficient of a tumbling piece of a round, kg/m²; chosen: 5 kg of 0.017 m² with a coefficient of 1.</summary>
    private const double PieceCoefficient = 300;

    /// <summary>The same of a spent interceptor; chosen.</summary>
    private const double SpentCoefficient = 500;

    private const double DebrisTolerance = 1e-5, LongestFallS = 180;

    /// <summary>Density of air near the ground, kg/m³ (US Standard Atmosphere 1976), for fragments that fall from a few kilometres at most.</summary>
    private const double AirKgM3 = 1.1;

    private const double GravityMps2 = 9.8;

    /// <summary>Everything that a burst lets fall.</summary>
    public void OfBurst(GunSettings gun, GunLaying laying, Order order, Action<GroundStrike> strike)
    {
        RandomStream draws = streams.Of(Draw.Fallout, gun.Id, Number(order.Number));
        double share = order.Shells / (double)SamplesOfABurst;
        for (int i = 0; i < SamplesOfABurst; i++)
        {
            FireSolution s = order.Burst!.Value.At((i + 0.5) / SamplesOfABurst);
            double ground = Math.Sqrt(s.Bore.East * s.Bore.East + s.Bore.North * s.Bore.North);
            double azimuth = Elementary.Atan2(s.Bore.East, s.Bore.North) + 1e-3 * gun.DispersionMrad * draws.NextNormal() / Math.Max(0.05, ground);
            double elevation = s.BoreElevationRad + 1e-3 * gun.DispersionMrad * draws.NextNormal();
            (double sinA, double cosA) = Elementary.SinCos(azimuth);
            ShellTable.Fall fall = laying.Table.FallOf(elevation);
            bool live = fall.TimeS < gun.SelfDestructS;
            double energy = gun.ShellMassKg * fall.SpeedMps * fall.SpeedMps / 2, blind = live ? 1 : gun.BlindProbability;
            (double sinE, double cosE) = Elementary.SinCos(elevation);
            double lag = Math.Max(0, fall.TimeS - fall.DistanceM / Math.Max(1, gun.MuzzleVelocityMps * cosE));
            Enu down = new(laying.Muzzle.East + fall.DistanceM * sinA, laying.Muzzle.North + fall.DistanceM * cosA, 0);
            Enu wind = GunLaying.Wind(environment.Wind, laying.Muzzle, s.Meeting, site.Frame.Origin.HeightM);
            if (blind > 0) strike(At(s.ShotS + fall.TimeS, down.PlusTimes(lag, wind), StrikeKind.SpentRound, energy, gun.Id, share * blind));
            if (blind >= 1) continue;
            // A timed shell bursts short of the meeting, any other at the end of its life.
            double burstS = gun.Fuze == ShellFuze.Time ? Math.Max(0, s.FlightS - gun.BurstAheadM / Math.Max(1, s.ShellVelocityMps.Length())) : gun.SelfDestructS;
            (double along, double below, double alongMps, double belowMps) = laying.Table.At(elevation, burstS);
            Enu bore = new(sinA * cosE, cosA * cosE, sinE), normal = new(-sinA * sinE, -cosA * sinE, cosE);
            Enu at = laying.Muzzle.PlusTimes(along, bore).PlusTimes(-below, normal), velocity = bore.Times(alongMps).PlusTimes(-belowMps, normal);
            strike(OfFragment(s.ShotS + burstS, at, velocity, gun.FragmentMassKg, gun.Id, share * (1 - blind) * gun.Fragments));
        }
    }

    /// <summary>The pieces of a round that was neutralised.</summary>
    public void OfRound(TruthRound round, double timeS, in Geodetic position, in Enu velocityMps, Action<GroundStrike> strike)
    {
        RandomStream draws = streams.Of(Draw.Debris, round.Id);
        double mass = PieceKg(round.Kind);
        for (int i = 0; i < PiecesOfARound; i++)
        {
            Enu velocity = new(velocityMps.East + BreakUpMps * draws.NextNormal(), velocityMps.North + BreakUpMps * draws.NextNormal(), velocityMps.Up + BreakUpMps * draws.NextNormal());
            (double fallS, Geodetic place, double speed) = Fall(position, velocity, PieceCoefficient);
            strike(new(start.AddSeconds(timeS + fallS), place, StrikeKind.Debris, round.Kind, mass * speed * speed / 2, round.Id));
        }
    }

    /// <summary>An interceptor that has met its target or passed it.</summary>
    public void OfInterceptor(InterceptorSettings launcher, double timeS, in Enu point, in Enu velocityMps, Action<GroundStrike> strike)
    {
        (double fallS, Geodetic place, double speed) = Fall(site.Frame.ToGeodetic(point), velocityMps, SpentCoefficient);
        strike(new(start.AddSeconds(timeS + fallS), place, StrikeKind.SpentRound, Kind.Unknown, launcher.MassKg * speed * speed / 2, launcher.Id));
    }

    /// <summary>A number as part of a stream's name.</summary>
    public static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Mass of one of the pieces, kg; chosen, thirds of generic rounds.</summary>
    private static double PieceKg(Kind kind) => kind switch
    {
        Kind.Artillery => 12,
        Kind.Mortar => 3,
        _ => 7,
    };

    private (double FallS, Geodetic Place, double SpeedMps) Fall(in Geodetic from, in Enu velocityMps, double coefficient)
    {
        Trajectory fall = Flight.Fly(new Round(coefficient, DragCurve.Constant), from, velocityMps, site.GroundElevationM, environment, LongestFallS, DebrisTolerance);
        Enu v = fall.StateAt(fall.DurationS).VelocityMps;
        return (fall.DurationS, fall.Impact with { HeightM = site.GroundElevationM }, v.Length());
    }

    // A small fragment soon falls at its terminal speed: it is carried on as far as it takes to slow down to that, and then by the wind.
    private GroundStrike OfFragment(double timeS, in Enu at, in Enu velocityMps, double massKg, string source, double weight)
    {
        double coefficient = FragmentCoefficient(massKg), slowM = 2 * coefficient / AirKgM3, terminal = Math.Sqrt(slowM * GravityMps2), speed = velocityMps.Length();
        double carry = speed > terminal ? slowM * Elementary.Log(speed / terminal) : 0;
        Enu slow = at.PlusTimes(speed > 0 ? carry / speed : 0, velocityMps);
        double height = Math.Max(0, slow.Up), fallS = height / terminal;
        Enu wind = GunLaying.Wind(environment.Wind, new(0, 0, 0), slow, site.Frame.Origin.HeightM);
        return At(timeS + fallS, new(slow.East + fallS * wind.East, slow.North + fallS * wind.North, 0), StrikeKind.Fragment, massKg * terminal * terminal / 2, source, weight);
    }

    // A steel sphere's mass over area (7850 kg/m³), over a coefficient of 1 and half as much area again for a ragged shape (both chosen).
    private static double FragmentCoefficient(double massKg) =>
        massKg / (1.5 * Math.PI / 4 * Elementary.Pow(6 * massKg / (Math.PI * 7850), 2.0 / 3));

    private GroundStrike At(double timeS, in Enu place, StrikeKind kind, double energyJ, string source, double weight) =>
        new(start.AddSeconds(timeS), site.Frame.ToGeodetic(place) with { HeightM = site.GroundElevationM }, kind, Kind.Unknown, energyJ, source, weight);
}
