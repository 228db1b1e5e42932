namespace Tocsin.Formats;

/// <summary>Every limit of the readers and writers, by name. What exceeds one is an error or a counted rejection that says so.</summary>
public static class FormatLimits
{
    /// <summary>Bytes of a site file.</summary>
    public const int SiteBytes = 64 << 20;

    /// <summary>Bytes of one line of an events file; the first holds the whole site.</summary>
    public const int EventLineBytes = SiteBytes + StateBytes / 2 * 3;

    /// <summary>Bytes of a Site's state in the first line of a recording, unpacked.</summary>
    public const int StateBytes = 64 << 20;

    /// <summary>Bytes of one line of a plot file.</summary>
    public const int PlotLineBytes = 1 << 16;

    /// <summary>Lines of one file that are rejected one by one; the rest are counted and rejected together at the end.</summary>
    public const int SingleRejections = 1_000;

    /// <summary>Rejections that a writer holds back until the first line with a time; further ones are counted together.</summary>
    public const int HeldRejections = 4_096;

    /// <summary>Farthest that a part of a site may be from its first sensor, in metres: beyond it one level frame means nothing,
    /// and the likeliest cause is a swapped longitude and latitude.</summary>
    public const double SiteExtentM = 500_000;

    /// <summary>Farthest range of a plot, in metres.</summary>
    public const double PlotRangeM = 10_000_000;

    /// <summary>Largest azimuth of a plot before it is brought into [0, 360), in degrees either way.</summary>
    public const int PlotAzimuthDeg = 720;

    /// <summary>Fastest range rate of a plot, in m/s.</summary>
    public const double PlotRangeRateMps = 100_000;
}
