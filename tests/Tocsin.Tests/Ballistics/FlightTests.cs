using CsCheck;
using Tocsin.Ballistics;
using Tocsin.Geodesy;

namespace Tocsin.Tests.Ballistics;

public sealed class FlightTests
{
    private static readonly Round Stone = new(double.PositiveInfinity, DragCurve.Constant);
    private static readonly Round Shell = new(6_000, DragCurve.Constant);

    private static readonly Gen<(Geodetic Start, Enu Velocity)> Launches = Gen.Select(Gen.Double[-1.5, 1.5], Gen.Double[-3.1, 3.1], Gen.Double[0, 6.28],
        Gen.Double[0.3, 1.5], Gen.Double[50, 900], (lat, lon, azimuth, elevation, speed) =>
            (new Geodetic(lat, lon, 100), new Polar(speed, azimuth, elevation).ToEnu()));

    /// <summary>On the equator, thrown in its plane, J2's field is central: time and angle of a flight are integrals over the radius,
    /// which Simpson's rule after the substitution r = r1 - (r1 - r0) w² takes to the last digits.</summary>
    [Theory]
    [InlineData(300, 1.0)]
    [InlineData(700, 0.7)]
    [InlineData(1_500, 1.3)]
    public void Vacuum_flights_agree_with_their_closed_form_to_1e_9(double speed, double elevationRad)
    {
        const double r0 = 6_378_137, omega = 7.292115e-5, gm = 3.986004418e14, j2 = 1.082629821313e-3;
        double climb = speed * Math.Sin(elevationRad), east = speed * Math.Cos(elevationRad) + omega * r0;
        double momentum = r0 * east, energy = 0.5 * (climb * climb + east * east) + Potential(r0);
        double Climb2(double r) => 2 * (energy - Potential(r)) - momentum * momentum / (r * r);
        double Potential(double r) => -gm / r * (1 + 0.5 * j2 * r0 * r0 / (r * r));
        // The apex: Newton's method from the parabola.
        double r1 = r0 + climb * climb / 19.6;
        for (int i = 0; i < 60; i++)
        {
            double slope = -2 * gm / (r1 * r1) * (1 + 1.5 * j2 * r0 * r0 / (r1 * r1)) + 2 * momentum * momentum / (r1 * r1 * r1);
            r1 -= Climb2(r1) / slope;
        }
        // Climb2 has its simple zero at r1, which is divided out by hand: no digits are lost.
        double time = 0, angle = 0;
        const int n = 200;
        for (int i = 0; i <= n; i++)
        {
            double w = i / (double)n, r = r1 - (r1 - r0) * w * w, weight = (i is 0 or n ? 1 : i % 2 == 0 ? 2 : 4) / (3.0 * n);
            double dt = 2 * Math.Sqrt((r1 - r0) / Climb2OverDistance(r)) * weight;
            time += 2 * dt;
            angle += 2 * dt * momentum / (r * r);
        }
        double Climb2OverDistance(double r)
        {
            // (f(r) - f(r1)) / (r1 - r) term by term, for 1/r, 1/r² and 1/r³.
            double a = 1 / (r * r1), b = (r + r1) * a * a, c = (r * r + r * r1 + r1 * r1) * a * a * a;
            return 2 * gm * a - momentum * momentum * b + gm * j2 * r0 * r0 * c;
        }

        Trajectory flight = Flight.Fly(Stone, new(0, 0, 0), new(speed * Math.Cos(elevationRad), 0, climb), 0, FlightEnvironment.Calm, relativeTolerance: 1e-13);
        Assert.Equal(1, flight.ApexHeightM / (r1 - r0), 1e-9);
        Assert.Equal(1, flight.DurationS / time, 1e-9);
        Assert.Equal(1, flight.Impact.LongitudeRad / (angle - omega * time), 1e-9);
        Assert.Equal(0, flight.Impact.LatitudeRad);
    }

    [Fact]
    public void Without_drag_the_energy_in_the_turning_frame_stays() => Launches.Sample((start, velocity) =>
    {
        Trajectory flight = Flight.Fly(Stone, start, velocity, 100, FlightEnvironment.Calm, relativeTolerance: 1e-12);
        double first = Jacobi(flight, 0), scale = 0.5 * (velocity.East * velocity.East + velocity.North * velocity.North + velocity.Up * velocity.Up);
        for (int i = 1; i <= 10; i++) Assert.Equal(0, (Jacobi(flight, flight.DurationS * i / 10) - first) / scale, 2e-9);

        static double Jacobi(Trajectory flight, double t)
        {
            (Ecef r, Ecef v) = flight.EcefStateAt(t);
            const double w = Wgs84.RotationRadPerS;
            double r2 = r.X * r.X + r.Y * r.Y + r.Z * r.Z, k = Gravity.J2 * Wgs84.SemiMajorAxisM * Wgs84.SemiMajorAxisM / r2;
            double potential = -Gravity.EarthGm / Math.Sqrt(r2) * (1 - k * (1.5 * r.Z * r.Z / r2 - 0.5));
            return 0.5 * (v.X * v.X + v.Y * v.Y + v.Z * v.Z - w * w * (r.X * r.X + r.Y * r.Y)) + potential;
        }
    }, iter: 50);

    [Fact]
    public void The_end_is_where_the_ground_is() => Launches.Sample((start, velocity) =>
    {
        Trajectory flight = Flight.Fly(Shell, start, velocity, 60, FlightEnvironment.Calm), sharp = Flight.Fly(Shell, start, velocity, 60, FlightEnvironment.Calm, relativeTolerance: 1e-12);
        Assert.True(flight.ReachedGround);
        Assert.Equal(flight.Impact, flight.StateAt(flight.DurationS).Position);
        double fall = -flight.StateAt(flight.DurationS).VelocityMps.Up;
        Assert.InRange(Math.Abs(flight.Impact.HeightM - 60) / fall, 0, 1e-9);
        // What the integration itself adds over flights of up to two minutes.
        Assert.Equal(sharp.DurationS, flight.DurationS, 1e-5);
        Assert.Equal(sharp.ApexHeightM, flight.ApexHeightM, 5e-3);
    }, iter: 50);

    [Fact]
    public void The_end_alone_is_that_of_the_whole_flight()
    {
        Geodetic start = new(0.58, 0.775, 40), end = Flight.EndOf(Shell, start, new(120, 90, 200), 40, FlightEnvironment.Calm);
        Geodetic whole = Flight.Fly(Shell, start, new(120, 90, 200), 40, FlightEnvironment.Calm).Impact;
        // A micrometre on the ground.
        Assert.Equal(whole.LatitudeRad, end.LatitudeRad, 1.5e-13);
        Assert.Equal(whole.LongitudeRad, end.LongitudeRad, 1.5e-13);
        Assert.Equal(whole.HeightM, end.HeightM, 1e-6);
    }

    [Fact]
    public void Fixed_steps_are_of_order_4_and_come_to_the_same_end()
    {
        var start = new Geodetic(0.6, 0.8, 50);
        var velocity = new Enu(250, 100, 300);
        Trajectory sharp = Flight.Fly(Shell, start, velocity, 50, FlightEnvironment.Calm, relativeTolerance: 1e-13);
        double[] errors = [.. new[] { 1.0, 0.5, 0.25 }.Select(step => Away(Flight.FlyFixedStep(Shell, start, velocity, 50, FlightEnvironment.Calm, step), sharp, 40))];
        for (int i = 1; i < errors.Length; i++) Assert.InRange(Math.Log2(errors[i - 1] / errors[i]), 3.6, 4.6);
        Trajectory quick = Flight.FlyFixedStep(Shell, start, velocity, 50, FlightEnvironment.Calm, 0.05);
        Assert.Equal(sharp.DurationS, quick.DurationS, 1e-6);
        Assert.InRange(Away(quick, sharp, sharp.DurationS), 0, 1e-4);

        static double Away(Trajectory a, Trajectory b, double t)
        {
            (Ecef p, Ecef q) = (a.EcefStateAt(t).Position, b.EcefStateAt(t).Position);
            return Math.Sqrt((p.X - q.X) * (p.X - q.X) + (p.Y - q.Y) * (p.Y - q.Y) + (p.Z - q.Z) * (p.Z - q.Z));
        }
    }

    [Fact]
    public void The_motor_ends_exactly_when_it_should()
    {
        var round = new Round(double.PositiveInfinity, DragCurve.Constant, new BoostPhase(1.234567, 400));
        Trajectory flight = Flight.Fly(round, new(0.5, 0.5, 0), new(20, 0, 20), 0, FlightEnvironment.Calm);
        const double dt = 1e-4;
        Assert.Equal(400, Pull(flight, 1.234567 - 2 * dt), 0.5);
        Assert.Equal(0, Pull(flight, 1.234567 + 2 * dt), 0.5);
        // Thrust less gravity, along the velocity.
        static double Pull(Trajectory f, double t)
        {
            (Enu a, Enu b) = (f.StateAt(t - dt).VelocityMps, f.StateAt(t + dt).VelocityMps);
            double speed = Math.Sqrt(a.East * a.East + a.North * a.North + a.Up * a.Up);
            double gain = ((b.East - a.East) * a.East + (b.North - a.North) * a.North + (b.Up - a.Up) * a.Up) / (2 * dt * speed);
            return gain + 9.79 * a.Up / speed;
        }
    }

    [Fact]
    public void A_motor_may_burn_to_the_end_of_the_computation()
    {
        var round = new Round(6_000, DragCurve.Reference, new BoostPhase(50, 100));
        Trajectory flight = Flight.Fly(round, new(0.5, 0.5, 0), new(0, 2, 40), 0, FlightEnvironment.Calm, maxTimeS: 10);
        Assert.Equal(10, flight.DurationS);
        Assert.False(flight.ReachedGround);
        Assert.Equal(flight.ApexHeightM, flight.Impact.HeightM, 1e-6);
    }

    [Fact]
    public void Short_hops_and_launches_at_or_below_the_ground_end_where_they_must()
    {
        var env = FlightEnvironment.Calm;
        var start = new Geodetic(0.4, 0.2, 10);
        // A hop of half a second.
        Assert.Equal(0.5, Flight.Fly(Shell, start, new(5, 0, 0.25 * 9.79), 10, env).DurationS, 0.001);
        // Downward from the ground: over at once.
        Trajectory down = Flight.Fly(Shell, start, new(5, 0, -1), 10, env);
        Assert.Equal((0, true), (down.DurationS, down.ReachedGround));
        Assert.Equal(10, down.Impact.HeightM, 1e-8);
        // From below the ground, never above it: over at its apex.
        Trajectory pit = Flight.Fly(Shell, start, new(5, 0, 9.79), 100, env);
        Assert.Equal(1, pit.DurationS, 0.001);
        Assert.Equal(pit.ApexHeightM, pit.Impact.HeightM, 1e-6);
        // From below the ground to above it, and down again.
        Trajectory over = Flight.Fly(Shell, start, new(5, 0, 50), 100, env);
        Assert.Equal(100, over.Impact.HeightM, 1e-6);
        Assert.InRange(over.DurationS, 7, 9);
        // At rest it falls.
        Assert.Equal(Math.Sqrt(2 * 9.9 / 9.79), Flight.Fly(Stone, start, default, 0.1, env).DurationS, 0.002);
    }

    [Fact]
    public void Wind_carries_a_light_round_with_it()
    {
        var light = new Round(20, DragCurve.Constant);
        Trajectory calm = Flight.Fly(light, new(0.5, 0, 1_000), default, 0, FlightEnvironment.Calm);
        Trajectory windy = Flight.Fly(light, new(0.5, 0, 1_000), default, 0, new FlightEnvironment(new WindProfile([new(0, 0, 10)])));
        Assert.InRange((windy.Impact.LatitudeRad - calm.Impact.LatitudeRad) * 6.35e6, 5 * windy.DurationS, 10 * windy.DurationS);
    }

    [Fact]
    public void Arguments_that_make_no_sense_are_refused()
    {
        var start = new Geodetic(0, 0, 0);
        var env = FlightEnvironment.Calm;
        Assert.Throws<ArgumentException>(() => Flight.Fly(new Round(0, DragCurve.Constant), start, new(1, 0, 1), 0, env));
        Assert.Throws<ArgumentException>(() => Flight.Fly(Shell, start, new(double.NaN, 0, 1), 0, env));
        Assert.Throws<ArgumentException>(() => Flight.Fly(Shell, start, new(1, 0, 1), double.PositiveInfinity, env));
        Assert.Throws<ArgumentException>(() => Flight.Fly(Shell, start, new(1, 0, 1), 0, env, maxTimeS: 0));
        Assert.Throws<ArgumentException>(() => Flight.Fly(Shell, start, new(1, 0, 1), 0, env, relativeTolerance: -1));
        Assert.Throws<ArgumentException>(() => Flight.Fly(Shell with { Boost = new(1, 100) }, start, default, 0, env));
        Assert.Throws<ArgumentException>(() => Flight.FlyFixedStep(Shell, start, new(1, 0, 1), 0, env, 0));
    }

    [Fact]
    public void The_same_flight_has_the_same_bits()
    {
        var velocity = new Enu(250, -30, 400);
        var round = new Round(5_000, DragCurve.Reference, new BoostPhase(1, 100));
        Trajectory a = Flight.Fly(round, new(0.6, 0.8, 50), velocity, 50, FlightEnvironment.Calm), b = Flight.Fly(round, new(0.6, 0.8, 50), velocity, 50, FlightEnvironment.Calm);
        Assert.Equal((a.DurationS, a.Impact, a.ApexHeightM), (b.DurationS, b.Impact, b.ApexHeightM));
    }
}
