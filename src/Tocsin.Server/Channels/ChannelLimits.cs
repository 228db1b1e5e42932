namespace Tocsin.Server.Channels;

/// <summary>Every limit of the channels' runners, by name. What exceeds one is dropped, counted and told.</summary>
public static class ChannelLimits
{
    /// <summary>Warnings' messages that a runner holds, raises and ends included, whatever its configuration says: all zones raised and over, twice.</summary>
    public const int HeldMessages = 4 * Limits.Zones;

    /// <summary>Messages that a runner holds before it sheds, where the configuration does not say.</summary>
    public const int QueuedMessages = 1_024;

    /// <summary>Delays that the percentiles are taken over.</summary>
    public const int DelaysKept = 1_000;

    /// <summary>Seconds of the shortest wait before a message is tried again.</summary>
    public const double LeastBackOffS = 0.1;

    /// <summary>Seconds of the longest wait before a message is tried again.</summary>
    public const double MostBackOffS = 10;

    /// <summary>Seconds that one try may take, where the configuration does not say.</summary>
    public const double TryTimeoutS = 5;

    /// <summary>Seconds that a message may wait before its channel is behind.</summary>
    public const double BehindS = 1;

    /// <summary>Seconds between two tellings of a state whose kind has not changed.</summary>
    public const double TellEveryS = 1;

    /// <summary>Seconds that a runner goes on sending after it is told to stop.</summary>
    public const double DrainS = 5;

    /// <summary>Seconds that a channel has to close what it opened, after its runner has stopped.</summary>
    public const double CloseS = 2;

    /// <summary>Ended tracks that wait to be shown on one channel.</summary>
    public const int EndedTracks = Limits.Tracks;

    /// <summary>Characters of a failure's reason that are told.</summary>
    public const int ReasonCharacters = 300;
}
