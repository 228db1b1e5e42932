using Tocsin.Ballistics;
using Tocsin.Geodesy;

namespace Tocsin.Tests.Ballistics;

public sealed class CheckCaseTests
{
    public static TheoryData<int> Numbers => [6, 7, 8, 9];

    [Theory, MemberData(nameof(Numbers))]
    public void NASAs_positions_are_met_to_a_centimetre(int number)
    {
        CheckCase c = CheckCase.All[number - 6];
        Trajectory flight = c.Fly();
        double worst = 0, worstSpeed = 0;
        foreach (CheckCase.Row row in c.Published())
        {
            double turn = Wgs84.RotationRadPerS * row.TimeS;
            Ecef e = flight.EcefStateAt(row.TimeS).Position;
            Ecef inertial = new(e.X * Math.Cos(turn) - e.Y * Math.Sin(turn), e.X * Math.Sin(turn) + e.Y * Math.Cos(turn), e.Z);
            worst = Math.Max(worst, Distance(inertial, row.InertialM));
            Enu v = flight.StateAt(row.TimeS).VelocityMps;
            worstSpeed = Math.Max(worstSpeed, Distance(new(v.East, v.North, v.Up), new(row.VelocityMps.East, row.VelocityMps.North, row.VelocityMps.Up)));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{c}: {worst * 1000:F3} mm, {worstSpeed * 1000:F3} mm/s in {flight.Steps} steps");
        Assert.InRange(worst, 0, 0.01);
        Assert.InRange(worstSpeed, 0, 0.001);
    }

    [Theory, MemberData(nameof(Numbers))]
    public void NASAs_air_and_gravity_are_met(int number)
    {
        foreach (CheckCase.Row row in CheckCase.All[number - 6].Published())
        {
            AirState air = Atmosphere.At(row.Position.HeightM);
            // Their pressure at sea level is 2116.238 lbf/ft2, 1e-5 above the standard's 101,325 Pa; the rest is rounding of constants in feet and slugs.
            Assert.Equal(1, air.DensityKgM3 / row.DensityKgM3, 1e-6);
            Assert.Equal(1, air.SpeedOfSoundMps / row.SpeedOfSoundMps, 5e-7);
            Assert.Equal(1, air.PressurePa / row.PressurePa, 1.1e-5);
            Assert.Equal(1, air.TemperatureK / row.TemperatureK, 1e-9);
            Ecef g = Gravity.GravitationAt(Wgs84.ToEcef(row.Position));
            Assert.Equal(1, Distance(g, default) / row.GravityMps2, 1e-8);
        }
    }

    [Theory, MemberData(nameof(Numbers))]
    public void An_independent_implementation_agrees_on_the_same_cases(int number)
    {
        CheckCase c = CheckCase.All[number - 6];
        Agree(new(CheckCase.Sphere, c.Wind, new(0, 0, c.StartHeightM), c.VelocityMps), c.Fly(), CheckCase.DurationS);
    }

    [Theory]
    [InlineData(33.3, 44.4, 135, 55, 30)]
    [InlineData(-52, 178.5, 280, 60, 60)]
    [InlineData(71, -20, 10, 85, 25)]
    public void An_independent_implementation_agrees_on_rockets_in_wind(double latitudeDeg, double longitudeDeg, double azimuthDeg, double elevationDeg, double speed)
    {
        var round = new Round(4_000, DragCurve.Reference, new BoostPhase(1.8, 300));
        var wind = new WindProfile([new(0, 3, -2), new(3_000, 12, 4), new(12_000, 35, -10)]);
        double radians = Math.PI / 180, ground = speed * Math.Cos(elevationDeg * radians);
        var start = new Geodetic(latitudeDeg * radians, longitudeDeg * radians, 40);
        var velocity = new Enu(ground * Math.Sin(azimuthDeg * radians), ground * Math.Cos(azimuthDeg * radians), speed * Math.Sin(elevationDeg * radians));
        Trajectory flight = Flight.Fly(round, start, velocity, 40, new FlightEnvironment(wind));
        Assert.True(flight.ReachedGround && flight.DurationS > 20 && flight.ApexHeightM > 1_000);
        Agree(new(round, wind, start, velocity), flight, flight.DurationS);
    }

    private static void Agree(IndependentFlight other, Trajectory flight, double untilS)
    {
        double worst = 0;
        for (double t = 1; t <= untilS; t++)
        {
            other.FlyTo(t);
            worst = Math.Max(worst, Distance(flight.EcefStateAt(t).Position, other.Position));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{worst * 1000:F4} mm in {flight.Steps} steps");
        Assert.InRange(worst, 0, 0.01);
    }

    private static double Distance(Ecef a, Ecef b) => Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y) + (a.Z - b.Z) * (a.Z - b.Z));
}
