using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tocsin.Cli.Tests.Live;

/// <summary>A small camp of two zones with its server's folder, raids on it that a test can begin when it likes, and a receiver of its webhook.</summary>
/// <remarks>Mortar bombs fly for about 40 s and are warned of within some seconds of their launch: the policy counts on a slow channel. So there is time left for what
/// an operator does, and for a machine that is busy.</remarks>
internal sealed class Camp : IDisposable
{
    /// <summary>A raid of one bomb on each zone.</summary>
    public const string OnBoth = "both";

    /// <summary>A raid of one bomb on zone A.</summary>
    public const string OnA = "one";

    private const string Feed = "radar";
    private static readonly Lazy<Dictionary<string, Raid>> s_raids = new(DrawAll);
    private readonly string _key;
    private readonly CancellationTokenSource _over = new();
    private readonly List<Task> _posting = [];

    /// <summary>Makes a camp.</summary>
    /// <param name="channels">More channels than the webhook, as members of the list.</param>
    /// <param name="more">More members of the configuration.</param>
    public Camp(string channels = "", string more = "")
    {
        Folder = Directory.CreateTempSubdirectory("tocsin-camp-").FullName;
        Directory.CreateDirectory(Data);
        Directory.CreateDirectory(Scenarios);
        foreach (string folder in (string[])[Folder, Scenarios]) File.WriteAllText(Path.Combine(folder, "camp.site.geojson"), Site);
        File.WriteAllText(Path.Combine(Scenarios, OnBoth + ".json"), Scenario("A", "B"));
        // A raid on a site that looks like this one and is another.
        File.WriteAllText(Path.Combine(Scenarios, "elsewhere.json"), Scenario("A").Replace("camp.site", "elsewhere.site", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(Scenarios, "elsewhere.site.geojson"), Site.Replace("\"name\":\"camp\"", "\"name\":\"elsewhere\"", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(Data, "tocsin.json"), $$"""
            {"access":{"open":"operator"},"drill":{"scenarios":"{{Scenarios}}"},{{more}}
            "channels":[{"kind":"webhook","url":"http://127.0.0.1:{{Hook.Port}}/","secret":"0123456789abcdef0123456789abcdef","exercises":true}{{channels}}]}
            """);
        _key = CliRun.Of("key", "add", "test", "--scope", "feed:" + Feed, "--data", Data).Done().Output.Trim();
    }

    /// <summary>Everything of this test.</summary>
    public string Folder { get; }

    /// <summary>The server's folder.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>What its webhook hears.</summary>
    public Hook Hook { get; } = new();

    private string Scenarios => Path.Combine(Folder, "scenarios");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts the server.</summary>
    public Task<ServedSite> Serve() => ServedSite.StartAt(Path.Combine(Folder, "camp.site.geojson"), Data, "--feed", "http://" + Feed);

    /// <summary>Begins a raid now: its plots are posted in real time, as a radar's would be.</summary>
    public void Begin(string raid, ServedSite site) => _posting.Add(PostAsync(s_raids.Value[raid], site));

    /// <summary>Does something by the API as an operator, and gives the status.</summary>
    public static async Task<HttpStatusCode> Act(ServedSite site, HttpMethod method, string path, string body = "{}")
    {
        using HttpResponseMessage answer = await Ask(site, method, path, body);
        return answer.StatusCode;
    }

    /// <summary>Asks the API as an operator.</summary>
    public static async Task<HttpResponseMessage> Ask(ServedSite site, HttpMethod method, string path, string body = "{}")
    {
        using var me = JsonDocument.Parse(await site.Http.GetByteArrayAsync("/api/me", Stop));
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Tocsin-Csrf", me.RootElement.GetProperty("csrf").GetString());
        return await site.Http.SendAsync(request, Stop);
    }

    /// <summary>A figure of the metrics, by the beginning of its name and a label; 0 where it is not there yet.</summary>
    public static async Task<double> Figure(ServedSite site, string name, string label = "") =>
        (await site.Http.GetStringAsync("/metrics", Stop)).Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal) && l.Contains(label, StringComparison.Ordinal))
            .Sum(l => double.Parse(l[(l.IndexOf('}', StringComparison.Ordinal) is var end and >= 0 ? end + 1 : l.IndexOf(' ', StringComparison.Ordinal))..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture));

    /// <summary>What an operator's page that opens now is told first: every event of the snapshot.</summary>
    public static async Task<JsonElement[]> Snapshot(ServedSite site)
    {
        using HttpResponseMessage answer = await site.Http.GetAsync("/api/stream", HttpCompletionOption.ResponseHeadersRead, Stop);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));
        while (await lines.ReadLineAsync(Stop) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return [.. JsonDocument.Parse(line[6..]).RootElement.EnumerateArray()];
        return [];
    }

    /// <summary>A zone as the public sees it.</summary>
    public static async Task<JsonElement> PublicZone(ServedSite site, string zone) =>
        JsonDocument.Parse(await site.Http.GetByteArrayAsync("/api/public/zones/" + zone, Stop)).RootElement;

    public void Dispose()
    {
        _over.Cancel();
        // A post that was refused fails the test with its reason.
        Task.WaitAll([.. _posting], CancellationToken.None);
        _over.Dispose();
        Hook.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>One plot of a recording: when it is due after the raid's beginning, and its line around the time.</summary>
    private sealed record RaidPlot(double AtS, string Before, string After);

    private sealed record Raid(RaidPlot[] Plots);

    private async Task PostAsync(Raid raid, ServedSite site)
    {
        DateTime began = DateTime.UtcNow;
        int next = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (next < raid.Plots.Length && await timer.WaitForNextTickAsync(_over.Token))
            {
                // A server that has just begun may not know its keys and feeds yet: like any radar this one tries again, and the raid begins with the first plots that are taken.
                if (next == 0) began = DateTime.UtcNow;
                double nowS = (DateTime.UtcNow - began).TotalSeconds;
                var body = new StringBuilder();
                int from = next;
                for (; next < raid.Plots.Length && raid.Plots[next].AtS <= nowS; next++)
                    body.Append(raid.Plots[next].Before).Append((began + TimeSpan.FromSeconds(raid.Plots[next].AtS)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)).Append(raid.Plots[next].After).Append('\n');
                if (body.Length == 0) continue;
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/feeds/{Feed}/plots") { Content = new StringContent(body.ToString(), Encoding.UTF8, "application/x-ndjson") };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
                using HttpResponseMessage answer = await site.Http.SendAsync(request, _over.Token);
                if (answer.IsSuccessStatusCode) continue;
                Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(_over.Token)}");
                next = from;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or ObjectDisposedException)
        {
            // The test is over, or its server is: what it waits for says which.
        }
    }

    /// <summary>Draws every raid with the simulator, once for all tests.</summary>
    private static Dictionary<string, Raid> DrawAll()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("tocsin-raids-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "camp.site.geojson"), Site);
            return new() { [OnBoth] = Draw(folder.FullName, "A", "B"), [OnA] = Draw(folder.FullName, "A") };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Raid Draw(string folder, params string[] zones)
    {
        string scenario = Path.Combine(folder, "raid.json"), events = Path.Combine(folder, "raid.events.jsonl");
        File.WriteAllText(scenario, Scenario(zones));
        CliRun.Of("run", scenario, "--seed", "7", "--events", events).Done();
        const string Key = "\"plotTime\":\"";
        List<RaidPlot> plots = [];
        DateTime? first = null;
        foreach (string line in File.ReadLines(events).Where(l => l.StartsWith("{\"type\":\"plot\"", StringComparison.Ordinal)))
        {
            int at = line.IndexOf(Key, StringComparison.Ordinal) + Key.Length, end = line.IndexOf('"', at);
            DateTime time = DateTime.Parse(line[at..end], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
            first ??= time;
            plots.Add(new((time - first.Value).TotalSeconds, line[..at], line[end..]));
        }
        Assert.NotEmpty(plots);
        return new([.. plots]);
    }

    private static string Site => """
        {"type":"FeatureCollection","tocsin":{"name":"camp","groundElevationM":0,"warning":{"channelDelayS":30}},"features":[
        {"type":"Feature","geometry":{"type":"Point","coordinates":[0,0,5]},"properties":{"kind":"sensor","id":"R1","rangeSigmaM":8,"azimuthSigmaDeg":0.1,"elevationSigmaDeg":0.1,
        "scanPeriodS":0.5,"maxRangeM":15000,"minElevationDeg":1,"detectionProbability":0.95}},
        {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[-0.003,0.005],[0.003,0.005],[0.003,0.011],[-0.003,0.011],[-0.003,0.005]]]},
        "properties":{"kind":"zone","id":"A","name":"Zone A","population":100,"timeToShelterS":5}},
        {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[-0.003,-0.011],[0.003,-0.011],[0.003,-0.005],[-0.003,-0.005],[-0.003,-0.011]]]},
        "properties":{"kind":"zone","id":"B","name":"Zone B","population":100,"timeToShelterS":5}}]}
        """;

    private static string Scenario(params string[] zones) => $$"""
        {"name":"Bombs on the camp","summary":"A drill.","status":"exercise","sources":[],"chosen":["All of it."],"site":"camp.site.geojson","startTime":"2026-01-01T12:00:00Z",
        "durationS":55,"seed":1,"salvos":[{{string.Join(',', zones.Select(Salvo))}}],"radars":[{"sensor":"R1","delivery":{"latencyS":[0.01,0.03]} }]}
        """;

    private static string Salvo(string zone)
    {
        string latitude = zone == "A" ? "0.008" : "-0.008";
        return $$"""
            {"id":"{{zone}}","kind":"mortar","count":1,"launchTimes":{"startS":0.5,"intervalS":1},"launchArea":{"centre":[0.028,{{latitude}}],"radiusM":50},
            "aim":{"centre":[0,{{latitude}}],"sigmaAlongM":5,"sigmaAcrossM":5},"elevationDeg":[71,72],"speedMps":[140,320],"solveFor":"speed",
            "ballisticCoefficientKgPerM2":[4500,5000],"drag":"subsonic"}
            """;
    }
}
