using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>Holds plots for a moment so that those that come out of order leave in order, and each leaves once.</summary>
internal sealed class ReorderBuffer
{
    private readonly PriorityQueue<Plot, (long Ticks, int Sensor, long Arrival)> _held = new();
    private readonly RecentMeasurements _seen = new();
    private long _arrivals;
    // What is held, in its order: for saving alone, and kept for the next time.
    private (long Ticks, int Sensor, long Arrival)[] _order = [];
    private Plot[] _ordered = [];

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
        int count = x.Count(_held.Count);
        if (x.IsLoading) _held.Clear();
        else
        {
            if (_order.Length < count) (_order, _ordered) = (new (long, int, long)[2 * count], new Plot[2 * count]);
            int n = 0;
            foreach ((Plot plot, (long, int, long) priority) in _held.UnorderedItems) (_ordered[n], _order[n++]) = (plot, priority);
            Array.Sort(_order, _ordered, 0, count);
        }
        for (int i = 0; i < count; i++)
        {
            long arrival = x.IsLoading ? 0 : _order[i].Arrival;
            Plot plot = x.IsLoading ? default : _ordered[i];
            x.Field(ref arrival);
            x.Field(ref plot);
            if (x.IsLoading) _held.Enqueue(plot, (plot.Time.Ticks, plot.Sensor, arrival));
        }
        _seen.Exchange(x);
    }
}
