using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Campaigns;

/// <summary>How the impacts of an alternative's runs lie about the places they were aimed at: each salvo about its own, all together.</summary>
/// <param name="Alternative">The alternative.</param>
/// <param name="Count">Impacts.</param>
/// <param name="MeanEastM">Their mean, east of the aim; nought where no salvo has an aim.</param>
/// <param name="MeanNorthM">Their mean, north of the aim.</param>
/// <param name="SigmaMajorM">Standard deviation along the direction in which they spread most, about each salvo's mean.</param>
/// <param name="SigmaMinorM">Standard deviation across it.</param>
/// <param name="OrientationRad">That direction, clockwise from true north, in [0, pi).</param>
/// <param name="FromMean">Radii about each salvo's mean that hold 50, 90 and 95 % of the impacts, in metres.</param>
/// <param name="FromAim">The same about the aim.</param>
/// <param name="Sample">Some of the impacts, east and north of the aim in metres, chosen by their run numbers alone.</param>
/// <remarks>The ellipse of k sigmas has the semi-axes k times the two deviations. Of a normal distribution the ellipses of 1, 2 and 3 sigmas hold 39.3, 86.5 and 98.9 %
/// (1 - exp(-k²/2)); the radii are counted and assume nothing.</remarks>
public sealed record Dispersion(int Alternative, long Count, double MeanEastM, double MeanNorthM, double SigmaMajorM, double SigmaMinorM, double OrientationRad,
    IReadOnlyList<double> FromMean, IReadOnlyList<double> FromAim, IReadOnlyList<(double EastM, double NorthM)> Sample)
{
    /// <summary>The shares of the radii.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0.5, 0.9, 0.95];

    /// <summary>Makes it of an alternative's runs, which are read twice; memory does not grow with them.</summary>
    /// <param name="alternative">The alternative.</param>
    /// <param name="origin">Where the impacts are counted from.</param>
    /// <param name="rows">Reads the alternative's runs from the first on.</param>
    /// <returns>The dispersion; null where nothing came down.</returns>
    public static Dispersion? Of(CampaignAlternative alternative, LocalFrame origin, Func<IEnumerable<RunRow>> rows)
    {
        ArgumentNullException.ThrowIfNull(alternative);
        ArgumentNullException.ThrowIfNull(rows);
        IReadOnlyList<Salvo> salvos = alternative.Scenario.Salvos;
        var moments = new PlaneMoments[salvos.Count + 1];
        foreach (RunRow row in rows())
            foreach (ImpactPoint impact in row.Impacts) moments[impact.Salvo + 1].Add(impact.EastDm / 10.0, impact.NorthDm / 10.0);
        long count = moments.Sum(m => m.Count);
        if (count == 0) return null;

        // Rounds that belong to no salvo, or to one without an aim, lie about their own mean.
        (double East, double North)[] aims = [.. moments.Select((m, i) => i > 0 && salvos[i - 1].Aim is { } aim ? Plane(origin.ToEnu(aim.Centre.At(alternative.Site.GroundElevationM))) : (m.MeanEast, m.MeanNorth))];
        RadiusCounter aboutMean = new(), aboutAim = new();
        var sample = new PointSample();
        foreach (RunRow row in rows())
        {
            for (int i = 0; i < row.Impacts.Count; i++)
            {
                ImpactPoint impact = row.Impacts[i];
                double east = impact.EastDm / 10.0, north = impact.NorthDm / 10.0;
                PlaneMoments own = moments[impact.Salvo + 1];
                (double e, double n) = aims[impact.Salvo + 1];
                aboutMean.Add(east - own.MeanEast, north - own.MeanNorth);
                aboutAim.Add(east - e, north - n);
                sample.Offer(row.Run, i, (east - e, north - n));
            }
        }
        double meanEast = 0, meanNorth = 0, ee = 0, nn = 0, en = 0;
        long groups = 0;
        for (int s = 0; s < moments.Length; s++)
        {
            if (moments[s].Count == 0) continue;
            groups++;
            meanEast += moments[s].Count * (moments[s].MeanEast - aims[s].East);
            meanNorth += moments[s].Count * (moments[s].MeanNorth - aims[s].North);
            ee += moments[s].EastEast;
            nn += moments[s].NorthNorth;
            en += moments[s].EastNorth;
        }
        double degrees = Math.Max(1, count - groups);
        (double major, double minor, double orientation) = Axes(ee / degrees, nn / degrees, en / degrees);
        return new(alternative.Index, count, meanEast / count, meanNorth / count, Math.Sqrt(major), Math.Sqrt(minor), orientation,
            [.. Shares.Select(aboutMean.Quantile)], [.. Shares.Select(aboutAim.Quantile)], sample.Points);
    }

    // The principal axes of a covariance: variances along and across, and the direction of the greater one.
    private static (double Major, double Minor, double OrientationRad) Axes(double ee, double nn, double en)
    {
        double middle = (ee + nn) / 2, half = Math.Sqrt((ee - nn) * (ee - nn) / 4 + en * en);
        double orientation = half > 0 ? Elementary.Atan2(2 * en, nn - ee) / 2 : 0;
        return (middle + half, Math.Max(0, middle - half), orientation < 0 ? orientation + Math.PI : orientation);
    }

    private static (double, double) Plane(Enu at) => (at.East, at.North);

    /// <summary>Means and sums of products about them, of points that come one by one.</summary>
    private struct PlaneMoments
    {
        public long Count;
        public double MeanEast, MeanNorth, EastEast, NorthNorth, EastNorth;

        public void Add(double east, double north)
        {
            Count++;
            double de = east - MeanEast, dn = north - MeanNorth;
            MeanEast += de / Count;
            MeanNorth += dn / Count;
            EastEast += de * (east - MeanEast);
            NorthNorth += dn * (north - MeanNorth);
            EastNorth += de * (north - MeanNorth);
        }
    }

    /// <summary>Counts radii in steps of half a metre: their quantiles to that step, whatever their number.</summary>
    private sealed class RadiusCounter
    {
        private const double StepM = 0.5;
        private readonly long[] _counts = new long[60_001];
        private long _total;

        public void Add(double east, double north)
        {
            double step = Math.Sqrt(east * east + north * north) / StepM;
            _counts[(int)Math.Min(step, _counts.Length - 1)]++;
            _total++;
        }

        public double Quantile(double share)
        {
            double wanted = share * _total, below = 0;
            for (int i = 0; i < _counts.Length; i++)
            {
                if (below + _counts[i] >= wanted && _counts[i] > 0) return (i + (wanted - below) / _counts[i]) * StepM;
                below += _counts[i];
            }
            return 0;
        }
    }

    /// <summary>Keeps the points with the smallest scrambled numbers: the same sample in whatever order they come.</summary>
    private sealed class PointSample
    {
        private const int Most = 1_500;
        private readonly PriorityQueue<(double, double), ulong> _kept = new(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));

        public void Offer(int run, int index, (double, double) point)
        {
            ulong number = Scrambled((ulong)run << 20 ^ (ulong)index);
            if (_kept.Count < Most) _kept.Enqueue(point, number);
            else _kept.EnqueueDequeue(point, number);
        }

        public IReadOnlyList<(double, double)> Points
        {
            get
            {
                var points = new List<(double, double)>(_kept.Count);
                while (_kept.TryDequeue(out (double, double) point, out _)) points.Add(point);
                return points;
            }
        }

        // The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
        private static ulong Scrambled(ulong x)
        {
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            return x ^ (x >> 31);
        }
    }
}
