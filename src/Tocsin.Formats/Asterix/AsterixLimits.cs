namespace Tocsin.Formats.Asterix;

/// <summary>Limits of the ASTERIX reader, by name.</summary>
public static class AsterixLimits
{
    /// <summary>Presence bits of one category; the largest known profile (062) has 35.</summary>
    public const int ProfileItems = 64;

    /// <summary>Octets of one data block: what its length field can say.</summary>
    public const int BlockOctets = ushort.MaxValue;

    /// <summary>Octets of a block's header: CAT and LEN.</summary>
    public const int BlockHeaderOctets = 3;

    /// <summary>Rejections of one reason that are reported one by one; the rest are reported as one with a count.</summary>
    public const int SingleRejections = 20;

    /// <summary>Different reasons that are kept apart; the rest are counted together.</summary>
    public const int RejectionReasons = 256;

    /// <summary>Octets of one input file, which is read whole.</summary>
    public const long FileOctets = 0x7FFF_FFC7;
}
