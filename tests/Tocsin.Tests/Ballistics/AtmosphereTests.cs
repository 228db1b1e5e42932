using Tocsin.Ballistics;
using Tocsin.Geodesy;

namespace Tocsin.Tests.Ballistics;

public sealed class AtmosphereTests
{
    /// <summary>US Standard Atmosphere 1976, tables I and III: geometric height, temperature, pressure, density, speed of sound.</summary>
    [Theory]
    [InlineData(-1_000, 294.651, 1.1393e5, 1.3470, 344.11)]
    [InlineData(0, 288.150, 1.01325e5, 1.2250, 340.29)]
    [InlineData(1_000, 281.651, 8.9876e4, 1.1117, 336.43)]
    [InlineData(2_000, 275.154, 7.9501e4, 1.0066, 332.53)]
    [InlineData(5_000, 255.676, 5.4048e4, 7.3643e-1, 320.55)]
    [InlineData(10_000, 223.252, 2.6500e4, 4.1351e-1, 299.53)]
    [InlineData(11_000, 216.774, 2.2700e4, 3.6480e-1, 295.15)]
    [InlineData(15_000, 216.650, 1.2112e4, 1.9476e-1, 295.07)]
    [InlineData(20_000, 216.650, 5.5293e3, 8.8910e-2, 295.07)]
    [InlineData(25_000, 221.552, 2.5492e3, 4.0084e-2, 298.39)]
    [InlineData(30_000, 226.509, 1.1970e3, 1.8410e-2, 301.71)]
    [InlineData(40_000, 250.350, 2.8714e2, 3.9957e-3, 317.19)]
    [InlineData(50_000, 270.650, 7.9779e1, 1.0269e-3, 329.80)]
    [InlineData(60_000, 247.021, 2.1958e1, 3.0968e-4, 315.07)]
    [InlineData(70_000, 219.585, 5.2209e0, 8.2829e-5, 297.06)]
    [InlineData(80_000, 198.639, 1.0525e0, 1.8458e-5, 282.54)]
    public void Agrees_with_the_published_table(double heightM, double temperature, double pressure, double density, double sound)
    {
        AirState air = Atmosphere.At(heightM);
        Assert.Equal(temperature, air.TemperatureK, 0.0006);
        Assert.Equal(1, air.PressurePa / pressure, 6e-5);
        Assert.Equal(1, air.DensityKgM3 / density, 6e-5);
        Assert.Equal(sound, air.SpeedOfSoundMps, 0.006);
    }

    /// <summary>Pressure at the layers' bases in geopotential metres, as the standard's table 4 and its like print it.</summary>
    [Theory]
    [InlineData(11_000, 22_632.06)]
    [InlineData(20_000, 5_474.889)]
    [InlineData(32_000, 868.0187)]
    [InlineData(47_000, 110.9063)]
    [InlineData(51_000, 66.93887)]
    [InlineData(71_000, 3.956420)]
    public void Pressure_at_the_borders_of_the_layers(double geopotentialM, double pressure) =>
        Assert.Equal(1, Atmosphere.AtGeopotential(geopotentialM).PressurePa / pressure, 2e-7);

    [Fact]
    public void Nothing_jumps_at_any_height()
    {
        AirState below = Atmosphere.At(-5_000);
        for (double h = -4_999; h < 120_000; h++)
        {
            AirState air = Atmosphere.At(h);
            Assert.InRange(air.DensityKgM3 / below.DensityKgM3, 0.9997, 1);
            Assert.InRange(air.SpeedOfSoundMps - below.SpeedOfSoundMps, -0.01, 0.01);
            below = air;
        }
    }

    [Fact]
    public void The_table_is_as_near_as_it_says_and_so_are_its_slopes()
    {
        for (double h = -6_003.7; h < 90_000; h += 13.3)
        {
            AirState exact = Atmosphere.At(h);
            (double density, double sound) = AtmosphereTable.At(h);
            Assert.Equal(1, density / exact.DensityKgM3, h < 11_000 ? 1e-8 : 2e-7);
            Assert.Equal(1, sound / exact.SpeedOfSoundMps, 1e-9);
            AirGradient g = AtmosphereTable.WithSlopesAt(h);
            Assert.Equal((density, sound), (g.DensityKgM3, g.SpeedOfSoundMps));
            if (Atmosphere.LayerAt(Atmosphere.GeopotentialM(h - 1)) != Atmosphere.LayerAt(Atmosphere.GeopotentialM(h + 1))) continue;
            AirState above = Atmosphere.At(h + 1), under = Atmosphere.At(h - 1);
            Assert.Equal(1, g.DensitySlope / ((above.DensityKgM3 - under.DensityKgM3) / 2), 1e-5);
            Assert.Equal((above.SpeedOfSoundMps - under.SpeedOfSoundMps) / 2, g.SoundSlope, 1e-8);
        }
    }

    /// <summary>NGA.STND.0036, 2014, table 3.6: normal gravity at the equator and at the poles.</summary>
    [Theory]
    [InlineData(0, 9.7803253359)]
    [InlineData(90, 9.8321849379)]
    public void Normal_gravity_agrees_with_the_standard(double latitudeDeg, double expected) =>
        Assert.Equal(expected, Gravity.NormalMps2(Math.Sin(latitudeDeg * Math.PI / 180), 0), 2e-8);

    [Fact]
    public void Normal_gravity_falls_with_height_as_gravitation_and_rotation_have_it()
    {
        for (int latitudeDeg = 0; latitudeDeg <= 90; latitudeDeg += 15)
            for (double height = 0; height <= 20_000; height += 5_000)
            {
                double latitude = latitudeDeg * Math.PI / 180;
                double fall = Physical(latitude, height) - Physical(latitude, 0);
                double sin = Math.Sin(latitude);
                // The terms beyond J2 make some 1e-4 m/s2 at the ground and change little with height.
                Assert.Equal(Physical(latitude, height), Gravity.NormalMps2(sin, height), 2e-4);
                Assert.Equal(fall, Gravity.NormalMps2(sin, height) - Gravity.NormalMps2(sin, 0), 5e-6);
            }

        static double Physical(double latitude, double height)
        {
            Ecef r = Wgs84.ToEcef(new(latitude, 0.3, height)), g = Gravity.GravitationAt(r);
            const double w2 = Wgs84.RotationRadPerS * Wgs84.RotationRadPerS;
            Enu local = LocalAxes.At(new(latitude, 0.3, height)).RotateToEnu(new(g.X + w2 * r.X, g.Y + w2 * r.Y, g.Z));
            return -local.Up;
        }
    }
}
