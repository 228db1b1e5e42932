namespace Tocsin.Simulation.Campaigns;

/// <summary>What a campaign may be at most. All are chosen.</summary>
public static class CampaignLimits
{
    /// <summary>Alternatives of one campaign: each holds a scenario and a site in memory.</summary>
    public const int Alternatives = 2_000;

    /// <summary>Factors of one campaign.</summary>
    public const int Factors = 20;

    /// <summary>Measures that a report shows beside the one that answers: what fits a page.</summary>
    public const int AlsoMeasures = 12;

    /// <summary>Runs of one campaign, all alternatives together.</summary>
    public const int Runs = 10_000_000;

    /// <summary>Threads that make runs.</summary>
    public const int Threads = 256;

    /// <summary>Runs that may be finished and wait for an earlier one, per thread.</summary>
    public const int WaitingRunsPerThread = 8;

    /// <summary>Bytes of columns that the statistics hold at a time; more columns are read in turns.</summary>
    public const long ColumnBytes = 64L << 20;

    /// <summary>Replications up to which intervals come from resampling; beyond, the mean is normal to better than the resampling's own noise.</summary>
    public const int ResampledReplications = 10_000;

    /// <summary>Rows of one group in the Parquet file.</summary>
    public const int RowGroupRows = 10_000;

    /// <summary>Impacts of one run that are kept for the dispersion.</summary>
    public const int ImpactsPerRun = 5_000;

    /// <summary>Bytes of one line of the journal.</summary>
    public const int JournalLineBytes = 1 << 20;
}
