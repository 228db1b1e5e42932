using Tocsin.Server.Feeds;

namespace Tocsin.Server.Live;

/// <summary>The one bounded queue before a Site: every feed puts in, the Site's thread takes out.</summary>
/// <remarks>Two kinds of entries keep their order: plots, and reasons why there was none. Commands to the Site's thread have a queue of their own, so that
/// a flood of plots cannot keep an operator from being heard.</remarks>
public sealed class PlotQueue
{
    /// <summary>Entries that the queue holds.</summary>
    public const int Capacity = 65_536;

    private readonly object _gate = new();
    private readonly Entry[] _ring = new Entry[Capacity];
    private readonly Queue<Action> _commands = new();
    private int _head, _count;
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
    public bool Offer(in QueuedPlot plot) => Put(new(plot, null));

    /// <summary>Puts in the reason why a piece of input gave no plot.</summary>
    public bool Offer(in Rejection rejection) => Put(new(default, rejection));

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
            return n;
        }
    }

    /// <summary>Waits until something is there, at most for a while.</summary>
    public void Wait(TimeSpan most)
    {
        lock (_gate)
        {
            if (_count == 0 && _commands.Count == 0) Monitor.Wait(_gate, most);
        }
    }

    private bool Put(in Entry entry)
    {
        lock (_gate)
        {
            if (_count == Capacity)
            {
                Interlocked.Increment(ref _shed);
                return false;
            }
            _ring[(_head + _count++) % Capacity] = entry;
            Monitor.Pulse(_gate);
            return true;
        }
    }
}
