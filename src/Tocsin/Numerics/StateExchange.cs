using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Tocsin.Numerics;

/// <summary>Writes a state out or reads it back, by one description of it: each part names its fields once, in order.</summary>
/// <remarks>Little-endian, no padding, so equal states give equal bytes on every machine. Not a format for exchange with other
/// versions: a state is read by the build that wrote it.</remarks>
internal sealed class StateExchange
{
    // A Site's state is megabytes, and a live one is saved every few seconds between two plots: bytes go in by the run, not one by one.
    private const int FirstBytes = 1 << 20;
    private readonly byte[]? _given;
    private byte[] _written;
    private int _at, _count;

    private StateExchange(byte[]? given, byte[] written) => (_given, _written) = (given, written);

    /// <summary>Begins to write, into <paramref name="buffer"/> as far as that goes.</summary>
    public static StateExchange Into(byte[] buffer) => new(null, buffer);

    /// <summary>Begins to read.</summary>
    public static StateExchange From(byte[] state) => new(state, []);

    /// <summary>Whether fields are set from the bytes rather than written to them.</summary>
    public bool IsLoading => _given is not null;

    /// <summary>What was written, and behind it room that was not needed.</summary>
    public byte[] Buffer => _written;

    /// <summary>How many bytes of <see cref="Buffer"/> were written.</summary>
    public int Length => _count;

    /// <summary>FNV-1a, 64 bits (Fowler, Noll, Vo), of what was written: tells where two runs part, and is no protection against forgery.</summary>
    public ulong Hash()
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (byte b in _written.AsSpan(0, _count)) hash = (hash ^ b) * 1_099_511_628_211;
        return hash;
    }

    /// <summary>A whole number.</summary>
    public void Field(ref long value)
    {
        if (_given is null)
        {
            BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);
            return;
        }
        value = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
    }

    /// <summary>A whole number.</summary>
    public void Field(ref int value)
    {
        long wide = value;
        Field(ref wide);
        value = checked((int)wide);
    }

    /// <summary>A truth value.</summary>
    public void Field(ref bool value)
    {
        long wide = value ? 1 : 0;
        Field(ref wide);
        value = wide != 0;
    }

    /// <summary>A number, bit for bit.</summary>
    public void Field(ref double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        Field(ref bits);
        value = BitConverter.Int64BitsToDouble(bits);
    }

    /// <summary>An instant.</summary>
    public void Field(ref Instant value)
    {
        long ticks = value.Ticks;
        Field(ref ticks);
        value = new(ticks);
    }

    /// <summary>A text.</summary>
    public void Field(ref string value)
    {
        byte[] utf8 = IsLoading ? [] : Encoding.UTF8.GetBytes(value);
        int length = Count(utf8.Length);
        if (_given is null) utf8.CopyTo(Room(length));
        else value = Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Numbers of a fixed count, bit for bit.</summary>
    public void Fields(Span<double> values) => Fields(MemoryMarshal.Cast<double, long>(values));

    /// <summary>Whole numbers of a fixed count.</summary>
    public void Fields(Span<long> values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            for (int i = 0; i < values.Length; i++) Field(ref values[i]);
            return;
        }
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        if (_given is null) bytes.CopyTo(Room(bytes.Length));
        else Take(bytes.Length).CopyTo(bytes);
    }

    /// <summary>The length of what follows: the given one when writing, the stored one when reading.</summary>
    public int Count(int count)
    {
        Field(ref count);
        if (IsLoading && (count < 0 || count > _given!.Length)) throw new FormatException($"the state is damaged: a count of {count} at byte {_at - 8}");
        return count;
    }

    /// <summary>Throws where bytes are left over.</summary>
    public void End()
    {
        if (IsLoading && _at != _given!.Length) throw new FormatException($"the state is damaged: {_given.Length - _at} bytes too many");
    }

    private Span<byte> Room(int count)
    {
        if (_written.Length - _count < count) Array.Resize(ref _written, Math.Max(FirstBytes, Math.Max(2 * _written.Length, _count + count)));
        _count += count;
        return _written.AsSpan(_count - count, count);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_given!.Length - _at < count) throw new FormatException($"the state is cut at byte {_given.Length}");
        ReadOnlySpan<byte> bytes = _given.AsSpan(_at, count);
        _at += count;
        return bytes;
    }
}
