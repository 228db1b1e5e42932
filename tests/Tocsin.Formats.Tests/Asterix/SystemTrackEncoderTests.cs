using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CsCheck;
using Tocsin.Formats.Asterix;
using Tocsin.Geodesy;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.Asterix;

/// <summary>Category 062 and 065 as this program writes them: bits by hand, by the published specification, by the decoder and by tshark.</summary>
public class SystemTrackEncoderTests
{
    private const double Deg = Math.PI / 180;
    private static readonly SystemIdentity Me = new(25, 201, 7);
    // 2026-11-23T22:43:30.5Z: 81,810.5 s of the day, 10,471,744 steps of 1/128 s.
    private static readonly Instant Noted = new((DateTime.Parse("2026-11-23T22:43:30.5Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) - DateTime.UnixEpoch).Ticks);
    private static readonly Instant Midnight = new(Noted.Ticks - 81_810 * Instant.TicksPerSecond - Instant.TicksPerSecond / 2);

    private static Track Sample(double lat = 33.25, double lon = 44.375, double height = 1905, double east = -120.25, double north = 200.5, double up = 50.8, Instant? time = null) => new()
    {
        Id = new(300),
        ValidTime = time ?? Noted,
        Position = new(lat * Deg, lon * Deg, height),
        VelocityMps = new(east, north, up),
        Kind = Kind.Mortar,
        Kinds = default,
    };

    [Fact]
    public void A_track_has_these_bits()
    {
        var encoder = new SystemTrackEncoder(Me);
        byte[] block = Block(62, encoder.Track(Sample(), new(300, Simulated: true, First: true, OneSensor: true, Stale: false, AgeS: 2.5)));

        // Worked out by hand from the specification. FSPEC: 010, 015, 070, 105 | 185 is bit 7 | 040, 080, 290 | 200, 130, 220.
        byte[] map = Encoder.Map(Present("010", "015", "070", "105", "185", "040", "080", "290", "200", "130", "220"));
        byte[] expected =
        [
            .. map,
            25, 201, 7,
            0x9F, 0xC9, 0x40,
            // 33.25 / (180 / 2^25) = 6,198,181 (.0); 44.375 likewise 8,272,042 (.1).
            .. BigEndian(32, (long)Math.Round(33.25 * 33554432 / 180)), .. BigEndian(32, (long)Math.Round(44.375 * 33554432 / 180)),
            // -120.25 m/s and 200.5 m/s in quarters: -481 and 802.
            0xFE, 0x1F, 0x03, 0x22,
            // 300.
            0x01, 0x2C,
            // MON, no SPI, MRH, 3D radar, confirmed, FX | SIM, TSB, FX | FX | SSR, MDS, ADS, no FX.
            0b1_0_1_010_0_1, 0b1_0_1_0_0_0_0_1, 0b0000000_1, 0b0_0_1_1_1_0_0_0,
            // Compound 290: TRK and PSR; 10 quarters, 0.
            0b1100000_0, 10, 0,
            // Undetermined, undetermined, climbing.
            0b11_11_01_0_0,
            // 1,905 m is 6,250 ft: 1,000 steps. 50.8 m/s is 10,000 ft/min: 1,600 steps.
            0x03, 0xE8, 0x06, 0x40,
        ];
        Assert.Equal(Convert.ToHexString([62, 0, (byte)(3 + expected.Length), .. expected]), Convert.ToHexString(block));
        Assert.Equal(0, encoder.Clips.Total);
    }

    [Fact]
    public void An_end_of_track_has_these_bits()
    {
        byte[] block = Block(62, new SystemTrackEncoder(Me).End(Noted, 65_535, simulated: false));
        byte[] expected = [.. Encoder.Map(Present("010", "015", "070", "040", "080")), 25, 201, 7, 0x9F, 0xC9, 0x40, 0xFF, 0xFF, 0b0_0_1_000_0_1, 0b0_1_0_0_0_0_0_0];
        Assert.Equal(Convert.ToHexString([62, 0, (byte)(3 + expected.Length), .. expected]), Convert.ToHexString(block));
    }

    [Fact]
    public void Status_and_end_of_batch_have_these_bits()
    {
        var encoder = new SystemTrackEncoder(Me);
        // FSPEC of 065: 010, 000, 015, 030, 020, 040.
        Assert.Equal("41000C" + "F4" + "19C9" + "01" + "07" + "9FC940" + "20", Convert.ToHexString(Block(65, encoder.Status(Noted, operational: true, overloaded: true))));
        Assert.Equal("41000C" + "F8" + "19C9" + "02" + "07" + "9FC940" + "03", Convert.ToHexString(Block(65, encoder.EndOfBatch(Noted, 259))));
    }

    [Fact]
    public void The_published_specification_reads_the_same_values()
    {
        string path = SharedData.PathOrSkip("asterix/specs/cat062-cat-1.21.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        byte[] block = Block(62, new SystemTrackEncoder(Me).Track(Sample(up: -20), new(300, true, false, false, true, 1)));
        Dictionary<string, double> values = SpecificationReader.Read(document.RootElement.GetProperty("contents"), block.AsSpan(3));

        Assert.Equal(25, values["010/SAC"]);
        Assert.Equal(201, values["010/SIC"]);
        Assert.Equal(7, values["015"]);
        Assert.Equal(300, values["040"]);
        Assert.Equal(81_810.5, values["070"]);
        Assert.Equal((0, 1, 2, 0), (values["080/MON"], values["080/MRH"], values["080/SRC"], values["080/CNF"]));
        Assert.Equal((1, 0, 0), (values["080/SIM"], values["080/TSE"], values["080/TSB"]));
        Assert.Equal((0, 1, 1, 1, 1), (values["080/CST"], values["080/PSR"], values["080/SSR"], values["080/MDS"], values["080/ADS"]));
        Assert.Equal(33.25, values["105/LAT"], 2.7e-6);
        Assert.Equal(44.375, values["105/LON"], 2.7e-6);
        Assert.Equal((-120.25, 200.5), (values["185/VX"], values["185/VY"]));
        Assert.Equal(6_250, values["130"]);
        Assert.Equal(-20 / 0.3048 * 60, values["220"], 3.126);
        Assert.Equal((3, 3, 2), (values["200/TRANS"], values["200/LONG"], values["200/VERT"]));
        Assert.Equal((1, 0), (values["290/TRK"], values["290/PSR"]));
    }

    [Fact]
    public void What_is_written_is_read_again_within_half_a_step()
    {
        var encoder = new SystemTrackEncoder(Me);
        Gen.Select(Gen.Double[-90, 90], Gen.Double[-180, 180], Gen.Double[-400, 45_000], Gen.Double[-8_000, 8_000], Gen.Double[-1_000, 1_000], Gen.Long[0, 863_999_999_999], Gen.Int[1, 65_535])
            .Sample((lat, lon, height, speed, up, ticks, number) =>
            {
                Track track = Sample(lat, lon, height, speed, -speed, up, new(Midnight.Ticks + ticks));
                Reader r = Decode(Block(62, encoder.Track(track, new(number, false, false, false, false, 63.9))))[0];
                Assert.Equal(number, r.Value("040"));
                double time = Math.Abs(r.Value("070") - ticks / 1e7);
                Assert.True(Math.Min(time, 86_400 - time) <= 1 / 256.0 + 1e-6, $"time {time}");
                Assert.Equal(lat, r.Value("105/LAT"), 2.7e-6);
                Assert.Equal(0, Math.IEEERemainder(lon - r.Value("105/LON"), 360), 2.7e-6);
                Assert.InRange(r.Value("105/LON"), -180, 179.9999999);
                Assert.Equal(height / 0.3048, r.Value("130"), 3.126);
                Assert.Equal(speed, r.Value("185/VX"), 0.126);
                Assert.Equal(-speed, r.Value("185/VY"), 0.126);
                Assert.Equal(up * 60 / 0.3048, r.Value("220"), 3.126);
                Assert.Equal(63.75, r.Value("290/TRK"));
            }, iter: 2_000, threads: 1);
        Assert.Equal(0, encoder.Clips.Total);
    }

    [Fact]
    public void Beyond_a_limit_the_limit_is_said_and_counted()
    {
        var encoder = new SystemTrackEncoder(Me);
        Reader up = Decode(Block(62, encoder.Track(Sample(height: 60_000, east: 9_000, up: 1_200), default)))[0];
        Reader down = Decode(Block(62, encoder.Track(Sample(height: -9_000, north: -1e30, up: double.NegativeInfinity), default)))[0];
        // 32,767 and -32,768 steps of 6.25 ft/min are 1,040.35 and -1,040.38 m/s.
        Assert.Equal((1_040.35, -1_040.38), (Math.Round(up.Value("220") * 0.3048 / 60, 2), Math.Round(down.Value("220") * 0.3048 / 60, 2)));
        Assert.Equal((150_000, -1_500), (up.Value("130"), down.Value("130")));
        Assert.Equal((8_191.75, -8_192), (up.Value("185/VX"), down.Value("185/VY")));
        Assert.Equal((2, 2, 2), (encoder.Clips.Climb, encoder.Clips.Height, encoder.Clips.Velocity));
    }

    [Fact]
    public void Blocks_end_before_a_datagram_is_too_long()
    {
        var encoder = new SystemTrackEncoder(Me);
        var writer = new AsterixBlockWriter(62, 1_400);
        for (int i = 1; i <= 200; i++) writer.Add(encoder.Track(Sample(), new(i, false, false, false, false, 0)));
        writer.End();
        Assert.All(writer.Datagrams, d => Assert.InRange(d.Length, 4, 1_400));
        Assert.All(writer.Datagrams, d => Assert.Equal(d.Length, BinaryPrimitives.ReadUInt16BigEndian(d.AsSpan(1))));
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (double)i), writer.Datagrams.SelectMany(Decode).Select(r => r.Value("040")));
        Assert.True(writer.Datagrams.Count <= 8, $"{writer.Datagrams.Count} datagrams");
    }

    [Fact]
    public void Tshark_reads_the_same_values()
    {
        var encoder = new SystemTrackEncoder(Me);
        var tracks = new AsterixBlockWriter(62, 1_400);
        tracks.Add(encoder.Track(Sample(), new(300, true, true, true, false, 2.5)));
        tracks.Add(encoder.End(Noted, 301, true));
        tracks.End();
        List<byte[]> datagrams = [.. tracks.Datagrams, Block(65, encoder.Status(Noted, true, false)), Block(65, encoder.EndOfBatch(Noted, 9))];
        string folder = Directory.CreateTempSubdirectory("tocsin-asterix-").FullName;
        try
        {
            string file = Path.Combine(folder, "out.pcap");
            File.WriteAllBytes(file, Pcap(datagrams));
            string json = Tshark(["-r", file, "-d", "udp.port==8600,asterix", "-T", "json"]);
            using JsonDocument document = JsonDocument.Parse(json);
            Assert.Equal(3, document.RootElement.GetArrayLength());
            Dictionary<string, List<string>> fields = [];
            Collect(document.RootElement, fields);
            string all = string.Join('\n', fields.Select(f => $"{f.Key} = {string.Join(", ", f.Value)}"));
            Assert.False(fields.Keys.Any(k => k.Contains("malformed", StringComparison.OrdinalIgnoreCase) || k.Contains("_ws.expert", StringComparison.Ordinal)), all);
            Assert.Equal(["62", "65", "65"], fields["asterix.category"]);
            void Says(string field, double within, params double[] values)
            {
                double[] found = fields.TryGetValue(field, out List<string>? texts) ? [.. texts.Select(Number)] : [];
                Assert.True(found.Length == values.Length && values.Zip(found).All(v => Math.Abs(v.First - v.Second) <= within), $"{field}: wanted {string.Join(", ", values)}\n{all}");
            }
            Says("asterix.062_010_SAC", 0, 25, 25);
            Says("asterix.062_010_SIC", 0, 201, 201);
            Says("asterix.062_015_VALUE", 0, 7, 7);
            Says("asterix.062_040_VALUE", 0, 300, 301);
            Says("asterix.062_070_VALUE", 1e-9, 81_810.5, 81_810.5);
            Says("asterix.062_105_LAT", 2.7e-6, 33.25);
            Says("asterix.062_105_LON", 2.7e-6, 44.375);
            Says("asterix.062_185_VX", 1e-9, -120.25);
            Says("asterix.062_185_VY", 1e-9, 200.5);
            Says("asterix.062_130_VALUE", 1e-9, 6_250);
            Says("asterix.062_220_VALUE", 1e-9, 10_000);
            Says("asterix.062_290_TRK_VALUE", 1e-9, 2.5);
            Says("asterix.062_080_SIM", 0, 1, 1);
            Says("asterix.062_080_TSE", 0, 0, 1);
            Says("asterix.062_080_TSB", 0, 1, 0);
            Says("asterix.062_080_CNF", 0, 0, 0);
            Says("asterix.065_000_VALUE", 0, 1, 2);
            Says("asterix.065_040_NOGO", 0, 0);
            Says("asterix.065_020_VALUE", 0, 9);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Numbers_are_not_used_again_while_alive_or_resting()
    {
        var numbers = new TrackNumbers(numbers: 10, rest: 3);
        Assert.Equal(4, numbers.Of("a", new(4)));
        Assert.Equal(4, numbers.Of("a", new(4)));
        // Ids beyond the numbers begin again; a number that is taken gives the next one.
        Assert.Equal(5, numbers.Of("b", new(14)));
        Assert.Equal(10, numbers.Of("c", new(10)));
        Assert.Equal(1, numbers.Of("d", new(20)));
        numbers.End("a");
        Assert.Equal(0, numbers.Find("a"));
        // 4 rests, 5 is alive.
        Assert.Equal(6, numbers.Of("e", new(4)));
    }

    [Fact]
    public void Numbers_stay_unique_whatever_comes_and_goes() =>
        Gen.Select(Gen.Int[0, 30], Gen.Int[1, 100_000], Gen.Bool).List[0, 400].Sample(steps =>
        {
            var numbers = new TrackNumbers(numbers: 25, rest: 5);
            Dictionary<string, int> alive = [];
            foreach ((int identity, int id, bool end) in steps)
            {
                string name = $"i{identity}";
                if (end)
                {
                    numbers.End(name);
                    alive.Remove(name);
                    continue;
                }
                int number = numbers.Of(name, new(id));
                if (number == 0)
                {
                    Assert.Equal(25, alive.Count);
                    continue;
                }
                Assert.InRange(number, 1, 25);
                if (alive.TryGetValue(name, out int had)) Assert.Equal(had, number);
                else Assert.DoesNotContain(number, alive.Values);
                alive[name] = number;
            }
        });

    private static byte[] BigEndian(int bits, long value) => Encoder.Bits((bits, value));

    /// <summary>The presence bits of category 062 in the order of its profile, written down a second time.</summary>
    private static bool[] Present(params string[] items)
    {
        string[] profile = ["010", "", "015", "070", "105", "100", "185", "210", "060", "245", "380", "040", "080", "290", "200", "295", "136", "130", "135", "220", "390"];
        return [.. profile.Select(p => items.Contains(p))];
    }

    private static byte[] Block(int category, AsterixRecordWriter record)
    {
        var writer = new AsterixBlockWriter((byte)category, 1_400);
        writer.Add(record);
        writer.End();
        return Assert.Single(writer.Datagrams);
    }

    private static List<Reader> Decode(byte[] block)
    {
        var collector = new Collector();
        AsterixDecoder.Decode(CategorySet.All, block, 0, ref collector);
        return collector.Records;
    }

    private static double Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? Convert.ToInt64(text[2..], 16)
        : double.Parse(text, CultureInfo.InvariantCulture);

    private static void Collect(JsonElement e, Dictionary<string, List<string>> to)
    {
        if (e.ValueKind == JsonValueKind.Array)
            foreach (JsonElement item in e.EnumerateArray()) Collect(item, to);
        if (e.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty p in e.EnumerateObject())
        {
            if (p.Value.ValueKind == JsonValueKind.String)
            {
                if (!to.TryGetValue(p.Name, out List<string>? list)) to[p.Name] = list = [];
                list.Add(p.Value.GetString()!);
            }
            Collect(p.Value, to);
        }
    }

    /// <summary>A capture of raw IPv4 packets (link type 101) with one UDP datagram each, to port 8600.</summary>
    private static byte[] Pcap(IEnumerable<byte[]> datagrams)
    {
        var file = new ArrayBufferWriter<byte>();
        void Little(uint v) => BinaryPrimitives.WriteUInt32LittleEndian(file.GetSpan(4)[..4], v);
        void Word(uint v)
        {
            Little(v);
            file.Advance(4);
        }
        Word(0xA1B2C3D4);
        Word(0x00040002);
        Word(0);
        Word(0);
        Word(65_535);
        Word(101);
        foreach (byte[] d in datagrams)
        {
            int length = 28 + d.Length;
            Word(1_790_000_000);
            Word(0);
            Word((uint)length);
            Word((uint)length);
            file.Write<byte>([0x45, 0, (byte)(length >> 8), (byte)length, 0, 0, 0, 0, 16, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1]);
            int udp = 8 + d.Length;
            file.Write<byte>([0x21, 0x98, 0x21, 0x98, (byte)(udp >> 8), (byte)udp, 0, 0]);
            file.Write(d);
        }
        return file.WrittenSpan.ToArray();
    }

    private static string Tshark(string[] arguments)
    {
        var start = new ProcessStartInfo("tshark", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.Result);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("tshark is not installed");
            return "";
        }
    }

    private sealed record Reader(ImmutableArray<DecodedItem> Items)
    {
        public double Value(string path)
        {
            DecodedField field = Items.SelectMany(i => i.Fields).Single(f => f.Path == path);
            return field.Number ?? field.Bits;
        }
    }

    private sealed class Collector : IAsterixHandler
    {
        public List<Reader> Records { get; } = [];

        public void OnBlock(int category, long offset) { }

        public void OnRecord(in AsterixRecord record) => Records.Add(new(RecordReader.Expand(record)));

        public void OnUnknownCategory(int category, long offset, int octets) => Assert.Fail($"category {category} is unknown");

        public void OnProblem(AsterixProblem problem, int category, long offset, int octets) => Assert.Fail($"{problem} at {offset}");
    }
}
