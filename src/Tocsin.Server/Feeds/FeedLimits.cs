namespace Tocsin.Server.Feeds;

/// <summary>Every limit of the feeds, by name. What exceeds one is refused, counted and shown.</summary>
public static class FeedLimits
{
    /// <summary>Feeds of one site.</summary>
    public const int Feeds = 64;

    /// <summary>Characters of a feed's name.</summary>
    public const int NameCharacters = 64;

    /// <summary>Plots a second that one feed may bring where its settings do not say.</summary>
    public const double MaxPlotsPerS = 50_000;

    /// <summary>Seconds of its largest rate that a feed may bring at once.</summary>
    public const double BurstS = 1;

    /// <summary>Octets asked of the kernel for a socket's receive buffer: 0.4 s of 20,000 datagrams of 1 kB a second.</summary>
    public const int ReceiveBufferOctets = 8 << 20;

    /// <summary>Octets of one datagram.</summary>
    public const int DatagramOctets = 65_535;

    /// <summary>Senders that one UDP feed keeps apart; further ones share one account.</summary>
    public const int Senders = 32;

    /// <summary>Entries of one allow-list.</summary>
    public const int AllowEntries = 256;

    /// <summary>Octets of one posted body.</summary>
    public const long PostOctets = 64 << 20;

    /// <summary>Posts to one feed that are read at once.</summary>
    public const int PostsAtOnce = 8;

    /// <summary>Bad lines that the answer to a post names.</summary>
    public const int ProblemsTold = 10;

    /// <summary>Rejections of one feed that are passed on one by one in a second; the rest are passed on as one with a count.</summary>
    public const int RejectionsPerS = 50;

    /// <summary>Seconds before a feed that failed is started again, at first.</summary>
    public const double FirstBackOffS = 0.5;

    /// <summary>Seconds before a feed that failed is started again, at most.</summary>
    public const double LastBackOffS = 30;

    /// <summary>Seconds within which the desk has stopped, whatever its feeds do.</summary>
    public const double StopS = 3;

    /// <summary>Seconds by which the first plot of a file may differ from the clock and still be taken for live.</summary>
    public const double LiveS = 60;

    /// <summary>Characters of a note or reason that is kept for people.</summary>
    public const int NoteCharacters = 300;
}
