using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>What tells one measurement of one sensor from another: its time and its three figures, bit for bit.</summary>
internal readonly record struct MeasurementKey(long Ticks, int Sensor, long Range, long Azimuth, long Elevation)
{
    /// <summary>Where it stands in a table of a power of two; the azimuth has the most different bits.</summary>
    public int Bucket(int mask)
    {
        ulong h = ((ulong)Ticks * 0x9E37_79B9_7F4A_7C15) ^ ((ulong)Range * 0xC2B2_AE3D_27D4_EB4F) ^ ((ulong)Azimuth * 0x1656_67B1_9E37_79F9) ^ ((ulong)Elevation * 0x27D4_EB2F_1656_67C5) ^ (uint)Sensor;
        return (int)(h >> 40) & mask;
    }
}

/// <summary>The newest measurements, so that one that comes again is known; the oldest makes room for the next.</summary>
/// <remarks>A ring with a chained hash table over it. Both grow with what is seen and then stay, so that nothing is allocated for a plot; order never comes
/// from the table.</remarks>
internal sealed class RecentMeasurements
{
    private const int Remembered = 8_192;
    // A ring of columns: none is large enough for the large-object heap.
    private long[] _ticks = [], _range = [], _azimuth = [], _elevation = [];
    private int[] _sensor = [], _next = [], _head = [];
    private int _oldest, _count;

    /// <summary>Remembers a measurement; false where it is remembered already.</summary>
    public bool Add(in MeasurementKey key)
    {
        if (_count < Remembered && _count == _ticks.Length) Grow();
        int mask = _head.Length - 1, bucket = key.Bucket(mask);
        for (int i = _head[bucket]; i >= 0; i = _next[i])
            if (At(i) == key) return false;
        if (_count == Remembered) ForgetOldest(mask);
        int at = (_oldest + _count++) & (_ticks.Length - 1);
        (_ticks[at], _sensor[at], _range[at], _azimuth[at], _elevation[at]) = key;
        (_next[at], _head[bucket]) = (_head[bucket], at);
        return true;
    }

    /// <summary>Writes or reads what is remembered, oldest first.</summary>
    public void Exchange(StateExchange x)
    {
        int count = x.Count(_count);
        if (!x.IsLoading)
        {
            int first = Math.Min(count, _ticks.Length - _oldest);
            foreach (long[] column in (ReadOnlySpan<long[]>)[_ticks, _range, _azimuth, _elevation])
            {
                x.Fields(column.AsSpan(_oldest, first));
                x.Fields(column.AsSpan(0, count - first));
            }
            for (int i = 0; i < count; i++) x.Field(ref _sensor[(_oldest + i) & (_ticks.Length - 1)]);
            return;
        }
        (_oldest, _count) = (0, 0);
        Array.Fill(_head, -1);
        long[] ticks = new long[count], range = new long[count], azimuth = new long[count], elevation = new long[count];
        foreach (long[] column in (ReadOnlySpan<long[]>)[ticks, range, azimuth, elevation]) x.Fields(column.AsSpan());
        for (int i = 0; i < count; i++)
        {
            int sensor = 0;
            x.Field(ref sensor);
            Add(new(ticks[i], sensor, range[i], azimuth[i], elevation[i]));
        }
    }

    private MeasurementKey At(int i) => new(_ticks[i], _sensor[i], _range[i], _azimuth[i], _elevation[i]);

    // The oldest of all is the last of its chain, as new ones go to its head.
    private void ForgetOldest(int mask)
    {
        ref int link = ref _head[At(_oldest).Bucket(mask)];
        while (link != _oldest) link = ref _next[link];
        link = -1;
        _oldest = (_oldest + 1) & (_ticks.Length - 1);
        _count--;
    }

    // Only before anything is forgotten: the ring still begins at its start.
    private void Grow()
    {
        int length = Math.Max(256, 2 * _ticks.Length);
        Array.Resize(ref _ticks, length);
        Array.Resize(ref _range, length);
        Array.Resize(ref _azimuth, length);
        Array.Resize(ref _elevation, length);
        Array.Resize(ref _sensor, length);
        _next = new int[length];
        _head = new int[length];
        Array.Fill(_head, -1);
        for (int i = 0; i < _count; i++)
        {
            ref int head = ref _head[At(i).Bucket(length - 1)];
            (_next[i], head) = (head, i);
        }
    }
}
