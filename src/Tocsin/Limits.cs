namespace Tocsin;

/// <summary>Every limit of the core, by name. What exceeds one is dropped, counted and reported.</summary>
public static class Limits
{
    /// <summary>Plots that the reorder buffer holds at once.</summary>
    public const int ReorderBufferPlots = 65_536;

    /// <summary>Confirmed tracks that a Site keeps at once.</summary>
    public const int Tracks = 16_384;

    /// <summary>Tentative tracks that a Site keeps at once.</summary>
    public const int TentativeTracks = 4_096;

    /// <summary>Plots of the last scans that may still begin a track.</summary>
    public const int Seeds = 16_384;

    /// <summary>Seconds by which a plot may be late and still be used.</summary>
    public const double LatestPlotS = 6;

    /// <summary>Seconds by which one plot may be ahead of all before it without another to confirm its time.</summary>
    public const double ClockJumpS = 60;

    /// <summary>Seconds by which a plot may be ahead of a live Site's clock: more is a sensor whose clock is wrong.</summary>
    public const double PlotAheadS = 2;

    /// <summary>Seconds for which a prediction of an impact serves where several radars see the track: a plot that comes sooner updates the track alone.
    /// Chosen: a round's impact moves by little in that time, and no warning waits for it longer (see docs/internals/performance.md).</summary>
    public const double PredictionSpacingS = 0.1;

    /// <summary>Rejections of one source and reason that are told one by one; the rest are told by the hundred.</summary>
    public const int RejectionsToldSingly = 10;

    /// <summary>Sensors of one site.</summary>
    public const int Sensors = 64;

    /// <summary>Zones of one site.</summary>
    public const int Zones = 8_192;
}
