namespace Tocsin.Yardstick;

/// <summary>Which track followed which round.</summary>
internal sealed class Matching
{
    /// <summary>Rms distance, over a track's life, beyond which it followed nothing known.</summary>
    private const double GateM = 200;

    /// <summary>Distances are cut here, so that one wild estimate does not make a stranger of a track.</summary>
    private const double CutM = 500;

    private const int Samples = 16;

    private Matching(int rounds) => ByRound = [.. Enumerable.Range(0, rounds).Select(_ => new List<TrackLog>())];

    /// <summary>Tracks by round, in the order of their confirmation.</summary>
    public List<TrackLog>[] ByRound { get; }

    /// <summary>Ballistic tracks that followed a bird or an aircraft.</summary>
    public int MoversTakenForRounds { get; private set; }

    /// <summary>Ballistic tracks that followed nothing.</summary>
    public int BallisticFalse { get; private set; }

    /// <summary>Other tracks that followed nothing.</summary>
    public int OtherFalse { get; private set; }

    /// <summary>Tracks that began on one round and ended on another.</summary>
    public int Switches { get; private set; }

    public static Matching Of(List<TrackLog> tracks, List<TrueRound> rounds, List<TrueRound> movers)
    {
        Matching matching = new(rounds.Count);
        foreach (TrackLog track in tracks)
        {
            if (track.Estimates.Count == 0)
                continue;
            List<(double, double ValidS, Vec3 P, string)> sampled = [.. Enumerable.Range(0, Samples)
                .Select(i => i * (track.Estimates.Count - 1) / (Samples - 1)).Distinct().Select(i => track.Estimates[i])];
            (int round, double distance) = Nearest(sampled, rounds);
            (_, double toMover) = Nearest(sampled, movers);
            if (distance < GateM && distance <= toMover)
            {
                matching.ByRound[round].Add(track);
                int part = Math.Max(1, sampled.Count / 4);
                (int first, double near) = Nearest(sampled[..part], rounds);
                (int last, double then) = Nearest(sampled[^part..], rounds);
                // Beside each other two rounds are confused by noise alone: a switch needs both ends to be clearly nearer to their own.
                if (first != last && near < 0.5 * Rms(sampled[..part], rounds[last]) && then < 0.5 * Rms(sampled[^part..], rounds[first]))
                    matching.Switches++;
            }
            else if (toMover < GateM)
            {
                matching.MoversTakenForRounds += track.Ballistic ? 1 : 0;
            }
            else if (track.Ballistic)
            {
                matching.BallisticFalse++;
            }
            else
            {
                matching.OtherFalse++;
            }
        }
        return matching;
    }

    private static (int Index, double DistanceM) Nearest(List<(double, double ValidS, Vec3 P, string)> estimates, List<TrueRound> rounds)
    {
        (int best, double distance) = (-1, double.PositiveInfinity);
        for (int i = 0; i < rounds.Count; i++)
        {
            double rms = Rms(estimates, rounds[i]);
            if (rms < distance)
                (best, distance) = (i, rms);
        }
        return (best, distance);
    }

    private static double Rms(List<(double, double ValidS, Vec3 P, string)> estimates, TrueRound round)
    {
        double sum = 0;
        foreach ((_, double valid, Vec3 p, _) in estimates)
        {
            double d = round.At(valid) is { } truth ? Math.Min((truth.P - p).Length, CutM) : CutM;
            sum += d * d;
        }
        return Math.Sqrt(sum / estimates.Count);
    }
}
