using CsCheck;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Tracking;

namespace Tocsin.Tests.Tracking;

/// <summary>Where plots are kept and counted: the reorder buffer, the grid of a batch, the map of clutter.</summary>
public sealed class PlotStoreTests
{
    [Fact]
    public void Whatever_order_plots_come_in_they_leave_by_time_then_sensor_then_arrival_each_once() =>
        Gen.Select(Gen.Long[0, 20], Gen.Int[0, 2]).Array[0, 60].Sample(plots =>
        {
            var buffer = new ReorderBuffer();
            for (int i = 0; i < plots.Length; i++) Assert.True(buffer.TryAdd(At(plots[i].Item1, plots[i].Item2, i)));
            var left = new List<long>();
            while (buffer.Count > 0)
            {
                (Instant time, int sensor) = (buffer.Earliest, buffer.EarliestSensor);
                Plot plot = buffer.Take();
                Assert.Equal((time, sensor), (plot.Time, plot.Sensor));
                left.Add(plot.Number);
            }
            // OrderBy is stable, so equal keys stay in the order of arrival.
            Assert.Equal(Enumerable.Range(0, plots.Length).OrderBy(i => plots[i].Item1).ThenBy(i => plots[i].Item2).Select(i => (long)i), left);
        }, iter: 1_000);

    [Fact]
    public void A_full_buffer_refuses_and_takes_again_when_there_is_room()
    {
        var buffer = new ReorderBuffer();
        for (int i = 0; i < Limits.ReorderBufferPlots; i++) Assert.True(buffer.TryAdd(At(i, 0, i)));
        Assert.False(buffer.TryAdd(At(1, 0, 1)));
        Assert.Equal(Limits.ReorderBufferPlots, buffer.Count);
        buffer.Take();
        Assert.True(buffer.TryAdd(At(1, 0, 1)));
    }

    [Fact]
    public void A_repeat_is_the_same_time_sensor_and_measurement_and_nothing_less()
    {
        var buffer = new ReorderBuffer();
        Plot plot = At(5, 1, 1);
        Assert.False(buffer.IsRepeat(plot));
        Assert.True(buffer.IsRepeat(plot with { Number = 2 }));
        Assert.True(buffer.IsRepeat(plot with { RangeRateMps = 3 }));
        Assert.False(buffer.IsRepeat(plot with { Sensor = 0 }));
        Assert.False(buffer.IsRepeat(plot with { Time = new(6) }));
        Assert.False(buffer.IsRepeat(plot with { Measurement = plot.Measurement with { RangeM = Math.BitIncrement(plot.Measurement.RangeM) } }));
        Assert.False(buffer.IsRepeat(plot with { Measurement = plot.Measurement with { AzimuthRad = 1.5 } }));
        Assert.False(buffer.IsRepeat(plot with { Measurement = plot.Measurement with { ElevationRad = 0.5 } }));
        // It is remembered over more plots than any radar gives in the seconds a repeat could take.
        for (int i = 0; i < 5_000; i++) Assert.False(buffer.IsRepeat(At(1_000 + i, 0, 0)));
        Assert.True(buffer.IsRepeat(plot));
    }

    [Fact]
    public void The_newest_8192_measurements_are_known_and_no_older_one()
    {
        var buffer = new ReorderBuffer();
        var known = new HashSet<long>();
        var inOrder = new Queue<long>();
        var draws = new RandomStream(1, 2, 3, 4);
        for (int i = 0; i < 40_000; i++)
        {
            long time = (long)(draws.NextUniform() * 20_000);
            Assert.Equal(!known.Add(time), buffer.IsRepeat(At(time, 0, i)));
            if (inOrder.Count < known.Count) inOrder.Enqueue(time);
            if (inOrder.Count > 8_192) known.Remove(inOrder.Dequeue());
        }
    }

    [Fact]
    public void Near_finds_what_measuring_every_plot_finds() =>
        Gen.Select(Gen.Double[-4_000, 4_000].Array[3].Array[0, 300], Gen.Double[-5_000, 5_000].Array[3], Gen.Double[1, 3_000], Gen.Bool).Sample((places, centre, radius, wide) =>
        {
            // Wide: so far apart that cells share buckets.
            double scale = wide ? 40 : 1;
            SightedPlot[] plots = [.. places.Select(p => new SightedPlot { X = p[0] * scale, Y = p[1] * scale, Z = p[2] })];
            var grid = new PlotGrid();
            grid.Build(plots);
            var found = new List<int> { 99 };
            grid.Near(plots, centre[0] * scale, centre[1] * scale, centre[2], radius, found);
            Assert.Equal(Enumerable.Range(0, plots.Length).Where(i =>
                Bench.Distance(new(plots[i].X, plots[i].Y, plots[i].Z), new(centre[0] * scale, centre[1] * scale, centre[2])) <= radius), found);
        }, iter: 2_000);

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void The_map_learns_how_much_clutter_there_is_to_within_sampling_error(double perScan)
    {
        ClutterMap map = Learn(perScan, 400, out _, static (ref r) => new(r.NextUniform(0, 20_000), r.NextUniform(0, 2 * Math.PI), r.NextUniform(0.01, Math.PI / 2)));
        // A mean that forgets over 60 scans has the variance of 120 scans together; four sigmas.
        Assert.Equal(perScan, map.PerScan, 4 * Math.Sqrt(perScan / 120));
    }

    [Fact]
    public void The_density_over_the_coverage_sums_to_the_rate_wherever_clutter_is()
    {
        // Half of it near, low and in the north-east, as a town would give.
        ClutterMap map = Learn(30, 300, out SensorView view, static (ref r) => r.NextUniform() < 0.5
            ? new(r.NextUniform(0, 3_000), r.NextUniform(0, 1), r.NextUniform(0.01, 0.2))
            : new(r.NextUniform(0, 20_000), r.NextUniform(0, 2 * Math.PI), r.NextUniform(0.01, Math.PI / 2)));
        const int rings = 64, sectors = 24, layers = 48;
        double dr = 20_000.0 / rings, da = 2 * Math.PI / sectors, de = (Math.PI / 2 - 0.01) / layers, sum = 0;
        for (int i = 0; i < rings; i++)
            for (int j = 0; j < sectors; j++)
                for (int k = 0; k < layers; k++)
                {
                    Polar p = new((i + 0.5) * dr, (j + 0.5) * da, 0.01 + (k + 0.5) * de);
                    sum += Density(map, view, p) * p.RangeM * p.RangeM * Math.Cos(p.ElevationRad) * dr * da * de;
                }
        Assert.Equal(map.PerScan, sum, 0.01 * map.PerScan);
        // By volume the town is denser than the sky over the other side at the same range by far.
        Assert.InRange(Density(map, view, new(2_000, 0.5, 0.1)) / Density(map, view, new(2_000, 4, 0.1)), 3, 100);
    }

    private delegate Polar Draw(ref RandomStream stream);

    private static double Density(ClutterMap map, SensorView view, Polar at) =>
        Math.Exp(map.LogPerM3(view.Sight(new() { Time = default, Sensor = 0, Measurement = at })));

    private static ClutterMap Learn(double perScan, int scans, out SensorView view, Draw draw)
    {
        SiteDefinition site = Bench.Place();
        view = new SensorView(site, 0);
        var map = new ClutterMap(site.Sensors[0]);
        var stream = new RandomStream(11, 0, 0, (uint)perScan);
        for (int s = 0; s < scans; s++)
        {
            var plots = new List<SightedPlot>();
            for (int i = stream.NextPoisson(perScan); i > 0; i--) plots.Add(view.Sight(new() { Time = default, Sensor = 0, Measurement = draw(ref stream) }));
            // What a track took is no clutter.
            plots.Add(view.Sight(new() { Time = default, Sensor = 0, Measurement = new(100, 1, 1) }) with { Taken = true });
            map.Learn(plots.ToArray(), 1);
        }
        return map;
    }

    private static Plot At(long ticks, int sensor, long number) =>
        new() { Time = new(ticks), Sensor = sensor, Measurement = new(1_000 + ticks, 1, 0.3), Number = number };
}
