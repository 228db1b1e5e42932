using System.Collections.Concurrent;

namespace Tocsin.Server.Live;

/// <summary>A Site's state at one moment, in memory that serves again when all who read it have released it.</summary>
public sealed class SavedState
{
    private readonly StatePool? _pool;
    private readonly byte[] _buffer;
    private int _users = 1;

    internal SavedState(StatePool? pool, byte[] buffer, int length)
    {
        (_pool, _buffer) = (pool, buffer);
        Bytes = buffer.AsMemory(0, length);
    }

    /// <summary>A state in memory of its own.</summary>
    public static SavedState Of(byte[] state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(null, state, state.Length);
    }

    /// <summary>The state.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>One more reads it.</summary>
    internal SavedState Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>One of those who read it does so no more. Who forgets to say so costs the pool a buffer, and nobody else.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) _pool?.Return(_buffer);
    }
}

/// <summary>Memory for a Site's states, used again and again.</summary>
/// <remarks>A Site under load has megabytes of state, and it is saved between two plots: memory that is fresh each time costs more than what is written into it, and gives the collector
/// a whole collection to do.</remarks>
internal sealed class StatePool
{
    private readonly ConcurrentBag<byte[]> _free = [];
    private int _newest;

    /// <summary>The state of a Site; the Site's thread's to ask.</summary>
    public SavedState Of(Site site)
    {
        byte[] buffer = _free.TryTake(out byte[]? used) ? used : new byte[_newest + _newest / 4];
        int length = _newest = site.Save(ref buffer);
        return new(this, buffer, length);
    }

    /// <summary>Takes memory back that nobody reads any more.</summary>
    public void Return(byte[] buffer) => _free.Add(buffer);
}
