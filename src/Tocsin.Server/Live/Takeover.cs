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
        Snapshot? snapshot = file.Read(out string? problem, out bool isOlder);
        if (snapshot is null)
        {
            if (problem is not null) TakeoverLog.Unusable(log, problem);
            return None;
        }
        if (isOlder)
        {
            // Warnings of a later recording would be raised again under ids that others bear already.
            if (LaterRecording(recordings, snapshot.Recording) is { } later)
            {
                TakeoverLog.Unusable(log, $"{problem ?? "the newest snapshot is missing"}, and the one before it does not know of {later}");
                return None;
            }
            TakeoverLog.Older(log, problem ?? "the newest snapshot is missing");
        }
        if (snapshot.SiteSha256 != site.Sha256 || snapshot.Status != status)
        {
            TakeoverLog.Unusable(log, "the site file or the status has changed since");
            return None;
        }
        try
        {
            Site taken = Site.Load(site.Definition, status, snapshot.State.Bytes.ToArray());
            return new(taken, snapshot, RecordingTail.Open(Path.Combine(recordings, snapshot.Recording), snapshot.Bytes, snapshot.Previous));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or JsonException)
        {
            TakeoverLog.Unusable(log, e.Message);
            return None;
        }
    }

    /// <summary>A recording of the same name that was begun later; null for none. Their names end in their time.</summary>
    private static string? LaterRecording(string folder, string recording)
    {
        int time = recording.IndexOf("-2", StringComparison.Ordinal) + 1;
        string name = recording[..time];
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, name + "*").Select(f => Path.GetFileName(f)).Where(f => f.Length > time && char.IsAsciiDigit(f[time])
                && !f.StartsWith(recording, StringComparison.Ordinal) && string.CompareOrdinal(f, recording) > 0).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
    }
}

internal static partial class TakeoverLog
{
    [LoggerMessage(41, LogLevel.Warning, "{Reason}; the snapshot before it is used.")]
    public static partial void Older(ILogger log, string reason);

    [LoggerMessage(40, LogLevel.Warning, "What the last server left cannot be used: {Reason}. The site begins anew, without open warnings and tracks.")]
    public static partial void Unusable(ILogger log, string reason);
}
