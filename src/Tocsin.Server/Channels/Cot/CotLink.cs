using Tocsin.Formats.Cot;

namespace Tocsin.Server.Channels.Cot;

/// <summary>The way to the other side. Connects when it is first needed; a call that throws has closed it, and the next connects anew.</summary>
internal abstract class CotLink : IAsyncDisposable
{
    /// <summary>Sends events in their order.</summary>
    /// <param name="events">The events.</param>
    /// <param name="confirm">Whether to wait until the other side has shown that it read them, where it can.</param>
    /// <param name="stop">Stops the call.</param>
    public abstract Task SendAsync(IReadOnlyList<CotEvent> events, bool confirm, CancellationToken stop);

    /// <summary>Agrees with the other side on what it offers, where that is better than what is used: never in the way of a warning.</summary>
    public virtual Task UpgradeAsync(CancellationToken stop) => Task.CompletedTask;

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
