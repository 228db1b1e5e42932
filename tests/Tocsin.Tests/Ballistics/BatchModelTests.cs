using CsCheck;
using Tocsin.Ballistics;
using Tocsin.Ballistics.Batch;
using Tocsin.Geodesy;

namespace Tocsin.Tests.Ballistics;

/// <summary>The polynomials that the batch flies by, against what they stand for.</summary>
public sealed class BatchModelTests
{
    [Fact]
    public void The_air_is_the_standards()
    {
        double near = 0, far = 0, sound = 0;
        for (double h = -5_000; h < 86_000; h += 7.3)
        {
            (double density, double slowness) = Air(h);
            AirState exact = Atmosphere.At(h);
            double off = Math.Abs(2 * density / exact.DensityKgM3 - 1);
            if (h < 11_000) near = Math.Max(near, off);
            else if (h < 80_000) far = Math.Max(far, off);
            sound = Math.Max(sound, Math.Abs(slowness * exact.SpeedOfSoundMps - 1));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"density {near:E1} below 11 km, {far:E1} above; sound {sound:E1}");
        Assert.InRange(near, 0, 1e-9);
        Assert.InRange(far, 0, 1e-7);
        Assert.InRange(sound, 0, 5e-7);
        Assert.Equal(Air(-5_001), Air(-20_000));
        Assert.Equal(Air(120_000), Air(1e9));

        static (double Density, double Slowness) Air(double height)
        {
            ReadOnlySpan<double> row = Pieces.Air.RowAt(height);
            double t = (height - row[2]) * row[3];
            return (Horner(row.Slice(4, 7), t), Horner(row.Slice(11, 6), t));
        }
    }

    [Fact]
    public void The_drag_is_the_curves()
    {
        foreach (DragCurve curve in new[] { DragCurve.Reference, DragCurve.Constant, new DragCurve([(0.5, 2), (2, 3)]) })
        {
            Pieces pieces = Pieces.Of(curve);
            for (double mach = 0; mach < 7; mach += 0.0037) Assert.Equal(curve.At(mach), At(pieces, mach), 1e-13);
            foreach ((double mach, double value) in curve.Points) Assert.Equal(value, At(pieces, mach), 1e-14);
        }

        static double At(Pieces pieces, double mach)
        {
            ReadOnlySpan<double> row = pieces.RowAt(mach);
            return Horner(row.Slice(3, 4), mach - row[2]);
        }
    }

    [Fact]
    public void The_wind_is_the_profiles()
    {
        foreach (WindProfile wind in new[] { WindProfile.Calm, new([new(100, 3, -4)]), new([new(0, 1, 2), new(500, 9, -3), new(4_000, -20, 8)]) })
        {
            Pieces pieces = Pieces.Of(wind);
            for (double h = -300; h < 6_000; h += 23.7)
            {
                ReadOnlySpan<double> row = pieces.RowAt(h);
                (double east, double north) = wind.At(h);
                Assert.Equal(east, row[3] + (h - row[2]) * row[4], 1e-12);
                Assert.Equal(north, row[5] + (h - row[2]) * row[6], 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(10_000, 1e-4, 6e-7)]
    [InlineData(30_000, 2e-3, 6e-6)]
    [InlineData(100_000, 0.08, 6e-5)]
    public void The_Earth_is_as_near_as_it_says(double reachM, double heightM, double accelerationMps2)
    {
        double worstHeight = 0, worst = 0;
        foreach (double latitudeDeg in new[] { -80.0, -33, 0, 12, 45, 60, 75 })
            foreach (double originHeight in new[] { -400.0, 0, 2_500 })
            {
                var origin = new Geodetic(latitudeDeg * Math.PI / 180, 0.7, originHeight);
                var earth = new LocalEarth(origin);
                var frame = new LocalFrame(origin);
                for (int i = 0; i < 24; i++)
                {
                    double azimuth = i * Math.PI / 12, x = reachM * Math.Sin(azimuth), y = reachM * Math.Cos(azimuth);
                    // A place near the ground, for the height; one anywhere so far away, for the acceleration.
                    double ground = -(x * x + y * y) / 12_742_000 + 100;
                    worstHeight = Math.Max(worstHeight, Math.Abs(earth.HeightM(x, y, ground) - Wgs84.ToGeodetic(frame.ToEcef(new(x, y, ground))).HeightM));
                    foreach (double rise in new[] { -0.1, 0.3, 0.8 })
                    {
                        double flat = Math.Sqrt(1 - rise * rise);
                        Enu place = new(x * flat, y * flat, rise * reachM), exact = Exact(frame, place), got = Polynomial(earth, place);
                        worst = Math.Max(worst, Math.Max(Math.Abs(got.East - exact.East), Math.Max(Math.Abs(got.North - exact.North), Math.Abs(got.Up - exact.Up))));
                    }
                }
            }
        TestContext.Current.TestOutputHelper?.WriteLine($"{reachM / 1000} km: height {worstHeight:E1} m, acceleration {worst:E1} m/s2");
        Assert.InRange(worstHeight, 0, heightM);
        Assert.InRange(worst, 0, accelerationMps2);

        static Enu Exact(LocalFrame frame, Enu place)
        {
            const double w2 = Wgs84.RotationRadPerS * Wgs84.RotationRadPerS;
            Ecef r = frame.ToEcef(place), g = Gravity.GravitationAt(r);
            return frame.RotateToEnu(new(g.X + w2 * r.X, g.Y + w2 * r.Y, g.Z));
        }

        // As LaneStages has it, in plain arithmetic.
        static Enu Polynomial(LocalEarth e, Enu p)
        {
            double u = (2 * (e.CentreNorthM * p.North + e.CentreUpM * p.Up) + p.East * p.East + p.North * p.North + p.Up * p.Up) * e.InverseRadius2;
            double w = e.Pull * (1 + u * (-1.5 + u * (15.0 / 8 + u * (-35.0 / 16 + u * 315 / 128))));
            return new((w + e.EastEast) * p.East, w * (p.North + e.CentreNorthM) + e.RestNorth + e.NorthNorth * p.North + e.NorthUp * p.Up,
                w * (p.Up + e.CentreUpM) + e.RestUp + e.NorthUp * p.North + e.UpUp * p.Up);
        }
    }

    [Fact]
    public void The_climb_is_the_heights_derivative() => Gen.Double[-1, 1].Array[9].Sample(d =>
    {
        var earth = new LocalEarth(new(0.6, 0.8, 100));
        Enu p = new(2e4 * d[0], 2e4 * d[1], 9e3 * d[2]), v = new(800 * d[3], 800 * d[4], 800 * d[5]), a = new(60 * d[6], 60 * d[7], 60 * d[8]);
        double At(double t) => earth.HeightM(p.East + t * (v.East + t / 2 * a.East), p.North + t * (v.North + t / 2 * a.North), p.Up + t * (v.Up + t / 2 * a.Up));
        (double climb, double bend) = earth.Climb(p, v, a);
        const double h = 1.0 / 64;
        Assert.Equal((At(h) - At(-h)) / (2 * h), climb, 2e-6);
        Assert.Equal((At(h) - 2 * At(0) + At(-h)) / (h * h), bend, 2e-6);
    });

    private static double Horner(ReadOnlySpan<double> terms, double t)
    {
        double s = 0;
        for (int i = terms.Length - 1; i >= 0; i--) s = s * t + terms[i];
        return s;
    }
}
