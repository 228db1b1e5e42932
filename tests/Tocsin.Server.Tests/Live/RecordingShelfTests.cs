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
}
