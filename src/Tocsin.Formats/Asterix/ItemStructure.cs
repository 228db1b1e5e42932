using System.Collections.Immutable;

namespace Tocsin.Formats.Asterix;

/// <summary>How the octets of a data item are laid out (EUROCONTROL-SPEC-0149, part 1, chapter 5: data field formats).</summary>
public abstract class ItemStructure
{
    private protected ItemStructure() { }

    /// <summary>Finds the length in octets of the item that <paramref name="data"/> begins with.</summary>
    /// <returns><see cref="AsterixProblem.None"/>, or why the item cannot be one.</returns>
    public abstract AsterixProblem Measure(ReadOnlySpan<byte> data, out int length);

    private protected static AsterixProblem Fit(int needed, ReadOnlySpan<byte> data, out int length)
    {
        length = needed;
        return needed <= data.Length ? AsterixProblem.None : AsterixProblem.ItemOverrun;
    }
}

/// <summary>A fixed-length item: its fields one after the other.</summary>
public sealed class FixedItem : ItemStructure
{
    /// <summary>Makes an item of whole octets.</summary>
    public FixedItem(ImmutableArray<Field> fields)
    {
        int bits = fields.Sum(f => f.Bits);
        if (bits % 8 != 0) throw new ArgumentException($"{bits} bits are not whole octets", nameof(fields));
        Fields = fields;
        Octets = bits / 8;
    }

    /// <summary>The fields, spare bits included.</summary>
    public ImmutableArray<Field> Fields { get; }

    /// <summary>The length.</summary>
    public int Octets { get; }

    /// <inheritdoc/>
    public override AsterixProblem Measure(ReadOnlySpan<byte> data, out int length) => Fit(Octets, data, out length);
}

/// <summary>An extended-length item: parts, each ending in a bit FX that says whether another follows.</summary>
/// <remarks>Parts beyond those of the table are single octets: later editions only ever append such parts.</remarks>
public sealed class ExtendedItem : ItemStructure
{
    /// <summary>Makes an item of parts that are whole octets with their FX bit.</summary>
    public ExtendedItem(ImmutableArray<ImmutableArray<Field>> parts)
    {
        foreach (ImmutableArray<Field> part in parts)
        {
            if (part.Sum(f => f.Bits) != 7) throw new ArgumentException("a part is seven bits and FX", nameof(parts));
        }
        Parts = parts;
    }

    /// <summary>The fields of each part, without its FX bit.</summary>
    public ImmutableArray<ImmutableArray<Field>> Parts { get; }

    /// <inheritdoc/>
    public override AsterixProblem Measure(ReadOnlySpan<byte> data, out int length)
    {
        length = 0;
        while (length < data.Length)
            if ((data[length++] & 1) == 0) return AsterixProblem.None;
        return AsterixProblem.ItemOverrun;
    }
}

/// <summary>A repetitive item: a count in one octet, then that many groups of fields.</summary>
public sealed class RepetitiveItem(FixedItem element) : ItemStructure
{
    /// <summary>What is repeated.</summary>
    public FixedItem Element { get; } = element;

    /// <inheritdoc/>
    public override AsterixProblem Measure(ReadOnlySpan<byte> data, out int length) =>
        data.IsEmpty ? Fit(1, data, out length) : Fit(1 + data[0] * Element.Octets, data, out length);
}

/// <summary>A repetitive item whose elements each end in a bit FX that says whether another follows.</summary>
public sealed class ChainedItem : ItemStructure
{
    /// <summary>Makes an item whose elements are whole octets with their FX bit.</summary>
    public ChainedItem(ImmutableArray<Field> fields)
    {
        int bits = fields.Sum(f => f.Bits) + 1;
        if (bits % 8 != 0) throw new ArgumentException("an element is whole octets with FX", nameof(fields));
        Fields = fields;
        Octets = bits / 8;
    }

    /// <summary>The fields of one element, without its FX bit.</summary>
    public ImmutableArray<Field> Fields { get; }

    /// <summary>The length of one element.</summary>
    public int Octets { get; }

    /// <inheritdoc/>
    public override AsterixProblem Measure(ReadOnlySpan<byte> data, out int length)
    {
        for (length = Octets; length <= data.Length; length += Octets)
            if ((data[length - 1] & 1) == 0) return AsterixProblem.None;
        return AsterixProblem.ItemOverrun;
    }
}

/// <summary>A compound item: a presence map of its own, then the sub-items that it announces.</summary>
public sealed class CompoundItem(ImmutableArray<ItemDefinition?> subItems) : ItemStructure
{
    /// <summary>The sub-items in the order of the presence map's bits, FX bits not counted; null for a spare bit.</summary>
    public ImmutableArray<ItemDefinition?> SubItems { get; } = subItems;

    /// <inheritdoc/>
    public override AsterixProblem Measure(ReadOnlySpan<byte> data, out int length) => Find(data, -1, out _, out length);

    /// <summary>Finds one sub-item, or measures the whole.</summary>
    /// <param name="data">Begins with the item.</param>
    /// <param name="wanted">Index of the sub-item to find; -1 to measure the whole item.</param>
    /// <param name="start">Where the wanted sub-item starts; -1 where it is absent.</param>
    /// <param name="end">Where the wanted sub-item, or else the whole item, ends.</param>
    public AsterixProblem Find(ReadOnlySpan<byte> data, int wanted, out int start, out int end)
    {
        start = -1;
        end = 0;
        if (!PresenceMap.TryMeasure(data, out int mapOctets)) return AsterixProblem.ItemOverrun;
        end = mapOctets;
        for (int octet = 0; octet < mapOctets; octet++)
        {
            for (int bits = data[octet] & 0xFE, bit = 0; bits != 0; bits = (bits << 1) & 0xFF, bit++)
            {
                if ((bits & 0x80) == 0) continue;
                int index = octet * 7 + bit;
                if (index >= SubItems.Length || SubItems[index] is not { } sub) return AsterixProblem.UndefinedItem;
                AsterixProblem problem = sub.Structure.Measure(data[end..], out int length);
                if (problem != AsterixProblem.None) return problem;
                end += length;
                if (index != wanted) continue;
                start = end - length;
                return AsterixProblem.None;
            }
        }
        return AsterixProblem.None;
    }
}

/// <summary>An explicit-length item: its first octet is its length, itself included (Reserved Expansion and Special Purpose fields).</summary>
public sealed class ExplicitItem : ItemStructure
{
    /// <inheritdoc/>
    public override AsterixProblem Measure(ReadOnlySpan<byte> data, out int length)
    {
        if (data.IsEmpty) return Fit(1, data, out length);
        AsterixProblem fit = Fit(data[0], data, out length);
        return length == 0 ? AsterixProblem.BadItemLength : fit;
    }
}

/// <summary>The chain of octets, seven presence bits and FX each, that says what follows it (FSPEC).</summary>
internal static class PresenceMap
{
    /// <summary>Counts the octets of the map that <paramref name="data"/> begins with; false where it runs past the end.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> data, out int octets)
    {
        for (octets = 0; octets < data.Length;)
            if ((data[octets++] & 1) == 0) return true;
        return false;
    }
}
