namespace Tocsin.Formats.Asterix;

/// <summary>Why octets that should have been ASTERIX were passed over.</summary>
public enum AsterixProblem
{
    /// <summary>No problem.</summary>
    None,
    /// <summary>Octets after the last block that are too few for another.</summary>
    TrailingOctets,
    /// <summary>A block whose length is less than its own header: nothing after it can be found again.</summary>
    BadBlockLength,
    /// <summary>A block that ends after its input does.</summary>
    TruncatedBlock,
    /// <summary>A presence map (FSPEC) that runs past the end of its block.</summary>
    PresenceMapOverrun,
    /// <summary>A presence bit, or a sub-item's, for which the specification defines no item.</summary>
    UndefinedItem,
    /// <summary>A record without any item: padding, or a block that is out of step.</summary>
    EmptyRecord,
    /// <summary>A data item that runs past the end of its block.</summary>
    ItemOverrun,
    /// <summary>An explicit-length item whose length is 0.</summary>
    BadItemLength,
}

/// <summary>What the problems are called.</summary>
public static class AsterixProblems
{
    /// <summary>The problem in words.</summary>
    public static string Describe(this AsterixProblem problem) => problem switch
    {
        AsterixProblem.TrailingOctets => "trailing octets after the last block",
        AsterixProblem.BadBlockLength => "block length below 3",
        AsterixProblem.TruncatedBlock => "block ends after its input",
        AsterixProblem.PresenceMapOverrun => "FSPEC runs past the end of the block",
        AsterixProblem.UndefinedItem => "presence bit of an undefined item",
        AsterixProblem.EmptyRecord => "record without any item",
        AsterixProblem.ItemOverrun => "data item runs past the end of the block",
        AsterixProblem.BadItemLength => "explicit item of length 0",
        _ => "none",
    };
}
