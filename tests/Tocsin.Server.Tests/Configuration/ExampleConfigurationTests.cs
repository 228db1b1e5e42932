using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Access;
using Tocsin.Server.Channels;
using Tocsin.Server.Configuration;
using Tocsin.Server.Feeds;
using Tocsin.Server.Live;
using Tocsin.Server.Messages;
using Tocsin.Server.Storage;
using Tocsin.TestSupport;

namespace Tocsin.Server.Tests.Configuration;

/// <summary>What the documents say of <c>tocsin.json</c>, read by the very readers that the server starts with.</summary>
public sealed partial class ExampleConfigurationTests : IDisposable
{
    private const string Secrets = "/etc/tocsin/", Unknown = "notAKeyOfAnything";
    private static readonly string[] s_urls = ["http://127.0.0.1:8080"];
    private static readonly string[] s_kinds = [.. ChannelKinds.All.Select(k => k.Kind)];
    private static readonly string s_page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "operating", "configure.md"));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tocsin-example-");

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, BlockPattern().Count(s_page))];

    /// <summary>Places of the configuration that a heading of the page names, each with the least that stands there.</summary>
    public static TheoryData<string> Places =>
        ["top", "release", "drill", "languages", "feeds", "storage", "access", "access.oidc", "access.tls", "page", "telemetry", "recordings", .. s_kinds.Select(k => "channels:" + k)];

    [Fact]
    public async Task The_example_of_the_package_is_right() =>
        Assert.Empty(await ProblemsOf(await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "packaging", "tocsin.json"), TestContext.Current.CancellationToken)));

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Every_example_of_the_page_is_right(int block) => Assert.Empty(await ProblemsOf(BlockPattern().Matches(s_page)[block].Groups["json"].Value));

    [Fact]
    public async Task A_folder_of_scenarios_that_is_not_there_is_named()
    {
        Assert.Contains("drill.scenarios: \"/nowhere/at/all\" is not right; give the path of a folder that is there", await ProblemsOf("""{ "drill": { "scenarios": "/nowhere/at/all" } }"""));
        Assert.Empty(await ProblemsOf("""{ "drill": { "scenarios": "/etc/tocsin/scenarios" } }"""));
    }

    [Fact]
    public async Task An_example_with_a_mistake_would_be_seen()
    {
        List<string> problems = await ProblemsOf("""{ "stauts": "test", "channels": [ { "kind": "mqtt" } ] }""");
        Assert.Contains(problems, p => p.Contains("stauts", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("channels[0].host", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task The_page_names_the_keys_that_are_read_and_no_others(string place)
    {
        SortedSet<string> read = new(StringComparer.Ordinal);
        foreach (JsonObject configuration in With(place))
        {
            string problem = Assert.Single(await ProblemsOf(configuration.ToJsonString()), p => p.Contains(Unknown, StringComparison.Ordinal));
            read.UnionWith(problem[(problem.IndexOf("one of ", StringComparison.Ordinal) + "one of ".Length)..].Split(", "));
        }
        IEnumerable<string> written = place.StartsWith("channels:", StringComparison.Ordinal) ? Written("channels").Concat(Written(place)) : Written(place);
        Assert.Equal(read, new SortedSet<string>(written, StringComparer.Ordinal));
    }

    /// <summary>Configurations with an unknown key at a place; several where the keys depend on another key.</summary>
    private static IEnumerable<JsonObject> With(string place)
    {
        JsonObject Unread(JsonObject o)
        {
            o[Unknown] = true;
            return o;
        }

        string[] parts = place.Split(':', '.');
        switch (parts)
        {
            case ["top"]:
                return [Unread([])];
            case ["languages"]:
                return [new() { ["languages"] = new JsonArray(Unread(new() { ["tag"] = "en" })) }];
            case ["feeds"]:
                return [new() { ["feeds"] = new JsonArray(Unread(new() { ["uri"] = "http:" })) }];
            case ["channels", var kind]:
                string?[] transports = kind == "cot" ? ["multicast", "udp", "tcp", "tls"] : [null];
                return transports.Select(t =>
                {
                    JsonObject channel = new() { ["kind"] = kind };
                    if (t is not null) channel["transport"] = t;
                    return new JsonObject { ["channels"] = new JsonArray(Unread(channel)) };
                });
            case ["access", var inner]:
                return [new() { ["access"] = new JsonObject { [inner] = Unread([]) } }];
            default:
                return [new() { [place] = Unread([]) }];
        }
    }

    /// <summary>Keys in the first columns of the tables below the heading of a place.</summary>
    private static List<string> Written(string place)
    {
        List<string> keys = [];
        string? here = null;
        foreach (string line in s_page.Split('\n'))
        {
            if (line.StartsWith('#')) here = HeadingPattern().Match(line) is { Success: true } m ? m.Groups["place"].Value + (m.Groups["kind"].Success ? ":" + m.Groups["kind"].Value : "") : null;
            else if (here == place && line.StartsWith("| `", StringComparison.Ordinal)) keys.AddRange(KeyPattern().Matches(line.Split('|')[1]).Select(k => k.Groups["key"].Value));
        }
        Assert.True(keys.Count > 0 || place == "channels:wirelessText", $"configure.md has no table below a heading that begins with `{place}`");
        return keys;
    }

    /// <summary>Reads a configuration as the server does, with files of the right kind where the examples name some.</summary>
    private async Task<List<string>> ProblemsOf(string json)
    {
        foreach (string name in SecretPattern().Matches(json).Select(m => m.Groups["name"].Value).Distinct()) Write(name);
        string file = Path.Combine(_folder.FullName, "tocsin.json");
        await File.WriteAllTextAsync(file, json.Replace(Secrets, _folder.FullName + "/", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var clock = new FakeTimeProvider(new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        SiteFile site = SiteFile.Read(Path.Combine(SharedData.RepositoryRoot, "scenarios", "green-zone.site.geojson")).Value!;

        List<ConfigProblem> wrong = [];
        List<string> problems = [];
        using System.Text.Json.JsonDocument? document = ServerSettings.Open(file, wrong);
        ConfigSection top = document is null ? ConfigSection.Empty(wrong) : new(document.RootElement, wrong);
        ServerSettings settings = ServerSettings.Read(top);
        if (LanguageSettings.Read(top.Sections("languages")).Check(settings.Status) is { } unsigned) wrong.Add(unsigned);
        StorageSettings.Read(top.Section("storage"), _folder.FullName);
        AccessSettings.Read(top.Section("access"), s_urls, settings.Status, clock);
        FeedSettings.ReadAll(top, [], problems);
        ChannelContext context = new(site, TocsinServer.SiteKey(site.Definition.Name), settings.Status, ZonePlaces.Of(site), clock, _folder.FullName, NullLogger.Instance);
        await using ChannelDesk desk = ChannelDesk.Read(top.Sections("channels"), context, new Deaf());
        top.End();
        return [.. wrong.Select(w => w.ToString()), .. problems];
    }

    private void Write(string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        if (name == "scenarios") Directory.CreateDirectory(path);
        else if (name.EndsWith(".pem", StringComparison.Ordinal))
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using X509Certificate2 made = new CertificateRequest("CN=tocsin.camp.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
            File.WriteAllText(path, made.ExportCertificatePem());
            File.WriteAllText(Path.ChangeExtension(path, ".key"), key.ExportPkcs8PrivateKeyPem());
        }
        else if (name.StartsWith("database", StringComparison.Ordinal)) File.WriteAllText(path, "Host=db.camp.example;Database=tocsin;Username=tocsin;Password=example\n");
        else if (!name.EndsWith(".key", StringComparison.Ordinal)) File.WriteAllText(path, new string('s', 64) + "\n");
    }

    [GeneratedRegex(@"^```json tocsin\.json\n(?<json>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex BlockPattern();

    [GeneratedRegex("^#+ `(?<place>[a-zA-Z.]+)`(: `(?<kind>[a-zA-Z]+)`)?", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex("`(?<key>[^`]+)`", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex KeyPattern();

    [GeneratedRegex("\"/etc/tocsin/(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex SecretPattern();
}
