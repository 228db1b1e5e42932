using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.Asterix;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.AsterixOut;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Tests.C2;

/// <summary>The ASTERIX output, received over loopback and decoded.</summary>
public sealed class AsterixOutTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Sample.Start);
    private readonly Socket _receiver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly AsterixOutChannel _channel;

    public AsterixOutTests()
    {
        _receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        List<ConfigProblem> problems = [];
        string json = $$"""{ "host": "127.0.0.1", "port": {{((IPEndPoint)_receiver.LocalEndPoint!).Port}}, "sac": 25, "sic": 201, "service": 4, "periodS": 0.5 }""";
        _channel = AsterixOutChannel.Read(new(JsonDocument.Parse(json).RootElement, problems), Sample.Context(_clock))!;
        Assert.Empty(problems);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        _receiver.Dispose();
    }

    private async Task<List<Record>> Receive(int datagrams)
    {
        var collector = new Collector();
        byte[] buffer = new byte[65_536];
        for (int i = 0; i < datagrams; i++)
        {
            int octets = await _receiver.ReceiveAsync(buffer, SocketFlags.None, Sample.Deadline());
            Assert.InRange(octets, 4, AsterixOutLimits.DatagramOctets);
            AsterixDecoder.Decode(CategorySet.All, buffer.AsSpan(0, octets), 0, ref collector);
        }
        return collector.Records;
    }

    [Fact]
    public async Task Tracks_begin_go_on_and_end()
    {
        PictureTrack one = Sample.Track(1), two = Sample.Track(2);
        await _channel.ShowAsync(Sample.Picture(0, OperationStatus.Actual, [one, two]), Sample.Deadline());
        await _channel.ShowAsync(Sample.Picture(4, OperationStatus.Actual, [Sample.Track(1, 2)], two.Identity), Sample.Deadline());
        List<Record> first = await Receive(2), second = await Receive(2);
        Assert.Equal([62, 62, 65], first.Select(r => r.Category));
        Assert.Equal([(1.0, 1.0, 0.0), (2, 1, 0)], first.Take(2).Select(r => (r["040"], r["080/TSB"], r["080/SIM"])));
        Assert.Equal((25.0, 201.0, 4.0), (first[0]["010/SAC"], first[0]["010/SIC"], first[0]["015"]));
        Assert.Equal((81_810.0, 0.0), (first[0]["070"], first[0]["080/PSR"]));
        Assert.Equal((2.0, 1.0), (first[2]["000"], first[2]["020"]));

        Assert.Equal([62, 62, 65], second.Select(r => r.Category));
        // Two seconds old at a scan of one: its plots are not late yet. Its age counts from its first estimate.
        Assert.Equal((1.0, 0.0, 0.0, 2.0), (second[0]["040"], second[0]["080/TSB"], second[0]["080/PSR"], second[0]["290/TRK"]));
        Assert.Equal((2.0, 1.0), (second[1]["040"], second[1]["080/TSE"]));
        Assert.Equal(2, second[2]["020"]);
        await _channel.ShowAsync(Sample.Picture(5, OperationStatus.Actual, [Sample.Track(1, 2), Sample.Track(3, 5)]), Sample.Deadline());
        List<Record> third = await Receive(2);
        Assert.Equal(1, third[0]["080/PSR"]);
        Assert.Equal((3.0, 1.0), (third[1]["040"], third[1]["080/TSB"]));
    }

    [Fact]
    public async Task A_drill_is_marked_and_has_numbers_of_its_own()
    {
        await _channel.ShowAsync(Sample.Picture(0, OperationStatus.Actual, [Sample.Track(1)]), Sample.Deadline());
        PictureTrack drill = Sample.Track(1, prefix: "green-zone.drill.");
        await _channel.ShowAsync(Sample.Picture(0, OperationStatus.Exercise, [drill]), Sample.Deadline());
        await _channel.ShowAsync(Sample.Picture(1, OperationStatus.Exercise, [], drill.Identity), Sample.Deadline());
        List<Record> real = await Receive(2), shown = await Receive(2), ended = await Receive(2);
        Assert.Equal((1.0, 0.0), (real[0]["040"], real[0]["080/SIM"]));
        Assert.Equal((2.0, 1.0), (shown[0]["040"], shown[0]["080/SIM"]));
        // The end of the drill's track, marked too; the real one goes on.
        Assert.Equal((2.0, 1.0, 1.0), (ended[0]["040"], ended[0]["080/SIM"], ended[0]["080/TSE"]));
        Assert.Equal(2, ended.Count);
    }

    [Fact]
    public async Task A_track_whose_end_was_missed_ends_too()
    {
        await _channel.ShowAsync(Sample.Picture(0, OperationStatus.Test, [Sample.Track(1)]), Sample.Deadline());
        _clock.Advance(TimeSpan.FromSeconds(11));
        await _channel.ShowAsync(Sample.Picture(11, OperationStatus.Test, []), Sample.Deadline());
        Assert.Equal(1, (await Receive(2))[0]["080/SIM"]);
        Assert.Equal(1, (await Receive(2))[0]["080/TSE"]);
    }

    [Fact]
    public async Task A_beat_is_a_status_and_a_warning_is_nothing()
    {
        await _channel.SendAsync(Sample.Warning(), Sample.Deadline());
        await _channel.BeatAsync(new(Sample.StartInstant, OperationStatus.Actual, []), Sample.Deadline());
        Record status = Assert.Single(await Receive(1));
        Assert.Equal((65, 1.0, 0.0), (status.Category, status["000"], status["040/NOGO"]));
        Assert.Equal(0, _receiver.Available);
        Assert.Equal(TimeSpan.FromSeconds(0.5), _channel.PictureEvery);
    }

    [Fact]
    public async Task Two_hundred_tracks_take_few_datagrams()
    {
        await _channel.ShowAsync(Sample.Picture(0, OperationStatus.Actual, [.. Enumerable.Range(1, 200).Select(i => Sample.Track(i))]), Sample.Deadline());
        List<Record> records = await Receive(7);
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (double)i), records.Take(200).Select(r => r["040"]));
        Assert.Equal(65, records[^1].Category);
    }

    [Theory]
    [InlineData("""{ "sac": 1, "sic": 2 }""", "host")]
    [InlineData("""{ "host": "192.0.2.1", "sic": 2 }""", "sac")]
    [InlineData("""{ "host": "192.0.2.1", "sac": 256, "sic": 2 }""", "sac")]
    [InlineData("""{ "host": "somewhere", "sac": 1, "sic": 2 }""", "host")]
    [InlineData("""{ "host": "239.1.2.3", "sac": 1, "sic": 2, "interface": "::1" }""", "interface")]
    [InlineData("""{ "host": "239.1.2.3", "sac": 1, "sic": 2, "ttl": 1, "loop": true }""", "loop")]
    public void A_wrong_key_is_named(string json, string key)
    {
        List<ConfigProblem> problems = [];
        AsterixOutChannel.Read(new(JsonDocument.Parse(json).RootElement, problems), Sample.Context(_clock));
        Assert.Contains(problems, p => p.ToString().Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Multicast_arrives()
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Any, 0));
        var group = IPAddress.Parse("239.255.62.65");
        try
        {
            receiver.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group, IPAddress.Loopback));
        }
        catch (SocketException e)
        {
            Assert.Skip($"no multicast on loopback here: {e.Message}");
        }
        await using var channel = new AsterixOutChannel("m", new(new(group, ((IPEndPoint)receiver.LocalEndPoint!).Port), IPAddress.Loopback, 1, new(1, 2, 3), TimeSpan.FromSeconds(1)), Sample.Context(_clock));
        await channel.BeatAsync(new(Sample.StartInstant, OperationStatus.Actual, []), Sample.Deadline());
        byte[] buffer = new byte[100];
        Assert.Equal(12, await receiver.ReceiveAsync(buffer, SocketFlags.None, Sample.Deadline()));
        Assert.Equal(65, buffer[0]);
    }

    private sealed record Record(int Category, ImmutableArray<DecodedItem> Items)
    {
        public double this[string path]
        {
            get
            {
                DecodedField field = Items.SelectMany(i => i.Fields).Single(f => f.Path == path);
                return field.Number ?? field.Bits;
            }
        }
    }

    private sealed class Collector : IAsterixHandler
    {
        public List<Record> Records { get; } = [];

        public void OnBlock(int category, long offset) { }

        public void OnRecord(in AsterixRecord record) => Records.Add(new(record.Table.Category, RecordReader.Expand(record)));

        public void OnUnknownCategory(int category, long offset, int octets) => Assert.Fail($"category {category} is unknown");

        public void OnProblem(AsterixProblem problem, int category, long offset, int octets) => Assert.Fail($"{problem} at {offset}");
    }
}
