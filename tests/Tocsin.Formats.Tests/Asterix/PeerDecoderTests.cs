using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tocsin.Formats.Asterix;
using Tocsin.Formats.Captures;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.Asterix;

/// <summary>Compares every field of real radar records with what another decoder (CroatiaControl's) reads in them.</summary>
public class PeerDecoderTests
{
    [Theory]
    [InlineData("cat_034_048", 162)]
    [InlineData("cat_062_065", 3)]
    public void Every_field_of_every_record_agrees(string capture, int records)
    {
        byte[] file = File.ReadAllBytes(SharedData.PathOrSkip($"asterix/{capture}.pcap"));
        string[] expected = File.ReadAllLines(SharedData.PathOrSkip($"asterix/expected/{capture}.croatiacontrol.jsonl"));
        var collector = new Collector();
        Assert.True(CaptureReader.TryOpen(file, out CaptureReader reader));
        while (reader.MoveNext(out CapturedDatagram datagram)) AsterixDecoder.Decode(CategorySet.All, datagram.Payload, 0, ref collector);

        Assert.Equal(records, expected.Length);
        Assert.Equal(records, collector.Records.Count);
        int compared = 0;
        for (int i = 0; i < records; i++)
        {
            using JsonDocument line = JsonDocument.Parse(expected[i]);
            compared += Compare(line.RootElement, collector.Records[i]);
        }
        Assert.True(compared > records * 15, $"{compared} fields compared");
    }

    private static int Compare(JsonElement line, (CategoryTable Table, byte[] Octets, ImmutableArray<DecodedItem> Items) actual)
    {
        Assert.Equal(line.GetProperty("hexdata").GetString(), Convert.ToHexString(actual.Octets));
        int category = line.GetProperty("cat").GetInt32();
        Assert.Equal(category, actual.Table.Category);
        JsonProperty[] items = [.. line.GetProperty($"CAT{category:000}").EnumerateObject()];
        Assert.Equal(items.Select(i => i.Name), actual.Items.Select(i => "I" + i.Definition.Name));
        int compared = 0;
        foreach ((JsonProperty expected, DecodedItem item) in items.Zip(actual.Items))
        {
            string where = $"I{category:000}/{item.Definition.Name}";
            DecodedField[] fields = [.. item.Fields];
            if (item.Definition.Name == "250")
            {
                compared += CompareRegisters(where, expected.Value, fields);
                continue;
            }
            JsonProperty[] values = [.. Leaves(expected.Value)];
            Assert.True(values.Length == fields.Length,
                $"{where}: {string.Join(' ', values.Select(v => v.Name))} is not {string.Join(' ', fields.Select(f => f.Path))}");
            foreach ((JsonProperty value, DecodedField field) in values.Zip(fields))
            {
                CompareValue($"{where} {value.Name}", value, field);
                compared++;
            }
        }
        return compared;
    }

    /// <summary>The fields in order; the other decoder names spare bits and the FX bits, and numbers its reserved ones.</summary>
    private static IEnumerable<JsonProperty> Leaves(JsonElement item)
    {
        foreach (JsonProperty property in item.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty leaf in Leaves(property.Value)) yield return leaf;
            }
            else if (property.Name is not ("spare" or "FX"))
            {
                yield return property;
            }
        }
    }

    /// <summary>The other decoder takes BDS registers apart. Their number and addresses are compared, and register 4,0 bit by bit.</summary>
    private static int CompareRegisters(string where, JsonElement expected, DecodedField[] fields)
    {
        JsonElement[] registers = [.. expected.EnumerateArray()];
        Assert.Equal(registers.Length * 3, fields.Length);
        for (int i = 0; i < registers.Length; i++)
        {
            (DecodedField data, DecodedField bds1, DecodedField bds2) = (fields[3 * i], fields[3 * i + 1], fields[3 * i + 2]);
            string address = registers[i].GetProperty("BDS").GetString()!;
            Assert.Equal($"{where} {address}", $"{where} {bds1.Bits:X}{bds2.Bits:X}");
            if (address != "40") continue;
            Assert.Equal(registers[i].GetProperty("MCP_ALT_STATUS").GetUInt64(), data.Bits >> 55);
            Assert.Equal(registers[i].GetProperty("MCP_ALT").GetDouble(), ((data.Bits >> 43) & 0xFFF) * 16.0, 0.6);
            Assert.Equal(registers[i].GetProperty("BP").GetDouble(), ((data.Bits >> 17) & 0xFFF) * 0.1, 1e-6);
        }
        return fields.Length;
    }

    private static void CompareValue(string where, JsonProperty expected, DecodedField field)
    {
        if (expected.Value.ValueKind == JsonValueKind.String)
        {
            string text = expected.Value.GetString()!.TrimEnd();
            Assert.Equal($"{where} {text}", $"{where} {(field.Field!.Kind == FieldKind.Raw ? field.Bits.ToString("X" + field.Field.Bits / 4, CultureInfo.InvariantCulture) : field.Text)}");
            return;
        }
        double actual = field.Number ?? field.Bits;
        // The other decoder gives speeds in knots, seven decimals of everything, and rounds 180/2^23 itself.
        if (field.Field!.Unit == "NM/s") actual *= 3600;
        if (field.Field.Unit == "FL" && expected.Name is "MFL" or "CTBA") actual *= 100;
        double difference = Math.Abs(actual - expected.Value.GetDouble());
        Assert.True(difference <= 2e-7 * Math.Max(1, Math.Abs(actual)), $"{where}: {expected.Value} is not {actual}");
    }

    private sealed class Collector : IAsterixHandler
    {
        public List<(CategoryTable, byte[], ImmutableArray<DecodedItem>)> Records { get; } = [];

        public void OnBlock(int category, long offset) { }

        public void OnRecord(in AsterixRecord record) => Records.Add((record.Table, record.Octets.ToArray(), RecordReader.Expand(record)));

        public void OnUnknownCategory(int category, long offset, int octets) => Assert.Fail($"category {category} is unknown");

        public void OnProblem(AsterixProblem problem, int category, long offset, int octets) => Assert.Fail($"{problem} at {offset}");
    }
}
