namespace Tocsin;

/// <summary>Takes what a feed decodes, in the order in which it came: a plot, or the reason why there is none.</summary>
public interface IPlotSink
{
    /// <summary>Takes a plot.</summary>
    void Feed(in Plot plot);

    /// <summary>Takes the reason why a piece of input gave no plot.</summary>
    void Reject(in Rejection rejection);
}
