using System.Runtime.CompilerServices;
using Tocsin.Numerics;

namespace Tocsin.Ballistics.Batch;

/// <summary>One step of the pair of orders 5 and 4 of Dormand and Prince for many rounds: the wide twin of <see cref="DormandPrince54{TSystem}"/>.</summary>
/// <remarks>
/// Places need no stages of their own: with place' = velocity, the stage's place is the start's plus its share of the step flown at the start's velocity plus
/// accelerations weighted by the square of the method's matrix. It is the same method, rounded otherwise. The error is that of the
/// velocity; what a step adds to the place's own error is smaller than what the velocity's does to the impact.
/// </remarks>
internal sealed class LaneStages<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, 2nd ed., table II.5.2; P is the matrix A times itself.
    private const double C2 = 1.0 / 5, C3 = 3.0 / 10, C4 = 4.0 / 5, C5 = 8.0 / 9;
    private const double A31 = 3.0 / 40, A32 = 9.0 / 40, P31 = 9.0 / 200;
    private const double A41 = 44.0 / 45, A42 = -56.0 / 15, A43 = 32.0 / 9, P41 = -12.0 / 25, P42 = 4.0 / 5;
    private const double A51 = 19372.0 / 6561, A52 = -25360.0 / 2187, A53 = 64448.0 / 6561, A54 = -212.0 / 729;
    private const double P51 = -12248.0 / 6561, P52 = 7208.0 / 2187, P53 = -6784.0 / 6561;
    private const double A61 = 9017.0 / 3168, A62 = -355.0 / 33, A63 = 46732.0 / 5247, A64 = 49.0 / 176, A65 = -5103.0 / 18656;
    private const double P61 = -533.0 / 264, P62 = 91.0 / 22, P63 = -56.0 / 33, P64 = 7.0 / 88;
    private const double A71 = 35.0 / 384, A73 = 500.0 / 1113, A74 = 125.0 / 192, A75 = -2187.0 / 6784, A76 = 11.0 / 84;
    private const double P71 = 35.0 / 384, P73 = 50.0 / 159, P74 = 25.0 / 192, P75 = -243.0 / 6784;
    private const double E1 = 71.0 / 57600, E3 = -71.0 / 16695, E4 = 71.0 / 1920, E5 = -17253.0 / 339200, E6 = 22.0 / 525, E7 = -1.0 / 40;

    private readonly LocalEarth _earth;
    private readonly Pieces _air = Pieces.Air, _drag, _wind;
    private readonly bool _windy;
    private readonly double _originHeightM, _bendEast, _bendNorth, _shrink, _north0, _up0, _inverseRadius2, _twiceNorth, _twiceUp, _pull, _restNorth, _restUp,
        _eastEast, _northNorth, _northUp, _upUp, _sin, _cos, _inverseTolerance2;

    public LaneStages(LocalEarth earth, DragCurve drag, WindProfile wind, double toleranceMps)
    {
        (_earth, _drag, _wind, _windy) = (earth, Pieces.Of(drag), Pieces.Of(wind), !wind.Levels.IsEmpty);
        _inverseTolerance2 = 1 / (toleranceMps * toleranceMps);
        // At hand for the inner loop.
        (_originHeightM, _bendEast, _bendNorth, _shrink) = (earth.OriginHeightM, earth.BendEast, earth.BendNorth, earth.Shrink);
        (_north0, _up0, _inverseRadius2, _pull) = (earth.CentreNorthM, earth.CentreUpM, earth.InverseRadius2, earth.Pull);
        (_twiceNorth, _twiceUp) = (2 * _north0 * _inverseRadius2, 2 * _up0 * _inverseRadius2);
        (_restNorth, _restUp) = (earth.RestNorth, earth.RestUp);
        (_eastEast, _northNorth, _northUp, _upUp) = (earth.EastEast, earth.NorthNorth, earth.NorthUp, earth.UpUp);
        (_sin, _cos) = (earth.CoriolisSin, earth.CoriolisCos);
    }

    /// <summary>Computes what a step needs of its start: acceleration and height.</summary>
    public void Begin(ref LaneState<TLanes> q)
    {
        Accelerate(ref q, q.X, q.Y, q.Z, q.Vx, q.Vy, q.Vz, out TLanes ax, out TLanes ay, out TLanes az, out TLanes height);
        (q.A1X, q.A1Y, q.A1Z, q.Height) = (ax, ay, az, height);
    }

    /// <summary>Computes a step's end and its error in the groups that <paramref name="order"/> names.</summary>
    public void Step(Span<LaneState<TLanes>> states, ReadOnlySpan<int> order)
    {
        Second(states, order);
        Third(states, order);
        Fourth(states, order);
        Fifth(states, order);
        Sixth(states, order);
        Last(states, order);
    }

    private void Second(Span<LaneState<TLanes>> states, ReadOnlySpan<int> order)
    {
        foreach (int g in order)
        {
            ref LaneState<TLanes> q = ref states[g];
            TLanes c = TLanes.All(C2) * q.Step;
            Accelerate(ref q, TLanes.Fused(c, q.Vx, q.X), TLanes.Fused(c, q.Vy, q.Y), TLanes.Fused(c, q.Vz, q.Z),
                TLanes.Fused(c, q.A1X, q.Vx), TLanes.Fused(c, q.A1Y, q.Vy), TLanes.Fused(c, q.A1Z, q.Vz), out q.A2X, out q.A2Y, out q.A2Z, out _);
        }
    }

    private void Third(Span<LaneState<TLanes>> states, ReadOnlySpan<int> order)
    {
        foreach (int g in order)
        {
            ref LaneState<TLanes> q = ref states[g];
            TLanes h = q.Step, p = TLanes.All(P31);
            Accelerate(ref q, Place(q.X, q.Vx, h, C3, p * q.A1X), Place(q.Y, q.Vy, h, C3, p * q.A1Y), Place(q.Z, q.Vz, h, C3, p * q.A1Z),
                TLanes.Fused(h, Mix(A31, q.A1X, A32, q.A2X), q.Vx), TLanes.Fused(h, Mix(A31, q.A1Y, A32, q.A2Y), q.Vy),
                TLanes.Fused(h, Mix(A31, q.A1Z, A32, q.A2Z), q.Vz), out q.A3X, out q.A3Y, out q.A3Z, out _);
        }
    }

    private void Fourth(Span<LaneState<TLanes>> states, ReadOnlySpan<int> order)
    {
        foreach (int g in order)
        {
            ref LaneState<TLanes> q = ref states[g];
            TLanes h = q.Step;
            Accelerate(ref q, Place(q.X, q.Vx, h, C4, Mix(P41, q.A1X, P42, q.A2X)), Place(q.Y, q.Vy, h, C4, Mix(P41, q.A1Y, P42, q.A2Y)),
                Place(q.Z, q.Vz, h, C4, Mix(P41, q.A1Z, P42, q.A2Z)),
                TLanes.Fused(h, Mix(A41, q.A1X, A42, q.A2X, A43, q.A3X), q.Vx), TLanes.Fused(h, Mix(A41, q.A1Y, A42, q.A2Y, A43, q.A3Y), q.Vy),
                TLanes.Fused(h, Mix(A41, q.A1Z, A42, q.A2Z, A43, q.A3Z), q.Vz), out q.A4X, out q.A4Y, out q.A4Z, out _);
        }
    }

    private void Fifth(Span<LaneState<TLanes>> states, ReadOnlySpan<int> order)
    {
        foreach (int g in order)
        {
            ref LaneState<TLanes> q = ref states[g];
            TLanes h = q.Step;
            Accelerate(ref q, Place(q.X, q.Vx, h, C5, Mix(P51, q.A1X, P52, q.A2X, P53, q.A3X)), Place(q.Y, q.Vy, h, C5, Mix(P51, q.A1Y, P52, q.A2Y, P53, q.A3Y)),
                Place(q.Z, q.Vz, h, C5, Mix(P51, q.A1Z, P52, q.A2Z, P53, q.A3Z)),
                TLanes.Fused(h, Mix(A51, q.A1X, A52, q.A2X, A53, q.A3X, A54, q.A4X), q.Vx), TLanes.Fused(h, Mix(A51, q.A1Y, A52, q.A2Y, A53, q.A3Y, A54, q.A4Y), q.Vy),
                TLanes.Fused(h, Mix(A51, q.A1Z, A52, q.A2Z, A53, q.A3Z, A54, q.A4Z), q.Vz), out q.A5X, out q.A5Y, out q.A5Z, out _);
        }
    }

    private void Sixth(Span<LaneState<TLanes>> states, ReadOnlySpan<int> order)
    {
        foreach (int g in order)
        {
            ref LaneState<TLanes> q = ref states[g];
            TLanes h = q.Step;
            Accelerate(ref q, Place(q.X, q.Vx, h, 1, Mix(P61, q.A1X, P62, q.A2X, P63, q.A3X, P64, q.A4X)),
                Place(q.Y, q.Vy, h, 1, Mix(P61, q.A1Y, P62, q.A2Y, P63, q.A3Y, P64, q.A4Y)), Place(q.Z, q.Vz, h, 1, Mix(P61, q.A1Z, P62, q.A2Z, P63, q.A3Z, P64, q.A4Z)),
                TLanes.Fused(h, Mix(A61, q.A1X, A62, q.A2X, A63, q.A3X, A64, q.A4X, A65, q.A5X), q.Vx),
                TLanes.Fused(h, Mix(A61, q.A1Y, A62, q.A2Y, A63, q.A3Y, A64, q.A4Y, A65, q.A5Y), q.Vy),
                TLanes.Fused(h, Mix(A61, q.A1Z, A62, q.A2Z, A63, q.A3Z, A64, q.A4Z, A65, q.A5Z), q.Vz), out q.A6X, out q.A6Y, out q.A6Z, out _);
        }
    }

    private void Last(Span<LaneState<TLanes>> states, ReadOnlySpan<int> order)
    {
        foreach (int g in order)
        {
            ref LaneState<TLanes> q = ref states[g];
            TLanes h = q.Step;
            TLanes x = Place(q.X, q.Vx, h, 1, Mix(P71, q.A1X, P73, q.A3X, P74, q.A4X, P75, q.A5X));
            TLanes y = Place(q.Y, q.Vy, h, 1, Mix(P71, q.A1Y, P73, q.A3Y, P74, q.A4Y, P75, q.A5Y));
            TLanes z = Place(q.Z, q.Vz, h, 1, Mix(P71, q.A1Z, P73, q.A3Z, P74, q.A4Z, P75, q.A5Z));
            TLanes vx = TLanes.Fused(h, Mix(A71, q.A1X, A73, q.A3X, A74, q.A4X, A75, q.A5X, A76, q.A6X), q.Vx);
            TLanes vy = TLanes.Fused(h, Mix(A71, q.A1Y, A73, q.A3Y, A74, q.A4Y, A75, q.A5Y, A76, q.A6Y), q.Vy);
            TLanes vz = TLanes.Fused(h, Mix(A71, q.A1Z, A73, q.A3Z, A74, q.A4Z, A75, q.A5Z, A76, q.A6Z), q.Vz);
            (q.EndX, q.EndY, q.EndZ, q.EndVx, q.EndVy, q.EndVz) = (x, y, z, vx, vy, vz);
            Accelerate(ref q, x, y, z, vx, vy, vz, out TLanes ax, out TLanes ay, out TLanes az, out q.EndHeight);
            (q.A7X, q.A7Y, q.A7Z) = (ax, ay, az);
            TLanes last = TLanes.All(E7);
            TLanes ex = TLanes.Fused(last, ax, Mix(E1, q.A1X, E3, q.A3X, E4, q.A4X, E5, q.A5X, E6, q.A6X));
            TLanes ey = TLanes.Fused(last, ay, Mix(E1, q.A1Y, E3, q.A3Y, E4, q.A4Y, E5, q.A5Y, E6, q.A6Y));
            TLanes ez = TLanes.Fused(last, az, Mix(E1, q.A1Z, E3, q.A3Z, E4, q.A4Z, E5, q.A5Z, E6, q.A6Z));
            q.Error2 = h * h * TLanes.All(_inverseTolerance2) * TLanes.Fused(ex, ex, TLanes.Fused(ey, ey, ez * ez));
        }
    }

    /// <summary>The equations of <see cref="FlightDynamics"/> in the batch's frame, with the polynomials of <see cref="LocalEarth"/> and <see cref="Pieces"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Accelerate(ref LaneState<TLanes> q, TLanes x, TLanes y, TLanes z, TLanes vx, TLanes vy, TLanes vz,
        out TLanes ax, out TLanes ay, out TLanes az, out TLanes height)
    {
        TLanes one = TLanes.All(1), xx = x * x, yy = y * y;
        TLanes bend = TLanes.Fused(TLanes.All(_bendEast), xx, TLanes.All(_bendNorth) * yy);
        height = TLanes.Fused(bend, one - TLanes.All(_shrink) * TLanes.Fused(TLanes.All(0.5), bend, z), z + TLanes.All(_originHeightM));

        // (1 + u)^(-3/2), u the relative growth of the squared distance from the Earth's centre: five terms leave 3e-13 at 20 km and 1e-9 at 100 km.
        TLanes r2 = TLanes.Fused(z, z, xx + yy) * TLanes.All(_inverseRadius2);
        TLanes u = TLanes.Fused(TLanes.All(_twiceUp), z, TLanes.Fused(TLanes.All(_twiceNorth), y, r2));
        TLanes w = TLanes.Fused(u, TLanes.All(315.0 / 128), TLanes.All(-35.0 / 16));
        w = TLanes.Fused(u, TLanes.Fused(u, TLanes.Fused(u, w, TLanes.All(15.0 / 8)), TLanes.All(-3.0 / 2)), one) * TLanes.All(_pull);
        ax = (w + TLanes.All(_eastEast)) * x;
        ay = TLanes.Fused(w, y + TLanes.All(_north0), TLanes.Fused(TLanes.All(_northNorth), y, TLanes.Fused(TLanes.All(_northUp), z, TLanes.All(_restNorth))));
        az = TLanes.Fused(w, z + TLanes.All(_up0), TLanes.Fused(TLanes.All(_northUp), y, TLanes.Fused(TLanes.All(_upUp), z, TLanes.All(_restUp))));
        TLanes sin = TLanes.All(_sin), cos = TLanes.All(_cos);
        ax = TLanes.Fused(sin, vy, ax) - cos * vz;
        ay -= sin * vx;
        az = TLanes.Fused(cos, vx, az);

        TLanes rx = vx, ry = vy, rz = vz;
        if (_windy) TakeOffWind(ref q, height, x, y, ref rx, ref ry, ref rz);
        TLanes speed = TLanes.Sqrt(TLanes.Fused(rx, rx, TLanes.Fused(ry, ry, rz * rz)));
        TLanes k = Drag(ref q, height, speed);
        ax = TLanes.Fused(k, rx, ax);
        ay = TLanes.Fused(k, ry, ay);
        az = TLanes.Fused(k, rz, az);

        TLanes none = TLanes.All(0);
        if (TLanes.Less(none, q.Thrust) == 0) return;
        TLanes push = q.Thrust / TLanes.Sqrt(TLanes.Fused(vx, vx, TLanes.Fused(vy, vy, vz * vz)));
        push = TLanes.WhereLess(none, q.Thrust, push, none);
        ax = TLanes.Fused(push, vx, ax);
        ay = TLanes.Fused(push, vy, ay);
        az = TLanes.Fused(push, vz, az);
    }

    /// <summary>Drag over speed, negative, 1/s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Drag(ref LaneState<TLanes> q, TLanes height, TLanes speed)
    {
        if (Outside(height, q.Air.Low, q.Air.High)) _air.Turn(ref q.Air.Low, height);
        ref AirPiece<TLanes> a = ref q.Air;
        TLanes t = (height - a.Centre) * a.InverseHalf;
        TLanes density = TLanes.Fused(t, TLanes.Fused(t, TLanes.Fused(t, a.D6, a.D5), a.D4), a.D3);
        density = TLanes.Fused(t, TLanes.Fused(t, TLanes.Fused(t, density, a.D2), a.D1), a.D0);
        TLanes mach = TLanes.Fused(t, TLanes.Fused(t, TLanes.Fused(t, a.S5, a.S4), a.S3), a.S2);
        mach = speed * TLanes.Fused(t, TLanes.Fused(t, mach, a.S1), a.S0);
        if (Outside(mach, q.Drag.Low, q.Drag.High)) _drag.Turn(ref q.Drag.Low, mach);
        ref DragPiece<TLanes> d = ref q.Drag;
        TLanes s = mach - d.Start, value = TLanes.Fused(s, TLanes.Fused(s, TLanes.Fused(s, d.C3, d.C2), d.C1), d.C0);
        return q.NegativeInverseBeta * density * (speed * value);
    }

    /// <summary>The velocity against the air. East and north turn as one goes along the parallel, and both sink below the frame's plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeOffWind(ref LaneState<TLanes> q, TLanes height, TLanes x, TLanes y, ref TLanes rx, ref TLanes ry, ref TLanes rz)
    {
        if (Outside(height, q.Wind.Low, q.Wind.High)) _wind.Turn(ref q.Wind.Low, height);
        ref WindPiece<TLanes> p = ref q.Wind;
        TLanes s = height - p.Start, east = TLanes.Fused(s, p.East1, p.East0), north = TLanes.Fused(s, p.North1, p.North0);
        TLanes turn = TLanes.All(_earth.TurnPerM) * x;
        rx = TLanes.Fused(turn, north, rx - east);
        ry = ry - north - turn * east;
        rz = TLanes.Fused(TLanes.All(_earth.InverseEastM) * x, east, TLanes.Fused(TLanes.All(_earth.InverseNorthM) * y, north, rz));
    }

    /// <summary>Whether any lane has left its piece; NaN always has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Outside(TLanes at, TLanes low, TLanes high) => (TLanes.AtMost(low, at) & TLanes.Less(at, high)) != (1u << TLanes.Width) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Place(TLanes x, TLanes v, TLanes h, double share, TLanes mix) => TLanes.Fused(h, TLanes.Fused(h, mix, TLanes.All(share) * v), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Mix(double a, TLanes x, double b, TLanes y) => TLanes.Fused(TLanes.All(b), y, TLanes.All(a) * x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Mix(double a, TLanes x, double b, TLanes y, double c, TLanes z) => TLanes.Fused(TLanes.All(c), z, Mix(a, x, b, y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Mix(double a, TLanes x, double b, TLanes y, double c, TLanes z, double d, TLanes w) => TLanes.Fused(TLanes.All(d), w, Mix(a, x, b, y, c, z));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Mix(double a, TLanes x, double b, TLanes y, double c, TLanes z, double d, TLanes w, double e, TLanes v) =>
        TLanes.Fused(TLanes.All(e), v, Mix(a, x, b, y, c, z, d, w));
}
