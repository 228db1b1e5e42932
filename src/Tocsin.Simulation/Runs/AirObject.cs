using Tocsin.Ballistics;
using Tocsin.Geodesy;

namespace Tocsin.Simulation.Runs;

/// <summary>Something in the air: its name, when it is there, and how it moves. Seconds count from the scenario's start.</summary>
internal sealed class AirObject
{
    private readonly Trajectory? _flight;
    private readonly SampledPath? _path;

    /// <summary>A round or a shot that flies from <paramref name="startS"/> on, seen for <paramref name="lifeS"/> at most.</summary>
    public AirObject(string id, double crossSectionRatio, double startS, Trajectory flight, double lifeS = double.PositiveInfinity)
    {
        (Id, CrossSectionRatio, StartS, _flight) = (id, crossSectionRatio, startS, flight);
        EndS = startS + Math.Min(lifeS, flight.DurationS);
    }

    /// <summary>A bird or an aircraft on its path.</summary>
    public AirObject(string id, double crossSectionRatio, SampledPath path)
    {
        (Id, CrossSectionRatio, StartS, EndS, _path) = (id, crossSectionRatio, path.StartS, path.EndS, path);
    }

    public string Id { get; }

    public double CrossSectionRatio { get; }

    public double StartS { get; }

    public double EndS { get; }

    /// <summary>Position, and velocity over the ground in m/s, along the Earth-fixed axes.</summary>
    public (Ecef Position, Ecef VelocityMps) StateAt(double timeS) =>
        _flight is not null ? _flight.EcefStateAt(timeS - StartS) : _path!.StateAt(timeS);
}

/// <summary>A path given by positions at even times, joined by cubics whose slopes are the central differences (Catmull-Rom).</summary>
internal sealed class SampledPath
{
    private readonly Ecef[] _at;

    /// <summary>Makes a path of at least two positions, <see cref="StepS"/> apart.</summary>
    public SampledPath(double startS, Ecef[] at)
    {
        if (at.Length < 2) throw new ArgumentException("a path needs two positions", nameof(at));
        StartS = startS;
        _at = at;
    }

    /// <summary>Seconds from each position to the next.</summary>
    public const double StepS = 0.5;

    public double StartS { get; }

    public double EndS => StartS + (_at.Length - 1) * StepS;

    /// <summary>Position and velocity at a time; before and after the path those of its ends.</summary>
    public (Ecef Position, Ecef VelocityMps) StateAt(double timeS)
    {
        double u = Math.Clamp((timeS - StartS) / StepS, 0, _at.Length - 1);
        int i = Math.Min((int)u, _at.Length - 2);
        double s = u - i;
        Ecef p0 = _at[i], p1 = _at[i + 1], m0 = SlopeAt(i), m1 = SlopeAt(i + 1);
        // Hermite's basis and its derivative.
        double h00 = (1 + 2 * s) * (1 - s) * (1 - s), h10 = s * (1 - s) * (1 - s), h01 = s * s * (3 - 2 * s), h11 = s * s * (s - 1);
        double d00 = 6 * s * (s - 1), d10 = (1 - s) * (1 - 3 * s), d11 = s * (3 * s - 2);
        return (
            new(h00 * p0.X + h10 * m0.X + h01 * p1.X + h11 * m1.X,
                h00 * p0.Y + h10 * m0.Y + h01 * p1.Y + h11 * m1.Y,
                h00 * p0.Z + h10 * m0.Z + h01 * p1.Z + h11 * m1.Z),
            new((d00 * (p0.X - p1.X) + d10 * m0.X + d11 * m1.X) / StepS,
                (d00 * (p0.Y - p1.Y) + d10 * m0.Y + d11 * m1.Y) / StepS,
                (d00 * (p0.Z - p1.Z) + d10 * m0.Z + d11 * m1.Z) / StepS));
    }

    // Displacement in one step.
    private Ecef SlopeAt(int i)
    {
        int a = Math.Max(0, i - 1), b = Math.Min(_at.Length - 1, i + 1);
        double share = 1.0 / (b - a);
        return new((_at[b].X - _at[a].X) * share, (_at[b].Y - _at[a].Y) * share, (_at[b].Z - _at[a].Z) * share);
    }
}
