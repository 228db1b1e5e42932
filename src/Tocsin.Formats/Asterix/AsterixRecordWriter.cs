using System.Buffers;
using System.Collections.Immutable;

namespace Tocsin.Formats.Asterix;

/// <summary>Builds one record of a category by the category's own table: what <see cref="AsterixRecord"/> reads, this writes.</summary>
/// <remarks>Fields may be set in any order. Every item of which a field is set is present; its other fields are zero. Presence maps, FX bits
/// and the order of the octets follow from the table (EUROCONTROL-SPEC-0149, part 1, edition 3.1, chapters 4 and 5). Repetitive, chained and explicit items are not written.</remarks>
public sealed class AsterixRecordWriter
{
    private const int NoSubItem = -1;
    private readonly CategoryTable _table;
    private readonly SortedDictionary<(int Frn, int SubItem), byte[]> _items = [];

    /// <summary>Makes a writer of records of one category.</summary>
    public AsterixRecordWriter(CategoryTable table) => _table = table;

    /// <summary>Begins a new record.</summary>
    public void Clear() => _items.Clear();

    /// <summary>Sets a field to a count of its least significant bits.</summary>
    /// <returns>False where the count was beyond what the field can say, and the nearest that it can say was written.</returns>
    public bool Set(FieldLocation field, long steps)
    {
        long least = field.Field.Kind == FieldKind.Signed ? -(1L << (field.Field.Bits - 1)) : 0;
        long most = field.Field.Kind == FieldKind.Signed ? -least - 1 : (1L << field.Field.Bits) - 1;
        long clipped = Math.Clamp(steps, least, most);
        byte[] octets = Octets(field);
        int first = field.Part * 8 + field.BitOffset;
        for (int bit = 0; bit < field.Field.Bits; bit++)
        {
            int at = first + bit;
            byte mask = (byte)(0x80 >> (at & 7));
            if (((clipped >> (field.Field.Bits - 1 - bit)) & 1) != 0) octets[at >> 3] |= mask;
            else octets[at >> 3] &= (byte)~mask;
        }
        return clipped == steps;
    }

    /// <summary>Sets a field to the step nearest to a value in the field's unit.</summary>
    /// <param name="field">The field.</param>
    /// <param name="value">The value; what is not a number leaves the field out.</param>
    /// <param name="least">The least value that the specification allows where that is more than the field's bits can say.</param>
    /// <param name="most">The greatest one, likewise.</param>
    /// <returns>False where the value was beyond the limits, and the nearest that may be said was written.</returns>
    public bool SetValue(FieldLocation field, double value, double least = double.NegativeInfinity, double most = double.PositiveInfinity)
    {
        if (double.IsNaN(value)) return true;
        double allowed = Math.Clamp(value, least, most);
        double steps = Math.Round(allowed / field.Field.Lsb);
        // A double beyond 2^62 has no count of steps; the field clips it all the same.
        bool fits = Set(field, (long)Math.Clamp(steps, -(double)(1L << 62), 1L << 62));
        return fits && allowed == value;
    }

    /// <summary>Writes the record: its presence map, then its items.</summary>
    /// <returns>Its length in octets.</returns>
    /// <exception cref="InvalidOperationException">No field was set.</exception>
    public int WriteTo(IBufferWriter<byte> output)
    {
        if (_items.Count == 0) throw new InvalidOperationException("a record needs an item");
        int length = WriteMap(output, _items.Keys.Select(k => k.Frn));
        int frn = -1;
        foreach (((int Frn, int SubItem) key, byte[] octets) in _items)
        {
            if (key.SubItem != NoSubItem && key.Frn != frn) length += WriteMap(output, _items.Keys.Where(k => k.Frn == key.Frn).Select(k => k.SubItem));
            frn = key.Frn;
            int used = octets.Length;
            if (Structure(key.Frn, key.SubItem) is ExtendedItem) used = Chain(octets);
            output.Write(octets.AsSpan(0, used));
            length += used;
        }
        return length;
    }

    /// <summary>Sets the FX bits of an extended item so that it ends with its last part that says something.</summary>
    private static int Chain(byte[] parts)
    {
        int used = Math.Max(1, Array.FindLastIndex(parts, o => (o & 0xFE) != 0) + 1);
        for (int i = 0; i < used; i++) parts[i] = (byte)(i == used - 1 ? parts[i] & 0xFE : parts[i] | 1);
        return used;
    }

    private static int WriteMap(IBufferWriter<byte> output, IEnumerable<int> present)
    {
        Span<byte> map = stackalloc byte[AsterixLimits.ProfileItems / 7 + 1];
        map.Clear();
        int octets = 1;
        foreach (int index in present)
        {
            map[index / 7] |= (byte)(0x80 >> (index % 7));
            octets = Math.Max(octets, index / 7 + 1);
        }
        for (int i = 0; i < octets - 1; i++) map[i] |= 1;
        output.Write(map[..octets]);
        return octets;
    }

    private byte[] Octets(FieldLocation field)
    {
        (int, int) key = (field.Frn, field.SubItem);
        if (_items.TryGetValue(key, out byte[]? octets)) return octets;
        octets = Structure(field.Frn, field.SubItem) switch
        {
            FixedItem item => new byte[item.Octets],
            ExtendedItem item => new byte[item.Parts.Length],
            _ => throw new ArgumentException("only fixed and extended items are written", nameof(field)),
        };
        _items.Add(key, octets);
        return octets;
    }

    private ItemStructure Structure(int frn, int subItem)
    {
        ItemStructure structure = _table.Profile[frn]!.Structure;
        return subItem == NoSubItem ? structure : ((CompoundItem)structure).SubItems[subItem]!.Structure;
    }
}

/// <summary>Packs records of one category into data blocks, one block a datagram.</summary>
/// <param name="category">The category.</param>
/// <param name="datagramOctets">The longest datagram to make; a record that is longer by itself still goes out alone.</param>
public sealed class AsterixBlockWriter(byte category, int datagramOctets)
{
    private readonly ArrayBufferWriter<byte> _record = new(), _block = new();

    /// <summary>The datagrams that are full.</summary>
    public ImmutableArray<byte[]>.Builder Datagrams { get; } = ImmutableArray.CreateBuilder<byte[]>();

    /// <summary>Adds a record.</summary>
    public void Add(AsterixRecordWriter record)
    {
        _record.ResetWrittenCount();
        record.WriteTo(_record);
        if (_block.WrittenCount > 0 && _block.WrittenCount + _record.WrittenCount > datagramOctets) End();
        if (_block.WrittenCount == 0) _block.Write<byte>([category, 0, 0]);
        _block.Write(_record.WrittenSpan);
    }

    /// <summary>Ends the block that is under way.</summary>
    public void End()
    {
        if (_block.WrittenCount == 0) return;
        byte[] block = _block.WrittenSpan.ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(1), (ushort)block.Length);
        Datagrams.Add(block);
        _block.ResetWrittenCount();
    }
}
