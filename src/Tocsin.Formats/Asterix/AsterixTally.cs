using System.Collections.Immutable;
using Tocsin.Formats.Captures;

namespace Tocsin.Formats.Asterix;

/// <summary>What an ASTERIX feed has brought so far.</summary>
public sealed class AsterixTally
{
    private readonly long[] _blocks = new long[256];
    private readonly long[] _records = new long[256];
    private readonly long[] _unknownBlocks = new long[256];
    private readonly long[] _problems = new long[Enum.GetValues<AsterixProblem>().Length];
    private readonly long[] _captureProblems = new long[Enum.GetValues<CaptureProblem>().Length];

    /// <summary>Datagrams, or 1 for a file of raw blocks.</summary>
    public long Datagrams { get; internal set; }

    /// <summary>Plots given on.</summary>
    public long Plots { get; internal set; }

    /// <summary>Well-formed records of plot categories that gave no plot.</summary>
    public long RejectedRecords { get; internal set; }

    /// <summary>Service messages (category 034) and track ends (category 015): no plots, and nothing wrong.</summary>
    public long ServiceMessages { get; internal set; }

    /// <summary>North marks among the service messages.</summary>
    public long NorthMarks { get; internal set; }

    /// <summary>Sector crossings among the service messages.</summary>
    public long SectorCrossings { get; internal set; }

    /// <summary>Blocks of a category.</summary>
    public long Blocks(byte category) => _blocks[category];

    /// <summary>Well-formed records of a category.</summary>
    public long Records(byte category) => _records[category];

    /// <summary>How often a problem came.</summary>
    public long Problems(AsterixProblem problem) => _problems[(int)problem];

    /// <summary>How often a problem of the capture came.</summary>
    public long Problems(CaptureProblem problem) => _captureProblems[(int)problem];

    /// <summary>Blocks of categories that have no table, by category.</summary>
    public ImmutableArray<(byte Category, long Blocks)> UnknownCategories =>
        [.. _unknownBlocks.Select((n, i) => ((byte)i, n)).Where(p => p.n > 0)];

    internal void CountBlock(int category) => _blocks[category]++;

    internal void CountRecord(int category) => _records[category]++;

    internal void CountUnknown(int category) => _unknownBlocks[category]++;

    internal void Count(AsterixProblem problem) => _problems[(int)problem]++;

    internal void Count(CaptureProblem problem) => _captureProblems[(int)problem]++;
}
