using System.Security.Cryptography;
using System.Text;
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
