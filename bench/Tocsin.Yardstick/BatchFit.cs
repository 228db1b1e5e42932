namespace Tocsin.Yardstick;

/// <summary>A weighted least-squares fit of all plots at once, with perfect association: what the bound says can just be reached.</summary>
internal static class BatchFit
{
    private const double StepS = 0.05;

    /// <summary>Draws plots of a round up to a time, fits them from a disturbed start, and returns the impact of the fit.</summary>
    public static Vec3 Impact(Knowledge knowledge, SiteFile site, IReadOnlyDictionary<string, (double Range, double Angle)> variances,
        Launch truth, double untilS, Draws draws)
    {
        Flight flight = Flight.Fly(knowledge.World, truth, StepS);
        List<(double TimeS, SiteSensor Sensor, double[] Seen, double[] Variance)> plots = [];
        foreach ((double t, string id, _) in knowledge.Hits.Where(h => h.TimeS >= truth.TimeS && h.TimeS <= untilS))
        {
            SiteSensor sensor = site.Sensors.Find(s => s.Id == id)!;
            double[] variance = CramerRao.Variances(sensor, variances);
            double[] seen = Look(site, sensor, flight, t);
            for (int k = 0; k < 3; k++)
                seen[k] += Math.Sqrt(variance[k]) * draws.Normal();
            plots.Add((t, sensor, seen, variance));
        }
        Launch prior = truth;
        // The prior's own error belongs to the posterior bound's experiment.
        for (int i = 6; i < CramerRao.States; i++)
            prior = CramerRao.Moved(prior, i, CramerRao.PriorSigmas[i] * draws.Normal());
        Launch fit = truth;
        double[] deltas = [1, 1, 1, 0.1, 0.1, 0.1, 0.01];
        for (int turn = 0; turn < 6; turn++)
        {
            Flight nominal = Flight.Fly(knowledge.World, fit, StepS);
            Flight[] moved = [.. deltas.Select((d, i) => Flight.Fly(knowledge.World, CramerRao.Moved(fit, i, d), StepS))];
            double[] normal = new double[CramerRao.States * CramerRao.States], right = new double[CramerRao.States];
            foreach ((double t, SiteSensor sensor, double[] seen, double[] variance) in plots)
            {
                double[] expected = Look(site, sensor, nominal, t);
                double[][] columns = [.. moved.Select(m => Look(site, sensor, m, t))];
                for (int k = 0; k < 3; k++)
                {
                    double residual = Math.IEEERemainder(seen[k] - expected[k], k == 1 ? 2 * Math.PI : 1e9);
                    for (int i = 0; i < CramerRao.States; i++)
                    {
                        double di = Math.IEEERemainder(columns[i][k] - expected[k], k == 1 ? 2 * Math.PI : 1e9) / deltas[i];
                        right[i] += di * residual / variance[k];
                        for (int j = 0; j < CramerRao.States; j++)
                            normal[i * CramerRao.States + j] += di * Math.IEEERemainder(columns[j][k] - expected[k], k == 1 ? 2 * Math.PI : 1e9) / deltas[j] / variance[k];
                    }
                }
            }
            double weight = 1 / (CramerRao.PriorSigmas[6] * CramerRao.PriorSigmas[6]);
            normal[^1] += weight;
            right[6] += weight * Math.Log(prior.BallisticCoefficient / fit.BallisticCoefficient);
            double[] step = Linear.Solve(normal, right);
            for (int i = 0; i < CramerRao.States; i++)
                fit = CramerRao.Moved(fit, i, step[i]);
        }
        return Flight.Fly(knowledge.World, fit, StepS).Impact;
    }

    private static double[] Look(SiteFile site, SiteSensor sensor, Flight flight, double timeS)
    {
        (Vec3 p, Vec3 v) = flight.At(timeS);
        Polar look = Radar.Look(site.Frame, sensor.Frame, p, v);
        return [look.RangeM, look.AzimuthRad, look.ElevationRad];
    }
}
