namespace Tocsin.Server.Feeds;

/// <summary>What a feed looks like now.</summary>
public enum FeedState
{
    /// <summary>Nothing has come yet.</summary>
    Waiting,
    /// <summary>Plots come as they should.</summary>
    Ok,
    /// <summary>Plots come, but late or with a clock that is off.</summary>
    Late,
    /// <summary>Nothing comes any more.</summary>
    Silent,
    /// <summary>More comes than it may bring, or than can be right.</summary>
    Flooding,
    /// <summary>It cannot run, or what it brings cannot be used.</summary>
    Faulty,
    /// <summary>It has come to its end: a file, standard input.</summary>
    Ended,
}

/// <summary>What an operator sees of one feed. Not for outputs without log-in.</summary>
/// <param name="Feed">Its name.</param>
/// <param name="Uri">Where it listens or reads.</param>
/// <param name="State">What it looks like.</param>
/// <param name="PlotsPerS">Plots a second that it brings now.</param>
/// <param name="Plots">Plots given to the Site since the start.</param>
/// <param name="Rejected">Pieces of input (records, lines) that gave no plot since the start.</param>
/// <param name="Shed">Plots that the Site had no room for since the start.</param>
/// <param name="Refused">Plots and datagrams that were over its rate or from a sender who may not send, since the start.</param>
/// <param name="KernelDrops">Datagrams that the operating system dropped before they were read, since the start.</param>
/// <param name="ClockOffsetS">Sensor's clock minus this machine's in seconds, of the sensor of this feed whose clock is off most; null where not known.</param>
/// <param name="ClockOffsetSigmaS">Sigma of that; null where not known.</param>
/// <param name="DelayS">Receipt minus plot time in seconds, mean of the last moments; null where not known.</param>
/// <param name="LastHeard">This machine's clock when something came last; null for never.</param>
/// <param name="Meaning">What the state means for the people, in a sentence; empty where all is well.</param>
/// <param name="Note">The newest thing that the feed told of itself; empty for none.</param>
public sealed record FeedStatus(string Feed, string Uri, FeedState State, double PlotsPerS, long Plots, long Rejected, long Shed, long Refused, long KernelDrops,
    double? ClockOffsetS, double? ClockOffsetSigmaS, double? DelayS, Instant? LastHeard, string Meaning, string Note);

/// <summary>What the desk gives plots to: the queue before the Site. Called by many threads at once; must not block and must not throw.</summary>
public interface IPlotIntake
{
    /// <summary>Takes a plot; false where there is no room for it.</summary>
    bool Offer(in QueuedPlot plot);

    /// <summary>Takes plots that came together, in their order, and gives how many; there is no room for the rest.</summary>
    int Offer(ReadOnlySpan<QueuedPlot> plots)
    {
        int taken = 0;
        foreach (ref readonly QueuedPlot plot in plots)
        {
            if (!Offer(plot)) break;
            taken++;
        }
        return taken;
    }

    /// <summary>Takes the reason why a piece of input gave no plot, already thinned out.</summary>
    void Reject(in Rejection rejection);
}
