namespace Tocsin.Formats.Asterix;

/// <summary>One record of a data block: a view of its octets that finds items without copying them.</summary>
public readonly ref struct AsterixRecord
{
    private readonly ReadOnlySpan<ushort> _starts;
    private readonly ReadOnlySpan<ushort> _ends;

    internal AsterixRecord(CategoryTable table, ReadOnlySpan<byte> octets, long offset, ReadOnlySpan<ushort> starts, ReadOnlySpan<ushort> ends)
    {
        Table = table;
        Octets = octets;
        Offset = offset;
        _starts = starts;
        _ends = ends;
    }

    /// <summary>The category's table.</summary>
    public CategoryTable Table { get; }

    /// <summary>The record, from its FSPEC on.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>Where the record starts in its input.</summary>
    public long Offset { get; }

    /// <summary>Whether the item at <paramref name="frn"/> of the profile is present.</summary>
    public bool Has(int frn) => _starts[frn] != 0;

    /// <summary>The octets of the item at <paramref name="frn"/> of the profile; empty where it is absent.</summary>
    public ReadOnlySpan<byte> Item(int frn) => Octets[_starts[frn].._ends[frn]];

    /// <summary>Reads a field as a count of its least significant bits; false where it is absent.</summary>
    public bool TryRead(FieldLocation field, out long value)
    {
        value = 0;
        ReadOnlySpan<byte> item = Item(field.Frn);
        if (item.IsEmpty) return false;
        if (field.SubItem >= 0)
        {
            var compound = (CompoundItem)Table.Profile[field.Frn]!.Structure;
            compound.Find(item, field.SubItem, out int start, out int end);
            if (start < 0) return false;
            item = item[start..end];
        }
        for (int part = 0; part < field.Part; part++)
            if ((item[part] & 1) == 0) return false;
        value = field.Field.Interpret(BitField.Read(item[field.Part..], field.BitOffset, field.Field.Bits));
        return true;
    }

    /// <summary>Reads a field in its unit; NaN where it is absent.</summary>
    public double Read(FieldLocation field) => TryRead(field, out long value) ? value * field.Field.Lsb : double.NaN;

    /// <summary>Whether a flag is present and set.</summary>
    public bool IsSet(FieldLocation flag) => TryRead(flag, out long value) && value != 0;
}

/// <summary>Reads runs of bits, most significant first.</summary>
internal static class BitField
{
    /// <summary>The <paramref name="bits"/> (at most 64) bits that begin at <paramref name="bitOffset"/>.</summary>
    public static ulong Read(ReadOnlySpan<byte> data, int bitOffset, int bits)
    {
        int at = bitOffset >> 3, used = bitOffset & 7, have = 8 - used;
        ulong value = (ulong)data[at] & (0xFFUL >> used);
        if (have >= bits) return value >> (have - bits);
        for (bits -= have; bits >= 8; bits -= 8) value = (value << 8) | data[++at];
        return bits == 0 ? value : (value << bits) | ((uint)data[++at] >> (8 - bits));
    }
}
