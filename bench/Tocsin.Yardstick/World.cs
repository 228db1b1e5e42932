namespace Tocsin.Yardstick;

/// <summary>Wind that grows and turns with height above the ground.</summary>
internal sealed record Wind(double SpeedMps, double TowardsRad, double ShearPerKm, double TurnRadPerKm)
{
    public static readonly Wind Calm = new(0, 0, 0, 0);

    public Vec3 At(double heightM) => SpeedMps == 0
        ? default
        : SpeedMps * (1 + ShearPerKm * heightM / 1000) * Vec3.Direction(TowardsRad + TurnRadPerKm * heightM / 1000, 0);
}

/// <summary>What acts on a round. Flat: level ground, one gravity, an exponential atmosphere. Curved: WGS-84 with normal gravity, a
/// layered standard atmosphere and the Earth's rotation.</summary>
internal sealed class World(Frame frame, bool curved, Wind wind)
{
    public const double GravityMps2 = 9.80665;
    public const double ScaleHeightM = 8_500;
    private const double RotationRadPerS = 7.292115e-5;

    private readonly Vec3 _rotation = RotationRadPerS * frame.Axis;

    public Frame Frame => frame;

    public bool Curved => curved;

    public Wind Wind => wind;

    /// <summary>Height above the ground, which is level at the height of the frame's origin.</summary>
    public double Height(Vec3 p) => curved ? frame.ToGeodetic(p).HeightM - frame.Origin.HeightM : p.Z;

    /// <summary>Acceleration of a round by gravity, drag and thrust along the velocity.</summary>
    /// <param name="k">Drag by unit of ballistic coefficient: curve over coefficient at this Mach number.</param>
    public Vec3 Acceleration(Vec3 p, Vec3 v, Curve curve, double ballisticCoefficient, double thrustMps2)
    {
        double height = p.Z;
        Vec3 a = new(0, 0, -GravityMps2);
        if (curved)
        {
            Vec3 e = frame.ToEcef(p);
            LonLat g = Frame.Geodetic(e);
            height = g.HeightM - frame.Origin.HeightM;
            (double sl, double cl) = Math.SinCos(g.LonDeg * Math.PI / 180);
            (double sp, double cp) = Math.SinCos(g.LatDeg * Math.PI / 180);
            // Somigliana's normal gravity (centrifugal part included) with the free-air gradient.
            double gravity = 9.7803253359 * (1 + 0.00193185265241 * sp * sp) / Math.Sqrt(1 - Frame.E2 * sp * sp) - 3.086e-6 * g.HeightM;
            a = -gravity * frame.RotateFromEcef(new(cp * cl, cp * sl, sp)) - 2 * _rotation.Cross(v);
        }
        double altitude = height + frame.Origin.HeightM;
        (double density, double sound) = curved ? Standard(altitude) : Exponential(altitude);
        Vec3 air = v - wind.At(height);
        double speed = air.Length;
        a -= 0.5 * density * speed * curve.At(speed / sound) / ballisticCoefficient * air;
        return thrustMps2 == 0 ? a : a + thrustMps2 / v.Length * v;
    }

    public static (double DensityKgM3, double SoundMps) Exponential(double altitudeM) =>
        (1.225 * Math.Exp(-altitudeM / ScaleHeightM), 20.0468 * Math.Sqrt(288.15 - 0.0065 * Math.Min(altitudeM, 11_000)));

    /// <summary>US Standard Atmosphere 1976 to 20 km (geometric height taken for geopotential below 0.3 % of it).</summary>
    public static (double DensityKgM3, double SoundMps) Standard(double altitudeM)
    {
        double h = altitudeM * 6_356_766 / (6_356_766 + altitudeM);
        double t = 288.15 - 0.0065 * Math.Min(h, 11_000);
        double pressure = 101_325 * Math.Pow(t / 288.15, 5.255877);
        if (h > 11_000)
            pressure *= Math.Exp(-(h - 11_000) / 6_341.62);
        return (pressure / (287.05287 * t), Math.Sqrt(1.4 * 287.05287 * t));
    }
}
