namespace Tocsin;

/// <summary>What a plot is worth to a Site, before it is given to it.</summary>
public enum PlotWorth
{
    /// <summary>It can neither feed a track nor begin one: it lies outside its sensor's coverage, or on something that does not move.</summary>
    Neither,
    /// <summary>It lies where no track is, and could be the beginning of one.</summary>
    CouldBegin,
    /// <summary>It lies where a track is expected.</summary>
    FeedsTrack,
}
