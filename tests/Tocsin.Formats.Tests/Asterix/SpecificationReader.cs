using System.Text.Json;

namespace Tocsin.Formats.Tests.Asterix;

/// <summary>Reads a record straight by a machine-readable specification made by others: the program's own tables and decoder play no part.</summary>
internal static class SpecificationReader
{
    /// <summary>Every field of the record that <paramref name="octets"/> begins with, by its path ("080/SIM"), in its own unit.</summary>
    public static Dictionary<string, double> Read(JsonElement specification, ReadOnlySpan<byte> octets)
    {
        string[] bits = [.. octets.ToArray().Select(o => Convert.ToString(o, 2).PadLeft(8, '0'))];
        string all = string.Concat(bits);
        Dictionary<string, JsonElement> catalogue = specification.GetProperty("catalogue").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!);
        JsonElement[] profile = [.. specification.GetProperty("uap").GetProperty("contents").EnumerateArray()];
        int at = 0;
        List<int> present = Map(all, ref at);
        Dictionary<string, double> values = [];
        foreach (int index in present)
        {
            string name = profile[index].GetProperty("contents").GetString()!;
            Read(name, catalogue[name].GetProperty("rule").GetProperty("contents"), all, ref at, values);
        }
        Assert.Equal(all.Length, at);
        return values;
    }

    private static List<int> Map(string bits, ref int at)
    {
        List<int> present = [];
        for (int octet = 0; ; octet++)
        {
            for (int i = 0; i < 7; i++)
                if (bits[at + i] == '1') present.Add(octet * 7 + i);
            at += 8;
            if (bits[at - 1] == '0') return present;
        }
    }

    private static void Read(string path, JsonElement variation, string bits, ref int at, Dictionary<string, double> values)
    {
        JsonElement contents = variation.GetProperty("contents");
        switch (variation.GetProperty("tag").GetString())
        {
            case "Element":
                values.Add(path, Number(contents, bits, ref at));
                break;
            case "Group":
                foreach (JsonElement item in contents.EnumerateArray()) Item(path, item, bits, ref at, values);
                break;
            case "Extended":
                foreach (JsonElement item in contents.EnumerateArray())
                {
                    if (item.ValueKind != JsonValueKind.Null) Item(path, item, bits, ref at, values);
                    else if (bits[at++] == '0') return;
                }
                break;
            case "Compound":
                JsonElement[] items = [.. contents.EnumerateArray()];
                foreach (int index in Map(bits, ref at))
                    Read($"{path}/{items[index].GetProperty("name").GetString()}", items[index].GetProperty("rule").GetProperty("contents"), bits, ref at, values);
                break;
            default:
                Assert.Fail($"{path}: not one of the kinds that are written");
                break;
        }
    }

    private static void Item(string path, JsonElement item, string bits, ref int at, Dictionary<string, double> values)
    {
        JsonElement contents = item.GetProperty("contents");
        if (item.GetProperty("tag").GetString() == "Spare")
        {
            Assert.DoesNotContain('1', bits.Substring(at, contents.GetInt32()));
            at += contents.GetInt32();
            return;
        }
        Read($"{path}/{contents.GetProperty("name").GetString()}", contents.GetProperty("rule").GetProperty("contents"), bits, ref at, values);
    }

    private static double Number(JsonElement element, string bits, ref int at)
    {
        int size = element.GetProperty("bitSize").GetInt32();
        string text = bits.Substring(at, size);
        at += size;
        double number = Convert.ToUInt64(text, 2);
        JsonElement rule = element.GetProperty("rule").GetProperty("contents");
        if (rule.GetProperty("tag").GetString() != "ContentQuantity") return number;
        JsonElement quantity = rule.GetProperty("contents");
        if (quantity.GetProperty("signedness").GetProperty("tag").GetString() == "Signed" && text[0] == '1') number -= Math.Pow(2, size);
        return number * Value(quantity.GetProperty("lsb"));
    }

    private static double Value(JsonElement e)
    {
        JsonElement contents = e.GetProperty("contents");
        return e.GetProperty("tag").GetString() switch
        {
            "NumInt" => contents.GetDouble(),
            "NumDiv" => Value(contents.GetProperty("numerator")) / Value(contents.GetProperty("denominator")),
            "NumPow" => Math.Pow(contents.GetProperty("base").GetDouble(), contents.GetProperty("exponent").GetDouble()),
            _ => throw new ArgumentException("a number of an unknown kind"),
        };
    }
}
