using System.IO.Compression;
using System.Text;
using Tocsin.Server.Live;

namespace Tocsin.Server.Tests.Live;

/// <summary>The shelf of recordings: names stay inside, and a page gets the lines of its incident.</summary>
public sealed class RecordingShelfTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tocsin-shelf").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("../secret")]
    [InlineData("recordings/../../secret")]
    [InlineData("sub/inner")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("sub")]
    [InlineData("missing")]
    public void A_name_that_is_no_recording_of_the_folder_opens_nothing(string name)
    {
        string recordings = Path.Combine(_folder, "recordings");
        Directory.CreateDirectory(Path.Combine(recordings, "sub"));
        File.WriteAllText(Path.Combine(_folder, "secret"), "secret");
        File.WriteAllText(Path.Combine(recordings, "sub", "inner"), "inner");
        Assert.Null(new RecordingShelf(recordings).Open(name));
    }

    [Fact]
    public void A_recording_is_found_plain_or_packed()
    {
        File.WriteAllText(Path.Combine(_folder, "plain"), "one");
        using (var packed = new GZipStream(File.Create(Path.Combine(_folder, "packed.gz")), CompressionLevel.Fastest)) packed.Write("two"u8);
        foreach ((string name, string holds) in ((string, string)[])[("plain", "one"), ("packed", "two")])
        {
            using var text = new StreamReader(new RecordingShelf(_folder).Open(name)!);
            Assert.Equal(holds, text.ReadToEnd());
        }
    }

    [Theory]
    [InlineData(0, null, "head,a,b,c")]
    [InlineData(2, 3L, "head,b")]
    [InlineData(4, 4L, "head,c")]
    [InlineData(9, null, "head")]
    public async Task A_page_gets_the_head_without_the_state_and_the_lines_between_that_are_no_plots(long first, long? last, string expected)
    {
        string[] lines = ["{\"type\":\"head\",\"state\":\"" + new string('A', 200_000) + "\",\"live\":true}", "{\"type\":\"a\"}", "{\"type\":\"b\"}", "{\"type\":\"plot\",\"sensor\":\"R1\"}", "{\"type\":\"c\"}"];
        using var recording = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n{\"type\":\"cut"));
        using var to = new MemoryStream();
        await RecordingShelf.CopyAsync(recording, to, first, last, TestContext.Current.CancellationToken);
        string[] got = Encoding.UTF8.GetString(to.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("{\"type\":\"head\",\"live\":true}", got[0]);
        Assert.Equal(expected, string.Join(',', got.Select(l => l.Split('"')[3])));
    }

    [Theory]
    [InlineData(2L, 5, "head,b,c,d,e")]
    [InlineData(2L, 3, "head,b,c")]
    [InlineData(2L, null, "head,b,c,d,e,f")]
    [InlineData(2L, 9, "head,b,c,d,e,f")]
    public async Task An_incident_that_a_restart_or_a_full_file_cut_goes_on_through_the_recordings_after_it(long first, int? closedS, string expected)
    {
        // Its time in seconds stands in each line; another Site's and a drill's recordings, and those before, are none of it.
        Write("camp-2026-03-01T115900000Z-0", "head:0,z:0,recording.sealed:0");
        Write("camp-2026-03-01T120000000Z-0", "head:0,a:1,b:2,plot:2,recording.sealed:3");
        Write("camp-2026-03-01T120003000Z-0", "head:3,c:3,plot:3,d:4,recording.sealed:4", packed: true);
        Write("camp-drill-D1-2026-03-01T120003000Z-0", "head:3,x:3");
        Write("camp-2026-03-01T120004000Z-1", "head:4,e:5,f:6");
        using var to = new MemoryStream();
        await new RecordingShelf(_folder).CopyIncidentAsync("camp-2026-03-01T120000000Z-0.events.jsonl", to, first, closedS is null ? null : RecordingShelf.InALaterRecording,
            closedS is { } s ? At(s) : null, TestContext.Current.CancellationToken);
        Assert.Equal(expected, string.Join(',', Encoding.UTF8.GetString(to.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('"')[3])));
    }

    [Fact]
    public async Task An_incident_of_one_recording_ends_at_its_last_line()
    {
        Write("camp-2026-03-01T120000000Z-0", "head:0,a:1,b:2,c:3");
        Write("camp-2026-03-01T120004000Z-1", "head:4,e:5");
        using var to = new MemoryStream();
        await new RecordingShelf(_folder).CopyIncidentAsync("camp-2026-03-01T120000000Z-0.events.jsonl", to, 1, 2, At(9), TestContext.Current.CancellationToken);
        Assert.Equal(3, Encoding.UTF8.GetString(to.ToArray()).Count(c => c == '\n'));
    }

    private static Instant At(int seconds) => new((new DateTime(2026, 3, 1, 12, 0, seconds, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks);

    private void Write(string name, string lines, bool packed = false)
    {
        string path = Path.Combine(_folder, name + ".events.jsonl");
        using Stream file = packed ? new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest) : File.Create(path);
        foreach (string line in lines.Split(','))
        {
            string[] parts = line.Split(':');
            file.Write(Encoding.UTF8.GetBytes($"{{\"type\":\"{parts[0]}\",\"time\":\"{At(int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture))}\"}}\n"));
        }
    }
}
