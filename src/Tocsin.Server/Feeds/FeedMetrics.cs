using System.Diagnostics.Metrics;

namespace Tocsin.Server.Feeds;

/// <summary>The feeds' instruments, in the meter <c>Tocsin.Feeds</c>. Counts are read when somebody asks, so that a plot costs nothing but its delay.</summary>
internal sealed class FeedMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Tocsin.Feeds";

    private static readonly double[] s_delayBounds = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _delay;
    private readonly KeyValuePair<string, object?>[] _feeds, _sensors;

    /// <summary>Makes the instruments.</summary>
    /// <param name="feeds">The feeds' names, by index.</param>
    /// <param name="sensors">The sensors' ids, by index.</param>
    /// <param name="samples">The newest sample of each feed, by index; null before there is one.</param>
    public FeedMetrics(IReadOnlyList<string> feeds, IReadOnlyList<string> sensors, Func<int, FeedSample?> samples)
    {
        _feeds = [.. feeds.Select(f => new KeyValuePair<string, object?>("feed", f))];
        _sensors = [.. sensors.Append("unknown").Select(s => new KeyValuePair<string, object?>("sensor", s))];
        IEnumerable<Measurement<long>> Count(Func<FeedSample, long> value)
        {
            for (int i = 0; i < _feeds.Length; i++)
                if (samples(i) is { } sample) yield return new(value(sample), _feeds[i]);
        }

        IEnumerable<Measurement<T>> BySensor<T>(Func<SensorSample, T?> value) where T : struct
        {
            for (int i = 0; i < _feeds.Length; i++)
                foreach (SensorSample s in samples(i)?.Sensors ?? [])
                    if (value(s) is { } v) yield return new(v, _feeds[i], _sensors[s.Sensor]);
        }

        _meter.CreateObservableCounter("tocsin.feeds.plots", () => BySensor<long>(s => s.Plots), "{plot}", "Plots of each sensor that each feed brought");
        _meter.CreateObservableCounter("tocsin.feeds.rejected", () => Count(s => s.Rejected), "{piece}", "Records and lines that gave no plot");
        _meter.CreateObservableCounter("tocsin.feeds.shed", () => Count(s => s.Shed), "{plot}", "Plots that the queue before the Site had no room for");
        _meter.CreateObservableCounter("tocsin.feeds.refused", () => Count(s => s.Refused), "{piece}", "Plots and datagrams over the feed's rate, or from a sender who may not send");
        _meter.CreateObservableCounter("tocsin.feeds.bytes", () => Count(s => s.Bytes), "By", "Octets received");
        _meter.CreateObservableCounter("tocsin.feeds.kernel_drops", () => Count(s => s.KernelDrops), "{datagram}", "Datagrams that the kernel dropped before they were read");
        _meter.CreateObservableGauge("tocsin.feeds.clock_offset", () => BySensor<double>(s => double.IsNaN(s.Clock.OffsetS) ? null : s.Clock.OffsetS), "s",
            "Sensor's clock minus this machine's");
        _delay = _meter.CreateHistogram("tocsin.feeds.delay", "s", "Receipt minus plot time", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = s_delayBounds });
    }

    /// <summary>Notes the delay of one plot.</summary>
    public void Delay(int feed, int sensor, double delayS)
    {
        if (_delay.Enabled) _delay.Record(delayS, _feeds[feed], _sensors[(uint)sensor < (uint)(_sensors.Length - 1) ? sensor : _sensors.Length - 1]);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
