using Tocsin.Ballistics;
using Tocsin.Geodesy;

namespace Tocsin.Tests.Ballistics;

public sealed class CheckCaseTests
{
    public static TheoryData<int> Numbers => [6, 7, 8, 9];

    [Theory, MemberData(nameof(Numbers))]
    public void Reproduces_NASAs_positions_to_a_centimetre(int number)
    {
        CheckCase c = CheckCase.All[number - 6];
        Trajectory flight = c.Fly();
        double worst = 0, worstSpeed = 0;
        foreach (CheckCase.Row row in c.Published())
        {
            (Geodetic position, Enu v) = flight.StateAt(row.TimeS);
            double turn = Wgs84.RotationRadPerS * row.TimeS;
            Ecef e = Wgs84.ToEcef(position);
            Ecef inertial = new(e.X * Math.Cos(turn) - e.Y * Math.Sin(turn), e.X * Math.Sin(turn) + e.Y * Math.Cos(turn), e.Z);
            worst = Math.Max(worst, Distance(inertial, row.InertialM));
            worstSpeed = Math.Max(worstSpeed, Distance(new(v.East, v.North, v.Up), new(row.VelocityMps.East, row.VelocityMps.North, row.VelocityMps.Up)));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{c}: {worst * 1000:F3} mm, {worstSpeed * 1000:F3} mm/s in {flight.Steps} steps");
        Assert.InRange(worst, 0, 0.01);
        Assert.InRange(worstSpeed, 0, 0.001);
    }

    private static double Distance(Ecef a, Ecef b) => Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y) + (a.Z - b.Z) * (a.Z - b.Z));
}
