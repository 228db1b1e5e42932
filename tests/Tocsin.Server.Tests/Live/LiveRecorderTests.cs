using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.GeoJson;
using Tocsin.Geodesy;
using Tocsin.Server.Live;
using Tocsin.Server.Tests.Channels;

namespace Tocsin.Server.Tests.Live;

/// <summary>The recording of a live Site: every line in its order, file after file, or counted as lost.</summary>
public sealed class LiveRecorderTests : IDisposable
{
    private static readonly SiteFile s_site = ChannelSamples.Site();
    private readonly string _folder = Directory.CreateTempSubdirectory("tocsin-recorder-").FullName;
    private readonly FakeTimeProvider _wall = new(DateTimeOffset.UnixEpoch.AddTicks(ChannelSamples.Start.Ticks));
    private int _plots;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Instant Now => WallClock.InstantOf(_wall.GetUtcNow());

    [Fact]
    public async Task Files_follow_one_another_with_every_line_once_in_order_each_sealed_over_its_bytes_and_naming_the_seal_before() =>
        await Gen.Int[1, 60].Array[1, 25].SampleAsync(async bursts =>
        {
            string folder = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
            _plots = 0;
            int end;
            await using (LiveRecorder recorder = Make(folder, fileBytes: 4_000))
            {
                recorder.Begin(Now, null);
                foreach (int burst in bursts)
                {
                    Write(recorder, burst);
                    _wall.Advance(TimeSpan.FromSeconds(1));
                    recorder.Flush(Now, NewSite());
                }
                recorder.End(Now, continued: true);
                await Written(recorder);
                Assert.Equal((0L, null), (recorder.State.LostLines, recorder.State.Failing));
                end = Files(folder).Length;
            }
            // Each file is packed when the next one begins, and the plain one goes when that is done.
            await Eventually.TrueAsync(() => Directory.GetFiles(folder).All(f => f.EndsWith(".gz", StringComparison.Ordinal)));
            string[] files = Files(folder);
            Assert.Equal(end, files.Length);
            // A file ends with the burst that makes it too long: it holds at most 4,000 bytes and a burst, of lines of 100 to 200 bytes.
            Assert.True(files.Length >= bursts.Sum() * 100 / (4_000 + bursts.Max() * 200), $"{files.Length} files for {bursts.Sum()} plots");
            string? previous = null;
            List<int> plots = [];
            foreach (string file in files)
            {
                byte[] bytes = Unpacked(file);
                JsonElement[] lines = Lines(bytes);
                Assert.Equal("recording.opened", lines[0].GetProperty("type").GetString());
                JsonElement seal = lines[^1];
                int before = Encoding.UTF8.GetString(bytes).LastIndexOf("{\"type\":\"recording.sealed\"", StringComparison.Ordinal);
                Assert.Equal((lines.Length - 1, Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, before))), previous),
                    (seal.GetProperty("lines").GetInt32(), seal.GetProperty("sha256").GetString(), seal.GetProperty("previous").GetString()));
                previous = seal.GetProperty("sha256").GetString();
                plots.AddRange(PlotsIn(lines));
            }
            Assert.Equal(Enumerable.Range(1, bursts.Sum()), plots);
        }, iter: 12, threads: 1);

    [Fact]
    public async Task A_line_too_long_for_one_piece_is_kept_whole()
    {
        string who = new('x', 200_000);
        await using LiveRecorder recorder = Make(_folder);
        recorder.Begin(Now, null);
        Write(recorder, 1);
        recorder.Writer!.OperatorActed(Now, who, "acknowledge", null);
        Write(recorder, 1);
        recorder.End(Now, continued: false);
        string kept = Path.Combine(_folder, NameAt(Now, 0) + ".gz");
        await Eventually.TrueAsync(() => File.Exists(kept));
        JsonElement[] lines = Lines(Unpacked(kept));
        Assert.Equal(["recording.opened", "plot", "operator.acted", "plot", "recording.sealed"], lines.Select(l => l.GetProperty("type").GetString()));
        Assert.Equal((who, 4, 0L), (lines[2].GetProperty("who").GetString(), lines[4].GetProperty("lines").GetInt32(), recorder.State.LostLines));
    }

    [Fact]
    public async Task A_disk_that_is_full_costs_the_lines_of_that_time_which_are_counted_and_nothing_else()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("a full disk is /dev/full");
        await using LiveRecorder recorder = Make(_folder);
        // The next two files lead to a device that takes nothing.
        for (int i = 0; i < 2; i++) File.CreateSymbolicLink(Path.Combine(_folder, NameAt(Now, i)), "/dev/full");
        recorder.Begin(Now, null);
        Write(recorder, 5);
        recorder.Flush(Now, NewSite());
        Assert.False(await Written(recorder));
        Assert.Contains("space", recorder.State.Failing, StringComparison.OrdinalIgnoreCase);
        Assert.Null(recorder.Writer);
        for (int i = 0; i < 3; i++) recorder.CountLost();

        // Another file is tried at once, and it is not tried again with every line.
        recorder.Flush(Now, NewSite());
        Assert.Equal(NameAt(Now, 1), recorder.File);
        Write(recorder, 2);
        recorder.Flush(Now, NewSite());
        Assert.False(await Written(recorder));
        recorder.Flush(Now, NewSite());
        Assert.Null(recorder.Writer);
        Assert.Equal(NameAt(Now, 1), recorder.File);

        _wall.Advance(TimeSpan.FromSeconds(2));
        recorder.Flush(Now, NewSite());
        Assert.Equal(NameAt(Now, 2), recorder.File);
        Write(recorder, 4);
        recorder.Flush(Now, NewSite());
        Assert.True(await Written(recorder));
        recorder.End(Now, continued: false);
        string kept = Path.Combine(_folder, NameAt(Now, 2) + ".gz");
        await Eventually.TrueAsync(() => File.Exists(kept));
        Assert.Null(recorder.State.Failing);
        // Two opening lines, seven plots, and three that were counted while nothing could be kept.
        Assert.Equal(2 + 5 + 2 + 3, recorder.State.LostLines);
        Assert.Equal([8, 9, 10, 11], PlotsIn(Lines(Unpacked(kept))));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_tried_again_until_it_can()
    {
        string folder = Path.Combine(_folder, "recordings");
        await File.WriteAllTextAsync(folder, "no folder", TestContext.Current.CancellationToken);
        await using LiveRecorder recorder = Make(folder);
        recorder.Begin(Now, null);
        for (int i = 0; i < 3; i++)
        {
            Write(recorder, 2);
            recorder.Flush(Now, NewSite());
            Assert.False(await Written(recorder));
            Assert.NotNull(recorder.State.Failing);
            _wall.Advance(TimeSpan.FromSeconds(2));
        }
        File.Delete(folder);
        recorder.Flush(Now, NewSite());
        Write(recorder, 2);
        recorder.Flush(Now, NewSite());
        Assert.True(await Written(recorder));
        Assert.Null(recorder.State.Failing);
        recorder.End(Now, continued: false);
        await Eventually.TrueAsync(() => Directory.GetFiles(folder, "*.gz").Length > 0 && Directory.GetFiles(folder, "*.jsonl").Length == 0);
        Assert.Equal([7, 8], PlotsIn(Lines(Unpacked(Assert.Single(Directory.GetFiles(folder))))));
        // Six plots, and whatever lines opened the files that could not be made.
        Assert.InRange(recorder.State.LostLines, 6, 6 + 4);
    }

    [Fact]
    public async Task What_a_server_left_sealed_is_packed_by_the_next_one_and_nothing_else_is()
    {
        string Left(string name, string text)
        {
            string path = Path.Combine(_folder, name);
            File.WriteAllText(path, text);
            return path;
        }

        const string head = "{\"type\":\"recording.opened\"}\n", seal = "{\"type\":\"recording.sealed\",\"lines\":1}\n";
        string whole = Left("camp-2027-01-01T000000000Z-0.events.jsonl", head + seal), open = Left("camp-2027-01-02T000000000Z-0.events.jsonl", head);
        string cut = Left("camp-2027-01-03T000000000Z-0.events.jsonl", head + seal[..^1]), more = Left("camp-2027-01-04T000000000Z-0.events.jsonl", head + seal + head);
        string part = Left("camp-2027-01-01T000000000Z-0.events.jsonl.gz.part", "half");
        await using LiveRecorder recorder = Make(_folder);
        recorder.Begin(Now, null);
        recorder.PackLeft();
        await Eventually.TrueAsync(() => File.Exists(whole + ".gz") && !File.Exists(whole));
        Assert.Equal(head + seal, Encoding.UTF8.GetString(Unpacked(whole + ".gz")));
        Assert.False(File.Exists(part));
        Assert.All([open, cut, more], path => Assert.True(File.Exists(path)));
        // The one that is being written is no leftover.
        Write(recorder, 1);
        recorder.Flush(Now, NewSite());
        Assert.True(await Written(recorder));
        Assert.True(File.Exists(Path.Combine(_folder, recorder.File)));
    }

    private LiveRecorder Make(string folder, long fileBytes = LiveRecorder.FileBytes) => new(folder, "camp", s_site, OperationStatus.Test, null, _wall, NullLogger.Instance, fileBytes);

    private static Site NewSite() => new(s_site.Definition, OperationStatus.Test);

    private static string NameAt(Instant time, int number) => $"camp-{time.ToString().Replace(":", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal)}-{number}.events.jsonl";

    /// <summary>Writes plots that count up in their range.</summary>
    private void Write(LiveRecorder recorder, int plots)
    {
        for (int i = 0; i < plots; i++)
        {
            _plots++;
            // The disk may refuse between two lines.
            if (recorder.Writer is { } writer) writer.PlotReceived(Now, new Plot { Time = Now, Sensor = 0, Measurement = new Polar(_plots, 0, 0), Number = _plots });
            else recorder.CountLost();
        }
    }

    private static Task<bool> Written(LiveRecorder recorder)
    {
        TaskCompletionSource<bool> written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        recorder.WhenWritten(ok => written.TrySetResult(ok));
        return written.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    /// <summary>One path for each recording, however far its packing is.</summary>
    private static string[] Files(string folder) => [.. Directory.GetFiles(folder).GroupBy(NumberOf).OrderBy(g => g.Key).Select(g => g.MaxBy(f => f.Length)!)];

    /// <summary>Files are numbered in the order in which they were begun.</summary>
    private static int NumberOf(string file)
    {
        string name = Path.GetFileName(file);
        name = name[..name.IndexOf(".events", StringComparison.Ordinal)];
        return int.Parse(name[(name.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static byte[] Unpacked(string file)
    {
        using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static JsonElement[] Lines(byte[] bytes) => [.. Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    private static IEnumerable<int> PlotsIn(JsonElement[] lines) => lines.Where(l => l.GetProperty("type").GetString() == "plot").Select(l => l.GetProperty("rangeM").GetInt32());
}
