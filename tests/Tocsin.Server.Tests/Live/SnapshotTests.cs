using System.Collections.Immutable;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Control;
using Tocsin.Server.Live;
using Tocsin.Server.Page;
using Tocsin.Server.Tests.Channels;

namespace Tocsin.Server.Tests.Live;

/// <summary>What a server that was killed goes on from.</summary>
public sealed class SnapshotTests : IAsyncLifetime
{
    private static readonly SiteFile s_site = ChannelSamples.Site();
    private readonly string _folder = Directory.CreateTempSubdirectory("tocsin-snapshot-").FullName;
    private readonly LiveRecorder _recorder;
    private readonly SnapshotFile _file;
    private ImmutableArray<PendingMessage> _pending = [];

    public SnapshotTests()
    {
        _recorder = new(Recordings, "camp", s_site, OperationStatus.Test, null, new FakeTimeProvider(), NullLogger.Instance);
        _file = new(FilePath, () => _pending, NullLogger.Instance);
    }

    private string Recordings => Path.Combine(_folder, "recordings");

    private string FilePath => Path.Combine(_folder, "state", "site.snapshot");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _recorder.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_written_is_read_again()
    {
        Assert.Null(_file.Read(out string? none, out _));
        Assert.Null(none);
        _pending = [new("mqtt", Message(4))];
        Snapshot full = Sample(7) with
        {
            Incident = "camp.I1",
            Previous = "abc",
            Shown = [new("4warning:W3", Encoding.UTF8.GetBytes("""{"type":"warning.raised","zone":"Zürich \"quoted\""}"""))],
            Desk =
            [
                new(Message(3), Held: true, ChannelSamples.Start.AddSeconds(5), ChannelSamples.Start.AddSeconds(9), "anna"),
                new(Message(5), Held: false, ChannelSamples.Start, ChannelSamples.Start, null)
                {
                    Life = 3, Rounds = [(new(7), Instant.MinValue), (new(9), ChannelSamples.Start)], Dismissed = [(new(7), 0.25), (new(9), 1.9999999999999998)],
                },
                new(Message(6), Held: false, ChannelSamples.Start, ChannelSamples.Start, null) { Dismissed = [] },
            ],
        };
        // What the recorder knows better than who takes a snapshot: how long the recording is by then, and the seal before it.
        _recorder.PreviousSeal = "abc";
        await Write(full with { Bytes = 0, Previous = null });
        full = full with { Bytes = new FileInfo(Path.Combine(Recordings, _recorder.File)).Length };
        Assert.True(full.Bytes > 0);
        Snapshot read = _file.Read(out string? problem, out bool isOlder)!;
        Assert.Equal((null, false), (problem, isOlder));
        Assert.Equal((full.SiteSha256, full.Status, full.Prefix, full.Recording, full.Bytes, full.Plots, full.Time, full.Incident, full.Rounds, full.Previous),
            (read.SiteSha256, read.Status, read.Prefix, read.Recording, read.Bytes, read.Plots, read.Time, read.Incident, read.Rounds, read.Previous));
        Assert.Equal(full.State.Bytes.ToArray(), read.State.Bytes.ToArray());
        Assert.Equal(("4warning:W3", Encoding.UTF8.GetString(full.Shown[0].Json)), (read.Shown[0].Subject, Encoding.UTF8.GetString(read.Shown[0].Json)));
        Assert.Equal("mqtt", Assert.Single(read.Pending).Channel);
        Assert.Equal(Message(4).Identity, read.Pending[0].Message.Identity);
        Assert.Equal(full.Desk.Length, read.Desk.Length);
        foreach ((DeskEntry a, DeskEntry b) in full.Desk.Zip(read.Desk))
        {
            Assert.Equal((a.Message.Identity, a.Message.Revision, a.Held, a.SendsAt, a.Limit, a.AcknowledgedBy, a.Life), (b.Message.Identity, b.Message.Revision, b.Held, b.SendsAt, b.Limit, b.AcknowledgedBy, b.Life));
            Assert.Equal(a.Rounds, b.Rounds);
            Assert.Equal(a.Dismissed is null, b.Dismissed is null);
            Assert.Equal(a.Dismissed ?? [], b.Dismissed ?? []);
        }
    }

    [Fact]
    public async Task A_snapshot_that_is_cut_or_changed_anywhere_is_refused_and_the_one_before_it_used()
    {
        await Write(Sample(1));
        await Write(Sample(2));
        byte[] whole = await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Bool).Sample((at, change, cut) =>
        {
            byte[] damaged = cut ? whole[..at] : [.. whole];
            if (!cut) damaged[at] ^= change == 0 ? (byte)1 : change;
            File.WriteAllBytes(FilePath, damaged);
            Snapshot? read = _file.Read(out string? problem, out bool isOlder);
            Assert.Equal((1L, true), (read!.Plots, isOlder));
            Assert.Contains("site.snapshot is damaged", problem, StringComparison.Ordinal);
        }, iter: 300, threads: 1);
        File.Delete(FilePath);
        Assert.Equal(1, _file.Read(out _, out bool older)!.Plots);
        Assert.True(older);
        File.WriteAllBytes(FilePath, whole);
        Assert.Equal(2, _file.Read(out _, out older)!.Plots);
        Assert.False(older);
    }

    [Fact]
    public async Task A_snapshot_is_written_only_when_the_recording_that_it_refers_to_is()
    {
        await Write(Sample(1));
        await using LiveRecorder broken = new(FilePath, "camp", s_site, OperationStatus.Test, null, new FakeTimeProvider(), NullLogger.Instance);
        broken.Begin(ChannelSamples.Start, null);
        _file.Write(broken, Sample(2));
        await Done(broken);
        Assert.Equal(1, _file.Read(out _, out _)!.Plots);
    }

    [Fact]
    public async Task A_takeover_from_the_older_snapshot_is_refused_where_a_later_recording_knows_of_more()
    {
        await Write(Sample(1));
        await Write(Sample(2));
        await File.WriteAllTextAsync(FilePath, "rubbish", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Recordings);
        // Drills, and the recording itself once it is packed, are none that came later.
        foreach (string beside in (string[])["camp-drill-D1-2027-01-16T000000Z-0.events.jsonl", Sample(1).Recording + ".gz", "camp-2027-01-14T235959Z-3.events.jsonl.gz"])
            await File.WriteAllTextAsync(Path.Combine(Recordings, beside), "", TestContext.Current.CancellationToken);
        Assert.Equal(1, Takeover.Of(_file, s_site, OperationStatus.Test, Recordings, NullLogger.Instance).Snapshot?.Plots);
        await File.WriteAllTextAsync(Path.Combine(Recordings, "camp-2027-01-15T090000Z-0.events.jsonl"), "", TestContext.Current.CancellationToken);
        Assert.Same(Takeover.None, Takeover.Of(_file, s_site, OperationStatus.Test, Recordings, NullLogger.Instance));
    }

    [Theory]
    [InlineData(true, OperationStatus.Test, true)]
    [InlineData(false, OperationStatus.Test, false)]
    [InlineData(true, OperationStatus.Exercise, false)]
    public async Task A_takeover_is_of_the_same_site_and_status_alone(bool sameSite, OperationStatus status, bool taken)
    {
        await Write(Sample(1) with { SiteSha256 = sameSite ? s_site.Sha256 : "another" });
        Assert.Equal(taken, Takeover.Of(_file, s_site, status, Recordings, NullLogger.Instance).Snapshot is not null);
    }

    private async Task Write(Snapshot snapshot)
    {
        if (_recorder.File.Length == 0) _recorder.Begin(ChannelSamples.Start, null);
        _file.Write(_recorder, snapshot);
        // It is written aside, some time after what it refers to.
        await Eventually.TrueAsync(() => _file.Read(out _, out bool isOlder) is { } read && !isOlder && read.Plots == snapshot.Plots);
    }

    private static Task Done(LiveRecorder recorder)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // A snapshot is made beside, when what it refers to is written.
        recorder.WhenWritten(_ => recorder.Aside(done, () => done.TrySetResult()));
        return done.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private static WarningMessage Message(int warning) => ChannelSamples.Message(warning, 2, WarningAct.Updated);

    private static Snapshot Sample(long plots) => new(s_site.Sha256, OperationStatus.Test, "camp.20270115T080000Z", "camp-2027-01-15T080000Z-0.events.jsonl", 123, plots, ChannelSamples.Start, null, 2, null, [], [], [],
        SavedState.Of(new Site(s_site.Definition, OperationStatus.Test).Save()));
}
