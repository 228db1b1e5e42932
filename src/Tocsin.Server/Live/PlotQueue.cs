using Tocsin.Server.Feeds;

namespace Tocsin.Server.Live;

/// <summary>The one bounded queue before a Site: every feed puts in, the Site's thread takes out.</summary>
/// <remarks>Two kinds of entries keep their order: plots, and reasons why there was none. Commands to the Site's thread have a queue of their own, so that
/// a flood of plots cannot keep an operator from being heard. A plot that the Site will hold anyway wakes nobody: the Site's thread comes by itself before the plot is due, and
/// takes all that have come meanwhile at once.</remarks>
public sealed class PlotQueue
{
    /// <summary>Entries that the queue holds.</summary>
    public const int Capacity = 65_536;

    /// <summary>Entries that wake the Site's thread however much time they have.</summary>
    public const int WakeAt = 1_024;

    private readonly object _gate = new();
    private readonly Entry[] _ring = new Entry[Capacity];
    private readonly Queue<Action> _commands = new();
    private int _head, _count;
    private bool _urgent;
    private long _shed;

    /// <summary>One entry: a plot, or the reason why a piece of input gave none.</summary>
    /// <param name="Plot">The plot; only its times count where <paramref name="Rejection"/> is there.</param>
    /// <param name="Rejection">The reason; null for a plot.</param>
    public readonly record struct Entry(QueuedPlot Plot, Rejection? Rejection);

    /// <summary>Entries waiting now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    /// <summary>Plots refused because the queue was full.</summary>
    public long Shed => Interlocked.Read(ref _shed);

    /// <summary>Puts a plot in; false, and counted, where the queue is full.</summary>
    public bool Offer(in QueuedPlot plot) => Offer(new ReadOnlySpan<QueuedPlot>(in plot), urgent: true) == 1;

    /// <summary>Puts plots in, in their order, and gives how many: the rest found the queue full and are counted.</summary>
    /// <param name="plots">The plots.</param>
    /// <param name="urgent">Whether one of them may be due before the Site's thread would look by itself.</param>
    public int Offer(ReadOnlySpan<QueuedPlot> plots, bool urgent)
    {
        lock (_gate)
        {
            int n = Math.Min(plots.Length, Capacity - _count);
            foreach (ref readonly QueuedPlot plot in plots[..n]) _ring[(_head + _count++) % Capacity] = new(plot, null);
            if (n < plots.Length) Interlocked.Add(ref _shed, plots.Length - n);
            Wake(urgent);
            return n;
        }
    }

    /// <summary>Puts in the reason why a piece of input gave no plot.</summary>
    public bool Offer(in Rejection rejection)
    {
        lock (_gate)
        {
            if (_count == Capacity)
            {
                Interlocked.Increment(ref _shed);
                return false;
            }
            _ring[(_head + _count++) % Capacity] = new(default, rejection);
            Wake(urgent: false);
            return true;
        }
    }

    /// <summary>Asks the Site's thread to do something between two plots.</summary>
    public void Post(Action command)
    {
        lock (_gate)
        {
            _commands.Enqueue(command);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes out up to as many entries as fit, and the commands.</summary>
    public int Drain(Span<Entry> entries, List<Action> commands)
    {
        lock (_gate)
        {
            while (_commands.TryDequeue(out Action? command)) commands.Add(command);
            int n = Math.Min(_count, entries.Length), first = Math.Min(n, Capacity - _head);
            _ring.AsSpan(_head, first).CopyTo(entries);
            _ring.AsSpan(0, n - first).CopyTo(entries[first..]);
            _head = (_head + n) % Capacity;
            _count -= n;
            if (_count == 0) _urgent = false;
            return n;
        }
    }

    /// <summary>Waits until something is there that cannot wait, at most for a while; true where nothing is.</summary>
    public bool Wait(TimeSpan most)
    {
        lock (_gate) return !_urgent && _count < WakeAt && _commands.Count == 0 && !Monitor.Wait(_gate, most);
    }

    private void Wake(bool urgent)
    {
        if (!urgent && _count < WakeAt) return;
        _urgent |= urgent;
        Monitor.Pulse(_gate);
    }
}
