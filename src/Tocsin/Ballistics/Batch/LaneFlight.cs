using System.Numerics;
using System.Runtime.InteropServices;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Ballistics.Batch;

/// <summary>Flies rounds side by side: takes them in, lets each take its own steps, notes where they come down.</summary>
/// <remarks>A lane whose round is down takes the next one, so that no lane waits for the slowest. Each lane has its own step length, its own refused
/// steps and its own end: what happens to a round depends on it alone. The lanes lie in a few groups; their stages are computed group after group, so that the
/// processor fills one group's roots and divisions with another's work.</remarks>
internal sealed class LaneFlight<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Groups in flight: chosen by measurement.</summary>
    private const int Groups = 4;

    /// <summary>The first step tried, the longest and the shortest in seconds: chosen. Below the shortest the equations are not what this is made for.</summary>
    private const double FirstStepS = 0.25, LongestStepS = 10, ShortestStepS = 1e-7;

    /// <summary>Least and greatest ratio of a step to the one before, and the share of the step that the error allows that is tried: usual values
    /// (Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, section II.4).</summary>
    private const double LeastGrowth = 0.2, MostGrowth = 5, Safety = 0.9;

    /// <summary>An error beyond this, or none at all, counts as not finite.</summary>
    private const double HugeError2 = 1e30;

    /// <summary>A step that ends so near before a phase's end, in seconds, ends there: what rounding makes of a step cut to fit.</summary>
    private const double EndSlackS = 1e-9;

    /// <summary>Bytes to whose multiples the lanes' memory is aligned: a line of the processor's cache.</summary>
    private const int LineBytes = 64;

    private readonly LaneStages<TLanes> _stages;
    private readonly LocalEarth _earth;
    private readonly double _groundHeightM, _longestS;
    private readonly double[] _memory;
    private readonly int _aligned;
    private readonly int[] _rounds = new int[Groups * TLanes.Width], _order = new int[Groups];
    private readonly uint[] _active = new uint[Groups];
    private BatchRounds _from = new(0);
    private BatchImpacts _to = new(0);
    private int _next, _count;

    public LaneFlight(LocalEarth earth, DragCurve drag, WindProfile wind, double groundHeightM, double longestS, double toleranceMps)
    {
        (_earth, _groundHeightM, _longestS) = (earth, groundHeightM, longestS);
        _stages = new(earth, drag, wind, toleranceMps);
        // Vectors that straddle two lines of the cache cost twice; the runtime aligns arrays to 8 bytes only, so that the start is looked for.
        _memory = GC.AllocateArray<double>(Groups * StateDoubles + LineBytes / sizeof(double), pinned: true);
        long start = Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _aligned = (int)((LineBytes - start % LineBytes) % LineBytes / sizeof(double));
    }

    private static int StateDoubles => System.Runtime.CompilerServices.Unsafe.SizeOf<LaneState<TLanes>>() / sizeof(double);

    private static uint AllLanes => (1u << TLanes.Width) - 1;

    /// <summary>Flies the first <paramref name="count"/> rounds.</summary>
    public void Fly(BatchRounds rounds, int count, BatchImpacts impacts)
    {
        (_from, _to, _next, _count) = (rounds, impacts, 0, count);
        Span<LaneState<TLanes>> states = MemoryMarshal.Cast<double, LaneState<TLanes>>(_memory.AsSpan(_aligned, Groups * StateDoubles));
        int live = 0;
        for (int g = 0; g < Groups; g++)
        {
            if (!Fill(g, ref states[g])) continue;
            _stages.Begin(ref states[g]);
            _order[live++] = g;
        }
        while (live > 0)
        {
            _stages.Step(states, _order.AsSpan(0, live));
            for (int i = live - 1; i >= 0; i--)
                if (!Advance(_order[i], ref states[_order[i]])) _order[i] = _order[--live];
        }
    }

    /// <summary>Takes rounds into every lane of a group; whether any flies.</summary>
    private bool Fill(int group, ref LaneState<TLanes> q)
    {
        q = default;
        // No number is below minus infinity: the first use fetches the pieces.
        q.Air.High = q.Drag.High = q.Wind.High = TLanes.All(double.NegativeInfinity);
        q.End = TLanes.All(double.PositiveInfinity);
        _active[group] = 0;
        for (int lane = 0; lane < TLanes.Width; lane++)
            if (Load(group, ref q, lane)) _active[group] |= 1u << lane;
        return _active[group] != 0;
    }

    /// <summary>Takes the next round that flies at all into a lane; false, and the lane stands still, where there is none.</summary>
    private bool Load(int group, ref LaneState<TLanes> q, int lane)
    {
        while (_next < _count)
        {
            int round = _next++;
            Enu place = new(_from.EastM[round], _from.NorthM[round], _from.UpM[round]);
            Enu velocity = new(_from.EastMps[round], _from.NorthMps[round], _from.UpMps[round]);
            double beta = _from.BallisticCoefficientKgM2[round], boostS = _from.BoostS[round], thrust = boostS > 0 ? _from.BoostMps2[round] : 0;
            bool finite = double.IsFinite(place.East + place.North + place.Up + velocity.East + velocity.North + velocity.Up + thrust);
            if (!finite || !(beta > 0 && boostS >= 0 && thrust >= 0) || thrust > 0 && velocity is { East: 0, North: 0, Up: 0 })
            {
                _to.Set(round, FlightEnd.NotFlown, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
                continue;
            }
            double height = _earth.HeightM(place.East, place.North, place.Up);
            if (height <= _groundHeightM && _earth.Climb(place, velocity, default).Mps <= 0)
            {
                _to.Set(round, FlightEnd.Ground, 0, place.East, place.North, place.Up, velocity.East, velocity.North, velocity.Up);
                continue;
            }
            _rounds[group * TLanes.Width + lane] = round;
            (Lane(ref q.X, lane), Lane(ref q.Y, lane), Lane(ref q.Z, lane)) = (place.East, place.North, place.Up);
            (Lane(ref q.Vx, lane), Lane(ref q.Vy, lane), Lane(ref q.Vz, lane)) = (velocity.East, velocity.North, velocity.Up);
            Lane(ref q.NegativeInverseBeta, lane) = -1 / beta;
            Lane(ref q.Thrust, lane) = thrust;
            Lane(ref q.Time, lane) = 0;
            double end = thrust > 0 && boostS < _longestS ? boostS : _longestS;
            Lane(ref q.End, lane) = end;
            Lane(ref q.Step, lane) = Math.Min(FirstStepS, end);
            return true;
        }
        Lane(ref q.Step, lane) = 0;
        Lane(ref q.End, lane) = double.PositiveInfinity;
        return false;
    }

    /// <summary>Judges a step of a group, takes it where the error allows, and ends flights; false where no lane flies on.</summary>
    private bool Advance(int group, ref LaneState<TLanes> q)
    {
        TLanes error2 = q.Error2, growth = TLanes.All(Safety) * TLanes.RoughInverseTenthRoot(error2);
        growth = TLanes.WhereLess(growth, TLanes.All(MostGrowth), growth, TLanes.All(MostGrowth));
        growth = TLanes.WhereLess(growth, TLanes.All(LeastGrowth), TLanes.All(LeastGrowth), growth);
        growth = TLanes.WhereAtMost(error2, TLanes.All(HugeError2), growth, TLanes.All(LeastGrowth));
        TLanes time = q.Time + q.Step, next = q.Step * growth;
        next = TLanes.WhereLess(next, TLanes.All(LongestStepS), next, TLanes.All(LongestStepS));

        uint accepted = TLanes.AtMost(error2, TLanes.All(1));
        uint low = TLanes.AtMost(q.EndHeight, TLanes.All(_groundHeightM)) & accepted;
        uint ended = TLanes.AtMost(q.End, time + TLanes.All(EndSlackS)) & accepted;
        uint stuck = TLanes.Less(next, TLanes.All(ShortestStepS)) & ~accepted;
        uint finished = 0, burnt = 0;
        for (uint left = (low | ended | stuck) & _active[group]; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left), round = _rounds[group * TLanes.Width + lane];
            uint bit = 1u << lane;
            if ((stuck & bit) != 0)
            {
                Report(round, FlightEnd.NoStep, ref q.Time, ref q.X, ref q.Y, ref q.Z, ref q.Vx, ref q.Vy, ref q.Vz, lane);
                finished |= bit;
            }
            else if ((low & bit) != 0 && Land(ref q, lane, round)) finished |= bit;
            else if ((ended & bit) == 0) continue;
            else if (Lane(ref q.End, lane) < _longestS) burnt |= bit;
            else
            {
                Report(round, FlightEnd.TimeLimit, ref time, ref q.EndX, ref q.EndY, ref q.EndZ, ref q.EndVx, ref q.EndVy, ref q.EndVz, lane);
                finished |= bit;
            }
        }
        Take(ref q, time, accepted);
        TLanes rest = q.End - q.Time;
        q.Step = TLanes.WhereLess(next, rest, next, rest);
        if ((finished | burnt) == 0) return true;

        for (uint left = burnt; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            Lane(ref q.Thrust, lane) = 0;
            Lane(ref q.End, lane) = _longestS;
            Lane(ref q.Step, lane) = Math.Min(FirstStepS, _longestS - Lane(ref q.Time, lane));
        }
        for (uint left = finished; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            if (!Load(group, ref q, lane)) _active[group] &= ~(1u << lane);
        }
        if (_active[group] == 0) return false;
        // For the lanes that go on this computes what they have: the same numbers from the same state.
        _stages.Begin(ref q);
        return true;
    }

    /// <summary>Makes the step's end the next one's start, in the lanes whose step was accepted.</summary>
    private static void Take(ref LaneState<TLanes> q, TLanes time, uint accepted)
    {
        if (accepted == AllLanes)
        {
            (q.X, q.Y, q.Z, q.Vx, q.Vy, q.Vz) = (q.EndX, q.EndY, q.EndZ, q.EndVx, q.EndVy, q.EndVz);
            (q.A1X, q.A1Y, q.A1Z, q.Time, q.Height) = (q.A7X, q.A7Y, q.A7Z, time, q.EndHeight);
            return;
        }
        TLanes error2 = q.Error2, one = TLanes.All(1);
        q.X = TLanes.WhereAtMost(error2, one, q.EndX, q.X);
        q.Y = TLanes.WhereAtMost(error2, one, q.EndY, q.Y);
        q.Z = TLanes.WhereAtMost(error2, one, q.EndZ, q.Z);
        q.Vx = TLanes.WhereAtMost(error2, one, q.EndVx, q.Vx);
        q.Vy = TLanes.WhereAtMost(error2, one, q.EndVy, q.Vy);
        q.Vz = TLanes.WhereAtMost(error2, one, q.EndVz, q.Vz);
        q.A1X = TLanes.WhereAtMost(error2, one, q.A7X, q.A1X);
        q.A1Y = TLanes.WhereAtMost(error2, one, q.A7Y, q.A1Y);
        q.A1Z = TLanes.WhereAtMost(error2, one, q.A7Z, q.A1Z);
        q.Time = TLanes.WhereAtMost(error2, one, time, q.Time);
        q.Height = TLanes.WhereAtMost(error2, one, q.EndHeight, q.Height);
    }

    /// <summary>Notes where a round that is below the ground at its step's end came through it; false where it climbs there.</summary>
    /// <remarks>By polynomials of degree 5 through place, velocity and acceleration at both ends: their error is of the step's own order, 6.</remarks>
    private bool Land(ref LaneState<TLanes> q, int lane, int round)
    {
        Enu p0 = Of(ref q.X, ref q.Y, ref q.Z, lane), v0 = Of(ref q.Vx, ref q.Vy, ref q.Vz, lane), a0 = Of(ref q.A1X, ref q.A1Y, ref q.A1Z, lane);
        Enu p1 = Of(ref q.EndX, ref q.EndY, ref q.EndZ, lane), v1 = Of(ref q.EndVx, ref q.EndVy, ref q.EndVz, lane), a1 = Of(ref q.A7X, ref q.A7Y, ref q.A7Z, lane);
        (double climb0, double bend0) = _earth.Climb(p0, v0, a0);
        (double climb1, double bend1) = _earth.Climb(p1, v1, a1);
        if (climb1 > 0) return false;
        double h = Lane(ref q.Step, lane), h2 = h * h, start = Lane(ref q.Height, lane) - _groundHeightM;
        var height = new Quintic(start, h * climb0, h2 * bend0, Lane(ref q.EndHeight, lane) - _groundHeightM, h * climb1, h2 * bend1);
        double s = start > 0 ? height.Root() : FirstLowAndFalling(height), perS = 1 / h;
        var x = new Quintic(p0.East, h * v0.East, h2 * a0.East, p1.East, h * v1.East, h2 * a1.East);
        var y = new Quintic(p0.North, h * v0.North, h2 * a0.North, p1.North, h * v1.North, h2 * a1.North);
        var z = new Quintic(p0.Up, h * v0.Up, h2 * a0.Up, p1.Up, h * v1.Up, h2 * a1.Up);
        _to.Set(round, FlightEnd.Ground, Lane(ref q.Time, lane) + s * h, x.At(s), y.At(s), z.At(s), perS * x.SlopeAt(s), perS * y.SlopeAt(s), perS * z.SlopeAt(s));
        return true;
    }

    /// <summary>For a step that begins at or below the ground: height has one maximum in it, so that "low and falling" is false first and true from some moment on.</summary>
    private static double FirstLowAndFalling(in Quintic height)
    {
        const int halvings = 60;
        double before = 0, after = 1;
        for (int i = 0; i < halvings; i++)
        {
            double middle = (before + after) / 2;
            if (height.At(middle) <= 0 && height.SlopeAt(middle) <= 0) after = middle;
            else before = middle;
        }
        return after;
    }

    private void Report(int round, FlightEnd end, ref TLanes time, ref TLanes x, ref TLanes y, ref TLanes z, ref TLanes vx, ref TLanes vy, ref TLanes vz, int lane)
    {
        Enu place = Of(ref x, ref y, ref z, lane), velocity = Of(ref vx, ref vy, ref vz, lane);
        _to.Set(round, end, Lane(ref time, lane), place.East, place.North, place.Up, velocity.East, velocity.North, velocity.Up);
    }

    private static Enu Of(ref TLanes x, ref TLanes y, ref TLanes z, int lane) => new(Lane(ref x, lane), Lane(ref y, lane), Lane(ref z, lane));

    private static ref double Lane(ref TLanes lanes, int lane) => ref LaneBits.Lane(ref lanes, lane);
}
