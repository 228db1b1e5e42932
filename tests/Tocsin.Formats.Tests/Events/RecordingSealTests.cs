using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Tocsin.Formats.Events;

namespace Tocsin.Formats.Tests.Events;

public sealed class RecordingSealTests
{
    private static readonly byte[] s_file = EventRoundTripTests.Write(EventGen.Same(20), previousSeal: "cafe");

    private static SealCheck Verify(byte[] file) => RecordingSeal.Verify(new MemoryStream(file), "a.events.jsonl").Value!;

    [Fact]
    public void A_recording_as_it_was_written_is_intact()
    {
        string text = Encoding.UTF8.GetString(s_file);
        int last = text.TrimEnd('\n').LastIndexOf('\n') + 1;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text[..last])));
        Assert.Equal(new SealCheck(SealState.Intact, 21, hash, "cafe", "21 lines as they were sealed"), Verify(s_file));
    }

    [Fact]
    public void Any_changed_byte_breaks_the_seal()
    {
        Gen.Select(Gen.Int[0, s_file.Length - 1], Gen.Int[1, 255]).Sample((i, change) =>
        {
            byte[] changed = [.. s_file];
            changed[i] ^= (byte)change;
            // White space and the link to an older seal are all of the last line that the hash does not hold; the file's last byte is its line feed.
            SealCheck check = Verify(changed);
            int sealStart = Array.LastIndexOf(s_file, (byte)'\n', s_file.Length - 2) + 1;
            Assert.True(check.State != SealState.Intact || i >= sealStart, $"byte {i} xor {change}: {check.Detail}");
        }, iter: 500);
    }

    [Fact]
    public void A_recording_cut_short_has_no_seal_and_one_with_lines_after_it_is_broken()
    {
        int sealStart = Array.LastIndexOf(s_file, (byte)'\n', s_file.Length - 2) + 1;
        Assert.Equal((SealState.Missing, 21), (Verify(s_file[..sealStart]).State, Verify(s_file[..sealStart]).Lines));
        Assert.Equal(SealState.Broken, Verify([.. s_file, .. "{}\n"u8]).State);
        Assert.Equal(SealState.Broken, Verify(s_file[..^1]).State);
        Assert.Equal(SealState.Broken, Verify(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(s_file).Replace("\n", "\r\n", StringComparison.Ordinal))).State);
        Assert.Contains("no such file", RecordingSeal.Verify("nowhere.jsonl").Error!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_after_the_seal()
    {
        using var writer = new EventWriter(Stream.Null, new RecordingHeader(TestSite.File, OperationStatus.Test));
        writer.Seal();
        Assert.Throws<InvalidOperationException>(() => writer.TrackEnded(new Instant(0), new TrackId(1), TrackEnd.Lost));
        Assert.Throws<InvalidOperationException>(() => writer.Seal());
    }

    /// <summary>Two writers share the work: one makes the lines, the other the first line, the hash and the seal. The file is the same, whichever pieces the lines come in.</summary>
    [Fact]
    public void Lines_that_another_writer_made_give_the_same_file() => Gen.Int[0, 900].Array[0, 12].Sample(cuts =>
    {
        var header = new RecordingHeader(TestSite.File, OperationStatus.Test) { Opened = new(77), State = new byte[] { 1, 2, 3 } };
        using MemoryStream whole = new(), lines = new(), joined = new();
        var one = new EventWriter(whole, header);
        var between = new EventWriter(lines, header, between: true);
        foreach (EventWriter w in (EventWriter[])[one, between])
            for (int i = 0; i < 9; i++) w.TrackEnded(new Instant(100 + i), new TrackId(i), TrackEnd.Lost);
        between.Flush();
        Assert.Equal((one.Lines, one.LastTime), (between.Lines, between.LastTime));
        Assert.Throws<InvalidOperationException>(() => between.Seal());
        var other = new EventWriter(joined, header);
        byte[] made = lines.ToArray();
        int from = 0;
        foreach (int cut in cuts.Order().Append(made.Length))
        {
            int to = Math.Min(cut, made.Length);
            other.Append(made.AsSpan(from, to - from), made.AsSpan(from, to - from).Count((byte)'\n'));
            from = to;
        }
        Assert.Equal(one.Lines, other.Lines);
        Assert.Equal(one.Seal(new Instant(500)), other.Seal(new Instant(500)));
        Assert.Equal(whole.ToArray(), joined.ToArray());
    }, iter: 200);

    /// <summary>A state comes back whole, also where it takes several blocks, and any inflater reads it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(65_529)]
    [InlineData(65_530)]
    [InlineData(65_531)]
    [InlineData(500_000)]
    public void A_state_in_the_first_line_comes_back(int length)
    {
        byte[] state = new byte[length];
        new Random(7).NextBytes(state);
        using var stream = new MemoryStream();
        using (var writer = new EventWriter(stream, new RecordingHeader(TestSite.File, OperationStatus.Test) { Opened = new(77), State = state })) writer.Open();
        byte[] file = stream.ToArray();
        using EventReader reader = EventReader.Open(new MemoryStream(file), "a").Value!;
        Assert.Equal(state, reader.Header.State.ToArray());
        using JsonDocument first = JsonDocument.Parse(file.AsMemory(0, Array.IndexOf(file, (byte)'\n')));
        using var inflated = new DeflateStream(new MemoryStream(first.RootElement.GetProperty("state").GetBytesFromBase64()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        inflated.CopyTo(plain);
        Assert.Equal(state, plain.ToArray());
    }

    [Fact]
    public void A_stream_that_fails_is_closed_without_a_seal()
    {
        var stream = new FullStream();
        var writer = new EventWriter(stream, new RecordingHeader(TestSite.File, OperationStatus.Test));
        writer.TrackEnded(new Instant(0), new TrackId(1), TrackEnd.Lost);
        Assert.Throws<IOException>(writer.Flush);
        writer.Dispose();
        Assert.True(stream.Closed);
    }

    private sealed class FullStream : MemoryStream
    {
        public bool Closed { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("no space left on device");

        protected override void Dispose(bool disposing)
        {
            Closed = true;
            base.Dispose(disposing);
        }
    }
}
