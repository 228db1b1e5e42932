using CsCheck;
using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Engagement;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Radar;

namespace Tocsin.Simulation.Tests.Engagement;

/// <summary>Shells against the core's integrator, and bursts against closed forms.</summary>
public sealed class ShellTests
{
    private static readonly SiteDefinition s_site = Bench.Site("R1");

    private static GunSettings Gun() => new() { Id = "G", Position = new LonLat(8, 46) };

    private static ShellTable Table(GunSettings gun) => new(gun, Bench.GroundM + gun.HeightAboveGroundM, Math.Sin(46 * Math.PI / 180));

    private static GunLaying Laying(GunSettings gun, WindProfile? wind = null) => new(Table(gun), gun.MuzzleVelocityMps,
        s_site.Frame.ToEnu(gun.Position.At(Bench.GroundM + gun.HeightAboveGroundM)), gun.MinRangeM, wind ?? WindProfile.Calm, Bench.GroundM);

    /// <summary>Position along and below the bore as the core flies it, all the Earth's turning included.</summary>
    [Theory]
    [InlineData(3, 0)]
    [InlineData(12.3, 90)]
    [InlineData(37, 200)]
    [InlineData(64.9, 300)]
    [InlineData(85, 45)]
    public void TheTableAgreesWithTheIntegrator(double elevationDeg, double azimuthDeg)
    {
        GunSettings gun = Gun() with { SelfDestructS = 4 };
        ShellTable table = Table(gun);
        double e = elevationDeg * Math.PI / 180, a = azimuthDeg * Math.PI / 180;
        Enu bore = new(Math.Cos(e) * Math.Sin(a), Math.Cos(e) * Math.Cos(a), Math.Sin(e)), normal = new(-Math.Sin(e) * Math.Sin(a), -Math.Sin(e) * Math.Cos(a), Math.Cos(e));
        Geodetic muzzle = gun.Position.At(Bench.GroundM + gun.HeightAboveGroundM);
        Trajectory flight = Flight.Fly(new Round(gun.BallisticCoefficientKgPerM2, DragShapes.Of(gun.Drag)), muzzle, bore.Times(gun.MuzzleVelocityMps), Bench.GroundM, FlightEnvironment.Calm);
        var frame = new LocalFrame(muzzle);
        foreach (double t in (double[])[0.31, 1.17, 2.5, 4])
        {
            Enu at = frame.ToEnu(flight.EcefStateAt(t).Position);
            (double along, double below, double alongMps, _) = table.At(e, t);
            // The Coriolis acceleration, at most 2 omega v, is the core's alone.
            double coriolis = Wgs84.RotationRadPerS * gun.MuzzleVelocityMps * t * t;
            Assert.Equal(at.Dot(bore), along, 0.02 + coriolis);
            Assert.Equal(-at.Dot(normal), below, 0.02 + coriolis);
            (double ahead, _, _, _) = table.At(e, t + 0.001);
            Assert.Equal((ahead - along) / 0.001, alongMps, 0.5);
        }
        // Where it falls, hundreds of steps later: good enough for a footprint.
        ShellTable.Fall fall = table.FallOf(e);
        Enu down = frame.ToEnu(flight.Impact);
        Assert.Equal(flight.DurationS, fall.TimeS, 0.01 * flight.DurationS + 0.05);
        Assert.Equal(Math.Sqrt(down.East * down.East + down.North * down.North), fall.DistanceM, 10 + 0.01 * fall.DistanceM);
    }

    /// <summary>A shell fired as the solution says, flown by the core, meets the path where and when it says.</summary>
    [Fact]
    public void ASolutionMeetsItsPath()
    {
        GunSettings gun = Gun() with { SelfDestructS = 5 };
        Gen.Select(Gen.Double[0, 6.28], Gen.Double[900, 2500], Gen.Double[300, 1500], Gen.Double[150, 450], Gen.Double[-15, 15]).Sample((azimuth, distance, height, speed, wind) =>
        {
            WindProfile air = new([new(0, wind, -wind / 2)]);
            GunLaying laying = Laying(gun, air);
            Enu from = new(distance * Math.Sin(azimuth), distance * Math.Cos(azimuth), height), towards = new(0, 100, 0);
            Enu velocity = towards.Minus(from).Unit().Times(speed);
            var path = new PredictedPath(10, from, velocity, 10 + from.Length() / speed * 1.05, towards);
            if (laying.Solve(path, 10.4) is not { } s) return;
            Trajectory flight = Flight.Fly(new Round(gun.BallisticCoefficientKgPerM2, DragShapes.Of(gun.Drag)), s_site.Frame.ToGeodetic(laying.Muzzle),
                s.Bore.Times(gun.MuzzleVelocityMps), -10_000, new(air));
            Enu shell = s_site.Frame.ToEnu(flight.EcefStateAt(s.FlightS).Position);
            double apart = shell.Minus(path.At(s.MeetingS).Position).Length();
            // Coriolis, and what Didion's rule leaves of a wind along the line.
            Assert.InRange(apart, 0, 0.05 + Wgs84.RotationRadPerS * gun.MuzzleVelocityMps * s.FlightS * s.FlightS + 0.4 * Math.Abs(wind) * s.LagS);
        }, iter: 100, threads: 1);
    }

    /// <summary>The cubic of a path against a flight by the core, from a state in it to its impact.</summary>
    [Fact]
    public void APathFollowsAFlight()
    {
        Trajectory flight = Flight.Fly(new Round(6000, DragShapes.Of(DragShape.Transonic)), new LonLat(8.05, 46.04).At(Bench.GroundM),
            new Enu(-180, -200, 190), Bench.GroundM, FlightEnvironment.Calm);
        (Enu, Enu) At(double t)
        {
            (Ecef p, Ecef v) = flight.EcefStateAt(t);
            return (s_site.Frame.ToEnu(p), s_site.Frame.RotateToEnu(v));
        }
        double end = flight.DurationS, start = end - 10;
        (Enu position, Enu velocity) = At(start);
        var path = new PredictedPath(start, position, velocity, end, At(end).Item1);
        for (double t = start; t <= end; t += 0.5) Assert.InRange(path.At(t).Position.Minus(At(t).Item1).Length(), 0, 2.5);
        Assert.InRange(path.At(end).Position.Minus(At(end).Item1).Length(), 0, 1e-6);
    }

    private static BurstSolution Still(GunLaying laying, in Enu target, double rate, int shells, double shotS = 0)
    {
        var path = new PredictedPath(0, target, new(0, 0, 0), 1e6, target);
        double length = (shells - 1) / rate;
        return new(laying.Solve(path, shotS)!.Value, laying.Solve(path, shotS + length / 2)!.Value, laying.Solve(path, shotS + length)!.Value);
    }

    private static BurstOutcome Fly(GunSettings gun, in Enu target, TargetBody body, int shells, Enu axis, ulong seed)
    {
        GunLaying laying = Laying(gun);
        BurstSolution burst = Still(laying, target, gun.ShellsPerS, shells);
        var streams = new RunStreams(seed, 0);
        RandomStream aim = streams.Of(Draw.GunAim, "G"), draws = streams.Of(Draw.Shell, "G");
        Enu at = target;
        return BurstFlight.Fly(gun, laying.Muzzle, burst, shells, body, _ => (at, axis.Times(1e-6)), default, ref aim, ref draws);
    }

    /// <summary>Without errors every shell strikes what does not move, however small.</summary>
    [Fact]
    public void WithoutDispersionWhatStandsStillIsAlwaysHit()
    {
        GunSettings gun = Gun() with { DispersionMrad = 0, AimSigmaMrad = 0, MuzzleVelocitySigmaMps = 0, SelfDestructS = 6 };
        int within = 0;
        Gen.Select(Gen.Double[0, 6.28], Gen.Double[300, 2400], Gen.Double[50, 1400]).Sample((azimuth, distance, height) =>
        {
            Enu target = new(distance * Math.Sin(azimuth), distance * Math.Cos(azimuth), height);
            if (Laying(gun).Solve(new PredictedPath(0, target, default, 1e6, target), 0) is null) return;
            within++;
            BurstOutcome outcome = Fly(gun, target, new(0.3, 0.02), 40, new(0, 0, 1), 1);
            Assert.Equal(40, outcome.Struck);
            Assert.InRange(outcome.NearestM, 0, 0.005);
            Assert.NotNull(outcome.KillS);
        }, iter: 60, threads: 1);
        Assert.True(within > 30);
    }

    /// <summary>Seen end on a body is a disc: the share of shells in it is 1 - exp(-r²/2s²), the bivariate normal over a disc.</summary>
    [Theory]
    [InlineData(1.0, 1.5)]
    [InlineData(3.0, 2.0)]
    [InlineData(0.5, 1.0)]
    public void TheShareThatHitsADiscIsTheIntegral(double mrad, double diameterM)
    {
        GunSettings gun = Gun() with { DispersionMrad = mrad, AimSigmaMrad = 0, MuzzleVelocitySigmaMps = 0 };
        Enu target = new(0, 1000, 300);
        GunLaying laying = Laying(gun);
        const int shells = 20_000;
        double range = target.Minus(laying.Muzzle).Length(), sigma = range * mrad * 1e-3;
        double expected = 1 - Math.Exp(-diameterM * diameterM / 4 / (2 * sigma * sigma));
        BurstSolution burst = Still(laying, target, gun.ShellsPerS, 100);
        BurstOutcome outcome = Fly(gun, target, new(0, diameterM), shells, burst.Middle.ShellVelocityMps.Unit(), 3);
        Assert.InRange(outcome.Struck, Low(shells, expected), High(shells, expected));
    }

    /// <summary>Seen from the side it is a rectangle: the product of two error functions, here by Simpson's rule.</summary>
    [Fact]
    public void TheShareThatHitsARectangleIsTheProduct()
    {
        GunSettings gun = Gun() with { DispersionMrad = 1.2, AimSigmaMrad = 0, MuzzleVelocitySigmaMps = 0 };
        Enu target = new(0, 1200, 200);
        GunLaying laying = Laying(gun);
        const int shells = 20_000;
        double sigma = target.Minus(laying.Muzzle).Length() * 1.2e-3;
        double expected = Within(2.0 / 2 / sigma) * Within(0.6 / 2 / sigma);
        BurstOutcome outcome = Fly(gun, target, new(2, 0.6), shells, new(1, 0, 0), 5);
        Assert.InRange(outcome.Struck, Low(shells, expected), High(shells, expected));
    }

    /// <summary>Timed shells: fragments that strike are density times presented area on average, inside the cone and none outside.</summary>
    [Fact]
    public void FragmentsStrikeByTheirDensity()
    {
        GunSettings gun = Gun() with { Fuze = ShellFuze.Time, DispersionMrad = 0, AimSigmaMrad = 0, MuzzleVelocitySigmaMps = 0, FuzeSigmaS = 0, Fragments = 150, ConeHalfAngleDeg = 12, BurstAheadM = 25 };
        Enu target = new(0, 1000, 300);
        const int shells = 5_000;
        double cone = 25 * Math.Tan(12 * Math.PI / 180), mean = 150 * (0.8 * 0.12) / (Math.PI * cone * cone);
        BurstOutcome inside = Fly(gun, target, new(0.8, 0.12), shells, new(1, 0, 0), 7);
        Assert.InRange(inside.Struck, shells * mean - 4 * Math.Sqrt(shells * mean), shells * mean + 4 * Math.Sqrt(shells * mean));
        // A common error of the burst that carries every cone past the target.
        GunLaying laying = Laying(gun);
        BurstSolution burst = Still(laying, target, gun.ShellsPerS, 50);
        var streams = new RunStreams(9, 0);
        RandomStream aim = streams.Of(Draw.GunAim, "G"), draws = streams.Of(Draw.Shell, "G");
        BurstOutcome beside = BurstFlight.Fly(gun, laying.Muzzle, burst, 50, new(0.8, 0.12), _ => (target.Plus(new(cone + 0.5, 0, 0)), new(1e-6, 0, 0)), default, ref aim, ref draws);
        Assert.Equal((0, null), (beside.Struck, beside.KillS));
    }

    /// <summary>A shell that would meet its target after its self-destruction does not.</summary>
    [Fact]
    public void BeyondTheLifeOfAShellThereIsNoSolution()
    {
        GunLaying laying = Laying(Gun() with { SelfDestructS = 1 });
        Enu far = new(0, 1100, 100), near = new(0, 700, 100), tooNear = new(0, 150, 50);
        Assert.Null(laying.Solve(new PredictedPath(0, far, default, 1e6, far), 0));
        Assert.NotNull(laying.Solve(new PredictedPath(0, near, default, 1e6, near), 0));
        Assert.Null(laying.Solve(new PredictedPath(0, tooNear, default, 1e6, tooNear), 0));
    }

    private static int Low(int n, double p) => (int)Math.Floor(n * p - 4 * Math.Sqrt(n * p * (1 - p)));

    private static int High(int n, double p) => (int)Math.Ceiling(n * p + 4 * Math.Sqrt(n * p * (1 - p)));

    // The normal distribution's mass within x sigmas, by Simpson's rule.
    private static double Within(double x)
    {
        const int n = 400;
        double h = 2 * x / n, sum = 0;
        for (int i = 0; i <= n; i++)
        {
            double z = -x + i * h;
            sum += (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-z * z / 2);
        }
        return sum * h / 3 / Math.Sqrt(2 * Math.PI);
    }
}
