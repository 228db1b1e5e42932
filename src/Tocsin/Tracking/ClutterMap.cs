using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>How much clutter one sensor gives, and where: learnt from plots that no confirmed track took.</summary>
/// <remarks>The density in range, azimuth and elevation is taken as the rate per scan times three independent histograms, each with a
/// uniform prior, all forgetting with the same time constant; so it adapts in a few scans and needs no map file.</remarks>
internal sealed class ClutterMap
{
    private const int RangeBins = 16, AzimuthBins = 12, ElevationBins = 12;
    private const double MemoryScans = 60, PriorScans = 4, PriorPlotsPerScan = 10, PriorPlotsPerBin = 10, FewestPerScan = 0.3;

    private readonly double[] _range = new double[RangeBins], _azimuth = new double[AzimuthBins], _elevation = new double[ElevationBins];
    private readonly double _maxRange, _minElevation, _period, _logCell;
    private double _plots, _seconds;
    private double _logRate;

    public ClutterMap(SensorDefinition sensor)
    {
        _maxRange = sensor.MaxRangeM;
        _minElevation = sensor.MinElevationRad;
        _period = sensor.ScanPeriodS;
        _logCell = Elementary.Log(_maxRange * 2 * Math.PI * (Math.PI / 2 - _minElevation));
        _plots = PriorPlotsPerScan * PriorScans;
        _seconds = PriorScans * _period;
        SetRate();
    }

    /// <summary>Clutter plots expected in one scan.</summary>
    public double PerScan { get; private set; }

    /// <summary>Logarithm of the density of clutter at a plot, per cubic metre of the frame along and across the line of sight.</summary>
    public double LogPerM3(in SightedPlot plot)
    {
        double range = Math.Max(10, plot.Plot.Measurement.RangeM);
        double shape = Shape(_range, Bin(range / _maxRange, RangeBins))
            * Shape(_azimuth, Bin(plot.Plot.Measurement.AzimuthRad / (2 * Math.PI), AzimuthBins))
            * Shape(_elevation, ElevationBin(plot));
        double cosElevation = Math.Max(0.02, Math.Sqrt(Math.Max(0, 1 - plot.Uz * plot.Uz)));
        return _logRate - _logCell + Elementary.Log(shape / (range * range * cosElevation));
    }

    /// <summary>Learns from the plots that were left over after a batch, and forgets a little.</summary>
    /// <param name="plots">The batch.</param>
    /// <param name="elapsedS">Seconds since the sensor's batch before.</param>
    public void Learn(ReadOnlySpan<SightedPlot> plots, double elapsedS)
    {
        double keep = Math.Max(0, 1 - Math.Clamp(elapsedS, 0, _period * 4) / (MemoryScans * _period));
        Scale(_range, keep);
        Scale(_azimuth, keep);
        Scale(_elevation, keep);
        _plots *= keep;
        _seconds = _seconds * keep + Math.Clamp(elapsedS, 0, _period * 4);
        foreach (ref readonly SightedPlot plot in plots)
        {
            if (plot.Taken) continue;
            _plots++;
            _range[Bin(plot.Plot.Measurement.RangeM / _maxRange, RangeBins)]++;
            _azimuth[Bin(plot.Plot.Measurement.AzimuthRad / (2 * Math.PI), AzimuthBins)]++;
            _elevation[ElevationBin(plot)]++;
        }
        SetRate();
    }

    private void SetRate()
    {
        PerScan = Math.Max(FewestPerScan, _plots * _period / _seconds);
        _logRate = Elementary.Log(PerScan);
    }

    private int ElevationBin(in SightedPlot plot) =>
        Bin((plot.Plot.Measurement.ElevationRad - _minElevation) / (Math.PI / 2 - _minElevation), ElevationBins);

    private static int Bin(double share, int bins) => (int)Math.Clamp(share * bins, 0, bins - 1);

    private static double Shape(double[] histogram, int bin)
    {
        double total = 0;
        for (int i = 0; i < histogram.Length; i++) total += histogram[i];
        return histogram.Length * (histogram[bin] + PriorPlotsPerBin) / (total + PriorPlotsPerBin * histogram.Length);
    }

    private static void Scale(double[] histogram, double by)
    {
        for (int i = 0; i < histogram.Length; i++) histogram[i] *= by;
    }

    /// <summary>Writes or reads what was learnt.</summary>
    public void Exchange(StateExchange x)
    {
        x.Fields(_range);
        x.Fields(_azimuth);
        x.Fields(_elevation);
        x.Field(ref _plots);
        x.Field(ref _seconds);
        if (x.IsLoading) SetRate();
    }
}
