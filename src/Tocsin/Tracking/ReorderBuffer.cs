using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>Holds plots for a moment so that those that come out of order leave in order, and each leaves once.</summary>
internal sealed class ReorderBuffer
{
    private readonly PriorityQueue<Plot, (long Ticks, int Sensor, long Arrival)> _held = new();
    private readonly RecentMeasurements _seen = new();
    private long _arrivals;

    /// <summary>Plots held now.</summary>
    public int Count => _held.Count;

    /// <summary>Time of the earliest plot held.</summary>
    public Instant Earliest => _held.Peek().Time;

    /// <summary>Sensor of the earliest plot held.</summary>
    public int EarliestSensor => _held.Peek().Sensor;

    /// <summary>Stores a plot; false where the buffer is full.</summary>
    public bool TryAdd(in Plot plot)
    {
        if (_held.Count >= Limits.ReorderBufferPlots) return false;
        _held.Enqueue(plot, (plot.Time.Ticks, plot.Sensor, _arrivals++));
        return true;
    }

    /// <summary>Takes out the earliest plot.</summary>
    public Plot Take() => _held.Dequeue();

    /// <summary>Whether the same measurement of the same sensor has been seen before; remembers it if not.</summary>
    public bool IsRepeat(in Plot plot)
    {
        var key = new MeasurementKey(plot.Time.Ticks, plot.Sensor, BitConverter.DoubleToInt64Bits(plot.Measurement.RangeM),
            BitConverter.DoubleToInt64Bits(plot.Measurement.AzimuthRad), BitConverter.DoubleToInt64Bits(plot.Measurement.ElevationRad));
        return !_seen.Add(key);
    }

    /// <summary>Writes or reads what is held and remembered.</summary>
    public void Exchange(StateExchange x)
    {
        x.Field(ref _arrivals);
        ((long Ticks, int Sensor, long Arrival) Priority, Plot Plot)[] held =
            [.. _held.UnorderedItems.Select(i => (i.Priority, i.Element)).OrderBy(i => i.Priority)];
        int count = x.Count(held.Length);
        if (x.IsLoading) _held.Clear();
        for (int i = 0; i < count; i++)
        {
            ((long ticks, int sensor, long arrival), Plot plot) = x.IsLoading ? default : held[i];
            x.Field(ref arrival);
            x.Field(ref plot);
            if (x.IsLoading) _held.Enqueue(plot, (plot.Time.Ticks, plot.Sensor, arrival));
        }
        _seen.Exchange(x);
    }
}
