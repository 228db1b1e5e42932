using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tocsin.Ballistics;
using Tocsin.Numerics;
using Tocsin.Tracking;

namespace Tocsin.Prediction;

/// <summary>Carries the whole distribution of a state down to the ground.</summary>
/// <remarks>
/// Unscented transform (Julier and Uhlmann, Proc. IEEE 92(3), 2004) of nine quantities: the seven of the state and the wind's bias,
/// which has moved the state already and goes on to move the round. Each sigma point is one trajectory, flown by fourth-order
/// Runge-Kutta to its own crossing of the ground, four at a time. East and north of the start move the impact one for one, so the
/// square root of the covariance is ordered with them last and their two columns need no flight: fifteen trajectories in place of
/// nineteen. What else happens to the round after the estimate is added at the end: unexplained drag and unexplained acceleration (the
/// process noise of <see cref="FlightModel"/>, carried to the ground in closed form).
/// </remarks>
internal sealed class ImpactPredictor(FlightModel flight)
{
    private const int Size = 9, Flown = 7, Lanes = 16, Groups = Lanes / 4;
    private const int WindEast = 7, WindNorth = 8;
    private const double LongestFlightS = 240, ShortestStepS = 0.1, LongestStepS = 2, StepsPerFlight = 12;

    // The order of the square root: up, velocity, log of the ballistic coefficient, wind, then east and north.
    private static ReadOnlySpan<byte> Order => [2, 3, 4, 5, 6, WindEast, WindNorth, 0, 1];

    // Where the log of the ballistic coefficient, east and north stand in that order.
    private const int LogBetaRow = 4, EastRow = 7, NorthRow = 8;

    private readonly double[] _initial = new double[Lanes * Size], _root = new double[Size * Size], _joint = new double[Size * Size];
    private readonly double[] _east = new double[Lanes], _north = new double[Lanes], _time = new double[Lanes];
    private readonly Lane[] _now = new Lane[Groups], _next = new Lane[Groups];
    private readonly Slope[] _slopes = new Slope[4 * Groups];
    private readonly Vector256<double>[] _curved = new Vector256<double>[Groups];

    // The flight model's own numbers, at hand for the inner loop.
    private readonly NearGroundAir _air = flight.Air;
    private readonly bool _windTold = !flight.Wind.Levels.IsEmpty;
    private readonly double _gravity = flight.GravityMps2, _inverseRadius = 1 / flight.RadiusM, _bend = 1 / (2 * flight.RadiusM);
    private readonly double _coriolisSin = flight.Coriolis.Sin, _coriolisCos = flight.Coriolis.Cos;

    /// <summary>The distribution of the impact of an estimate; null where it does not come down within four minutes.</summary>
    /// <param name="own">The estimate as the track's own filter made it.</param>
    /// <param name="effect">What a bias of the wind has done to it.</param>
    /// <param name="wind">What is known of that bias.</param>
    public ImpactComponent? Predict(in Estimate own, in WindEffect effect, WindEstimate wind)
    {
        Estimate e = own;
        wind.Correct(ref e, effect);
        Join(e, effect, wind);
        Array.Clear(_root);
        LowerRoot.Factor(_joint, _root, Size, Size);
        double spread = Math.Sqrt(Flown);
        for (int lane = 0; lane < Lanes; lane++)
        {
            int column = lane is 0 or Lanes - 1 ? -1 : (lane - 1) / 2;
            double sign = (lane & 1) == 1 ? spread : -spread;
            for (int i = 0; i < Size; i++)
            {
                int at = Order[i];
                double mean = at < Matrix7.Size ? e.Mean[at] : at == WindEast ? wind.East : wind.North;
                _initial[at * Lanes + lane] = mean + (column < 0 ? 0 : sign * _root[i * Size + column]);
            }
        }
        double logBetaVariance = 0;
        if (!Fly(e, ref logBetaVariance)) return null;
        return Gather(e, spread, logBetaVariance);
    }

    /// <summary>The covariance of state and wind together, in the order of the square root.</summary>
    private void Join(in Estimate e, in WindEffect v, WindEstimate wind)
    {
        for (int i = 0; i < Size; i++)
            for (int j = 0; j <= i; j++)
                _joint[i * Size + j] = Covariance(Order[i], Order[j], e, v, wind);
    }

    private static double Covariance(int a, int b, in Estimate e, in WindEffect v, WindEstimate wind)
    {
        if (a < Matrix7.Size && b < Matrix7.Size) return e.Covariance[a, b];
        if (a >= Matrix7.Size && b >= Matrix7.Size) return a != b ? wind.EastNorth : a == WindEast ? wind.EastEast : wind.NorthNorth;
        (int state, int which) = a < Matrix7.Size ? (a, b) : (b, a);
        return which == WindEast
            ? v.East[state] * wind.EastEast + v.North[state] * wind.EastNorth
            : v.East[state] * wind.EastNorth + v.North[state] * wind.NorthNorth;
    }

    private ImpactComponent Gather(in Estimate e, double spread, double logBetaVariance)
    {
        const double w = 0.5 / Flown;
        double east = 0, north = 0, time = 0;
        for (int i = 1; i <= 2 * Flown; i++)
        {
            east += w * _east[i];
            north += w * _north[i];
            time += w * _time[i];
        }
        double ee = 0, en = 0, nn = 0, tt = 0;
        for (int i = 1; i <= 2 * Flown; i++)
        {
            double de = _east[i] - east, dn = _north[i] - north, dt = _time[i] - time;
            ee += w * de * de;
            en += w * de * dn;
            nn += w * dn * dn;
            tt += w * dt * dt;
        }
        for (int c = Flown; c < Size; c++)
        {
            double re = _root[EastRow * Size + c], rn = _root[NorthRow * Size + c];
            ee += re * re;
            en += re * rn;
            nn += rn * rn;
        }
        // Drag that leaves the reference curve on the way down, by what the impact owes to the logarithm of the coefficient.
        const int up = 2 * LogBetaRow + 1, down = up + 1;
        double self = _root[LogBetaRow * Size + LogBetaRow], own = self > 0 ? 1 / self : 0, scale = own / (2 * spread);
        double se = (_east[up] - _east[down]) * scale - _root[EastRow * Size + LogBetaRow] * own;
        double sn = (_north[up] - _north[down]) * scale - _root[NorthRow * Size + LogBetaRow] * own;
        double st = (_time[up] - _time[down]) * scale;
        ee += se * se * logBetaVariance;
        en += se * sn * logBetaVariance;
        nn += sn * sn * logBetaVariance;
        tt += st * st * logBetaVariance;
        // White acceleration; what it does upward moves the impact along the path.
        double t = Math.Max(0, time), q = FlightModel.BaseAccelerationDensity * t * t * t / 3;
        double sink = Math.Max(5, Math.Abs(e.Mean[Estimate.Vz] - flight.GravityMps2 * t * 0.8));
        double ratioEast = e.Mean[Estimate.Vx] / sink, ratioNorth = e.Mean[Estimate.Vy] / sink;
        ee += q * (1 + ratioEast * ratioEast);
        en += q * ratioEast * ratioNorth;
        nn += q * (1 + ratioNorth * ratioNorth);
        tt += q / (sink * sink);
        return new(1, east, north, e.Time.AddSeconds(time), ee, en, nn, Math.Sqrt(tt));
    }

    /// <summary>Flies every lane to the ground. Lane 0 is the mean; what its drag may leave the reference by is summed on the way.</summary>
    private bool Fly(in Estimate e, ref double logBetaVariance)
    {
        double height = flight.HeightM(e.Mean[0], e.Mean[1], e.Mean[2]) - flight.GroundHeightM;
        double g = flight.GravityMps2, vz = e.Mean[Estimate.Vz];
        double vacuum = (vz + Math.Sqrt(Math.Max(0, vz * vz + 2 * g * Math.Max(0, height)))) / g;
        double dt = Math.Clamp(vacuum / StepsPerFlight, ShortestStepS, LongestStepS);
        Span<Lane> now = _now, next = _next;
        for (int i = 0; i < Groups; i++) now[i] = Lane.Load(_initial, i * 4);
        int waiting = (1 << (Lanes - 1)) - 1;
        Land(now, now, 0, 0, ref waiting);
        double lastMach = double.NaN;
        for (double t = 0; waiting != 0; t += dt)
        {
            if (t > LongestFlightS) return false;
            Step(now, next, dt);
            double mach = MachOf(next[0]), left = Math.Max(0, 1 - t / Math.Max(dt, vacuum));
            if (!double.IsNaN(lastMach)) logBetaVariance += FlightModel.LogBetaVariance(mach, Math.Abs(mach - lastMach), dt) * left * left * left * left;
            lastMach = mach;
            Land(now, next, t, dt, ref waiting);
            Span<Lane> flown = now;
            now = next;
            next = flown;
        }
        return true;
    }

    private double MachOf(in Lane l)
    {
        double vx = l.Vx[0], vy = l.Vy[0], vz = l.Vz[0];
        return Math.Sqrt((vx * vx + vy * vy + vz * vz) / NearGroundAir.SoundSquared(flight.HeightM(l.X[0], l.Y[0], l.Z[0])));
    }

    /// <summary>Notes where lanes came through the ground in this step: a cubic through both ends' positions and velocities.</summary>
    private void Land(ReadOnlySpan<Lane> before, ReadOnlySpan<Lane> after, double t, double dt, ref int waiting)
    {
        for (int g = 0; g < Groups; g++)
        {
            if ((waiting >> (g * 4) & 15) == 0) continue;
            Vector256<double> h = HeightAboveGround(after[g].X, after[g].Y, after[g].Z);
            int below = (int)(Vector256.LessThanOrEqual(h, Vector256<double>.Zero).ExtractMostSignificantBits() << (g * 4)) & waiting;
            if (below == 0) continue;
            for (int k = 0; k < 4; k++)
            {
                int lane = g * 4 + k;
                if ((below >> lane & 1) == 0) continue;
                Cross(before[g], after[g], k, lane, t, dt);
                waiting &= ~(1 << lane);
            }
        }
    }

    private void Cross(in Lane a, in Lane b, int k, int lane, double t, double dt)
    {
        double h0 = flight.HeightM(a.X[k], a.Y[k], a.Z[k]) - flight.GroundHeightM, h1 = flight.HeightM(b.X[k], b.Y[k], b.Z[k]) - flight.GroundHeightM;
        double s = 0;
        if (dt > 0 && h0 > h1)
        {
            double d0 = dt * (a.Vz[k] + (a.X[k] * a.Vx[k] + a.Y[k] * a.Vy[k]) / flight.RadiusM);
            double d1 = dt * (b.Vz[k] + (b.X[k] * b.Vx[k] + b.Y[k] * b.Vy[k]) / flight.RadiusM);
            s = Math.Clamp(h0 / (h0 - h1), 0, 1);
            for (int i = 0; i < 5; i++)
            {
                double value = Hermite(h0, d0, h1, d1, s), slope = HermiteSlope(h0, d0, h1, d1, s);
                if (Math.Abs(slope) < 1e-9) break;
                double next = Math.Clamp(s - value / slope, 0, 1);
                if (next == s) break;
                s = next;
            }
        }
        _time[lane] = t + s * dt;
        _east[lane] = Hermite(a.X[k], dt * a.Vx[k], b.X[k], dt * b.Vx[k], s);
        _north[lane] = Hermite(a.Y[k], dt * a.Vy[k], b.Y[k], dt * b.Vy[k], s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Hermite(double p0, double m0, double p1, double m1, double s)
    {
        double s2 = s * s, s3 = s2 * s;
        return (2 * s3 - 3 * s2 + 1) * p0 + (s3 - 2 * s2 + s) * m0 + (3 * s2 - 2 * s3) * p1 + (s3 - s2) * m1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double HermiteSlope(double p0, double m0, double p1, double m1, double s) =>
        6 * (s * s - s) * (p0 - p1) + (3 * s * s - 4 * s + 1) * m0 + (3 * s * s - 2 * s) * m1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> HeightAboveGround(Vector256<double> x, Vector256<double> y, Vector256<double> z) =>
        Vector256.Create(flight.OriginHeightM - flight.GroundHeightM) + z + (x * x + y * y) * Vector256.Create(_bend);

    /// <summary>One step of fourth-order Runge-Kutta for every lane. How far the ground has turned away is taken at the step's start:
    /// it changes by parts in ten thousand within a step.</summary>
    /// <remarks>Stage by stage for all groups, and not group by group: one group's stage waits for its square roots and divisions
    /// while the processor works at the others'.</remarks>
    private void Step(ReadOnlySpan<Lane> from, Span<Lane> to, double dt)
    {
        Vector256<double> half = Vector256.Create(dt / 2), whole = Vector256.Create(dt), two = Vector256.Create(2.0), sixth = Vector256.Create(dt / 6);
        Span<Slope> first = _slopes.AsSpan(0, Groups), second = _slopes.AsSpan(Groups, Groups), third = _slopes.AsSpan(2 * Groups, Groups),
            fourth = _slopes.AsSpan(3 * Groups, Groups);
        Vector256<double> bend = Vector256.Create(_bend), origin = Vector256.Create(flight.OriginHeightM);
        for (int g = 0; g < Groups; g++)
        {
            ref readonly Lane l = ref from[g];
            Vector256<double> curved = (l.X * l.X + l.Y * l.Y) * bend + origin;
            _curved[g] = curved;
            Accelerate(l, l.Z + curved, l.Vx, l.Vy, l.Vz, out first[g]);
        }
        for (int g = 0; g < Groups; g++) Accelerate(from[g], _curved[g], first[g], half, out second[g]);
        for (int g = 0; g < Groups; g++) Accelerate(from[g], _curved[g], second[g], half, out third[g]);
        for (int g = 0; g < Groups; g++) Accelerate(from[g], _curved[g], third[g], whole, out fourth[g]);
        for (int g = 0; g < Groups; g++)
        {
            ref readonly Lane l = ref from[g];
            ref readonly Slope a = ref first[g], b = ref second[g], c = ref third[g], d = ref fourth[g];
            ref Lane n = ref to[g];
            n.X = l.X + sixth * (l.Vx + two * (b.Vx + c.Vx) + d.Vx);
            n.Y = l.Y + sixth * (l.Vy + two * (b.Vy + c.Vy) + d.Vy);
            n.Z = l.Z + sixth * (l.Vz + two * (b.Vz + c.Vz) + d.Vz);
            n.Vx = l.Vx + sixth * (a.Ax + two * (b.Ax + c.Ax) + d.Ax);
            n.Vy = l.Vy + sixth * (a.Ay + two * (b.Ay + c.Ay) + d.Ay);
            n.Vz = l.Vz + sixth * (a.Az + two * (b.Az + c.Az) + d.Az);
            n.InverseBeta = l.InverseBeta;
            n.WindEast = l.WindEast;
            n.WindNorth = l.WindNorth;
        }
    }

    /// <summary>The slope at a time <paramref name="h"/> after the step's start, reached by the slope <paramref name="by"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Accelerate(in Lane s, Vector256<double> curved, in Slope by, Vector256<double> h, out Slope slope) =>
        Accelerate(s, s.Z + h * by.Vz + curved, s.Vx + h * by.Ax, s.Vy + h * by.Ay, s.Vz + h * by.Az, out slope);

    /// <summary>The equations of <see cref="FlightModel.Acceleration"/> for four states at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Accelerate(in Lane s, Vector256<double> height, Vector256<double> vx, Vector256<double> vy, Vector256<double> vz, out Slope slope)
    {
        Vector256<double> rx = vx - s.WindEast, ry = vy - s.WindNorth;
        if (_windTold) (rx, ry) = WithoutToldWind(height, rx, ry);
        Vector256<double> speed2 = rx * rx + ry * ry + vz * vz;
        Vector256<double> drag = Vector256.Create(0.5) * _air.DensityKgM3(height) * NearGroundAir.Drag(speed2 / NearGroundAir.SoundSquared(height))
            * s.InverseBeta * Vector256.Sqrt(speed2);
        Vector256<double> inverseRadius = Vector256.Create(_inverseRadius);
        Vector256<double> gravity = Vector256.Create(_gravity) * (Vector256<double>.One - Vector256.Create(2.0) * height * inverseRadius);
        Vector256<double> tilt = gravity * inverseRadius, sin = Vector256.Create(_coriolisSin), cos = Vector256.Create(_coriolisCos);
        slope.Vx = vx;
        slope.Vy = vy;
        slope.Vz = vz;
        slope.Ax = sin * vy - cos * vz - drag * rx - tilt * s.X;
        slope.Ay = -sin * vx - drag * ry - tilt * s.Y;
        slope.Az = cos * vx - drag * vz - gravity;
    }

    private (Vector256<double> East, Vector256<double> North) WithoutToldWind(Vector256<double> height, Vector256<double> rx, Vector256<double> ry)
    {
        Span<double> east = stackalloc double[4], north = stackalloc double[4];
        for (int i = 0; i < 4; i++) (east[i], north[i]) = flight.Wind.At(height[i]);
        return (rx - Vector256.Create<double>(east), ry - Vector256.Create<double>(north));
    }

    /// <summary>How four states change: their velocities and accelerations.</summary>
    private struct Slope
    {
        public Vector256<double> Vx, Vy, Vz, Ax, Ay, Az;
    }

    /// <summary>Four states at once.</summary>
    private struct Lane
    {
        public Vector256<double> X, Y, Z, Vx, Vy, Vz, InverseBeta, WindEast, WindNorth;

        public static Lane Load(double[] from, int lane) => new()
        {
            X = Vector256.Create(from.AsSpan(lane, 4)),
            Y = Vector256.Create(from.AsSpan(Lanes + lane, 4)),
            Z = Vector256.Create(from.AsSpan(2 * Lanes + lane, 4)),
            Vx = Vector256.Create(from.AsSpan(3 * Lanes + lane, 4)),
            Vy = Vector256.Create(from.AsSpan(4 * Lanes + lane, 4)),
            Vz = Vector256.Create(from.AsSpan(5 * Lanes + lane, 4)),
            WindEast = Vector256.Create(from.AsSpan(ImpactPredictor.WindEast * Lanes + lane, 4)),
            WindNorth = Vector256.Create(from.AsSpan(ImpactPredictor.WindNorth * Lanes + lane, 4)),
            InverseBeta = Vector256.Create(Inverse(from, lane), Inverse(from, lane + 1), Inverse(from, lane + 2), Inverse(from, lane + 3)),
        };

        private static double Inverse(double[] from, int lane) => Elementary.Exp(-from[6 * Lanes + lane]);
    }

    /// <summary>The 95 % ellipse of a Gaussian on the ground: 5.991 is the 95 % point of chi-square with two degrees of freedom.</summary>
    public static GroundEllipse Ellipse95(in ImpactComponent c)
    {
        double mean = (c.EastEastM2 + c.NorthNorthM2) / 2, half = (c.NorthNorthM2 - c.EastEastM2) / 2;
        double distance = Math.Sqrt(half * half + c.EastNorthM2 * c.EastNorthM2);
        double orientation = 0.5 * Elementary.Atan2(c.EastNorthM2, half);
        if (orientation < 0) orientation += Math.PI;
        return new(Math.Sqrt(5.991464547107979 * (mean + distance)), Math.Sqrt(5.991464547107979 * Math.Max(0, mean - distance)), orientation);
    }
}
