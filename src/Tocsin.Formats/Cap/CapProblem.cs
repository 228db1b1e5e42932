using System.Collections.Immutable;

namespace Tocsin.Formats.Cap;

/// <summary>How much a problem matters.</summary>
public enum CapWeight
{
    /// <summary>The standard (or sense) forbids it.</summary>
    Must,
    /// <summary>The standard (or good practice) advises against it.</summary>
    Should,
}

/// <summary>One thing that is wrong with a CAP document.</summary>
/// <param name="Rule">The rule's id: <c>references-required</c>; <c>xml</c>, <c>limit</c> or <c>schema</c> where the document could not be read.</param>
/// <param name="Place">Where: <c>info[1]/area[2]/polygon[1]</c>, counted from 1; empty for the whole document.</param>
/// <param name="Says">What is wrong.</param>
/// <param name="Source">The section of CAP 1.2 that asks for it.</param>
/// <param name="Weight">How much it matters.</param>
public sealed record CapProblem(string Rule, string Place, string Says, string Source, CapWeight Weight = CapWeight.Must)
{
    /// <summary>The problem as one line.</summary>
    public override string ToString() => $"{(Place.Length == 0 ? "alert" : Place)}: {Says} ({Rule}; {Source})";
}

/// <summary>Which version of CAP a document says it is.</summary>
public enum CapVersion
{
    /// <summary>None that is read.</summary>
    None,
    /// <summary>CAP 1.1 (2005), whose elements are those of 1.2.</summary>
    V11,
    /// <summary>CAP 1.2 (2010).</summary>
    V12,
}

/// <summary>What reading a document gave.</summary>
/// <param name="Alert">The message; null where there are problems.</param>
/// <param name="Version">Its version.</param>
/// <param name="Signed">Whether it carries a signature; whether that holds, <see cref="CapSignature.Verify"/> says.</param>
/// <param name="Problems">Why there is no message.</param>
public sealed record CapReading(CapAlert? Alert, CapVersion Version, bool Signed, ImmutableArray<CapProblem> Problems);
