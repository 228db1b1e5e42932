using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats;
using Tocsin.Server.Channels;
using Tocsin.Server.Feeds;
using Tocsin.Server.Live;
using Tocsin.Server.Tests.Channels;

namespace Tocsin.Server.Tests.Live;

public sealed class LiveSiteTests
{
    /// <summary>A disk that hangs: the first warning waits for a moment, and nothing after it does, however long the disk takes.</summary>
    [Fact]
    public async Task A_disk_that_does_not_answer_is_waited_for_once()
    {
        var wall = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var clock = new StepClock { Time = WallClock.InstantOf(wall.GetUtcNow()) };
        List<WarningMessage> left = [];
        using var answers = new ManualResetEventSlim();
        var recorder = new LiveRecorder("", "camp", ChannelSamples.Site(), OperationStatus.Actual, null, wall, NullLogger.Instance);
        LiveSiteParts parts = LiveSamples.Parts(ChannelSamples.Site(), wall, Take, NullLogger.Instance) with { Clock = clock, Recorder = recorder, Release = new(Confirm: false, LimitS: 0) };
        var live = new LiveSite(parts, new Site(ChannelSamples.Site().Definition, OperationStatus.Actual), 0);
        // The thread that writes stands still.
        recorder.WhenWritten(_ => answers.Wait(TestContext.Current.CancellationToken));

        Task raid = Task.Run(() =>
        {
            Queue<Plot> plots = new(RehearsalRaid.Plots(ChannelSamples.Site().Definition, clock.Now));
            for (int step = 0; step < 12_000; step++, clock.Time = clock.Now.AddSeconds(0.01))
            {
                while (plots.TryPeek(out Plot next) && next.Time <= clock.Now) live.Runner.Queue.Offer(new QueuedPlot(CanonicalPlot.Of(plots.Dequeue()), clock.Now, -1));
                live.Runner.Turn();
            }
        }, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Taken() > 0, () => wall.Advance(TimeSpan.FromMilliseconds(10)));
        // From here on no time passes for whoever would wait.
        await raid.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Contains(left, m => m.Act == WarningAct.Raised);
        Assert.Contains(left, m => m.IsEnd);

        answers.Set();
        await live.DisposeAsync();

        void Take(WarningMessage message)
        {
            lock (left) left.Add(message);
        }

        int Taken()
        {
            lock (left) return left.Count;
        }
    }
}
