using System.Collections.Immutable;
using System.Globalization;

namespace Tocsin.Formats.Asterix;

/// <summary>One field of a record with its value.</summary>
/// <param name="Path">Where it is: "040/RHO", "130/SRL", "250[2]/BDS1".</param>
/// <param name="Field">The field's definition; null for octets that the table does not define.</param>
/// <param name="Bits">Its bits; 0 for undefined octets.</param>
/// <param name="Text">Its value for a person, with unit or meaning.</param>
public sealed record DecodedField(string Path, Field? Field, ulong Bits, string Text)
{
    /// <summary>The value in its unit; null where it is no number.</summary>
    public double? Number => Field?.Kind is FieldKind.Unsigned or FieldKind.Signed ? Field.Interpret(Bits) * Field.Lsb : null;
}

/// <summary>One item of a record with its fields.</summary>
/// <param name="Definition">The item's definition.</param>
/// <param name="Fields">Its fields in order, spare bits left out.</param>
public sealed record DecodedItem(ItemDefinition Definition, ImmutableArray<DecodedField> Fields);

/// <summary>Takes a record apart into all its fields, for people and tests; plots are read without it.</summary>
public static class RecordReader
{
    /// <summary>Every item of the record, in the order of the octets.</summary>
    public static ImmutableArray<DecodedItem> Expand(in AsterixRecord record)
    {
        ImmutableArray<DecodedItem>.Builder items = ImmutableArray.CreateBuilder<DecodedItem>();
        for (int frn = 0; frn < record.Table.Profile.Length; frn++)
        {
            if (!record.Has(frn)) continue;
            ItemDefinition definition = record.Table.Profile[frn]!;
            ImmutableArray<DecodedField>.Builder fields = ImmutableArray.CreateBuilder<DecodedField>();
            Expand(definition.Name, definition.Structure, record.Item(frn), fields);
            items.Add(new(definition, fields.ToImmutable()));
        }
        return items.ToImmutable();
    }

    private static void Expand(string path, ItemStructure structure, ReadOnlySpan<byte> octets, ImmutableArray<DecodedField>.Builder to)
    {
        switch (structure)
        {
            case FixedItem item:
                AddFields(path, item.Fields, octets, to);
                break;
            case ExtendedItem item:
                int known = Math.Min(octets.Length, item.Parts.Length);
                for (int part = 0; part < known; part++) AddFields(path, item.Parts[part], octets[part..], to);
                if (octets.Length > known) to.Add(Undefined($"{path}/later parts", octets[known..]));
                break;
            case RepetitiveItem item:
                for (int i = 0; i < octets[0]; i++) AddFields($"{path}[{i}]", item.Element.Fields, octets[(1 + i * item.Element.Octets)..], to);
                break;
            case ChainedItem item:
                for (int i = 0; i * item.Octets < octets.Length; i++) AddFields($"{path}[{i}]", item.Fields, octets[(i * item.Octets)..], to);
                break;
            case CompoundItem item:
                for (int i = 0; i < item.SubItems.Length; i++)
                {
                    if (item.SubItems[i] is not { } sub) continue;
                    item.Find(octets, i, out int start, out int end);
                    if (start >= 0) Expand($"{path}/{sub.Name}", sub.Structure, octets[start..end], to);
                }
                break;
            case ExplicitItem:
                to.Add(Undefined(path, octets[1..]));
                break;
        }
    }

    private static DecodedField Undefined(string path, ReadOnlySpan<byte> octets) => new(path, null, 0, Convert.ToHexString(octets));

    private static void AddFields(string path, ImmutableArray<Field> fields, ReadOnlySpan<byte> octets, ImmutableArray<DecodedField>.Builder to)
    {
        int bit = 0;
        foreach (Field field in fields)
        {
            if (field.Kind != FieldKind.Spare)
            {
                ulong bits = BitField.Read(octets, bit, field.Bits);
                to.Add(new(field.Name.Length == 0 ? path : $"{path}/{field.Name}", field, bits, FieldText.Of(field, bits)));
            }
            bit += field.Bits;
        }
    }
}

/// <summary>Writes the value of a field for a person.</summary>
internal static class FieldText
{
    /// <summary>The value with its unit or meaning, and in SI units where its own are others.</summary>
    public static string Of(Field field, ulong bits) => field.Kind switch
    {
        FieldKind.Unsigned or FieldKind.Signed => Quantity(field, field.Interpret(bits) * field.Lsb),
        FieldKind.Code => field.Meaning(bits) is { } meaning ? $"{bits} ({meaning})" : $"{bits}",
        FieldKind.Octal => Convert.ToString((long)bits, 8).PadLeft(field.Bits / 3, '0'),
        FieldKind.Icao => Characters(bits, field.Bits, 6),
        FieldKind.Ascii => Characters(bits, field.Bits, 8),
        _ => field.Bits > 16 ? bits.ToString("X" + (field.Bits + 3) / 4, CultureInfo.InvariantCulture) : $"{bits}",
    };

    private static string Quantity(Field field, double value)
    {
        string number = value.ToString("0.######", CultureInfo.InvariantCulture);
        return field.Unit switch
        {
            "" => number,
            "NM" => $"{number} NM ({value * Units.MetresPerNauticalMile / 1000:0.000} km)",
            "NM/s" => $"{number} NM/s ({value * Units.MetresPerNauticalMile:0.0} m/s)",
            "ft" => $"{number} ft ({value * Units.MetresPerFoot:0.0} m)",
            "°" => number + "°",
            // A time of day is the only quantity in seconds that has three octets.
            "s" when field.Bits == 24 && value < 86_400 => $"{TimeSpan.FromSeconds(value):hh\\:mm\\:ss\\.fffffff} ({number} s)",
            _ => $"{number} {field.Unit}",
        };
    }

    private static string Characters(ulong bits, int count, int width)
    {
        Span<char> text = stackalloc char[count / width];
        for (int i = text.Length - 1; i >= 0; i--, bits >>= width)
        {
            int code = (int)(bits & ((1UL << width) - 1));
            // The six-bit alphabet is that of ASCII with its two upper bits folded away.
            if (width == 6) code = code is >= 1 and <= 26 ? code + 64 : code;
            // Senders that have no identification fill it with zeros.
            text[i] = code == 0 ? ' ' : code is >= 32 and < 127 ? (char)code : '?';
        }
        return text.TrimEnd().ToString();
    }
}
