using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tocsin.Formats.GeoJson;

namespace Tocsin.Server.Live;

/// <summary>What a server finds of the one before it: the Site as it was, and what came after.</summary>
/// <param name="Site">The Site at the snapshot; null where there is none.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Tail">What the recording holds beyond it.</param>
public sealed record Takeover(Site? Site, Snapshot? Snapshot, RecordingTail? Tail)
{
    /// <summary>Nothing: a Site that begins anew.</summary>
    public static Takeover None { get; } = new(null, null, null);

    /// <summary>Looks for what the last server left. What cannot be used is said and left where it is.</summary>
    public static Takeover Of(SnapshotFile file, SiteFile site, OperationStatus status, string recordings, ILogger log)
    {
        Snapshot? snapshot = file.Read(out string? problem);
        if (problem is not null) TakeoverLog.Unusable(log, problem);
        if (snapshot is null) return None;
        if (snapshot.SiteSha256 != site.Sha256 || snapshot.Status != status)
        {
            TakeoverLog.Unusable(log, "the site file or the status has changed since");
            return None;
        }
        try
        {
            Site taken = Site.Load(site.Definition, status, snapshot.State);
            return new(taken, snapshot, RecordingTail.Open(Path.Combine(recordings, snapshot.Recording), snapshot.Bytes, snapshot.Previous));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or JsonException)
        {
            TakeoverLog.Unusable(log, e.Message);
            return None;
        }
    }
}

internal static partial class TakeoverLog
{
    [LoggerMessage(40, LogLevel.Warning, "What the last server left cannot be used: {Reason}. The site begins anew, without open warnings and tracks.")]
    public static partial void Unusable(ILogger log, string reason);
}
