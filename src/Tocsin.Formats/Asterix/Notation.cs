using System.Collections.Immutable;

namespace Tocsin.Formats.Asterix;

/// <summary>The words in which the category tables are written, so that they read like the specifications.</summary>
internal static class Notation
{
    public static ItemDefinition Item(string name, string title, ItemStructure structure) => new(name, title, structure);

    public static FixedItem Fixed(params Field[] fields) => new([.. fields]);

    public static ExtendedItem Extended(params Field[][] parts) => new([.. parts.Select(p => p.ToImmutableArray())]);

    public static RepetitiveItem Repetitive(params Field[] fields) => new(Fixed(fields));

    public static ChainedItem Chained(params Field[] fields) => new([.. fields]);

    public static CompoundItem Compound(params ItemDefinition?[] subItems) => new([.. subItems]);

    public static ExplicitItem Explicit() => new();

    public static Field Spare(int bits) => new("", bits, FieldKind.Spare);

    public static Field Raw(string name, int bits) => new(name, bits, FieldKind.Raw);

    public static Field Unsigned(string name, int bits, double lsb = 1, string unit = "") => new(name, bits, FieldKind.Unsigned) { Lsb = lsb, Unit = unit };

    public static Field Signed(string name, int bits, double lsb = 1, string unit = "") => new(name, bits, FieldKind.Signed) { Lsb = lsb, Unit = unit };

    /// <summary>A code; <paramref name="meanings"/> count from 0, null where a value has none.</summary>
    public static Field Code(string name, int bits, params string?[] meanings) => new(name, bits, FieldKind.Code) { Meanings = [.. meanings] };

    public static Field Octal(string name, int bits) => new(name, bits, FieldKind.Octal);

    public static Field Icao(string name, int bits) => new(name, bits, FieldKind.Icao);

    public static Field Ascii(string name, int bits) => new(name, bits, FieldKind.Ascii);

    /// <summary>Fields that the specification groups under one name.</summary>
    public static Field[] Named(string group, params Field[] fields) =>
        [.. fields.Select(f => f.Kind == FieldKind.Spare ? f : f with { Name = $"{group}.{f.Name}" })];

    /// <summary>System area code and system identification code.</summary>
    public static FixedItem SacSic() => Fixed(Raw("SAC", 8), Raw("SIC", 8));

    /// <summary>The two items that end every category: their length is honoured, their contents are not decoded.</summary>
    public static ItemDefinition ReservedExpansion { get; } = Item("RE", "Reserved Expansion Field", Explicit());

    public static ItemDefinition SpecialPurpose { get; } = Item("SP", "Special Purpose Field", Explicit());
}
