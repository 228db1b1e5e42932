namespace Tocsin.Formats.Captures;

/// <summary>Why a piece of a capture gave no datagram.</summary>
public enum CaptureProblem
{
    /// <summary>No problem.</summary>
    None,
    /// <summary>The file ends inside a packet or block.</summary>
    CutFile,
    /// <summary>A packet or block whose length cannot be right: what follows cannot be found.</summary>
    BadLength,
    /// <summary>A packet of an interface that the file does not describe.</summary>
    UnknownInterface,
    /// <summary>A link type that is not read.</summary>
    UnknownLinkType,
    /// <summary>Not IP (ARP, LLDP and the like).</summary>
    NotIp,
    /// <summary>IP, but not UDP.</summary>
    NotUdp,
    /// <summary>A fragment of an IP packet; fragments are not put together.</summary>
    Fragment,
    /// <summary>Headers that contradict each other or their packet's length.</summary>
    BadHeader,
    /// <summary>A datagram of which the capture kept only the beginning.</summary>
    CutDatagram,
}

/// <summary>What the problems are called.</summary>
public static class CaptureProblems
{
    /// <summary>The problem in words.</summary>
    public static string Describe(this CaptureProblem problem) => problem switch
    {
        CaptureProblem.CutFile => "the capture ends inside a packet",
        CaptureProblem.BadLength => "packet length that cannot be right",
        CaptureProblem.UnknownInterface => "packet of an interface that the capture does not describe",
        CaptureProblem.UnknownLinkType => "link type that is not read",
        CaptureProblem.NotIp => "packet that is not IP",
        CaptureProblem.NotUdp => "IP packet that is not UDP",
        CaptureProblem.Fragment => "IP fragment (fragments are not put together)",
        CaptureProblem.BadHeader => "damaged packet header",
        CaptureProblem.CutDatagram => "datagram cut short by the capture",
        _ => "none",
    };
}
