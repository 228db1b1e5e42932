using System.Collections.Immutable;

namespace Tocsin.Formats.Asterix;

/// <summary>One data item of a category, or one sub-item of a compound item.</summary>
/// <param name="Name">Its number or name in the specification, such as "040", "RE" or "SRL".</param>
/// <param name="Title">Its title.</param>
/// <param name="Structure">How its octets are laid out.</param>
public sealed record ItemDefinition(string Name, string Title, ItemStructure Structure);

/// <summary>One category as its specification describes it: its data items and the order of their presence bits.</summary>
public sealed class CategoryTable
{
    private readonly Dictionary<string, int> _frnByName = new(StringComparer.Ordinal);

    /// <summary>Makes a table; every item of the user application profile must be among <paramref name="items"/>.</summary>
    /// <param name="category">The category.</param>
    /// <param name="title">Its title.</param>
    /// <param name="editions">The editions that this table reads; the last is the one that it was written from.</param>
    /// <param name="items">The data items.</param>
    /// <param name="profile">The names of the items in the order of their presence bits; empty for a spare bit.</param>
    /// <param name="timeItem">The name of the item with the time of day; null where there is none.</param>
    public CategoryTable(byte category, string title, ImmutableArray<string> editions, ImmutableArray<ItemDefinition> items, string[] profile, string? timeItem = null)
    {
        Category = category;
        Title = title;
        Editions = editions;
        Items = items;
        Profile = [.. profile.Select(name => name.Length == 0 ? null : items.Single(i => i.Name == name))];
        for (int frn = 0; frn < profile.Length; frn++)
            if (profile[frn].Length > 0) _frnByName.Add(profile[frn], frn);
        if (_frnByName.Count != items.Length) throw new ArgumentException($"an item of category {category} has no presence bit", nameof(profile));
        TimeItem = timeItem is null ? null : IndexOf(timeItem);
        if (profile.Length > AsterixLimits.ProfileItems) throw new ArgumentException("profile too long", nameof(profile));
    }

    /// <summary>The category.</summary>
    public byte Category { get; }

    /// <summary>Its title.</summary>
    public string Title { get; }

    /// <summary>The editions that this table reads; the last is the one that it was written from.</summary>
    public ImmutableArray<string> Editions { get; }

    /// <summary>The data items, in the order of the specification.</summary>
    public ImmutableArray<ItemDefinition> Items { get; }

    /// <summary>The items in the order of their presence bits (user application profile); null for a spare bit.</summary>
    public ImmutableArray<ItemDefinition?> Profile { get; }

    /// <summary>Index in <see cref="Profile"/> of the item with the message's time of day in three octets; null where the category has none.</summary>
    public int? TimeItem { get; }

    /// <summary>Index in <see cref="Profile"/> of the item called <paramref name="name"/>.</summary>
    public int IndexOf(string name) => _frnByName[name];

    /// <summary>Where to find one item's field in a record: "040/RHO", "140", "020/TST" or "625/SDRR/CORRR".</summary>
    /// <exception cref="ArgumentException">The table has no such field.</exception>
    public FieldLocation Locate(string path)
    {
        string[] steps = path.Split('/');
        int frn = IndexOf(steps[0]), sub = -1, next = 1;
        ItemStructure structure = Profile[frn]!.Structure;
        if (structure is CompoundItem compound)
        {
            for (int i = 0; i < compound.SubItems.Length; i++)
                if (compound.SubItems[i]?.Name == steps[1]) sub = i;
            if (sub < 0) throw new ArgumentException($"category {Category} has no {path}", nameof(path));
            structure = compound.SubItems[sub]!.Structure;
            next = 2;
        }
        string name = next < steps.Length ? steps[next] : "";
        ImmutableArray<ImmutableArray<Field>> parts = structure switch
        {
            FixedItem item => [item.Fields],
            ExtendedItem item => item.Parts,
            _ => throw new ArgumentException($"{path} of category {Category} is neither fixed nor extended", nameof(path)),
        };
        for (int part = 0; part < parts.Length; part++)
        {
            int bit = 0;
            foreach (Field field in parts[part])
            {
                if (field.Name == name && field.Kind != FieldKind.Spare) return new(frn, sub, part, bit, field);
                bit += field.Bits;
            }
        }
        throw new ArgumentException($"category {Category} has no {path}", nameof(path));
    }
}

/// <summary>Where a field is in a record.</summary>
/// <param name="Frn">Index of its item in the category's profile.</param>
/// <param name="SubItem">Index of its sub-item in a compound item; -1 for none.</param>
/// <param name="Part">Which part of an extended item has it; 0 in a fixed item.</param>
/// <param name="BitOffset">Its first bit, counted from the start of its part.</param>
/// <param name="Field">The field.</param>
public sealed record FieldLocation(int Frn, int SubItem, int Part, int BitOffset, Field Field);
