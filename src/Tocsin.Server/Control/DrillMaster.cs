using Microsoft.Extensions.Logging;
using Tocsin.Server.Live;
using Tocsin.Server.Page;
using Tocsin.Server.Ports;

namespace Tocsin.Server.Control;

/// <summary>A drill that runs.</summary>
/// <param name="Id">Its id: <c>D1</c>.</param>
/// <param name="Title">The raid's title.</param>
/// <param name="Until">When it will be over, about, by the site's clock.</param>
public sealed record RunningDrill(string Id, string Title, Instant Until);

/// <summary>Runs drills: a raid in a Site of its own, beside the real one, through all channels, marked as an exercise. A real warning ends a drill at once, on every
/// channel.</summary>
public sealed class DrillMaster : IAsyncDisposable
{
    private readonly Func<IRaid, string, LiveSite> _make;
    private readonly OperatorStream _stream;
    private readonly SiteClock _clock;
    private readonly NoticeBoard _notices;
    private readonly TimeProvider _wall;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _gate = new(1);
    private Drill? _running;
    private int _count;

    private sealed record Drill(RunningDrill Shown, LiveSite Site, CancellationTokenSource Stop)
    {
        public Task Play { get; set; } = Task.CompletedTask;

        public string End { get; set; } = "ended";
    }

    /// <summary>Makes a master without a drill.</summary>
    /// <param name="make">Makes the drill's Site from a raid and the drill's id.</param>
    /// <param name="stream">What operators see.</param>
    /// <param name="clock">The real site's clock.</param>
    /// <param name="notices">Where a pre-emption is said.</param>
    /// <param name="wall">The machine's clock.</param>
    /// <param name="log">The server's log.</param>
    public DrillMaster(Func<IRaid, string, LiveSite> make, OperatorStream stream, SiteClock clock, NoticeBoard notices, TimeProvider wall, ILogger log) =>
        (_make, _stream, _clock, _notices, _wall, _log) = (make, stream, clock, notices, wall, log);

    /// <summary>The drill that runs; null for none.</summary>
    public RunningDrill? Running => _running?.Shown;

    /// <summary>The Site of the drill of an id; null where it does not run.</summary>
    public LiveSite? SiteOf(string id) => _running is { } d && d.Shown.Id == id ? d.Site : null;

    /// <summary>Starts a drill; null where one runs already.</summary>
    public async Task<RunningDrill?> StartAsync(IRaid raid)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_running is not null) return null;
            string id = $"D{++_count}";
            Instant end = raid.Start;
            foreach ((Instant arrival, _) in raid.Plots)
                if (arrival > end) end = arrival;
            var shown = new RunningDrill(id, raid.Title, _clock.Now.AddSeconds(end.SecondsSince(raid.Start)));
            var drill = new Drill(shown, _make(raid, id), new());
            _running = drill;
            Tell(drill, "running");
            drill.Site.Start();
            drill.Play = Task.Run(() => PlayAsync(drill, raid));
            return shown;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the drill that runs; false where none does.</summary>
    public Task<bool> EndAsync() => EndAsync("ended");

    /// <summary>A real warning was raised: the drill gives way. Called on the Site's thread, so it only begins the end.</summary>
    public void Preempt()
    {
        if (_running is null) return;
        _notices.Show("drill", Severity.Danger, "A real warning was raised: the drill was broken off and cancelled on every channel.");
        _ = Task.Run(() => EndAsync("preempted"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync("ended").ConfigureAwait(false);
        _gate.Dispose();
    }

    private async Task<bool> EndAsync(string how)
    {
        if (_running is not { } drill) return false;
        drill.End = how;
        // The people first: what is out is taken back before anything else is wound up.
        await ((Task)drill.Site.EndAllAsync()).WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await drill.Stop.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
        await drill.Play.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    private async Task PlayAsync(Drill drill, IRaid raid)
    {
        try
        {
            await RaidPlayer.PlayAsync(raid, drill.Site, _wall, drill.Stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It was ended early.
        }
        catch (Exception e)
        {
            DrillLog.Failed(_log, drill.Shown.Id, e);
        }
        await ((Task)drill.Site.EndAllAsync()).WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        drill.Site.Stop(TimeSpan.FromSeconds(5));
        await drill.Site.DisposeAsync().ConfigureAwait(false);
        _stream.Forget(drill.Shown.Id + ".");
        _running = null;
        Tell(drill, drill.End);
        drill.Stop.Dispose();
    }

    private void Tell(Drill drill, string state)
    {
        string? until = state == "running" ? drill.Shown.Until.ToString() : null;
        _stream.Add("7drill", new DrillStateEvent("drill.state", _clock.Now.ToString(), drill.Shown.Id, drill.Shown.Title, state, until), PageJson.Default.DrillStateEvent);
        _stream.Flush();
    }
}

internal static partial class DrillLog
{
    [LoggerMessage(30, LogLevel.Error, "The drill {Drill} failed.")]
    public static partial void Failed(ILogger log, string drill, Exception e);
}
