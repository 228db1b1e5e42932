using System.Collections.Immutable;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Control;
using Tocsin.Server.Live;
using Tocsin.Server.Messages;
using Tocsin.Server.Page;
using Tocsin.Server.Ports;

namespace Tocsin.Server;

/// <summary>What the routes of a running server work with.</summary>
public sealed class ServerParts
{
    /// <summary>The site.</summary>
    public required SiteFile File { get; init; }

    /// <summary>The server's settings.</summary>
    public required ServerSettings Settings { get; init; }

    /// <summary>The languages of its texts.</summary>
    public required LanguageSettings Languages { get; init; }

    /// <summary>The site's clock.</summary>
    public required SiteClock Clock { get; init; }

    /// <summary>What operators see.</summary>
    public required OperatorStream Stream { get; init; }

    /// <summary>What anybody sees.</summary>
    public required PublicBoard Public { get; init; }

    /// <summary>The recordings.</summary>
    public required RecordingShelf Shelf { get; init; }

    /// <summary>The site at work.</summary>
    public required LiveSite Main { get; init; }

    /// <summary>The drills.</summary>
    public required DrillMaster Drills { get; init; }

    /// <summary>The raids for drills.</summary>
    public required IRaidLibrary Raids { get; init; }

    /// <summary>Writes an operator's act into the journal and the audit log: the act, the warning's identity, who, from where, and what else there is to say.</summary>
    public required Action<string, string?, string, string?, string?> Journal { get; init; }

    /// <summary>Cancelled when the server stops.</summary>
    public required CancellationToken Stopping { get; init; }

    /// <summary>Whether a real warning is out.</summary>
    public bool AnyWarningOpen => !Main.OpenWarnings.IsEmpty;

    /// <summary>The newest messages of the warnings that are out: the site's own and the drill's.</summary>
    public ImmutableArray<WarningMessage> Open => [.. Main.OpenWarnings, .. Drill?.OpenWarnings ?? []];

    /// <summary>The tracks for channels that show them: the site's own, or the drill's while the site has none.</summary>
    public Picture TakePicture()
    {
        Picture own = Main.TakePicture();
        return own.Tracks.IsEmpty && own.Ended.IsEmpty && Drill is { } drill ? drill.TakePicture() : own;
    }

    private LiveSite? Drill => Drills.Running is { } running ? Drills.SiteOf(running.Id) : null;

    /// <inheritdoc cref="Journal"/>
    public void Keep(string act, string? identity, string who, string? address, string? detail = null) => Journal(act, identity, who, address, detail);
}
