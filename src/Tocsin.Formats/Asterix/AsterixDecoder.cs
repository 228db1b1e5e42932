using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Tocsin.Formats.Asterix;

/// <summary>Takes what <see cref="AsterixDecoder"/> finds, in the order of the octets.</summary>
/// <remarks>Every octet of the input is told exactly once: three for each block, then records, unknown blocks' contents and problems.</remarks>
public interface IAsterixHandler
{
    /// <summary>A block's header.</summary>
    void OnBlock(int category, long offset);

    /// <summary>A record that is whole.</summary>
    void OnRecord(in AsterixRecord record);

    /// <summary>The contents of a block of a category that has no table.</summary>
    void OnUnknownCategory(int category, long offset, int octets);

    /// <summary>Octets that were passed over.</summary>
    void OnProblem(AsterixProblem problem, int category, long offset, int octets);
}

/// <summary>The categories that a decoder knows: at most one table for each.</summary>
public sealed class CategorySet
{
    private readonly CategoryTable?[] _tables = new CategoryTable?[256];

    /// <summary>Makes a set of tables for different categories.</summary>
    public CategorySet(ImmutableArray<CategoryTable> tables)
    {
        foreach (CategoryTable table in tables) _tables[table.Category] = table;
    }

    /// <summary>The categories of a radar feed: plots and service messages.</summary>
    public static CategorySet Plots { get; } = new([Category015.Table, Category034.Table, Category048.Table]);

    /// <summary>Every category that there is a table for.</summary>
    public static CategorySet All { get; } = new([Category015.Table, Category034.Table, Category048.Table, Category062.Table, Category065.Table]);

    /// <summary>The set without the categories given.</summary>
    public CategorySet Without(Func<int, bool> category) => new([.. _tables.Where(t => t is not null && !category(t.Category)).Select(t => t!)]);

    /// <summary>The table of a category; null for none.</summary>
    public CategoryTable? this[int category] => _tables[category];
}

/// <summary>Splits data blocks (CAT, LEN, records) into records (EUROCONTROL-SPEC-0149, part 1, edition 3.1, chapter 4).</summary>
/// <remarks>Nothing in the octets makes it throw. After a bad record it goes on at the next block, by the block's length.</remarks>
public static class AsterixDecoder
{
    /// <summary>Decodes a datagram or a file of raw data blocks.</summary>
    /// <param name="categories">The tables to decode by.</param>
    /// <param name="data">The octets.</param>
    /// <param name="offset">Where <paramref name="data"/> stands in its input; the offsets told count from there.</param>
    /// <param name="handler">Takes what is found.</param>
    public static void Decode<THandler>(CategorySet categories, ReadOnlySpan<byte> data, long offset, ref THandler handler)
        where THandler : IAsterixHandler
    {
        while (!data.IsEmpty)
        {
            if (data.Length < AsterixLimits.BlockHeaderOctets)
            {
                handler.OnProblem(AsterixProblem.TrailingOctets, -1, offset, data.Length);
                return;
            }
            int category = data[0];
            int length = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
            if (length < AsterixLimits.BlockHeaderOctets)
            {
                handler.OnProblem(AsterixProblem.BadBlockLength, category, offset, data.Length);
                return;
            }
            bool whole = length <= data.Length;
            int available = whole ? length : data.Length;
            handler.OnBlock(category, offset);
            DecodeBlock(categories[category], category, data[AsterixLimits.BlockHeaderOctets..available],
                offset + AsterixLimits.BlockHeaderOctets, whole, ref handler);
            data = data[available..];
            offset += available;
        }
    }

    private static void DecodeBlock<THandler>(
        CategoryTable? table, int category, ReadOnlySpan<byte> records, long offset, bool whole, ref THandler handler)
        where THandler : IAsterixHandler
    {
        if (table is null)
        {
            if (whole) handler.OnUnknownCategory(category, offset, records.Length);
            else handler.OnProblem(AsterixProblem.TruncatedBlock, category, offset, records.Length);
            return;
        }
        Span<ushort> starts = stackalloc ushort[AsterixLimits.ProfileItems];
        Span<ushort> ends = stackalloc ushort[AsterixLimits.ProfileItems];
        while (!records.IsEmpty)
        {
            AsterixProblem problem = Layout(table, records, starts, ends, out int length);
            if (problem != AsterixProblem.None)
            {
                handler.OnProblem(whole ? problem : AsterixProblem.TruncatedBlock, category, offset, records.Length);
                return;
            }
            var record = new AsterixRecord(table, records[..length], offset, starts, ends);
            handler.OnRecord(in record);
            records = records[length..];
            offset += length;
        }
        // The records that are there were whole, but the block promised more.
        if (!whole) handler.OnProblem(AsterixProblem.TruncatedBlock, category, offset, 0);
    }

    /// <summary>Finds where each item of the record that <paramref name="data"/> begins with starts and ends.</summary>
    private static AsterixProblem Layout(CategoryTable table, ReadOnlySpan<byte> data, Span<ushort> starts, Span<ushort> ends, out int length)
    {
        starts.Clear();
        ends.Clear();
        length = 0;
        if (!PresenceMap.TryMeasure(data, out int mapOctets)) return AsterixProblem.PresenceMapOverrun;
        length = mapOctets;
        for (int octet = 0; octet < mapOctets; octet++)
        {
            for (int bits = data[octet] & 0xFE, frn = octet * 7; bits != 0; bits = (bits << 1) & 0xFF, frn++)
            {
                if ((bits & 0x80) == 0) continue;
                if (frn >= table.Profile.Length || table.Profile[frn] is not { } item) return AsterixProblem.UndefinedItem;
                AsterixProblem problem = item.Structure.Measure(data[length..], out int octets);
                if (problem != AsterixProblem.None) return problem;
                starts[frn] = (ushort)length;
                length += octets;
                ends[frn] = (ushort)length;
            }
        }
        return length == mapOctets ? AsterixProblem.EmptyRecord : AsterixProblem.None;
    }
}
