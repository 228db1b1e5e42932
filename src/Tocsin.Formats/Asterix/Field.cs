using System.Collections.Immutable;

namespace Tocsin.Formats.Asterix;

/// <summary>How the bits of a field are read.</summary>
public enum FieldKind
{
    /// <summary>Bits without meaning.</summary>
    Spare,
    /// <summary>A bare bit pattern.</summary>
    Raw,
    /// <summary>A number without sign, times its least significant bit.</summary>
    Unsigned,
    /// <summary>A number in two's complement, times its least significant bit.</summary>
    Signed,
    /// <summary>A code with a meaning for each value.</summary>
    Code,
    /// <summary>Octal digits of three bits each.</summary>
    Octal,
    /// <summary>Characters of six bits each (ICAO Annex 10, volume IV, table 3-9).</summary>
    Icao,
    /// <summary>Characters of eight bits each.</summary>
    Ascii,
}

/// <summary>One field of a data item: a run of bits with a name and a meaning.</summary>
/// <param name="Name">Its name in the specification; empty where the item is this one field.</param>
/// <param name="Bits">How many bits it has.</param>
/// <param name="Kind">How they are read.</param>
public sealed record Field(string Name, int Bits, FieldKind Kind)
{
    /// <summary>What one step of the least significant bit is worth, in <see cref="Unit"/>.</summary>
    public double Lsb { get; init; } = 1;

    /// <summary>The unit of the value; empty for none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The meaning of each value of a code, from 0; null where the specification gives none.</summary>
    public ImmutableArray<string?> Meanings { get; init; } = [];

    /// <summary>The signed or unsigned count of least significant bits that <paramref name="bits"/> stand for.</summary>
    public long Interpret(ulong bits) =>
        Kind == FieldKind.Signed ? (long)(bits << (64 - Bits)) >> (64 - Bits) : (long)bits;

    /// <summary>The meaning of a code's value; null where there is none.</summary>
    public string? Meaning(ulong value) => value < (ulong)Meanings.Length ? Meanings[(int)value] : null;
}
