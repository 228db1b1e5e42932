using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>How a state moves: the point-mass equations in the site's local frame, their linearisation and their process noise.</summary>
/// <remarks>
/// Frame: east-north-up, fixed to the rotating Earth, so Coriolis acts and the centrifugal force is part of gravity. Height above
/// the ellipsoid is up + (east2 + north2) / 2R, within 1 mm per 10 km; gravity turns with the ground below.
/// The process noise is not tuned to one round but made of what the model leaves out: (1) gusts and layers of wind, beyond the mean
/// wind that <see cref="WindEstimate"/> learns; (2) a round's own drag curve leaves the reference curve, most of all through Mach 1;
/// (3) the day's density is not the standard's.
/// </remarks>
internal sealed class FlightModel
{
    /// <summary>Spectral density of acceleration that nothing explains, m2/s3. Chosen.</summary>
    public const double BaseAccelerationDensity = 0.003;

    private const double GustSigmaMps = 0.6, GustCorrelationS = 8;
    private const double BaseLogBetaDensity = 0.8e-4;
    private const double LogBetaPerMachSubsonic = 0.015, LogBetaPerMachTransonic = 0.3, TransonicWidthMach = 0.2;
    private const double DensityLapsePerM = -1.05e-4;
    private const double LongestStepS = 0.5;

    private readonly NearGroundAir _air = NearGroundAir.Standard;
    private readonly WindProfile _wind;
    private readonly bool _calm;
    private readonly double _coriolisSin, _coriolisCos;

    /// <summary>Makes the model of a site.</summary>
    public FlightModel(SiteDefinition site)
    {
        _wind = site.Wind;
        _calm = site.Wind.Levels.IsEmpty;
        (double sin, double cos) = Elementary.SinCos(site.Frame.Origin.LatitudeRad);
        _coriolisSin = 2 * Wgs84.RotationRadPerS * sin;
        _coriolisCos = 2 * Wgs84.RotationRadPerS * cos;
        OriginHeightM = site.Frame.Origin.HeightM;
        double w2 = 1 - Wgs84.EccentricitySquared * sin * sin, w = Math.Sqrt(w2);
        double meridian = Wgs84.SemiMajorAxisM * (1 - Wgs84.EccentricitySquared) / (w2 * w), prime = Wgs84.SemiMajorAxisM / w;
        RadiusM = Math.Sqrt(meridian * prime);
        // Normal gravity on the ellipsoid, Somigliana's closed form (NGA.STND.0036, 2014, equation 4-1).
        GravityMps2 = 9.7803253359 * (1 + 0.00193185265241 * sin * sin) / w;
        GroundHeightM = site.GroundElevationM;
    }

    /// <summary>Height of the frame's origin above the ellipsoid.</summary>
    public double OriginHeightM { get; }

    /// <summary>Height of the site's ground above the ellipsoid.</summary>
    public double GroundHeightM { get; }

    /// <summary>Mean radius of the ellipsoid's curvature here.</summary>
    public double RadiusM { get; }

    /// <summary>Normal gravity on the ellipsoid here.</summary>
    public double GravityMps2 { get; }

    /// <summary>Twice the Earth's rotation times the sine and the cosine of the latitude.</summary>
    public (double Sin, double Cos) Coriolis => (_coriolisSin, _coriolisCos);

    /// <summary>Air and reference drag.</summary>
    public NearGroundAir Air => _air;

    /// <summary>The wind that the site told.</summary>
    public WindProfile Wind => _wind;

    /// <summary>Height above the ellipsoid of a point of the local frame.</summary>
    public double HeightM(double x, double y, double z) => OriginHeightM + z + (x * x + y * y) / (2 * RadiusM);

    /// <summary>Moves a ballistic estimate to a time, process noise included. Earlier times are reached too (with noise growing).</summary>
    public void Predict(ref Estimate e, Instant to)
    {
        WindEffect none = default;
        Predict(ref e, ref none, to);
    }

    /// <summary>The same, and what a bias of the wind does to it meanwhile.</summary>
    public void Predict(ref Estimate e, ref WindEffect wind, Instant to)
    {
        double total = to.SecondsSince(e.Time);
        e.Time = to;
        if (total == 0) return;
        int steps = Math.Max(1, (int)Math.Ceiling(Math.Abs(total) / LongestStepS));
        double dt = total / steps;
        for (int i = 0; i < steps; i++)
        {
            Step(ref e, dt, out Matrix7 f, out _);
            Carry(f, dt, ref wind);
        }
    }

    /// <summary>Moves a ballistic estimate to a time and returns how a deviation before becomes one after.</summary>
    public Matrix7 PredictWithTransition(ref Estimate e, Instant to)
    {
        double total = to.SecondsSince(e.Time);
        e.Time = to;
        int steps = Math.Max(1, (int)Math.Ceiling(Math.Abs(total) / LongestStepS));
        Matrix7 whole = Matrix7.Identity();
        for (int i = 0; i < steps; i++)
        {
            Matrix7 before = whole;
            Step(ref e, total / steps, out Matrix7 f, out _);
            Matrix7.Multiply(f, before, ref whole);
        }
        return whole;
    }

    /// <summary>Adds acceleration noise of the given spectral densities (m2/s3) along and across the velocity.</summary>
    public static void AddAccelerationNoise(ref Estimate e, double along, double across, double dt)
    {
        double t = Math.Abs(dt);
        if (along == across)
        {
            double near = across * t * t * t / 3, both = across * t * dt / 2, far = across * t;
            for (int i = 0; i < 3; i++)
            {
                e.Covariance[i, i] += near;
                e.Covariance[i, i + 3] += both;
                e.Covariance[i + 3, i] += both;
                e.Covariance[i + 3, i + 3] += far;
            }
            return;
        }
        double vx = e.Mean[Estimate.Vx], vy = e.Mean[Estimate.Vy], vz = e.Mean[Estimate.Vz];
        double v2 = vx * vx + vy * vy + vz * vz;
        double f = v2 > 1 ? (along - across) / v2 : 0;
        Span<double> v = [vx, vy, vz];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
            {
                double q = f * v[i] * v[j] + (i == j ? across : 0);
                e.Covariance[i, j] += q * t * t * t / 3;
                e.Covariance[i, j + 3] += q * t * dt / 2;
                e.Covariance[j + 3, i] += q * t * dt / 2;
                e.Covariance[i + 3, j + 3] += q * t;
            }
    }

    /// <summary>Acceleration of a state, m/s2, and the drag's share of it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="inverseBeta">The inverse of its ballistic coefficient, m2/kg: a step knows it from its start.</param>
    /// <param name="ax">East.</param>
    /// <param name="ay">North.</param>
    /// <param name="az">Up.</param>
    /// <param name="drag">What drag does.</param>
    private void Acceleration(in Vector7 s, double inverseBeta, out double ax, out double ay, out double az, out Drag drag)
    {
        double x = s[0], y = s[1], z = s[2], vx = s[3], vy = s[4], vz = s[5];
        double height = HeightM(x, y, z);
        (double wx, double wy) = _calm ? (0, 0) : _wind.At(height);
        double rx = vx - wx, ry = vy - wy;
        double speed = Math.Sqrt(rx * rx + ry * ry + vz * vz);
        double sound = Math.Sqrt(NearGroundAir.SoundSquared(height));
        double mach = speed / sound;
        double k = 0.5 * _air.DensityKgM3(height) * NearGroundAir.Drag(mach * mach) * inverseBeta;
        double g = GravityMps2 * (1 - 2 * height / RadiusM);
        drag = new(k, speed, mach, sound, rx, ry, vz);
        ax = -k * speed * rx - g * x / RadiusM + _coriolisSin * vy - _coriolisCos * vz;
        ay = -k * speed * ry - g * y / RadiusM - _coriolisSin * vx;
        az = -k * speed * vz - g + _coriolisCos * vx;
    }

    private void Step(ref Estimate e, double dt, out Matrix7 f, out Drag drag)
    {
        Vector7 start = e.Mean, mid = start, end = start, at = start;
        double h = dt / 2, inverseBeta = Elementary.Exp(-start[6]);
        Acceleration(start, inverseBeta, out double a1x, out double a1y, out double a1z, out _);
        Advance(start, ref at, start[3], start[4], start[5], a1x, a1y, a1z, h);
        double v2x = at[3], v2y = at[4], v2z = at[5];
        Acceleration(at, inverseBeta, out double a2x, out double a2y, out double a2z, out _);
        Advance(start, ref mid, v2x, v2y, v2z, a2x, a2y, a2z, h);
        double v3x = mid[3], v3y = mid[4], v3z = mid[5];
        Acceleration(mid, inverseBeta, out double a3x, out double a3y, out double a3z, out drag);
        Advance(start, ref end, v3x, v3y, v3z, a3x, a3y, a3z, dt);
        Acceleration(end, inverseBeta, out double a4x, out double a4y, out double a4z, out Drag last);
        double s = dt / 6;
        e.Mean[0] += s * (start[3] + 2 * (v2x + v3x) + end[3]);
        e.Mean[1] += s * (start[4] + 2 * (v2y + v3y) + end[4]);
        e.Mean[2] += s * (start[5] + 2 * (v2z + v3z) + end[5]);
        e.Mean[3] += s * (a1x + 2 * (a2x + a3x) + a4x);
        e.Mean[4] += s * (a1y + 2 * (a2y + a3y) + a4y);
        e.Mean[5] += s * (a1z + 2 * (a2z + a3z) + a4z);
        Transition(drag, dt, out f);
        Matrix7.Propagate(f, ref e.Covariance);
        AddModelNoise(ref e, drag, Math.Abs(last.Mach - drag.Mach) * 2, dt);
    }

    private static void Advance(in Vector7 from, ref Vector7 to, double vx, double vy, double vz, double ax, double ay, double az, double dt)
    {
        to[0] = from[0] + vx * dt;
        to[1] = from[1] + vy * dt;
        to[2] = from[2] + vz * dt;
        to[3] = from[3] + ax * dt;
        to[4] = from[4] + ay * dt;
        to[5] = from[5] + az * dt;
    }

    /// <summary>The transition over a step to second order, from the derivatives of the acceleration at its middle.</summary>
    private static void Transition(in Drag d, double dt, out Matrix7 f)
    {
        f = Matrix7.Identity();
        double h = 0.5 * dt * dt;
        Span<double> r = [d.Rx, d.Ry, d.Rz];
        double inverse = d.SpeedMps > 1 ? 1 / d.SpeedMps : 0;
        const double near = 0.01;
        double faster = NearGroundAir.Drag((d.Mach + near) * (d.Mach + near)), slower = NearGroundAir.Drag((d.Mach - near) * (d.Mach - near));
        double slope = (faster - slower) / (near * (faster + slower));
        double outer = d.K * (inverse + slope / d.SoundMps);
        for (int i = 0; i < 3; i++)
        {
            double a = -d.K * d.SpeedMps * r[i];
            for (int j = 0; j < 3; j++)
            {
                double gv = -outer * r[i] * r[j] - (i == j ? d.K * d.SpeedMps : 0);
                f[i, j + 3] = (i == j ? dt : 0) + gv * h;
                f[i + 3, j + 3] = (i == j ? 1 : 0) + gv * dt;
            }
            // Less air above: the drag's share of the acceleration shrinks with height.
            f[i, 2] += a * DensityLapsePerM * h;
            f[i + 3, 2] += a * DensityLapsePerM * dt;
            f[i, 6] = -a * h;
            f[i + 3, 6] = -a * dt;
        }
    }

    /// <summary>V becomes F V + B: the air's motion pushes as the round's own motion through it drags.</summary>
    private static void Carry(in Matrix7 f, double dt, ref WindEffect v)
    {
        Carry(f, ref v.East);
        Carry(f, ref v.North);
        for (int i = 0; i < 3; i++)
        {
            // Drag knows only the difference of the round's velocity and the air's: what the round's own would have added, the air's takes off.
            v.East[i] += (i == 0 ? dt : 0) - f[i, 3];
            v.East[i + 3] += (i == 0 ? 1 : 0) - f[i + 3, 3];
            v.North[i] += (i == 1 ? dt : 0) - f[i, 4];
            v.North[i + 3] += (i == 1 ? 1 : 0) - f[i + 3, 4];
        }
    }

    /// <summary>v becomes F v, without the terms that are zero in every <see cref="Transition"/>: a position and the logarithm come from themselves, and a
    /// velocity not from east and north.</summary>
    private static void Carry(in Matrix7 f, ref Vector7 v)
    {
        double x = v[0], y = v[1], z = v[2], vx = v[3], vy = v[4], vz = v[5], log = v[6];
        v[0] = x + f[0, 2] * z + f[0, 3] * vx + f[0, 4] * vy + f[0, 5] * vz + f[0, 6] * log;
        v[1] = y + f[1, 2] * z + f[1, 3] * vx + f[1, 4] * vy + f[1, 5] * vz + f[1, 6] * log;
        v[2] = f[2, 2] * z + f[2, 3] * vx + f[2, 4] * vy + f[2, 5] * vz + f[2, 6] * log;
        v[3] = f[3, 2] * z + f[3, 3] * vx + f[3, 4] * vy + f[3, 5] * vz + f[3, 6] * log;
        v[4] = f[4, 2] * z + f[4, 3] * vx + f[4, 4] * vy + f[4, 5] * vz + f[4, 6] * log;
        v[5] = f[5, 2] * z + f[5, 3] * vx + f[5, 4] * vy + f[5, 5] * vz + f[5, 6] * log;
    }

    private static void AddModelNoise(ref Estimate e, in Drag d, double machChange, double dt)
    {
        double perGust = d.K * d.SpeedMps * GustSigmaMps;
        double q = BaseAccelerationDensity + 2 * perGust * perGust * GustCorrelationS;
        AddAccelerationNoise(ref e, q, q, dt);
        e.Covariance[6, 6] += LogBetaVariance(d.Mach, machChange, Math.Abs(dt));
    }

    /// <summary>Variance by which the logarithm of a round's drag may leave the reference curve while its Mach number changes.</summary>
    public static double LogBetaVariance(double mach, double machChange, double dt)
    {
        double u = (mach - 1) / TransonicWidthMach;
        return BaseLogBetaDensity * dt + machChange * (LogBetaPerMachSubsonic + LogBetaPerMachTransonic / (1 + u * u * u * u));
    }

    /// <summary>What drag does at one state.</summary>
    /// <param name="K">Drag acceleration is -K times speed times velocity through the air, 1/m.</param>
    /// <param name="SpeedMps">Speed through the air.</param>
    /// <param name="Mach">The same over the speed of sound.</param>
    /// <param name="SoundMps">Speed of sound.</param>
    /// <param name="Rx">Velocity through the air, east.</param>
    /// <param name="Ry">The same, north.</param>
    /// <param name="Rz">The same, up.</param>
    public readonly record struct Drag(double K, double SpeedMps, double Mach, double SoundMps, double Rx, double Ry, double Rz);
}
