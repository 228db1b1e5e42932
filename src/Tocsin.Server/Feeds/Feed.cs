namespace Tocsin.Server.Feeds;

/// <summary>One way in: it turns bytes into plots until it is stopped.</summary>
/// <remarks><see cref="RunAsync"/> returns when the feed has ended by itself (a file, standard input), and throws when it cannot go on; <c>FeedDesk</c> says
/// so to the operator and starts it again with back-off. Nothing that comes over the wire may make it throw.</remarks>
public abstract class Feed(string name, Uri uri)
{
    /// <summary>Its name, unique among the site's feeds: what rejections, metrics and the page call it.</summary>
    public string Name { get; } = name;

    /// <summary>Where it listens or reads; shown to operators, so it holds no secret.</summary>
    public Uri Uri { get; } = uri;

    /// <summary>Receives until <paramref name="stop"/> is cancelled or the feed ends.</summary>
    public abstract Task RunAsync(IFeedSink sink, CancellationToken stop);
}

/// <summary>Takes what one feed decodes. Safe for one thread at a time; never blocks.</summary>
public interface IFeedSink
{
    /// <summary>Takes a plot, with the machine's clock when its bytes were received.</summary>
    /// <returns>False where the plot was shed, because the Site cannot keep up.</returns>
    bool Take(in Plot plot, Instant received);

    /// <summary>Takes plots that came together, as in one datagram, in their order.</summary>
    void Take(ReadOnlySpan<Plot> plots, Instant received)
    {
        foreach (ref readonly Plot plot in plots) Take(plot, received);
    }

    /// <summary>Takes the reason why a piece of input gave no plot.</summary>
    void Reject(in Rejection rejection);

    /// <summary>Notes that bytes came, useful or not: a sign of life.</summary>
    void Heard(int bytes);

    /// <summary>Notes something that an operator should know: a connection opened or lost, a sensor's own status report.</summary>
    void Tell(string what);
}

/// <summary>A plot on its way to the Site.</summary>
/// <param name="Plot">The plot, canonical.</param>
/// <param name="Received">The machine's clock when its bytes were received.</param>
/// <param name="Feed">The feed's index.</param>
public readonly record struct QueuedPlot(Plot Plot, Instant Received, int Feed);
