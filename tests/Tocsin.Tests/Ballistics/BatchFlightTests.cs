using CsCheck;
using Tocsin.Ballistics;
using Tocsin.Ballistics.Batch;
using Tocsin.Geodesy;

namespace Tocsin.Tests.Ballistics;

public sealed class BatchFlightTests
{
    private const double GroundHeightM = 40;
    private static readonly Geodetic Origin = new(33.3 * Math.PI / 180, 44.4 * Math.PI / 180, GroundHeightM);
    private static readonly LaneWidth[] Widths = [LaneWidth.One, LaneWidth.Four, LaneWidth.Eight];
    private static readonly WindProfile Windy = new([new(0, 4, -2), new(1_500, 12, 3), new(6_000, 25, -8)]);

    /// <summary>A round of a batch.</summary>
    private readonly record struct Shot(Enu PlaceM, Enu VelocityMps, double Beta, double BoostS = 0, double BoostMps2 = 0);

    private static readonly Gen<Shot> Shots = Gen.Select(Gen.Double[-2e4, 2e4], Gen.Double[-2e4, 2e4], Gen.Double[-300, 6_000],
        Gen.Select(Gen.Double[0, 6.28], Gen.Double[-1.5, 1.55], Gen.Double[0, 1_200]), Gen.OneOf(Gen.Double[100, 20_000], Gen.Const(double.PositiveInfinity)),
        Gen.OneOf(Gen.Const((0.0, 0.0)), Gen.Select(Gen.Double[0.1, 5], Gen.Double[1, 300])), (x, y, z, v, beta, boost) =>
        {
            (double azimuth, double elevation, double speed) = v;
            return new Shot(new(x, y, z), new Polar(speed, azimuth, elevation).ToEnu(), beta, boost.Item1, boost.Item2);
        });

    /// <summary>Now and then a round that makes no sense, among the others.</summary>
    private static readonly Gen<Shot[]> Batches = Gen.Frequency((9, Shots), (1, Shots.Select(s => s with { Beta = double.NaN }))).Array[0, 45];

    private static readonly Gen<WindProfile> Winds = Gen.Int[0, 2].Select(i => i == 0 ? WindProfile.Calm : i == 1 ? Windy : new WindProfile([new(0, -7, 9)]));

    [Fact]
    public void All_widths_give_the_same_bits() => Gen.Select(Batches, Winds).Sample((shots, wind) =>
    {
        var flight = new BatchFlight(Origin, DragCurve.Reference, new(wind), GroundHeightM);
        long[][] one = Bits(Fly(flight, shots, LaneWidth.One));
        Assert.Equal(one, Bits(Fly(flight, shots, LaneWidth.Four)));
        Assert.Equal(one, Bits(Fly(flight, shots, LaneWidth.Eight)));
        Assert.Equal(one, Bits(Fly(flight, shots, LaneWidth.Best)));
    }, iter: 150);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    public void Tails_of_any_length_are_flown_and_nothing_is_written_behind_them(int count)
    {
        Shot[] shots = [.. Enumerable.Range(0, 40).Select(i => Mortar(50 + i, i))];
        foreach (LaneWidth width in Widths)
        {
            var flight = new BatchFlight(Origin, DragCurve.Reference, FlightEnvironment.Calm, GroundHeightM);
            var impacts = new BatchImpacts(shots.Length);
            flight.Fly(Rounds(shots), count, impacts, width);
            Assert.All(impacts.Ends[..count].ToArray(), e => Assert.Equal(FlightEnd.Ground, e));
            Assert.All(impacts.TimeS[..count].ToArray(), t => Assert.True(t > 1));
            Assert.All(impacts.TimeS[count..].ToArray(), t => Assert.Equal(0, t));
        }
    }

    [Fact]
    public void A_round_does_not_depend_on_its_neighbours() => Gen.Select(Batches, Winds, Gen.Int[0, 1_000_000]).Sample((shots, wind, seed) =>
    {
        var flight = new BatchFlight(Origin, DragCurve.Reference, new(wind), GroundHeightM);
        long[][] together = Bits(Fly(flight, shots));
        int[] order = [.. Enumerable.Range(0, shots.Length).OrderBy(i => (i + 1L) * 2_654_435_761 * (seed + 1) % 1_000_003)];
        long[][] shuffled = Bits(Fly(flight, [.. order.Select(i => shots[i])]));
        for (int i = 0; i < order.Length; i++) Assert.Equal(together[order[i]], shuffled[i]);
        if (shots.Length > 0) Assert.Equal(together[^1], Bits(Fly(flight, shots[^1..]))[0]);
    }, iter: 100);

    /// <summary>The scenario of issue 4: 300 m/s, 45 to 80 degrees, all azimuths; every 37th round of the bench's make, at three latitudes.</summary>
    [Theory]
    [InlineData(33.3)]
    [InlineData(-52)]
    [InlineData(5)]
    public void The_scenario_falls_within_12_mm_of_the_single_integrator(double latitudeDeg)
    {
        Shot[] shots = [.. Enumerable.Range(0, 271).Select(i => Shoot(300, 45 + 35.0 * i / 270, i * 137.508, 6_000))];
        Geodetic origin = Origin with { LatitudeRad = latitudeDeg * Math.PI / 180 };
        Assert.InRange(Worst(origin, shots, DragCurve.Reference, FlightEnvironment.Calm, "scenario"), 0, 0.012);
    }

    /// <summary>The tolerance stated in docs/internals/ballistics.md.</summary>
    [Theory]
    [InlineData(400, 6_000, 0, 0.02)]
    [InlineData(700, 6_000, 0, 0.02)]
    [InlineData(900, 12_000, 0, 0.05)]
    [InlineData(60, 4_000, 300, 0.02)]
    public void Long_flights_in_wind_fall_within_the_stated_tolerance(double speedMps, double beta, double boostMps2, double toleranceM)
    {
        Shot[] shots = [.. Enumerable.Range(0, 40).Select(i => Shoot(speedMps, 30 + i, i * 137.508, beta) with { BoostS = boostMps2 > 0 ? 1.7 : 0, BoostMps2 = boostMps2 })];
        Assert.InRange(Worst(Origin, shots, DragCurve.Reference, new(Windy), $"{speedMps} m/s, {beta} kg/m2"), 0, toleranceM);
    }

    [Fact]
    public void A_finer_tolerance_comes_nearer()
    {
        Shot[] shots = [.. Enumerable.Range(0, 40).Select(i => Shoot(300, 45 + i * 0.8, i * 137.508, 6_000))];
        double coarse = Worst(Origin, shots, DragCurve.Reference, FlightEnvironment.Calm, "1e-4", 1e-4), fine = Worst(Origin, shots, DragCurve.Reference, FlightEnvironment.Calm, "1e-8", 1e-8);
        Assert.InRange(fine, 0, 0.0005);
        Assert.True(coarse > 4 * fine);
    }

    /// <summary>Vacuum: energy in the turning frame is kept, by the exact potential, so that the speed at the ground is known.</summary>
    [Fact]
    public void Without_drag_the_speed_at_the_ground_is_that_of_the_energy()
    {
        Shot[] shots = [.. Enumerable.Range(0, 60).Select(i => Shoot(100 + 10 * i, 20 + i, i * 137.508, double.PositiveInfinity))];
        BatchImpacts impacts = Fly(new(Origin, DragCurve.Constant, new(Windy), GroundHeightM), shots);
        var frame = new LocalFrame(Origin);
        for (int i = 0; i < shots.Length; i++)
        {
            Enu v = shots[i].VelocityMps;
            double gain = Potential(frame.ToEcef(new(impacts.EastM[i], impacts.NorthM[i], impacts.UpM[i]))) - Potential(frame.ToEcef(default));
            double before = 0.5 * (v.East * v.East + v.North * v.North + v.Up * v.Up);
            double after = 0.5 * (impacts.EastMps[i] * impacts.EastMps[i] + impacts.NorthMps[i] * impacts.NorthMps[i] + impacts.UpMps[i] * impacts.UpMps[i]);
            Assert.Equal(1, (after - gain) / before, 1e-7);
        }

        static double Potential(Ecef r)
        {
            const double w = Wgs84.RotationRadPerS;
            double r2 = r.X * r.X + r.Y * r.Y + r.Z * r.Z, k = Gravity.J2 * Wgs84.SemiMajorAxisM * Wgs84.SemiMajorAxisM / r2;
            return Gravity.EarthGm / Math.Sqrt(r2) * (1 - k * (1.5 * r.Z * r.Z / r2 - 0.5)) + 0.5 * w * w * (r.X * r.X + r.Y * r.Y);
        }
    }

    /// <summary>Dropped in vacuum: the parabola's time, and Coriolis' deflection to the east, omega g t3 cos(latitude) / 3 (Goldstein, Classical Mechanics, section 4.10).</summary>
    [Fact]
    public void A_drop_takes_the_parabolas_time_and_falls_to_the_east()
    {
        Shot[] shots = [.. Enumerable.Range(1, 9).Select(i => new Shot(new(0, 0, 100 * i), default, double.PositiveInfinity))];
        BatchImpacts impacts = Fly(new(Origin, DragCurve.Constant, FlightEnvironment.Calm, GroundHeightM), shots);
        for (int i = 0; i < shots.Length; i++)
        {
            double h = shots[i].PlaceM.Up, g = Gravity.NormalMps2(Math.Sin(Origin.LatitudeRad), GroundHeightM + h / 2), t = Math.Sqrt(2 * h / g);
            Assert.Equal(1, impacts.TimeS[i] / t, 5e-5);
            double east = Wgs84.RotationRadPerS * g * t * t * t * Math.Cos(Origin.LatitudeRad) / 3;
            Assert.Equal(1, impacts.EastM[i] / east, 1e-3);
            Assert.Equal(1, -impacts.UpMps[i] / (g * t), 5e-5);
        }
    }

    [Fact]
    public void Starts_on_and_below_the_ground_end_where_they_must()
    {
        Shot[] shots =
        [
            new(default, new(5, 0, 0.25 * 9.79), 6_000),
            new(default, new(5, 0, -1), 6_000),
            new(new(0, 0, -90), new(5, 0, 9.79), 6_000),
            new(new(0, 0, -90), new(5, 0, 50), 6_000),
            new(new(0, 0, -90), new(5, 0, -50), 6_000),
            new(new(0, 0, 9.9), default, double.PositiveInfinity),
        ];
        foreach (LaneWidth width in Widths)
        {
            BatchImpacts i = Fly(new(Origin, DragCurve.Constant, FlightEnvironment.Calm, GroundHeightM), shots, width);
            Assert.All(i.Ends.ToArray(), e => Assert.Equal(FlightEnd.Ground, e));
            // A hop of half a second.
            Assert.Equal(0.5, i.TimeS[0], 0.001);
            Assert.Equal(2.5, i.EastM[0], 0.01);
            // Downward from the ground: over at once, where it is.
            Assert.Equal((0, 0, 0, -1), (i.TimeS[1], i.EastM[1], i.UpM[1], i.UpMps[1]));
            // From below the ground and never above it: over at its apex.
            Assert.Equal(1, i.TimeS[2], 0.001);
            Assert.Equal(-90 + 9.79 / 2, i.UpM[2], 0.01);
            // 5 m away the frame's upward axis is 8e-7 rad off the vertical.
            Assert.Equal(0, i.UpMps[2], 1e-5);
            // From below it, over it, down on it.
            Assert.InRange(i.TimeS[3], 7, 9);
            Assert.Equal(0, i.UpM[3], 0.01);
            Assert.Equal((0, -90), (i.TimeS[4], i.UpM[4]));
            Assert.Equal(Math.Sqrt(2 * 9.9 / 9.79), i.TimeS[5], 0.002);
        }
    }

    [Fact]
    public void What_does_not_come_down_ends_at_the_limit_where_it_is()
    {
        Shot[] shots = [Shoot(9_000, 85, 10, double.PositiveInfinity), Mortar(45, 3), Shoot(300, 60, 0, 6_000)];
        foreach (LaneWidth width in Widths)
        {
            BatchImpacts impacts = Fly(new(Origin, DragCurve.Reference, FlightEnvironment.Calm, GroundHeightM, longestS: 25), shots, width);
            Assert.Equal([FlightEnd.TimeLimit, FlightEnd.Ground, FlightEnd.TimeLimit], impacts.Ends.ToArray());
            Assert.Equal((25, 25), (impacts.TimeS[0], impacts.TimeS[2]));
            Trajectory exact = Flight.Fly(new Round(6_000, DragCurve.Reference), Origin, shots[2].VelocityMps, GroundHeightM, FlightEnvironment.Calm, maxTimeS: 25, relativeTolerance: 1e-12);
            Assert.Equal(0, Away(impacts, 2, exact), 0.012);
        }
        Assert.Equal(FlightEnd.TimeLimit, Fly(new(Origin, DragCurve.Reference, FlightEnvironment.Calm, GroundHeightM), shots[..1]).Ends[0]);
    }

    [Fact]
    public void What_makes_no_sense_is_not_flown_and_harms_nobody()
    {
        Shot good = Mortar(60, 5);
        Shot[] shots =
        [
            good, good with { Beta = 0 }, good with { Beta = -1 }, good with { Beta = double.NaN }, good with { PlaceM = new(double.NaN, 0, 0) },
            good with { VelocityMps = new(0, double.PositiveInfinity, 0) }, good with { BoostS = double.NaN, BoostMps2 = 1 }, good with { BoostS = 1, BoostMps2 = -1 },
            good with { VelocityMps = default, BoostS = 1, BoostMps2 = 10 }, good with { BoostS = 1, BoostMps2 = double.NaN }, good,
        ];
        foreach (LaneWidth width in Widths)
        {
            var flight = new BatchFlight(Origin, DragCurve.Reference, FlightEnvironment.Calm, GroundHeightM);
            BatchImpacts impacts = Fly(flight, shots, width);
            for (int i = 1; i < shots.Length - 1; i++)
            {
                Assert.Equal(FlightEnd.NotFlown, impacts.Ends[i]);
                Assert.True(double.IsNaN(impacts.TimeS[i]) && double.IsNaN(impacts.EastM[i]) && double.IsNaN(impacts.UpMps[i]));
            }
            long[][] bits = Bits(impacts);
            Assert.Equal(Bits(Fly(flight, [good], width))[0], bits[0]);
            Assert.Equal(bits[0], bits[^1]);
        }
    }

    /// <summary>A feather so light that air stops it in a nanosecond, and a speed whose square is no number: told, not looped over.</summary>
    [Fact]
    public void Equations_that_are_too_quick_or_not_finite_end_with_a_name()
    {
        Shot[] shots = [Mortar(60, 5) with { Beta = 1e-9 }, Mortar(60, 5) with { VelocityMps = new(1e200, 0, 1e200) }, Mortar(60, 5)];
        foreach (LaneWidth width in Widths)
            Assert.Equal([FlightEnd.NoStep, FlightEnd.NoStep, FlightEnd.Ground], Fly(new(Origin, DragCurve.Reference, FlightEnvironment.Calm, GroundHeightM), shots, width).Ends.ToArray());
    }

    [Fact]
    public void Flying_allocates_nothing()
    {
        BatchRounds rounds = Rounds([.. Enumerable.Range(0, 50).Select(i => Shoot(200 + 5 * i, 60, i, 6_000) with { BoostS = 1, BoostMps2 = 50 })]);
        var impacts = new BatchImpacts(rounds.Capacity);
        foreach (LaneWidth width in Widths)
        {
            var flight = new BatchFlight(Origin, DragCurve.Reference, new(Windy), GroundHeightM);
            flight.Fly(rounds, rounds.Capacity, impacts, width);
            long before = GC.GetAllocatedBytesForCurrentThread();
            flight.Fly(rounds, rounds.Capacity, impacts, width);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void Arguments_that_make_no_sense_are_refused()
    {
        FlightEnvironment calm = FlightEnvironment.Calm;
        Assert.Throws<ArgumentException>(() => new BatchFlight(Origin with { HeightM = double.NaN }, DragCurve.Constant, calm, 0));
        Assert.Throws<ArgumentException>(() => new BatchFlight(Origin, DragCurve.Constant, calm, double.NaN));
        Assert.Throws<ArgumentException>(() => new BatchFlight(Origin, DragCurve.Constant, calm, 0, longestS: 0));
        Assert.Throws<ArgumentException>(() => new BatchFlight(Origin, DragCurve.Constant, calm, 0, toleranceMps: -1));
        var flight = new BatchFlight(Origin, DragCurve.Constant, calm, 0);
        Assert.Throws<ArgumentException>(() => flight.Fly(new(3), 4, new(5)));
        Assert.Throws<ArgumentException>(() => flight.Fly(new(5), 4, new(3)));
        Assert.Throws<ArgumentException>(() => flight.Fly(new(5), -1, new(5)));
    }

    private static Shot Mortar(double elevationDeg, double azimuthDeg) => Shoot(150, elevationDeg, azimuthDeg, 4_000);

    private static Shot Shoot(double speedMps, double elevationDeg, double azimuthDeg, double beta) =>
        new(default, new Polar(speedMps, azimuthDeg % 360 * Math.PI / 180, elevationDeg * Math.PI / 180).ToEnu(), beta);

    private static BatchRounds Rounds(Shot[] shots)
    {
        var rounds = new BatchRounds(shots.Length);
        for (int i = 0; i < shots.Length; i++)
        {
            (rounds.EastM[i], rounds.NorthM[i], rounds.UpM[i]) = (shots[i].PlaceM.East, shots[i].PlaceM.North, shots[i].PlaceM.Up);
            (rounds.EastMps[i], rounds.NorthMps[i], rounds.UpMps[i]) = (shots[i].VelocityMps.East, shots[i].VelocityMps.North, shots[i].VelocityMps.Up);
            (rounds.BallisticCoefficientKgM2[i], rounds.BoostS[i], rounds.BoostMps2[i]) = (shots[i].Beta, shots[i].BoostS, shots[i].BoostMps2);
        }
        return rounds;
    }

    private static BatchImpacts Fly(BatchFlight flight, Shot[] shots, LaneWidth width = LaneWidth.Best)
    {
        var impacts = new BatchImpacts(shots.Length);
        flight.Fly(Rounds(shots), shots.Length, impacts, width);
        return impacts;
    }

    /// <summary>All that is known of each round, bit by bit.</summary>
    private static long[][] Bits(BatchImpacts b) =>
    [
        .. Enumerable.Range(0, b.Capacity).Select(i => (long[])
        [
            (long)b.Ends[i], .. new[] { b.TimeS[i], b.EastM[i], b.NorthM[i], b.UpM[i], b.EastMps[i], b.NorthMps[i], b.UpMps[i] }.Select(BitConverter.DoubleToInt64Bits),
        ]),
    ];

    private static double Worst(Geodetic origin, Shot[] shots, DragCurve drag, FlightEnvironment environment, string what, double toleranceMps = BatchFlight.ToleranceMps)
    {
        BatchImpacts impacts = Fly(new(origin, drag, environment, GroundHeightM, toleranceMps: toleranceMps), shots);
        double worst = 0, range = 0, time = 0, late = 0;
        for (int i = 0; i < shots.Length; i++)
        {
            Assert.Equal(FlightEnd.Ground, impacts.Ends[i]);
            BoostPhase? boost = shots[i].BoostS > 0 ? new(shots[i].BoostS, shots[i].BoostMps2) : null;
            Trajectory exact = Flight.Fly(new(shots[i].Beta, drag, boost), origin, shots[i].VelocityMps, GroundHeightM, environment, relativeTolerance: 1e-12);
            worst = Math.Max(worst, Away(impacts, i, exact, origin));
            (range, time) = (Math.Max(range, Math.Sqrt(impacts.EastM[i] * impacts.EastM[i] + impacts.NorthM[i] * impacts.NorthM[i])), Math.Max(time, exact.DurationS));
            late = Math.Max(late, Math.Abs(exact.DurationS - impacts.TimeS[i]));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {worst * 1000:F2} mm, {late * 1e6:F1} us worst of {shots.Length}, up to {range / 1000:F1} km and {time:F0} s");
        return worst;
    }

    private static double Away(BatchImpacts impacts, int i, Trajectory exact, Geodetic? origin = null)
    {
        Enu place = new LocalFrame(origin ?? Origin).ToEnu(exact.Impact);
        double dx = impacts.EastM[i] - place.East, dy = impacts.NorthM[i] - place.North, dz = impacts.UpM[i] - place.Up;
        return Math.Sqrt(dx * dx + dy * dy + dz * dz);
    }
}
