using Tocsin.Geodesy;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Tests.Radar;

/// <summary>Statistics with fixed seeds; bounds are four sigmas of the sampling error or more.</summary>
public sealed class RadarModelTests
{
    private const double Degree = Math.PI / 180;

    /// <summary>The measurement of a perfect radar against one computed another way: ellipsoid normals and vectors in the Earth-fixed frame.</summary>
    [Fact]
    public void PlotsLieWhereAnIndependentComputationPutsThem()
    {
        Scenario scenario = Bench.Empty(60, Bench.Perfect()) with { Salvos = [Bench.Salvo(4)], Aircraft = [Bench.Aircraft()] };
        SimulationRun run = Bench.Run(scenario);
        SensorDefinition radar = run.Site.Sensors[0];
        int compared = 0;
        foreach (SimulatedPlot plot in run.Plots)
        {
            // Plots at whole half seconds have a state of the truth at the same time.
            (Geodetic at, Enu velocity) = plot.Source == "C"
                ? run.Truth.OtherStates.Where(s => s.Time == plot.Plot.Time).Select(s => (s.Position, s.VelocityMps)).First()
                : run.Truth.States.Where(s => s.Time == plot.Plot.Time && run.Truth.Rounds[s.Round].Id == plot.Source).Select(s => (s.Position, s.VelocityMps)).First();
            double[] line = Minus(Earth(at), Earth(radar.Position)), up = Normal(radar.Position);
            double range = Math.Sqrt(Dot(line, line));
            double[] east = [-Math.Sin(radar.Position.LongitudeRad), Math.Cos(radar.Position.LongitudeRad), 0];
            double[] north = [up[1] * east[2] - up[2] * east[1], up[2] * east[0] - up[0] * east[2], up[0] * east[1] - up[1] * east[0]];
            Assert.Equal(range, plot.Plot.Measurement.RangeM, 5e-3);
            Assert.Equal(Math.Asin(Dot(line, up) / range), plot.Plot.Measurement.ElevationRad, 1e-6);
            double azimuth = Math.Atan2(Dot(line, east), Dot(line, north));
            Assert.Equal(0, Math.IEEERemainder(azimuth - plot.Plot.Measurement.AzimuthRad, Math.Tau), 1e-6);
            Assert.InRange(plot.Plot.Measurement.AzimuthRad, 0, Math.Tau);
            // The range rate is the velocity's part along the line of sight; the object's own axes turn with the place.
            double[] e = [-Math.Sin(at.LongitudeRad), Math.Cos(at.LongitudeRad), 0], u = Normal(at);
            double[] n = [u[1] * e[2] - u[2] * e[1], u[2] * e[0] - u[0] * e[2], u[0] * e[1] - u[1] * e[0]];
            double[] v = [.. Enumerable.Range(0, 3).Select(i => velocity.East * e[i] + velocity.North * n[i] + velocity.Up * u[i])];
            Assert.Equal(Dot(v, line) / range, plot.Plot.RangeRateMps, 1e-3);
            compared++;
        }
        Assert.True(compared > 200);
    }

    private static double[] Earth(Geodetic g)
    {
        const double a = 6_378_137, b = 6_356_752.314245179;
        double[] up = Normal(g);
        double n = a * a / Math.Sqrt(a * a * (1 - up[2] * up[2]) + b * b * up[2] * up[2]);
        return [(n + g.HeightM) * up[0], (n + g.HeightM) * up[1], (n * b * b / (a * a) + g.HeightM) * up[2]];
    }

    private static double[] Normal(Geodetic g) =>
        [Math.Cos(g.LatitudeRad) * Math.Cos(g.LongitudeRad), Math.Cos(g.LatitudeRad) * Math.Sin(g.LongitudeRad), Math.Sin(g.LatitudeRad)];

    private static double[] Minus(double[] a, double[] b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

    private static double Dot(double[] a, double[] b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

    /// <summary>Errors of a noisy radar against the same radar without noise: means are the biases, sigmas the site's, nothing is correlated.</summary>
    [Fact]
    public void ErrorsHaveTheMomentsThatAreAsked()
    {
        Scenario scenario = Bench.Empty(1500, Bench.Perfect()) with { Aircraft = [Bench.Aircraft()] };
        Dictionary<Instant, Plot> exact = Bench.Run(scenario).Plots.ToDictionary(p => p.Plot.Time, p => p.Plot);
        RadarSettings noisy = new() { Sensor = "R1", Bias = new() { RangeM = 5, AzimuthDeg = 0.1, ElevationDeg = -0.2 }, Detection = new() { Probability = 1 } };
        double[][] errors = [.. Bench.Run(scenario with { Radars = [noisy] }).Plots.Select(p =>
        {
            Plot truth = exact[p.Plot.Time];
            return new[]
            {
                (p.Plot.Measurement.RangeM - truth.Measurement.RangeM - 5) / 12,
                (Math.IEEERemainder(p.Plot.Measurement.AzimuthRad - truth.Measurement.AzimuthRad, Math.Tau) - 0.1 * Degree) / 0.003,
                (p.Plot.Measurement.ElevationRad - truth.Measurement.ElevationRad + 0.2 * Degree) / 0.004,
                (p.Plot.RangeRateMps - truth.RangeRateMps) / 2,
            };
        })];
        int count = errors.Length;
        Assert.True(count > 700);
        for (int i = 0; i < 4; i++)
        {
            Assert.InRange(errors.Average(e => e[i]), -4 / Math.Sqrt(count), 4 / Math.Sqrt(count));
            Assert.InRange(errors.Average(e => e[i] * e[i]), 1 - 4 * Math.Sqrt(2.0 / count), 1 + 4 * Math.Sqrt(2.0 / count));
            for (int j = 0; j < i; j++) Assert.InRange(errors.Average(e => e[i] * e[j]), -4 / Math.Sqrt(count), 4 / Math.Sqrt(count));
            // From one scan to the next, too.
            Assert.InRange(Enumerable.Range(1, count - 1).Average(k => errors[k][i] * errors[k - 1][i]), -4 / Math.Sqrt(count), 4 / Math.Sqrt(count));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.35)]
    public void ObjectsAreSeenAsOftenAsTheProbabilitySays(double? probability)
    {
        Scenario scenario = Bench.Empty(600, new RadarSettings { Sensor = "R1", Detection = new() { Probability = probability } })
            with
        { Aircraft = [Bench.Aircraft(speedMps: 10)] };
        double expected = probability ?? 0.8;
        const int looks = 1200;
        Assert.InRange(Bench.Run(scenario).Plots.Count / (double)looks, expected - 4 * Math.Sqrt(expected * (1 - expected) / looks), expected + 4 * Math.Sqrt(expected * (1 - expected) / looks));
    }

    /// <summary>Swerling's case 1 by its own definition: exponential power against a threshold, counted.</summary>
    [Fact]
    public void TheRangeLawIsThatOfAFluctuatingObject()
    {
        var law = new DetectionLaw(0.9, 9000, 1e-6);
        Assert.Equal(0.9, law.At(9000), 12);
        Assert.True(law.At(3000) > 0.998 && law.At(30_000) < 0.05);
        // Twelve decibels less are the same as twice the range, near enough (10^(12/40) = 1.995).
        Assert.Equal(law.At(9000 * Math.Pow(10, 12.0 / 40)), law.At(9000, Math.Pow(10, -1.2)), 12);
        var random = new Random(1);
        foreach (double range in (double[])[6000, 9000, 13_000, 18_000])
        {
            double threshold = -Math.Log(1e-6), signal = (Math.Log(1e-6) / Math.Log(0.9) - 1) * Math.Pow(9000 / range, 4);
            int hits = 0;
            for (int i = 0; i < 20_000; i++)
                if (-Math.Log(1 - random.NextDouble()) * (1 + signal) > threshold) hits++;
            Assert.Equal(hits / 20_000.0, law.At(range), 0.015);
        }
    }

    [Fact]
    public void ARadarWithARangeLawSeesLessFarAway()
    {
        RadarSettings law = new() { Sensor = "R1", Detection = new() { Probability = 0.5, ReferenceRangeM = 10_000 }, MaxRangeM = 60_000, MinElevationDeg = -1 };
        foreach (double range in (double[])[3000, 9000, 14_000])
        {
            SimulationRun run = Bench.Run(Bench.Empty(300, law) with { Aircraft = [Bench.Aircraft(range, speedMps: 1)] });
            var frame = new LocalFrame(run.Site.Sensors[0].Position);
            Enu p = frame.ToEnu(run.Truth.OtherStates[0].Position);
            double signal = (Math.Log(1e-6) / Math.Log(0.5) - 1) * Math.Pow(10_000 / Math.Sqrt(p.East * p.East + p.North * p.North + p.Up * p.Up), 4);
            double expected = Math.Pow(1e-6, 1 / (1 + signal));
            Assert.Equal(expected, run.Plots.Count / 600.0, 0.01 + 4 * Math.Sqrt(expected * (1 - expected) / 600));
        }
    }

    [Fact]
    public void ClutterIsPoissonAndEven()
    {
        const double mean = 6, seconds = 2000;
        RadarSettings radar = new() { Sensor = "R1", Clutter = new() { MeanPerScan = mean } };
        SimulationRun run = Bench.Run(Bench.Empty(seconds, radar));
        int scans = (int)(seconds / 0.5);
        double[] counts = new double[scans];
        foreach (SimulatedPlot p in run.Plots) counts[(int)Math.Round(p.Plot.Time.SecondsSince(Bench.Start) / 0.5)]++;
        double average = counts.Average(), variance = counts.Average(c => (c - average) * (c - average));
        Assert.InRange(average, mean - 4 * Math.Sqrt(mean / scans), mean + 4 * Math.Sqrt(mean / scans));
        Assert.InRange(variance / mean, 0.9, 1.1);
        // Twenty cells each of range, azimuth and elevation: chi-square with 19 degrees of freedom stays below 43.8 in 999 of 1,000.
        Assert.InRange(ChiSquare(run.Plots.Select(p => (p.Plot.Measurement.RangeM - 100) / 19_900)), 3, 43.8);
        Assert.InRange(ChiSquare(run.Plots.Select(p => p.Plot.Measurement.AzimuthRad / Math.Tau)), 3, 43.8);
        Assert.InRange(ChiSquare(run.Plots.Select(p => (p.Plot.Measurement.ElevationRad - 0.01) / (Math.PI / 2 - 0.01))), 3, 43.8);
        Assert.All(run.Plots, p => Assert.Null(p.Source));
    }

    private static double ChiSquare(IEnumerable<double> shares)
    {
        double[] cells = new double[20];
        int count = 0;
        foreach (double share in shares)
        {
            cells[(int)(share * 20)]++;
            count++;
        }
        double expected = count / 20.0;
        return cells.Sum(c => (c - expected) * (c - expected) / expected);
    }

    [Fact]
    public void ClutterNearTheGroundFallsOffExponentially()
    {
        RadarSettings radar = new()
        {
            Sensor = "R1",
            MinElevationDeg = 1,
            Clutter = new() { MeanPerScan = 20, Spread = ClutterSpread.NearGround, NearGroundScaleDeg = 5 },
        };
        double[] above = [.. Bench.Run(Bench.Empty(200, radar)).Plots.Select(p => p.Plot.Measurement.ElevationRad / Degree - 1)];
        Assert.Equal(5, above.Average(), 4 * 5 / Math.Sqrt(above.Length));
        Assert.Equal(Math.Exp(-2), above.Count(e => e > 10) / (double)above.Length, 0.016);
        Assert.True(above.Min() >= 0);
    }

    [Fact]
    public void PlotsStayInSectorsElevationsAndRanges()
    {
        RadarSettings radar = new()
        {
            Sensor = "R1",
            Sectors = [new() { FromDeg = 350, ToDeg = 20 }, new() { FromDeg = 90, ToDeg = 100 }],
            MinElevationDeg = 10,
            MaxElevationDeg = 30,
            MinRangeM = 5000,
            MaxRangeM = 9000,
            Noise = Bench.Perfect().Noise,
            Clutter = new() { MeanPerScan = 10 },
        };
        SimulationRun run = Bench.Run(Bench.Empty(300, radar) with { Aircraft = [Bench.Aircraft(6000, 2000)], Salvos = [Bench.Salvo(5)] });
        Assert.Contains(run.Plots, p => p.Source == "C");
        int inFirst = 0, clutter = 0;
        foreach (SimulatedPlot p in run.Plots)
        {
            double azimuth = p.Plot.Measurement.AzimuthRad / Degree, elevation = p.Plot.Measurement.ElevationRad / Degree;
            bool first = azimuth is >= 350 or <= 20;
            Assert.True(first || azimuth is >= 90 and <= 100, $"azimuth {azimuth}");
            Assert.InRange(elevation, 10, 30);
            Assert.InRange(p.Plot.Measurement.RangeM, 5000, 9000);
            if (p.Source is not null) continue;
            clutter++;
            if (first) inFirst++;
        }
        Assert.Equal(0.75, inFirst / (double)clutter, 0.03);
    }

    /// <summary>The Earth hides what is low and far: from 10 m up, an object at 50 m is seen to about 11.3 + 25.2 km.</summary>
    [Theory]
    [InlineData(34_000, true)]
    [InlineData(39_000, false)]
    public void TheHorizonHides(double rangeM, bool seen)
    {
        RadarSettings radar = Bench.Perfect();
        radar.MaxRangeM = 100_000;
        radar.MinElevationDeg = -5;
        SimulationRun run = Bench.Run(Bench.Empty(10, radar) with { Aircraft = [Bench.Aircraft(rangeM, 50, 20)] });
        Assert.Equal(seen ? 20 : 0, run.Plots.Count);
        Assert.All(run.Truth.OtherStates, s => Assert.Equal(seen, s.Visible));
    }

    [Fact]
    public void ReportsComeInSteps()
    {
        RadarSettings radar = new() { Sensor = "R1", Quantisation = new() { RangeM = 2, AzimuthDeg = 0.05, ElevationDeg = 0.1 }, Clutter = new() { MeanPerScan = 3 } };
        SimulationRun run = Bench.Run(Bench.Empty(60, radar) with { Salvos = [Bench.Salvo(5)] });
        Assert.True(run.Plots.Count > 200);
        foreach (SimulatedPlot p in run.Plots)
        {
            Assert.Equal(0, Math.IEEERemainder(p.Plot.Measurement.RangeM, 2), 1e-9);
            Assert.Equal(0, Math.IEEERemainder(p.Plot.Measurement.AzimuthRad / Degree, 0.05), 1e-9);
            Assert.Equal(0, Math.IEEERemainder(p.Plot.Measurement.ElevationRad / Degree, 0.1), 1e-9);
            Assert.InRange(p.Plot.Measurement.AzimuthRad, 0, Math.BitDecrement(Math.Tau));
        }
    }

    [Fact]
    public void ATurningRadarMeetsWhatItPointsAt()
    {
        RadarSettings radar = Bench.Perfect();
        radar.Scan = ScanMode.Rotating;
        radar.ScanPeriodS = 4;
        radar.Clutter = new() { MeanPerScan = 5 };
        SimulationRun run = Bench.Run(Bench.Empty(100, radar) with { Aircraft = [Bench.Aircraft()], Salvos = [Bench.Salvo(6)] });
        Assert.True(run.Plots.Count > 100);
        foreach (SimulatedPlot p in run.Plots)
        {
            // Close by, a round outruns the beam.
            if (p.Plot.Measurement.RangeM < 1500) continue;
            double pointing = p.Plot.Time.SecondsSince(Bench.Start) / 4 % 1 * Math.Tau;
            Assert.Equal(0, Math.IEEERemainder(pointing - p.Plot.Measurement.AzimuthRad, Math.Tau), 1e-4);
        }
    }

    [Fact]
    public void PlotsTravelAsTheyAreAskedTo()
    {
        RadarSettings radar = Bench.Perfect();
        radar.Delivery = new() { LatencyS = new(0.1, 0.9), LateProbability = 0.2, LateByS = new(5, 6), DuplicateProbability = 0.25 };
        SimulationRun run = Bench.Run(Bench.Empty(1000, radar) with { Aircraft = [Bench.Aircraft(speedMps: 5)] });
        const int measured = 2000;
        Assert.Equal(measured, run.Plots.Select(p => p.Plot).Distinct().Count());
        Assert.Equal(0.25, (run.Plots.Count - measured) / (double)measured, 0.04);
        double[] delays = [.. run.Plots.Select(p => p.ArrivalTime.SecondsSince(p.Plot.Time))];
        Assert.All(delays, d => Assert.True(d is >= 0.1 and <= 0.9 or >= 5.1 and <= 6.9));
        Assert.Equal(0.2, delays.Count(d => d > 5) / (double)delays.Length, 0.035);
        Assert.Equal(0.5, delays.Where(d => d < 1).Average(), 0.03);
        // In the order of arrival, and some overtake others.
        Assert.True(run.Plots.Zip(run.Plots.Skip(1)).All(p => p.First.ArrivalTime <= p.Second.ArrivalTime));
        Assert.Contains(run.Plots.Zip(run.Plots.Skip(1)), p => p.First.Plot.Time > p.Second.Plot.Time);
    }

    [Theory]
    [InlineData("R9", 100, null, "has: R1, R2")]
    [InlineData("R1", 20_000, null, "minRangeM")]
    [InlineData("R1", 100, 0.5, "maxElevationDeg")]
    public void ASettingThatDoesNotSuitTheSiteIsAProblem(string sensor, double minRangeM, double? maxElevationDeg, string mend)
    {
        RadarSettings radar = new() { Sensor = sensor, MinRangeM = minRangeM, MaxElevationDeg = maxElevationDeg ?? 90 };
        Assert.False(SimulationRun.Prepare(Bench.Empty(10, radar), Bench.Site("R1", "R2")).Succeeded(out _, out string? problem));
        Assert.Contains(mend, problem, StringComparison.Ordinal);
        Assert.Contains("$.radars[0]", problem, StringComparison.Ordinal);
    }
}
