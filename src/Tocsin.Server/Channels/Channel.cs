using System.Collections.Immutable;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Tocsin.Formats.GeoJson;

namespace Tocsin.Server.Channels;

/// <summary>One way out: an MQTT broker, a TAK server, a CAP feed, …</summary>
/// <remarks>
/// A channel only knows how to say something once. Its queue, its retries, its delays and failures and the question whether exercises may
/// go out on it are <c>ChannelRunner</c>'s, which calls it from one task, one call at a time. A call that throws has failed and is
/// tried again; the exception's message is what the operator reads, so it says what is wrong and never a secret.
/// </remarks>
public abstract class Channel : IAsyncDisposable
{
    /// <summary>Makes a channel called <paramref name="name"/>.</summary>
    protected Channel(string name) => Name = name;

    /// <summary>Its name in the configuration, in the events and on the page.</summary>
    public string Name { get; }

    /// <summary>How often it wants a <see cref="Beat"/>.</summary>
    public virtual TimeSpan BeatEvery => TimeSpan.FromSeconds(10);

    /// <summary>How often it wants a <see cref="Picture"/>; null where it shows no tracks.</summary>
    public virtual TimeSpan? PictureEvery => null;

    /// <summary>Sends one message and returns when the other side has it, as far as the protocol can tell.</summary>
    public abstract Task SendAsync(WarningMessage message, CancellationToken stop);

    /// <summary>How many raises it takes at once: more than one where they leave together sooner than one after another.</summary>
    public virtual int Together => 1;

    /// <summary>Sends one message, or several raises of different warnings, and returns when the other side has them all.</summary>
    public virtual async Task SendTogetherAsync(ImmutableArray<WarningMessage> messages, CancellationToken stop)
    {
        foreach (WarningMessage m in messages) await SendAsync(m, stop).ConfigureAwait(false);
    }

    /// <summary>Gives a sign of life, and tells again what must not go stale.</summary>
    public virtual Task BeatAsync(Beat beat, CancellationToken stop) => Task.CompletedTask;

    /// <summary>Shows the tracks; only the newest picture is ever offered, a slow channel misses some.</summary>
    public virtual Task ShowAsync(Picture picture, CancellationToken stop) => Task.CompletedTask;

    /// <summary>Goes through what it does to say a message and to show a picture, sends nothing and keeps nothing: so that the first that counts finds the code ready.</summary>
    /// <remarks>Called at the start on a thread of its own, beside every other call.</remarks>
    public virtual void Rehearse(WarningMessage message, Picture picture)
    {
    }

    /// <summary>Adds its own pages to the server, where it has any.</summary>
    public virtual void Map(IEndpointRouteBuilder routes)
    {
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>What a channel needs to know of the server that it belongs to.</summary>
/// <param name="Site">The site.</param>
/// <param name="SiteKey">The site's name as a part of identities, topics and paths: lower-case letters, digits and hyphens.</param>
/// <param name="Status">What the main Site's output is; drills run beside it as exercises.</param>
/// <param name="Zones">The zones, in the order of the site.</param>
/// <param name="Clock">The machine's clock, for delays and time-outs.</param>
/// <param name="DataFolder">Where files may be kept.</param>
/// <param name="Log">The server's log.</param>
public sealed record ChannelContext(SiteFile Site, string SiteKey, OperationStatus Status, IReadOnlyList<ZonePlace> Zones, TimeProvider Clock, string DataFolder, ILogger Log);
