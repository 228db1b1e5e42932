using CsCheck;
using Tocsin.Formats.Asterix;
using Tocsin.Formats.Captures;
using Tocsin.Formats.Inspect;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.Asterix;

/// <summary>What must hold of the decoder whatever the octets are.</summary>
public class DecoderPropertyTests
{
    [Theory]
    [InlineData(48)]
    [InlineData(34)]
    [InlineData(15)]
    public void Decoding_gives_back_what_was_encoded(int category) =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            (byte[] Octets, List<string> Values)[] records = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Encoder.RandomRecord(category, random))];
            var counter = new Accountant();
            byte[] block = Encoder.Block(category, [.. records.Select(r => r.Octets)]);
            AsterixDecoder.Decode(CategorySet.All, block, 0, ref counter);
            Assert.Equal(0, counter.Problems);
            Assert.Equal(records.SelectMany(r => r.Values), counter.Values);
        }, iter: 200);

    [Theory]
    [InlineData(48)]
    [InlineData(34)]
    [InlineData(15)]
    public void Damaged_blocks_are_accounted_for_to_the_octet(int category) =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            byte[] data =
            [
                .. Encoder.Block(category, [.. Enumerable.Range(0, 3).Select(_ => Encoder.RandomRecord(category, random).Octets)]),
                .. Encoder.Block(category, Encoder.RandomRecord(category, random).Octets),
            ];
            data = Damage(data, random);
            var counter = new Accountant();
            AsterixDecoder.Decode(CategorySet.All, data, 0, ref counter);
            Assert.Equal(data.Length, counter.Octets);
        }, iter: 300);

    [Theory]
    [InlineData("cat_034_048.pcap")]
    [InlineData("cat_062_065.pcap")]
    [InlineData("asterix.pcap")]
    [InlineData("cat_001_002.pcap")]
    [InlineData("cat062cat065.raw")]
    public void Damaged_real_files_never_throw_and_always_end(string name)
    {
        byte[] original = File.ReadAllBytes(SharedData.PathOrSkip("asterix/" + name));
        Gen.Int.Sample(seed =>
        {
            byte[] data = Damage(original, new Random(seed));
            var counter = new Accountant();
            long octets = 0, steps = 0;
            if (CaptureReader.TryOpen(data, out CaptureReader reader))
            {
                while (reader.MoveNext(out CapturedDatagram datagram))
                {
                    Assert.True(++steps <= data.Length);
                    octets += datagram.Payload.Length;
                    AsterixDecoder.Decode(CategorySet.All, datagram.Payload, datagram.Offset, ref counter);
                }
            }
            else
            {
                octets = data.Length;
                AsterixDecoder.Decode(CategorySet.All, data, 0, ref counter);
            }
            Assert.Equal(octets, counter.Octets);
            var sink = new ListSink();
            AsterixPlotReader plots = AsterixPlotReader.Create(TestSite.Of((25, 201), (25, 13)), sink, "damaged", new DateOnly(2020, 12, 20)).Value!;
            plots.Read(data, 0, null);
            plots.Finish();
            FileKinds.Detect(data, whole: true);
        }, iter: 50);
    }

    [Fact]
    public void After_a_bad_record_decoding_goes_on_at_the_next_block()
    {
        byte[] good = Encoder.Record(48, ("010", [25, 201]), ("140", [0, 0, 1]));
        // The second record's FSPEC announces an item that the block has no octets for.
        byte[] data = [.. Encoder.Block(48, good, [0xFF, 0x02, 25]), .. Encoder.Block(48, good)];
        var counter = new Accountant();
        AsterixDecoder.Decode(CategorySet.All, data, 1000, ref counter);
        Assert.Equal(2, counter.Records);
        Assert.Equal([(AsterixProblem.ItemOverrun, 1000 + 3 + good.Length, 3)], counter.Told);
    }

    [Theory]
    [InlineData("3000", AsterixProblem.TrailingOctets, 0, 2)]
    [InlineData("300002", AsterixProblem.BadBlockLength, 0, 3)]
    [InlineData("30000BC0190D356DFA60", AsterixProblem.TruncatedBlock, 9, 1)]
    [InlineData("300004FF", AsterixProblem.PresenceMapOverrun, 3, 1)]
    [InlineData("30000400", AsterixProblem.EmptyRecord, 3, 1)]
    [InlineData("22000801010101FE", AsterixProblem.UndefinedItem, 3, 5)]
    [InlineData("300008010101020400", AsterixProblem.ItemOverrun, 3, 5)]
    [InlineData("220006010400", AsterixProblem.BadItemLength, 3, 3)]
    public void Each_kind_of_damage_has_its_name_and_place(string hex, AsterixProblem problem, int offset, int octets)
    {
        var counter = new Accountant();
        AsterixDecoder.Decode(CategorySet.All, Convert.FromHexString(hex), 0, ref counter);
        Assert.Equal((problem, (long)offset, octets), counter.Told[0]);
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        List<byte> data = [.. original];
        for (int i = random.Next(1, 8); i > 0 && data.Count > 0; i--)
        {
            int at = random.Next(data.Count);
            switch (random.Next(6))
            {
                case 0: data.RemoveRange(at, data.Count - at); break;
                case 1: data.Insert(at, (byte)random.Next(256)); break;
                case 2: data.RemoveAt(at); break;
                case 3: data[at] = 0xFF; break;
                case 4: data[at] = 0; break;
                default: data[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }
        return [.. data];
    }

    /// <summary>Adds up the octets of everything that is told, and takes every record apart.</summary>
    private sealed class Accountant : IAsterixHandler
    {
        public long Octets { get; private set; }

        public int Records { get; private set; }

        public int Problems => Told.Count;

        public List<(AsterixProblem Problem, long Offset, int Octets)> Told { get; } = [];

        public List<string> Values { get; } = [];

        public void OnBlock(int category, long offset) => Octets += 3;

        public void OnRecord(in AsterixRecord record)
        {
            Octets += record.Octets.Length;
            Records++;
            foreach (DecodedField field in RecordReader.Expand(record).SelectMany(i => i.Fields))
                Values.Add($"{field.Path.Split('/', '[')[0]} {(field.Field is null ? field.Text : field.Bits)}");
        }

        public void OnUnknownCategory(int category, long offset, int octets) => Octets += octets;

        public void OnProblem(AsterixProblem problem, int category, long offset, int octets)
        {
            Octets += octets;
            Told.Add((problem, offset, octets));
        }
    }
}
