namespace Tocsin.Formats.Cot;

/// <summary>Why bytes that should have been an event were refused.</summary>
public enum CotProblem
{
    /// <summary>No problem.</summary>
    None,
    /// <summary>Neither XML nor a TAK protocol frame.</summary>
    NotAnEvent,
    /// <summary>Longer than <see cref="CotLimits.EventBytes"/>, or a frame that says so.</summary>
    TooLong,
    /// <summary>Not UTF-8.</summary>
    NotUtf8,
    /// <summary>A document type declaration: entities are refused, known or not.</summary>
    DocumentType,
    /// <summary>Not well-formed XML.</summary>
    Malformed,
    /// <summary>A namespace: CoT has none.</summary>
    Namespace,
    /// <summary>Nested deeper than <see cref="CotLimits.Depth"/>.</summary>
    TooDeep,
    /// <summary>More elements or attributes than the limits allow.</summary>
    TooMany,
    /// <summary>A required attribute or the point is missing, or there are two of what may be there once.</summary>
    Incomplete,
    /// <summary>A version that is not 2.</summary>
    Version,
    /// <summary>A time that is not RFC 3339, or before 1970.</summary>
    BadTime,
    /// <summary>A point whose numbers are not numbers, not finite or out of range.</summary>
    BadPoint,
    /// <summary>Not a protobuf message, or a text in it that XML cannot hold.</summary>
    BadProtobuf,
    /// <summary>A TAK protocol version that is not 1.</summary>
    ProtocolVersion,
}

/// <summary>What the problems are called.</summary>
public static class CotProblems
{
    /// <summary>The problem in words.</summary>
    public static string Describe(this CotProblem problem) => problem switch
    {
        CotProblem.None => "none",
        CotProblem.NotAnEvent => "neither XML nor a TAK protocol frame",
        CotProblem.TooLong => $"longer than {CotLimits.EventBytes} bytes",
        CotProblem.NotUtf8 => "not UTF-8",
        CotProblem.DocumentType => "has a document type declaration",
        CotProblem.Malformed => "not well-formed XML",
        CotProblem.Namespace => "uses an XML namespace",
        CotProblem.TooDeep => $"nested deeper than {CotLimits.Depth}",
        CotProblem.TooMany => "too many elements or attributes",
        CotProblem.Incomplete => "a required part is missing or there twice",
        CotProblem.Version => "version is not 2",
        CotProblem.BadTime => "a time is not RFC 3339 from 1970 on",
        CotProblem.BadPoint => "a number of the point is not right",
        CotProblem.BadProtobuf => "not a TakMessage",
        CotProblem.ProtocolVersion => "TAK protocol version is not 1",
        _ => "unknown",
    };
}
