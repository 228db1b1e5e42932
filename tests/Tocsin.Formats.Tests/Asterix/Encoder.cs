using System.Text;

namespace Tocsin.Formats.Tests.Asterix;

/// <summary>A second implementation of the layout of ASTERIX records, for tests: written from the same specifications, in another notation, and
/// sharing nothing with the decoder's tables.</summary>
/// <remarks>One line an item, in the order of the presence bits: the item's name and its field widths in bits (<c>_n</c> spare). <c>x</c> is an
/// extended item with its parts parted by <c>|</c>; <c>c</c> a compound one with its sub-items parted by <c>;</c> (<c>-</c> for a spare bit);
/// <c>r</c> a repetitive one; <c>f</c> one chained by FX; <c>e</c> an explicit one; a lone <c>-</c> a spare presence bit.</remarks>
internal static class Encoder
{
    private const string Ones12 = "_4,1,1,1,1,1,1,1,1,1,1,1,1";

    public static string[] Layout(int category) => category switch
    {
        48 =>
        [
            "010 8,8", "140 24", "020 x3,1,1,1,1|1,1,1,1,1,2|1,1,1,1,1,1,_1|1,4,1,1|1,1,1,1,1,1,_1|1,1,1,1,_3", "040 16,16", "070 1,1,1,_1,12", "090 1,1,14",
            "130 c8;8;8;8;8;8;8", "220 24", "240 48", "250 r56,4,4", "161 _4,12", "042 16,16", "200 16,16", "170 x1,2,1,1,2|1,1,1,1,_3",
            "210 8,8,8,8", "030 f7", "080 " + Ones12, "100 1,1,_2,12," + Ones12, "110 _2,14", "120 c1,_5,10;r16,16,16", "230 3,3,1,_1,1,1,1,1,4",
            "260 56", "055 1,1,1,5", "050 1,1,1,_1,12", "065 _3,1,1,1,1,1", "060 " + Ones12, "SP e", "RE e",
        ],
        34 =>
        [
            "010 8,8", "000 8", "030 24", "020 8", "041 16", "050 c1,1,1,1,1,1,1,_1;-;-;1,2,1,1,_3;1,2,1,1,_3;1,2,1,1,1,1,1,1,_7",
            "060 c_1,3,3,_1;-;-;1,3,2,_2;3,_5;3,1,_4", "070 r5,11", "100 16,16,16,16", "110 8", "120 16,24,24", "090 8,8", "RE e", "SP e",
        ],
        15 =>
        [
            "010 8,8", "000 7,1", "015 8", "020 x2,2,2,_1", "030 f7", "145 24", "161 16", "170 x1,1,1,_1,1,1,1", "050 _2,14", "270 c16;16;16;16", "300 r9,7",
            "400 16,24", "600 c32,32;16,16,8;16,16,8", "601 c24;24;24;12,12;12,12;8,8;8,8;8,8", "602 c20,20;16,16,8;16,16,8;8,8,8,8",
            "603 c12,12;12,12,8;8,8,8,8;8,8,8,8", "604 c24;16;16,8;8,8;8,8;8,8", "605 c16;16,8,8;8,8;8,8;8,8", "480 r40",
            "625 c24;24;24;24;24;24,8;16;16,8,8", "626 c24;16;16;16,8;8;8;8;8;8;8", "627 c16;16;16;16;16,8;16,16", "628 c16;16;16;16;16,8;16,16",
            "630 c8;8;_7,9;8", "631 r16,16,16,16", "SP e",
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(category)),
    };

    /// <summary>A data block of records.</summary>
    public static byte[] Block(int category, params byte[][] records)
    {
        int length = 3 + records.Sum(r => r.Length);
        return [(byte)category, (byte)(length >> 8), (byte)length, .. records.SelectMany(r => r)];
    }

    /// <summary>A record of the items given by name, each as the values of its fields (spare bits left out, sub-items by index in front).</summary>
    public static byte[] Record(int category, params (string Name, byte[] Octets)[] items)
    {
        string[] names = [.. Layout(category).Select(l => l.Split(' ')[0])];
        bool[] present = new bool[names.Length];
        foreach ((string name, _) in items) present[Array.IndexOf(names, name)] = true;
        return [.. Map(present), .. items.OrderBy(i => Array.IndexOf(names, i.Name)).SelectMany(i => i.Octets)];
    }

    /// <summary>A presence map: seven bits an octet, the eighth says that another octet follows.</summary>
    public static byte[] Map(bool[] present)
    {
        int octets = Math.Max(1, (Array.LastIndexOf(present, true) + 7) / 7);
        byte[] map = new byte[octets];
        for (int i = 0; i < present.Length; i++)
            if (present[i]) map[i / 7] |= (byte)(0x80 >> (i % 7));
        for (int i = 0; i < octets - 1; i++) map[i] |= 1;
        return map;
    }

    /// <summary>Numbers as bits, most significant first; whole octets together.</summary>
    public static byte[] Bits(params (int Width, long Value)[] fields)
    {
        var text = new StringBuilder();
        foreach ((int width, long value) in fields)
            for (int bit = width - 1; bit >= 0; bit--) text.Append(((value >> bit) & 1) == 1 ? '1' : '0');
        Assert.Equal(0, text.Length % 8);
        return [.. Enumerable.Range(0, text.Length / 8).Select(i => Convert.ToByte(text.ToString(i * 8, 8), 2))];
    }

    /// <summary>A random record, and the bits of its fields in order (an explicit item's as one entry with its octets).</summary>
    public static (byte[] Octets, List<string> Values) RandomRecord(int category, Random random)
    {
        string[] layout = Layout(category);
        bool[] present = [.. layout.Select(_ => random.Next(3) == 0)];
        present[0] = true;
        List<string> values = [];
        List<byte> body = [];
        for (int i = 0; i < layout.Length; i++)
        {
            if (!present[i]) continue;
            string name = layout[i].Split(' ')[0];
            body.AddRange(RandomItem(name, layout[i].Split(' ')[1], random, values));
        }
        return ([.. Map(present), .. body], values);
    }

    private static byte[] RandomItem(string path, string form, Random random, List<string> values)
    {
        switch (form[0])
        {
            case 'x':
                string[] parts = form[1..].Split('|');
                int count = random.Next(1, parts.Length + 1);
                return [.. Enumerable.Range(0, count).SelectMany(i => RandomFields(path, parts[i] + (i < count - 1 ? ",+1" : ",+0"), random, values))];
            case 'f':
                int links = random.Next(1, 4);
                return [.. Enumerable.Range(0, links).SelectMany(i => RandomFields(path, form[1..] + (i < links - 1 ? ",+1" : ",+0"), random, values))];
            case 'r':
                int repeats = random.Next(0, 4);
                return [(byte)repeats, .. Enumerable.Range(0, repeats).SelectMany(i => RandomFields(path, form[1..], random, values))];
            case 'c':
                string[] subItems = form[1..].Split(';');
                bool[] present = [.. subItems.Select(s => s != "-" && random.Next(2) == 0)];
                List<byte> body = [];
                for (int i = 0; i < subItems.Length; i++)
                    if (present[i]) body.AddRange(RandomItem(path, subItems[i], random, values));
                return [.. Map(present), .. body];
            case 'e':
                byte[] octets = new byte[random.Next(0, 6)];
                random.NextBytes(octets);
                values.Add($"{path} {Convert.ToHexString(octets)}");
                return [(byte)(octets.Length + 1), .. octets];
            default:
                return RandomFields(path, form, random, values);
        }
    }

    private static byte[] RandomFields(string path, string widths, Random random, List<string> values)
    {
        List<(int, long)> fields = [];
        foreach (string width in widths.Split(','))
        {
            if (width[0] == '+')
            {
                fields.Add((1, width[1] - '0'));
                continue;
            }
            int bits = int.Parse(width.TrimStart('_'));
            long value = random.NextInt64() & (long)(ulong.MaxValue >> (64 - bits));
            fields.Add((bits, value));
            if (width[0] != '_') values.Add($"{path} {value}");
        }
        return Bits([.. fields]);
    }
}
