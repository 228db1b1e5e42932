namespace Tocsin.Yardstick;

/// <summary>The bound on one round's impact prediction at one time: covariance east and north, and the variance of the time.</summary>
internal readonly record struct Bound(double EastEast, double EastNorth, double NorthNorth, double TimeVariance)
{
    /// <summary>Root of the mean squared distance that no unbiased predictor can beat.</summary>
    public double Rms => Math.Sqrt(EastEast + NorthNorth);
}

/// <summary>The posterior Cramér-Rao bound of the impact point of one round, given its own plots up to a time.</summary>
/// <remarks>Seven parameters: position, velocity and log of the ballistic coefficient at the first plot after burn-out. The drag curve's
/// shape, the wind and the absence of manoeuvre are known to the bound, so it is a little below what a tracker can reach. Derivatives are
/// central differences of whole trajectories.</remarks>
internal sealed class CramerRao
{
    public const int States = 7;
    private const double StepS = 0.05;

    /// <summary>Prior sigmas: as good as nothing but for the coefficient, of which a tracker knows the order of magnitude.</summary>
    public static readonly double[] PriorSigmas = [1e4, 1e4, 1e4, 1e3, 1e3, 1e3, 0.6];

    private static readonly double[] Deltas = [1, 1, 1, 0.1, 0.1, 0.1, 0.01];

    private readonly List<(double TimeS, double[] Information)> _information = [];
    private readonly double[][] _impact = [new double[States], new double[States], new double[States]];

    public CramerRao(Knowledge knowledge, SiteFile site, IReadOnlyDictionary<string, (double Range, double Angle)> variances)
    {
        Launch launch = knowledge.Launch;
        double burnOut = launch.TimeS + launch.BurnS;
        List<(double TimeS, string Sensor, double Weight)> hits = [.. knowledge.Hits.Where(h => h.TimeS >= burnOut)];
        if (hits.Count == 0)
            return;
        EpochS = hits[0].TimeS;
        Flight whole = Flight.Fly(knowledge.World, launch, 0.01);
        (Vec3 p, Vec3 v) = whole.At(EpochS);
        Coasting = new(EpochS, p, v, launch.Curve, launch.BallisticCoefficient);
        Nominal = Flight.Fly(knowledge.World, Coasting, StepS);
        Flight[] plus = new Flight[States], minus = new Flight[States];
        for (int i = 0; i < States; i++)
        {
            plus[i] = Flight.Fly(knowledge.World, Moved(Coasting, i, Deltas[i]), StepS);
            minus[i] = Flight.Fly(knowledge.World, Moved(Coasting, i, -Deltas[i]), StepS);
            Vec3 d = 1 / (2 * Deltas[i]) * (plus[i].Impact - minus[i].Impact);
            (_impact[0][i], _impact[1][i], _impact[2][i]) = (d.X, d.Y, (plus[i].ImpactS - minus[i].ImpactS) / (2 * Deltas[i]));
        }
        foreach ((double t, string id, double weight) in hits)
        {
            SiteSensor sensor = site.Sensors.Find(s => s.Id == id)!;
            double[] variance = Variances(sensor, variances);
            double[] information = new double[States * States];
            double[][] rows = [.. Enumerable.Range(0, States).Select(i => Difference(site, sensor, plus[i].At(t), minus[i].At(t), 2 * Deltas[i]))];
            for (int i = 0; i < States; i++)
            {
                for (int j = 0; j < States; j++)
                {
                    for (int k = 0; k < 4; k++)
                        information[i * States + j] += double.IsNaN(variance[k]) ? 0 : weight * rows[i][k] * rows[j][k] / variance[k];
                }
            }
            _information.Add((t, information));
        }
    }

    public double EpochS { get; } = double.PositiveInfinity;

    /// <summary>The round from the epoch on; null where it had no plot after burn-out.</summary>
    public Launch? Coasting { get; }

    public Flight? Nominal { get; }

    public static Launch Moved(Launch launch, int parameter, double by) => parameter switch
    {
        < 3 => launch with { Position = launch.Position + Axis(parameter, by) },
        < 6 => launch with { Velocity = launch.Velocity + Axis(parameter - 3, by) },
        _ => launch with { BallisticCoefficient = launch.BallisticCoefficient * Math.Exp(by) },
    };

    public static double[] Variances(SiteSensor sensor, IReadOnlyDictionary<string, (double Range, double Angle)> known) =>
        known.TryGetValue(sensor.Id, out (double Range, double Angle) k)
            ? [k.Range, k.Angle, k.Angle, sensor.RangeRateVariance]
            : [sensor.RangeVariance, sensor.AzimuthVariance, sensor.ElevationVariance, sensor.RangeRateVariance];

    /// <summary>The bound from all plots at or before a time; null where there are fewer than three.</summary>
    public Bound? At(double timeS)
    {
        double[] sum = new double[States * States];
        int count = 0;
        foreach ((double t, double[] information) in _information)
        {
            if (t > timeS + 1e-6)
                continue;
            count++;
            for (int i = 0; i < sum.Length; i++)
                sum[i] += information[i];
        }
        if (count < 3)
            return null;
        for (int i = 0; i < States; i++)
            sum[i * States + i] += 1 / (PriorSigmas[i] * PriorSigmas[i]);
        double[][] solved = [.. _impact.Select(row => Linear.Solve(sum, row))];
        return new(Linear.Dot(_impact[0], solved[0]), Linear.Dot(_impact[0], solved[1]), Linear.Dot(_impact[1], solved[1]), Linear.Dot(_impact[2], solved[2]));
    }

    private static Vec3 Axis(int axis, double by) => new(axis == 0 ? by : 0, axis == 1 ? by : 0, axis == 2 ? by : 0);

    private static double[] Difference(SiteFile site, SiteSensor sensor, (Vec3 P, Vec3 V) plus, (Vec3 P, Vec3 V) minus, double width)
    {
        Polar a = Radar.Look(site.Frame, sensor.Frame, plus.P, plus.V), b = Radar.Look(site.Frame, sensor.Frame, minus.P, minus.V);
        // A cosine of the elevation is in the azimuth's own sensitivity already: sigmas are of the angle itself.
        return [(a.RangeM - b.RangeM) / width, Math.IEEERemainder(a.AzimuthRad - b.AzimuthRad, 2 * Math.PI) / width,
            (a.ElevationRad - b.ElevationRad) / width, (a.RangeRateMps - b.RangeRateMps) / width];
    }
}

/// <summary>Small symmetric positive definite systems.</summary>
internal static class Linear
{
    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    /// <summary>Solves by Cholesky after scaling the diagonal to one, since the units of the parameters differ by powers of ten.</summary>
    public static double[] Solve(double[] matrix, double[] right)
    {
        int n = right.Length;
        double[] scale = [.. Enumerable.Range(0, n).Select(i => 1 / Math.Sqrt(matrix[i * n + i]))];
        double[,] l = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double s = matrix[i * n + j] * scale[i] * scale[j];
                for (int k = 0; k < j; k++)
                    s -= l[i, k] * l[j, k];
                l[i, j] = i == j ? Math.Sqrt(Math.Max(s, 1e-15)) : s / l[j, j];
            }
        }
        double[] x = new double[n];
        for (int i = 0; i < n; i++)
        {
            double s = right[i] * scale[i];
            for (int k = 0; k < i; k++)
                s -= l[i, k] * x[k];
            x[i] = s / l[i, i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            double s = x[i];
            for (int k = i + 1; k < n; k++)
                s -= l[k, i] * x[k];
            x[i] = s / l[i, i];
        }
        return [.. x.Select((value, i) => value * scale[i])];
    }
}
