namespace Tocsin.Formats.Cot;

/// <summary>Limits of the Cursor on Target reader and writer, by name. What exceeds one is refused with a <see cref="CotProblem"/>.</summary>
public static class CotLimits
{
    /// <summary>Bytes of one event, in XML or protobuf, without its framing.</summary>
    public const int EventBytes = 256 << 10;

    /// <summary>Bytes of one event over UDP over IPv4: what a datagram holds.</summary>
    public const int DatagramBytes = 65_507;

    /// <summary>Elements inside one another, the event counted as 1.</summary>
    public const int Depth = 32;

    /// <summary>Elements of one event.</summary>
    public const int Elements = 8_192;

    /// <summary>Attributes of one element.</summary>
    public const int Attributes = 64;

    /// <summary>Characters of a number.</summary>
    public const int NumberCharacters = 400;

    /// <summary>Largest height or error of a point either way, in metres; "unknown" (9999999) is inside it.</summary>
    public const double PointM = 1e9;

    /// <summary>Frames that fail before a stream reader passes over a whole frame instead of looking for another inside it: so
    /// hostile bytes cost a bounded multiple of their length.</summary>
    public const int Resynchronisations = 16;

    /// <summary>Bytes of a frame's header: the magic byte and a length of up to five bytes.</summary>
    public const int FrameHeaderBytes = 6;
}
