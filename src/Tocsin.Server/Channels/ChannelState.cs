using System.Collections.Immutable;

namespace Tocsin.Server.Channels;

/// <summary>How a channel is doing.</summary>
public enum ChannelHealth
{
    /// <summary>What was offered has gone out.</summary>
    Ok,
    /// <summary>It sends, but a message has waited longer than <see cref="ChannelLimits.BehindS"/>, or its queue is half full.</summary>
    Behind,
    /// <summary>The newest try has failed.</summary>
    Failing,
    /// <summary>The configuration has it off, or its runner has stopped.</summary>
    Off,
}

/// <summary>A channel as the operator sees it.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Kind">Its kind in the configuration: <c>mqtt</c>, <c>webhook</c>, …</param>
/// <param name="State">How it is doing.</param>
/// <param name="Queued">Messages that wait, the one being tried included.</param>
/// <param name="DelayS">Seconds from the offer of the newest message sent to its acknowledgement; null before the first.</param>
/// <param name="P50S">Half of the last <see cref="ChannelLimits.DelaysKept"/> delays are not longer; null before the first.</param>
/// <param name="P99S">99 % of them are not longer; null before the first.</param>
/// <param name="Sent">Messages that the other side has acknowledged.</param>
/// <param name="Failed">Messages given up because they had expired.</param>
/// <param name="Shed">Messages dropped because the queue was full.</param>
/// <param name="Skipped">Messages of exercises and tests that were not sent, because the channel does not take them.</param>
/// <param name="Note">A sentence for the operator; empty where there is nothing to say.</param>
public sealed record ChannelState(string Channel, string Kind, ChannelHealth State, int Queued, double? DelayS, double? P50S, double? P99S,
    long Sent, long Failed, long Shed, long Skipped, string Note);

/// <summary>Hears what becomes of messages. Called by a channel's own task or timer, never by whoever offers; what it throws is passed over.</summary>
public interface IChannelLog
{
    /// <summary>The other side of a channel has a message, <paramref name="delayS"/> seconds after it was offered.</summary>
    void Sent(string channel, WarningMessage m, double delayS);

    /// <summary>A message will not be sent any more, and why. Updates that the queue sheds are only counted, in the channel's state.</summary>
    void Failed(string channel, WarningMessage m, string reason);

    /// <summary>A channel's state has changed: at once where its health has, otherwise at most once a second.</summary>
    void StateChanged(ChannelState s);

    /// <summary>Something that an operator should know, said by the channel itself: a siren silent, a self-test failed.</summary>
    void Told(string channel, string what);
}

/// <summary>A channel that has something to say of what stands behind it, such as its sirens.</summary>
public interface ITellingChannel
{
    /// <summary>A sentence for the operator on what is wrong now; empty where nothing is. Any thread may ask.</summary>
    string Note { get; }

    /// <summary>Asks to be told of each change once; <paramref name="tell"/> never throws and never blocks.</summary>
    void Listen(Action<string> tell);
}

/// <summary>A message that a channel has not delivered yet, to be kept and offered again after a restart.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Message">The message, as it was offered.</param>
public sealed record PendingMessage(string Channel, WarningMessage Message);
