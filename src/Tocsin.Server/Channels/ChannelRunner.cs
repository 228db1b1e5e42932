using System.Collections.Immutable;

namespace Tocsin.Server.Channels;

/// <summary>Runs one channel: its queue, its tries, its delays and failures. No channel can delay another, nor whoever offers.</summary>
/// <remarks>
/// One task makes all calls to the channel, one at a time; a channel that can do so takes raises together. What has never been tried goes first, in the order of the offers; what has failed
/// is tried again with back-off, warning by warning in turn, until it has expired. Delivery is at least once: a try that timed out may have arrived. A beat or a picture
/// goes only when no warning waits. A message's life is counted on the machine's clock from its offer, as the site's clock may be an exercise's.
/// </remarks>
public sealed class ChannelRunner : IAsyncDisposable
{
    private enum Work
    {
        Wait,
        Send,
        Beat,
        Show,
        End,
    }

    private readonly Channel _channel;
    private readonly ChannelRunnerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ChannelReporter _reporter;
    private readonly BackOff _backOff;
    private readonly Lock _gate = new();
    private readonly MessageQueue _queue;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly ITimer _alarm;
    private TaskCompletionSource _wake = NewSignal();
    private TaskCompletionSource? _parked;
    private bool _isParked, _stopping, _closed;
    private int _failures;
    private long _retryAt;
    private Beat? _beat;
    private Picture? _picture;
    private ImmutableArray<string> _ended = [];
    private Task _loop = Task.CompletedTask;

    /// <summary>Makes a runner; it works from <see cref="Start"/> on, and takes offers before.</summary>
    /// <param name="channel">The channel; the runner disposes of it.</param>
    /// <param name="kind">Its kind in the configuration.</param>
    /// <param name="options">What the configuration says of the runner.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="log">Hears what becomes of messages.</param>
    public ChannelRunner(Channel channel, string kind, ChannelRunnerOptions options, TimeProvider clock, IChannelLog log)
    {
        (_channel, _options, _clock) = (channel, options, clock);
        _queue = new MessageQueue(options.Queue);
        _backOff = new BackOff(channel.Name);
        _reporter = new ChannelReporter(channel, kind, options, clock, log);
        _alarm = clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The channel's name.</summary>
    public string Name => _channel.Name;

    /// <summary>The channel.</summary>
    public Channel Channel => _channel;

    /// <summary>What the configuration says of the runner.</summary>
    public ChannelRunnerOptions Options => _options;

    /// <summary>How the channel is doing now.</summary>
    public ChannelState State
    {
        get
        {
            Look(out ChannelReporter.QueueLook look);
            return _reporter.State(look);
        }
    }

    /// <summary>What has not been acknowledged, in the order of the offers: keep it, and offer it again after a restart.</summary>
    public ImmutableArray<WarningMessage> Pending
    {
        get
        {
            lock (_gate) return _queue.Pending;
        }
    }

    /// <summary>Begins to send; does nothing where the configuration has the channel off.</summary>
    public void Start()
    {
        if (!_options.Enabled || _loop != Task.CompletedTask) return;
        _reporter.Start(Look);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Takes a message; never blocks, never throws. One that waits already is passed over, as is one that the channel does not take.</summary>
    /// <param name="message">The message.</param>
    /// <param name="age">How long ago it was made: for what is offered again after a restart.</param>
    public void Offer(WarningMessage message, TimeSpan age = default)
    {
        if (!_options.Enabled) return;
        if (!Takes(message.Status))
        {
            _reporter.Skip();
            return;
        }
        List<WarningMessage> shed = [];
        long now = _clock.GetTimestamp();
        double lifeS = message.Expires.SecondsSince(message.Time) - age.TotalSeconds;
        lock (_gate) _queue.Add(message, now, now + (long)(Math.Clamp(lifeS, 0, TimeSpan.FromDays(1).TotalSeconds) * _clock.TimestampFrequency), shed);
        if (shed.Count > 0) _reporter.Shed(shed);
        Wake();
    }

    /// <summary>Takes a picture in the place of one that still waits; never blocks, never throws.</summary>
    public void Offer(Picture picture)
    {
        if (!_options.Enabled || !Takes(picture.Status)) return;
        lock (_gate)
        {
            _picture = picture;
            KeepEnded(_ended, picture.Ended);
        }
        Wake();
    }

    /// <summary>Takes a beat in the place of one that still waits; never blocks, never throws.</summary>
    public void Offer(Beat beat)
    {
        if (!_options.Enabled || !Takes(beat.Status)) return;
        lock (_gate) _beat = beat.Open.All(m => Takes(m.Status)) ? beat : beat with { Open = [.. beat.Open.Where(m => Takes(m.Status))] };
        Wake();
    }

    /// <summary>Sends what waits for up to <see cref="ChannelLimits.DrainS"/>, then gives up and closes the channel.</summary>
    /// <returns>What has not been acknowledged.</returns>
    public async Task<ImmutableArray<WarningMessage>> StopAsync()
    {
        lock (_gate) _stopping = true;
        Wake();
        await EndsWithin(_loop, ChannelLimits.DrainS).ConfigureAwait(false);
        await _giveUp.CancelAsync().ConfigureAwait(false);
        Wake();
        // A channel that does not heed its cancellation is left behind: the process is about to end.
        await EndsWithin(_loop, ChannelLimits.CloseS).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
        return Pending;
    }

    /// <summary>Stops at once and closes the channel.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = _stopping = true;
        }
        await _giveUp.CancelAsync().ConfigureAwait(false);
        Wake();
        await EndsWithin(_loop, ChannelLimits.CloseS).ConfigureAwait(false);
        try
        {
            await EndsWithin(_channel.DisposeAsync().AsTask(), ChannelLimits.CloseS).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _reporter.Failed(e.Message);
        }
        await _alarm.DisposeAsync().ConfigureAwait(false);
        await _reporter.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends when the runner has nothing to do until an offer or a time; for tests on a clock of their own.</summary>
    internal Task WhenParkedAsync()
    {
        lock (_gate) return _isParked ? Task.CompletedTask : (_parked ??= NewSignal()).Task;
    }

    private bool Takes(OperationStatus status) => status == OperationStatus.Actual || _options.Exercises;

    private async Task RunAsync()
    {
        try
        {
            await SendAllAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A broken invariant stops this channel, loudly, and nothing else.
            _reporter.Failed($"this channel has stopped by a fault of the program ({e.GetType().Name}: {e.Message}); restart the server");
            _reporter.Tell();
        }
    }

    private async Task SendAllAsync()
    {
        List<WarningMessage> expired = [];
        List<WaitingMessage> messages = [];
        while (true)
        {
            Work work = Next(expired, messages, out Beat? beat, out Picture? picture, out Task wake);
            foreach (WarningMessage m in expired) _reporter.Expired(m);
            expired.Clear();
            switch (work)
            {
                case Work.End: return;
                case Work.Send: await SendAsync(messages).ConfigureAwait(false); break;
                case Work.Beat: await TryAsync(stop => _channel.BeatAsync(beat!, stop)).ConfigureAwait(false); break;
                case Work.Show:
                    if (!await TryAsync(stop => _channel.ShowAsync(picture!, stop)).ConfigureAwait(false))
                        lock (_gate) KeepEnded(picture!.Ended, _ended);
                    break;
                default: await wake.ConfigureAwait(false); break;
            }
            _reporter.Tell();
        }
    }

    private Work Next(List<WarningMessage> expired, List<WaitingMessage> messages, out Beat? beat, out Picture? picture, out Task wake)
    {
        lock (_gate)
        {
            (beat, picture, wake) = (null, null, Task.CompletedTask);
            messages.Clear();
            _isParked = false;
            if (_giveUp.IsCancellationRequested) return Work.End;
            long now = _clock.GetTimestamp();
            _queue.TakeExpired(now, expired);
            if (_queue.Take(again: now >= _retryAt) is { } message)
            {
                messages.Add(message);
                if (message.Message.Act == WarningAct.Raised) _queue.TakeRaises(messages, _channel.Together);
                return Work.Send;
            }
            if (_queue.Count == 0)
            {
                if (_stopping) return Work.End;
                if (_beat is not null)
                {
                    (beat, _beat) = (_beat, null);
                    return Work.Beat;
                }
                if (_picture is not null)
                {
                    (picture, _picture, _ended) = (_picture with { Ended = _ended }, null, []);
                    return Work.Show;
                }
            }
            if (expired.Count > 0) return Work.Wait;
            if (_wake.Task.IsCompleted) _wake = NewSignal();
            wake = _wake.Task;
            if (_queue.Count > 0) _alarm.Change(Until(Math.Min(_retryAt, _queue.NextExpiry), now), Timeout.InfiniteTimeSpan);
            _isParked = true;
            _parked?.TrySetResult();
            _parked = null;
            return Work.Wait;
        }
    }

    private async Task SendAsync(List<WaitingMessage> messages)
    {
        // A try that hangs must show before it ends.
        _reporter.Arm();
        // What has failed together is tried again one by one, so that one that is refused keeps no other from going.
        bool acknowledged = await TryAsync(stop => _channel.SendTogetherAsync([.. messages.Select(m => m.Message)], stop)).ConfigureAwait(false);
        long now = _clock.GetTimestamp();
        lock (_gate)
        {
            foreach (WaitingMessage m in messages) _queue.Tried(m, acknowledged);
            _failures = acknowledged ? 0 : _failures + 1;
            _retryAt = acknowledged ? now : now + (long)(_backOff.AfterS(_failures) * _clock.TimestampFrequency);
        }
        if (!acknowledged) return;
        foreach (WaitingMessage m in messages) _reporter.Sent(m.Message, _clock.GetElapsedTime(m.OfferedAt, now).TotalSeconds);
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> call)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TryTimeoutS), _clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _giveUp.Token);
        try
        {
            await call(stop.Token).ConfigureAwait(false);
            _reporter.Succeeded();
            return true;
        }
        catch (Exception) when (timeout.IsCancellationRequested && !_giveUp.IsCancellationRequested)
        {
            _reporter.Failed($"no answer within {_options.TryTimeoutS} s");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _reporter.Failed(e.Message);
        }
        return false;
    }

    /// <summary>Keeps what a picture says has ended until a picture that says so has been shown: the next picture would not say it again.</summary>
    private void KeepEnded(ImmutableArray<string> first, ImmutableArray<string> then) => _ended = first.IsEmpty
        ? then
        : [.. first.Union(then, StringComparer.Ordinal).TakeLast(ChannelLimits.EndedTracks)];

    private void Look(out ChannelReporter.QueueLook look)
    {
        lock (_gate)
        {
            long? oldest = _queue.OldestOffer;
            look = new(_queue.Count, oldest is { } at ? _clock.GetElapsedTime(at).TotalSeconds : 0, _stopping && _closed);
        }
    }

    private void Wake()
    {
        TaskCompletionSource wake;
        lock (_gate)
        {
            _isParked = false;
            wake = _wake;
        }
        wake.TrySetResult();
    }

    private TimeSpan Until(long then, long now)
    {
        if (then <= now) return TimeSpan.Zero;
        // Rounded up to what timers count, so that the time has come when the timer says so.
        double ms = Math.Ceiling((then - now) * 1000.0 / _clock.TimestampFrequency);
        return TimeSpan.FromMilliseconds(Math.Min(ms, int.MaxValue));
    }

    private async Task EndsWithin(Task task, double seconds)
    {
        try
        {
            await task.WaitAsync(TimeSpan.FromSeconds(seconds), _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The caller goes on without it.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
