using Microsoft.Extensions.Logging;
using Tocsin.Formats;
using Tocsin.Server.Channels;
using Tocsin.Server.Feeds;
using Tocsin.Server.Page;

namespace Tocsin.Server.Live;

/// <summary>Goes through everything between a plot and a warning once, soon after the start: a few rounds on the site's zones, in a Site of its own, of which nothing leaves.</summary>
/// <remarks>A site sees no raid for months, and the warnings that count are the first of a server's life. Without this they wait while the runtime loads and compiles what they need. It is done
/// by a thread that gives way to every other, as fast as that goes, and touches nothing of the site at work: it has a clock, a stream and a board of its own, and no recording.</remarks>
internal sealed class Rehearsal : IAsyncDisposable
{
    // The Site's thread looks as often while plots come; then only the warnings' ends are waited for.
    private const double StepS = 0.01, EndStepS = 0.25, TailS = 5;
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(5);

    private readonly LiveSiteParts _own;
    private readonly IReadOnlyList<Channel> _channels;
    private readonly LowThread _thread = new("rehearsal");
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stops;

    /// <summary>Makes one for a site at work and its channels; it waits for <see cref="Begin"/>.</summary>
    public Rehearsal(LiveSiteParts own, IEnumerable<Channel> channels) => (_own, _channels) = (own, [.. channels]);

    /// <summary>Warnings that came of it; counted when it has ended.</summary>
    public int Warnings { get; private set; }

    /// <summary>Ends when the rehearsal has, whatever came of it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins, and does not wait.</summary>
    public void Begin() => _thread.Do(this, () =>
    {
        long began = _own.Wall.GetTimestamp();
        try
        {
            Play();
            RehearsalLog.Done(_own.Log, Warnings, Math.Round(_own.Wall.GetElapsedTime(began).TotalSeconds, 1));
        }
        catch (Exception e)
        {
            // Nobody depends on it: the first warning comes some hundredths of a second later than it could.
            RehearsalLog.Failed(_own.Log, e);
        }
        _ended.SetResult();
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stops = true;
        await _thread.EndAsync(s_end).ConfigureAwait(false);
    }

    private void Play()
    {
        SiteDefinition site = _own.File.Definition;
        var clock = new StepClock { Time = _own.Clock.Now };
        Queue<Plot> plots = new(RehearsalRaid.Plots(site, clock.Now));
        if (plots.Count == 0) return;
        Instant end = plots.Max(p => p.Time).AddSeconds(site.Policy.HoldTimeS + TailS);
        var deaf = new Deaf();
        var board = new PublicBoard("rehearsal", site.Name, OperationStatus.Test, clock, _own.Zones);
        List<WarningMessage> said = [];
        var recorder = new LiveRecorder("", "rehearsal", _own.File, OperationStatus.Test, null, _own.Wall, _own.Log);
        var live = new LiveSite(_own with
        {
            Status = OperationStatus.Test,
            Drill = "rehearsal",
            Prefix = "rehearsal",
            Clock = clock,
            Recorder = recorder,
            Snapshots = null,
            Stream = new("rehearsal"),
            Release = new(Confirm: false, LimitS: 0),
            Send = said.Add,
            Ledger = deaf,
            Judge = null,
        }, new Site(site, OperationStatus.Test), 0);
        var runner = new ChannelRunner(new Mute(), "mute", new(Exercises: true), _own.Wall, deaf);
        runner.Start();
        try
        {
            for (; clock.Now < end && !_stops; clock.Time = clock.Now.AddSeconds(plots.Count > 0 ? StepS : EndStepS))
            {
                while (plots.TryPeek(out Plot next) && next.Time <= clock.Now)
                    live.Runner.Queue.Offer(new QueuedPlot(CanonicalPlot.Of(plots.Dequeue()), WallClock.InstantOf(_own.Wall.GetUtcNow()), -1));
                live.Runner.Turn();
                foreach (WarningMessage message in said)
                {
                    Say(message, board, live.TakePicture());
                    runner.Offer(message);
                }
                said.Clear();
            }
        }
        finally
        {
            Task.WhenAll(runner.StopAsync(), live.DisposeAsync().AsTask()).Wait(s_end);
        }
    }

    private void Say(WarningMessage message, PublicBoard board, Picture picture)
    {
        if (message.Act == WarningAct.Raised) Warnings++;
        board.On(message, drill: true);
        foreach (Channel channel in _channels)
        {
            try
            {
                channel.Rehearse(message, picture);
            }
            catch (Exception e)
            {
                RehearsalLog.ChannelFailed(_own.Log, channel.Name, e);
            }
        }
    }

    /// <summary>Says nothing.</summary>
    private sealed class Mute() : Channel("rehearsal")
    {
        public override int Together => 2;

        public override Task SendAsync(WarningMessage message, CancellationToken stop) => Task.CompletedTask;
    }
}

internal static partial class RehearsalLog
{
    [LoggerMessage(42, LogLevel.Information, "The first warning was rehearsed in {Seconds} s: {Warnings} were raised in a Site of its own, and nothing left.")]
    public static partial void Done(ILogger log, int warnings, double seconds);

    [LoggerMessage(40, LogLevel.Warning, "The rehearsal of the first warning failed: the first one may come a tenth of a second later than it could. Nothing else depends on it.")]
    public static partial void Failed(ILogger log, Exception e);

    [LoggerMessage(41, LogLevel.Warning, "The channel {Channel} could not rehearse its first message: what fails there may fail again when it counts.")]
    public static partial void ChannelFailed(ILogger log, string channel, Exception e);
}
