using CsCheck;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Tests.Geodesy;

public sealed class FrameTests
{
    private static readonly Gen<Geodetic> Places =
        Gen.Select(Gen.Double[-Math.PI / 2, Math.PI / 2], Gen.Double[-Math.PI, Math.PI], Gen.Double[-500, 20_000], (lat, lon, h) => new Geodetic(lat, lon, h));

    private static readonly Gen<Enu> Positions =
        Gen.Select(Gen.Double[-100_000, 100_000], Gen.Double[-100_000, 100_000], Gen.Double[-500, 20_000], (e, n, u) => new Enu(e, n, u));

    private static readonly Gen<Polar> Measurements = Gen.Select(Gen.Double[100, 100_000], Gen.Double[0, 2 * Math.PI - 1e-9], Gen.Double[-0.1, 1.5],
        (r, a, e) => new Polar(r, a, e));

    [Fact]
    public void Geodetic_positions_come_back_from_the_Earth_fixed_frame() => Places.Sample(g =>
    {
        Geodetic back = Wgs84.ToGeodetic(Wgs84.ToEcef(g));
        Assert.Equal(g.HeightM, back.HeightM, 2e-8);
        Assert.Equal(g.LatitudeRad, back.LatitudeRad, 1e-14);
        Assert.Equal(0, Math.IEEERemainder(g.LongitudeRad - back.LongitudeRad, 2 * Math.PI) * Math.Cos(g.LatitudeRad), 1e-14);
    });

    [Fact]
    public void The_poles_have_a_height_and_axes()
    {
        foreach (double z in new[] { 6_400_000.0, -6_400_000.0 })
        {
            Geodetic g = Wgs84.ToGeodetic(new(0, 0, z));
            Assert.Equal(new Geodetic(Math.CopySign(Math.PI / 2, z), 0, 6_400_000 - 6_378_137 * (1 - 1 / 298.257223563)), g with { HeightM = Math.Round(g.HeightM, 8) },
                (a, b) => a.LatitudeRad == b.LatitudeRad && a.LongitudeRad == b.LongitudeRad && Math.Abs(a.HeightM - b.HeightM) < 1e-7);
            Assert.Equal(Math.CopySign(1, z), Wgs84.Vertical(new(0, 0, z)).Axes.RotateToEcef(new(0, 0, 1)).Z);
        }
    }

    [Fact]
    public void Local_positions_come_back() => Gen.Select(Places, Positions).Sample((g, p) =>
    {
        var frame = new LocalFrame(g);
        Enu back = frame.ToEnu(frame.ToGeodetic(p));
        Close(p, back, 1e-7);
        Close(p, frame.RotateToEnu(frame.RotateToEcef(p)), 1e-10);
    });

    [Fact]
    public void The_quick_height_is_the_exact_one_and_its_gradient_the_vertical_there() => Gen.Select(Places, Positions).Sample((g, p) =>
    {
        var frame = new LocalFrame(g with { HeightM = g.HeightM / 20 });
        Geodetic exact = frame.ToGeodetic(p);
        (double height, Enu gradient) = frame.HeightWithGradient(p);
        Assert.Equal(height, frame.HeightM(p));
        Assert.Equal(exact.HeightM, height, 1e-5);
        Close(frame.RotateToEnu(LocalAxes.At(exact).RotateToEcef(new(0, 0, 1))), gradient, 5e-8);
    });

    [Fact]
    public void The_quick_height_holds_to_100_km() => Gen.Select(Places, Gen.Double[20_000, 100_000]).Sample((g, h) =>
        Assert.Equal(h, new LocalFrame(g with { HeightM = 0 }).HeightM(new LocalFrame(g with { HeightM = 0 }).ToEnu(g with { HeightM = h })), 1e-4));

    [Fact]
    public void Measurements_come_back() => Measurements.Sample(m =>
    {
        Polar back = m.ToEnu().ToPolar();
        Assert.Equal(m.RangeM, back.RangeM, 1e-10);
        Assert.Equal(0, Math.IEEERemainder(m.AzimuthRad - back.AzimuthRad, 2 * Math.PI), 1e-14);
        Assert.Equal(m.ElevationRad, back.ElevationRad, 1e-14);
        Assert.InRange(back.AzimuthRad, 0, Math.BitDecrement(2 * Math.PI));
    });

    [Fact]
    public void Azimuth_runs_clockwise_from_north_and_stays_below_a_turn()
    {
        Assert.Equal(0, new Enu(0, 5, 0).ToPolar().AzimuthRad);
        Assert.Equal(Math.PI / 2, new Enu(5, 0, 0).ToPolar().AzimuthRad, 1e-15);
        Assert.Equal(Math.PI * 3 / 2, new Enu(-5, 0, 0).ToPolar().AzimuthRad, 1e-15);
        Assert.Equal(0, new Enu(-1e-30, 5, 0).ToPolar().AzimuthRad);
        Assert.Equal(new Polar(5, 0, Math.PI / 2), new Enu(0, 0, 5).ToPolar());
    }

    [Fact]
    public void Jacobians_are_those_of_finite_differences() => Measurements.Where(m => m.ElevationRad < 1.4).Sample(m =>
    {
        (Enu p, Matrix3 toEnu) = m.ToEnuWithJacobian();
        Assert.Equal(m.ToEnu(), p);
        (Polar back, Matrix3 toPolar) = p.ToPolarWithJacobian();
        Assert.Equal(p.ToPolar(), back);
        const double d = 1e-5;
        CloseColumn(toEnu, 0, Difference(m with { RangeM = m.RangeM + 1 }, m with { RangeM = m.RangeM - 1 }, 2), 1e-9);
        CloseColumn(toEnu, 1, Difference(m with { AzimuthRad = m.AzimuthRad + d }, m with { AzimuthRad = m.AzimuthRad - d }, 2 * d), 1e-9 * m.RangeM);
        CloseColumn(toEnu, 2, Difference(m with { ElevationRad = m.ElevationRad + d }, m with { ElevationRad = m.ElevationRad - d }, 2 * d), 1e-9 * m.RangeM);
        // The two are inverse to each other, which tests the second by the first.
        Matrix3 one = toPolar.Times(toEnu);
        CloseColumn(one, 0, (1, 0, 0), 1e-9);
        CloseColumn(one, 1, (0, 1, 0), 1e-9 * m.RangeM);
        CloseColumn(one, 2, (0, 0, 1), 1e-9 * m.RangeM);
    });

    [Fact]
    public void A_sensor_frame_agrees_with_the_way_through_the_Earth_fixed_frame() =>
        Gen.Select(Places, Gen.Double[-0.01, 0.01], Gen.Double[-0.01, 0.01], Measurements).Where((g, _, _, _) => Math.Abs(g.LatitudeRad) < 1.5).Sample((g, dLat, dLon, m) =>
    {
        var site = new LocalFrame(g);
        var sensor = new SensorFrame(new(g.LatitudeRad + dLat, g.LongitudeRad + dLon, 100), site);
        (Enu p, Matrix3 jacobian) = sensor.ToSiteWithJacobian(m);
        Close(site.ToEnu(sensor.Frame.ToEcef(m.ToEnu())), p, 1e-7);
        Assert.Equal(p, sensor.ToSite(m));
        (Polar back, Matrix3 inverse) = sensor.MeasureWithJacobian(p);
        Assert.Equal(sensor.Measure(p), back);
        Assert.Equal(m.RangeM, back.RangeM, 1e-7);
        Assert.Equal(m.ElevationRad, back.ElevationRad, 1e-10);
        Matrix3 one = inverse.Times(jacobian);
        CloseColumn(one, 0, (1, 0, 0), 1e-8);
        CloseColumn(one, 2, (0, 0, 1), 1e-8 * m.RangeM);
        // A target that flies away along the line of sight changes its range at its speed.
        Enu outward = sensor.RotateToSite(new Polar(200, m.AzimuthRad, m.ElevationRad).ToEnu());
        Assert.Equal(200, sensor.RangeRateMps(p, outward), 1e-6);
        Close(outward, sensor.RotateToSite(sensor.RotateToSensor(outward)), 1e-10);
    });

    private static (double, double, double) Difference(Polar a, Polar b, double step)
    {
        Enu p = a.ToEnu(), q = b.ToEnu();
        return ((p.East - q.East) / step, (p.North - q.North) / step, (p.Up - q.Up) / step);
    }

    private static void CloseColumn(in Matrix3 m, int column, (double X, double Y, double Z) expected, double within)
    {
        (double x, double y, double z) = m.Times(column == 0 ? 1 : 0, column == 1 ? 1 : 0, column == 2 ? 1 : 0);
        Assert.Equal(expected.X, x, within);
        Assert.Equal(expected.Y, y, within);
        Assert.Equal(expected.Z, z, within);
    }

    private static void Close(Enu a, Enu b, double within)
    {
        Assert.Equal(a.East, b.East, within);
        Assert.Equal(a.North, b.North, within);
        Assert.Equal(a.Up, b.Up, within);
    }
}
