using Tocsin.Ballistics;
using Tocsin.Ballistics.Batch;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Bench.Batch;

/// <summary>The trajectories that are measured, and how far from a fine reference their impacts lie.</summary>
/// <remarks>300 m/s, 45 to 80 degrees, every azimuth, drag by a table over Mach, standard atmosphere, no wind, stop at the ground.</remarks>
internal sealed class BatchScenario
{
    public const int Count = 10_000;
    public const double SpeedMps = 300, LowestDeg = 45, HighestDeg = 80, BallisticCoefficientKgM2 = 6_000, GroundHeightM = 40;

    /// <summary>Every so many rounds are flown by the reference too: it takes a thousand times as long.</summary>
    private const int ReferenceEvery = 23;

    private const double ReferenceTolerance = 1e-12;
    private readonly Lazy<(int Round, Enu Place, double TimeS)[]> _reference;

    public BatchScenario()
    {
        for (int i = 0; i < Count; i++)
        {
            // The golden angle spreads the azimuths evenly.
            double elevation = (LowestDeg + (HighestDeg - LowestDeg) * i / (Count - 1)) * Math.PI / 180, azimuth = i * 2.399963229728653 % (2 * Math.PI);
            (double sinE, double cosE) = Elementary.SinCos(elevation);
            (double sinA, double cosA) = Elementary.SinCos(azimuth);
            (Rounds.EastMps[i], Rounds.NorthMps[i], Rounds.UpMps[i]) = (SpeedMps * cosE * sinA, SpeedMps * cosE * cosA, SpeedMps * sinE);
            Rounds.BallisticCoefficientKgM2[i] = BallisticCoefficientKgM2;
        }
        _reference = new(FlyReference);
    }

    public static Geodetic Origin { get; } = new(33.3 * Math.PI / 180, 44.4 * Math.PI / 180, GroundHeightM);

    public static DragCurve Drag => DragCurve.Reference;

    public BatchRounds Rounds { get; } = new(Count);

    /// <summary>The greatest distance, in metres, between an impact and the reference's, and the greatest difference in time.</summary>
    public (double MissM, double TimeS) Worst(ReadOnlySpan<double> eastM, ReadOnlySpan<double> northM, ReadOnlySpan<double> upM, ReadOnlySpan<double> timeS)
    {
        double miss = 0, late = 0;
        foreach ((int i, Enu place, double time) in _reference.Value)
        {
            double dx = eastM[i] - place.East, dy = northM[i] - place.North, dz = upM[i] - place.Up;
            // Written so that NaN is the worst.
            double d = Math.Sqrt(dx * dx + dy * dy + dz * dz);
            if (!(d <= miss)) miss = d;
            if (!(Math.Abs(timeS[i] - time) <= late)) late = Math.Abs(timeS[i] - time);
        }
        return (miss, late);
    }

    private (int, Enu, double)[] FlyReference()
    {
        var frame = new LocalFrame(Origin);
        var round = new Round(BallisticCoefficientKgM2, Drag);
        return
        [
            .. Enumerable.Range(0, (Count + ReferenceEvery - 1) / ReferenceEvery).Select(k =>
            {
                int i = k * ReferenceEvery;
                Trajectory flight = Flight.Fly(round, Origin, new(Rounds.EastMps[i], Rounds.NorthMps[i], Rounds.UpMps[i]), GroundHeightM, FlightEnvironment.Calm, relativeTolerance: ReferenceTolerance);
                return (i, frame.ToEnu(flight.Impact), flight.DurationS);
            }),
        ];
    }
}
