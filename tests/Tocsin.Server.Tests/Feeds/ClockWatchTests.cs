using CsCheck;
using Tocsin.Server.Feeds;

namespace Tocsin.Server.Tests.Feeds;

/// <summary>The estimate of a clock against clocks and links of known make.</summary>
public sealed class ClockWatchTests
{
    /// <summary>Plays a link: plots at random moments, each with the least delay and a random one on top.</summary>
    private static ClockEstimate Play(ClockWatch watch, Random random, double fromS, double seconds, double perS, Func<double, double> aheadS, Func<double> delayS)
    {
        for (double sent = fromS; sent < fromS + seconds; sent += -Math.Log(1 - random.NextDouble()) / perS)
        {
            double received = sent + delayS();
            watch.Add(received, received - (sent + aheadS(sent)));
        }
        return watch.Estimate();
    }

    [Fact]
    public void Offset_and_drift_are_found_within_their_sigmas_whatever_the_delay_is_like()
    {
        List<double> errors = [], driftErrors = [];
        Gen.Select(Gen.Int[0, 1 << 30], Gen.Double[-20, 20], Gen.Double[-3e-3, 3e-3], Gen.Double[0.001, 0.05], Gen.Double[2, 40], Gen.Double[20, 150], Gen.Int[0, 2])
            .Sample((seed, offset, drift, jitter, perS, seconds, kind) =>
            {
                var random = new Random(seed);
                double last = 0;
                ClockEstimate e = Play(new ClockWatch(), random, 1_000, seconds, perS, t => last = offset + drift * (t - 1_000), () => kind switch
                {
                    0 => -jitter * Math.Log(1 - random.NextDouble()),
                    1 => 2 * jitter * random.NextDouble(),
                    // Half of the time an empty queue, else a heavy tail.
                    _ => random.NextDouble() < 0.5 ? jitter * 0.1 * random.NextDouble() : jitter * 0.3 / Math.Sqrt(random.NextDouble()),
                });
                lock (errors)
                {
                    errors.Add((e.OffsetS - last) / e.SigmaS);
                    if (e.DriftPerS != 0) driftErrors.Add((e.DriftPerS - drift) / e.DriftSigmaPerS);
                }
                // The error is a fraction of the delay's jitter, not as large as it.
                Assert.True(Math.Abs(e.OffsetS - last) < Math.Max(0.002, 0.8 * jitter), $"{e.OffsetS - last} with jitter {jitter}");
            }, iter: 1_000);
        Assert.True(errors.Count(x => Math.Abs(x) > 4) < 0.005 * errors.Count, $"{errors.Count(x => Math.Abs(x) > 4)} of {errors.Count} beyond 4 sigma");
        Assert.True(driftErrors.Count(x => Math.Abs(x) > 4) < 0.01 * driftErrors.Count, $"{driftErrors.Count(x => Math.Abs(x) > 4)} of {driftErrors.Count} drifts beyond 4 sigma");
        Assert.True(driftErrors.Count > errors.Count / 10, $"{driftErrors.Count} of {errors.Count} drifts seen");
    }

    [Fact]
    public void Without_noise_it_is_exact()
    {
        ClockEstimate e = Play(new ClockWatch(), new Random(1), 0, 60, 10, t => 3 + 1e-3 * t, () => 0);
        Assert.Equal((1e-3, true), (Math.Round(e.DriftPerS, 9), e.IsStable));
        Assert.Equal(3.06, e.OffsetS, 0.0005);
    }

    [Fact]
    public void The_edge_is_the_best_line_below_all_points()
    {
        // Moon, Skelly and Towsley's linear programme by trying every pair of points, the second implementation.
        // Below the estimate's own threshold for a step.
        Gen.Select(Gen.Double[0, 0.2].Array[5, 40], Gen.Double[-0.02, 0.02]).Sample((delays, drift) =>
        {
            (double T, double X)[] points = [.. delays.Select((d, i) => (i * 1.0, d + drift * i))];
            var watch = new ClockWatch();
            foreach ((double t, double x) in points) watch.Add(t, x);
            ClockEstimate e = watch.Estimate();
            if (e.DriftPerS == 0 || e.SpanS < points.Length - 1) return;
            // Where a corner lies at the points' mean time both of its edges are best.
            List<(double Sum, double Slope)> lines = [];
            foreach ((double ta, double xa) in points)
                foreach ((double tb, double xb) in points.Where(p => p.T > ta))
                {
                    double m = (xb - xa) / (tb - ta), sum = points.Sum(p => p.X - xa - m * (p.T - ta));
                    if (points.All(p => p.X - xa - m * (p.T - ta) > -1e-9)) lines.Add((sum, m));
                }
            double best = lines.Min(l => l.Sum);
            Assert.Contains(lines, l => l.Sum < best + 1e-9 && Math.Abs(l.Slope + e.DriftPerS) < 1e-9);
        }, iter: 300);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public void A_step_is_followed_within_seconds(double stepS)
    {
        var random = new Random(7);
        var watch = new ClockWatch();
        double Delay() => -0.01 * Math.Log(1 - random.NextDouble());
        Play(watch, random, 0, 60, 10, _ => 0, Delay);
        ClockEstimate after = Play(watch, random, 60, 8, 10, _ => stepS, Delay);
        Assert.Equal(stepS, after.OffsetS, 0.02);
        Assert.False(after.IsStable);
    }

    [Fact]
    public void Wild_plots_do_not_move_it()
    {
        var random = new Random(3);
        var watch = new ClockWatch();
        ClockEstimate e = Play(watch, random, 0, 60, 10, t => random.NextDouble() < 0.02 ? 86_400 * (random.NextDouble() - 0.5) : 0.1, () => 0.01 * random.NextDouble());
        Assert.Equal(0.1, e.OffsetS, 0.01);
    }
}
