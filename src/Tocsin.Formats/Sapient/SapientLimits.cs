namespace Tocsin.Formats.Sapient;

/// <summary>Limits of SAPIENT in and out, by name. What exceeds one is counted and says so.</summary>
public static class SapientLimits
{
    /// <summary>Octets of one message; a length beyond it means that the stream is lost, or that it was never SAPIENT.</summary>
    public const int MessageOctets = 1 << 20;

    /// <summary>Octets of the length in front of each message.</summary>
    public const int LengthOctets = 4;

    /// <summary>Messages inside one another; the deepest that the standard describes (a registration) has 8.</summary>
    public const int Depth = 16;

    /// <summary>Messages that cannot be read one after the other on one connection before it is closed: its stream is lost.</summary>
    public const int BadMessagesInARow = 16;

    /// <summary>Messages a second on one connection; the rest are passed over and counted.</summary>
    public const int MessagesPerSecond = 20_000;

    /// <summary>Connections at once to one feed.</summary>
    public const int Connections = 64;

    /// <summary>Nodes that speak over one connection: many where it comes from a middleware.</summary>
    public const int NodesPerConnection = 256;

    /// <summary>Different reasons of rejection that one feed keeps apart; the rest are counted together.</summary>
    public const int RejectionReasons = 256;

    /// <summary>Rejections of one reason that are told one by one; the rest are told in lots of <see cref="RejectionLot"/>.</summary>
    public const int SingleRejections = 20;

    /// <summary>Rejections of one reason that are told together.</summary>
    public const int RejectionLot = 100;

    /// <summary>Characters of a foreign text (a node's id, a fault) that are shown.</summary>
    public const int ShownCharacters = 80;

    /// <summary>Notes of one connection that an operator is shown in a minute; the rest are counted.</summary>
    public const int NotesPerMinute = 60;

    /// <summary>Seconds that an answer may take to leave; a node that does not read is let go.</summary>
    public const double AnswerS = 10;

    /// <summary>Seconds without an octet after which a connection is closed; nodes send their status much more often.</summary>
    public const double SilenceS = 120;

    /// <summary>Seconds between the sender's clock and the receiver's beyond which an operator is told.</summary>
    public const double ClockOffsetS = 1;

    /// <summary>Metres between where a node says it stands and where the site file puts it beyond which an operator is told.</summary>
    public const double MisplacedM = 50;

    /// <summary>Least sigma of an elevation that a report may claim, in radians: no radar of this kind measures better, and a filter must not be told so.</summary>
    public const double LeastElevationSigmaRad = 1e-5;

    /// <summary>Greatest sigma of an elevation that is of use, in radians.</summary>
    public const double MostElevationSigmaRad = 0.5;
}
