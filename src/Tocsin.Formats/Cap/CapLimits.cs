namespace Tocsin.Formats.Cap;

/// <summary>How much of a CAP document is read. What exceeds a limit makes the document unusable, with a reason.</summary>
public static class CapLimits
{
    /// <summary>Bytes of a document.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Levels of elements; CAP itself has five (alert, info, area, geocode, value), a signature needs a few more.</summary>
    public const int MaxDepth = 16;

    /// <summary>Elements of a document.</summary>
    public const int MaxElements = 20_000;

    /// <summary>Characters of the text of one element.</summary>
    public const int MaxTextCharacters = 1 << 20;

    /// <summary>Characters of the text of one element that is a name, a code or a time.</summary>
    public const int MaxNameCharacters = 2_000;

    /// <summary>Points of one polygon.</summary>
    public const int MaxPolygonPoints = 10_000;

    /// <summary>Points of one polygon up to which it is tried whether the polygon crosses itself, as the work grows with their square.</summary>
    public const int MaxCrossingPoints = 1_000;

    /// <summary>References of one message.</summary>
    public const int MaxReferences = 1_000;

    /// <summary>Problems that are named for one document; more than that help nobody.</summary>
    public const int MaxProblems = 100;
}
