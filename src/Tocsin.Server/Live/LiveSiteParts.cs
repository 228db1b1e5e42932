using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Control;
using Tocsin.Server.Page;

namespace Tocsin.Server.Live;

/// <summary>What a <see cref="LiveSite"/> is made of.</summary>
public sealed record LiveSiteParts
{
    /// <summary>The site.</summary>
    public required SiteFile File { get; init; }

    /// <summary>Actual, exercise or test.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>The drill's id (<c>D1</c>); null for the site itself.</summary>
    public string? Drill { get; init; }

    /// <summary>What comes before the Site's own ids in the identities of warnings and tracks.</summary>
    public required string Prefix { get; init; }

    /// <summary>The time it goes by.</summary>
    public required SiteClock Clock { get; init; }

    /// <summary>The machine's clock.</summary>
    public required TimeProvider Wall { get; init; }

    /// <summary>The zones as channels see them.</summary>
    public required IReadOnlyList<ZonePlace> Zones { get; init; }

    /// <summary>The recording.</summary>
    public required LiveRecorder Recorder { get; init; }

    /// <summary>Where snapshots are kept; null where none are: a drill is not taken up again.</summary>
    public SnapshotFile? Snapshots { get; init; }

    /// <summary>What operators see.</summary>
    public required OperatorStream Stream { get; init; }

    /// <summary>Whether operators are asked before a warning leaves.</summary>
    public required ReleaseSettings Release { get; init; }

    /// <summary>Gives a message its wording.</summary>
    public required Func<WarningMessage, ImmutableArray<WarningText>> Compose { get; init; }

    /// <summary>Takes a message that leaves: the channels and the public page.</summary>
    public required Action<WarningMessage> Send { get; init; }

    /// <summary>Hears what the server keeps for good.</summary>
    public required ILiveLedger Ledger { get; init; }

    /// <summary>Hears the Site's own output too, so that an exercise can be judged.</summary>
    public ISiteOutput? Judge { get; init; }

    /// <summary>The server's log.</summary>
    public required ILogger Log { get; init; }
}

/// <summary>Hears what a live Site says that the server keeps or acts upon. Called on the Site's thread: it must not block.</summary>
public interface ILiveLedger
{
    /// <summary>Something began: the first impact predicted, or the first warning, after quiet.</summary>
    void IncidentOpened(string incident, Instant time, string recording, long line);

    /// <summary>All is quiet again.</summary>
    void IncidentClosed(string incident, Instant time, int rounds, long line);

    /// <summary>A message was made.</summary>
    void Said(WarningMessage message, string incident);

    /// <summary>The zones under warning have changed.</summary>
    void ZonesWarned(Instant now, IReadOnlyCollection<WarningMessage> open);

    /// <summary>A sensor's state changed, as the Site sees it.</summary>
    void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind);

    /// <summary>The Site has stopped.</summary>
    void Broken(Instant now, Exception why);
}
