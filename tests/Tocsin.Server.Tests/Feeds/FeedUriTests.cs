using System.Net;
using System.Text.Json;
using CsCheck;
using Tocsin.Server.Configuration;
using Tocsin.Server.Feeds;

namespace Tocsin.Server.Tests.Feeds;

public sealed class FeedUriTests
{
    private static FeedSettings Good(string uri)
    {
        FeedSettings? settings = FeedUri.Parse(uri, out FeedUriProblem? problem);
        Assert.Null(problem);
        return settings!;
    }

    private static string Bad(string uri)
    {
        Assert.Null(FeedUri.Parse(uri, out FeedUriProblem? problem));
        Assert.DoesNotContain('\n', problem!.ToString());
        return problem.ToString();
    }

    [Theory]
    [InlineData("udp://239.1.2.3:8600", "239.1.2.3", 8600)]
    [InlineData("udp://0.0.0.0:1", "0.0.0.0", 1)]
    [InlineData("udp://*:65535", "::", 65535)]
    [InlineData("udp://[ff02::1]:8600/", "ff02::1", 8600)]
    [InlineData("UDP://[::1]:8600", "::1", 8600)]
    public void A_udp_uri_gives_its_endpoint(string uri, string address, int port) =>
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), Good(uri).Endpoint);

    [Fact]
    public void Options_are_read()
    {
        FeedSettings s = Good("udp://239.1.2.3:8600?interface=10.0.0.1&allow=10.1.2.3,10.2.0.0/16&allow=2001:db8::/32&name=north%20radar&edition=1.32&date=2016-05-05&maxPlotsPerS=500&correctClock=true&sensors=R1,R2");
        Assert.Equal(("10.0.0.1", "north radar", "1.32", new DateOnly(2016, 5, 5), 500.0, true), (s.Interface, s.Name, s.Edition, s.Date, s.MaxPlotsPerS, s.CorrectClock));
        Assert.Equal(["10.1.2.3", "10.2.0.0/16", "2001:db8::/32"], s.Allow.Texts);
        Assert.Equal(["R1", "R2"], s.Sensors);
        FeedSettings f = Good("file:///tmp/a%20b.plots.csv?speed=max&follow=true&shift=none");
        Assert.Equal(("/tmp/a b.plots.csv", true, true, TimeShift.None), (f.Path, f.AtOnce, f.Follow, f.Shift));
        Assert.Equal(FeedFormat.Asterix, Good("-?format=asterix").Format);
        Assert.Equal((FeedKind.Http, "north"), (Good("http://north").Kind, Good("http://north/").Name));
        Assert.Equal((FeedKind.Http, ""), (Good("http:").Kind, Good("http:").Name));
        Assert.Equal(new Uri("tcp://0.0.0.0:14000"), Good("tcp://0.0.0.0:14000").Uri);
        Assert.Equal(FeedKind.StandardInput, Good("stdin:").Kind);
    }

    [Theory]
    [InlineData("", "the scheme")]
    [InlineData("udp", "the scheme")]
    [InlineData("ftp://a", "the scheme ftp is not right; begin with udp://")]
    [InlineData("udp://239.1.2.3", "a missing port is not right; give an IP address and a port from 1 to 65535, as in udp://239.1.2.3:8600")]
    [InlineData("udp://239.1.2.3:0", "the port 0")]
    [InlineData("udp://239.1.2.3:65536", "the port 65536")]
    [InlineData("udp://239.1.2:8600", "the address 239.1.2")]
    [InlineData("udp://radar:8600", "the address radar")]
    [InlineData("udp://:8600", "a missing address")]
    [InlineData("udp://::1:8600", "::1:8600")]
    [InlineData("udp://10.0.0.1:8600?interface=eth0", "no multicast group")]
    [InlineData("udp://[ff02::1]:8600?interface=10.0.0.1", "the group's own family")]
    [InlineData("udp://239.1.2.3:8600?alow=10.1.2.3", "the option alow is not right; give one of interface, allow")]
    [InlineData("udp://239.1.2.3:8600?allow=10.1.2.0/33", "allow 10.1.2.0/33")]
    [InlineData("udp://239.1.2.3:8600?date=5.5.2016", "date 5.5.2016")]
    [InlineData("tcp://h", "a missing port")]
    [InlineData("http://a/b", "the name a/b")]
    [InlineData("file://tmp/x.csv", "the host tmp")]
    [InlineData("file:///", "a missing path")]
    [InlineData("http://north..", "the name north..")]
    [InlineData("file:///a%00b", "a zero character in the path")]
    [InlineData("file:///x?speed=2", "a round does not fly faster than it does")]
    [InlineData("stdin:x", "write stdin: or -")]
    [InlineData("http:?speed=max", "the option speed")]
    public void A_bad_uri_is_named_with_its_part_and_what_would_be_right(string uri, string words)
    {
        string problem = Bad(uri);
        Assert.StartsWith($"feed {uri}: ", problem, StringComparison.Ordinal);
        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.Contains(" is not right; ", problem, StringComparison.Ordinal);
    }

    private static readonly string[] s_parts =
        ["udp://", "file://", "http:", "-", "?", "=", "&", "%", "%zz", "%00", "\\", "#", ".", "[", "]", ":", "/", "allow", "1.2.3.4", "8600", "stdin:", "tcp://", "name"];

    [Fact]
    public void No_text_throws()
    {
        Gen<string> part = Gen.OneOf(Gen.String[0, 6], Gen.Int[0, s_parts.Length - 1].Select(i => s_parts[i]));
        part.Array[0, 8].Select(string.Concat).Sample(text =>
        {
            FeedSettings? s = FeedUri.Parse(text, out FeedUriProblem? problem);
            Assert.True(s is null != problem is null);
        }, iter: 20_000);
    }

    [Fact]
    public void Whatever_a_file_is_called_its_path_is_found_again()
    {
        Gen<string> part = Gen.OneOf(Gen.String[0, 6].Where(s => !s.Contains('\0', StringComparison.Ordinal) && !s.Any(char.IsSurrogate)), Gen.Const("/\\"), Gen.Const("#"), Gen.Const("%41"));
        part.Array[1, 4].Select(p => "/a" + string.Concat(p)).Sample(path =>
        {
            FeedSettings f = Good("file://" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString)));
            Assert.Equal(Path.GetFullPath(path), f.Path);
            Assert.Equal(f.Path!.TrimEnd('/'), Uri.UnescapeDataString(f.Uri.AbsolutePath).TrimEnd('/'));
        }, iter: 2_000);
    }

    [Fact]
    public void Names_are_made_from_the_uri_and_unique()
    {
        FeedSettings[] feeds = [.. FeedSettings.Unique([Good("udp://0.0.0.0:8600"), Good("udp://0.0.0.0:8600"), Good("file:///a/x.csv"), Good("http:"), Good("http:"), Good("-"), Good("http://x.csv")])];
        Assert.Equal(["udp-0.0.0.0-8600", "udp-0.0.0.0-8600-2", "x.csv-2", "http", "http-2", "stdin", "x.csv"], feeds.Select(f => f.Name));
        Assert.All(feeds, f => Assert.True(FeedSettings.IsName(f.Name)));
    }

    [Fact]
    public void The_configuration_and_the_command_line_are_read_together_and_every_problem_is_named()
    {
        const string json = """
            {"feeds":[{"name":"north","uri":"udp://239.1.2.3:8600","allow":["10.1.0.0/16"],"expectedPlotsPerS":40,"date":"2016-05-05"},
             {"name":"no/good","uri":"udp://x:1","allow":["x"],"speed":3},{"uri":"http:","allow":["10.1.2.3"]},{"name":"north","uri":"stdin:"}]}
            """;
        List<ConfigProblem> problems = [];
        List<string> others = [];
        using JsonDocument document = JsonDocument.Parse(json);
        IReadOnlyList<FeedSettings> feeds = FeedSettings.ReadAll(new ConfigSection(document.RootElement, problems), ["udp://[::]:8601", "nonsense"], others);
        Assert.Equal(["north", "http", "north-2", "udp----8601"], feeds.Select(f => f.Name));
        Assert.Equal(40, feeds[0].ExpectedPlotsPerS);
        Assert.Equal(["feeds[1].name", "feeds[1].uri", "feeds[1].allow[0]", "feeds[1].speed", "feeds[2].allow"], problems.Select(p => p.Key));
        Assert.Equal(2, others.Count);
        Assert.Contains("north is there 2 times", others[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_allow_list_takes_what_the_frameworks_own_networks_take()
    {
        Gen<uint> address = Gen.UInt;
        Gen.Select(address, Gen.Int[0, 32], address, Gen.Int[0, 31]).Sample((network, length, other, flipped) =>
        {
            uint start = length == 0 ? 0 : network & (uint.MaxValue << (32 - length));
            static IPAddress Ip(uint a) => new([(byte)(a >> 24), (byte)(a >> 16), (byte)(a >> 8), (byte)a]);
            SourceList list = SourceList.Of([$"{Ip(network)}/{length}"], out _)!;
            var oracle = new IPNetwork(Ip(start), length);
            foreach (uint probe in (uint[])[other, network, network ^ (1u << flipped)])
            {
                Assert.Equal(oracle.Contains(Ip(probe)), list.Allows(SourceList.Key(Ip(probe))));
                SocketAddress raw = new IPEndPoint(Ip(probe), 7).Serialize(), raw6 = new IPEndPoint(Ip(probe).MapToIPv6(), 7).Serialize();
                Assert.Equal(SourceList.Key(Ip(probe)), SourceList.Key(raw));
                Assert.Equal(SourceList.Key(Ip(probe)), SourceList.Key(raw6));
                Assert.Equal(Ip(probe).ToString(), SourceList.Text(SourceList.Key(raw)));
            }
        }, iter: 2_000);
        Assert.True(SourceList.Of(["2001:db8::/33"], out _)!.Allows(SourceList.Key(IPAddress.Parse("2001:db8:7fff::1"))));
        Assert.False(SourceList.Of(["2001:db8::/33"], out _)!.Allows(SourceList.Key(IPAddress.Parse("2001:db8:8000::1"))));
    }
}
