using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests.Live;

/// <summary>The live server through the real program: what it promises, and what it survives.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("tocsin-serve").FullName;

    private string Recordings => Path.Combine(_data, "recordings");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_server_answers_without_log_in_what_anybody_may_see_and_ends_when_it_is_asked_to()
    {
        await using ServedSite site = await ServedSite.Start(_data);
        foreach (string path in (string[])["/", "/health/live", "/health/ready", "/openapi/v1.json", "/metrics", "/api/public/site"]) Assert.Equal((path, HttpStatusCode.OK), (path, await site.Status(path)));
        Assert.Equal(HttpStatusCode.Unauthorized, await site.Status("/api/site"));
        Assert.Equal(0, await site.Stop(10));
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_ends_and_says_what_to_do()
    {
        await using ServedSite first = await ServedSite.Start(_data);
        await using ServedSite second = ServedSite.Begin(_data);
        Assert.Equal(1, await second.Ended(90));
        await ServedSite.Until(() => Task.FromResult(second.Said.Contains("stop the server that uses it, or give another folder with --data", StringComparison.Ordinal)), 60, () => second.Said);
        Assert.Equal(HttpStatusCode.OK, await first.Status("/health/ready"));
    }

    [Fact]
    public async Task A_wrong_configuration_is_refused_with_its_key_its_value_and_what_would_be_right()
    {
        File.WriteAllText(Path.Combine(_data, "tocsin.json"), """{"status":"real","release":{"limitS":500}}""");
        await using ServedSite site = ServedSite.Begin(_data);
        Assert.Equal(1, await site.Ended(90));
        await ServedSite.Until(() => Task.FromResult(((string[])["status", "real", "actual", "release.limitS", "500", "60"]).All(w => site.Said.Contains(w, StringComparison.Ordinal))), 60, () => site.Said);
    }

    [Fact]
    public async Task A_server_killed_in_a_raid_goes_on_with_the_same_warnings()
    {
        using var hook = new Hook();
        File.WriteAllText(Path.Combine(_data, "tocsin.json"),
            $$"""{"channels":[{"kind":"webhook","url":"http://127.0.0.1:{{hook.Port}}/","secret":"0123456789abcdef0123456789abcdef","exercises":true}]}""");
        string[] warned = [];
        await using (ServedSite first = await ServedSite.Start(_data, "--feed", await RaidFeed()))
        {
            await ServedSite.Until(async () => (warned = await first.WarnedZones()).Length > 0, 120, () => first.Said);
            await first.Kill();
        }
        await using ServedSite second = await ServedSite.Start(_data);
        await ServedSite.Until(async () => !warned.Except(await second.WarnedZones()).Any(), second.Promised(2), () => $"{string.Join(' ', warned)} warned again; {second.Said}");
        Assert.Equal(0, await second.Stop(10));

        // One file each: a plain one may still be there beside its packed one.
        string[] files = [.. Directory.GetFiles(Recordings).Where(f => !f.EndsWith(".part", StringComparison.Ordinal)).GroupBy(f => f.Replace(".gz", "", StringComparison.Ordinal))
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Min(StringComparer.Ordinal)!)];
        foreach (string file in files) ReplaysToItself(file);
        JsonElement[][] recordings = [.. files.Select(Lines)];
        Assert.Equal(2, recordings.Length);
        Assert.Equal("recording.sealed", recordings[0][^1].GetProperty("type").GetString());
        Assert.True(recordings[0][^1].GetProperty("continued").GetBoolean());
        string[] raised = [.. recordings.SelectMany(r => Ids(r, "warning.raised"))];
        Assert.NotEmpty(raised);
        Assert.Distinct(raised);

        // The webhook heard of each by one identity, before the cut and after it.
        string[] raises = [.. hook.Heard.Where(h => h.Act == "raised").Select(h => h.Identity).Distinct()];
        Assert.Equal(raised.Order(), raises.Select(i => i[(i.LastIndexOf('.') + 1)..]).Order());
        Assert.Single(raises.Select(i => i[..i.LastIndexOf('.')]).Distinct());
    }

    [Fact]
    public async Task Warnings_go_out_when_nothing_can_be_recorded_and_the_database_is_rubbish()
    {
        File.WriteAllText(Recordings, "no folder");
        File.WriteAllText(Path.Combine(_data, "tocsin.db"), new string('x', 10_000));
        await using ServedSite site = await ServedSite.Start(_data, "--feed", await RaidFeed());
        await ServedSite.Until(async () => (await site.WarnedZones()).Length > 0, 120, () => site.Said);
        await ServedSite.Until(async () => (await site.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Split('\n')
            .Any(l => l.StartsWith("tocsin_recording_lost", StringComparison.Ordinal) && double.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture) > 0), 60, () => site.Said);
    }

    /// <summary>A feed that plays the plots of the scenario's raid as of now.</summary>
    private async Task<string> RaidFeed()
    {
        string file = Path.Combine(_data, "raid.events.jsonl");
        using Process run = ServedSite.Program(["run", Path.Combine(SharedData.RepositoryRoot, "scenarios", "green-zone.json"), "--events", file]);
        Task<string> output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, await output + await error);
        return $"file://{file}?shift=now";
    }

    internal static JsonElement[] Lines(string file) => [.. Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    /// <summary>Replays a recording and asserts that the bytes come out that are in it, the seal with them. What channels and operators did is no work of the Site's and not
    /// repeated: where such lines stand the seal is over other bytes, and only when it was set is compared.</summary>
    internal static void ReplaysToItself(string recording)
    {
        using var folder = new TempFolder();
        CliRun.Of("replay", recording, "--events", folder["again.jsonl"]).Done();
        string[] all = Text(recording).Split('\n'), again = File.ReadAllText(folder["again.jsonl"]).Split('\n');
        string[] was = [.. all.Where(l => !l.StartsWith("{\"type\":\"channel.", StringComparison.Ordinal) && !l.StartsWith("{\"type\":\"operator.", StringComparison.Ordinal))];
        for (int i = 0; i < Math.Min(was.Length, again.Length); i++)
        {
            bool isSeal = was[i].StartsWith("{\"type\":\"recording.sealed\"", StringComparison.Ordinal);
            string Compared(string line) => isSeal && was.Length < all.Length ? line[..line.IndexOf(",\"lines\"", StringComparison.Ordinal)] : line;
            Assert.True(Compared(was[i]) == Compared(again[i]), $"{Path.GetFileName(recording)}, line {i + 1}:\n{was[i]}\n{again[i]}");
        }
        Assert.Equal(was.Length, again.Length);
    }

    private static string Text(string file)
    {
        using Stream bytes = File.OpenRead(file);
        using var text = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(bytes, CompressionMode.Decompress) : bytes);
        return text.ReadToEnd();
    }

    private static IEnumerable<string> Ids(JsonElement[] lines, string type) => lines.Where(l => l.GetProperty("type").GetString() == type).Select(l => l.GetProperty("warning").GetString()!);
}
