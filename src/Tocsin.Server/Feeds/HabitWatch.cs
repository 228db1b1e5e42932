namespace Tocsin.Server.Feeds;

/// <summary>Judges by a source's own habit after how many seconds without a word it is silent.</summary>
/// <remarks>The live counterpart of the core's <c>SensorWatch</c>, by this machine's clock, so that it speaks when nothing comes at all. A source is silent
/// when, at its usual rate, <see cref="ExpectedMissing"/> words should have come and none did, or when it is silent <see cref="Gaps"/> times longer
/// than it ever was of late (for one that speaks rarely, but regularly), and in either case over several scans. Not safe for two threads.</remarks>
/// <param name="scanPeriodS">Seconds of one scan.</param>
/// <param name="expectedPerS">Words a second that are expected of it; 0 where only its habit tells.</param>
internal sealed class HabitWatch(double scanPeriodS, double expectedPerS = 0)
{
    /// <summary>Words that must be missing before a source is held to be silent: one chance in 160,000 for a Poisson stream.</summary>
    public const double ExpectedMissing = 12;

    /// <summary>How many times its longest gap a source may be silent.</summary>
    public const double Gaps = 4;

    private const double MemoryS = 30, GapMemoryS = 300, LeastScans = 4, LeastS = 2;
    private const int GapsKnown = 20;
    private double _rate, _longestGap, _first = double.NaN;
    private long _count;

    /// <summary>When it was heard last, in seconds; NaN before.</summary>
    public double LastS { get; private set; } = double.NaN;

    /// <summary>How many words it usually says a second.</summary>
    public double RatePerS
    {
        get
        {
            if (_count == 0) return 0;
            double known = Math.Max(1, Math.Min(MemoryS, LastS - _first));
            return _rate / (1 - Math.Exp(-known / MemoryS));
        }
    }

    /// <summary>Seconds without a word after which it is silent.</summary>
    public double SilentAfterS
    {
        get
        {
            double byRate = ExpectedMissing / Math.Max(RatePerS, expectedPerS);
            if (_count > GapsKnown) byRate = Math.Min(byRate, Gaps * _longestGap);
            return Math.Max(Math.Max(LeastS, LeastScans * scanPeriodS), byRate);
        }
    }

    /// <summary>Notes a word.</summary>
    public void Note(double nowS)
    {
        double gap = 0;
        if (_count++ == 0) _first = nowS;
        else gap = Math.Max(0, nowS - LastS);
        if (gap > 0)
        {
            // A silence that was told is no habit.
            if (gap > SilentAfterS) _first += gap;
            else
            {
                _rate *= Math.Exp(-gap / MemoryS);
                _longestGap = Math.Max(gap, _longestGap * Math.Exp(-gap / GapMemoryS));
            }
        }
        _rate += 1 / MemoryS;
        LastS = nowS;
    }

    /// <summary>Whether it is silent now; false where it was never heard.</summary>
    public bool IsSilent(double nowS) => _count > 0 && nowS - LastS > SilentAfterS;
}
