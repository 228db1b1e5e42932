using CsCheck;
using Tocsin.Simulation.People;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Tests.People;

public class SirenFieldTests
{
    private static readonly Gen<double> s_angle = Gen.Double[0, 2 * Math.PI];

    /// <summary>With nothing but spreading, intensity times the square of the distance is the same everywhere.</summary>
    [Fact]
    public void Spreading_alone_is_the_inverse_square_law()
    {
        var field = new SirenField(100, -50, 400, new() { AbsorptionDbPerKm = 0, GroundLossDbPerDoubling = 0 }, (0, 0));
        Gen.Select(Gen.Double[2, 3000], s_angle).Sample((d, a) =>
        {
            double intensity = Math.Pow(10, field.LevelDb(100 + d * Math.Cos(a), -50 + d * Math.Sin(a)) / 10);
            // The audible range fixes the constant: 60 dB of noise and 10 of margin at 400 m.
            Assert.Equal(1, intensity * d * d / (Math.Pow(10, 7) * 400 * 400), 9);
        });
    }

    /// <summary>The guide's rule, 10 dB for each doubling, with the air's absorption beside it.</summary>
    [Fact]
    public void A_doubling_costs_ten_decibels_and_the_air()
    {
        var field = new SirenField(0, 0, 500, new(), (0, 0));
        for (double d = 30; d < 1000; d *= 1.7)
            Assert.Equal(20 * Math.Log10(2) + 4 + 2.8 * d / 1000, field.LevelDb(d, 0) - field.LevelDb(2 * d, 0), 9);
    }

    [Fact]
    public void Outdoors_in_calm_air_it_is_heard_to_its_range_and_no_farther()
        => Gen.Select(Gen.Double[20, 3000], s_angle, Gen.Double[0, 1.5]).Sample((range, a, share) =>
        {
            var sound = new SirenSound();
            var field = new SirenField(0, 0, range, sound, (0, 0));
            if (Math.Abs(share - 1) > 1e-6) Assert.Equal(share < 1, field.Heard(share * range * Math.Cos(a), share * range * Math.Sin(a), 0, sound.OutdoorNoiseDb));
        });

    [Fact]
    public void Wind_takes_from_those_against_whom_it_blows_and_gives_nobody_anything()
        => Gen.Select(Gen.Double[1, 2000], s_angle, s_angle, Gen.Double[0, 20]).Sample((d, a, w, speed) =>
        {
            var sound = new SirenSound();
            double east = d * Math.Cos(a), north = d * Math.Sin(a), towards = speed * Math.Cos(a - w);
            double lost = new SirenField(0, 0, 500, sound, (0, 0)).LevelDb(east, north)
                - new SirenField(0, 0, 500, sound, (speed * Math.Cos(w), speed * Math.Sin(w))).LevelDb(east, north);
            if (towards >= 0 || d <= 100) Assert.Equal(0, lost, 9);
            else if (d >= 300) Assert.Equal(Math.Min(20, -2 * towards), lost, 9);
            else Assert.InRange(lost, 0, 20);
        });
}
