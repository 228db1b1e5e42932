using System.Runtime.Intrinsics;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Ballistics.Batch;

/// <summary>How many rounds are computed side by side. All give the same bits.</summary>
public enum LaneWidth
{
    /// <summary>As many as the processor is good at.</summary>
    Best = 0,

    /// <summary>One: plain numbers.</summary>
    One = 1,

    /// <summary>Four: vectors of 256 bits.</summary>
    Four = 4,

    /// <summary>Eight: vectors of 512 bits.</summary>
    Eight = 8,
}

/// <summary>Flies many rounds of one drag curve to the ground at once: <see cref="Flight.Fly"/> by the thousand.</summary>
/// <remarks>
/// The same point mass, air, wind, drag and turning Earth with J2, in an east-north-up frame around one origin and with polynomials in place of functions
/// (docs/internals/ballistics.md has the errors). Each round takes steps of its own length by Dormand and Prince's pair; nothing that happens to
/// it depends on its neighbours, its place in the batch or the width of the processor's vectors: the bits are the same.
/// Flying allocates nothing. Not safe for use by several threads: make one for each.
/// </remarks>
public sealed class BatchFlight
{
    /// <summary>Longest flight in seconds where none is told.</summary>
    public const double LongestS = 600;

    /// <summary>Error of the velocity allowed in one step where none is told, m/s: chosen so that impacts of launches with 300 m/s are well within 12 mm, of faster
    /// ones within a few centimetres.</summary>
    public const double ToleranceMps = 2e-5;

    private readonly LocalEarth _earth;
    private readonly DragCurve _drag;
    private readonly WindProfile _wind;
    private readonly double _groundHeightM, _longestS, _toleranceMps;
    private LaneFlight<Lanes1>? _one;
    private LaneFlight<Lanes4>? _four;
    private LaneFlight<Lanes8>? _eight;

    /// <summary>Makes ready to fly.</summary>
    /// <param name="origin">Origin of the east-north-up frame of positions and velocities: a place in the middle of what is flown. The
    /// polynomials are made for rounds within some 30 km of it; not for the poles, where east and north turn too quickly.</param>
    /// <param name="drag">The drag curve of all rounds.</param>
    /// <param name="environment">What they fly through.</param>
    /// <param name="groundHeightM">Height of the ground above the ellipsoid in metres; a flight ends where its round is at or below it and does not climb.</param>
    /// <param name="longestS">Longest flight in seconds.</param>
    /// <param name="toleranceMps">Error of the velocity allowed in one step, m/s.</param>
    /// <exception cref="ArgumentException">An argument is not finite or not positive where it must be.</exception>
    public BatchFlight(Geodetic origin, DragCurve drag, FlightEnvironment environment, double groundHeightM, double longestS = LongestS, double toleranceMps = ToleranceMps)
    {
        if (!(double.IsFinite(origin.LatitudeRad) && double.IsFinite(origin.LongitudeRad) && double.IsFinite(origin.HeightM) && double.IsFinite(groundHeightM)))
            throw new ArgumentException("origin and ground must be finite", nameof(origin));
        if (!(longestS > 0 && double.IsFinite(longestS))) throw new ArgumentException("the longest time must be positive", nameof(longestS));
        if (!(toleranceMps > 0 && double.IsFinite(toleranceMps))) throw new ArgumentException("the tolerance must be positive", nameof(toleranceMps));
        (_earth, _drag, _wind) = (new(origin), drag, environment.Wind);
        (_groundHeightM, _longestS, _toleranceMps) = (groundHeightM, longestS, toleranceMps);
    }

    /// <summary>Flies the first <paramref name="count"/> rounds and writes how each ended.</summary>
    /// <exception cref="ArgumentException">There is no room for so many in one of the two.</exception>
    public void Fly(BatchRounds rounds, int count, BatchImpacts impacts, LaneWidth width = LaneWidth.Best)
    {
        if (count < 0 || count > rounds.Capacity || count > impacts.Capacity) throw new ArgumentException("there is no room for so many rounds", nameof(count));
        if (width == LaneWidth.Best) width = Vector512.IsHardwareAccelerated ? LaneWidth.Eight : Vector256.IsHardwareAccelerated ? LaneWidth.Four : LaneWidth.One;
        // Made at the first use: a program uses one width.
        if (width == LaneWidth.Eight) (_eight ??= Make<Lanes8>()).Fly(rounds, count, impacts);
        else if (width == LaneWidth.Four) (_four ??= Make<Lanes4>()).Fly(rounds, count, impacts);
        else (_one ??= Make<Lanes1>()).Fly(rounds, count, impacts);
    }

    private LaneFlight<TLanes> Make<TLanes>() where TLanes : unmanaged, ILanes<TLanes> => new(_earth, _drag, _wind, _groundHeightM, _longestS, _toleranceMps);
}
