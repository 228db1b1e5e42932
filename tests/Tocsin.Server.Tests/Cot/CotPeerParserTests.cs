using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CsCheck;
using Tocsin.Formats.Cot;
using Tocsin.Server.Channels;
using Tocsin.TestSupport;

namespace Tocsin.Server.Tests.Cot;

/// <summary>A second implementation reads what we write, and we read what it writes: @tak-ps/node-cot in tests/node/cot.</summary>
public class CotPeerParserTests
{
    [Fact]
    public void It_reads_what_the_channel_says_and_gives_it_back()
    {
        // Its writer leaves & and < in attributes as they are, so that what it gives back of such a name is no XML.
        ZonePlace plain = CotWorld.Tower with { Name = "Tower and gate" };
        List<CotEvent> events = [.. Enum.GetValues<OperationStatus>().SelectMany(s => CotMappingTests.AllOf(s, plain))];
        foreach ((CotEvent e, JsonElement a) in Ask(events))
        {
            Assert.Equal(e.Element("remarks")?.Text ?? "", a.GetProperty("remarks").GetString());
            if (e.Type == "u-d-f")
            {
                Assert.Equal("Polygon", a.GetProperty("geometry").GetProperty("type").GetString());
                Assert.Equal(e.Detail.Count(d => d.Name == "link"), a.GetProperty("geometry").GetProperty("coordinates")[0].GetArrayLength());
            }
            if (e.Type == "u-d-c-c")
            {
                JsonElement ellipse = a.GetProperty("ellipse");
                Assert.Equal((360, 120, 60), (ellipse.GetProperty("major").GetDouble(), ellipse.GetProperty("minor").GetDouble(), ellipse.GetProperty("angle").GetDouble()));
            }
        }
    }

    [Fact]
    public void It_reads_random_events_as_we_mean_them()
    {
        Gen<string> text = Gen.OneOf(Gen.Const("plain"), Gen.Const("شِلْتَر"), Gen.String[Gen.Char['\u0400', '\u04FF'], 1, 9]);
        Gen<CotEvent> gen =
            from uid in text
            from callsign in text
            from remarks in text
            from times in Gen.Long[0, 4_000_000_000_000].Array[3]
            from lat in Gen.Double[-90, 90]
            from lon in Gen.Double[-180, 180]
            from lengths in Gen.Double[-1000, 100_000].Array[3]
            from speed in Gen.Double[0, 2_000]
            select new CotEvent
            {
                Uid = uid,
                Type = "a-u-A",
                How = "m-a",
                Opex = "o",
                Qos = "1-r-c",
                Time = new Instant(times[0] * 10_000),
                Start = new Instant(times[1] * 10_000),
                Stale = new Instant(times[2] * 10_000),
                Point = new CotPoint(lat, lon, lengths[0], lengths[1], lengths[2]),
                Detail =
                [
                    new CotElement("contact", [("callsign", callsign)]),
                    new CotElement("track", [("speed", speed.ToString("0.###")), ("course", "12.5")]),
                    new CotElement("remarks", text: remarks),
                ],
            };
        List<CotEvent> events = [];
        gen.Sample(e => { lock (events) events.Add(e); }, iter: 60);
        Ask(events);
    }

    /// <summary>Asks it of each event, once as XML and once as protobuf, checks what every event has, and gives its answers to the XML.</summary>
    private static List<(CotEvent Event, JsonElement Answer)> Ask(List<CotEvent> events)
    {
        var input = new StringBuilder();
        foreach (CotEvent e in events)
        {
            input.AppendLine(JsonSerializer.Serialize(new { xml = Encoding.UTF8.GetString(CotXml.Write(e)) }));
            input.AppendLine(JsonSerializer.Serialize(new { proto = Convert.ToBase64String(CotProtobuf.Write(e)) }));
        }
        string[] lines = Run(input.ToString());
        Assert.Equal(2 * events.Count, lines.Length);
        List<(CotEvent, JsonElement)> answers = [];
        for (int i = 0; i < lines.Length; i++)
        {
            CotEvent e = events[i / 2];
            JsonElement a = JsonDocument.Parse(lines[i]).RootElement;
            Assert.False(a.TryGetProperty("error", out JsonElement error), $"{error} for {Encoding.UTF8.GetString(CotXml.Write(e))}");
            string Text(string name) => a.GetProperty(name).GetString()!;
            double Number(string name) => a.GetProperty(name).GetDouble();
            Assert.Equal((e.Uid, e.Type, e.How, e.Opex, e.Qos), (Text("uid"), Text("type"), Text("how"), Text("opex"), Text("qos")));
            Assert.Equal((e.Time.ToString(), e.Start.ToString(), e.Stale.ToString()), (Text("time"), Text("start"), Text("stale")));
            Assert.Equal(e.Point, new CotPoint(Number("lat"), Number("lon"), Number("hae"), Number("ce"), Number("le")));
            Assert.Equal(e.Element("contact")?["callsign"] ?? "UNKNOWN", Text("callsign"));

            // Back again: its XML and its protobuf are read by us.
            Assert.True(CotXml.TryRead(Encoding.UTF8.GetBytes(Text("xml")), out CotEvent? back, out CotProblem problem), problem.Describe());
            Assert.Equal(e, back);
            Assert.True(CotProtobuf.TryRead(Convert.FromBase64String(Text("proto")), out back, out problem), problem.Describe());
            // It adds an empty element of its own to every message.
            Assert.Equal(e, back with { Detail = [.. back.Detail.Where(d => d.Name != "metadata")] });
            if (i % 2 == 0) answers.Add((e, a));
        }
        return answers;
    }

    private static string[] Run(string input)
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "tests", "node", "cot");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "@tak-ps", "node-cot")), "@tak-ps/node-cot is not here: npm ci in tests/node/cot");
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add("check.mjs");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is not here");
            return [];
        }
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            string all = output.GetAwaiter().GetResult();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return all.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
