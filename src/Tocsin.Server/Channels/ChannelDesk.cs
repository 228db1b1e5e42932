using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Channels;

/// <summary>All channels of a server: each with its own runner, so that none can delay another.</summary>
public sealed partial class ChannelDesk : IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly List<ITimer> _timers = [];
    private readonly Lock _showing = new();
    private bool _stopped;

    /// <summary>Makes a desk of runners.</summary>
    public ChannelDesk(IEnumerable<ChannelRunner> runners, TimeProvider clock, ILogger log)
    {
        Runners = [.. runners];
        (_clock, _log) = (clock, log);
    }

    /// <summary>The runners, in the order of the configuration; those that are off too.</summary>
    public ImmutableArray<ChannelRunner> Runners { get; }

    /// <summary>The channels that are on.</summary>
    public IEnumerable<Channel> Channels => Runners.Where(r => r.Options.Enabled).Select(r => r.Channel);

    /// <summary>How each channel is doing now.</summary>
    public ImmutableArray<ChannelState> States => [.. Runners.Select(r => r.State)];

    /// <summary>What has not been acknowledged: keep it, and give it to <see cref="OfferAgain"/> after a restart.</summary>
    public ImmutableArray<PendingMessage> Pending => [.. Runners.SelectMany(r => r.Pending.Select(m => new PendingMessage(r.Name, m)))];

    /// <summary>Reads the channels of a configuration. What is wrong is noted in the sections; the desk has the channels that could be made.</summary>
    public static ChannelDesk Read(IReadOnlyList<ConfigSection> sections, ChannelContext context, IChannelLog log) => Read(sections, context, log, ChannelKinds.All);

    /// <summary>Reads the channels of a configuration, of the kinds that are given.</summary>
    public static ChannelDesk Read(IReadOnlyList<ConfigSection> sections, ChannelContext context, IChannelLog log, IReadOnlyList<(string Kind, Func<ConfigSection, ChannelContext, Channel?> Read)> kinds)
    {
        List<ChannelRunner> runners = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        string right = "give one of " + string.Join(", ", kinds.Select(k => $"\"{k.Kind}\""));
        foreach (ConfigSection section in sections)
        {
            string kind = section.Text("kind", right, text => kinds.Any(k => k.Kind == text));
            // A section of no known kind has no keys that could be judged.
            if (kind.Length == 0) continue;
            ChannelRunnerOptions options = ChannelRunnerOptions.Read(section);
            if (kinds.First(k => k.Kind == kind).Read(section, context) is not { } channel) continue;
            if (!names.Add(channel.Name)) section.Wrong("name", $"\"{channel.Name}\", which another channel has", "give each channel a name of its own");
            else runners.Add(new ChannelRunner(channel, kind, options, context.Clock, log));
        }
        return new ChannelDesk(runners, context.Clock, context.Log);
    }

    /// <summary>Begins to send, and to ask for beats and pictures when channels want them: the first at once.</summary>
    /// <param name="beat">Gives what stands open now; called from timers, so it must be safe for threads.</param>
    /// <param name="picture">Gives the tracks now; called from one timer at a time.</param>
    public void Start(Func<Beat?> beat, Func<Picture> picture)
    {
        foreach (ChannelRunner runner in Runners.Where(r => r.Options.Enabled))
        {
            runner.Start();
            _timers.Add(_clock.CreateTimer(_ => Guarded(() =>
            {
                if (beat() is { } sign) runner.Offer(sign);
            }), null, TimeSpan.Zero, runner.Channel.BeatEvery));
        }
        ShownRunner[] shown = [.. Runners.Where(r => r.Options.Enabled && r.Channel.PictureEvery is not null).Select(r => new ShownRunner(r, r.Channel.PictureEvery!.Value))];
        if (shown.Length == 0) return;
        TimeSpan every = shown.Min(s => s.Every);
        _timers.Add(_clock.CreateTimer(_ => Guarded(() =>
        {
            lock (_showing) Show(shown, picture());
        }), null, TimeSpan.Zero, every));
    }

    /// <summary>Gives a message to every channel; never blocks.</summary>
    public void Offer(WarningMessage message)
    {
        foreach (ChannelRunner runner in Runners) runner.Offer(message);
    }

    /// <summary>Gives a message to the channel that had not delivered it before a restart.</summary>
    /// <param name="pending">The message and its channel.</param>
    /// <param name="age">How long ago it was made.</param>
    /// <returns>False where the channel is not there any more.</returns>
    public bool OfferAgain(PendingMessage pending, TimeSpan age)
    {
        if (Runners.FirstOrDefault(r => r.Name == pending.Channel) is not { } runner) return false;
        runner.Offer(pending.Message, age);
        return true;
    }

    /// <summary>Stops all channels at the same time, each after what it can still send within <see cref="ChannelLimits.DrainS"/>.</summary>
    /// <returns>What has not been acknowledged.</returns>
    public async Task<ImmutableArray<PendingMessage>> StopAsync()
    {
        await StopTimersAsync().ConfigureAwait(false);
        ImmutableArray<WarningMessage>[] left = await Task.WhenAll(Runners.Select(r => r.StopAsync())).ConfigureAwait(false);
        return [.. left.SelectMany((messages, i) => messages.Select(m => new PendingMessage(Runners[i].Name, m)))];
    }

    /// <summary>Stops all channels at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopTimersAsync().ConfigureAwait(false);
        await Task.WhenAll(Runners.Select(r => r.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private sealed class ShownRunner(ChannelRunner runner, TimeSpan every)
    {
        public ChannelRunner Runner => runner;
        public TimeSpan Every => every;
        public long? ShownAt;
        public ImmutableArray<string> Ended = [];
    }

    /// <summary>One picture serves all; a channel that wants fewer is told later what has ended meanwhile.</summary>
    private void Show(ShownRunner[] shown, Picture picture)
    {
        foreach (ShownRunner s in shown)
        {
            s.Ended = [.. s.Ended.Union(picture.Ended, StringComparer.Ordinal).TakeLast(ChannelLimits.EndedTracks)];
            // A tenth of leeway, as the ticks of the shortest period do not fall on the others' moments.
            if (s.ShownAt is { } at && _clock.GetElapsedTime(at) < 0.9 * s.Every) continue;
            s.Runner.Offer(picture with { Ended = s.Ended });
            (s.ShownAt, s.Ended) = (_clock.GetTimestamp(), []);
        }
    }

    private void Guarded(Action what)
    {
        try
        {
            if (!_stopped) what();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A timer's exception would end the process; the channels' silence is what shows.
            LogNothingToGive(_log, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No beat or picture could be made for the channels")]
    private static partial void LogNothingToGive(ILogger log, Exception e);

    private async Task StopTimersAsync()
    {
        _stopped = true;
        foreach (ITimer timer in _timers) await timer.DisposeAsync().ConfigureAwait(false);
        _timers.Clear();
    }
}
